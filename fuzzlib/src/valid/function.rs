//! Bodies: statements, then the checksum of what the registers hold, then a return or a tail call.

use super::builder::Builder;
use super::world::{CHECKSUM, FORMAT, PRINTLN, World};
use limosa_spec::module::Constant;
use limosa_spec::{Opcode, Type, WellKnown};

/// Registers that go into the checksum at the end of a function.
const MIXED: usize = 8;

/// Makes the body of a function.
pub fn body(world: &mut World<'_, '_>, index: usize) {
    let mut builder = Builder::new(world, index);
    builder.budget = if index == 0 { 12 + builder.world.choices.below(24) } else { 2 + builder.world.choices.below(14) };
    while builder.budget > 0 && !(builder.world.choices.is_used_up() && builder.budget.is_multiple_of(4)) {
        builder.statement();
    }
    builder.mix_registers();
    if index == 0 {
        builder.print_checksum();
    }
    builder.leave();
    builder.finish();
}

impl Builder<'_, '_, '_> {
    /// One statement.
    fn statement(&mut self) {
        self.budget = self.budget.saturating_sub(1);
        let protected = if self.index == 0 { 9 } else { 4 };
        if self.depth < 3 && self.world.choices.chance(protected, 16) {
            return if self.world.choices.chance(1, 10) { self.retried() } else { self.protected() };
        }
        self.plain_statement();
    }

    /// A statement that may throw.
    pub fn plain_statement(&mut self) {
        match self.world.choices.below(32) {
            0..=2 if self.depth < 3 => self.counted_loop(),
            3 | 4 if self.depth < 3 => self.branch(),
            5..=9 => self.any_call(),
            10 if self.index != 0 => self.mix_registers(),
            11 => self.raise(),
            _ => {
                let opcode = self.world.choices.below(Opcode::ALL.len());
                self.instruction(Opcode::ALL[opcode]);
            }
        }
    }

    /// A few statements, one level deeper. What becomes ready in them may not be so behind them.
    pub fn block(&mut self, most: usize) {
        self.depth += 1;
        let ready = self.ready.len();
        for _ in 0..=self.world.choices.below(most) {
            self.budget = self.budget.saturating_sub(1);
            self.plain_statement();
        }
        self.ready.truncate(ready);
        self.depth -= 1;
    }

    /// Mixes what some registers hold into the checksum.
    pub fn mix_registers(&mut self) {
        let count = self.registers.len();
        for _ in 0..MIXED.min(count) {
            let register = self.world.choices.below(count) as u32;
            self.mix(register);
        }
    }

    /// Mixes what a register holds into the checksum.
    pub fn mix(&mut self, register: u32) {
        let value = self.reserve(Type::I64);
        match self.registers[register as usize] {
            Type::I64 => self.emit(Opcode::MovI64, &[value, register]),
            Type::I32 => self.emit(Opcode::WidenI64, &[value, register]),
            Type::F64 => self.emit(Opcode::BitsI64F64, &[value, register]),
            Type::F32 => {
                let bits = self.reserve(Type::I32);
                self.emit(Opcode::BitsI32F32, &[bits, register]);
                self.emit(Opcode::WidenI64, &[value, bits]);
            }
            ty => self.mix_reference(ty, register, value),
        }
        let sum = self.reserve(Type::I64);
        let seven = self.constant(Constant::I64(7));
        self.emit(Opcode::GlobalGet, &[sum, CHECKSUM]);
        self.emit(Opcode::RotlI64, &[sum, sum, seven]);
        self.emit(Opcode::XorI64, &[sum, sum, value]);
        self.emit(Opcode::GlobalSet, &[CHECKSUM, sum]);
    }

    fn mix_reference(&mut self, ty: Type, register: u32, value: u32) {
        let number = self.reserve(Type::I32);
        self.emit(Opcode::IsNull, &[number, register]);
        let null = self.label();
        self.emit(Opcode::BrNull, &[register, null.0]);
        if ty == Type::STR {
            self.emit(Opcode::StrHash, &[number, register]);
        } else if self.is_array(ty) {
            self.emit(Opcode::ArrayLen, &[value, register]);
            self.emit(Opcode::WrapI32, &[number, value]);
        }
        self.place(null);
        self.emit(Opcode::WidenI64, &[value, number]);
    }

    fn print_checksum(&mut self) {
        let (sum, text) = (self.reserve(Type::I64), self.reserve(Type::STR));
        self.emit(Opcode::GlobalGet, &[sum, CHECKSUM]);
        self.emit(Opcode::Call, &[1, text, FORMAT, 1, sum]);
        self.emit(Opcode::Call, &[0, PRINTLN, 1, text]);
    }

    /// Prints the message of an exception, if it has one.
    pub fn print_message(&mut self, exception: u32) {
        let text = self.reserve(Type::STR);
        let nothing = self.label();
        self.emit(Opcode::Get, &[text, exception, Type::well_known(WellKnown::Error).code(), 0]);
        self.emit(Opcode::BrNull, &[text, nothing.0]);
        self.emit(Opcode::Call, &[0, PRINTLN, 1, text]);
        self.place(nothing);
    }

    /// The end of the function: a return, now and then in the form of a tail call.
    fn leave(&mut self) {
        if self.index != 0 && self.world.choices.chance(1, 4) && self.tail_call(None) {
            return;
        }
        self.ret();
    }

    /// A return.
    pub fn ret(&mut self) {
        let results = self.world.plans[self.index].signature.results.clone();
        let mut operands = vec![results.len() as u32];
        for result in results {
            let value = self.value(result.ty);
            operands.push(value);
        }
        self.emit(Opcode::Ret, &operands);
    }
}
