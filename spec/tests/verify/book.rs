//! The chapter on verification lists every rule, and every instruction under its typing rule; `BLESS=1` writes the lists anew.

use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, TypingRule};
use std::collections::BTreeSet;
use std::path::Path;

const CHAPTER: &str = "book/src/verification.md";
const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// The lines of a list by what its marker names: `rules`, or typing rules.
fn generated(subject: &str) -> Vec<String> {
    if subject == "rules" {
        let rows = Rule::ALL.iter().map(|rule| format!("| `{}` | {} |", rule.id(), rule.description().trim()));
        return ["| rule | demands |", "|---|---|"].map(String::from).into_iter().chain(rows).collect();
    }
    let is_listed = |opcode: &&Opcode| subject.split(' ').any(|rule| rule == name(opcode.typing()));
    let mnemonics: Vec<String> = Opcode::ALL.iter().filter(is_listed).map(|opcode| format!("`{}`", opcode.mnemonic())).collect();
    assert!(!mnemonics.is_empty(), "{subject} is no typing rule");
    vec![mnemonics.join(" ")]
}

fn name(rule: TypingRule) -> String {
    format!("{rule:?}")
}

#[test]
fn the_chapter_lists_all_rules_and_instructions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHAPTER);
    let found = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = found.lines();
    let mut expected = String::new();
    let mut typing_rules = BTreeSet::new();
    while let Some(line) = lines.next() {
        expected += &format!("{line}\n");
        let Some(subject) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        typing_rules.extend(subject.split(' ').map(String::from));
        expected.extend(generated(subject).iter().map(|line| format!("{line}\n")));
        assert!(lines.any(|line| line == END), "the list of {subject} has no end");
        expected += &format!("{END}\n");
    }
    for &opcode in Opcode::ALL {
        assert!(typing_rules.contains(&name(opcode.typing())), "{opcode:?} is not listed");
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let differs = found.lines().zip(expected.lines()).position(|(one, other)| one != other);
    assert!(found == expected, "{CHAPTER} is out of date from line {differs:?} on; run the test with BLESS=1");
}
