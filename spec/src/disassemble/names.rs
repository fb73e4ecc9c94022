//! Names as the text form writes them: plain where possible, in backticks where not.

use std::fmt::Write;

use crate::types::Type;
use crate::well_known::WellKnown;

/// The words that cannot be names without backticks.
pub const RESERVED: [&str; 5] = ["fn", "fiber", "null", "inf", "nan"];

/// The type that a word names in every module: a number, storage or reference type, or a well-known class.
#[must_use]
pub fn built_in_type(name: &str) -> Option<Type> {
    Some(match name {
        "i32" => Type::I32,
        "i64" => Type::I64,
        "f32" => Type::F32,
        "f64" => Type::F64,
        "i8" => Type::I8,
        "u8" => Type::U8,
        "i16" => Type::I16,
        "u16" => Type::U16,
        "any" => Type::ANY,
        "str" => Type::STR,
        _ => Type::well_known(WellKnown::from_name(name)?),
    })
}

/// Whether a part of a name needs no backticks: a letter, `_` or `$`, then letters, digits, `_` and `$`.
#[must_use]
pub fn is_plain(part: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$';
    let mut bytes = part.bytes();
    bytes.next().is_some_and(letter) && bytes.all(|byte| letter(byte) || byte.is_ascii_digit())
}

/// Whether a name, dots and all, needs no backticks.
#[must_use]
pub fn is_plain_path(name: &str) -> bool {
    name.split('.').all(is_plain) && !RESERVED.contains(&name)
}

/// Appends a name: plain parts joined by dots, or one part in backticks.
pub fn write_name(out: &mut String, name: &str) {
    if is_plain_path(name) {
        out.push_str(name);
    } else {
        write_quoted(out, name, '`');
    }
}

/// Appends the last part of a path: a name that is one part even if it has dots.
pub fn write_part(out: &mut String, part: &str) {
    if is_plain(part) && !RESERVED.contains(&part) {
        out.push_str(part);
    } else {
        write_quoted(out, part, '`');
    }
}

/// Appends a name in backticks.
pub fn write_quoted_name(out: &mut String, name: &str) {
    write_quoted(out, name, '`');
}

/// Appends a string with its quotes, escaped.
pub fn write_string(out: &mut String, text: &str) {
    write_quoted(out, text, '"');
}

fn write_quoted(out: &mut String, text: &str, quote: char) {
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_shown(c) => out.push(c),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
    }
    out.push(quote);
}

/// Whether a character is written as itself: not controls, nor what would change how the line is read, such as bidirectional marks.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c as u32, 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}
