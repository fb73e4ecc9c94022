//! Runs the parser and turns what it stumbles over into diagnostics.

use std::cell::RefCell;

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::diagnostic::{Code, Report};
use crate::layout::Layout;
use crate::syntax::{Builder, Item, Terms};
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
pub fn report_failure(failure: &ParseError<u32, Token, ()>, source: &str, report: &mut Report) {
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
    let expected = Expected::new(expected);
    let found = token.describe(text);
    let amend = report.error(Code::Syntax, span, format!("expected {}, found {found}", expected.describe()));
    let amend = amend.label(format!("expected {}", expected.brief()));
    if expected.item {
        amend.did_you_mean(text, ITEMS.iter().copied());
    } else if let Some(advice) = advice(token, &expected) {
        amend.suggest(advice);
    }
}

const ITEMS: [&str; 13] = [
    "module", "capability", "entry", "import", "export", "func", "type", "class", "interface", "final", "abstract", "global", "data",
];

/// The tokens that could stand where the parser stumbled, in groups.
struct Expected {
    item: bool,
    words: Vec<&'static str>,
}

impl Expected {
    fn new(tokens: &[String]) -> Expected {
        let has = |token: &str| tokens.iter().any(|other| other.trim_matches('"') == token);
        let item = has(".nodebug") && has("func");
        let mut words = Vec::new();
        let name = has("path");
        let term = has("number") && has("null");
        if item {
            words.push("an item of the module such as `func` or `class`");
        } else if has("catch") && has(".line") {
            words.push("an instruction, a label, `var` or `catch`");
        } else if has("method") && has("final") && name {
            words.push("a field `name: type` or a method");
        } else if term {
            words.push("a name, a type or a literal");
        } else if name {
            words.push("a name");
        }
        for (token, word) in WORDS {
            if has(token) && !(item && *token != "separator") && !(name && !has_own_meaning(token)) {
                words.push(word);
            }
        }
        Expected { item, words }
    }

    fn describe(&self) -> String {
        match self.words.as_slice() {
            [] => "something else".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }

    fn brief(&self) -> String {
        match self.words.first() {
            Some(first) if self.words.len() <= 3 && self.words.len() > 1 => format!("{first} or {}", self.words[1..].join(" or ")),
            Some(first) if self.words.len() == 1 => (*first).to_owned(),
            _ => "something else here".to_owned(),
        }
    }
}

/// Whether a token is worth naming beside "a name": keywords that may serve as names are not.
fn has_own_meaning(token: &str) -> bool {
    !token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.') || matches!(token, "separator" | "string")
}

/// How tokens are called, in the order they are told.
const WORDS: &[(&str, &str)] = &[
    ("string", "a string"),
    ("number", "a number"),
    ("func", "`func`"),
    ("type", "`type`"),
    ("class", "`class`"),
    ("interface", "`interface`"),
    ("method", "`method`"),
    ("as", "`as`"),
    ("extends", "`extends`"),
    ("implements", "`implements`"),
    ("from", "`from`"),
    ("to", "`to`"),
    ("goto", "`goto`"),
    ("hex", "`hex`"),
    (":", "`:`"),
    ("=", "`=`"),
    (",", "`,`"),
    ("!", "`!`"),
    ("->", "`->`"),
    ("(", "`(`"),
    (")", "`)`"),
    ("]", "`]`"),
    ("{", "`{`"),
    ("}", "`}`"),
    ("separator", "the end of the line"),
];

/// What would put right a few frequent mistakes.
fn advice(found: Token, expected: &Expected) -> Option<&'static str> {
    let may_be = |word: &str| expected.words.contains(&word);
    match found {
        Token::Separator if may_be("`{`") => Some("a function, class or interface needs its members in braces"),
        Token::Separator if may_be("`)`") => Some("add a `)`"),
        Token::Separator if may_be("`]`") => Some("add a `]`"),
        Token::Path | Token::Number | Token::SpecialFloat | Token::Null if may_be("`,`") => Some("operands are separated by commas"),
        Token::Fn | Token::Fiber | Token::Null | Token::SpecialFloat if may_be("a name") => Some("write a reserved word in backticks to use it as a name"),
        _ => None,
    }
}
