//! What a refused module is refused with: the rule, the place and what to do about it.

use super::rule::Rule;
pub(super) use crate::format::Section;
use crate::module::FunctionIndex;

/// A function by index and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionPlace {
    /// Its index, imported functions counted.
    pub index: FunctionIndex,
    /// Its name.
    pub name: String,
}

/// Why a module is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.describe())]
pub struct VerifyError {
    /// The module's name.
    pub module: String,
    /// The rule it breaks.
    pub rule: Rule,
    /// The section it breaks it in.
    pub section: Section,
    /// The function, if the place is in one.
    pub function: Option<FunctionPlace>,
    /// The index of the instruction in the function.
    pub instruction: Option<u32>,
    /// Where the instruction starts in the function's encoded code.
    pub offset: Option<u64>,
    /// The operand, from 0: a field or method counts as one, the items of a list count one by one and its length does not.
    pub operand: Option<u32>,
    /// What was expected, what was found, and what to do.
    pub message: String,
}

impl VerifyError {
    fn describe(&self) -> String {
        let mut place = format!("module `{}`, section {}", self.module, self.section.name());
        if let Some(function) = &self.function {
            place += &format!(", function `{}` (index {})", function.name, function.index);
        }
        if let Some(instruction) = self.instruction {
            place += &format!(", instruction {instruction}");
        }
        if let Some(offset) = self.offset {
            place += &format!(" at byte {offset}");
        }
        if let Some(operand) = self.operand {
            place += &format!(", operand {operand}");
        }
        format!("{place}: {} [{}]", self.message, self.rule)
    }
}

/// The result of a check. Boxed, so that the good case stays small.
pub(super) type Check<T = ()> = Result<T, Box<VerifyError>>;

/// A refusal with no place but its section; the module's name is filled in by the caller that knows it.
#[cold]
pub(super) fn fault<T>(rule: Rule, section: Section, message: impl Into<String>) -> Check<T> {
    Err(Box::new(VerifyError {
        module: String::new(),
        rule,
        section,
        function: None,
        instruction: None,
        offset: None,
        operand: None,
        message: message.into(),
    }))
}
