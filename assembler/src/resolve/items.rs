//! The second pass: what is declared gets its type, signature or value. The code of functions follows in the third.

use std::collections::HashMap;

use limosa_spec::Type;
use limosa_spec::format::Section;
use limosa_spec::module::{Constant, Export, ExportItem};
use limosa_spec::verify::type_name;

use crate::diagnostic::Code;
use crate::literal;
use crate::render::shorten;
use crate::syntax::{self, GlobalItem, Item, ItemKind, TermKind};
use crate::token::Span;

use super::Resolver;
use super::names::{Kind, Meaning};

/// The lines that may stand only once, and where they stand.
#[derive(Default)]
struct Once {
    module: Option<Span>,
    entry: Option<Span>,
    file: Option<Span>,
    capabilities: HashMap<u32, Span>,
    exports: HashMap<(bool, u32), Span>,
}

/// How many of each kind were defined so far.
#[derive(Default)]
struct Counts {
    types: usize,
    imports: usize,
    functions: usize,
    globals: usize,
    data: usize,
}

impl<'s> Resolver<'s, '_> {
    /// Defines everything but the code of functions.
    pub fn define(&mut self, items: &'s [Item]) {
        let (mut once, mut counts) = (Once::default(), Counts::default());
        for item in items {
            self.define_item(item, &mut once, &mut counts);
        }
        if once.module.is_none() && !items.iter().any(|item| matches!(item.kind, ItemKind::Broken)) {
            self.report
                .error(Code::MissingModule, Span::default(), "the module has no name")
                .suggest("begin with a line such as `module hello`");
        }
        self.map.module = once.module.unwrap_or_default();
        self.map.entry = once.entry.unwrap_or(self.map.module);
        self.map.functions.resize_with(self.module.imports.len() + self.module.functions.len(), Default::default);
    }

    fn define_item(&mut self, item: &'s Item, once: &mut Once, counts: &mut Counts) {
        match &item.kind {
            ItemKind::Module(name, version) => {
                if let Some(first) = once.module.replace(item.span) {
                    self.twice(item.span, first, "the module is named twice");
                }
                self.manifest(*name, *version);
            }
            ItemKind::Capabilities(names) => names.iter().for_each(|&name| self.capability(name, once)),
            ItemKind::Entry(name) => {
                if let Some(first) = once.entry.replace(item.span) {
                    self.twice(item.span, first, "there are two entry points");
                }
                self.module.manifest.entry = self.find(Kind::Function, *name);
            }
            ItemKind::ImportFunction(import) => {
                if let Some((ty, _)) = self.signature(&import.signature, item.span) {
                    self.module.imports[counts.imports].signature = ty;
                }
                counts.imports += 1;
            }
            ItemKind::Type(ty) => {
                if let Some(head) = &ty.head {
                    self.define_type(counts.types, ty, head);
                    counts.types += 1;
                }
            }
            ItemKind::Alias(name, _) => self.define_alias(*name),
            ItemKind::Global(global) => {
                self.global(counts.globals, global);
                counts.globals += 1;
            }
            ItemKind::Data(_, hex, strings) => {
                self.module.data[counts.data].bytes = self.data(*hex, strings);
                counts.data += 1;
            }
            ItemKind::Export(export) => self.export(export, once),
            ItemKind::Function(function) => {
                if let Some(head) = &function.head {
                    if let Some((ty, _)) = self.signature(&head.signature, head.name) {
                        self.module.functions[counts.functions].signature = ty;
                    }
                    counts.functions += 1;
                }
            }
            ItemKind::File(name) => {
                if let Some(first) = once.file.replace(item.span) {
                    self.twice(item.span, first, "there are two `.file` lines");
                }
                self.string_literal(*name);
            }
            ItemKind::NoDebug | ItemKind::NoLines | ItemKind::Broken => {}
        }
    }

    fn twice(&mut self, span: Span, first: Span, message: &str) {
        self.report.error(Code::DuplicateItem, span, message).suggest("remove one of them").related(first, "the first stands here");
    }

    fn manifest(&mut self, name: Span, version: Option<Span>) {
        let text = self.name(name);
        self.module.manifest.name = self.string(&text);
        let Some(version) = version else { return };
        let mut parts = version.text(self.source).split('.').map(str::parse::<u32>);
        match [parts.next(), parts.next(), parts.next(), parts.next()] {
            [Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None] => self.module.manifest.version = [major, minor, patch],
            _ => {
                self.report
                    .error(Code::InvalidVersion, version, "a version is three numbers joined by dots")
                    .suggest("write it as major, minor and patch, such as `1.0.2`");
            }
        }
    }

    fn capability(&mut self, span: Span, once: &mut Once) {
        let name = self.name(span);
        let string = self.string(&name);
        if let Some(&first) = once.capabilities.get(&string) {
            return self.twice(span, first, &format!("the capability `{}` is asked for twice", shorten(&name)));
        }
        once.capabilities.insert(string, span);
        self.module.manifest.capabilities.push(string);
    }

    /// Looks at an alias even if nothing uses it.
    fn define_alias(&mut self, span: Span) {
        let name = self.name(span);
        let Some(&found) = self.names.types.get(&name) else { return };
        if let (Meaning::Alias(term), true) = (found.meaning, found.span == span) {
            if let Some(found) = self.names.types.get_mut(&name) {
                found.meaning = Meaning::Pending;
            }
            let ty = self.ty(term);
            if let Some(found) = self.names.types.get_mut(&name) {
                found.meaning = Meaning::Known(ty);
            }
        }
    }

    fn global(&mut self, index: usize, global: &GlobalItem) {
        let Some(ty) = self.register_type(global.ty) else { return };
        let zero = match ty {
            Type::I32 => Constant::I32(0),
            Type::I64 => Constant::I64(0),
            Type::F32 => Constant::F32(0.0),
            Type::F64 => Constant::F64(0.0),
            _ => Constant::Null,
        };
        let initial = global.initial.map_or(Some(zero), |term| self.initial(term, ty));
        let slot = &mut self.module.globals[index];
        slot.ty = ty;
        slot.initial = initial.unwrap_or(zero);
    }

    fn initial(&mut self, id: syntax::TermId, ty: Type) -> Option<Constant> {
        let terms = self.terms;
        let term = terms.get(id);
        match &term.kind {
            TermKind::String if ty == Type::STR || ty == Type::ANY => {
                let text = self.string_literal(term.span);
                Some(Constant::Str(self.string(&text)))
            }
            TermKind::Number | TermKind::Char | TermKind::Null | TermKind::String => self.constant(id, ty),
            _ => {
                let name = type_name(&self.module, ty);
                self.report
                    .error(Code::LiteralType, term.span, format!("the initial value of a global is a literal, here one of type `{name}`"))
                    .help("everything else is set by code");
                None
            }
        }
    }

    fn data(&mut self, hex: bool, strings: &[Span]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for &span in strings {
            let text = span.text(self.source);
            if hex {
                if let Err((at, reason)) = literal::hex(text, &mut bytes) {
                    let start = span.start + at as u32;
                    self.report.error(Code::InvalidHex, Span::new(start, start + 1), reason).help("hexadecimal data is pairs of digits");
                }
            } else {
                match literal::bytes(text) {
                    Ok(part) => bytes.extend_from_slice(&part),
                    Err(error) => self.escape_error(span, &error),
                }
            }
        }
        bytes
    }

    fn export(&mut self, export: &syntax::ExportItem, once: &mut Once) {
        let own = match export.exported {
            Some(span) => self.string_literal(span),
            None => self.name(export.name).into_owned(),
        };
        let item = match export.is_type {
            true => self.exported_type(export.name).map(ExportItem::Type),
            false => self.find(Kind::Function, export.name).map(ExportItem::Function),
        };
        let name = self.string(&own);
        if let Some(&first) = once.exports.get(&(export.is_type, name)) {
            return self.duplicate("export", &own, export.exported.unwrap_or(export.name), first);
        }
        once.exports.insert((export.is_type, name), export.name);
        self.map.declarations.push((Section::Exports, own.into(), export.name));
        if let Some(item) = item {
            self.module.exports.push(Export { name, item });
        }
    }

    fn exported_type(&mut self, span: Span) -> Option<Type> {
        self.named_type(span)
    }
}
