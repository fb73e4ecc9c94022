//! The written specification agrees with the crate: pages that are made from its tables are up to date, and the example of the module
//! format is what the encoder writes. `BLESS=1` writes the generated pages anew.

#[path = "../common/mod.rs"]
mod common;

mod example;
mod instructions;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the book.
fn chapter(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(chapter(name)).unwrap_or_default()
}

/// Compares a page with what it should be, or writes it.
fn check(name: &str, expected: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(chapter(name), expected).expect("the book is writable");
    }
    let found = read(name);
    let differs = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    assert!(found == expected, "{name} is out of date from line {:?} on; run the test with BLESS=1", differs.map(|line| line + 1));
}

#[test]
fn the_instruction_reference_is_up_to_date() {
    check("instructions.md", &instructions::page());
}

#[test]
fn the_well_known_classes_are_up_to_date() {
    check("well-known-classes.md", &pages::well_known_classes());
}

#[test]
fn the_rules_of_the_format_are_up_to_date() {
    check("format-rules.md", &pages::format_rules());
}

#[test]
fn the_limits_are_up_to_date() {
    check("limits.md", &pages::limits());
}

#[test]
fn the_chapters_of_the_summary_exist_and_no_others() {
    let summary = read("SUMMARY.md");
    let mut listed: Vec<&str> = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    listed.push("SUMMARY.md");
    listed.sort_unstable();
    let entries = fs::read_dir(chapter("")).expect("the book is there");
    let mut found: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    found.sort_unstable();
    assert_eq!(found, listed);
}

#[test]
fn links_between_chapters_lead_somewhere() {
    for entry in fs::read_dir(chapter("")).expect("the book is there").flatten() {
        let text = fs::read_to_string(entry.path()).expect("chapters are text");
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for target in targets.filter(|target| target.ends_with(".md")) {
            assert!(chapter(target).exists(), "{} links to {target}", entry.path().display());
        }
    }
}
