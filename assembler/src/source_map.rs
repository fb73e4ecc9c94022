//! Where the parts of an assembled module stand in its text, so that what the verifier refuses can be shown there.

use limosa_spec::VerifyError;
use limosa_spec::format::Section;

use crate::diagnostic::{Code, Diagnostics, Report};
use crate::render::shorten;
use crate::token::Span;

/// Where the parts of a module stand in the text it was assembled from.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    /// The `module` line.
    pub(crate) module: Span,
    /// The `entry` line.
    pub(crate) entry: Span,
    /// The functions, imported ones first.
    pub(crate) functions: Vec<FunctionMap>,
    /// Names and places of what the sections declare.
    pub(crate) declarations: Vec<(Section, Box<str>, Span)>,
}

/// Where the parts of a function stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct FunctionMap {
    /// Its name in its first line.
    pub name: Span,
    /// Where each register is declared.
    pub registers: Vec<Span>,
    /// The entries of the handler table.
    pub handlers: Vec<Span>,
    /// Each instruction, and where its operands start in `operands`.
    pub instructions: Vec<(Span, u32)>,
    /// The operands of all instructions, the items of lists one by one.
    pub operands: Vec<Span>,
}

impl SourceMap {
    /// Where an instruction stands: from its mnemonic to its last operand. `function` counts imported functions.
    #[must_use]
    pub fn instruction(&self, function: u32, instruction: u32) -> Option<Span> {
        Some(self.functions.get(function as usize)?.instructions.get(instruction as usize)?.0)
    }

    /// Where an operand stands; the items of lists count one by one.
    #[must_use]
    pub fn operand(&self, function: u32, instruction: u32, operand: u32) -> Option<Span> {
        let function = self.functions.get(function as usize)?;
        let (_, start) = *function.instructions.get(instruction as usize)?;
        let end = function.instructions.get(instruction as usize + 1).map_or(function.operands.len(), |next| next.1 as usize);
        function.operands.get(start as usize..end)?.get(operand as usize).copied()
    }

    /// The place that a refusal of the verifier is about, as near as it says.
    #[must_use]
    pub fn locate(&self, error: &VerifyError) -> Span {
        let in_function = error.function.as_ref().and_then(|place| {
            let function = self.functions.get(place.index as usize)?;
            let Some(instruction) = error.instruction else {
                return Some(self.handler(function, error).unwrap_or(function.name));
            };
            let operand = error.operand.and_then(|operand| self.operand(place.index, instruction, operand));
            operand.or_else(|| self.instruction(place.index, instruction)).or(Some(function.name))
        });
        in_function.or_else(|| self.declaration(error)).unwrap_or(match error.message.contains("entry point") {
            true => self.entry,
            false => self.module,
        })
    }

    /// The handler a message such as `handler 2 covers nothing` is about.
    fn handler(&self, function: &FunctionMap, error: &VerifyError) -> Option<Span> {
        let rest = &error.message[error.message.find("handler ")? + "handler ".len()..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        function.handlers.get(rest[..digits].parse::<usize>().ok()?).copied()
    }

    /// The declaration that is named in the message of a refusal.
    fn declaration(&self, error: &VerifyError) -> Option<Span> {
        error.message.split('`').skip(1).step_by(2).find_map(|quoted| {
            let own = quoted.split('.').next().unwrap_or(quoted);
            let of_section = || self.declarations.iter().filter(|(section, ..)| *section == error.section);
            let whole = of_section().find(|(_, name, _)| **name == *quoted);
            whole.or_else(|| of_section().find(|(_, name, _)| **name == *own)).map(|found| found.2)
        })
    }

    /// The message of a refusal, registers called as the text calls them.
    fn message(&self, error: &VerifyError, source: &str) -> String {
        const WORD: &str = "register ";
        let function = error.function.as_ref().and_then(|place| self.functions.get(place.index as usize));
        let mut parts = error.message.split(WORD);
        let mut message = parts.next().unwrap_or("").to_owned();
        for part in parts {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let number: Option<usize> = part[..digits].parse().ok();
            match number.and_then(|number| function?.registers.get(number).copied()) {
                Some(span) => message += &format!("`{}`{}", shorten(span.text(source)), &part[digits..]),
                None => message += &format!("{WORD}{part}"),
            }
        }
        message
    }

    /// A refusal of the verifier as a diagnostic with an excerpt of the text, which must be the one the map was made for.
    #[must_use]
    pub fn explain(&self, error: &VerifyError, file_name: &str, source: &str) -> Diagnostics {
        let mut report = Report::default();
        report
            .error(Code::Verification, self.locate(error), self.message(error, source))
            .help(format!("rule `{}` of the verifier", error.rule));
        report.finish(file_name, source)
    }
}
