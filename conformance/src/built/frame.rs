//! Limits of the file itself: its length, and the number of its sections. Sections that no version knows fill it up.

use limosa_spec::format::{HEADER_BYTES, INDEX_ENTRY_BYTES};
use limosa_spec::layout::reseal;
use limosa_spec::{Layout, Module, limits};

use crate::built::{Case, File};

/// The id of the first section that version 1 does not know.
const FIRST_UNKNOWN: u32 = 64;

pub fn cases() -> Vec<Case> {
    vec![
        Case::of_limit("MODULE_BYTES", "limit-module-bytes", Box::new(|base, good| long(base, limits::MODULE_BYTES + usize::from(!good)))),
        Case::of_limit("SECTIONS", "limit-sections", Box::new(|base, good| sections(base, limits::SECTIONS + u32::from(!good)))),
    ]
}

/// The base module with one unknown section of zeros that makes the file so long.
fn long(base: &Module, length: usize) -> Result<File, String> {
    let file = File::of(base.clone())?;
    let padding = length - file.bytes.len() - INDEX_ENTRY_BYTES;
    let mut bytes = with_sections(&file.bytes, &[padding])?;
    // The hash covers all of it. Of a file that is too long there is none.
    match reseal(&mut bytes) {
        Err(error) if length <= limits::MODULE_BYTES => return Err(error.to_string()),
        _ => {}
    }
    bytes.truncate(length - padding);
    Ok(File { bytes, length: length as u64 })
}

/// The base module with so many sections.
fn sections(base: &Module, count: u32) -> Result<File, String> {
    let file = File::of(base.clone())?;
    let present = Layout::read(&file.bytes).map_err(|error| error.to_string())?.sections.len();
    let mut bytes = with_sections(&file.bytes, &vec![1; count as usize - present])?;
    if let Err(error) = reseal(&mut bytes) {
        // The layout of a file with too many sections is not read.
        return if count > limits::SECTIONS { Ok(File::new(bytes)) } else { Err(error.to_string()) };
    }
    Ok(File::new(bytes))
}

/// A module file with unknown sections of these lengths, all zero, behind the others.
fn with_sections(file: &[u8], lengths: &[usize]) -> Result<Vec<u8>, String> {
    let layout = Layout::read(file).map_err(|error| error.to_string())?;
    let (known, moved) = (layout.sections.len(), lengths.len() * INDEX_ENTRY_BYTES);
    let total = file.len() + moved + lengths.iter().sum::<usize>();
    let mut bytes = Vec::with_capacity(total);
    bytes.extend_from_slice(&file[..HEADER_BYTES]);
    bytes[8..12].copy_from_slice(&(total as u32).to_le_bytes());
    bytes[12..16].copy_from_slice(&((known + lengths.len()) as u32).to_le_bytes());
    let mut entry = |id: u32, flags: u32, offset: usize, length: usize| {
        for number in [id, flags, offset as u32, length as u32] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    };
    for section in &layout.sections {
        entry(section.id, u32::from(section.required), section.offset + moved, section.length);
    }
    let mut offset = file.len() + moved;
    for (id, &length) in (FIRST_UNKNOWN..).zip(lengths) {
        entry(id, 0, offset, length);
        offset += length;
    }
    bytes.extend_from_slice(&file[HEADER_BYTES + known * INDEX_ENTRY_BYTES..]);
    bytes.resize(total, 0);
    Ok(bytes)
}
