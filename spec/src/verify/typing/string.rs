//! Strings, and their way to and from byte arrays.

use super::super::error::Check;
use super::super::function::{Checker, refuse};
use super::super::names::type_name;
use super::super::rule::Rule;
use crate::opcodes::{Opcode, OperandRole, RegisterKind};
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn check_def_str(&self, words: &[u32]) -> Check {
        self.gives(0, words[0], Type::STR)
    }

    /// All references that are read are strings.
    pub(super) fn check_use_str(&self, opcode: Opcode, words: &[u32]) -> Check {
        for (word, (&role, &operand)) in opcode.roles().iter().zip(words).enumerate() {
            if role == OperandRole::Use(RegisterKind::Ref) {
                self.takes(word, operand, Type::STR)?;
            }
        }
        Ok(())
    }

    pub(super) fn check_str_to_str(&self, opcode: Opcode, words: &[u32]) -> Check {
        self.check_use_str(opcode, words)?;
        self.gives(0, words[0], Type::STR)
    }

    pub(super) fn check_str_to_bytes(&self, words: &[u32]) -> Check {
        self.takes(1, words[1], Type::STR)?;
        let found = self.ty(words[0]);
        if self.is_byte_array(found) {
            return Ok(());
        }
        let found = type_name(self.module, found);
        refuse(Rule::ResultType, 0, format!("the result is a `[u8]`; register {} is a `{found}`, so declare it as `[u8]`", words[0]))
    }

    pub(super) fn check_str_from_bytes(&self, words: &[u32]) -> Check {
        self.check_byte_array(1, words)?;
        self.gives(0, words[0], Type::STR)
    }
}
