//! Sizes on the command line: `65536`, `64K`, `64M`, `2G`.

/// Reads a number with an optional `K`, `M` or `G` (1024 each, either case, also as `KiB` or `KB`).
pub fn parse(text: &str) -> Result<usize, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err("expected a number, optionally with K, M or G, such as 64M".to_owned()),
    };
    let number: usize = match number {
        "" => return Err("expected a number, optionally with K, M or G, such as 64M".to_owned()),
        digits => digits.parse().map_err(|_| "the number is too large".to_owned())?,
    };
    number.checked_mul(1 << shift).ok_or_else(|| "the number is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn units_are_powers_of_1024() {
        for (text, size) in [("0", 0), ("65536", 65536), ("64K", 65536), ("64k", 65536), ("3MiB", 3 << 20), ("2G", 2 << 30), ("7b", 7)] {
            assert_eq!(parse(text), Ok(size), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_told() {
        for text in ["", "M", "-1", "+1", "1.5M", "1 M", "1T", "0x10", "64MM", "99999999999999999999", "99999999999G", "１"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
