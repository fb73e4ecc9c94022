//! From bytes to a [`Module`]: every rule of the module format is checked here, and nothing else.
//!
//! No bytes make the decoder panic, and it never reserves more than a small multiple of the bytes it is given. What a module may
//! do is the business of the verifier. The files follow the sections.

mod code;
mod debug;
pub mod error;
mod items;
pub(crate) mod reader;
mod types;

pub use error::{DecodeError, DecodeRule};

use crate::canonical;
use crate::format::Section;
use crate::layout::{self, Layout};
use crate::limits;
use crate::module::Module;
use error::Fault;
use reader::Reader;

/// Decodes a module file.
///
/// ```
/// use limosa_spec::{DecodeRule, decode, encode, Module};
///
/// let module = Module { strings: vec!["empty".into()], ..Module::default() };
/// let mut bytes = encode(&module)?;
/// assert_eq!(decode(&bytes)?, module);
///
/// bytes[20] ^= 1;
/// assert_eq!(decode(&bytes).map_err(|error| error.rule), Err(DecodeRule::Hash));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the bytes break a rule of the format.
pub fn decode(bytes: &[u8]) -> Result<Module, DecodeError> {
    decode_fault(bytes).map_err(|fault| *fault)
}

fn decode_fault(bytes: &[u8]) -> Result<Module, Fault> {
    let layout = layout::read(bytes)?;
    let computed = layout.compute_hash(bytes);
    if computed != layout.hash {
        let message = format!("the content hash is {computed}, the header states {}", layout.hash);
        return Err(DecodeError::new(DecodeRule::Hash, None, crate::format::HASH_OFFSET, message));
    }
    let sections = Sections { bytes, layout: &layout };
    let mut module = Module {
        manifest: sections.read(Section::Manifest, items::manifest)?,
        strings: sections.read(Section::Strings, strings)?,
        ..Module::default()
    };
    module.types = sections.read_optional(Section::Types, types::types)?;
    module.imports = sections.read_optional(Section::Imports, items::imports)?;
    let imported = module.imports.len();
    let headers = sections.read_optional(Section::Functions, |reader| items::function_headers(reader, imported))?;
    module.globals = sections.read_optional(Section::Globals, items::globals)?;
    module.data = sections.read_optional(Section::Data, items::data)?;
    module.exports = sections.read_optional(Section::Exports, items::exports)?;
    match (headers.is_empty(), layout.section(Section::Code)) {
        (true, None) => {}
        (false, Some(_)) => module.functions = sections.read(Section::Code, |reader| code::functions(reader, &headers, &module))?,
        _ => return Err(missing(Section::Code, "there must be code exactly if there are functions")),
    }
    if layout.section(Section::Debug).is_some() {
        module.debug = Some(sections.read(Section::Debug, |reader| debug::debug(reader, &module))?);
    }
    canonical::check(&mut module).map_err(|broken| locate(&broken, &module, &sections, &headers))?;
    Ok(module)
}

/// The sections of the file being decoded.
struct Sections<'a> {
    bytes: &'a [u8],
    layout: &'a Layout,
}

impl<'a> Sections<'a> {
    fn reader(&self, section: Section) -> Option<Reader<'a>> {
        let entry = self.layout.section(section)?;
        Some(Reader::new(&self.bytes[entry.offset..entry.offset + entry.length], entry.offset, section))
    }

    /// Reads a section that must be there, to its end.
    fn read<T>(&self, section: Section, read: impl FnOnce(&mut Reader<'a>) -> Result<T, Fault>) -> Result<T, Fault> {
        let Some(mut reader) = self.reader(section) else {
            return Err(missing(section, "the section is missing"));
        };
        let value = read(&mut reader)?;
        let rule = if section == Section::Code { DecodeRule::BodySize } else { DecodeRule::SectionTrailing };
        reader.finish(rule)?;
        Ok(value)
    }

    /// Reads a table that is left out when it is empty, to its end.
    fn read_optional<T>(&self, section: Section, read: impl FnOnce(&mut Reader<'a>) -> Result<Vec<T>, Fault>) -> Result<Vec<T>, Fault> {
        let Some(reader) = self.reader(section) else {
            return Ok(Vec::new());
        };
        let entries = self.read(section, read)?;
        if entries.is_empty() {
            return Err(reader.fail(DecodeRule::SectionEmpty, "a section without entries must be left out"));
        }
        Ok(entries)
    }
}

#[cold]
fn missing(section: Section, message: &str) -> Fault {
    DecodeError::new(DecodeRule::SectionMissing, Some(section), crate::format::HEADER_BYTES, message)
}

/// Reads the table of strings.
fn strings(reader: &mut Reader<'_>) -> Result<Vec<Box<str>>, Fault> {
    let count = reader.count(limits::STRINGS, DecodeRule::LimitStrings, "strings", 1)?;
    let mut strings = Vec::with_capacity(count);
    for _ in 0..count {
        strings.push(Box::from(reader.string()?));
    }
    Ok(strings)
}

/// Turns a broken rule of numbering, found in the decoded module, into an error with a place in the file.
#[cold]
fn locate(broken: &canonical::Broken, module: &Module, sections: &Sections<'_>, headers: &[items::FunctionHeader]) -> Fault {
    let mut offset = sections.layout.section(broken.section).map_or(0, |entry| entry.offset);
    let mut function = None;
    if let (Section::Code, Some(index)) = (broken.section, broken.function) {
        offset += headers[..index].iter().map(|header| header.size).sum::<usize>();
        function = Some(items::function_name(module, &headers[index], index));
        if let (Some(instruction), Some(entry)) = (broken.instruction, sections.layout.section(Section::Code)) {
            let body = &sections.bytes[offset..entry.offset + entry.length];
            offset += code::instruction_offset(body, instruction);
        }
    }
    let mut fault = DecodeError::new(broken.rule, Some(broken.section), offset, broken.message.as_str());
    fault.function = function;
    fault
}
