//! Types and names as messages show them: `[i64]`, `fn(i64) -> str`, `geo.Point`; never longer than a line, whatever the module says.

use crate::module::{Module, StringIndex};
use crate::types::{Parameter, Signature, Type, TypeDefinition, TypeKind};

/// A type's name is cut when it gets longer than this many bytes.
const TYPE_BYTES: usize = 160;
/// A name is cut after this many characters.
const NAME_CHARACTERS: usize = 64;

/// A string of the module as a message shows it: cut to a bearable length, control characters escaped.
pub(super) fn name(module: &Module, index: StringIndex) -> String {
    module.strings.get(index as usize).map_or_else(|| format!("string {index}"), |text| shorten(text))
}

/// A text of the module as a message shows it.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(NAME_CHARACTERS).flat_map(char::escape_debug).collect();
    if text.chars().nth(NAME_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}

/// The name of a type in the text form. Works for any module, verified or not; long names are cut.
#[must_use]
pub fn type_name(module: &Module, ty: Type) -> String {
    let mut out = String::new();
    write_type(module, ty, &mut out);
    out
}

/// A function type's parameters and results, as in `(i64, str!) -> f64`.
#[must_use]
pub fn signature_name(module: &Module, signature: &Signature) -> String {
    let mut out = String::new();
    write_signature(module, signature, &mut out);
    out
}

fn is_full(out: &str) -> bool {
    out.len() > TYPE_BYTES
}

fn write_type(module: &Module, ty: Type, out: &mut String) {
    if is_full(out) {
        out.push('…');
        return;
    }
    match ty.kind() {
        TypeKind::I32 => out.push_str("i32"),
        TypeKind::I64 => out.push_str("i64"),
        TypeKind::F32 => out.push_str("f32"),
        TypeKind::F64 => out.push_str("f64"),
        TypeKind::I8 => out.push_str("i8"),
        TypeKind::U8 => out.push_str("u8"),
        TypeKind::I16 => out.push_str("i16"),
        TypeKind::U16 => out.push_str("u16"),
        TypeKind::Any => out.push_str("any"),
        TypeKind::Str => out.push_str("str"),
        TypeKind::Null => out.push_str("null"),
        TypeKind::WellKnown(class) => out.push_str(class.name()),
        TypeKind::Reserved => *out += &format!("reserved type {}", ty.code()),
        TypeKind::Defined(index) => match module.types.get(index as usize) {
            Some(definition) => write_definition(module, definition, out),
            None => *out += &format!("type {index}"),
        },
    }
}

fn write_definition(module: &Module, definition: &TypeDefinition, out: &mut String) {
    match definition {
        TypeDefinition::Class(class) => write_named(module, class.import, class.name, out),
        TypeDefinition::Interface(interface) => write_named(module, interface.import, interface.name, out),
        TypeDefinition::Array(element) => {
            out.push('[');
            write_type(module, *element, out);
            out.push(']');
        }
        TypeDefinition::Function(signature) => {
            out.push_str("fn");
            write_signature(module, signature, out);
        }
        TypeDefinition::Fiber(signature) => {
            out.push_str("fiber");
            write_signature(module, signature, out);
        }
    }
}

fn write_named(module: &Module, import: Option<StringIndex>, own: StringIndex, out: &mut String) {
    if let Some(import) = import {
        *out += &name(module, import);
        out.push('.');
    }
    *out += &name(module, own);
}

fn write_signature(module: &Module, signature: &Signature, out: &mut String) {
    write_list(module, &signature.parameters, out);
    match &signature.results[..] {
        [] => {}
        [result] => {
            out.push_str(" -> ");
            write_parameter(module, *result, out);
        }
        results => {
            out.push_str(" -> ");
            write_list(module, results, out);
        }
    }
}

fn write_list(module: &Module, parameters: &[Parameter], out: &mut String) {
    out.push('(');
    for (position, &parameter) in parameters.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        if is_full(out) {
            out.push('…');
            break;
        }
        write_parameter(module, parameter, out);
    }
    out.push(')');
}

fn write_parameter(module: &Module, parameter: Parameter, out: &mut String) {
    write_type(module, parameter.ty, out);
    if parameter.non_null {
        out.push('!');
    }
}
