//! Words of the text form, as they stand in the source. What they mean in context is for the parser to say.

use logos::Logos;

/// A range of byte offsets in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text it covers; empty if it is out of range.
    #[must_use]
    pub fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A token. Those from `Separator` on are not lexed but made by [`crate::layout`].
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\r\u{feff}]+")]
#[logos(skip(r"//[^\n]*", allow_greedy = true))]
#[logos(subpattern plain = r"[A-Za-z_$][A-Za-z0-9_$]*")]
#[logos(subpattern quoted = r"`([^`\\\n]|\\[^\n])*`")]
#[allow(missing_docs, reason = "each token is shown by the text it is lexed from")]
pub enum Token {
    #[token("\n")]
    Newline,
    #[token(";")]
    Semicolon,
    #[token("(")]
    ParenOpen,
    #[token(")")]
    ParenClose,
    #[token("[")]
    BracketOpen,
    #[token("]")]
    BracketClose,
    #[token("{")]
    BraceOpen,
    #[token("}")]
    BraceClose,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token("=")]
    Equals,
    #[token("!")]
    Bang,
    #[token("->")]
    Arrow,

    #[token("module")]
    Module,
    #[token("capability")]
    Capability,
    #[token("entry")]
    Entry,
    #[token("import")]
    Import,
    #[token("export")]
    Export,
    #[token("func")]
    Func,
    #[token("type")]
    Type,
    #[token("class")]
    Class,
    #[token("interface")]
    Interface,
    #[token("final")]
    Final,
    #[token("abstract")]
    Abstract,
    #[token("extends")]
    Extends,
    #[token("implements")]
    Implements,
    #[token("method")]
    Method,
    #[token("global")]
    Global,
    #[token("data")]
    Data,
    #[token("hex")]
    Hex,
    #[token("as")]
    As,
    #[token("var")]
    Var,
    #[token("catch")]
    Catch,
    #[token("from")]
    From,
    #[token("to")]
    To,
    #[token("goto")]
    Goto,

    #[token("fn")]
    Fn,
    #[token("fiber")]
    Fiber,
    #[token("null")]
    Null,
    #[regex(r"[+-]?(inf|nan)")]
    SpecialFloat,

    #[token(".line")]
    Line,
    #[token(".file")]
    File,
    #[token(".nodebug")]
    NoDebug,
    #[token(".nolines")]
    NoLines,

    /// A name: parts joined by dots, each plain or in backticks.
    #[regex(r"((?&plain)|(?&quoted))(\.((?&plain)|(?&quoted)))*")]
    Path,
    /// Anything that starts like a number; whether it is one is decided where its type is known.
    #[regex(r"[+-]?[0-9]([0-9A-Za-z_.]|[eE][+-])*")]
    Number,
    #[regex(r#""([^"\\\n]|\\[^\n])*""#)]
    String,
    #[regex(r"'([^'\\\n]|\\[^\n])*'")]
    Char,

    #[regex(r#""([^"\\\n]|\\[^\n])*"#)]
    OpenString,
    #[regex(r"'([^'\\\n]|\\[^\n])*")]
    OpenChar,
    #[regex(r"`([^`\\\n]|\\[^\n])*")]
    OpenName,
    #[regex(r"\.[A-Za-z_]*")]
    OtherDirective,

    /// The end of an item, of a member line or of a statement.
    Separator,
    /// A block in braces after something that takes none.
    Block,
    /// Text that was reported already.
    Invalid,
}

impl Token {
    /// How a diagnostic calls it.
    #[must_use]
    pub fn describe(self, text: &str) -> String {
        match self {
            Token::Separator | Token::Newline => "the end of the line".to_owned(),
            Token::Block => "a block".to_owned(),
            Token::Path => format!("the name `{}`", crate::render::shorten(text)),
            Token::Number | Token::SpecialFloat => format!("the number `{}`", crate::render::shorten(text)),
            Token::String => "a string".to_owned(),
            Token::Char => "a character".to_owned(),
            _ => format!("`{}`", crate::render::shorten(text)),
        }
    }

    /// Whether it can begin an item of the module.
    #[must_use]
    pub fn begins_item(self) -> bool {
        matches!(
            self,
            Token::Module
                | Token::Capability
                | Token::Entry
                | Token::Import
                | Token::Export
                | Token::Func
                | Token::Type
                | Token::Class
                | Token::Interface
                | Token::Final
                | Token::Abstract
                | Token::Global
                | Token::Data
                | Token::NoDebug
                | Token::NoLines
                | Token::File
        )
    }
}
