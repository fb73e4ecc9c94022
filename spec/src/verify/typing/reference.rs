//! References as such: moves, type tests, casts.

use super::super::error::Check;
use super::super::function::{Checker, refuse};
use super::super::names::type_name;
use super::super::rule::Rule;
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn check_move(&self, words: &[u32]) -> Check {
        self.gives(0, words[0], self.ty(words[1]))
    }

    pub(super) fn check_type_test(&self, words: &[u32]) -> Check {
        self.reference_operand(2, words[2]).map(|_| ())
    }

    pub(super) fn check_cast(&self, words: &[u32]) -> Check {
        let target = self.reference_operand(2, words[2])?;
        self.gives(0, words[0], target)
    }

    /// A type operand that must be a reference type an object can be an instance of.
    fn reference_operand(&self, word: usize, code: u32) -> Check<Type> {
        let ty = Type::from_code(code);
        if ty.is_reference() && ty != Type::NULL {
            return Ok(ty);
        }
        let message = format!("`{}` is not a type objects can be tested for; name a reference type", type_name(self.module, ty));
        refuse(Rule::TypeOperand, word, message)
    }
}
