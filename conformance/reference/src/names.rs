//! How types are spelled (chapter *Text format*, *Types*), in messages and by `std.reflect.type_name`, and where long names are cut
//! (chapter *Execution*, *Names in messages*).

use crate::program::{Kind, Program, Signature, Slot, TypeId};

/// Bytes after which the name of an array, function or fiber type is cut.
const TYPE_BYTES: usize = 400;
/// Bytes after which the name of a module, function, class or interface is cut.
const NAME_BYTES: usize = 200;

/// The name of a type.
#[must_use]
pub fn type_name(program: &Program, ty: TypeId) -> String {
    let mut out = String::new();
    spell(program, ty, &mut out);
    match program.types.kind(ty) {
        // Both parts of these are cut already.
        Kind::Class(_) | Kind::Interface(_) => out,
        _ => cut(&out, TYPE_BYTES),
    }
}

/// The name of a module, function, class or interface.
#[must_use]
pub fn name(text: &str) -> String {
    cut(text, NAME_BYTES)
}

/// At most so many bytes of a text, in whole characters, and a mark if there were more.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    format!("{}…", &text[..end])
}

/// Types nest to a limited depth, but may be long: what will be cut off is not written.
fn spell(program: &Program, ty: TypeId, out: &mut String) {
    if out.len() > TYPE_BYTES {
        return;
    }
    match program.types.kind(ty) {
        Kind::I32 => out.push_str("i32"),
        Kind::I64 => out.push_str("i64"),
        Kind::F32 => out.push_str("f32"),
        Kind::F64 => out.push_str("f64"),
        Kind::I8 => out.push_str("i8"),
        Kind::U8 => out.push_str("u8"),
        Kind::I16 => out.push_str("i16"),
        Kind::U16 => out.push_str("u16"),
        Kind::Any => out.push_str("any"),
        Kind::Str => out.push_str("str"),
        Kind::Class(class) => out.push_str(program.classes.get(*class).map_or("", |class| &class.name)),
        Kind::Interface(interface) => out.push_str(program.interfaces.get(*interface).map_or("", |interface| &interface.name)),
        Kind::Array(element) => {
            out.push('[');
            spell(program, *element, out);
            out.push(']');
        }
        Kind::Function(signature) => {
            out.push_str("fn");
            spell_signature(program, signature, out);
        }
        Kind::Fiber(signature) => {
            out.push_str("fiber");
            spell_signature(program, signature, out);
        }
        Kind::Reserved => out.push('?'),
    }
}

fn spell_signature(program: &Program, signature: &Signature, out: &mut String) {
    spell_list(program, &signature.parameters, out);
    match &signature.results[..] {
        [] => {}
        [result] => {
            out.push_str(" -> ");
            spell_slot(program, *result, out);
        }
        results => {
            out.push_str(" -> ");
            spell_list(program, results, out);
        }
    }
}

fn spell_list(program: &Program, slots: &[Slot], out: &mut String) {
    out.push('(');
    for (index, &slot) in slots.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        spell_slot(program, slot, out);
    }
    out.push(')');
}

fn spell_slot(program: &Program, slot: Slot, out: &mut String) {
    spell(program, slot.ty, out);
    if slot.non_null {
        out.push('!');
    }
}
