//! Damage to code and debug information.

use super::{Case, case, with};
use limosa_spec::format::Section::{self, Code, Debug, Functions, Types};
use limosa_spec::{DecodeRule as Rule, Opcode, decode};

/// No locals, no constants, no handlers, one `ret` without values.
pub const SMALL: [u8; 6] = [0, 0, 0, 1, 0x8d, 0];

/// No strings, no files, no lines, no register names.
pub const SMALL_DEBUG: [u8; 4] = [0, 0, 0, 0];

/// A module with one function without parameters and this body.
pub fn with_body(body: &[u8]) -> Vec<u8> {
    with_bodies(&[body])
}

fn functions(bodies: &[&[u8]]) -> Vec<u8> {
    let mut functions = vec![bodies.len() as u8];
    bodies.iter().for_each(|body| functions.extend([0, 64, body.len() as u8]));
    functions
}

fn with_bodies(bodies: &[&[u8]]) -> Vec<u8> {
    with(&[(Types, &[1, 3, 0, 0]), (Functions, &functions(bodies)), (Code, &bodies.concat())])
}

/// A module with one function of one register and two instructions, and this debug section.
pub fn with_debug(debug: &[u8]) -> Vec<u8> {
    let body: &[u8] = &[1, 1, 0, 0, 0, 2, 0x4a, 0, 0x8d, 0];
    with(&[(Types, &[1, 3, 0, 0]), (Functions, &functions(&[body])), (Code, body), (Debug, debug)])
}

fn body(rule: Rule, bytes: &[u8]) -> Case {
    case(rule, Code, with_body(bytes))
}

fn debug(rule: Rule, bytes: &[u8]) -> Case {
    case(rule, Debug, with_debug(bytes))
}

