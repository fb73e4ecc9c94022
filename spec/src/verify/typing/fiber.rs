//! Fibers: a fiber type's parameters go in at each resume, its results come out.

use super::super::error::Check;
use super::super::function::{Checker, refuse};
use super::super::names::{signature_name, type_name};
use super::super::rule::Rule;
use super::call::list;
use crate::types::{Signature, Type, TypeDefinition};

impl<'m> Checker<'m> {
    pub(super) fn check_fiber_new(&self, words: &[u32]) -> Check {
        let fiber = self.fiber_operand(1, words[1])?;
        let body = self.ty(words[2]);
        if self.module.function_type(body) != Some(fiber) {
            let (wanted, found) = (signature_name(self.module, fiber), type_name(self.module, body));
            let message = format!("the fiber runs a `fn{wanted}`; {} is a `{found}`", self.operand_name(words[2]));
            return refuse(Rule::OperandType, 2, message);
        }
        self.gives(0, words[0], Type::from_code(words[1]))
    }

    pub(super) fn check_fiber_resume(&self, words: &[u32]) -> Check {
        let (results, next) = list(words, 0);
        let fiber = self.fiber(next, words[next])?;
        let (arguments, _) = list(words, next + 1);
        self.check_arguments(next, next + 2, arguments, &fiber.parameters)?;
        self.check_results_taken(next, results, &fiber.results)
    }

    pub(super) fn check_fiber_yield(&self, words: &[u32]) -> Check {
        let (results, next) = list(words, 0);
        let fiber = self.fiber_operand(next, words[next])?;
        let (values, _) = list(words, next + 1);
        self.check_arguments(next, next + 2, values, &fiber.results)?;
        self.check_results_taken(next, results, &fiber.parameters)
    }

    pub(super) fn check_fiber_done(&self, words: &[u32]) -> Check {
        self.fiber(1, words[1]).map(|_| ())
    }

    /// The signature of an operand that must be a fiber.
    fn fiber(&self, word: usize, operand: u32) -> Check<&'m Signature> {
        let ty = self.ty(operand);
        if let Some(TypeDefinition::Fiber(signature)) = self.module.definition(ty) {
            return Ok(signature);
        }
        let found = type_name(self.module, ty);
        refuse(Rule::OperandType, word, format!("a fiber is expected; {} is a `{found}`", self.operand_name(operand)))
    }

    /// The signature of a type operand that must be a fiber type.
    fn fiber_operand(&self, word: usize, code: u32) -> Check<&'m Signature> {
        let ty = Type::from_code(code);
        if let Some(TypeDefinition::Fiber(signature)) = self.module.definition(ty) {
            return Ok(signature);
        }
        let message = format!("the type is `{}`; a fiber type is needed, such as `fiber(i64) -> str`", type_name(self.module, ty));
        refuse(Rule::TypeOperand, word, message)
    }
}
