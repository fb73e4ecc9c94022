//! Diagnostics as text: plain, in colour, and as JSON, one object a line.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::excerpt::Place;

/// The longest name or value a message repeats.
const SHOWN: usize = 60;

/// `text` as it is repeated in a message: cut if long, without characters that cannot be shown.
#[must_use]
pub fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// The escape sequences of a style; all empty without colour.
struct Style {
    error: &'static str,
    warning: &'static str,
    gutter: &'static str,
    strong: &'static str,
    suggestion: &'static str,
    reset: &'static str,
}

const PLAIN: Style = Style { error: "", warning: "", gutter: "", strong: "", suggestion: "", reset: "" };

const COLOUR: Style = Style {
    error: "\x1b[1;31m",
    warning: "\x1b[1;33m",
    gutter: "\x1b[1;34m",
    strong: "\x1b[1m",
    suggestion: "\x1b[1;32m",
    reset: "\x1b[0m",
};

/// Without colour.
#[must_use]
pub fn plain(diagnostics: &Diagnostics) -> String {
    render(diagnostics, &PLAIN)
}

/// With ANSI escape sequences.
#[must_use]
pub fn colour(diagnostics: &Diagnostics) -> String {
    render(diagnostics, &COLOUR)
}

/// One object a line: file, line, col, code, severity, message, suggestion.
#[must_use]
pub fn json(diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for diagnostic in &diagnostics.list {
        let object = serde_json::json!({
            "file": diagnostics.file,
            "line": diagnostic.place.line,
            "col": diagnostic.place.column,
            "code": diagnostic.code.name(),
            "severity": diagnostic.severity.name(),
            "message": diagnostic.message,
            "suggestion": diagnostic.suggestion,
        });
        let _ = writeln!(out, "{object}");
    }
    out
}

fn render(diagnostics: &Diagnostics, style: &Style) -> String {
    let mut out = String::new();
    for diagnostic in &diagnostics.list {
        one(&mut out, &diagnostics.file, diagnostic, style);
        out.push('\n');
    }
    if diagnostics.omitted > 0 {
        let more = if diagnostics.stopped { "at least " } else { "" };
        let plural = if diagnostics.omitted == 1 { "" } else { "s" };
        let _ = writeln!(out, "{}error{}: and {more}{} more error{plural}", style.error, style.reset, diagnostics.omitted);
    }
    out
}

fn one(out: &mut String, file: &str, diagnostic: &Diagnostic, style: &Style) {
    let Style { gutter, strong, suggestion, reset, .. } = *style;
    let colour = match diagnostic.severity {
        Severity::Error => style.error,
        Severity::Warning => style.warning,
    };
    let severity = diagnostic.severity.name();
    let _ = writeln!(out, "{colour}{severity}[{}]{reset}{strong}: {}{reset}", diagnostic.code.name(), diagnostic.message);
    let last_line = diagnostic.related.iter().map(|(place, _)| place.line).fold(diagnostic.place.line, u32::max);
    let indent = last_line.to_string().len();
    excerpt(out, file, &diagnostic.place, &diagnostic.label, ('^', colour), indent, style);
    for (place, label) in &diagnostic.related {
        excerpt(out, file, place, label, ('-', gutter), indent, style);
    }
    for (title, text, colour) in [("suggestion", &diagnostic.suggestion, suggestion), ("help", &diagnostic.help, strong)] {
        if let Some(text) = text {
            let _ = writeln!(out, "{:indent$} {gutter}={reset} {colour}{title}{reset}: {text}", "");
        }
    }
}

fn excerpt(out: &mut String, file: &str, place: &Place, label: &str, mark: (char, &str), indent: usize, style: &Style) {
    let Style { gutter, reset, .. } = *style;
    let Place { line, column, excerpt, caret, width, .. } = place;
    let (mark, colour) = mark;
    let marks = String::from(mark).repeat(*width);
    let _ = writeln!(out, "{:indent$}{gutter}-->{reset} {file}:{line}:{column}", "");
    let _ = writeln!(out, "{:indent$} {gutter}|{reset}", "");
    let _ = writeln!(out, "{gutter}{line:indent$} |{reset} {excerpt}");
    let _ = write!(out, "{:indent$} {gutter}|{reset} {:caret$}{colour}{marks}", "", "");
    if !label.is_empty() {
        let _ = write!(out, " {label}");
    }
    let _ = writeln!(out, "{reset}");
}