fn code_cases() -> Vec<Case> {
    let ret = Opcode::Ret.code() as u8;
    let jump = Opcode::Jump.code() as u8;
    let small_functions: &[u8] = &[1, 0, 64, 6];
    let sections = |code: &[u8]| with(&[(Types, &[1, 3, 0, 0]), (Functions, small_functions), (Code, code)]);
    vec![
        body(Rule::Truncated, &[]),
        body(Rule::Truncated, &[0, 0, 0, 2, ret, 0]),
        body(Rule::Truncated, &[0, 0, 0, 1, ret]),
        body(Rule::Truncated, &[0, 0, 0, 1, ret, 9]),
        body(Rule::Truncated, &[0, 0, 0, 1, ret, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        body(Rule::Truncated, &[0, 0, 0, 1, 0xff]),
        case(Rule::BodySize, Code, sections(&SMALL[..5])),
        case(Rule::BodySize, Code, sections(&[&SMALL[..], &[0]].concat())),
        body(Rule::BodySize, &[0, 0, 0, 1, ret, 0, 0]),
        body(Rule::LocalsRuns, &[1, 0, 0, 0, 0, 1, ret, 0]),
        body(Rule::LocalsRuns, &[2, 1, 0, 2, 0, 0, 0, 1, ret, 0]),
        body(Rule::Tag, &[0, 1, 6, 0, 0, 1, ret, 0]),
        body(Rule::Tag, &[0, 1, 5, 0, 0, 1, ret, 1, 0]),
        body(Rule::ConstantNan, &[0, 1, 2, 0, 0, 0xc0, 0xff, 0, 1, ret, 1, 0]),
        body(Rule::ConstantDuplicate, &[0, 2, 0, 5, 0, 5, 0, 1, ret, 2, 0, 1]),
        body(Rule::ConstantDuplicate, &[0, 10, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 4, 0, 1, ret, 0]),
        body(Rule::ConstantUnused, &[0, 1, 0, 5, 0, 1, ret, 0]),
        body(Rule::ConstantOrder, &[0, 2, 0, 5, 0, 6, 0, 1, ret, 2, 1, 0]),
        body(Rule::ConstantIndex, &[0, 1, 0, 5, 0, 1, ret, 2, 0, 1]),
        body(Rule::ConstantIndex, &[1, 1, 0, 0, 0, 1, 0x00, 0, 1]),
        body(Rule::ConstantIndex, &[0, 0, 0, 1, ret, 1, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        body(Rule::Opcode, &[0, 0, 0, 1, 0x8f, 0]),
        body(Rule::Opcode, &[0, 0, 0, 1, 0xff, 0xff]),
        body(Rule::LebMinimal, &[0, 0, 0, 1, ret, 0x80, 0]),
        body(Rule::LebMinimal, &[0, 0, 0, 1, jump, 0x80, 0]),
        body(Rule::LebMinimal, &[0, 0, 0, 1, jump, 0xff, 0x7f]),
        body(Rule::LebOverflow, &[0, 0, 0, 1, ret, 0xff, 0xff, 0xff, 0xff, 0x1f]),
        body(Rule::LabelRange, &[0, 0, 0, 1, jump, 0x7f]),
        body(Rule::LabelRange, &[0, 0, 0, 1, jump, 0x80, 0x80, 0x80, 0x80, 0x10]),
        body(Rule::StringIndex, &[1, 1, 9, 0, 0, 1, 0x05, 0, 7]),
        body(Rule::TypeIndex, &[1, 1, 9, 0, 0, 1, 0x70, 0, 0x80, 1]),
    ]
}

fn debug_cases() -> Vec<Case> {
    // One file; a table of line entries for it.
    let lines = |entries: &[u8]| [&[1, 1, b'f', 1], entries, &[0]].concat();
    vec![
        debug(Rule::Truncated, &[]),
        debug(Rule::Truncated, &[0, 0, 0]),
        debug(Rule::Truncated, &[0, 0, 200, 1]),
        debug(Rule::SectionTrailing, &[0, 0, 0, 0, 0]),
        debug(Rule::Utf8, &[1, 1, 0xff, 1, 0, 0]),
        debug(Rule::LebMinimal, &[0x80, 0, 0, 0, 0]),
        debug(Rule::StringIndex, &[0, 1, 0, 0]),
        debug(Rule::StringIndex, &[0, 0, 0, 1, 0, 0]),
        debug(Rule::StringDuplicate, &[2, 1, b'f', 1, b'f', 1, 1, 0, 0, 1, 1, 0, 1]),
        debug(Rule::StringUnused, &[1, 1, b'f', 0, 0, 0]),
        debug(Rule::StringOrder, &[2, 1, b'f', 1, b'g', 0, 0, 1, 0, 1]),
        debug(Rule::DebugFile, &lines(&[0])),
        debug(Rule::DebugFile, &lines(&[1, 0, 1, 1])),
        debug(Rule::DebugLine, &lines(&[1, 0, 0, 0])),
        debug(Rule::DebugLine, &lines(&[1, 0, 0, 0x7f])),
        debug(Rule::DebugLine, &lines(&[1, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x10])),
        debug(Rule::DebugLine, &lines(&[1, 2, 0, 1])),
        debug(Rule::DebugLine, &lines(&[2, 0, 0, 1, 1, 0, 1])),
        debug(Rule::DebugLine, &lines(&[2, 0, 0, 1, 0, 0, 0])),
        debug(Rule::DebugRegister, &[1, 1, b'x', 0, 0, 1, 1, 0]),
        debug(Rule::DebugRegister, &[1, 1, b'x', 0, 0, 2, 0, 0, 0, 0]),
    ]
}

pub fn cases() -> Vec<Case> {
    code_cases().into_iter().chain(debug_cases()).collect()
}

#[test]
fn an_error_in_code_names_function_and_offset() {
    let file = with_bodies(&[&SMALL, &[0, 0, 0, 2, 0x8d, 0, 0x8f, 0]]);
    let error = decode(&file).expect_err("0x8f is no opcode");
    let code = limosa_spec::Layout::read(&file).expect("the frame is good").section(Section::Code).expect("there is code").offset;
    assert_eq!((error.rule, error.function.as_deref(), error.offset), (Rule::Opcode, Some("m"), code + 6 + 6));
    assert_eq!(error.to_string(), format!("code section, function m, offset {:#x}: 0x8f is not an opcode [opcode]", code + 12));
}

#[test]
fn an_error_of_numbering_in_code_names_the_instruction() {
    let second: &[u8] = &[0, 2, 0, 5, 0, 6, 0, 2, 0x4a, 0, 0x8d, 2, 1, 0];
    let file = with_bodies(&[&SMALL, second]);
    let error = decode(&file).expect_err("the constants are out of order");
    let code = limosa_spec::Layout::read(&file).expect("the frame is good").section(Section::Code).expect("there is code").offset;
    assert_eq!((error.rule, error.function.as_deref(), error.offset), (Rule::ConstantOrder, Some("m"), code + 6 + 10));
}
