//! Classes and interfaces: what they extend and implement, and their members.

use std::collections::{HashMap, HashSet};

use limosa_spec::Type;
use limosa_spec::types::{FieldDefinition, MethodDefinition, TypeDefinition, TypeKind};
use limosa_spec::verify::type_name;

use crate::diagnostic::Code;
use crate::literal;
use crate::render::shorten;
use crate::syntax::{Member, MethodMember, TermId, TypeHead, TypeItem};
use crate::token::Span;

use super::Resolver;
use super::names::{Kind, Name};

/// The tables of names of a class or interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberKind {
    Field,
    Method,
}

impl MemberKind {
    fn noun(self) -> &'static str {
        match self {
            MemberKind::Field => "field",
            MemberKind::Method => "method",
        }
    }
}

impl<'s> Resolver<'s, '_> {
    /// Defines the class or interface that is `index`th of the type table.
    pub fn define_type(&mut self, index: usize, item: &'s TypeItem, head: &'s TypeHead) {
        let (superclass, interfaces) = self.supertypes(index, head);
        let mut fields = Vec::new();
        let mut methods = Vec::new();
        for member in &item.members {
            match member {
                Member::Field(name, ty) => {
                    if head.interface {
                        self.report
                            .error(Code::InvalidMember, *name, "an interface has no fields")
                            .suggest("declare a method, or make it a class");
                    }
                    fields.extend(self.field(index, *name, *ty, fields.len() as u32));
                }
                Member::Method(method) => methods.extend(self.method(index, item.imported, head, method, methods.len() as u32)),
                Member::Broken(_) => {}
            }
        }
        match &mut self.module.types[index] {
            TypeDefinition::Class(class) => {
                class.superclass = superclass;
                (class.interfaces, class.fields, class.methods) = (interfaces, fields, methods);
            }
            TypeDefinition::Interface(interface) => (interface.extends, interface.methods) = (interfaces, methods),
            TypeDefinition::Array(_) | TypeDefinition::Function(_) | TypeDefinition::Fiber(_) => {}
        }
    }

    fn supertypes(&mut self, index: usize, head: &TypeHead) -> (Option<Type>, Vec<Type>) {
        if head.interface {
            if let Some(&first) = head.implements.first() {
                self.report
                    .error(Code::InvalidMember, self.terms.span(first), "an interface implements nothing")
                    .suggest("write `extends` instead of `implements`");
            }
            let extends = head.extends.iter().filter_map(|&term| self.supertype(index, term, true)).collect();
            return (None, extends);
        }
        if let Some(&second) = head.extends.get(1) {
            self.report
                .error(Code::InvalidMember, self.terms.span(second), "a class extends at most one class")
                .suggest("interfaces follow `implements`");
        }
        let superclass = head.extends.first().and_then(|&term| self.supertype(index, term, false));
        let interfaces = head.implements.iter().filter_map(|&term| self.interface(term)).collect();
        (superclass, interfaces)
    }

    /// What a class or interface extends: a class or interface declared before it.
    fn supertype(&mut self, index: usize, term: TermId, interface: bool) -> Option<Type> {
        let span = self.terms.span(term);
        let ty = if interface { self.interface(term)? } else { self.class(term)? };
        match ty.defined_index() {
            Some(other) if other as usize == index => {
                let name = type_name(&self.module, ty);
                self.report.error(Code::TypeOrder, span, format!("`{name}` extends itself"));
                None
            }
            Some(other) if other as usize > index => {
                let name = type_name(&self.module, ty);
                let own = type_name(&self.module, Type::defined(index as u32));
                self.report
                    .error(Code::TypeOrder, span, format!("`{name}` is not declared before `{own}`"))
                    .suggest(format!("move `{name}` before the types that extend it"));
                None
            }
            _ => Some(ty),
        }
    }

    fn class(&mut self, term: TermId) -> Option<Type> {
        let ty = self.ty(term)?;
        let is_class = matches!(ty.kind(), TypeKind::WellKnown(_)) || matches!(self.module.definition(ty), Some(TypeDefinition::Class(_)));
        self.of_category(term, ty, is_class, "a class")
    }

    fn interface(&mut self, term: TermId) -> Option<Type> {
        let ty = self.ty(term)?;
        let is_interface = matches!(self.module.definition(ty), Some(TypeDefinition::Interface(_)));
        self.of_category(term, ty, is_interface, "an interface")
    }

    fn of_category(&mut self, term: TermId, ty: Type, fits: bool, wanted: &str) -> Option<Type> {
        if !fits {
            let (name, span) = (type_name(&self.module, ty), self.terms.span(term));
            self.report.error(Code::TypeCategory, span, format!("`{name}` is not {wanted}"));
        }
        fits.then_some(ty)
    }

    fn field(&mut self, index: usize, span: Span, ty: TermId, number: u32) -> Option<FieldDefinition> {
        let ty = self.ty(ty);
        let name = self.member_name(index, MemberKind::Field, span, number);
        Some(FieldDefinition { name, ty: ty? })
    }

    fn member_name(&mut self, index: usize, kind: MemberKind, span: Span, number: u32) -> u32 {
        let name = self.name(span);
        let string = self.string(&name);
        let members = &mut self.names.members[index];
        let table = match kind {
            MemberKind::Field => &mut members.fields,
            MemberKind::Method => &mut members.methods,
        };
        match table.get(&name).map(|first| first.span) {
            Some(first) => self.duplicate(kind.noun(), &name, span, first),
            None => {
                table.insert(name, Name { index: number, span, used: false });
            }
        }
        string
    }

    fn method(&mut self, index: usize, imported: bool, head: &TypeHead, method: &MethodMember, number: u32) -> Option<MethodDefinition> {
        let signature = self.signature(&method.signature, method.name);
        let name = self.member_name(index, MemberKind::Method, method.name, number);
        let body = method.body.map(|body| self.find(Kind::Function, body));
        self.check_body(imported, head, method);
        Some(MethodDefinition { name, signature: signature?.0, body: body.flatten(), is_final: method.modifiers.is_final.is_some() })
    }

    fn check_body(&mut self, imported: bool, head: &TypeHead, method: &MethodMember) {
        let without_body = imported || head.interface;
        match (method.body, method.modifiers.is_abstract) {
            (Some(body), _) if without_body => {
                let what = if imported { "an imported type" } else { "an interface" };
                self.report
                    .error(Code::InvalidMember, body, format!("a method of {what} has no body here"))
                    .suggest("leave out the `=` and what follows it");
            }
            (Some(_), Some(modifier)) => {
                self.report
                    .error(Code::InvalidMember, modifier, "an abstract method has no body")
                    .suggest("remove `abstract`, or the `=` and what follows it");
            }
            (None, None) if !without_body => {
                let name = self.name(method.name).into_owned();
                self.report
                    .error(Code::MissingBody, method.span, format!("the method `{}` has no body", shorten(&name)))
                    .suggest("name the function that is run, as in `= Point.area`, or make the method `abstract`");
            }
            _ => {}
        }
    }

    /// The type that declares a member, and its number there: of the type named before the last dot, or one above it.
    pub fn find_member(&mut self, kind: MemberKind, span: Span) -> Option<(Type, u32)> {
        let text = span.text(self.source);
        let Some((owner, member)) = literal::split_last(text) else {
            let noun = kind.noun();
            let message = format!("a {noun} is named with its type, such as `Point.{}`", shorten(text));
            self.report.error(Code::OperandShape, span, message);
            return None;
        };
        let owner_span = Span::new(span.start, span.start + owner.len() as u32);
        let member_span = Span::new(span.end - member.len() as u32, span.end);
        let owner = self.named_type(owner_span)?;
        let name = self.name(member_span);
        let found = self.search(kind, owner, &name);
        if found.is_none() && !self.lost.contains(&*name) {
            self.unknown_member(kind, owner, &name, member_span);
        }
        found
    }

    fn unknown_member(&mut self, kind: MemberKind, owner: Type, name: &str, span: Span) {
        let owner_name = type_name(&self.module, owner);
        let code = match kind {
            MemberKind::Field => Code::UnknownField,
            MemberKind::Method => Code::UnknownMethod,
        };
        let message = format!("`{owner_name}` has no {} `{}`", kind.noun(), shorten(name));
        // Only errors that are told need the names.
        if self.report.error(code, span, message).is_kept() {
            let mut known: Vec<String> = Vec::new();
            self.walk(owner, &mut |resolver, ty| {
                known.extend(resolver.own_members(kind, ty));
                None::<()>
            });
            self.report.last().did_you_mean(name, known);
        }
    }

    fn own_members(&self, kind: MemberKind, ty: Type) -> Vec<String> {
        match ty.kind() {
            TypeKind::WellKnown(class) if kind == MemberKind::Field => class.fields().iter().map(|field| field.name.to_owned()).collect(),
            TypeKind::Defined(index) => match self.names.members.get(index as usize) {
                Some(members) => members.table(kind).keys().map(|name| (**name).to_owned()).collect(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn search(&self, kind: MemberKind, owner: Type, name: &str) -> Option<(Type, u32)> {
        self.walk(owner, &mut |resolver, ty| {
            let number = match ty.kind() {
                TypeKind::WellKnown(class) if kind == MemberKind::Field => {
                    class.fields().iter().position(|field| field.name == name).map(|number| number as u32)
                }
                TypeKind::Defined(index) => {
                    let members = resolver.names.members.get(index as usize)?;
                    members.table(kind).get(name).map(|found| found.index)
                }
                _ => None,
            };
            Some((ty, number?))
        })
    }

    /// Goes from a type to its superclasses, or to the interfaces an interface extends, until `visit` finds what it looks for.
    fn walk<T>(&self, from: Type, visit: &mut dyn FnMut(&Self, Type) -> Option<T>) -> Option<T> {
        let mut seen = HashSet::new();
        let mut waiting = vec![from];
        while let Some(ty) = waiting.pop() {
            if !seen.insert(ty) {
                continue;
            }
            if let Some(found) = visit(self, ty) {
                return Some(found);
            }
            match (ty.kind(), self.module.definition(ty)) {
                (TypeKind::WellKnown(class), _) => waiting.extend(class.superclass().map(Type::well_known)),
                (_, Some(TypeDefinition::Class(class))) => waiting.extend(class.superclass),
                (_, Some(TypeDefinition::Interface(interface))) => waiting.extend(interface.extends.iter().rev()),
                _ => {}
            }
        }
        None
    }
}

impl<'s> super::names::MemberNames<'s> {
    fn table(&self, kind: MemberKind) -> &HashMap<std::borrow::Cow<'s, str>, Name> {
        match kind {
            MemberKind::Field => &self.fields,
            MemberKind::Method => &self.methods,
        }
    }
}
