//! From a [`Module`] to bytes: the one sequence of bytes the module has.
//!
//! The encoder judges nothing itself. What it wrote is decoded again, so that whatever `encode` gives out, `decode` gives back.

mod code;
mod items;
mod types;
mod writer;

use crate::decode::{DecodeError, decode};
use crate::format::{HASH_OFFSET, HEADER_BYTES, INDEX_ENTRY_BYTES, MAGIC, Section, VERSION_MAJOR, VERSION_MINOR};
use crate::layout::{self, ContentHash};
use crate::module::Module;
use writer::Writer;

/// Why a module has no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// It breaks a rule of the format, such as a limit; the offset is that in the file it would have been.
    #[error("the module cannot be encoded: {0}")]
    Refused(#[from] DecodeError),
    /// It is not in canonical form: [`canonicalize`](crate::canonicalize) brings it there.
    #[error("the module cannot be encoded: it is not in canonical form")]
    NotCanonical,
    /// The operands of an instruction do not have the shape the table gives.
    #[error("the module cannot be encoded: the operands of instruction {instruction} of function {function} do not fit it")]
    Operands {
        /// The function, as an index into [`Module::functions`].
        function: usize,
        /// The instruction's index.
        instruction: usize,
    },
    /// A section is larger than a file can be.
    #[error("the module cannot be encoded: it is too large")]
    TooLarge,
}

/// Encodes a module that is in canonical form (see [`canonicalize`](crate::canonicalize)) and within the limits.
///
/// ```
/// use limosa_spec::{Module, canonicalize, decode, encode};
///
/// let mut module = Module { strings: vec!["empty".into()], ..Module::default() };
/// canonicalize(&mut module)?;
/// let bytes = encode(&module)?;
/// assert!(bytes.starts_with(b"\0lim"));
/// assert_eq!(decode(&bytes)?, module);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the module breaks a rule of the format: then no file could say what it says.
pub fn encode(module: &Module) -> Result<Vec<u8>, EncodeError> {
    let bytes = encode_unchecked(module)?;
    if decode(&bytes)? != *module {
        return Err(EncodeError::NotCanonical);
    }
    Ok(bytes)
}

/// The content hash of a module: that of its encoding, which debug information does not change.
///
/// # Errors
/// If the module has no encoding.
pub fn hash_of(module: &Module) -> Result<ContentHash, EncodeError> {
    let bytes = encode(module)?;
    Ok(layout::content_hash(&bytes)?)
}

/// Writes a module whatever it says, for files that have to be refused.
///
/// # Errors
/// If the operands of an instruction do not have its shape, or the file would be too large.
pub fn encode_unchecked(module: &Module) -> Result<Vec<u8>, EncodeError> {
    let mut sections: Vec<(Section, Vec<u8>)> = Vec::new();
    let mut add = |section, writer: Writer| sections.push((section, writer.bytes));
    add(Section::Manifest, items::manifest(&module.manifest));
    add(Section::Strings, items::strings(&module.strings));
    if !module.types.is_empty() {
        add(Section::Types, types::types(&module.types));
    }
    if !module.imports.is_empty() {
        add(Section::Imports, items::imports(&module.imports));
    }
    let (bodies, sizes) = code::bodies(&module.functions)?;
    if !module.functions.is_empty() {
        add(Section::Functions, items::function_headers(&module.functions, &sizes));
    }
    if !module.globals.is_empty() {
        add(Section::Globals, items::globals(&module.globals));
    }
    if !module.data.is_empty() {
        add(Section::Data, items::data(&module.data));
    }
    if !module.exports.is_empty() {
        add(Section::Exports, items::exports(&module.exports));
    }
    if !module.functions.is_empty() {
        add(Section::Code, bodies);
    }
    if let Some(debug) = &module.debug {
        add(Section::Debug, items::debug(debug)?);
    }
    frame(&sections)
}

/// Puts header and index in front of the sections.
fn frame(sections: &[(Section, Vec<u8>)]) -> Result<Vec<u8>, EncodeError> {
    let start = HEADER_BYTES + sections.len() * INDEX_ENTRY_BYTES;
    let length = start + sections.iter().map(|(_, contents)| contents.len()).sum::<usize>();
    let length_u32 = u32::try_from(length).map_err(|_| EncodeError::TooLarge)?;
    let mut file = Vec::with_capacity(length);
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&VERSION_MAJOR.to_le_bytes());
    file.extend_from_slice(&VERSION_MINOR.to_le_bytes());
    file.extend_from_slice(&length_u32.to_le_bytes());
    file.extend_from_slice(&(sections.len() as u32).to_le_bytes());
    file.extend_from_slice(&[0; HEADER_BYTES - HASH_OFFSET]);
    let mut offset = start;
    for (section, contents) in sections {
        for number in [section.id(), section.flags(), offset as u32, contents.len() as u32] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        offset += contents.len();
    }
    for (_, contents) in sections {
        file.extend_from_slice(contents);
    }
    layout::reseal(&mut file)?;
    Ok(file)
}
