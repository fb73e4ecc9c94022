//! Damage to the contents of the tables: manifest, strings, types, imports, functions, globals, data, exports.

use super::{Case, case, with};
use limosa_spec::DecodeRule as Rule;
use limosa_spec::format::Section::{self, Code, Data, Exports, Functions, Globals, Imports, Manifest, Strings, Types};

/// A case in which one section of the minimal module has other contents.
fn one(rule: Rule, section: Section, contents: &[u8]) -> Case {
    case(rule, section, with(&[(section, contents)]))
}

/// Cases that hold for every section with a count in front: no entries, entries that are not there, an endless count, bytes left over.
fn counted(section: Section, entry: &[u8]) -> Vec<Case> {
    let whole = [&[1], entry].concat();
    let mut cases = vec![
        one(Rule::Truncated, section, &[]),
        one(Rule::Truncated, section, &whole[..whole.len() - 1]),
        one(Rule::Truncated, section, &[&[3], entry].concat()),
        one(Rule::LebMinimal, section, &[&[0x81, 0], entry].concat()),
        one(Rule::LebOverflow, section, &[0xff, 0xff, 0xff, 0xff, 0x7f]),
        one(Rule::SectionTrailing, section, &[&whole[..], &[0]].concat()),
    ];
    if section != Strings {
        cases.push(one(Rule::SectionEmpty, section, &[0]));
    }
    cases
}

fn by_section() -> Vec<Case> {
    vec![
        one(Rule::Truncated, Manifest, &[0, 0, 0, 0]),
        one(Rule::Truncated, Manifest, &[0, 0, 0, 0, 0, 2, 0]),
        one(Rule::LebMinimal, Manifest, &[0, 0x80, 0, 0, 0, 0, 0]),
        one(Rule::LebOverflow, Manifest, &[0, 0xff, 0xff, 0xff, 0xff, 0x10, 0, 0, 0, 0]),
        one(Rule::SectionTrailing, Manifest, &[0, 0, 0, 0, 0, 0, 0]),
        one(Rule::Utf8, Strings, &[1, 1, 0xff]),
        one(Rule::Utf8, Strings, &[1, 3, 0xed, 0xa0, 0x80]),
        one(Rule::Truncated, Strings, &[1, 9, b'm']),
        one(Rule::Tag, Types, &[1, 5, 0]),
        one(Rule::Flags, Types, &[1, 0, 0x10, 0, 0, 0, 0]),
        one(Rule::Flags, Types, &[1, 1, 2, 0, 0, 0]),
        one(Rule::Flags, Types, &[1, 1, 0, 0, 0, 1, 0, 64, 4]),
        one(Rule::Tag, Globals, &[1, 0, 0, 6, 0]),
        one(Rule::LebOverflow, Globals, &[1, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x08]),
        one(Rule::LebMinimal, Globals, &[1, 0, 0, 1, 0xff, 0x7f]),
        one(Rule::Truncated, Globals, &[1, 0, 2, 2, 0, 0, 0]),
        one(Rule::ConstantNan, Globals, &[1, 0, 2, 2, 1, 0, 0xc0, 0x7f]),
        one(Rule::ConstantNan, Globals, &[1, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0xf8, 0xff]),
        one(Rule::Truncated, Data, &[1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        one(Rule::Tag, Exports, &[1, 0, 2, 0]),
        case(Rule::SectionMissing, Code, with(&[(Types, &[1, 3, 0, 0]), (Functions, &[1, 0, 64, 1])])),
        case(Rule::SectionMissing, Code, with(&[(Code, &[0])])),
        case(Rule::TypeIndex, Functions, with(&[(Functions, &[1, 0, 64, 4]), (Code, &[0, 0, 0, 0])])),
        case(Rule::FunctionSignature, Code, with(&[(Functions, &[1, 0, 0, 4]), (Code, &[0, 0, 0, 0])])),
        case(Rule::FunctionSignature, Code, with(&[(Types, &[1, 2, 0]), (Functions, &[1, 0, 64, 4]), (Code, &[0, 0, 0, 0])])),
    ]
}

pub fn cases() -> Vec<Case> {
    let entries: &[(Section, &[u8])] = &[
        (Strings, &[1, b'm']),
        (Types, &[2, 0]),
        (Imports, &[0, 0, 64]),
        (Functions, &[0, 64, 1]),
        (Globals, &[0, 0, 0, 0]),
        (Data, &[0, 1, 7]),
        (Exports, &[0, 0, 0]),
    ];
    entries.iter().flat_map(|(section, entry)| counted(*section, entry)).chain(by_section()).collect()
}
