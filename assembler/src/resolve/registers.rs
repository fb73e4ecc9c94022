//! The registers and labels of a function.

use std::borrow::Cow;
use std::collections::HashMap;

use limosa_spec::Type;
use limosa_spec::limits;
use limosa_spec::module::RegisterName;

use crate::diagnostic::Code;
use crate::render::shorten;
use crate::syntax::{FunctionHead, Prefix, Statement, StatementKind, TermKind, Variable};
use crate::token::Span;

use super::function::Function;

/// The registers of a function.
#[derive(Default)]
pub(crate) struct Registers<'s> {
    pub names: HashMap<Cow<'s, str>, u32>,
    /// The type of each; none if its declaration is wrong.
    pub types: Vec<Option<Type>>,
    /// Where each is declared, and whether it is used.
    pub places: Vec<(Span, bool)>,
    /// Names for the debug section.
    pub debug_names: Vec<RegisterName>,
}

/// A label: the instruction it stands before, its place, and whether it is used.
pub(crate) struct Label {
    pub target: u32,
    pub span: Span,
    pub used: bool,
}

impl<'s> Function<'_, 's, '_> {
    /// Declares the parameters and all registers and labels of the statements.
    pub fn declare(&mut self, head: &'s FunctionHead, statements: &'s [Statement]) {
        self.declare_parameters(head);
        let parameters = self.registers.types.len();
        let mut instructions = 0;
        for statement in statements {
            for prefix in &statement.prefixes {
                if let Prefix::Label(span) = prefix {
                    self.declare_label(*span, instructions);
                }
            }
            match &statement.kind {
                StatementKind::Var(variables) => self.declare_variables(variables),
                StatementKind::Instruction(..) => instructions += 1,
                StatementKind::Broken(span) => self.lost.extend(super::declare::names_in(*span, self.resolver.source)),
                StatementKind::Empty | StatementKind::Catch(_) => {}
            }
        }
        self.body.locals = self.registers.types[parameters..].iter().map(|ty| ty.unwrap_or(Type::I32)).collect();
        let count = self.registers.types.len();
        if count > limits::REGISTERS as usize {
            let message = format!("the function has {count} registers; the limit is {}", limits::REGISTERS);
            self.resolver.report.error(Code::Limit, head.name, message);
        }
    }

    fn declare_parameters(&mut self, head: &'s FunctionHead) {
        let terms = self.resolver.terms;
        for (index, &id) in head.signature.parameters.iter().enumerate() {
            let ty = self.signature.as_ref().and_then(|signature| signature.parameters.get(index)).map(|parameter| parameter.ty);
            let term = terms.get(id);
            match &term.kind {
                TermKind::Named(name, debug_name, _) => self.declare_register(*name, *debug_name, ty, "parameter"),
                _ => {
                    let written = shorten(term.span.text(self.resolver.source));
                    self.resolver
                        .report
                        .error(Code::ParameterName, term.span, "a parameter needs a name")
                        .suggest(format!("write a name before its type, such as `value: {written}`"));
                    self.registers.types.push(ty);
                    self.registers.places.push((term.span, true));
                }
            }
        }
    }

    /// Declares the registers of a `var` line: those without a type have that of the next one with a type.
    fn declare_variables(&mut self, variables: &'s [Variable]) {
        let mut rest = variables;
        while !rest.is_empty() {
            let end = rest.iter().position(|variable| variable.ty.is_some());
            let (group, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            let ty = match group.last().and_then(|variable| variable.ty) {
                Some(ty) => self.resolver.register_type(ty),
                None => {
                    let span = group[0].name.to(group[group.len() - 1].name);
                    self.resolver
                        .report
                        .error(Code::MissingType, span, "the type is missing")
                        .suggest("write it after a colon, as in `var count: i64`");
                    None
                }
            };
            for variable in group {
                self.declare_register(variable.name, variable.debug_name, ty, "register");
            }
            rest = after;
        }
    }

    fn declare_register(&mut self, span: Span, debug_name: Option<Span>, ty: Option<Type>, noun: &str) {
        let name = self.resolver.name(span);
        let index = self.registers.types.len() as u32;
        let explicit = debug_name.map(|span| self.resolver.string_literal(span));
        match explicit {
            Some(text) => self.name_register(index, &text),
            None if is_default_name(&name, index) => {}
            None => self.name_register(index, &name),
        }
        // Parameters belong to the signature, and names such as r7 to generated code: nobody needs to hear that they are unused.
        let quiet = noun == "parameter" || name.starts_with('_') || is_default_name(&name, index);
        self.registers.types.push(ty);
        self.registers.places.push((span, quiet));
        match self.registers.names.get(&name) {
            Some(&first) => {
                let first = self.registers.places[first as usize].0;
                self.resolver.duplicate("register", &name, span, first);
            }
            None => {
                self.registers.names.insert(name, index);
            }
        }
    }

    fn name_register(&mut self, register: u32, name: &str) {
        let name = self.resolver.debug.string(name);
        self.registers.debug_names.push(RegisterName { register, name });
    }

    fn declare_label(&mut self, span: Span, target: u32) {
        let name = self.resolver.name(span);
        match self.labels.get(&name).map(|first| first.span) {
            Some(first) => self.resolver.duplicate("label", &name, span, first),
            None => {
                self.labels.insert(name, Label { target, span, used: false });
            }
        }
    }

    /// The register with the name a span holds; one that does not exist is reported.
    pub fn register(&mut self, span: Span) -> Option<u32> {
        let name = self.resolver.name(span);
        if let Some(&index) = self.registers.names.get(&name) {
            self.registers.places[index as usize].1 = true;
            return Some(index);
        }
        if !self.lost.contains(&*name) {
            let message = format!("there is no register `{}` in `{}`", shorten(&name), shorten(&self.name));
            let error = self.resolver.report.error(Code::UnknownRegister, span, message);
            match self.resolver.names.globals.contains_key(&name) {
                true => error.suggest("it is a global: read it with `global.get` and write it with `global.set`"),
                false => error.did_you_mean(&name, self.registers.names.keys()),
            };
        }
        None
    }

    /// The instruction of the label with the name a span holds; one that does not exist is reported.
    pub fn label(&mut self, span: Span) -> Option<u32> {
        let name = self.resolver.name(span);
        if let Some(label) = self.labels.get_mut(&name) {
            label.used = true;
            return Some(label.target);
        }
        if !self.lost.contains(&*name) {
            let message = format!("there is no label `{}` in `{}`", shorten(&name), shorten(&self.name));
            self.resolver.report.error(Code::UnknownLabel, span, message).did_you_mean(&name, self.labels.keys());
        }
        None
    }

    /// Warns of registers and labels that nothing uses.
    pub fn warn_unused(&mut self) {
        let mut unused = Vec::new();
        for (name, &index) in &self.registers.names {
            let (span, used) = self.registers.places[index as usize];
            if !used {
                unused.push((span, Code::UnusedRegister, format!("the register `{}` is never used", shorten(name))));
            }
        }
        for (name, label) in &self.labels {
            if !label.used && !name.starts_with('_') {
                unused.push((label.span, Code::UnusedLabel, format!("the label `{}` is never used", shorten(name))));
            }
        }
        unused.sort();
        for (span, code, message) in unused {
            self.resolver.report.warning(code, span, message);
        }
    }
}

/// Whether a register's name is `r` and its number, the name of registers that have none.
fn is_default_name(name: &str, index: u32) -> bool {
    name.strip_prefix('r').is_some_and(|digits| digits.parse() == Ok(index) && digits == index.to_string())
}
