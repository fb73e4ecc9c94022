//! Instructions: the mnemonic, and each operand as the form says.

use super::Printer;
use super::form::{Form, Place};
use super::function::FunctionText;
use crate::module::{Body, Constant};
use crate::opcodes::{OperandRole, RegisterKind};
use crate::types::{Type, TypeDefinition, TypeKind};

/// Reads the raw operands of an instruction, which may be fewer than they should.
pub(super) struct Words<'m> {
    rest: &'m [u32],
}

impl<'m> Words<'m> {
    /// The operands from `start` on.
    pub fn new(body: &'m Body, start: u32) -> Words<'m> {
        Words { rest: body.code.operands.get(start as usize..).unwrap_or_default() }
    }

    /// A number.
    pub fn next(&mut self) -> Option<u32> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The number some places ahead.
    pub fn peek(&self, distance: usize) -> Option<u32> {
        self.rest.get(distance).copied()
    }

    /// A count and that many numbers.
    pub fn list(&mut self) -> &'m [u32] {
        let count = self.next().unwrap_or(0) as usize;
        let (list, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        list
    }

    /// Passes over an operand.
    pub fn skip(&mut self, role: OperandRole) {
        match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => {
                self.list();
            }
            OperandRole::Field | OperandRole::Method => {
                self.next();
                self.next();
            }
            _ => {
                self.next();
            }
        }
    }
}

impl<'m> Printer<'m> {
    /// Writes an instruction without what stands before it on its line.
    pub fn instruction(&mut self, index: usize, text: &FunctionText<'m>) {
        // The type of what an operand of any type is stored to, once the operand that tells it was written.
        let mut stored = None;
        // The last operand taken as a type: that of the fiber when the values it hands out follow.
        let mut named = Type::I32;
        let instruction = text.body.code.instructions[index];
        let mut words = Words::new(text.body, instruction.start);
        self.out.push(instruction.opcode.mnemonic());
        let mut empty = true;
        for &place in Form::of(instruction.opcode).places() {
            let list = match place {
                Place::Results | Place::Values => Some(words.list()),
                _ => None,
            };
            if list.is_some_and(<[u32]>::is_empty) {
                continue;
            }
            self.out.push(if empty { " " } else { ", " });
            empty = false;
            match (place, list) {
                (Place::One(role), _) => {
                    let target = self.stored_to(instruction.opcode, role, &words, text);
                    named = Type::from_code(words.peek(0).unwrap_or(0));
                    self.one(role, &mut words, stored, text);
                    stored = stored.or(target);
                }
                (Place::Callee(role), _) => {
                    let types = self.argument_types(role, &words, text);
                    self.one(role, &mut words, None, text);
                    self.values_in_parentheses(words.list(), &types, text);
                }
                (Place::Group, _) => {
                    let types = self.handed_out(named);
                    self.values_in_parentheses(words.list(), &types, text);
                }
                (Place::Results, list) => {
                    for (index, &item) in list.unwrap_or_default().iter().enumerate() {
                        self.out.push(if index > 0 { ", " } else { "" });
                        self.register(item, text);
                    }
                }
                (Place::Values, list) => {
                    for (index, &item) in list.unwrap_or_default().iter().enumerate() {
                        self.out.push(if index > 0 { ", " } else { "" });
                        self.value(item, text.results.get(index).map(|result| result.ty), text);
                    }
                }
            }
        }
    }

    fn values_in_parentheses(&mut self, values: &[u32], types: &[Type], text: &FunctionText<'m>) {
        self.out.push("(");
        for (index, &value) in values.iter().enumerate() {
            if index > 0 {
                self.out.comma();
            }
            self.value(value, types.get(index).copied(), text);
        }
        self.out.push(")");
    }

