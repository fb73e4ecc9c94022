//! Texts: refused with diagnostics, or assembled to a module that survives the way to text and back.

use crate::find::{Find, Kind};
use crate::observe::Observations;
use limosa_assembler::diagnostic::MAX_ERRORS;
use limosa_assembler::{assemble_bytes, assemble_mapped};
use limosa_spec::disassemble::{Options, disassemble};
use limosa_spec::verify::VerifiedModule;
use limosa_spec::{Module, encode};

/// The file that texts are said to be in.
const NAME: &str = "fuzz.vasm";
/// Errors and warnings of one report.
const MOST_DIAGNOSTICS: usize = 2 * MAX_ERRORS;

/// Disassembles a module that was verified, and assembles what comes out: the same bytes, with debug information and without.
///
/// # Errors
/// If they are not the same.
pub fn check_file_text(module: &VerifiedModule) -> Result<(), Find> {
    round_trip(module)
}

/// Disassembles a module that was refused: people want to see those, too. The text need not assemble.
pub fn show(module: &Module) {
    for debug in [true, false] {
        if let Ok(text) = disassemble(module, Options { debug }) {
            let _ = assemble_mapped(NAME, &text);
        }
    }
}

fn round_trip(module: &Module) -> Result<(), Find> {
    let wrong = |what: &str, why: String| Err(Find::new(Kind::TextRoundTrip, format!("{what}: {why}")));
    for debug in [true, false] {
        let text = match disassemble(module, Options { debug }) {
            Ok(text) => text,
            Err(error) => return wrong("a module is not disassembled", error.to_string()),
        };
        let mut expected = module.clone();
        if !debug {
            expected.debug = None;
        }
        let assembled = match assemble_mapped(NAME, &text) {
            Ok(assembly) => assembly.module,
            Err(diagnostics) => return wrong("what was disassembled does not assemble", diagnostics.to_string()),
        };
        if assembled != expected || encode(&assembled).ok() != encode(&expected).ok() {
            return wrong("what was disassembled assembles to another module", format!("debug {debug}\n{text}"));
        }
    }
    Ok(())
}

/// Assembles a text; gives the file, None if the text is refused.
///
/// # Errors
/// If what was assembled is no module of the format or does not survive the way to text and back.
pub fn check_text(text: &[u8], seen: &mut Observations) -> Result<Option<Vec<u8>>, Find> {
    let assembly = match assemble_bytes(NAME, text) {
        Ok(assembly) => assembly,
        Err(diagnostics) => {
            seen.outcome("text: refused");
            let shown = limosa_assembler::render::plain(&diagnostics);
            if shown.is_empty() || diagnostics.list.len() > MOST_DIAGNOSTICS {
                return Err(Find::new(Kind::Violation, "a text is refused without diagnostics, or with too many"));
            }
            return Ok(None);
        }
    };
    seen.outcome("text: assembled");
    let bytes = encode(&assembly.module)
        .map_err(|error| Find::new(Kind::RoundTrip, format!("a module that was assembled is not encoded: {error}")))?;
    let module = assembly.module.clone();
    if let Err(error) = limosa_spec::verify(module) {
        // Whatever the verifier refuses can be shown in the text.
        let shown = assembly.map.explain(&error, NAME, &String::from_utf8_lossy(text));
        let _ = limosa_assembler::render::plain(&shown);
    }
    Ok(Some(bytes))
}
