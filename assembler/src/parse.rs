//! Runs the parser and reports what it stumbles over.

use std::cell::RefCell;

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::diagnostic::{Code, Report};
use crate::expected::{Expected, ITEMS, item_meant};
use crate::layout::Layout;
use crate::syntax::{Builder, Item, ParseFailure, Terms};
use crate::token::{Span, Token};

lalrpop_mod!(
    #[allow(missing_docs, unused, clippy::all, clippy::pedantic, reason = "generated")]
    grammar
);

/// A parsed text.
pub struct Parsed {
    /// The items in order, broken ones included.
    pub items: Vec<Item>,
    /// What they refer to.
    pub terms: Terms,
}

/// Parses a text. What cannot be parsed is reported and stands as broken in the result.
pub fn parse(source: &str, report: &RefCell<Report>) -> Parsed {
    let mut builder = Builder { terms: Terms::default(), source, report };
    let items = grammar::FileParser::new().parse(&mut builder, Layout::new(source, report)).unwrap_or_else(|failure| {
        builder.fail(failure);
        Vec::new()
    });
    Parsed { items, terms: builder.terms }
}

/// Reports an error of the parser.
pub fn report_failure(failure: &ParseFailure, source: &str, report: &mut Report) {
    let (token, span, expected) = match failure {
        ParseError::UnrecognizedToken { token: (start, token, end), expected } => (*token, Span::new(*start, *end), expected.as_slice()),
        ParseError::ExtraToken { token: (start, token, end) } => (*token, Span::new(*start, *end), [].as_slice()),
        ParseError::UnrecognizedEof { location, expected } => (Token::Separator, Span::new(*location, *location), expected.as_slice()),
        // An invalid token was reported by the layout; a user error means that reading was stopped.
        ParseError::InvalidToken { .. } | ParseError::User { .. } => return,
    };
    if token == Token::Invalid {
        return;
    }
    let text = span.text(source);
    let expected = Expected::new(expected, token, span, source);
    let found = token.describe(text);
    let mut amend = report.error(Code::Syntax, span, format!("expected {}, found {found}", expected.describe()));
    if let Some(label) = expected.label() {
        amend = amend.label(label);
    }
    if expected.is_item() {
        match item_meant(text) {
            Some(item) => amend.suggest(format!("write `{item}`")),
            None => amend.did_you_mean(text, ITEMS),
        };
    } else if let Some(advice) = expected.advice(token) {
        amend.suggest(advice);
    }
}
