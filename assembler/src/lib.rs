//! The text form of Limosa bytecode: from source to [`Module`], with diagnostics that show where and why.
//!
//! ```
//! let module = limosa_assembler::assemble("answer.vasm", "module answer\nfunc main() -> i32 {\n    ret 42\n}\n")?;
//! assert_eq!(module.string(module.manifest.name), "answer");
//! # Ok::<(), limosa_assembler::Diagnostics>(())
//! ```
//!
//! The way of a text: `token` (words) → `layout` (lines and blocks) → `grammar` (items and terms) → `resolve` (names, types, literals)
//! → [`limosa_spec::canonicalize`]. The form is described in `spec/book/src/text-format.md`.

#![forbid(unsafe_code)]

pub mod code;
pub mod diagnostic;
pub mod excerpt;
mod expected;
mod layout;
mod literal;
mod parse;
pub mod render;
mod resolve;
mod source_map;
mod suggest;
mod syntax;
pub mod token;

use std::cell::RefCell;

use limosa_spec::Module;

pub use code::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use source_map::SourceMap;
pub use token::Span;

use diagnostic::Report;

/// The bytes of the largest text that is accepted.
pub const MAX_SOURCE: usize = 256 << 20;

/// An assembled text.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// The module, canonical but not verified.
    pub module: Module,
    /// Where its parts stand in the text.
    pub map: SourceMap,
    /// What is probably not meant.
    pub warnings: Diagnostics,
}

/// Assembles a text to a canonical module. `file_name` names the text in diagnostics; its last part is the file of the debug section.
///
/// # Errors
/// All that is wrong with the text, up to [`diagnostic::MAX_ERRORS`] errors.
pub fn assemble(file_name: &str, source: &str) -> Result<Module, Diagnostics> {
    assemble_mapped(file_name, source).map(|assembly| assembly.module)
}

/// Assembles bytes that should be UTF-8.
///
/// # Errors
/// As [`assemble_mapped`], and if the bytes are not UTF-8, where they are not.
pub fn assemble_bytes(file_name: &str, source: &[u8]) -> Result<Assembly, Diagnostics> {
    match std::str::from_utf8(source) {
        Ok(source) => assemble_mapped(file_name, source),
        Err(error) => {
            let valid = error.valid_up_to();
            let byte = source[valid];
            let text = String::from_utf8_lossy(&source[..source.len().min(valid + 256)]);
            let mut report = Report::default();
            let span = Span::new(valid as u32, valid as u32 + 1);
            report
                .error(Code::InvalidUtf8, span, format!("byte 0x{byte:02x} at offset {valid} is not valid UTF-8"))
                .suggest("save the file as UTF-8");
            Err(report.finish(file_name, &text))
        }
    }
}

/// Assembles a text to a canonical module with warnings, and a map that shows refusals of the verifier in the text.
///
/// # Errors
/// As [`assemble`].
pub fn assemble_mapped(file_name: &str, source: &str) -> Result<Assembly, Diagnostics> {
    let report = RefCell::new(Report::default());
    if source.len() > MAX_SOURCE {
        let message = format!("the text has {} bytes; the limit is {MAX_SOURCE}", source.len());
        report.borrow_mut().error(Code::TooLarge, Span::default(), message);
        return Err(report.into_inner().finish(file_name, ""));
    }
    let parsed = parse::parse(source, &report);
    let mut report = report.into_inner();
    if report.is_full() {
        return Err(report.finish(file_name, source));
    }
    let (mut module, map) = resolve::resolve(&parsed, file_name, source, &mut report);
    if !report.has_errors()
        && let Err(broken) = limosa_spec::canonicalize(&mut module)
    {
        report.error(Code::Limit, Span::default(), broken.to_string());
    }
    let failed = report.has_errors();
    let diagnostics = report.finish(file_name, source);
    if failed { Err(diagnostics) } else { Ok(Assembly { module, map, warnings: diagnostics }) }
}
