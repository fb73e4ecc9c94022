//! `std.fmt`: numbers as text and back.
//!
//! | function | what it does |
//! |---|---|
//! | `i32(i32) -> str!`, `i64(i64) -> str!` | decimal |
//! | `u64(i64) -> str!` | decimal, of the bits as a number without sign |
//! | `f32(f32) -> str!`, `f64(f64) -> str!` | the shortest text that reads back as the same number: `1.0`, `0.1`, `1e16`, `2.5e-7`, `-0.0`, `inf`, `-inf`, `nan` |
//! | `f64_fixed(f64, i32) -> str!` | with so many digits, 0 to 100, behind the point; the exact value is rounded, ties to even |
//! | `hex(i64) -> str!` | hexadecimal, of the bits as a number without sign: `0`, `ff`, `ffffffffffffffff` |
//! | `char(i32) -> str!` | the character with this code point; an `EncodingError` if there is none |
//! | `parse_i64(str!) -> (i32, i64)` | 1 and the number, or 0 and 0 |
//! | `parse_f64(str!) -> (i32, f64)` | 1 and the number, or 0 and 0.0 |
//!
//! `f32` and `f64` always give a `.` or an exponent, which stands from 10^16 on and below 10^-4. `parse_i64` takes an optional `+` or `-`
//! and decimal digits, within range. `parse_f64` takes an optional `+` or `-` and then `inf`, or digits, optionally `.` and digits,
//! optionally `e` or `E`, an optional sign and digits; or `nan`. Both take the whole text or nothing: spaces are not skipped.

use super::Installed;
use crate::number::{self, MAX_DIGITS};
use crate::state::HasStd;
use limosa::spec::WellKnown;
use limosa::{Cx, Host, HostError, ShortText};

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.fmt", "i32", |_: &mut Cx<T>, value: i32| number::integer_text(value))?;
    host.func("std.fmt", "i64", |_: &mut Cx<T>, value: i64| number::integer_text(value))?;
    host.func("std.fmt", "u64", |_: &mut Cx<T>, value: u64| number::integer_text(value))?;
    host.func("std.fmt", "f32", |_: &mut Cx<T>, value: f32| number::f32_text(value))?;
    host.func("std.fmt", "f64", |_: &mut Cx<T>, value: f64| number::f64_text(value))?;
    host.func("std.fmt", "f64_fixed", |_: &mut Cx<T>, value: f64, digits: i32| -> Result<String, HostError> {
        let out_of_range = || HostError::throw(WellKnown::IndexError, format!("{digits} digits; there may be 0 to {MAX_DIGITS}"));
        number::fixed(value, digits).ok_or_else(out_of_range)
    })?;
    host.func("std.fmt", "hex", |_: &mut Cx<T>, value: u64| number::short(format_args!("{value:x}")))?;
    host.func("std.fmt", "char", |_: &mut Cx<T>, code: u32| -> Result<ShortText, HostError> {
        let no_character = || HostError::throw(WellKnown::EncodingError, format!("{code:#x} is no character"));
        char::from_u32(code).map(|char| number::short(format_args!("{char}"))).ok_or_else(no_character)
    })?;
    host.func("std.fmt", "parse_i64", |cx: &mut Cx<T>, text: &str| -> Result<(bool, i64), HostError> {
        cx.charge_bytes(text.len())?;
        let value = number::parse_i64(text);
        Ok((value.is_some(), value.unwrap_or_default()))
    })?;
    host.func("std.fmt", "parse_f64", |cx: &mut Cx<T>, text: &str| -> Result<(bool, f64), HostError> {
        cx.charge_bytes(text.len())?;
        let value = number::parse_f64(text);
        Ok((value.is_some(), value.unwrap_or_default()))
    })?;
    Ok(())
}