    fn one(&mut self, role: OperandRole, words: &mut Words<'m>, stored: Option<Type>, text: &FunctionText<'m>) {
        if role == OperandRole::Labels {
            return self.labels(words.list(), text);
        }
        let Some(word) = words.next() else { return self.out.push("<missing>") };
        match role {
            OperandRole::Def(_) => self.register(word, text),
            OperandRole::Use(RegisterKind::I32) => self.value(word, Some(Type::I32), text),
            OperandRole::Use(RegisterKind::I64) => self.value(word, Some(Type::I64), text),
            OperandRole::Use(RegisterKind::F32) => self.value(word, Some(Type::F32), text),
            OperandRole::Use(RegisterKind::F64) => self.value(word, Some(Type::F64), text),
            OperandRole::Use(RegisterKind::Ref) => self.value(word, Some(Type::ANY), text),
            OperandRole::Use(RegisterKind::Any) => self.value(word, stored, text),
            OperandRole::Label => self.label(word, text),
            OperandRole::Type => self.ty(Type::from_code(word)),
            OperandRole::Function => self.function_name(word),
            OperandRole::Field | OperandRole::Method => self.member(role, Type::from_code(word), words.next()),
            OperandRole::Global => self.named("global", word, self.module.globals.get(word as usize).map(|global| global.name)),
            OperandRole::Data => self.named("data", word, self.module.data.get(word as usize).map(|data| data.name)),
            OperandRole::String => self.string(word),
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => self.out.push("<list>"),
        }
    }

    fn labels(&mut self, labels: &[u32], text: &FunctionText<'m>) {
        self.out.push("[");
        for (index, &label) in labels.iter().enumerate() {
            if index > 0 {
                self.out.comma();
            }
            self.label(label, text);
        }
        self.out.push("]");
    }

    fn named(&mut self, noun: &str, index: u32, name: Option<u32>) {
        match name {
            Some(name) => self.string_as_name(name),
            None => self.out.push(&format!("<{noun} {index}>")),
        }
    }

    /// Writes a register, or a constant for a place of the type.
    fn value(&mut self, operand: u32, ty: Option<Type>, text: &FunctionText<'m>) {
        match (operand as usize).checked_sub(text.registers.len()) {
            None => self.register(operand, text),
            Some(index) => match text.body.constants.get(index) {
                Some(&constant) => self.constant_of(constant, ty),
                None => self.out.push(&format!("<operand {operand}>")),
            },
        }
    }

    /// Writes a constant for a place of the type. One of another type, which only modules that cannot be verified have, would be read
    /// back as something else, so it stands in angle brackets with its type.
    pub fn constant_of(&mut self, constant: Constant, ty: Option<Type>) {
        let fits = match constant {
            Constant::Null => ty.is_some_and(Type::is_reference),
            constant => ty == Some(constant.ty()),
        };
        if fits {
            return self.constant(constant);
        }
        self.out.push("<");
        match constant {
            Constant::Null => {}
            constant => {
                self.ty(constant.ty());
                self.out.push(" ");
            }
        }
        self.constant(constant);
        self.out.push(">");
    }

    /// Writes a constant as a literal.
    fn constant(&mut self, constant: Constant) {
        match constant {
            Constant::I32(value) => self.out.push(&value.to_string()),
            Constant::I64(value) => self.out.push(&value.to_string()),
            Constant::F32(value) if value.is_nan() => self.out.push("nan"),
            Constant::F64(value) if value.is_nan() => self.out.push("nan"),
            Constant::F32(value) => self.out.push(&format!("{value:?}")),
            Constant::F64(value) => self.out.push(&format!("{value:?}")),
            Constant::Null => self.out.push("null"),
            Constant::Str(index) => self.out.push(&format!("<string {index}>")),
        }
    }

    /// Writes a field or method with the type that declares it.
    fn member(&mut self, role: OperandRole, owner: Type, index: Option<u32>) {
        self.ty(owner);
        self.out.push(".");
        let Some(index) = index else { return self.out.push("<missing>") };
        let place = index as usize;
        let is_field = role == OperandRole::Field;
        let name = match (owner.kind(), self.module.definition(owner)) {
            (TypeKind::WellKnown(class), _) if is_field => {
                return match class.fields().get(place) {
                    Some(field) => self.out.part(field.name),
                    None => self.out.push(&format!("<field {index}>")),
                };
            }
            (_, Some(TypeDefinition::Class(class))) if is_field => class.fields.get(place).map(|field| field.name),
            (_, Some(TypeDefinition::Class(class))) => class.methods.get(place).map(|method| method.name),
            (_, Some(TypeDefinition::Interface(interface))) if !is_field => interface.methods.get(place).map(|method| method.name),
            _ => None,
        };
        match name {
            Some(name) => self.string_as_part(name),
            None => self.out.push(&format!("<member {index}>")),
        }
    }
}
