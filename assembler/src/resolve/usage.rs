//! Instructions in words: how one is written, and which one is meant by a word that names none.

use std::fmt::Write;

use limosa_spec::disassemble::{Form, Place};
use limosa_spec::{Opcode, OperandRole, RegisterKind};

/// The instruction that is meant by a word that names it elsewhere.
pub(super) fn instruction_meant(word: &str) -> Option<&'static str> {
    Some(match word {
        "return" => "ret",
        "goto" | "jmp" | "br" | "b" => "jump",
        "const" | "move" => "mov.i64",
        "load" => "global.get",
        "store" => "global.set",
        "raise" => "throw",
        "yield" => "fiber.yield",
        "resume" => "fiber.resume",
        "instanceof" => "is",
        _ => return None,
    })
}

/// The instructions that are the word and a type, such as `add.i32`.
pub(super) fn variants(word: &str) -> String {
    let is_variant =
        |mnemonic: &&str| mnemonic.strip_prefix(word).is_some_and(|rest| rest.starts_with('.') && rest.matches('.').count() == 1);
    let found: Vec<String> =
        Opcode::ALL.iter().map(|opcode| opcode.mnemonic()).filter(is_variant).map(|mnemonic| format!("`{mnemonic}`")).collect();
    found.join(", ")
}

/// How an instruction is written.
pub(super) fn usage(opcode: Opcode, form: &Form) -> String {
    let mut out = opcode.mnemonic().to_owned();
    for (index, place) in form.places().iter().enumerate() {
        let separator = if index == 0 { " " } else { ", " };
        let _ = write!(out, "{separator}{}", usage_of(*place));
    }
    out
}

fn usage_of(place: Place) -> &'static str {
    match place {
        Place::Results => "results…",
        Place::Values => "values…",
        Place::Group => "(values…)",
        Place::Callee(OperandRole::Function) => "function(arguments…)",
        Place::Callee(OperandRole::Method) => "Type.method(receiver, arguments…)",
        Place::Callee(_) => "register(arguments…)",
        Place::One(OperandRole::Def(_)) => "register",
        Place::One(OperandRole::Use(RegisterKind::I32)) => "i32",
        Place::One(OperandRole::Use(RegisterKind::I64)) => "i64",
        Place::One(OperandRole::Use(RegisterKind::F32)) => "f32",
        Place::One(OperandRole::Use(RegisterKind::F64)) => "f64",
        Place::One(OperandRole::Use(RegisterKind::Ref)) => "reference",
        Place::One(OperandRole::Use(RegisterKind::Any)) => "value",
        Place::One(OperandRole::Label) => "label",
        Place::One(OperandRole::Labels) => "[labels…]",
        Place::One(OperandRole::Type) => "type",
        Place::One(OperandRole::Field) => "Class.field",
        Place::One(OperandRole::Global) => "global",
        Place::One(OperandRole::String) => "\"string\"",
        Place::One(OperandRole::Data) => "data",
        Place::One(OperandRole::Function | OperandRole::Method | OperandRole::Defs | OperandRole::Uses) => "callee",
    }
}
