//! Damaged files: each rule of the format has a file that breaks it and nothing before it, and no damage at all makes the decoder panic.

#[path = "../common/mod.rs"]
mod common;

mod bodies;
mod everywhere;
mod frame;
mod limits;
mod numbering;
mod tables;

use common::container::Container;
use limosa_spec::format::Section;
use limosa_spec::{DecodeRule, decode};
use std::collections::BTreeSet;

/// A file, the rule it breaks, and the section in which.
pub struct Case {
    /// The rule.
    pub rule: DecodeRule,
    /// The section; none for the header.
    pub section: Option<Section>,
    /// The file.
    pub file: Vec<u8>,
}

/// A case in a section.
pub fn case(rule: DecodeRule, section: Section, file: Vec<u8>) -> Case {
    Case { rule, section: Some(section), file }
}

/// A module with a name and nothing else.
pub fn minimal() -> Container {
    let mut container = Container { parts: Vec::new() };
    container.section(Section::Manifest).extend([0, 0, 0, 0, 0, 0]);
    container.section(Section::Strings).extend([1, 1, b'm']);
    container
}

/// The minimal module with other contents of some sections.
pub fn with(edits: &[(Section, &[u8])]) -> Vec<u8> {
    let mut container = minimal();
    for (section, contents) in edits {
        *container.section(*section) = contents.to_vec();
    }
    container.seal()
}

#[test]
fn the_base_of_the_cases_is_good() {
    assert!(decode(&minimal().seal()).is_ok());
    assert!(decode(&bodies::with_body(&bodies::SMALL)).is_ok());
    assert!(decode(&bodies::with_debug(&bodies::SMALL_DEBUG)).is_ok());
}

#[test]
fn each_rule_of_the_format_refuses_its_file() {
    let mut provoked = BTreeSet::new();
    let cases = [frame::cases(), tables::cases(), numbering::cases(), bodies::cases(), limits::cases()];
    for (number, case) in cases.into_iter().flatten().enumerate() {
        let Err(error) = decode(&case.file) else {
            panic!("case {number} for {} is accepted", case.rule);
        };
        assert_eq!((error.rule, error.section), (case.rule, case.section), "case {number}: {error}");
        assert!(error.offset <= case.file.len(), "case {number}: {error}");
        provoked.insert(case.rule);
    }
    let missing: Vec<_> = DecodeRule::ALL.iter().filter(|rule| !provoked.contains(rule)).collect();
    assert_eq!(missing, Vec::<&DecodeRule>::new(), "rules without a case");
}

#[test]
fn rule_names_are_unique_kebab_case() {
    let ids: BTreeSet<_> = DecodeRule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(ids.len(), DecodeRule::ALL.len());
    let kebab = |id: &&str| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    assert!(ids.iter().all(kebab));
}
