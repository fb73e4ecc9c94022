//! Texts that are so short that they need no memory of their own.

use limosa_abi::copy::copy_in_place;
use std::fmt;
use std::ops::Deref;

/// A text of a few bytes, in place: what a host function that is called often returns rather than a `String`, which it would allocate
/// for the program to copy.
///
/// ```
/// use limosa::{Cx, Host, ShortText};
/// use std::fmt::Write;
///
/// let mut host = Host::<()>::new();
/// host.func("app", "hex", |_: &mut Cx<()>, value: u64| -> Result<ShortText, std::fmt::Error> {
///     let mut text = ShortText::default();
///     write!(text, "{value:#x}")?;
///     Ok(text)
/// })?;
/// # Ok::<(), limosa::DuplicateFunction>(())
/// ```
#[derive(Clone, Copy)]
pub struct ShortText {
    /// The first `length` are UTF-8.
    bytes: [u8; ShortText::CAPACITY],
    length: u8,
}

impl ShortText {
    /// Bytes that it holds: enough for any number.
    pub const CAPACITY: usize = 31;

    /// A copy of a text, if that is short enough.
    #[must_use]
    #[inline]
    pub fn new(text: &str) -> Option<ShortText> {
        let mut short = ShortText::default();
        short.push(text).then_some(short)
    }

    /// Appends a text if there is room for it.
    #[inline]
    fn push(&mut self, text: &str) -> bool {
        let length = usize::from(self.length);
        if text.len() > ShortText::CAPACITY - length {
            return false;
        }
        // SAFETY: there is room, so it is short enough to be copied in place.
        unsafe { copy_in_place(text.as_ptr(), self.bytes.as_mut_ptr().add(length), text.len()) };
        self.length += text.len() as u8;
        true
    }
}

impl Default for ShortText {
    #[inline]
    fn default() -> ShortText {
        ShortText { bytes: [0; ShortText::CAPACITY], length: 0 }
    }
}

impl Deref for ShortText {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        // SAFETY: whole texts were copied, one after the other.
        unsafe { std::str::from_utf8_unchecked(self.bytes.get_unchecked(..usize::from(self.length))) }
    }
}

impl fmt::Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.push(text) { Ok(()) } else { Err(fmt::Error) }
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    #[test]
    fn a_text_fits_or_is_refused_whole() {
        let longest = "é".repeat(15) + "x";
        assert_eq!(longest.len(), ShortText::CAPACITY);
        assert_eq!(ShortText::new(&longest).as_deref(), Some(&*longest));
        assert!(ShortText::new(&"x".repeat(32)).is_none());
        let mut text = ShortText::new(&longest[..30]).unwrap();
        assert!(write!(text, "é").is_err());
        assert!(write!(text, "y").is_ok());
        assert!(write!(text, "z").is_err());
        assert_eq!(*text, longest[..30].to_owned() + "y");
    }
}
