//! The text form of a module. The assembler reads it back to the same module; `spec/book/src/text-format.md` describes it.
//!
//! It works for every module, verified or not: what cannot be written, such as an index beyond its table, is written in angle brackets,
//! which the assembler refuses. Memory is bounded by [`TEXT_BYTES`].

mod debug;
mod form;
mod function;
mod items;
mod names;
mod operands;
mod places;
mod references;
mod text;
mod types;

pub use form::{Form, Place};
pub use names::{RESERVED, built_in_type, is_plain, is_plain_path};

use crate::module::Module;
use references::References;
use text::Text;

/// The bytes of the longest text: assemblers accept no longer ones.
pub const TEXT_BYTES: usize = 1 << 28;

/// How to disassemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to write lines and the names of registers.
    pub debug: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { debug: true }
    }
}

/// The text would be longer than [`TEXT_BYTES`]: a long name is used very often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text form would be longer than {TEXT_BYTES} bytes")]
pub struct TextTooLong;

/// Writes a module as text.
///
/// # Errors
/// If the text would be longer than [`TEXT_BYTES`].
pub fn disassemble(module: &Module, options: Options) -> Result<String, TextTooLong> {
    let mut printer = Printer { module, references: References::new(module), out: Text::default(), debug: options.debug, inside: 0 };
    printer.header();
    let head = std::mem::take(&mut printer.out);
    printer.declarations();
    printer.functions();
    let body = std::mem::replace(&mut printer.out, head);
    // Only now it is known which types are so long that they were given names.
    printer.aliases();
    printer.out.append(&body);
    printer.out.finish()
}

/// The state while a module is written.
struct Printer<'m> {
    module: &'m Module,
    references: References<'m>,
    out: Text,
    debug: bool,
    /// How many types are around the one being written: only the outermost lists are broken into lines.
    inside: u32,
}
