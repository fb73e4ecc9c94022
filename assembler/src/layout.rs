//! Between lexer and parser: where items, members and statements end, and which brace closes what.
//!
//! The parser gets a [`Token::Separator`] after every item, member line and statement, and braces that always match: a closing brace
//! that is missing is put in where the next item begins, one too many is dropped. So an error in one line never spoils the next.

use std::cell::RefCell;
use std::collections::VecDeque;

use logos::{Lexer, Logos};

use crate::diagnostic::{Code, Report};
use crate::token::{Span, Token};

/// How deep brackets and arrows may nest within a line.
const NESTING: usize = 200;

/// What [`Layout`] hands to the parser.
pub type Spanned = Result<(u32, Token, u32), ()>;

#[derive(Clone, Copy)]
struct Raw {
    token: Token,
    span: Span,
    /// What separates it from the token before.
    gap: Gap,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Newline,
    Semicolon,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Module,
    Function,
    Type,
}

/// What the item that is being read may be followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    Line,
    Function,
    Type,
    Unknown,
}

/// The iterator of tokens the parser reads.
pub struct Layout<'s, 'r> {
    source: &'s str,
    lexer: Lexer<'s, Token>,
    report: &'r RefCell<Report>,
    ahead: VecDeque<Raw>,
    out: VecDeque<(Token, Span)>,
    block: Block,
    header: Option<Header>,
    open_brace: Span,
    inner_braces: u32,
    /// For each open bracket of the line, and for the line itself, the arrows since the last comma.
    nesting: Vec<usize>,
    nested_too_deep: bool,
    previous: Option<(Token, Span)>,
    at_start: bool,
    ended: bool,
}

impl<'s, 'r> Layout<'s, 'r> {
    /// Reads `source` and reports to `report` what cannot be a token.
    pub fn new(source: &'s str, report: &'r RefCell<Report>) -> Layout<'s, 'r> {
        Layout {
            source,
            lexer: Token::lexer(source),
            report,
            ahead: VecDeque::new(),
            out: VecDeque::new(),
            block: Block::Module,
            header: None,
            open_brace: Span::default(),
            inner_braces: 0,
            nesting: vec![0],
            nested_too_deep: false,
            previous: None,
            at_start: true,
            ended: false,
        }
    }

    fn lex(&mut self) -> Option<Raw> {
        let mut gap = Gap::None;
        loop {
            let token = self.lexer.next()?;
            let range = self.lexer.span();
            let span = Span::new(range.start as u32, range.end as u32);
            match token {
                Ok(Token::Newline) => gap = gap.max(Gap::Newline),
                Ok(Token::Semicolon) => gap = Gap::Semicolon,
                Ok(token) => return Some(Raw { token, span, gap }),
                Err(()) => return Some(Raw { token: Token::Invalid, span, gap }),
            }
        }
    }

    fn peek(&mut self, distance: usize) -> Option<Raw> {
        while self.ahead.len() <= distance {
            let raw = self.lex()?;
            self.ahead.push_back(raw);
        }
        self.ahead.get(distance).copied()
    }

    /// Whether an item of the module begins `distance` tokens ahead, at the start of a line.
    fn item_begins(&mut self, distance: usize) -> bool {
        let Some(raw) = self.peek(distance) else { return false };
        let directive = matches!(raw.token, Token::File | Token::NoDebug | Token::NoLines);
        if !raw.token.begins_item() || directive && self.block != Block::Module {
            return false;
        }
        match self.peek(distance + 1) {
            Some(next) if next.gap == Gap::None && next.token == Token::Colon => false,
            Some(next) if matches!(raw.token, Token::Final | Token::Abstract) => match next.token {
                Token::Class | Token::Interface => true,
                Token::Final | Token::Abstract => self.item_begins(distance + 1),
                _ => false,
            },
            _ => true,
        }
    }

