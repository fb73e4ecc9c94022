//! `std.str`: work on text. Positions are byte offsets.

use super::Shape::{I32, I64, Text, Texts};
use super::{Call, Given, HostFunction, thrown};
use crate::failure::Stop;
use limosa_spec::WellKnown;

/// Bytes that `split` counts for each part.
const PART_BYTES: usize = 20;

macro_rules! functions {
    ($($name:literal ($($parameter:ident),*) -> $result:ident = $run:expr;)*) => {
        /// The functions of the module.
        pub static FUNCTIONS: &[HostFunction] =
            &[$(HostFunction { module: "std.str", name: $name, parameters: &[$($parameter),*], results: &[$result], run: $run },)*];
    };
}
functions! {
    "find" (Text, Text, I64) -> I64 = find;
    "replace" (Text, Text, Text) -> Text = replace;
    "trim" (Text) -> Text = |call| charged(call, |text| Given::Text(text.trim().to_owned()));
    "to_upper" (Text) -> Text = |call| charged(call, |text| Given::Text(text.to_uppercase()));
    "to_lower" (Text) -> Text = |call| charged(call, |text| Given::Text(text.to_lowercase()));
    "split" (Text, Text) -> Texts = split;
    "join" (Texts, Text) -> Text = join;
    "repeat" (Text, I64) -> Text = repeat;
    "char_at" (Text, I64) -> I32 = |call| Ok(vec![Given::I32(character(call)? as i32)]);
    "char_len" (Text, I64) -> I64 = |call| Ok(vec![Given::I64(character(call)?.len_utf8() as i64)]);
    "count_chars" (Text) -> I64 = |call| charged(call, |text| Given::I64(text.chars().count() as i64));
}

/// Work that goes over a text once.
fn charged(call: &mut Call<'_, '_>, work: impl FnOnce(&str) -> Given) -> Result<Vec<Given>, Stop> {
    let text = call.text(0)?;
    call.charge(text.len())?;
    Ok(vec![work(&text)])
}

/// What of a text is behind an offset, which may be its end.
fn behind(text: &str, offset: i64) -> Result<&str, Stop> {
    let start = usize::try_from(offset).ok().filter(|&start| start <= text.len());
    let Some(start) = start else { return thrown(WellKnown::IndexError, format!("offset {offset} in a text of {} bytes", text.len())) };
    match text.get(start..) {
        Some(rest) => Ok(rest),
        None => thrown(WellKnown::EncodingError, format!("offset {offset} is inside a character")),
    }
}

fn character(call: &mut Call<'_, '_>) -> Result<char, Stop> {
    let (text, offset): (_, i64) = (call.text(0)?, call.number(1)?);
    match behind(&text, offset)?.chars().next() {
        Some(character) => Ok(character),
        None => thrown(WellKnown::IndexError, format!("offset {offset} in a text of {} bytes", text.len())),
    }
}

fn too_long<T>(longest: usize) -> Result<T, Stop> {
    thrown(WellKnown::OutOfMemory, format!("the text would have more than {longest} bytes"))
}

/// Charges afterwards for what was searched.
fn find(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (text, wanted, from): (_, _, i64) = (call.text(0)?, call.text(1)?, call.number(2)?);
    let rest = behind(&text, from)?;
    let found = rest.find(&*wanted);
    call.charge_done(found.unwrap_or(rest.len()));
    Ok(vec![Given::I64(found.map_or(-1, |found| from + found as i64))])
}

fn replace(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (text, old, new) = (call.text(0)?, call.text(1)?, call.text(2)?);
    call.charge(text.len())?;
    let result = if old.is_empty() {
        text.to_string()
    } else {
        let count = text.matches(&*old).count();
        let longest = call.host().longest;
        let length = (text.len() - count * old.len()).saturating_add(count.saturating_mul(new.len()));
        if length > longest {
            return too_long(longest);
        }
        text.replace(&*old, &new)
    };
    call.charge_done(result.len());
    Ok(vec![Given::Text(result)])
}

fn split(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (text, separator) = (call.text(0)?, call.text(1)?);
    call.charge(text.len())?;
    let parts: Vec<&str> = if separator.is_empty() { vec![&*text] } else { text.split(&*separator).collect() };
    let longest = call.host().longest;
    if parts.len() * PART_BYTES > longest {
        return thrown(WellKnown::OutOfMemory, format!("{} parts do not fit into {longest} bytes", parts.len()));
    }
    call.charge(parts.len() * PART_BYTES)?;
    Ok(vec![Given::Texts(parts.into_iter().map(str::to_owned).collect())])
}

fn join(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (parts, separator) = (call.texts(0)?, call.text(1)?);
    if let Some(index) = parts.iter().position(Option::is_none) {
        return thrown(WellKnown::NullError, format!("element {index} of the texts to join is null"));
    }
    let texts: Vec<&str> = parts.iter().flatten().map(|text| &**text).collect();
    let separators = separator.len().saturating_mul(texts.len().saturating_sub(1));
    let length = texts.iter().map(|text| text.len()).fold(separators, usize::saturating_add);
    let longest = call.host().longest;
    if length > longest {
        return too_long(longest);
    }
    call.charge(length + 4 * texts.len())?;
    Ok(vec![Given::Text(texts.join(&*separator))])
}

fn repeat(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (text, count): (_, i64) = (call.text(0)?, call.number(1)?);
    let Ok(times) = usize::try_from(count) else { return thrown(WellKnown::NegativeSizeError, format!("a count of {count}")) };
    let longest = call.host().longest;
    match text.len().checked_mul(times).filter(|&length| length <= longest) {
        None => too_long(longest),
        Some(length) => {
            call.charge(length)?;
            Ok(vec![Given::Text(if text.is_empty() { String::new() } else { text.repeat(times) })])
        }
    }
}
