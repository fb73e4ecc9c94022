//! Work on text: positions are byte offsets, and texts are never cut inside a character.

use limosa::HostError;
use limosa::spec::WellKnown;

/// Why work on a text is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TextError {
    /// An offset is not within the text.
    OutOfRange {
        /// The offset.
        offset: i64,
        /// The bytes of the text.
        length: usize,
    },
    /// An offset is inside a character.
    InsideCharacter(i64),
    /// The result would be longer than this.
    TooLong(usize),
    /// A count is negative.
    NegativeCount(i64),
}

impl From<TextError> for HostError {
    fn from(error: TextError) -> HostError {
        let (class, message) = match error {
            TextError::OutOfRange { offset, length } => (WellKnown::IndexError, format!("offset {offset} in a text of {length} bytes")),
            TextError::InsideCharacter(offset) => (WellKnown::EncodingError, format!("offset {offset} is inside a character")),
            TextError::TooLong(limit) => (WellKnown::OutOfMemory, format!("the text would have more than {limit} bytes")),
            TextError::NegativeCount(count) => (WellKnown::NegativeSizeError, format!("a count of {count}")),
        };
        HostError::throw(class, message)
    }
}

/// The part of `text` from an offset on, which may be its end.
pub(crate) fn rest(text: &str, offset: i64) -> Result<&str, TextError> {
    let out_of_range = TextError::OutOfRange { offset, length: text.len() };
    let start = usize::try_from(offset).ok().filter(|&start| start <= text.len()).ok_or(out_of_range)?;
    text.get(start..).ok_or(TextError::InsideCharacter(offset))
}

/// The character at an offset, which is not the end.
pub(crate) fn char_at(text: &str, offset: i64) -> Result<char, TextError> {
    rest(text, offset)?.chars().next().ok_or(TextError::OutOfRange { offset, length: text.len() })
}

/// The offset of the first `needle` from an offset on; -1 if there is none.
pub(crate) fn find(text: &str, needle: &str, from: i64) -> Result<i64, TextError> {
    let place = match *needle.as_bytes() {
        [byte] => memchr::memchr(byte, rest(text, from)?.as_bytes()),
        _ => rest(text, from)?.find(needle),
    };
    Ok(place.map_or(-1, |place| from + place as i64))
}

/// `text` with every `old`, from left to right, replaced by `new`. An empty `old` is found nowhere.
pub(crate) fn replace(text: &str, old: &str, new: &str, limit: usize) -> Result<String, TextError> {
    if old.is_empty() {
        return Ok(text.to_owned());
    }
    let count = text.matches(old).count();
    let length = (text.len() - count * old.len()).checked_add(count.saturating_mul(new.len())).filter(|&length| length <= limit);
    let mut result = String::with_capacity(length.ok_or(TextError::TooLong(limit))?);
    for (index, part) in text.split(old).enumerate() {
        if index > 0 {
            result.push_str(new);
        }
        result.push_str(part);
    }
    Ok(result)
}

/// The bytes of `text` repeated, of which there may be `limit`.
pub(crate) fn repeated_length(text: &str, count: i64, limit: usize) -> Result<usize, TextError> {
    let times = usize::try_from(count).map_err(|_| TextError::NegativeCount(count))?;
    text.len().checked_mul(times).filter(|&length| length <= limit).ok_or(TextError::TooLong(limit))
}

/// How many parts [`split`] gives.
pub(crate) fn count_parts(text: &str, separator: &str) -> usize {
    if separator.is_empty() { 1 } else { text.matches(separator).count() + 1 }
}

/// The parts of `text` between separators, empty ones included. An empty separator is found nowhere.
pub(crate) fn split<'t>(text: &'t str, separator: &'t str) -> impl Iterator<Item = &'t str> {
    let whole = separator.is_empty().then_some(text);
    whole.into_iter().chain(text.split(separator).take(if separator.is_empty() { 0 } else { usize::MAX }))
}

