//! `std.str`: work on text. Positions are byte offsets; one that is not within the text throws an `IndexError`, one inside a character an
//! `EncodingError`.
//!
//! | function | what it does |
//! |---|---|
//! | `find(str!, str!, i64) -> i64` | where the second text is first found in the first, from an offset on; -1 if nowhere |
//! | `replace(str!, str!, str!) -> str!` | the first text with all occurrences of the second, from left to right, replaced by the third |
//! | `trim(str!) -> str!` | without white space (as Unicode defines it) at both ends |
//! | `to_upper(str!) -> str!`, `to_lower(str!) -> str!` | in upper or lower case, as Unicode defines it for no language in particular |
//! | `split(str!, str!) -> [str]!` | the parts between separators, empty ones included |
//! | `join([str]!, str!) -> str!` | the texts with a separator between them; a null among them throws a `NullError` |
//! | `repeat(str!, i64) -> str!` | so many times the text |
//! | `char_at(str!, i64) -> i32` | the code point of the character at an offset |
//! | `char_len(str!, i64) -> i64` | the bytes of the character at an offset |
//! | `count_chars(str!) -> i64` | the number of characters (code points) |
//!
//! An empty text is found at every offset by `find`, and nowhere by `replace` and `split`. A result too long for the heap throws an
//! `OutOfMemory` before anything is done.

use super::Installed;
use crate::state::HasStd;
use crate::text;
use limosa::spec::WellKnown;
use limosa::{Cx, Host, HostError, Texts};

/// Bytes a string takes in the heap beside its text, at least.
const STRING_OVERHEAD: usize = 20;

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.str", "find", |cx: &mut Cx<T>, text: &str, needle: &str, from: i64| -> Result<i64, HostError> {
        let place = text::find(text, needle, from)?;
        let end = if place < 0 { text.len() } else { place as usize };
        cx.charge_done(end.saturating_sub(from as usize));
        Ok(place)
    })?;
    host.func("std.str", "replace", |cx: &mut Cx<T>, text: &str, old: &str, new: &str| -> Result<String, HostError> {
        cx.charge_bytes(text.len())?;
        let result = text::replace(text, old, new, cx.data().std().longest())?;
        cx.charge_done(result.len());
        Ok(result)
    })?;
    host.func("std.str", "trim", |cx: &mut Cx<T>, text: &str| charged(cx, text, |text| text.trim().to_owned()))?;
    host.func("std.str", "to_upper", |cx: &mut Cx<T>, text: &str| charged(cx, text, str::to_uppercase))?;
    host.func("std.str", "to_lower", |cx: &mut Cx<T>, text: &str| charged(cx, text, str::to_lowercase))?;
    host.func("std.str", "split", split::<T>)?;
    host.func("std.str", "join", join::<T>)?;
    host.func("std.str", "repeat", |cx: &mut Cx<T>, text: &str, count: i64| -> Result<String, HostError> {
        let length = text::repeated_length(text, count, cx.data().std().longest())?;
        cx.charge_bytes(length)?;
        Ok(text.repeat(if text.is_empty() { 0 } else { length / text.len() }))
    })?;
    host.func("std.str", "char_at", |_: &mut Cx<T>, text: &str, offset: i64| -> Result<u32, HostError> {
        Ok(u32::from(text::char_at(text, offset)?))
    })?;
    host.func("std.str", "char_len", |_: &mut Cx<T>, text: &str, offset: i64| -> Result<i64, HostError> {
        Ok(text::char_at(text, offset)?.len_utf8() as i64)
    })?;
    host.func("std.str", "count_chars", |cx: &mut Cx<T>, text: &str| charged(cx, text, |text| text.chars().count() as i64))?;
    Ok(())
}

/// Work that touches a text once.
fn charged<T: HasStd, R>(cx: &mut Cx<'_, T>, text: &str, work: impl FnOnce(&str) -> R) -> Result<R, HostError> {
    cx.charge_bytes(text.len())?;
    Ok(work(text))
}

fn split<T: HasStd>(cx: &mut Cx<'_, T>, text: &str, separator: &str) -> Result<Vec<String>, HostError> {
    cx.charge_bytes(text.len())?;
    let parts = text::count_parts(text, separator);
    let longest = cx.data().std().longest();
    if parts.saturating_mul(STRING_OVERHEAD) > longest {
        return Err(HostError::throw(WellKnown::OutOfMemory, format!("{parts} parts do not fit into {longest} bytes")));
    }
    cx.charge_bytes(parts * STRING_OVERHEAD)?;
    Ok(text::split(text, separator).map(str::to_owned).collect())
}

fn join<T: HasStd>(cx: &mut Cx<'_, T>, parts: Texts<'_>, separator: &str) -> Result<String, HostError> {
    if let Some(index) = parts.iter().position(|part| part.is_none()) {
        return Err(HostError::throw(WellKnown::NullError, format!("element {index} of the texts to join is null")));
    }
    let texts = || parts.iter().flatten();
    let length = text::joined_length(texts(), separator, cx.data().std().longest())?;
    cx.charge_bytes(length + 4 * parts.len())?;
    let mut joined = String::with_capacity(length);
    for (index, part) in texts().enumerate() {
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(part);
    }
    Ok(joined)
}
