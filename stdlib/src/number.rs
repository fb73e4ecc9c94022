//! Numbers as text and back, without regard to language or country. The results are part of what a program can rely on, so they are
//! defined here and nowhere else.
//!
//! - Integers: `-`, if below zero, and decimal digits.
//! - Floats: the shortest digits that read back as the same number of the same width; always with a `.` or an exponent. From 10^16 on
//!   and below 10^-4 with an exponent (`1e16`, `2.5e-7`), else plain (`1.0`, `-0.0`, `0.1`). Then there are `inf`, `-inf` and `nan`.
//! - Parsing takes the whole text or nothing: no spaces, no underscores, no prefixes.

use limosa::ShortText;
use std::fmt::{self, Write};

/// Digits behind the point that [`fixed`] gives at most.
pub(crate) const MAX_DIGITS: i32 = 100;

/// What is known to be short as text.
pub(crate) fn short(arguments: fmt::Arguments<'_>) -> ShortText {
    let mut text = ShortText::default();
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok(), "{arguments}");
    text
}

/// An integer as text.
#[inline]
pub(crate) fn integer_text(value: impl itoa::Integer) -> ShortText {
    let text = ShortText::new(itoa::Buffer::new().format(value));
    debug_assert!(text.is_some(), "64 bits have 20 digits");
    text.unwrap_or_default()
}

/// An `f64` as text.
pub(crate) fn f64_text(value: f64) -> ShortText {
    if value.is_nan() { short(format_args!("nan")) } else { short(format_args!("{value:?}")) }
}

/// An `f32` as text.
pub(crate) fn f32_text(value: f32) -> ShortText {
    if value.is_nan() { short(format_args!("nan")) } else { short(format_args!("{value:?}")) }
}

/// An `f64` with exactly `digits` digits behind the point, rounded from its exact value, ties to even. None if `digits` is not in
/// `0..=100`.
pub(crate) fn fixed(value: f64, digits: i32) -> Option<String> {
    let digits = usize::try_from(digits).ok().filter(|_| digits <= MAX_DIGITS)?;
    let mut text = String::new();
    if value.is_finite() {
        let _ = write!(text, "{value:.digits$}");
    } else {
        text.push_str(&f64_text(value));
    }
    Some(text)
}

/// The integer a text stands for: an optional sign and decimal digits, in range.
pub(crate) fn parse_i64(text: &str) -> Option<i64> {
    // The standard library takes exactly this form.
    text.parse().ok()
}

/// The number a text stands for: an optional sign, then `inf`, or digits, optionally `.` and digits, optionally `e` or `E`, an optional
/// sign and digits; or `nan`. Rounded to the nearest, ties to even; too large a number is `inf`.
pub(crate) fn parse_f64(text: &str) -> Option<f64> {
    if text == "nan" {
        return Some(f64::NAN);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    (unsigned == "inf" || is_decimal(unsigned)).then(|| text.parse().ok())?
}

fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let unsigned = |exponent: &str| is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    is_digits(whole) && fraction.is_none_or(is_digits) && exponent.is_none_or(unsigned)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn floats_are_shortest_and_always_look_like_floats() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100.0"),
            (1e15, "1000000000000000.0"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (1e16, "1e16"),
            (1.5e300, "1.5e300"),
            (0.0001, "0.0001"),
            (0.00001, "1e-5"),
            (2.5e-7, "2.5e-7"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
        ] {
            assert_eq!(*f64_text(value), *text);
        }
    }

    #[test]
    fn narrow_floats_have_their_own_shortest_form() {
        assert_eq!(*f32_text(0.1), *"0.1");
        assert_eq!(*f32_text(16_777_216.0), *"16777216.0");
        assert_eq!(*f32_text(3.402_823_5e38), *"3.4028235e38");
        assert_eq!(*f32_text(f32::NAN), *"nan");
    }

    #[test]
    fn fixed_rounds_the_exact_value() {
        for (value, digits, text) in [
            (0.5, 0, "0"),
            (1.5, 0, "2"),
            (2.5, 0, "2"),
            (2.675, 2, "2.67"),
            (1.0, 3, "1.000"),
            (-0.001, 2, "-0.00"),
            (1e21, 1, "1000000000000000000000.0"),
            (f64::NEG_INFINITY, 2, "-inf"),
            (f64::NAN, 2, "nan"),
        ] {
            assert_eq!(fixed(value, digits).as_deref(), Some(text));
        }
        assert_eq!(fixed(1.0, -1), None);
        assert_eq!(fixed(1.0, 101), None);
        assert_eq!(fixed(1.0, 100).map(|text| text.len()), Some(102));
    }

    #[test]
    fn integers_are_parsed_strictly() {
        for (text, value) in [("0", 0), ("-0", 0), ("+7", 7), ("007", 7), ("-9223372036854775808", i64::MIN)] {
            assert_eq!(parse_i64(text), Some(value), "{text}");
        }
        for text in ["", "-", "+", " 1", "1 ", "1_000", "0x10", "1.0", "9223372036854775808", "١"] {
            assert_eq!(parse_i64(text), None, "{text}");
        }
    }

    #[test]
    fn floats_are_parsed_strictly() {
        for (text, value) in [
            ("0", 0.0),
            ("-1", -1.0),
            ("+1.5", 1.5),
            ("1e3", 1000.0),
            ("1.25E-2", 0.0125),
            ("1e999", f64::INFINITY),
            ("1e-999", 0.0),
            ("inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
        ] {
            assert_eq!(parse_f64(text), Some(value), "{text}");
        }
        assert!(parse_f64("nan").is_some_and(f64::is_nan));
        for text in [
            "", ".", "1.", ".5", "e5", "1e", "1e+", "1e5.0", "--1", " 1", "1 ", "0x1", "Inf", "infinity", "NaN", "-nan", "+nan", "1_0",
            "1f", "-",
        ] {
            assert_eq!(parse_f64(text), None, "{text}");
        }
    }

    #[test]
    fn long_texts_are_parsed_exactly() {
        let one = format!("1{}e-100000", "0".repeat(100_000));
        assert_eq!(parse_f64(&one), Some(1.0));
        let half_way = format!("9007199254740993.{}1", "0".repeat(2000));
        assert_eq!(parse_f64(&half_way), Some(9_007_199_254_740_994.0));
    }

    proptest! {
        #[test]
        fn every_float_reads_back(bits: u64) {
            let value = f64::from_bits(bits);
            let text = f64_text(value);
            let back = parse_f64(&text).expect("own form");
            prop_assert!(back.to_bits() == bits || value.is_nan() && back.is_nan());
            prop_assert!(value.is_nan() || value.is_infinite() || text.contains(['.', 'e']));
        }

        #[test]
        fn every_narrow_float_reads_back(bits: u32) {
            let value = f32::from_bits(bits);
            let back: Option<f32> = f32_text(value).parse().ok();
            prop_assert!(back.is_some_and(|back| back.to_bits() == bits || value.is_nan() && back.is_nan()));
        }
    }
}