    /// Whether the line goes on although a line of the source ends before `next`.
    fn line_goes_on(&mut self, next: Raw) -> bool {
        let Some((previous, _)) = self.previous else { return true };
        if next.gap == Gap::Semicolon {
            return false;
        }
        let in_module = self.block == Block::Module;
        let in_brackets = self.nesting.len() > 1;
        if in_brackets {
            let inside = matches!(previous, Token::Comma | Token::ParenOpen | Token::BracketOpen)
                || matches!(next.token, Token::Comma | Token::ParenClose | Token::BracketClose);
            if inside || in_module && !self.item_begins(0) {
                return true;
            }
        }
        match next.token {
            Token::String => true,
            Token::BraceOpen | Token::Arrow | Token::Extends | Token::Implements => in_module && self.header.is_some(),
            _ => in_module && matches!(previous, Token::Comma | Token::Equals | Token::Arrow) && !self.item_begins(0),
        }
    }

    fn emit(&mut self, token: Token, span: Span) {
        self.out.push_back((token, span));
        self.previous = Some((token, span));
        self.at_start = false;
    }

    fn separate(&mut self) {
        if !self.at_start {
            let end = self.previous.map_or(0, |(_, span)| span.end);
            self.out.push_back((Token::Separator, Span::new(end, end)));
        }
        self.start_line();
    }

    fn start_line(&mut self) {
        self.at_start = true;
        self.nested_too_deep = false;
        self.nesting.clear();
        self.nesting.push(0);
        if self.block == Block::Module {
            self.header = None;
        }
    }

    fn close_block(&mut self, span: Span) {
        self.separate();
        self.emit(Token::BraceClose, span);
        self.block = Block::Module;
        self.inner_braces = 0;
        self.separate();
    }

    /// Makes at least one token, or ends.
    fn advance(&mut self) {
        let Some(next) = self.peek(0) else { return self.finish() };
        if next.gap != Gap::None && !self.line_goes_on(next) {
            self.separate();
        }
        if self.block != Block::Module && self.at_start && self.item_begins(0) {
            let end = self.previous.map_or(next.span.start, |(_, span)| span.end);
            self.missing_brace(Span::new(end, end));
            self.close_block(Span::new(end, end));
        }
        self.ahead.pop_front();
        if self.block == Block::Module && self.header.is_none() {
            self.header = Some(self.header_of(next.token));
        }
        match next.token {
            Token::BraceOpen => self.open_brace(next.span),
            Token::BraceClose => self.close_brace(next.span),
            token => self.plain(token, next.span),
        }
    }

    fn header_of(&mut self, token: Token) -> Header {
        match token {
            Token::Func => Header::Function,
            Token::Class | Token::Interface | Token::Final | Token::Abstract => Header::Type,
            Token::Import => match self.peek(0).map(|raw| raw.token) {
                Some(Token::Func) => Header::Line,
                _ => Header::Type,
            },
            token if token.begins_item() => Header::Line,
            _ => Header::Unknown,
        }
    }

    fn plain(&mut self, token: Token, span: Span) {
        match token {
            Token::ParenOpen | Token::BracketOpen => self.nesting.push(0),
            Token::ParenClose | Token::BracketClose if self.nesting.len() > 1 => {
                self.nesting.pop();
            }
            Token::Comma => *self.nesting.last_mut().expect("one level always stays") = 0,
            Token::Arrow => *self.nesting.last_mut().expect("one level always stays") += 1,
            _ => {}
        }
        if self.nested_too_deep {
            return;
        }
        let token = self.report_lexical(token, span);
        if self.nesting.len() > NESTING || token == Token::Arrow && self.nesting.iter().sum::<usize>() + self.nesting.len() > NESTING {
            self.nested_too_deep = true;
            self.report
                .borrow_mut()
                .error(Code::NestingTooDeep, span, format!("brackets and arrows nest deeper than {NESTING}"))
                .label("too deep here");
            return self.emit(Token::Invalid, span);
        }
        self.emit(token, span);
    }

