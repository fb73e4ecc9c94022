//! The operands of instructions: each place of the form takes a term of the right shape.

use std::collections::HashMap;
use std::sync::LazyLock;

use limosa_spec::disassemble::{Form, Place};
use limosa_spec::types::{Parameter, TypeDefinition};
use limosa_spec::verify::type_name;
use limosa_spec::{Opcode, OperandRole, RegisterKind, Type, TypingRule};

use crate::diagnostic::Code;
use crate::render::shorten;
use crate::syntax::{TermId, TermKind};
use crate::token::Span;

use super::callee::Arguments;
use super::function::Function;
use super::members::MemberKind;
use super::names::Kind;
use super::usage::{instruction_meant, usage, variants};

static MNEMONICS: LazyLock<HashMap<&'static str, Opcode>> =
    LazyLock::new(|| Opcode::ALL.iter().map(|&opcode| (opcode.mnemonic(), opcode)).collect());

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// A register of this kind, or a literal for it.
    Kind(RegisterKind),
    /// A value that can be assigned to this type.
    Type(Type),
    /// Something that cannot be told because of an error reported before.
    Unknown,
}

/// The operand that a literal's type depends on, once it is known.
#[derive(Clone, Copy)]
struct Context {
    opcode: Opcode,
    /// The type of the element, field or global that is set.
    element: Option<Type>,
    /// Whether the operand that tells the element is wrong.
    broken: bool,
}

impl<'s> Function<'_, 's, '_> {
    /// Assembles an instruction.
    pub fn instruction(&mut self, mnemonic: Span, operands: &[TermId]) {
        let text = mnemonic.text(self.resolver.source);
        let Some(&opcode) = MNEMONICS.get(text) else { return self.unknown_instruction(mnemonic, text, operands) };
        let end = operands.last().map_or(mnemonic, |&last| self.resolver.terms.span(last));
        self.map.instructions.push((mnemonic.to(end), self.map.operands.len() as u32));
        self.operands.clear();
        let form = Form::of(opcode);
        if self.check_count(opcode, &form, mnemonic, operands) {
            self.places(opcode, &form, mnemonic, operands);
        }
        let made = std::mem::take(&mut self.operands);
        self.body.code.push(opcode, &made);
        self.operands = made;
    }

    fn unknown_instruction(&mut self, span: Span, text: &str, operands: &[TermId]) {
        let report = &mut self.resolver.report;
        let error = report.error(Code::UnknownInstruction, span, format!("there is no instruction `{}`", shorten(text)));
        let of_types = variants(text);
        if let Some(mnemonic) = instruction_meant(text) {
            error.suggest(format!("did you mean `{mnemonic}`?"));
        } else if !of_types.is_empty() {
            error.suggest(format!("say of which type: {of_types}"));
        } else if operands.is_empty() && !text.contains('.') {
            error.suggest("a label is followed by a colon").did_you_mean(text, Opcode::ALL.iter().map(|opcode| opcode.mnemonic()));
        } else {
            error.did_you_mean(text, Opcode::ALL.iter().map(|opcode| opcode.mnemonic()));
        }
    }

    fn check_count(&mut self, opcode: Opcode, form: &Form, mnemonic: Span, operands: &[TermId]) -> bool {
        let (count, more) = form.count();
        let given = operands.len();
        if given == count || more && given > count {
            return true;
        }
        let span = match operands.get(count) {
            Some(&first) => self.resolver.terms.span(first).to(self.resolver.terms.span(operands[given - 1])),
            None => mnemonic,
        };
        let least = if more { "at least " } else { "" };
        let message = format!("`{}` takes {least}{}, {given} given", opcode.mnemonic(), counted(count, "operand"));
        self.resolver.report.error(Code::OperandCount, span, message).help(format!("it is written `{}`", usage(opcode, form)));
        false
    }

    fn places(&mut self, opcode: Opcode, form: &Form, mnemonic: Span, operands: &[TermId]) {
        let surplus = operands.len() - form.count().0;
        let mut rest = operands;
        let mut context = Context { opcode, element: None, broken: false };
        // The results of a call are the first operands, but what they are is known only from its callee.
        let mut results: &[TermId] = &[];
        for &place in form.places() {
            match place {
                Place::Results => {
                    let (list, after) = rest.split_at(surplus);
                    (results, rest) = (list, after);
                    self.definitions(list);
                }
                Place::Values => {
                    self.values_returned(mnemonic, rest);
                    rest = &[];
                }
                Place::Callee(role) => {
                    let (&first, after) = rest.split_first().expect("the operands were counted");
                    rest = after;
                    self.callee(opcode, role, first, results);
                }
                Place::Group => {
                    let (&first, after) = rest.split_first().expect("the operands were counted");
                    rest = after;
                    self.yielded(first, results, mnemonic);
                }
                Place::One(role) => {
                    let (&first, after) = rest.split_first().expect("the operands were counted");
                    rest = after;
                    self.one(role, first, &mut context);
                }
            }
        }
    }

