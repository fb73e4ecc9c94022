//! What the parser builds: items whose operands and types are still terms, that is shapes without meaning.
//!
//! Types, literals, calls and lists share one grammar, because what a term may be depends on the place it stands in. Terms live in
//! an arena, so that deep nesting costs no native stack.

use std::cell::RefCell;

use crate::diagnostic::Report;
use crate::token::{Span, Token};

/// Index of a term in [`Terms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermId(u32);

/// A shape with its place.
#[derive(Debug, Clone)]
pub struct Term {
    /// Where it stands.
    pub span: Span,
    /// Its shape.
    pub kind: TermKind,
}

/// The shape of a term.
#[derive(Debug, Clone)]
pub enum TermKind {
    /// `a.b`
    Path,
    /// `a.b(x, y)`: the name, and the arguments.
    Apply(Span, Vec<TermId>),
    /// A number; inf and nan too.
    Number,
    /// `'a'`
    Char,
    /// `"text"`
    String,
    /// `null`
    Null,
    /// `[x, y]`
    List(Vec<TermId>),
    /// `(x, y)`
    Group(Vec<TermId>),
    /// `fn(A) -> B`, or `fiber(A) -> B`.
    Function(FunctionTerm),
    /// `T!`
    NonNull(TermId),
    /// `name: T`, or `name "debug name": T`
    Named(Span, Option<Span>, TermId),
}

/// A function or fiber type.
#[derive(Debug, Clone)]
pub struct FunctionTerm {
    /// Whether it is a fiber's.
    pub fiber: bool,
    /// The parameters.
    pub parameters: Vec<TermId>,
    /// The result, or a group of them.
    pub results: Option<TermId>,
}

/// The arena of terms.
#[derive(Debug, Default)]
pub struct Terms {
    terms: Vec<Term>,
}

impl Terms {
    /// Adds a term.
    pub fn add(&mut self, start: u32, kind: TermKind, end: u32) -> TermId {
        let id = TermId(self.terms.len() as u32);
        self.terms.push(Term { span: Span::new(start, end), kind });
        id
    }

    /// The term with this index, which [`Terms::add`] of the same arena gave.
    #[must_use]
    pub fn get(&self, id: TermId) -> &Term {
        &self.terms[id.0 as usize]
    }

    /// Where a term stands.
    #[must_use]
    pub fn span(&self, id: TermId) -> Span {
        self.get(id).span
    }
}

/// An item of a module.
#[derive(Debug)]
pub struct Item {
    /// Where it stands, header only for blocks.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind,
}

/// What an item is.
#[derive(Debug)]
pub enum ItemKind {
    /// `module name 1.2.3`
    Module(Span, Option<Span>),
    /// `capability a, b`
    Capabilities(Vec<Span>),
    /// `entry name`
    Entry(Span),
    /// `import func a.b(T) -> R as c`
    ImportFunction(ImportFunction),
    /// A class or interface, imported or not.
    Type(TypeItem),
    /// `type a = T`
    Alias(Span, TermId),
    /// `global a: T = v`
    Global(GlobalItem),
    /// `data a = "…"`: whether the strings are hexadecimal.
    Data(Span, bool, Vec<Span>),
    /// `export func a as "b"`, or `export type …`.
    Export(ExportItem),
    /// A function with a body.
    Function(FunctionItem),
    /// `.file "name"`
    File(Span),
    /// `.nodebug`
    NoDebug,
    /// `.nolines`
    NoLines,
    /// What could not be parsed.
    Broken,
}

/// An imported function.
#[derive(Debug)]
pub struct ImportFunction {
    /// Module and name in one.
    pub name: Span,
    /// Parameters and results.
    pub signature: SignatureTerm,
    /// The name it has in this file.
    pub alias: Option<Span>,
}

/// Parameters and results as terms.
#[derive(Debug)]
pub struct SignatureTerm {
    /// The parameters.
    pub parameters: Vec<TermId>,
    /// The result, or a group of them.
    pub results: Option<TermId>,
}

/// A class or interface.
#[derive(Debug)]
pub struct TypeItem {
    /// Whether it is imported.
    pub imported: bool,
    /// Its first line; none if it could not be parsed.
    pub head: Option<TypeHead>,
    /// What stands in the braces.
    pub members: Vec<Member>,
}

/// The first line of a class or interface.
#[derive(Debug)]
pub struct TypeHead {
    /// Whether it is an interface.
    pub interface: bool,
    /// `final` and `abstract`.
    pub modifiers: Modifiers,
    /// The name; of an imported one, module and name.
    pub name: Span,
    /// The name an imported one has in this file.
    pub alias: Option<Span>,
    /// What it extends.
    pub extends: Vec<TermId>,
    /// What it implements.
    pub implements: Vec<TermId>,
}