/// The bytes of the texts joined, of which there may be `limit`.
pub(crate) fn joined_length<'t>(parts: impl Iterator<Item = &'t str>, separator: &str, limit: usize) -> Result<usize, TextError> {
    let mut length: usize = 0;
    for (index, part) in parts.enumerate() {
        let more = part.len() + if index > 0 { separator.len() } else { 0 };
        length = length.checked_add(more).filter(|&length| length <= limit).ok_or(TextError::TooLong(limit))?;
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 100;

    #[test]
    fn offsets_are_checked() {
        let text = "aé€";
        assert_eq!(char_at(text, 0), Ok('a'));
        assert_eq!(char_at(text, 1), Ok('é'));
        assert_eq!(char_at(text, 3), Ok('€'));
        assert_eq!(char_at(text, 2), Err(TextError::InsideCharacter(2)));
        for offset in [-1, 6, i64::MIN, i64::MAX] {
            assert_eq!(char_at(text, offset), Err(TextError::OutOfRange { offset, length: 6 }));
        }
        assert_eq!(rest(text, 6), Ok(""));
        assert!(rest(text, 7).is_err());
    }

    #[test]
    fn finding_counts_in_bytes_of_the_whole_text() {
        assert_eq!(find("abcabc", "c", 0), Ok(2));
        assert_eq!(find("abcabc", "c", 3), Ok(5));
        assert_eq!(find("abcabc", "ca", 1), Ok(2));
        assert_eq!(find("abcabc", "x", 0), Ok(-1));
        assert_eq!(find("éa", "a", 0), Ok(2));
        assert_eq!(find("abc", "", 3), Ok(3));
        assert_eq!(find("abc", "c", 3), Ok(-1));
        assert!(find("abc", "c", 4).is_err());
        assert!(find("é", "c", 1).is_err());
        assert!(find("abc", "c", -1).is_err());
    }

    #[test]
    fn replacing_is_from_left_to_right_and_bounded() {
        assert_eq!(replace("aaa", "aa", "b", LIMIT).as_deref(), Ok("ba"));
        assert_eq!(replace("a-b-", "-", "", LIMIT).as_deref(), Ok("ab"));
        assert_eq!(replace("abc", "", "x", LIMIT).as_deref(), Ok("abc"));
        assert_eq!(replace("", "a", "x", LIMIT).as_deref(), Ok(""));
        assert_eq!(replace("aaa", "a", "12345", 15).map(|text| text.len()), Ok(15));
        assert_eq!(replace("aaa", "a", "12345", 14), Err(TextError::TooLong(14)));
    }

    #[test]
    fn repeating_is_bounded() {
        assert_eq!(repeated_length("ab", 3, 6), Ok(6));
        assert_eq!(repeated_length("ab", 4, 6), Err(TextError::TooLong(6)));
        assert_eq!(repeated_length("ab", i64::MAX, 6), Err(TextError::TooLong(6)));
        assert_eq!(repeated_length("", i64::MAX, 6), Ok(0));
        assert_eq!(repeated_length("ab", -1, 6), Err(TextError::NegativeCount(-1)));
    }

    #[test]
    fn splitting_keeps_empty_parts() {
        for (text, separator, parts) in [
            ("a,b,,c,", ",", &["a", "b", "", "c", ""][..]),
            ("", ",", &[""]),
            ("abc", "", &["abc"]),
            ("", "", &[""]),
            ("aaa", "aa", &["", "a"]),
        ] {
            assert_eq!(split(text, separator).collect::<Vec<_>>(), parts);
            assert_eq!(count_parts(text, separator), parts.len());
        }
    }

    #[test]
    fn joining_is_measured_first() {
        assert_eq!(joined_length(["a", "bc", ""].into_iter(), ", ", 7), Ok(7));
        assert_eq!(joined_length(["a", "bc", ""].into_iter(), ", ", 6), Err(TextError::TooLong(6)));
        assert_eq!(joined_length([].into_iter(), ", ", 0), Ok(0));
    }
}
