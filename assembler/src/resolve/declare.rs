//! The first pass: every name of the module gets its number, so that what follows may use names before they are declared.

use std::borrow::Cow;

use limosa_spec::Type;
use limosa_spec::format::Section;
use limosa_spec::module::{Body, Constant, Data, Function, FunctionImport, Global};
use limosa_spec::types::{ClassDefinition, InterfaceDefinition, TypeDefinition};
use logos::Logos;

use crate::diagnostic::Code;
use crate::literal;
use crate::render::shorten;
use crate::source_map::FunctionMap;
use crate::syntax::{Item, ItemKind, Member, TypeHead};
use crate::token::{Span, Token};

use super::Resolver;
use super::names::{Kind, Meaning, MemberNames};

impl<'s> Resolver<'s, '_> {
    /// Remembers the names that stand in items that could not be parsed.
    pub fn collect_lost(&mut self, items: &'s [Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Broken => self.lose(item.span),
                ItemKind::Function(function) if function.head.is_none() => self.lose(item.span),
                ItemKind::Type(ty) => {
                    if ty.head.is_none() {
                        self.lose(item.span);
                    }
                    for member in &ty.members {
                        if let Member::Broken(span) = member {
                            self.lose(*span);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn lose(&mut self, span: Span) {
        let source = self.source;
        self.lost.extend(names_in(span, source));
    }

    /// Gives every name its number.
    pub fn declare(&mut self, items: &'s [Item]) {
        for item in items {
            match &item.kind {
                ItemKind::ImportFunction(import) => {
                    let path = self.import_path(import.name);
                    let index = self.module.imports.len() as u32;
                    let key = import.alias.unwrap_or(import.name);
                    self.module.imports.push(FunctionImport { module: path.0, name: path.1, signature: Type::I32 });
                    self.map.functions.push(FunctionMap { name: import.name, ..FunctionMap::default() });
                    let key_name = self.name(key);
                    self.declare_name(Kind::Function, key_name, index, key);
                }
                ItemKind::Type(ty) => {
                    if let Some(head) = &ty.head {
                        self.declare_named_type(ty.imported, head);
                    }
                }
                ItemKind::Alias(span, term) => {
                    let (name, quoted) = (self.name(*span), self.is_quoted(*span));
                    self.declare_type(name, quoted, *span, Meaning::Alias(*term));
                }
                _ => {}
            }
        }
        // Imported functions have the lower numbers, wherever they stand.
        for item in items {
            match &item.kind {
                ItemKind::Function(function) => {
                    let Some(head) = &function.head else { continue };
                    let index = self.map.functions.len() as u32;
                    let name = self.declared(Kind::Function, Section::Functions, head.name, index);
                    self.module.functions.push(Function { name, signature: Type::I32, body: Body::default() });
                    self.map.functions.push(FunctionMap { name: head.name, ..FunctionMap::default() });
                }
                ItemKind::Global(global) => {
                    let index = self.module.globals.len() as u32;
                    let name = self.declared(Kind::Global, Section::Globals, global.name, index);
                    self.module.globals.push(Global { name, ty: Type::I32, initial: Constant::Null });
                }
                ItemKind::Data(name, ..) => {
                    let index = self.module.data.len() as u32;
                    let name = self.declared(Kind::Data, Section::Data, *name, index);
                    self.module.data.push(Data { name, bytes: Vec::new() });
                }
                _ => {}
            }
        }
    }

    fn declared(&mut self, kind: Kind, section: Section, span: Span, index: u32) -> u32 {
        let name = self.name(span);
        self.map.declarations.push((section, (&*name).into(), span));
        let string = self.string(&name);
        self.declare_name(kind, name, index, span);
        string
    }

    pub fn is_quoted(&self, span: Span) -> bool {
        span.text(self.source).contains('`')
    }

    /// Module and name of an import, as strings of the table.
    fn import_path(&mut self, span: Span) -> (u32, u32) {
        let Some((module, name)) = literal::split_last(span.text(self.source)) else {
            let written = shorten(span.text(self.source));
            self.report
                .error(Code::ImportPath, span, format!("`{written}` does not say which module it is imported from"))
                .suggest(format!("write the module before it, such as `std.io.{written}`"));
            return (0, 0);
        };
        let dot = span.start + module.len() as u32;
        let module = self.name(Span::new(span.start, dot));
        let name = self.name(Span::new(span.end - name.len() as u32, span.end));
        (self.string(&module), self.string(&name))
    }

    fn declare_named_type(&mut self, imported: bool, head: &TypeHead) {
        let ty = Type::defined(self.module.types.len() as u32);
        let key = head.alias.unwrap_or(head.name);
        let key_name = self.name(key);
        let (import, name) = match imported {
            true => {
                let (module, name) = self.import_path(head.name);
                (Some(module), name)
            }
            false => (None, self.string(&key_name)),
        };
        if let (Some(alias), false) = (head.alias, imported) {
            self.report.error(Code::InvalidMember, alias, "only imported types have a second name").suggest("use this name alone");
        }
        let modifiers = head.modifiers;
        let definition = match head.interface {
            false => TypeDefinition::Class(ClassDefinition {
                name,
                import,
                is_final: modifiers.is_final.is_some(),
                is_abstract: modifiers.is_abstract.is_some(),
                superclass: None,
                interfaces: Vec::new(),
                fields: Vec::new(),
                methods: Vec::new(),
            }),
            true => {
                if let Some(span) = modifiers.is_final.or(modifiers.is_abstract) {
                    self.report.error(Code::InvalidMember, span, "an interface is neither `final` nor `abstract`").suggest("remove it");
                }
                TypeDefinition::Interface(InterfaceDefinition { name, import, extends: Vec::new(), methods: Vec::new() })
            }
        };
        self.module.types.push(definition);
        self.names.members.push(MemberNames::default());
        let declared: Cow<'_, str> = key_name.clone();
        self.map.declarations.push((Section::Types, declared.into_owned().into(), head.name));
        let quoted = self.is_quoted(key);
        self.declare_type(key_name, quoted, key, Meaning::Defined(ty));
    }
}

/// The names in a piece of the source.
pub(super) fn names_in(span: Span, source: &str) -> impl Iterator<Item = &str> {
    Token::lexer(span.text(source)).spanned().filter(|(token, _)| *token == Ok(Token::Path)).filter_map(move |(_, range)| {
        let start = span.start as usize;
        source.get(start + range.start..start + range.end)
    })
}