/// `final` and `abstract`, where given.
#[derive(Debug, Clone, Copy, Default)]
pub struct Modifiers {
    /// Where `final` stands.
    pub is_final: Option<Span>,
    /// Where `abstract` stands.
    pub is_abstract: Option<Span>,
}

impl Modifiers {
    /// Where the first of them stands.
    #[must_use]
    pub fn start(self) -> u32 {
        self.is_final.into_iter().chain(self.is_abstract).map(|span| span.start).min().unwrap_or(0)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Modifiers) -> Modifiers {
        Modifiers { is_final: self.is_final.or(other.is_final), is_abstract: self.is_abstract.or(other.is_abstract) }
    }
}

/// A member of a class or interface.
#[derive(Debug)]
pub enum Member {
    /// `name: T`
    Field(Span, TermId),
    /// `method name(T) -> R = body`
    Method(MethodMember),
    /// What could not be parsed.
    Broken(Span),
}

/// A method.
#[derive(Debug)]
pub struct MethodMember {
    /// Where it stands.
    pub span: Span,
    /// `final` and `abstract`.
    pub modifiers: Modifiers,
    /// The name.
    pub name: Span,
    /// Parameters without the receiver, and results.
    pub signature: SignatureTerm,
    /// The function that is run.
    pub body: Option<Span>,
}

/// A global.
#[derive(Debug)]
pub struct GlobalItem {
    /// The name.
    pub name: Span,
    /// Its type.
    pub ty: TermId,
    /// Its initial value.
    pub initial: Option<TermId>,
}

/// An export.
#[derive(Debug)]
pub struct ExportItem {
    /// Whether it exports a type.
    pub is_type: bool,
    /// What it exports.
    pub name: Span,
    /// The name others use, a string.
    pub exported: Option<Span>,
}

/// A function with a body.
#[derive(Debug)]
pub struct FunctionItem {
    /// Its first line; none if it could not be parsed.
    pub head: Option<FunctionHead>,
    /// What stands in the braces.
    pub statements: Vec<Statement>,
}

/// The first line of a function.
#[derive(Debug)]
pub struct FunctionHead {
    /// The name.
    pub name: Span,
    /// Parameters and results.
    pub signature: SignatureTerm,
}

/// A line of a function.
#[derive(Debug)]
pub struct Statement {
    /// Labels and line directives before it.
    pub prefixes: Vec<Prefix>,
    /// What it does.
    pub kind: StatementKind,
}

/// What may stand before a statement.
#[derive(Debug)]
pub enum Prefix {
    /// `name:`
    Label(Span),
    /// `.line "file" 12`
    Line(Option<Span>, Span),
}

/// What a statement is.
#[derive(Debug)]
pub enum StatementKind {
    /// Prefixes only.
    Empty,
    /// `var a, b: T`: each name with its debug name and its type, if they stand there.
    Var(Vec<Variable>),
    /// `catch T r from a to b goto c`
    Catch(CatchStatement),
    /// A mnemonic and its operands.
    Instruction(Span, Vec<TermId>),
    /// What could not be parsed.
    Broken(Span),
}

/// A register declared by `var`.
#[derive(Debug)]
pub struct Variable {
    /// Its name in this file.
    pub name: Span,
    /// Its name in the debug section, a string, if that is another one.
    pub debug_name: Option<Span>,
    /// Its type; that of the next one that has a type if none stands here.
    pub ty: Option<TermId>,
}

/// An entry of the handler table.
#[derive(Debug)]
pub struct CatchStatement {
    /// Where it stands.
    pub span: Span,
    /// The exceptions it takes.
    pub class: TermId,
    /// The register that receives the exception.
    pub register: Span,
    /// The first instruction covered.
    pub from: Span,
    /// The first instruction no longer covered.
    pub to: Span,
    /// The instruction that is gone on with.
    pub target: Span,
}

/// A parse error, as the parser gives it.
pub type ParseFailure = lalrpop_util::ParseError<u32, Token, ()>;

/// What the parser's actions fill in.
pub struct Builder<'s> {
    /// All terms.
    pub terms: Terms,
    pub(crate) source: &'s str,
    pub(crate) report: &'s RefCell<Report>,
}

impl Builder<'_> {
    /// Reports an error that the parser recovered from.
    pub fn fail(&mut self, failure: ParseFailure) {
        crate::parse::report_failure(&failure, self.source, &mut self.report.borrow_mut());
    }
}