    /// Appends the registers that receive results, with their number.
    fn definitions(&mut self, list: &[TermId]) {
        self.operands.push(list.len() as u32);
        for &term in list {
            let register = self.definition(term, RegisterKind::Any);
            self.push(register.unwrap_or(0), term);
        }
    }

    fn values_returned(&mut self, mnemonic: Span, values: &[TermId]) {
        let results = self.signature.as_ref().map(|signature| signature.results.clone());
        if let Some(results) = &results
            && results.len() != values.len()
        {
            let span = values
                .first()
                .map_or(mnemonic, |&first| self.resolver.terms.span(first).to(self.resolver.terms.span(values[values.len() - 1])));
            let message = format!("`{}` has {}, {} given", shorten(&self.name), counted(results.len(), "result"), values.len());
            let declared = self.map.name;
            self.resolver.report.error(Code::ResultCount, span, message).related(declared, "the results are declared here");
        }
        self.list(values, Arguments::from_parameters(results.as_deref()));
    }

    /// Appends a list of values with its length.
    pub fn list(&mut self, values: &[TermId], wanted: Arguments<'_>) {
        self.operands.push(values.len() as u32);
        for (position, &term) in values.iter().enumerate() {
            let value = self.value(term, wanted.at(position));
            self.push(value.unwrap_or(0), term);
        }
    }

    /// Appends an operand and remembers where it stands.
    pub fn push(&mut self, operand: u32, term: TermId) {
        self.operands.push(operand);
        self.map.operands.push(self.resolver.terms.span(term));
    }

    fn one(&mut self, role: OperandRole, term: TermId, context: &mut Context) {
        let span = self.resolver.terms.span(term);
        match role {
            OperandRole::Def(kind) => {
                let register = self.definition(term, kind);
                self.push(register.unwrap_or(0), term);
            }
            OperandRole::Use(kind) => {
                let want = match (kind, context.element) {
                    (RegisterKind::Any, Some(element)) => Want::Type(element),
                    (RegisterKind::Any, None) if context.broken => Want::Unknown,
                    _ => Want::Kind(kind),
                };
                let value = self.value(term, want);
                self.push(value.unwrap_or(0), term);
                self.note_array(context, value);
            }
            OperandRole::Type => {
                let ty = self.resolver.ty(term);
                self.push(ty.map_or(0, Type::code), term);
            }
            OperandRole::Label => {
                let label = self.path(term, "a label").and_then(|span| self.label(span));
                self.push(label.unwrap_or(0), term);
            }
            OperandRole::Labels => self.labels_in_brackets(term),
            OperandRole::Field => self.field(term, context),
            OperandRole::Global => {
                let global = self.path(term, "a global").and_then(|span| self.find(Kind::Global, span));
                context.broken = global.is_none();
                context.element = global.map(|index| self.resolver.module.globals[index as usize].ty);
                self.push(global.unwrap_or(0), term);
            }
            OperandRole::Data => {
                let data = self.path(term, "a data segment").and_then(|span| self.find(Kind::Data, span));
                self.push(data.unwrap_or(0), term);
            }
            OperandRole::String => {
                let string = self.string_operand(term);
                self.push(string, term);
            }
            // The table has these only before a list of values, as callees.
            OperandRole::Function | OperandRole::Method | OperandRole::Defs | OperandRole::Uses => self.wrong_shape(span, "a callee"),
        }
    }

    fn string_operand(&mut self, term: TermId) -> u32 {
        let span = self.resolver.terms.span(term);
        if !matches!(self.resolver.terms.get(term).kind, TermKind::String) {
            self.wrong_shape(span, "a string");
            return 0;
        }
        let text = self.resolver.string_literal(span);
        self.resolver.string(&text)
    }

    /// If the operand is the array whose elements are set, remembers the type of its elements.
    fn note_array(&self, context: &mut Context, value: Option<u32>) {
        let sets_elements = matches!(context.opcode.typing(), TypingRule::ArraySet | TypingRule::ArrayFill);
        if !sets_elements || context.element.is_some() || context.broken || self.operands.len() != 1 {
            return;
        }
        let ty = value.and_then(|register| self.registers.types.get(register as usize).copied().flatten());
        match ty.and_then(|ty| self.resolver.module.definition(ty)) {
            Some(TypeDefinition::Array(element)) => context.element = Some(element.register_type()),
            _ => context.broken = ty.is_none(),
        }
    }

    fn labels_in_brackets(&mut self, term: TermId) {
        let terms = self.resolver.terms;
        let TermKind::List(items) = &terms.get(term).kind else {
            return self.wrong_shape(terms.span(term), "labels in brackets such as `[one, two]`");
        };
        self.operands.push(items.len() as u32);
        for &item in items {
            let label = self.path(item, "a label").and_then(|span| self.label(span));
            self.push(label.unwrap_or(0), item);
        }
    }

