//! The text as it grows: bounded, and with a notion of columns so that long lists are broken.

use super::names::{write_name, write_part, write_quoted_name, write_string};
use super::{TEXT_BYTES, TextTooLong};

/// The column after which a list goes on in the next line.
const WIDTH: usize = 100;

/// A growing text that stops growing at its limit.
#[derive(Debug)]
pub(super) struct Text {
    out: String,
    limit: usize,
    line_start: usize,
    full: bool,
}

impl Default for Text {
    fn default() -> Text {
        Text::with_limit(TEXT_BYTES)
    }
}

impl Text {
    /// A text that stops growing at a number of bytes.
    fn with_limit(limit: usize) -> Text {
        Text { out: String::new(), limit, line_start: 0, full: false }
    }

    /// Appends text without line breaks.
    pub fn push(&mut self, text: &str) {
        if self.full || self.out.len() + text.len() > self.limit {
            self.full = true;
            return;
        }
        self.out.push_str(text);
    }

    /// Ends the line.
    pub fn line(&mut self) {
        self.push("\n");
        self.line_start = self.out.len();
    }

    /// Separates two parts of the text by an empty line, except at the beginning.
    pub fn gap(&mut self) {
        if !self.out.is_empty() {
            self.line();
        }
    }

    /// Appends a name, in backticks if need be.
    pub fn name(&mut self, name: &str) {
        self.quoted(name, write_name);
    }

    /// Appends a name that is one part of a path, in backticks if need be.
    pub fn part(&mut self, name: &str) {
        self.quoted(name, write_part);
    }

    /// Appends a string with its quotes.
    pub fn string(&mut self, text: &str) {
        self.quoted(text, write_string);
    }

    /// Appends a name in backticks.
    pub fn quoted_name(&mut self, name: &str) {
        self.quoted(name, write_quoted_name);
    }

    fn quoted(&mut self, text: &str, write: fn(&mut String, &str)) {
        if self.full || self.out.len() + text.len() > self.limit {
            self.full = true;
            return;
        }
        // Escapes make a text longer, at most ten times.
        write(&mut self.out, text);
        self.full = self.out.len() > self.limit;
    }

    /// Appends blanks up to a column of the line.
    pub fn pad(&mut self, column: usize) {
        let missing = column.saturating_sub(self.column());
        self.push(&" ".repeat(missing));
    }

    /// Appends a comma between the items of a list in brackets, and a line break if the line is long.
    pub fn comma(&mut self) {
        self.push(",");
        if self.column() > WIDTH {
            self.line();
            self.push("            ");
        } else {
            self.push(" ");
        }
    }

    /// Whether the line is long.
    pub fn is_wide(&self) -> bool {
        self.column() > WIDTH
    }

    /// The bytes of the line so far.
    pub fn column(&self) -> usize {
        self.out.len() - self.line_start
    }

    /// Whether the text is as long as it may get, so that writing on is of no use.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Appends another text.
    pub fn append(&mut self, other: &Text) {
        self.push(&other.out);
        self.full |= other.full;
        self.line_start = self.out.len();
    }

    /// The text.
    pub fn finish(self) -> Result<String, TextTooLong> {
        if self.full { Err(TextTooLong) } else { Ok(self.out) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_text_stays_as_it_is() {
        let mut text = Text::with_limit(10);
        text.push("12345");
        text.name("abcdef");
        assert!(text.is_full());
        text.push("6");
        assert_eq!(text.out, "12345");
        assert_eq!(text.finish(), Err(TextTooLong));
        let mut text = Text::with_limit(10);
        text.push("1234567890");
        assert_eq!(text.finish().as_deref(), Ok("1234567890"));
    }
}
