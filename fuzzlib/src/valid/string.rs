//! Strings.

use super::builder::Builder;
use limosa_spec::{Opcode, OperandRole, RegisterKind, Type, TypeDefinition};

impl Builder<'_, '_, '_> {
    /// An instruction on strings.
    pub fn string(&mut self, opcode: Opcode) {
        let bytes = self.world.structural(TypeDefinition::Array(Type::U8));
        match opcode {
            Opcode::ConstStr => {
                let (to, text) = (self.target(Type::STR), self.world.text());
                self.emit(opcode, &[to, text]);
                self.is_ready(to);
            }
            Opcode::StrToBytes => {
                let (text, to) = (self.reference(Type::STR), self.target(bytes));
                self.emit(opcode, &[to, text]);
            }
            Opcode::StrFromBytes => {
                let (array, from, until, to) = (self.exactly(bytes), self.index(), self.index(), self.target(Type::STR));
                self.emit(opcode, &[to, array, from, until]);
            }
            _ => {
                let mut operands = Vec::new();
                for &role in opcode.roles() {
                    operands.push(match role {
                        OperandRole::Def(RegisterKind::Ref) => self.target(Type::STR),
                        OperandRole::Def(kind) => self.target_of(kind),
                        OperandRole::Use(RegisterKind::I64) => self.index(),
                        _ => self.reference(Type::STR),
                    });
                }
                self.emit(opcode, &operands);
            }
        }
    }
}
