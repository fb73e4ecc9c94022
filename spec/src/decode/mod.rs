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

use crate::canonical::{Broken, Check};
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
    Sections { bytes, layout: &layout }.module()
}

/// The sections of the file being decoded.
struct Sections<'a> {
    bytes: &'a [u8],
    layout: &'a Layout,
}

impl<'a> Sections<'a> {
    fn module(&self) -> Result<Module, Fault> {
        let mut module = Module {
            manifest: self.read(Section::Manifest, items::manifest)?,
            strings: self.read(Section::Strings, strings)?,
            types: self.read_table(Section::Types, types::types)?,
            imports: self.read_table(Section::Imports, items::imports)?,
            ..Module::default()
        };
        let imported = module.imports.len() as u32;
        let headers = self.read_table(Section::Functions, |reader| items::functions(reader, imported))?;
        let sizes: Vec<usize>;
        (module.functions, sizes) = headers.into_iter().unzip();
        module.globals = self.read_table(Section::Globals, items::globals)?;
        module.data = self.read_table(Section::Data, items::data)?;
        module.exports = self.read_table(Section::Exports, items::exports)?;
        let mut check = Check::tables(&mut module).map_err(|broken| self.at_section(&broken))?;
        match (sizes.is_empty(), self.layout.section(Section::Code)) {
            (true, None) => {}
            (false, Some(_)) => self.read(Section::Code, |reader| code::bodies(reader, &sizes, &mut module, &mut check))?,
            _ => return Err(missing(Section::Code, "there must be code exactly if there are functions")),
        }
        check.finish().map_err(|broken| self.at_section(&broken))?;
        if self.layout.section(Section::Debug).is_some() {
            let mut debug = self.read(Section::Debug, |reader| debug::debug(reader, &module))?;
            check.debug(&mut debug).map_err(|broken| self.at_section(&broken))?;
            module.debug = Some(debug);
        }
        Ok(module)
    }

    /// Turns a broken rule of numbering into an error at the start of its section.
    #[cold]
    fn at_section(&self, broken: &Broken) -> Fault {
        let offset = self.layout.section(broken.section).map_or(0, |entry| entry.offset);
        DecodeError::new(broken.rule, Some(broken.section), offset, broken.message.as_str())
    }

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
    fn read_table<T>(&self, section: Section, read: impl FnOnce(&mut Reader<'a>) -> Result<Vec<T>, Fault>) -> Result<Vec<T>, Fault> {
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