    fn field(&mut self, term: TermId, context: &mut Context) {
        let member = self.path(term, "a field").and_then(|span| self.resolver.find_member(MemberKind::Field, span));
        let (class, index) = member.unwrap_or((Type::I32, 0));
        let ty = member.and_then(|_| match (class.kind(), self.resolver.module.definition(class)) {
            (limosa_spec::TypeKind::WellKnown(known), _) => known.fields().get(index as usize).map(|field| field.ty),
            (_, Some(TypeDefinition::Class(class))) => class.fields.get(index as usize).map(|field| field.ty),
            _ => None,
        });
        context.element = ty.map(Type::register_type);
        context.broken = ty.is_none();
        self.push(class.code(), term);
        self.operands.push(index);
    }

    /// The span of a term that must be a name.
    pub fn path(&mut self, term: TermId, what: &str) -> Option<Span> {
        let term = self.resolver.terms.get(term);
        if matches!(term.kind, TermKind::Path) {
            return Some(term.span);
        }
        self.wrong_shape(term.span, what);
        None
    }

    pub fn wrong_shape(&mut self, span: Span, what: &str) {
        let written = shorten(span.text(self.resolver.source));
        self.resolver.report.error(Code::OperandShape, span, format!("expected {what}, found `{written}`"));
    }

    /// A register that is written.
    fn definition(&mut self, id: TermId, kind: RegisterKind) -> Option<u32> {
        let term = self.resolver.terms.get(id);
        if !matches!(term.kind, TermKind::Path) {
            self.wrong_shape(term.span, "a register for the result");
            return None;
        }
        let register = self.register(term.span)?;
        self.check_register(register, term.span, Want::Kind(kind));
        Some(register)
    }

    /// A register or literal that is read.
    pub fn value(&mut self, id: TermId, want: Want) -> Option<u32> {
        let term = self.resolver.terms.get(id);
        match &term.kind {
            TermKind::Path => {
                let register = self.register(term.span)?;
                self.check_register(register, term.span, want);
                Some(register)
            }
            TermKind::Number | TermKind::Char | TermKind::Null | TermKind::String => self.literal(id, want),
            _ => {
                self.wrong_shape(term.span, "a register or literal");
                None
            }
        }
    }

    fn literal(&mut self, id: TermId, want: Want) -> Option<u32> {
        let ty = match want {
            Want::Unknown => return None,
            Want::Type(ty) => ty,
            Want::Kind(RegisterKind::I32) => Type::I32,
            Want::Kind(RegisterKind::I64) => Type::I64,
            Want::Kind(RegisterKind::F32) => Type::F32,
            Want::Kind(RegisterKind::F64) => Type::F64,
            Want::Kind(RegisterKind::Ref) => Type::ANY,
            Want::Kind(RegisterKind::Any) => {
                let span = self.resolver.terms.span(id);
                let message = "the type of this literal cannot be told, because what is set has no known type";
                self.resolver.report.error(Code::LiteralType, span, message).help("the array must be a register of an array type");
                return None;
            }
        };
        let constant = self.resolver.constant(id, ty)?;
        let registers = self.registers.types.len() as u32;
        let constants = &mut self.body.constants;
        let index = *self.constants.entry(constant).or_insert_with(|| {
            constants.push(constant);
            constants.len() as u32 - 1
        });
        Some(registers + index)
    }

    /// Reports a register whose type cannot be right; how references relate is for the verifier to say.
    fn check_register(&mut self, register: u32, span: Span, want: Want) {
        let Some(ty) = self.registers.types[register as usize] else { return };
        let wanted = match want {
            Want::Unknown | Want::Kind(RegisterKind::Any) => return,
            Want::Kind(RegisterKind::Ref) => {
                if ty.is_reference() {
                    return;
                }
                "a reference".to_owned()
            }
            Want::Kind(RegisterKind::I32) => expected(ty, Type::I32),
            Want::Kind(RegisterKind::I64) => expected(ty, Type::I64),
            Want::Kind(RegisterKind::F32) => expected(ty, Type::F32),
            Want::Kind(RegisterKind::F64) => expected(ty, Type::F64),
            Want::Type(wanted) if wanted.is_reference() && ty.is_reference() || wanted == ty => return,
            Want::Type(wanted) => format!("`{}`", type_name(&self.resolver.module, wanted)),
        };
        if wanted.is_empty() {
            return;
        }
        let (found, name) = (type_name(&self.resolver.module, ty), shorten(span.text(self.resolver.source)));
        let declared = self.registers.places[register as usize].0;
        self.resolver
            .report
            .error(Code::OperandType, span, format!("`{name}` is of type `{found}`; {wanted} is needed here"))
            .label(format!("is `{found}`"))
            .related(declared, "declared here");
    }

    /// The signature's items as wanted types.
    pub fn parameters_of(&self, ty: Type) -> Option<(Vec<Parameter>, Vec<Parameter>)> {
        match self.resolver.module.definition(ty)? {
            TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => {
                Some((signature.parameters.clone(), signature.results.clone()))
            }
            _ => None,
        }
    }
}

/// What a diagnostic says is needed; empty if it is what there is.
fn expected(found: Type, wanted: Type) -> String {
    if found == wanted { String::new() } else { format!("`{wanted:?}`").to_lowercase() }
}

/// A number and a noun, such as `2 operands`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}
