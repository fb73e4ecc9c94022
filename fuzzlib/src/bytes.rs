//! Bytes: files that are nearly none. Some are noise, most are a good file with changed bytes and a true hash.

use crate::choices::Choices;
use limosa_spec::{Layout, reseal};

/// Bytes that mean something in many places of a file.
const TELLING: [u8; 8] = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff, 64];

/// Makes a file; `files` are the good ones to start from.
#[must_use]
pub fn generate(choices: &mut Choices<'_>, files: &[Vec<u8>]) -> Vec<u8> {
    let kind = choices.below(16);
    let start = match choices.below(files.len()) {
        index if kind > 0 && !files.is_empty() => files[index].clone(),
        _ => return noise(choices),
    };
    let mut bytes = start;
    for _ in 0..=choices.below(8) {
        change(&mut bytes, choices, files);
    }
    // Without a true hash nothing behind it would be looked at.
    if !choices.chance(1, 16) {
        mend_lengths(&mut bytes);
        // What cannot be sealed is refused before the hash is.
        let _ = reseal(&mut bytes);
    }
    bytes
}

fn noise(choices: &mut Choices<'_>) -> Vec<u8> {
    let with_header = choices.chance(1, 2);
    let mut bytes = Vec::new();
    if with_header {
        bytes.extend(limosa_spec::format::MAGIC);
        bytes.extend([1, 0, 0, 0]);
    }
    while !choices.is_used_up() {
        bytes.push(choices.byte());
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, choices: &mut Choices<'_>, files: &[Vec<u8>]) {
    // The header is 48 bytes; most changes go behind it.
    let skip = if choices.chance(7, 8) { limosa_spec::format::HEADER_BYTES.min(bytes.len()) } else { 0 };
    let at = skip + choices.below(bytes.len() - skip);
    let end = (at + 1 + choices.below(12)).min(bytes.len());
    match choices.below(8) {
        0 | 1 if at < bytes.len() => bytes[at] ^= 1 << choices.below(8),
        2 | 3 if at < bytes.len() => bytes[at] = choices.pick(&TELLING).unwrap_or(0),
        4 if at < bytes.len() => bytes[at] = bytes[at].wrapping_add(choices.pick(&[1, 255, 2, 254]).unwrap_or(1)),
        5 => drop(bytes.drain(at.min(end)..end)),
        6 => {
            let copy = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = choices.below(bytes.len() + 1);
            drop(bytes.splice(to..to, copy));
        }
        _ => {
            let other = choices.below(files.len());
            let Some(other) = files.get(other) else { return };
            let from = choices.below(other.len());
            let piece = &other[from..(from + 1 + choices.below(64)).min(other.len())];
            let until = (at + if choices.chance(1, 2) { piece.len() } else { 0 }).min(bytes.len());
            drop(bytes.splice(at.min(until)..until, piece.iter().copied()));
        }
    }
}

/// Sets the length of the file, and that of its last section, to what they are.
fn mend_lengths(bytes: &mut [u8]) {
    use limosa_spec::format::{HASH_OFFSET, HEADER_BYTES, INDEX_ENTRY_BYTES};
    let length = bytes.len() as u32;
    let put = |bytes: &mut [u8], at: usize, number: u32| {
        if let Some(word) = bytes.get_mut(at..at + 4) {
            word.copy_from_slice(&number.to_le_bytes());
        }
    };
    let get = |bytes: &[u8], at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_le_bytes);
    put(bytes, HASH_OFFSET - 8, length);
    if Layout::read(bytes).is_ok() {
        return;
    }
    let sections = get(bytes, HASH_OFFSET - 4).clamp(1, 64) as usize;
    let last = HEADER_BYTES + (sections - 1) * INDEX_ENTRY_BYTES;
    let offset = get(bytes, last + 8);
    put(bytes, last + 12, length.saturating_sub(offset));
}
