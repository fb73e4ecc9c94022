//! Texts with what is expected of them inside: after the text, each line of `//| ` is a line of what the assembler, or after it the
//! verifier, has to say. Set `BLESS=1` to write what it says now.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use limosa_assembler::{Code, Diagnostics, assemble_mapped};
use limosa_spec::disassemble::{Options, disassemble};
use limosa_spec::{Module, decode, encode, verify};
use unicode_width::UnicodeWidthStr;

const MARK: &str = "//| ";

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{}", folder.display());
    paths
}

/// The text of a fixture, and what is expected of it.
fn split(fixture: &str) -> (&str, String) {
    let at = fixture.lines().take_while(|line| !line.starts_with(MARK.trim_end())).map(|line| line.len() + 1).sum::<usize>();
    let at = at.min(fixture.len());
    let expected = fixture[at..].lines().map(|line| format!("{}\n", line.strip_prefix(MARK).unwrap_or("")));
    (&fixture[..at], expected.collect())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// What is wrong with a text, the verifier's refusal included.
fn diagnose(name: &str, source: &str) -> Diagnostics {
    match assemble_mapped(name, source) {
        Err(diagnostics) => diagnostics,
        Ok(assembly) => match verify(assembly.module) {
            Ok(_) => assembly.warnings,
            Err(error) => assembly.map.explain(&error, name, source),
        },
    }
}

#[test]
fn errors_are_told_as_the_fixtures_say() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut seen = BTreeSet::new();
    let mut failures = Vec::new();
    let paths = fixtures("errors");
    assert!(paths.len() >= 60);
    for path in &paths {
        let fixture = fs::read_to_string(path).unwrap();
        let (source, expected) = split(&fixture);
        let diagnostics = diagnose(&name(path), source);
        assert!(!diagnostics.is_empty(), "{}: nothing is wrong with it", name(path));
        seen.extend(diagnostics.list.iter().map(|diagnostic| diagnostic.code));
        let found = diagnostics.to_string();
        if found != expected {
            if bless {
                let lines = found.lines().map(|line| format!("{MARK}{line}").trim_end().to_owned() + "\n");
                fs::write(path, format!("{source}{}", lines.collect::<String>())).unwrap();
            } else {
                failures.push(format!("{}:\n--- expected\n{expected}--- found\n{found}", name(path)));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // Those that no fixture can show have tests of their own.
    seen.extend([Code::TooLarge, Code::InvalidUtf8]);
    let missing: Vec<&str> = Code::ALL.iter().filter(|code| !seen.contains(code)).map(|code| code.name()).collect();
    assert!(missing.is_empty(), "no fixture shows {missing:?}");
}

#[test]
fn no_excerpt_is_wider_than_a_terminal() {
    for path in fixtures("errors") {
        let fixture = fs::read_to_string(&path).unwrap();
        let rendered = diagnose(&name(&path), split(&fixture).0).to_string();
        for line in rendered.lines().filter(|line| line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()).starts_with('|')) {
            assert!(line.width() <= 160, "{}: {line}", name(&path));
        }
    }
}

#[test]
fn accepted_texts_are_verified_without_a_warning() {
    for path in fixtures("accepted") {
        let source = fs::read_to_string(&path).unwrap();
        let diagnostics = diagnose(&name(&path), &source);
        assert!(diagnostics.is_empty(), "{}:\n{diagnostics}", name(&path));
    }
}

fn assembled(name: &str, source: &str) -> Module {
    match assemble_mapped(name, source) {
        Ok(assembly) => assembly.module,
        Err(diagnostics) => panic!("{source}\n{diagnostics}"),
    }
}

fn text(module: &Module, debug: bool) -> String {
    disassemble(module, Options { debug }).unwrap()
}

#[test]
fn accepted_texts_go_through_bytes_and_back() {
    for path in fixtures("accepted") {
        let source = fs::read_to_string(&path).unwrap();
        let bytes = encode(&assembled(&name(&path), &source)).unwrap();
        let printed = text(&decode(&bytes).unwrap(), true);
        let again = assembled("another.vasm", &printed);
        assert!(encode(&again).unwrap() == bytes, "{}: other bytes from\n{printed}", name(&path));
        assert_eq!(text(&again, true), printed);

        let mut stripped = decode(&bytes).unwrap();
        stripped.debug = None;
        let printed = text(&stripped, true);
        assert_eq!(printed, text(&decode(&bytes).unwrap(), false));
        assert!(encode(&assembled("another.vasm", &printed)).unwrap() == encode(&stripped).unwrap());
    }
}
