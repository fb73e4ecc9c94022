//! `std.fmt`: numbers as text and back, without regard to language or country.

use super::Shape::{F32, F64, I32, I64, Text};
use super::{Call, Given, HostFunction, thrown};
use crate::failure::Stop;
use limosa_spec::WellKnown;

/// Digits behind the point that `f64_fixed` gives at most.
const MOST_DIGITS: i32 = 100;

/// A function that gives a text for a number.
macro_rules! text_of {
    ($name:literal, $shape:ident, $ty:ident, $value:ident => $text:expr) => {
        HostFunction {
            module: "std.fmt",
            name: $name,
            parameters: &[$shape],
            results: &[Text],
            run: |call| {
                let $value: $ty = call.number(0)?;
                Ok(vec![Given::Text($text)])
            },
        }
    };
}

/// The functions of the module.
pub static FUNCTIONS: &[HostFunction] = &[
    text_of!("i32", I32, i32, value => value.to_string()),
    text_of!("i64", I64, i64, value => value.to_string()),
    text_of!("u64", I64, i64, value => (value as u64).to_string()),
    text_of!("hex", I64, i64, value => format!("{value:x}")),
    // The shortest digits that read back as the same number, always with a point or an exponent: the debug form of Rust's floats.
    text_of!("f32", F32, f32, value => if value.is_nan() { "nan".to_owned() } else { format!("{value:?}") }),
    text_of!("f64", F64, f64, value => shortest(value)),
    HostFunction { module: "std.fmt", name: "f64_fixed", parameters: &[F64, I32], results: &[Text], run: fixed },
    HostFunction { module: "std.fmt", name: "char", parameters: &[I32], results: &[Text], run: character },
    HostFunction {
        module: "std.fmt",
        name: "parse_i64",
        parameters: &[Text],
        results: &[I32, I64],
        run: |call| {
            let number: Option<i64> = charged_text(call)?.parse().ok();
            Ok(vec![Given::I32(number.is_some().into()), Given::I64(number.unwrap_or(0))])
        },
    },
    HostFunction {
        module: "std.fmt",
        name: "parse_f64",
        parameters: &[Text],
        results: &[I32, F64],
        run: |call| {
            let number = parse(&charged_text(call)?);
            Ok(vec![Given::I32(number.is_some().into()), Given::F64(number.unwrap_or(0.0))])
        },
    },
];

fn shortest(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{value:?}") }
}

fn fixed(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (value, digits): (f64, i32) = (call.number(0)?, call.number(1)?);
    if !(0..=MOST_DIGITS).contains(&digits) {
        return thrown(WellKnown::IndexError, format!("{digits} digits; there may be 0 to {MOST_DIGITS}"));
    }
    let digits = digits as usize;
    Ok(vec![Given::Text(if value.is_finite() { format!("{value:.digits$}") } else { shortest(value) })])
}

fn character(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let code = call.number::<i32>(0)? as u32;
    match char::from_u32(code) {
        Some(character) => Ok(vec![Given::Text(character.to_string())]),
        None => thrown(WellKnown::EncodingError, format!("{code:#x} is no character")),
    }
}

/// The text to be parsed, after its bytes were charged for.
fn charged_text(call: &mut Call<'_, '_>) -> Result<String, Stop> {
    let text = call.text(0)?;
    call.charge(text.len())?;
    Ok(text.to_string())
}

/// `nan`, or an optional sign and `inf` or a decimal number: digits, perhaps a point and digits, perhaps an exponent.
fn parse(text: &str) -> Option<f64> {
    if text == "nan" {
        return Some(f64::NAN);
    }
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest != "inf" {
        rest = digits(rest)?;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = digits(fraction)?;
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            rest = digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))?;
        }
        if !rest.is_empty() {
            return None;
        }
    }
    text.parse().ok()
}

/// What is behind the digits at the start of a text, of which there must be one.
fn digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn floats_are_parsed_whole_or_not_at_all() {
        for (text, value) in [("0", 0.0), ("-1.5e3", -1500.0), ("+2E-1", 0.2), ("1e999", f64::INFINITY), ("-inf", f64::NEG_INFINITY)] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in ["", "+", ".5", "5.", "1e", "1e+", "1.5.5", " 1", "1 ", "Inf", "infinity", "-nan", "0x1", "1_0"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
