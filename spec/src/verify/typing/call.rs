//! Calls, tail calls, returns, and closures.

use super::super::error::Check;
use super::super::function::{Checker, refuse};
use super::super::names::{signature_name, type_name};
use super::super::rule::Rule;
use crate::module::FunctionIndex;
use crate::types::{Parameter, Signature};

/// The items of the list whose length is at `at`, and where the next operand starts.
#[inline]
pub(super) fn list(words: &[u32], at: usize) -> (&[u32], usize) {
    let end = at + 1 + words[at] as usize;
    (&words[at + 1..end], end)
}

impl<'m> Checker<'m> {
    pub(super) fn check_call(&self, words: &[u32]) -> Check {
        let (results, next) = list(words, 0);
        let callee = self.callee(next, words[next])?;
        let (arguments, _) = list(words, next + 1);
        self.check_arguments(next, next + 2, arguments, &callee.parameters)?;
        self.check_results_taken(next, results, &callee.results)
    }

    pub(super) fn check_call_method(&self, words: &[u32], of_interface: bool) -> Check {
        let (results, next) = list(words, 0);
        let callee = self.check_method_arguments(next, words, of_interface)?;
        self.check_results_taken(next, results, &callee.results)
    }

    pub(super) fn check_call_closure(&self, words: &[u32]) -> Check {
        let (results, next) = list(words, 0);
        let callee = self.closure(next, words[next])?;
        let (arguments, _) = list(words, next + 1);
        self.check_arguments(next, next + 2, arguments, &callee.parameters)?;
        self.check_results_taken(next, results, &callee.results)
    }

    pub(super) fn check_tail(&self, words: &[u32]) -> Check {
        let callee = self.callee(0, words[0])?;
        let (arguments, _) = list(words, 1);
        self.check_arguments(0, 2, arguments, &callee.parameters)?;
        self.check_tail_results(callee)
    }

    pub(super) fn check_tail_method(&self, words: &[u32], of_interface: bool) -> Check {
        let callee = self.check_method_arguments(0, words, of_interface)?;
        self.check_tail_results(callee)
    }

    pub(super) fn check_tail_closure(&self, words: &[u32]) -> Check {
        let callee = self.closure(0, words[0])?;
        let (arguments, _) = list(words, 1);
        self.check_arguments(0, 2, arguments, &callee.parameters)?;
        self.check_tail_results(callee)
    }

    pub(super) fn check_ret(&self, words: &[u32]) -> Check {
        let (values, _) = list(words, 0);
        let results = &self.signature.results;
        if values.len() != results.len() {
            let message = format!("{} values are returned; the function has {} results", values.len(), results.len());
            return refuse(Rule::ResultCount, 1, message);
        }
        values.iter().zip(results).enumerate().try_for_each(|(position, (&value, result))| self.takes(1 + position, value, result.ty))
    }

    pub(super) fn check_closure(&mut self, words: &[u32]) -> Check {
        let function: FunctionIndex = words[1];
        let callee = self.callee(1, function)?;
        let (captures, _) = list(words, 2);
        let Some((bound, rest)) = callee.parameters.split_at_checked(captures.len()) else {
            let message = format!("{} values are bound; `fn{}` has fewer parameters", captures.len(), signature_name(self.module, callee));
            return refuse(Rule::ArgumentCount, 1, message);
        };
        self.check_arguments(1, 3, captures, bound)?;
        let found = self.ty(words[0]);
        let fits = self.module.function_type(found).is_some_and(|found| found.parameters == rest && found.results == callee.results);
        if !fits {
            let made = Signature { parameters: rest.to_vec(), results: callee.results.clone() };
            let (made, found) = (signature_name(self.module, &made), type_name(self.module, found));
            let message = format!("the closure is a `fn{made}`; register {} is a `{found}` and must have exactly that type", words[0]);
            return refuse(Rule::ResultType, 0, message);
        }
        self.closures.push((function, captures.len() as u32));
        Ok(())
    }

    /// The signature of a function whose index is in range.
    fn callee(&self, word: usize, function: FunctionIndex) -> Check<&'m Signature> {
        match self.module.signature(function) {
            Some(signature) => Ok(signature),
            None => refuse(Rule::FunctionIndex, word, format!("there is no function {function} with a signature")),
        }
    }

    /// The signature of an operand that must be a closure.
    fn closure(&self, word: usize, operand: u32) -> Check<&'m Signature> {
        let ty = self.ty(operand);
        match self.module.function_type(ty) {
            Some(signature) => Ok(signature),
            None => {
                let found = type_name(self.module, ty);
                refuse(Rule::OperandType, word, format!("a closure is expected; {} is a `{found}`", self.operand_name(operand)))
            }
        }
    }

    /// Checks the method at `at` and the arguments after it: the receiver first.
    fn check_method_arguments(&self, at: usize, words: &[u32], of_interface: bool) -> Check<&'m Signature> {
        let (owner, callee) = self.method(at, words[at], words[at + 1], of_interface)?;
        let (arguments, _) = list(words, at + 2);
        let Some((&receiver, others)) = arguments.split_first() else {
            return refuse(Rule::ArgumentCount, at, "the object whose method is called is missing; it is the first argument".into());
        };
        self.takes(at + 3, receiver, owner)?;
        self.check_arguments(at, at + 4, others, &callee.parameters)?;
        Ok(callee)
    }

    /// Checks arguments, the first of them at `word`, against the parameters of the callee at `callee`.
    #[inline]
    pub(super) fn check_arguments(&self, callee: usize, word: usize, arguments: &[u32], parameters: &[Parameter]) -> Check {
        if arguments.len() != parameters.len() {
            let message = format!("{} values are given; {} are taken", arguments.len(), parameters.len());
            return refuse(Rule::ArgumentCount, callee, message);
        }
        for (position, (&argument, parameter)) in arguments.iter().zip(parameters).enumerate() {
            self.takes(word + position, argument, parameter.ty)?;
        }
        Ok(())
    }

    /// Checks the registers that receive the results of the callee at `callee`.
    #[inline]
    pub(super) fn check_results_taken(&self, callee: usize, registers: &[u32], results: &[Parameter]) -> Check {
        if registers.len() != results.len() {
            let message = format!("{} registers take the results; there are {} results", registers.len(), results.len());
            return refuse(Rule::ResultCount, callee, message);
        }
        for (position, (&register, result)) in registers.iter().zip(results).enumerate() {
            self.gives(1 + position, register, result.ty)?;
        }
        Ok(())
    }

    /// Checks that what a callee returns can be returned in place of this function, with no check left to make.
    fn check_tail_results(&self, callee: &Signature) -> Check {
        let (found, wanted) = (&callee.results, &self.signature.results);
        let fits = |(found, wanted): (&Parameter, &Parameter)| {
            self.hierarchy.is_assignable(found.ty, wanted.ty) && (found.non_null || !wanted.non_null)
        };
        if found.len() == wanted.len() && found.iter().zip(wanted).all(fits) {
            return Ok(());
        }
        let (found, wanted) = (signature_name(self.module, callee), signature_name(self.module, self.signature));
        let message = format!("the callee is a `fn{found}`, the function a `fn{wanted}`; call it and return what it gives instead");
        refuse(Rule::TailResults, 0, message)
    }
}
