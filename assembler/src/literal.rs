//! Numbers, strings, characters and names: from the text of a token to its value.

use std::borrow::Cow;

/// Why a literal has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralError {
    /// It is not of the form it looks like.
    Malformed(&'static str),
    /// It has a fraction or an exponent and an integer is needed.
    NotAnInteger,
    /// It is hexadecimal, octal or binary and a float is needed.
    NotAFloat,
    /// It does not fit the type.
    OutOfRange,
}

/// An escape that is wrong: where in the token, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscapeError {
    /// The first byte, counted from the start of the token.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// The value of an integer literal as sign and magnitude.
fn integer(text: &str) -> Result<(bool, u64), LiteralError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        _ => (10, digits),
    };
    if matches!(digits, "inf" | "nan") {
        return Err(LiteralError::NotAnInteger);
    }
    if digits.is_empty() {
        return Err(LiteralError::Malformed("there are no digits"));
    }
    let mut value: u64 = 0;
    let mut overflow = false;
    for c in digits.chars().filter(|&c| c != '_') {
        let Some(digit) = c.to_digit(radix) else {
            let float = radix == 10 && is_float(digits);
            return Err(if float { LiteralError::NotAnInteger } else { LiteralError::Malformed(bad_digit(radix)) });
        };
        let next = value.checked_mul(u64::from(radix)).and_then(|value| value.checked_add(u64::from(digit)));
        overflow |= next.is_none();
        value = next.unwrap_or(0);
    }
    if overflow { Err(LiteralError::OutOfRange) } else { Ok((negative, value)) }
}

fn bad_digit(radix: u32) -> &'static str {
    match radix {
        16 => "a hexadecimal number has the digits 0 to 9 and a to f",
        8 => "an octal number has the digits 0 to 7",
        2 => "a binary number has the digits 0 and 1",
        _ => "a number has digits, at most one point with digits on both sides, and an exponent after `e`",
    }
}

/// Whether it is digits with a fraction or an exponent or both.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) && part.bytes().all(|c| c.is_ascii_digit() || c == b'_');
    let fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(mantissa),
    };
    fits && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The value of an integer literal as an `i32`; unsigned ones up to 2^32 - 1 wrap.
pub fn i32(text: &str) -> Result<i32, LiteralError> {
    match integer(text)? {
        (true, magnitude) if magnitude <= 1 << 31 => Ok((magnitude as u32).wrapping_neg() as i32),
        (false, magnitude) => u32::try_from(magnitude).map(|value| value as i32).map_err(|_| LiteralError::OutOfRange),
        _ => Err(LiteralError::OutOfRange),
    }
}

/// The value of an integer literal as an `i64`; unsigned ones up to 2^64 - 1 wrap.
pub fn i64(text: &str) -> Result<i64, LiteralError> {
    match integer(text)? {
        (true, magnitude) if magnitude <= 1 << 63 => Ok(magnitude.wrapping_neg() as i64),
        (false, magnitude) => Ok(magnitude as i64),
        _ => Err(LiteralError::OutOfRange),
    }
}

