//! Control: loops, branches, what is protected by handlers, what throws.

use super::builder::Builder;
use super::subtype::is_assignable;
use limosa_spec::module::Constant;
use limosa_spec::{Effects, Opcode, OperandRole, Type, TypeDefinition, WellKnown};

const ERROR: Type = Type::well_known(WellKnown::Error);

impl Builder<'_, '_, '_> {
    /// Statements that run a few times.
    pub fn counted_loop(&mut self) {
        let counter = self.reserve(Type::I32);
        let times = 1 + self.world.choices.below(5) as i32;
        let (zero, one, times) = (self.constant(Constant::I32(0)), self.constant(Constant::I32(1)), self.constant(Constant::I32(times)));
        self.emit(Opcode::MovI32, &[counter, zero]);
        let top = self.label();
        self.place(top);
        self.block(3);
        self.emit(Opcode::AddI32, &[counter, counter, one]);
        self.emit(Opcode::BrLtI32, &[counter, times, top.0]);
    }

    /// Statements that are skipped, or one of two blocks.
    pub fn branch(&mut self) {
        let other = self.label();
        self.branch_to(other.0);
        self.block(3);
        if self.world.choices.chance(1, 2) {
            let end = self.label();
            self.emit(Opcode::Jump, &[end.0]);
            self.place(other);
            self.block(2);
            self.place(end);
        } else {
            self.place(other);
        }
    }

    /// A branch of any kind to a label.
    fn branch_to(&mut self, label: u32) {
        let is_branch = |opcode: &Opcode| {
            opcode.roles().last() == Some(&OperandRole::Label)
                && opcode.roles().len() > 1
                && !opcode.effects().contains(Effects::ENDS_BLOCK)
        };
        let branches: Vec<Opcode> = Opcode::ALL.iter().copied().filter(is_branch).collect();
        let opcode = self.world.choices.pick(&branches).unwrap_or(Opcode::BrNull);
        self.branch_with(opcode, label);
    }

    /// This branch to a label.
    pub fn branch_with(&mut self, opcode: Opcode, label: u32) {
        let mut operands = Vec::new();
        for &role in opcode.roles() {
            operands.push(match role {
                OperandRole::Use(kind) => self.of_kind(kind),
                _ => label,
            });
        }
        self.emit(opcode, &operands);
    }

    /// An instruction behind which nothing is reached, behind a branch that may skip it.
    pub fn maybe(&mut self, put: impl FnOnce(&mut Self)) {
        let over = self.label();
        self.branch_to(over.0);
        put(self);
        self.place(over);
    }

    /// An instruction without effect, for labels to stand before.
    pub fn nothing(&mut self) {
        let (register, zero) = (self.reserve(Type::I32), self.constant(Constant::I32(0)));
        self.emit(Opcode::MovI32, &[register, zero]);
    }

    /// A `switch` with blocks.
    pub fn switch(&mut self) {
        let cases: Vec<_> = (0..self.world.choices.below(4)).map(|_| self.label()).collect();
        let (otherwise, end) = (self.label(), self.label());
        let value = if self.world.choices.chance(1, 2) {
            let value = self.world.choices.below(5) as i32;
            self.constant(Constant::I32(value))
        } else {
            self.number(Type::I32)
        };
        let mut operands = vec![value, cases.len() as u32];
        operands.extend(cases.iter().map(|label| label.0));
        operands.push(otherwise.0);
        self.emit(Opcode::Switch, &operands);
        for case in cases {
            self.place(case);
            self.block(1);
            self.emit(Opcode::Jump, &[end.0]);
        }
        self.place(otherwise);
        self.block(1);
        self.place(end);
    }

    /// Statements with a handler.
    pub fn protected(&mut self) {
        let (start, end, after) = (self.label(), self.label(), self.label());
        self.place(start);
        self.block(3);
        self.place(end);
        if self.is_empty_since(start) {
            self.nothing();
            self.place(end);
        }
        self.emit(Opcode::Jump, &[after.0]);
        let mut handlers = Vec::new();
        if self.world.choices.chance(1, 3) {
            handlers.push(self.exception_class());
        }
        if self.world.choices.chance(7, 8) {
            handlers.push(ERROR);
        }
        for class in handlers {
            let register = if self.world.choices.chance(1, 8) { self.register(Type::ANY) } else { self.register(class) };
            let target = self.label();
            self.catch(start, end, class, target, register);
            self.place(target);
            if self.registers[register as usize] != Type::ANY {
                self.print_message(register);
            }
            if self.world.choices.chance(1, 3) {
                self.block(1);
            }
            self.emit(Opcode::Jump, &[after.0]);
        }
        self.place(after);
    }

    /// Statements that are tried again when they throw: their handler stands before them.
    pub fn retried(&mut self) {
        let (counter, exception) = (self.reserve(Type::I32), self.register(ERROR));
        let (zero, one, times) = (self.constant(Constant::I32(0)), self.constant(Constant::I32(1)), self.constant(Constant::I32(2)));
        let (target, start, end) = (self.label(), self.label(), self.label());
        self.emit(Opcode::MovI32, &[counter, zero]);
        self.emit(Opcode::Jump, &[start.0]);
        self.place(target);
        self.emit(Opcode::AddI32, &[counter, counter, one]);
        self.emit(Opcode::BrGtI32, &[counter, times, end.0]);
        self.place(start);
        self.block(2);
        self.raise();
        self.place(end);
        self.catch(start, end, ERROR, target, exception);
    }

    /// `Error` or a class below it.
    fn exception_class(&mut self) -> Type {
        let module = &self.world.module;
        let known = WellKnown::ALL.iter().filter(|class| class.is_subclass_of(WellKnown::Error)).map(|&class| Type::well_known(class));
        let is_class = |&index: &usize| matches!(module.types[index], TypeDefinition::Class(_));
        let own = (0..module.types.len()).filter(is_class).map(|index| Type::defined(index as u32));
        let own = own.filter(|&class| is_assignable(module, class, ERROR));
        let classes: Vec<Type> = known.chain(own).collect();
        self.world.choices.pick(&classes).unwrap_or(ERROR)
    }

    /// Throws something, perhaps.
    pub fn raise(&mut self) {
        let class = self.exception_class();
        let exception = self.exactly(class);
        if self.world.choices.chance(1, 4) {
            let cause = self.reference(ERROR);
            self.emit(Opcode::Set, &[exception, ERROR.code(), 1, cause]);
        }
        self.maybe(|builder| builder.emit(Opcode::Throw, &[exception]));
    }
}
