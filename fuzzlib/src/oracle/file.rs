//! Files: refused by a rule, or accepted with exactly one encoding.

use crate::find::{Find, Kind};
use crate::observe::Observations;
use limosa_spec::verify::VerifiedModule;
use limosa_spec::{Layout, decode, encode, verify};

/// Decodes and verifies a file; None if it is refused, and why is counted. What is decoded is encoded to the same bytes.
///
/// # Errors
/// If the bytes change on the way, or a rule is broken only in memory.
pub fn check_file(bytes: &[u8], seen: &mut Observations) -> Result<Option<VerifiedModule>, Find> {
    let module = match decode(bytes) {
        Ok(module) => module,
        Err(error) => {
            seen.refused(error.rule.id());
            seen.outcome("file: not decoded");
            return Ok(None);
        }
    };
    match encode(&module) {
        Ok(encoded) if encoded == bytes => {}
        // What the reader does not know is skipped, and so not written again.
        Ok(encoded) if decode(&encoded).as_ref() == Ok(&module) && has_unknown_parts(bytes) => {}
        Ok(_) => return Err(Find::new(Kind::RoundTrip, "a file that is decoded and encoded again has other bytes")),
        Err(error) => return Err(Find::new(Kind::RoundTrip, format!("a module that was decoded is not encoded: {error}"))),
    }
    match verify(module) {
        Ok(verified) => {
            seen.outcome("file: accepted");
            Ok(Some(verified))
        }
        Err(error) => {
            seen.refused(error.rule.id());
            seen.outcome("file: not verified");
            Ok(None)
        }
    }
}

/// Checks a file that must be accepted.
///
/// # Errors
/// If it is refused, and as [`check_file`].
pub fn accept(bytes: &[u8], seen: &mut Observations) -> Result<VerifiedModule, Find> {
    match check_file(bytes, seen)? {
        Some(module) => Ok(module),
        None => {
            let why = match decode(bytes) {
                Err(error) => error.to_string(),
                Ok(module) => verify(module).map_or_else(|error| error.to_string(), |_| "the second time it is accepted".to_owned()),
            };
            Err(Find::new(Kind::Refused, format!("a module that is right by construction is refused: {why}")))
        }
    }
}

/// Whether a file has what a reader skips: sections it does not know, or a later minor version.
fn has_unknown_parts(bytes: &[u8]) -> bool {
    let own = (limosa_spec::format::VERSION_MAJOR, limosa_spec::format::VERSION_MINOR);
    Layout::read(bytes).is_ok_and(|layout| layout.version != own || layout.sections.iter().any(|entry| entry.section().is_none()))
}