    /// Reports what is no token of the grammar; gives the token the parser is to see.
    fn report_lexical(&mut self, token: Token, span: Span) -> Token {
        let text = span.text(self.source);
        match token {
            Token::OpenString => {
                self.report
                    .borrow_mut()
                    .error(Code::UnterminatedString, span, "the string does not end on its line")
                    .suggest("add a closing `\"`");
            }
            Token::OpenChar => {
                self.report
                    .borrow_mut()
                    .error(Code::UnterminatedString, span, "the character does not end on its line")
                    .suggest("add a closing `'`");
            }
            Token::OpenName => {
                self.report
                    .borrow_mut()
                    .error(Code::UnterminatedString, span, "the quoted name does not end on its line")
                    .suggest("add a closing backtick");
            }
            Token::OtherDirective => {
                let known = [".line", ".file", ".nodebug", ".nolines"];
                self.report
                    .borrow_mut()
                    .error(Code::UnknownDirective, span, format!("no directive `{}`", crate::render::shorten(text)))
                    .did_you_mean(text, known);
            }
            // Of several in a row the first is enough.
            Token::Invalid if self.previous.is_some_and(|(token, before)| token == Token::Invalid && before.end == span.start) => {}
            Token::Invalid => {
                let mut report = self.report.borrow_mut();
                let error = report.error(Code::InvalidCharacter, span, format!("{} means nothing here", describe_character(text)));
                if text.chars().all(char::is_alphanumeric) {
                    error.help("names with other letters than a to z stand in backticks");
                }
            }
            token => return token,
        }
        Token::Invalid
    }

    fn open_brace(&mut self, span: Span) {
        match self.block {
            Block::Module => match self.header {
                Some(Header::Function) => self.open_block(Block::Function, span),
                Some(Header::Type) => self.open_block(Block::Type, span),
                _ => self.skip_block(span),
            },
            Block::Function | Block::Type => {
                if self.inner_braces == 0 {
                    self.report
                        .borrow_mut()
                        .error(Code::NestedBlock, span, "a block cannot stand inside another")
                        .help("control flow is made of labels and branches");
                }
                self.inner_braces += 1;
                self.emit(Token::Invalid, span);
            }
        }
    }

    fn open_block(&mut self, block: Block, span: Span) {
        self.emit(Token::BraceOpen, span);
        self.open_brace = span;
        self.block = block;
        self.inner_braces = 0;
        self.start_line();
    }

    /// Passes over a block of an unknown kind.
    fn skip_block(&mut self, open: Span) {
        let mut depth = 1;
        let mut end = open.end;
        while let Some(next) = self.peek(0) {
            if next.gap == Gap::Newline && self.item_begins(0) {
                break;
            }
            self.ahead.pop_front();
            end = next.span.end;
            match next.token {
                Token::BraceOpen => depth += 1,
                Token::BraceClose => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        self.emit(Token::Block, Span::new(open.start, end));
        self.separate();
    }

    fn close_brace(&mut self, span: Span) {
        if self.block == Block::Module {
            self.report.borrow_mut().error(Code::UnmatchedBrace, span, "this `}` closes nothing").suggest("remove it");
            self.separate();
        } else if self.inner_braces > 0 {
            self.inner_braces -= 1;
        } else {
            self.close_block(span);
        }
    }

    fn missing_brace(&mut self, at: Span) {
        let open = self.open_brace;
        self.report
            .borrow_mut()
            .error(Code::UnmatchedBrace, open, "this `{` is not closed")
            .suggest("add a `}`")
            .related(at, "it should be closed before this");
    }

    fn finish(&mut self) {
        self.ended = true;
        let end = self.source.len() as u32;
        if self.block != Block::Module {
            let at = self.previous.map_or(end, |(_, span)| span.end);
            self.missing_brace(Span::new(at, at));
            self.close_block(Span::new(at, at));
        } else {
            self.separate();
        }
    }
}

fn describe_character(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_graphic() => format!("`{c}`"),
        (Some(c), None) if c.is_alphanumeric() => format!("`{c}`"),
        (Some(c), None) => format!("the character U+{:04X}", c as u32),
        _ => format!("`{}`", crate::render::shorten(text)),
    }
}

impl Iterator for Layout<'_, '_> {
    type Item = Spanned;

    fn next(&mut self) -> Option<Spanned> {
        while self.out.is_empty() && !self.ended {
            self.advance();
        }
        let (token, span) = self.out.pop_front()?;
        if self.report.borrow().is_full() {
            return Some(Err(()));
        }
        Some(Ok((span.start, token, span.end)))
    }
}
