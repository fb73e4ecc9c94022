//! From items to a module: names get numbers, literals get types, and everything the text can be wrong about beyond its grammar is
//! reported.
//!
//! First all names are declared, so that their order in the text does not matter; then types and signatures, and last the bodies.

mod callee;
mod debug;
mod declare;
mod function;
mod items;
mod literals;
mod members;
mod names;
mod operands;
mod registers;
mod types;
mod usage;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use limosa_spec::Module;

use crate::diagnostic::{Code, Report};
use crate::excerpt::LineIndex;
use crate::literal;
use crate::parse::Parsed;
use crate::source_map::SourceMap;
use crate::syntax::{Item, ItemKind, Terms};
use crate::token::Span;

use debug::DebugTables;
use names::Names;
use types::TypeTable;

/// The state while a module is made.
pub(crate) struct Resolver<'s, 'r> {
    source: &'s str,
    lines: LineIndex,
    terms: &'s Terms,
    report: &'r mut Report,
    module: Module,
    strings: HashMap<Box<str>, u32>,
    names: Names<'s>,
    types: TypeTable,
    debug: DebugTables,
    /// Names in what could not be parsed: that they are missing is not worth another error.
    lost: HashSet<&'s str>,
    /// Whether functions are being made.
    in_code: bool,
    map: SourceMap,
}

/// Makes the module of a parsed text. If errors were reported, the module is of no use.
pub(crate) fn resolve(parsed: &Parsed, file_name: &str, source: &str, report: &mut Report) -> (Module, SourceMap) {
    let mut resolver = Resolver {
        source,
        lines: LineIndex::new(source),
        terms: &parsed.terms,
        report,
        module: Module::default(),
        strings: HashMap::new(),
        names: Names::default(),
        types: TypeTable::default(),
        debug: DebugTables::new(file_name, &parsed.items, source),
        lost: HashSet::new(),
        in_code: false,
        map: SourceMap::default(),
    };
    resolver.run(&parsed.items);
    let Resolver { mut module, debug, map, .. } = resolver;
    module.debug = debug.finish();
    (module, map)
}

impl<'s> Resolver<'s, '_> {
    fn run(&mut self, items: &'s [Item]) {
        self.collect_lost(items);
        self.declare(items);
        self.define(items);
        self.in_code = true;
        for item in items {
            if let ItemKind::Function(function) = &item.kind
                && !self.report.is_full()
            {
                self.function(function);
            }
        }
        self.warn_unused();
    }

    /// The name a span holds; a wrong escape is reported and stands as it is written.
    fn name(&mut self, span: Span) -> Cow<'s, str> {
        let text = span.text(self.source);
        literal::name(text).unwrap_or_else(|error| {
            self.escape_error(span, &error);
            Cow::Borrowed(text)
        })
    }

    fn escape_error(&mut self, span: Span, error: &literal::EscapeError) {
        let at = Span::new(span.start + error.start as u32, (span.start + error.end as u32).min(span.end));
        self.report
            .error(Code::InvalidEscape, at, error.reason)
            .help(r#"the escapes are \n \t \r \0 \\ \" \' \` \xHH for a byte and \u{H…} for a character"#);
    }

    /// The text of a string literal.
    fn string_literal(&mut self, span: Span) -> String {
        literal::string(span.text(self.source)).unwrap_or_else(|error| {
            self.escape_error(span, &error);
            String::new()
        })
    }

    /// The index of a string in the module's table.
    fn string(&mut self, text: &str) -> u32 {
        if let Some(&index) = self.strings.get(text) {
            return index;
        }
        let index = self.module.strings.len() as u32;
        self.module.strings.push(text.into());
        self.strings.insert(text.into(), index);
        index
    }
}