/// The digits of a float literal without underscores, or the value of a special one.
fn float<T: From<f32>>(text: &str, parse: impl Fn(&str) -> T, is_infinite: impl Fn(&T) -> bool) -> Result<T, LiteralError> {
    match text {
        "inf" | "+inf" => return Ok(T::from(f32::INFINITY)),
        "-inf" => return Ok(T::from(f32::NEG_INFINITY)),
        "nan" => return Ok(T::from(f32::NAN)),
        "-nan" | "+nan" => return Err(LiteralError::Malformed("there is only one nan, without a sign")),
        _ => {}
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_float(digits) {
        let integer = integer(text).is_ok() || matches!(digits.get(..2), Some("0x" | "0X" | "0b" | "0B" | "0o" | "0O"));
        return Err(if integer { LiteralError::NotAFloat } else { LiteralError::Malformed(bad_digit(10)) });
    }
    let value = if text.contains('_') { parse(&text.replace('_', "")) } else { parse(text) };
    if is_infinite(&value) { Err(LiteralError::OutOfRange) } else { Ok(value) }
}

/// The value of a float literal as an `f32`, rounded once.
pub fn f32(text: &str) -> Result<f32, LiteralError> {
    let value: f32 = float(text, |digits| digits.parse().unwrap_or(f32::NAN), |value: &f32| value.is_infinite())?;
    Ok(if value.is_nan() { f32::from_bits(0x7fc0_0000) } else { value })
}

/// The value of a float literal as an `f64`.
pub fn f64(text: &str) -> Result<f64, LiteralError> {
    let value: f64 = float(text, |digits| digits.parse().unwrap_or(f64::NAN), |value: &f64| value.is_infinite())?;
    Ok(if value.is_nan() { f64::from_bits(0x7ff8_0000_0000_0000) } else { value })
}

/// The bytes of a string literal or a quoted part, quotes included.
pub fn bytes(text: &str) -> Result<Vec<u8>, EscapeError> {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    let mut out = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(found) = inner[at..].find('\\') {
        out.extend_from_slice(&inner.as_bytes()[at..at + found]);
        let start = at + found;
        let length = escape(&inner[start..], &mut out).map_err(|(length, reason)| EscapeError {
            start: start + 1,
            end: start + 1 + length,
            reason,
        })?;
        at = start + length;
    }
    out.extend_from_slice(&inner.as_bytes()[at..]);
    Ok(out)
}

/// Appends what the escape at the start of `text` stands for and gives its length; the length of what is wrong and why otherwise.
fn escape(text: &str, out: &mut Vec<u8>) -> Result<usize, (usize, &'static str)> {
    let simple = match text.as_bytes().get(1) {
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'0') => 0,
        Some(&byte @ (b'\\' | b'"' | b'\'' | b'`')) => byte,
        Some(b'x') => {
            let digits = text.get(2..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            out.push(byte.ok_or((2, "`\\x` needs two hexadecimal digits"))?);
            return Ok(4);
        }
        Some(b'u') => {
            let (length, c) = unicode(&text[2..]).ok_or((2, "`\\u` needs the number of a character in braces, such as `\\u{e9}`"))?;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(2 + length);
        }
        _ => {
            let length = 1 + text[1..].chars().next().map_or(0, char::len_utf8);
            return Err((length, "there is no such escape"));
        }
    };
    out.push(simple);
    Ok(2)
}

fn unicode(text: &str) -> Option<(usize, char)> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    let digits = &inner[..end];
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
    Some((end + 2, c))
}

/// The text of a string literal or a quoted part.
pub fn string(text: &str) -> Result<String, EscapeError> {
    let whole = EscapeError { start: 0, end: text.len(), reason: "the bytes are not UTF-8, so they cannot be text" };
    String::from_utf8(bytes(text)?).map_err(|_| whole)
}

/// The character of a character literal.
pub fn character(text: &str) -> Result<char, EscapeError> {
    let value = string(text)?;
    let mut chars = value.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(EscapeError { start: 0, end: text.len(), reason: "there must be exactly one character" }),
    }
}

/// A name: its parts joined by dots, without backticks and escapes.
pub fn name(text: &str) -> Result<Cow<'_, str>, EscapeError> {
    if !text.contains('`') {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let end = part_end(text, at);
        match text[at..].starts_with('`') {
            true => out.push_str(&string(&text[at..end]).map_err(|error| EscapeError {
                start: error.start + at,
                end: error.end + at,
                reason: error.reason,
            })?),
            false => out.push_str(&text[at..end]),
        }
        if end < text.len() {
            out.push('.');
        }
        at = end + 1;
    }
    Ok(Cow::Owned(out))
}

/// The end of the part of a name that begins at `at`.
fn part_end(text: &str, at: usize) -> usize {
    if !text[at..].starts_with('`') {
        return text[at..].find('.').map_or(text.len(), |dot| at + dot);
    }
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'`' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    (end + 1).min(text.len())
}

/// Cuts a name before its last part: `a.b.c` into `a.b` and the rest from `c` on. None if it has one part.
pub fn split_last(text: &str) -> Option<(&str, &str)> {
    let mut last = 0;
    let mut at = 0;
    while at < text.len() {
        last = at;
        at = part_end(text, at) + 1;
    }
    (last > 0).then(|| (&text[..last - 1], &text[last..]))
}

/// Why hexadecimal data is wrong: the byte of the token, and the reason.
pub type HexError = (usize, &'static str);

/// The bytes of a string of hexadecimal digits, quotes included; blanks between bytes are passed over.
pub fn hex(text: &str, out: &mut Vec<u8>) -> Result<(), HexError> {
    let mut high: Option<u8> = None;
    for (at, byte) in text.bytes().enumerate().skip(1).take(text.len().saturating_sub(2)) {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            b' ' | b'\t' | b'_' if high.is_none() => continue,
            b' ' | b'\t' | b'_' => return Err((at, "a byte is two digits; here is only one")),
            _ => return Err((at, "this is no hexadecimal digit")),
        };
        high = match high {
            Some(high) => {
                out.push(high << 4 | digit);
                None
            }
            None => Some(digit),
        };
    }
    if high.is_some() { Err((text.len().saturating_sub(2), "a byte is two digits; here is only one")) } else { Ok(()) }
}
