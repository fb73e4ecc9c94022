//! Instructions whose operands' types stand in the table.

use super::builder::Builder;
use limosa_spec::{Opcode, OperandRole, RegisterKind, Type};

/// The number type of a kind.
fn number_of(kind: RegisterKind) -> Option<Type> {
    match kind {
        RegisterKind::I32 => Some(Type::I32),
        RegisterKind::I64 => Some(Type::I64),
        RegisterKind::F32 => Some(Type::F32),
        RegisterKind::F64 => Some(Type::F64),
        RegisterKind::Ref | RegisterKind::Any => None,
    }
}

impl Builder<'_, '_, '_> {
    /// A value of a kind.
    pub fn of_kind(&mut self, kind: RegisterKind) -> u32 {
        match number_of(kind) {
            Some(ty) => self.number(ty),
            None => {
                let ty = self.world.reference_type();
                self.reference(ty)
            }
        }
    }

    /// A register for a result of a kind.
    pub fn target_of(&mut self, kind: RegisterKind) -> u32 {
        let ty = number_of(kind).unwrap_or(Type::ANY);
        self.target(ty)
    }

    /// An instruction of the typing rule `Fixed`.
    pub fn fixed(&mut self, opcode: Opcode) {
        match opcode {
            Opcode::Jump => {
                let over = self.label();
                self.emit(Opcode::Jump, &[over.0]);
                if self.depth < 3 {
                    self.block(1);
                }
                self.place(over);
            }
            Opcode::Switch => self.switch(),
            Opcode::Unreachable => self.maybe(|builder| builder.emit(Opcode::Unreachable, &[])),
            _ if opcode.roles().contains(&OperandRole::Label) => {
                let over = self.label();
                self.branch_with(opcode, over.0);
                if self.depth < 3 {
                    self.block(1);
                }
                self.place(over);
            }
            _ => {
                let mut operands = Vec::new();
                for &role in opcode.roles() {
                    operands.push(match role {
                        OperandRole::Def(kind) => self.target_of(kind),
                        OperandRole::Use(kind) => self.of_kind(kind),
                        _ => 0,
                    });
                }
                self.emit(opcode, &operands);
            }
        }
    }
}
