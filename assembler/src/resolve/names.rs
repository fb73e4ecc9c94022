//! The names of a module and what they stand for.

use std::borrow::Cow;
use std::collections::HashMap;

use limosa_spec::Type;
use limosa_spec::disassemble::built_in_type;

use crate::diagnostic::Code;
use crate::render::shorten;
use crate::syntax::TermId;
use crate::token::Span;

use super::Resolver;

/// All names of a module by kind.
#[derive(Default)]
pub(crate) struct Names<'s> {
    pub types: HashMap<Cow<'s, str>, TypeName>,
    pub functions: HashMap<Cow<'s, str>, Name>,
    pub globals: HashMap<Cow<'s, str>, Name>,
    pub data: HashMap<Cow<'s, str>, Name>,
    /// For each class and interface of the type table, the names it declares itself.
    pub members: Vec<MemberNames<'s>>,
}

/// Something that has an index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    pub index: u32,
    pub span: Span,
    pub used: bool,
}

/// What the name of a type stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TypeName {
    pub span: Span,
    pub used: bool,
    pub meaning: Meaning,
}

/// What the name of a type stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meaning {
    /// A class or interface.
    Defined(Type),
    /// An alias that was not looked at yet.
    Alias(TermId),
    /// An alias that is being looked at.
    Pending,
    /// An alias and its type, if it has one.
    Known(Option<Type>),
}

/// The members that a class or interface declares itself.
#[derive(Default)]
pub(crate) struct MemberNames<'s> {
    pub fields: HashMap<Cow<'s, str>, Name>,
    pub methods: HashMap<Cow<'s, str>, Name>,
}

/// Which of the tables of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Function,
    Global,
    Data,
}

impl Kind {
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Function => "function",
            Kind::Global => "global",
            Kind::Data => "data segment",
        }
    }

    fn code(self) -> Code {
        match self {
            Kind::Function => Code::UnknownFunction,
            Kind::Global => Code::UnknownGlobal,
            Kind::Data => Code::UnknownData,
        }
    }
}

impl<'s> Resolver<'s, '_> {
    fn table(&mut self, kind: Kind) -> &mut HashMap<Cow<'s, str>, Name> {
        match kind {
            Kind::Function => &mut self.names.functions,
            Kind::Global => &mut self.names.globals,
            Kind::Data => &mut self.names.data,
        }
    }

    /// Declares a name; one that exists is reported.
    pub fn declare_name(&mut self, kind: Kind, name: Cow<'s, str>, index: u32, span: Span) {
        let fresh = Name { index, span, used: false };
        if let Some(first) = self.table(kind).get(&name).map(|first| first.span) {
            return self.duplicate(kind.noun(), &name, span, first);
        }
        self.table(kind).insert(name, fresh);
    }

    pub fn duplicate(&mut self, noun: &str, name: &str, span: Span, first: Span) {
        self.report
            .error(Code::DuplicateName, span, format!("there are two {noun}s named `{}`", shorten(name)))
            .suggest("rename one of them")
            .related(first, "the first is declared here");
    }

    /// The index of a name; one that does not exist is reported.
    pub fn find(&mut self, kind: Kind, span: Span) -> Option<u32> {
        let name = self.name(span);
        if let Some(found) = self.table(kind).get_mut(&name) {
            found.used = true;
            return Some(found.index);
        }
        if !self.lost.contains(&*name) {
            let (report, table) = match kind {
                Kind::Function => (&mut *self.report, &self.names.functions),
                Kind::Global => (&mut *self.report, &self.names.globals),
                Kind::Data => (&mut *self.report, &self.names.data),
            };
            report.error(kind.code(), span, format!("there is no {} `{}`", kind.noun(), shorten(&name))).did_you_mean(&name, table.keys());
        }
        None
    }

    /// Declares the name of a type.
    pub fn declare_type(&mut self, name: Cow<'s, str>, quoted: bool, span: Span, meaning: Meaning) {
        if !quoted && built_in_type(&name).is_some() {
            self.report
                .error(Code::ReservedName, span, format!("`{name}` is the name of a built-in type"))
                .suggest(format!("choose another name, or write it in backticks everywhere: `` `{name}` ``"));
        } else if let Some(first) = self.names.types.get(&name).map(|first| first.span) {
            return self.duplicate("type", &name, span, first);
        }
        self.names.types.insert(name, TypeName { span, used: false, meaning });
    }

    /// Where a function is declared.
    pub fn function_span(&self, index: u32) -> Option<Span> {
        self.map.functions.get(index as usize).map(|function| function.name)
    }

    /// Warns of imports and aliases that nothing uses.
    pub fn warn_unused(&mut self) {
        if self.report.has_errors() {
            return;
        }
        let imports = self.module.imports.len() as u32;
        let functions = self.names.functions.iter().filter(|(_, name)| !name.used && name.index < imports);
        let functions = functions.map(|(name, entry)| (Code::UnusedImport, "imported function", name, entry.span));
        let aliases = self.names.types.iter().filter(|(_, name)| !name.used && !matches!(name.meaning, Meaning::Defined(_)));
        let aliases = aliases.map(|(name, entry)| (Code::UnusedAlias, "alias", name, entry.span));
        let mut unused: Vec<_> = functions.chain(aliases).collect();
        unused.sort_by_key(|&(_, _, _, span)| span);
        for (code, noun, name, span) in unused {
            self.report.warning(code, span, format!("the {noun} `{}` is never used", shorten(name)));
        }
    }
}
