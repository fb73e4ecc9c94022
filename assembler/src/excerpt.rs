//! Places in a text, with the part of the line to show. A long line is cut to a window around the place.

use unicode_width::UnicodeWidthChar;

use crate::token::Span;

/// The columns of an excerpt, without the line number before it.
pub const WINDOW: usize = 140;

/// The columns a tab is shown as.
const TAB: usize = 4;

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The bytes of the text.
    pub span: Span,
    /// The line, from 1.
    pub line: u32,
    /// The column of its first character, from 1, counted in characters.
    pub column: u32,
    /// The line, or the part of it around the place; tabs are expanded and characters that cannot be shown replaced.
    pub excerpt: String,
    /// The column of `excerpt` the caret stands at, from 0, counted in terminal columns.
    pub caret: usize,
    /// How many columns are marked; at least one.
    pub width: usize,
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds all lines.
    #[must_use]
    pub fn new(source: &str) -> LineIndex {
        let after_breaks = source.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1);
        LineIndex { starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The line a byte is in, from 1.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The bytes of a line without its break.
    fn range(&self, line: u32, source: &str) -> (usize, usize) {
        let start = self.starts[line as usize - 1] as usize;
        let end = self.starts.get(line as usize).map_or(source.len(), |&next| next as usize - 1);
        (start, end)
    }
}

impl Place {
    /// Looks up a span; one that is out of range is cut to the text.
    #[must_use]
    pub fn new(span: Span, source: &str, lines: &LineIndex) -> Place {
        let offset = floor(source, span.start as usize);
        let line = lines.line(offset as u32);
        let (start, end) = lines.range(line, source);
        let offset = offset.min(end);
        let stop = floor(source, span.end as usize).clamp(offset, end);
        let column = source[start..offset].chars().count() as u32 + 1;
        let window = Window::around(&source[start..end], offset - start, stop - start);
        Place { span, line, column, excerpt: window.text, caret: window.caret, width: window.width }
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(source: &str, offset: usize) -> usize {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

struct Window {
    text: String,
    caret: usize,
    width: usize,
}

impl Window {
    /// Shows `line` so that the bytes `from..to` are seen.
    fn around(line: &str, from: usize, to: usize) -> Window {
        let before = columns(&line[..from], WINDOW);
        let marked = columns(&line[from..to], WINDOW);
        let after = columns(&line[to..], WINDOW);
        if before + marked + after <= WINDOW {
            let mut text = String::new();
            show(&mut text, line, usize::MAX);
            return Window { text: text.trim_end().to_owned(), caret: before, width: marked.max(1) };
        }
        Window::cut(line, from, to)
    }

    /// Shows a part of a line that is too long.
    fn cut(line: &str, from: usize, to: usize) -> Window {
        let marked = columns(&line[from..to], WINDOW / 2);
        let lead = (WINDOW - marked) / 2;
        let mut begin = from;
        let mut caret = 0;
        for (at, c) in line[..from].char_indices().rev() {
            if caret + width(c) > lead {
                break;
            }
            caret += width(c);
            begin = at;
        }
        let mut text = String::new();
        if begin > 0 {
            text.push('…');
            caret += 1;
        }
        let room = WINDOW - usize::from(begin > 0) - 1;
        if show(&mut text, &line[begin..], room) {
            text.push('…');
        }
        Window { text, caret, width: marked.max(1) }
    }
}

/// Appends what is shown of `line` within `room` columns; tells whether something is left.
fn show(text: &mut String, line: &str, room: usize) -> bool {
    let mut used = 0;
    for c in line.chars() {
        used += width(c);
        if used > room {
            return true;
        }
        match c {
            '\t' => text.extend(std::iter::repeat_n(' ', TAB)),
            c if c.width().is_none_or(|width| width == 0) => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
    false
}

/// The columns `text` takes, at most a little more than `most`.
fn columns(text: &str, most: usize) -> usize {
    let mut sum = 0;
    for c in text.chars() {
        sum += width(c);
        if sum > most {
            break;
        }
    }
    sum
}

fn width(c: char) -> usize {
    match c {
        '\t' => TAB,
        c => c.width().unwrap_or(1).max(1),
    }
}
