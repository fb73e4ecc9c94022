//! Throwing, and the handler table.

use super::super::common::type_index;
use super::super::error::{Check, Section, fault};
use super::super::function::Checker;
use super::super::names::type_name;
use super::super::rule::Rule;
use crate::module::Handler;
use crate::types::Type;
use crate::well_known::WellKnown;

const ERROR: Type = Type::well_known(WellKnown::Error);

impl Checker<'_> {
    pub(super) fn check_throw(&self, words: &[u32]) -> Check {
        self.takes(0, words[0], ERROR)
    }

    /// Checks one entry of the handler table.
    pub(in super::super) fn check_handler(&self, index: usize, handler: &Handler) -> Check {
        let module = self.module;
        let instructions = self.function.body.code.len();
        if handler.start >= handler.end || handler.end as usize > instructions {
            let message = format!(
                "handler {index} covers instructions {} up to, not including, {}; at least one is needed and the function has {instructions}",
                handler.start, handler.end
            );
            return fault(Rule::HandlerRange, Section::Code, message);
        }
        if handler.target as usize >= instructions {
            let message = format!("handler {index} goes on at instruction {}; the function has {instructions}", handler.target);
            return fault(Rule::HandlerTarget, Section::Code, message);
        }
        type_index(module, Section::Code, handler.class)?;
        let class = type_name(module, handler.class);
        if !self.hierarchy.is_class(handler.class) || !self.hierarchy.is_assignable(handler.class, ERROR) {
            let message = format!("handler {index} catches `{class}`; only `Error` and classes that extend it can be caught");
            return fault(Rule::HandlerClass, Section::Code, message);
        }
        if handler.register as usize >= self.registers {
            let message = format!("handler {index} writes register {}; the function has {}", handler.register, self.registers);
            return fault(Rule::HandlerRegister, Section::Code, message);
        }
        let register = self.ty(handler.register);
        if !self.hierarchy.is_assignable(handler.class, register) {
            let found = type_name(module, register);
            let message = format!("handler {index} puts a `{class}` into register {}, a `{found}`", handler.register);
            return fault(Rule::HandlerRegister, Section::Code, message);
        }
        Ok(())
    }
}
