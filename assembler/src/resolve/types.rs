//! Terms as types: what a type's name stands for, and the structural types of the table.

use std::collections::HashMap;

use limosa_spec::disassemble::built_in_type;
use limosa_spec::limits;
use limosa_spec::types::{Parameter, Signature, Type, TypeDefinition};
use limosa_spec::verify::type_name;

use crate::diagnostic::Code;
use crate::render::shorten;
use crate::syntax::{FunctionTerm, SignatureTerm, TermId, TermKind};
use crate::token::Span;

use super::Resolver;
use super::names::Meaning;

/// How deep terms and aliases may nest in one another; deeper than any type may.
const DEPTH: u32 = 160;

/// The structural types made so far.
#[derive(Default)]
pub(crate) struct TypeTable {
    structural: HashMap<TypeDefinition, Type>,
    /// The nesting of each structural type.
    nesting: HashMap<Type, u32>,
    depth: u32,
}

impl<'s> Resolver<'s, '_> {
    /// The type a term stands for. None if it is none, which has been reported.
    pub fn ty(&mut self, term: TermId) -> Option<Type> {
        if self.types.depth >= DEPTH {
            self.report.error(Code::NestingTooDeep, self.terms.span(term), "the type nests too deeply");
            return None;
        }
        self.types.depth += 1;
        let ty = self.ty_here(term);
        self.types.depth -= 1;
        ty
    }

    fn ty_here(&mut self, id: TermId) -> Option<Type> {
        let terms = self.terms;
        let term = terms.get(id);
        match &term.kind {
            TermKind::Path => self.named_type(term.span),
            TermKind::List(items) => match items.as_slice() {
                [element] => {
                    let element = self.ty(*element)?;
                    self.structural(TypeDefinition::Array(element), term.span)
                }
                _ => self.not_a_type(term.span, "an array type has one element type, such as `[i64]`"),
            },
            TermKind::Group(items) => match items.as_slice() {
                [inner] => self.ty(*inner),
                _ => self.not_a_type(term.span, "parentheses around a type hold one type"),
            },
            TermKind::Function(function) => self.function_type(function, term.span),
            TermKind::NonNull(_) => {
                self.report
                    .error(Code::NonNull, term.span, "only parameters and results can be declared non-null")
                    .suggest("leave the `!` out");
                None
            }
            TermKind::Null => self.not_a_type(term.span, "`null` is a value of every reference type; `any` is the type of all references"),
            TermKind::Apply(..) => self.not_a_type(term.span, "a function type is written `fn(i64) -> str`"),
            TermKind::Number | TermKind::Char | TermKind::String | TermKind::Named(..) => self.not_a_type(term.span, ""),
        }
    }

    fn not_a_type(&mut self, span: Span, help: &str) -> Option<Type> {
        let written = shorten(span.text(self.source));
        let error = self.report.error(Code::NotAType, span, format!("`{written}` is not a type"));
        if !help.is_empty() {
            error.help(help);
        }
        None
    }

    /// The type of a register, parameter, result or global.
    pub fn register_type(&mut self, term: TermId) -> Option<Type> {
        let ty = self.ty(term)?;
        if ty.is_storage() {
            let name = type_name(&self.module, ty);
            self.report
                .error(Code::StorageType, self.terms.span(term), format!("`{name}` is a type of fields and elements only"))
                .suggest("use `i32`: values are narrowed when they are stored");
            return None;
        }
        Some(ty)
    }

    fn function_type(&mut self, function: &FunctionTerm, span: Span) -> Option<Type> {
        let signature = self.signature_of(&function.parameters, function.results)?;
        let definition = match function.fiber {
            true => TypeDefinition::Fiber(signature),
            false => TypeDefinition::Function(signature),
        };
        self.structural(definition, span)
    }

    /// The function type of a signature, and the signature.
    pub fn signature(&mut self, signature: &SignatureTerm, span: Span) -> Option<(Type, Signature)> {
        let signature = self.signature_of(&signature.parameters, signature.results)?;
        let ty = self.structural(TypeDefinition::Function(signature.clone()), span)?;
        Some((ty, signature))
    }

    fn signature_of(&mut self, parameters: &[TermId], results: Option<TermId>) -> Option<Signature> {
        let terms = self.terms;
        let single;
        let results = match results {
            None => &[],
            Some(result) => match &terms.get(result).kind {
                TermKind::Group(items) => items.as_slice(),
                _ => {
                    single = [result];
                    &single
                }
            },
        };
        let parameters = self.parameters(parameters, "parameters");
        let results = self.parameters(results, "results");
        Some(Signature { parameters: parameters?, results: results? })
    }

    fn parameters(&mut self, terms: &[TermId], what: &str) -> Option<Vec<Parameter>> {
        if terms.len() > limits::PARAMETERS as usize {
            let span = self.terms.span(terms[limits::PARAMETERS as usize]);
            self.report.error(Code::Limit, span, format!("{} {what}; the limit is {}", terms.len(), limits::PARAMETERS));
            return None;
        }
        // All are looked at before one that failed is told, so that all errors are reported.
        let parameters: Vec<Option<Parameter>> = terms.iter().map(|&term| self.parameter(term)).collect();
        parameters.into_iter().collect()
    }

    fn parameter(&mut self, id: TermId) -> Option<Parameter> {
        let terms = self.terms;
        let term = terms.get(id);
        match &term.kind {
            TermKind::Named(_, _, ty) => self.parameter(*ty),
            TermKind::NonNull(inner) => {
                let ty = self.register_type(*inner)?;
                if !ty.is_reference() {
                    let name = type_name(&self.module, ty);
                    self.report
                        .error(Code::NonNull, term.span, format!("`{name}` has no null, so it cannot be declared non-null"))
                        .suggest("leave the `!` out");
                    return None;
                }
                Some(Parameter { ty, non_null: true })
            }
            _ => Some(Parameter { ty: self.register_type(id)?, non_null: false }),
        }
    }

    /// The number of a structural type, a new one if it is not in the table.
    pub fn structural(&mut self, definition: TypeDefinition, span: Span) -> Option<Type> {
        if let Some(&ty) = self.types.structural.get(&definition) {
            return Some(ty);
        }
        let nesting = 1 + match &definition {
            TypeDefinition::Array(element) => self.types.nesting.get(element).copied().unwrap_or(0),
            TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => {
                let parts = signature.parameters.iter().chain(&signature.results);
                parts.filter_map(|part| self.types.nesting.get(&part.ty).copied()).max().unwrap_or(0)
            }
            TypeDefinition::Class(_) | TypeDefinition::Interface(_) => 0,
        };
        if nesting > limits::TYPE_NESTING {
            let message = format!("the type nests {nesting} deep; the limit is {}", limits::TYPE_NESTING);
            self.report.error(Code::NestingTooDeep, span, message);
            return None;
        }
        let ty = Type::defined(self.module.types.len() as u32);
        self.module.types.push(definition.clone());
        self.types.structural.insert(definition, ty);
        self.types.nesting.insert(ty, nesting);
        Some(ty)
    }

    /// The type that a name stands for.
    pub fn named_type(&mut self, span: Span) -> Option<Type> {
        let quoted = span.text(self.source).contains('`');
        let name = self.name(span);
        if !quoted && let Some(ty) = built_in_type(&name) {
            return Some(ty);
        }
        let Some(found) = self.names.types.get_mut(&name) else {
            if !self.lost.contains(&*name) {
                let built_in = ["i32", "i64", "f32", "f64", "i8", "u8", "i16", "u16", "any", "str"].into_iter();
                let built_in = built_in.chain(limosa_spec::WellKnown::ALL.iter().map(|class| class.name()));
                let names = self.names.types.keys().map(|name| &**name).chain(built_in);
                self.report.error(Code::UnknownType, span, format!("there is no type `{}`", shorten(&name))).did_you_mean(&name, names);
            }
            return None;
        };
        found.used = true;
        match found.meaning {
            Meaning::Defined(ty) => Some(ty),
            Meaning::Known(ty) => ty,
            Meaning::Alias(term) => {
                found.meaning = Meaning::Pending;
                let ty = self.ty(term);
                if let Some(found) = self.names.types.get_mut(&name) {
                    found.meaning = Meaning::Known(ty);
                }
                ty
            }
            Meaning::Pending => {
                let declared = found.span;
                self.report
                    .error(Code::RecursiveAlias, span, format!("the alias `{}` stands for a type that contains itself", shorten(&name)))
                    .help("only classes and interfaces can be recursive")
                    .related(declared, "the alias is declared here");
                None
            }
        }
    }
}
