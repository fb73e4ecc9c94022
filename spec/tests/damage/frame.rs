//! Damage to header, index and the frame of sections.

use super::{Case, case, minimal};
use crate::common::container::Part;
use limosa_spec::DecodeRule as Rule;
use limosa_spec::format::Section;
use limosa_spec::reseal;

fn header(rule: Rule, file: Vec<u8>) -> Case {
    Case { rule, section: None, file }
}

/// The minimal file with one byte set, resealed if that is possible.
fn edited(offset: usize, byte: u8) -> Vec<u8> {
    let mut file = minimal().seal();
    file[offset] = byte;
    let _ = reseal(&mut file);
    file
}

/// The minimal file with a section added.
fn with_part(id: u32, flags: u32) -> Vec<u8> {
    let mut container = minimal();
    let place = container.parts.partition_point(|part| part.id < id);
    container.parts.insert(place, Part { id, flags, contents: vec![1, 2, 3] });
    container.seal()
}

fn without(section: Section) -> Vec<u8> {
    let mut container = minimal();
    container.remove(section);
    container.seal()
}

pub fn cases() -> Vec<Case> {
    let file = minimal().seal();
    let mut swapped = minimal();
    swapped.parts.swap(0, 1);
    let mut twice = minimal();
    twice.parts.push(twice.parts[1].clone());
    let mut broken_hash = file.clone();
    broken_hash[16] ^= 1;
    let mut optional = minimal();
    optional.parts[0].flags = 0;
    vec![
        header(Rule::Magic, Vec::new()),
        header(Rule::Magic, b"\0asm\x01\0\0\0".to_vec()),
        header(Rule::VersionMajor, edited(4, 2)),
        header(Rule::VersionMajor, edited(4, 0)),
        header(Rule::Truncated, file[..6].to_vec()),
        header(Rule::FileLength, file[..file.len() - 1].to_vec()),
        header(Rule::FileLength, [&file[..], &[0]].concat()),
        header(Rule::SectionOrder, swapped.seal()),
        header(Rule::SectionOrder, twice.seal()),
        header(Rule::SectionOrder, with_part(0, 0)),
        header(Rule::SectionFlags, optional.seal()),
        header(Rule::SectionFlags, with_part(11, 2)),
        header(Rule::SectionFlags, with_part(10, 1)),
        header(Rule::SectionUnknown, with_part(11, 1)),
        // Offset of the first section, length of the second, and an index that says more sections than there are.
        header(Rule::SectionBounds, edited(48 + 8, 81)),
        header(Rule::SectionBounds, edited(48 + 16 + 12, 2)),
        header(Rule::SectionBounds, edited(48 + 16 + 12, 4)),
        header(Rule::SectionBounds, edited(48 + 16 + 15, 0xff)),
        header(Rule::SectionBounds, edited(12, 1)),
        header(Rule::Hash, broken_hash),
        case(Rule::SectionMissing, Section::Manifest, without(Section::Manifest)),
        case(Rule::SectionMissing, Section::Strings, without(Section::Strings)),
    ]
}
