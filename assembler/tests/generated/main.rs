//! Modules and texts made at random: modules go through text and back unchanged, and no text makes the assembler panic.

mod choices;
mod code;
mod module;

use choices::Choices;
use std::collections::BTreeSet;

use limosa_assembler::diagnostic::MAX_ERRORS;
use limosa_assembler::excerpt::WINDOW;
use limosa_assembler::{assemble_bytes, assemble_mapped, render};
use limosa_spec::disassemble::{Options, disassemble};
use limosa_spec::{Opcode, canonicalize, decode, encode, reseal};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

const TOUR: &str = include_str!("../fixtures/accepted/tour.vasm");

fn round_trip(bytes: &[u8]) {
    let mut module = module::module(&mut Choices::new(bytes));
    canonicalize(&mut module).unwrap();
    let encoded = encode(&module).unwrap();
    let module = decode(&encoded).unwrap();
    for debug in [true, false] {
        let text = disassemble(&module, Options { debug }).unwrap();
        let assembly = assemble_mapped("other/name.vasm", &text).unwrap_or_else(|diagnostics| panic!("{text}\n{diagnostics}"));
        let mut expected = module.clone();
        if !debug {
            expected.debug = None;
        }
        assert_eq!(assembly.module, expected, "{text}");
        assert_eq!(encode(&assembly.module).unwrap(), encode(&expected).unwrap());
        assert_eq!(disassemble(&assembly.module, Options::default()).unwrap(), text);
    }
}

/// Bytes that differ from seed to seed.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn the_modules_made_hold_every_instruction_of_the_table() {
    let mut seen = BTreeSet::new();
    for seed in 0..600 {
        let module = module::module(&mut Choices::new(&noise(seed, 1500)));
        seen.extend(module.functions.iter().flat_map(|function| &function.body.code.instructions).map(|made| made.opcode));
    }
    let missing: Vec<&str> = Opcode::ALL.iter().filter(|opcode| !seen.contains(opcode)).map(|opcode| opcode.mnemonic()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Pieces that mean something, to be put where they mean nothing.
const PIECES: [&str; 40] = [
    "func ",
    "class ",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "!",
    "->",
    ",",
    ":",
    ";",
    "\n",
    "\"",
    "`",
    "'",
    "\\",
    "//",
    "= ",
    ".line ",
    "fn(",
    "fiber(",
    "null",
    "var ",
    "catch ",
    "from ",
    "1e999",
    "0x",
    "-",
    "\u{0}",
    "é",
    "import ",
    "abstract ",
    "call ",
    "add.i64 ",
    "\t",
    "module m\n",
    ".",
    "r0",
];

/// Changes a text in a few places.
fn damage(text: &str, choices: &mut Choices<'_>) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=choices.below(6) {
        let at = choices.below((text.len() + 1).min(65536));
        let end = (at + choices.below(12)).min(text.len());
        match choices.below(4) {
            0 => drop(text.drain(at..end)),
            1 => drop(text.splice(at..at, choices.pick(&PIECES).unwrap_or("").chars())),
            2 => {
                let copy = text[at..end].to_vec();
                let to = choices.below((text.len() + 1).min(65536));
                drop(text.splice(to..to, copy));
            }
            _ => text.truncate(text.len() - choices.below(20).min(text.len())),
        }
    }
    text.into_iter().collect()
}

fn assemble_whatever(source: &[u8]) {
    match assemble_bytes("text.vasm", source) {
        Ok(assembly) => {
            let text = disassemble(&assembly.module, Options::default()).unwrap();
            assert!(assemble_mapped("text.vasm", &text).is_ok(), "{text}");
            if let (Err(error), Ok(source)) = (limosa_spec::verify(assembly.module), std::str::from_utf8(source)) {
                let shown = assembly.map.explain(&error, "text.vasm", source);
                assert!(!render::plain(&shown).is_empty());
            }
        }
        Err(diagnostics) => {
            assert!(diagnostics.errors() > 0);
            assert!(diagnostics.list.len() <= 2 * MAX_ERRORS);
            for diagnostic in &diagnostics.list {
                assert!(diagnostic.place.line > 0 && diagnostic.place.column > 0 && diagnostic.place.width > 0);
                assert!(diagnostic.place.excerpt.width() <= WINDOW);
            }
            assert_eq!(render::json(&diagnostics).lines().count(), diagnostics.list.len());
            assert!(!render::plain(&diagnostics).contains('\x1b'));
            assert!(render::colour(&diagnostics).contains('\x1b'));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn modules_go_through_text_and_back(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        round_trip(&bytes);
    }

    #[test]
    fn damaged_modules_are_written_as_they_are_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        changes in prop::collection::vec(any::<(u16, u8)>(), 1..4),
    ) {
        let mut module = module::module(&mut Choices::new(&bytes));
        canonicalize(&mut module).unwrap();
        let mut encoded = encode(&module).unwrap();
        for (place, value) in changes {
            let place = usize::from(place) % encoded.len();
            encoded[place] = value;
        }
        if reseal(&mut encoded).is_ok() && let Ok(damaged) = decode(&encoded) {
            let text = disassemble(&damaged, Options::default()).unwrap();
            if let Ok(assembly) = assemble_mapped("text.vasm", &text) {
                prop_assert_eq!(assembly.module, damaged, "{}", text);
            }
        }
    }

    #[test]
    fn damaged_texts_are_told_about(bytes in prop::collection::vec(any::<u8>(), 0..600), changes in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut module = module::module(&mut Choices::new(&bytes));
        canonicalize(&mut module).unwrap();
        let text = disassemble(&module, Options::default()).unwrap();
        assemble_whatever(damage(&text, &mut Choices::new(&changes)).as_bytes());
        assemble_whatever(damage(TOUR, &mut Choices::new(&changes)).as_bytes());
    }

    #[test]
    fn bytes_are_told_about(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assemble_whatever(&bytes);
        let pieces: String = bytes.iter().map(|&byte| PIECES[usize::from(byte) % PIECES.len()]).collect();
        assemble_whatever(pieces.as_bytes());
    }
}
