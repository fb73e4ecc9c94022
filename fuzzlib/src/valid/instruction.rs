//! One instruction of the table, whatever it is, with operands that fit its typing rule.

use super::builder::Builder;
use limosa_spec::{Opcode, OperandRole, RegisterKind, Type, TypingRule};

impl Builder<'_, '_, '_> {
    /// Puts down an instruction and what it needs.
    pub fn instruction(&mut self, opcode: Opcode) {
        match opcode.typing() {
            TypingRule::Fixed => self.fixed(opcode),
            TypingRule::Move => {
                let ty = self.world.reference_type();
                let value = self.reference(ty);
                let to = self.target(ty);
                self.emit(opcode, &[to, value]);
            }
            TypingRule::TypeTest => {
                let (from, ty) = (self.world.reference_type(), self.world.reference_type());
                let value = self.reference(from);
                let to = self.target(Type::I32);
                self.emit(opcode, &[to, value, ty.code()]);
            }
            TypingRule::Cast => {
                let ty = self.world.reference_type();
                let from = if self.world.choices.chance(1, 2) { ty } else { Type::ANY };
                let value = self.reference(from);
                let to = self.target(ty);
                self.emit(opcode, &[to, value, ty.code()]);
            }
            TypingRule::Box => self.boxed(opcode),
            TypingRule::Unbox => self.unboxed(opcode),
            TypingRule::New => {
                let ty = self.world.named_type().unwrap_or(Type::ANY);
                let to = self.target(ty);
                self.make(ty, to, 0);
            }
            TypingRule::FieldGet | TypingRule::FieldSet => self.field(opcode),
            TypingRule::IdentityHash => {
                let ty = self.world.named_type().unwrap_or(Type::well_known(limosa_spec::WellKnown::Error));
                let object = self.exactly(ty);
                let to = self.target(Type::I32);
                self.emit(opcode, &[to, object]);
            }
            TypingRule::ArrayNew
            | TypingRule::ArrayLen
            | TypingRule::ArrayGet
            | TypingRule::ArraySet
            | TypingRule::ArrayCopy
            | TypingRule::ArrayFill
            | TypingRule::ArrayData
            | TypingRule::ByteLoad
            | TypingRule::ByteStore => self.array(opcode),
            TypingRule::DefStr | TypingRule::UseStr | TypingRule::StrToStr | TypingRule::StrToBytes | TypingRule::StrFromBytes => {
                self.string(opcode)
            }
            TypingRule::GlobalGet | TypingRule::GlobalSet => self.global(opcode),
            TypingRule::Call | TypingRule::CallVirtual | TypingRule::CallInterface | TypingRule::CallClosure => self.call(opcode),
            TypingRule::Tail | TypingRule::TailVirtual | TypingRule::TailInterface | TypingRule::TailClosure => {
                if self.index != 0 {
                    self.maybe(|builder| {
                        builder.tail_call(Some(opcode));
                    });
                }
            }
            TypingRule::Closure => {
                if let Some(ty) = self.world.function_type() {
                    let to = self.target(ty);
                    self.make(ty, to, 0);
                }
            }
            TypingRule::Ret => self.maybe(|builder| builder.ret()),
            TypingRule::Throw => self.raise(),
            TypingRule::FiberNew | TypingRule::FiberResume | TypingRule::FiberDone => self.fiber(opcode),
            TypingRule::FiberYield => self.fiber_yield(),
        }
    }

    fn global(&mut self, opcode: Opcode) {
        let count = self.world.module.globals.len();
        let global = self.world.choices.below(count);
        let ty = self.world.module.globals[global].ty;
        if opcode == Opcode::GlobalGet {
            let to = self.target(ty);
            self.emit(opcode, &[to, global as u32]);
        } else {
            let value = self.value(ty);
            self.emit(opcode, &[global as u32, value]);
        }
    }

    fn boxed(&mut self, opcode: Opcode) {
        let Some(OperandRole::Use(kind)) = opcode.roles().last().copied() else { return };
        let value = self.of_kind(kind);
        let to = self.target(Type::ANY);
        self.emit(opcode, &[to, value]);
        self.is_ready(to);
    }

    fn unboxed(&mut self, opcode: Opcode) {
        let Some(OperandRole::Def(kind)) = opcode.roles().first().copied() else { return };
        let to = self.target_of(kind);
        let boxed = self.register(Type::ANY);
        let make = match kind {
            RegisterKind::I32 => Opcode::BoxI32,
            RegisterKind::I64 => Opcode::BoxI64,
            RegisterKind::F32 => Opcode::BoxF32,
            _ => Opcode::BoxF64,
        };
        if self.world.choices.chance(3, 4) {
            let value = self.of_kind(kind);
            self.emit(make, &[boxed, value]);
        }
        self.emit(opcode, &[to, boxed]);
    }
}
