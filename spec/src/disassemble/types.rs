//! Types and signatures.

use super::Printer;
use super::names::built_in_type;
use crate::types::{Parameter, Signature, Type, TypeDefinition, TypeKind};

impl Printer<'_> {
    /// Writes a type.
    pub fn ty(&mut self, ty: Type) {
        match ty.kind() {
            TypeKind::I32 => self.out.push("i32"),
            TypeKind::I64 => self.out.push("i64"),
            TypeKind::F32 => self.out.push("f32"),
            TypeKind::F64 => self.out.push("f64"),
            TypeKind::I8 => self.out.push("i8"),
            TypeKind::U8 => self.out.push("u8"),
            TypeKind::I16 => self.out.push("i16"),
            TypeKind::U16 => self.out.push("u16"),
            TypeKind::Any => self.out.push("any"),
            TypeKind::Str => self.out.push("str"),
            TypeKind::Null => self.out.push("<null type>"),
            TypeKind::WellKnown(class) => self.out.push(class.name()),
            TypeKind::Defined(index) => self.defined(index),
            TypeKind::Reserved => self.out.push(&format!("<type {}>", ty.code())),
        }
    }

    fn defined(&mut self, index: u32) {
        match self.references.type_name(index) {
            // The plain name would be the built-in type.
            Some(name) if built_in_type(name).is_some() => self.out.quoted_name(name),
            Some(name) => self.out.name(name),
            None => self.structural(index),
        }
    }

    /// Writes a structural type within another text. What it is made of has lower numbers or a name, so this ends.
    fn structural(&mut self, index: u32) {
        self.inside += 1;
        self.definition(index);
        self.inside -= 1;
    }

    /// Writes what a structural type is.
    pub fn definition(&mut self, index: u32) {
        match self.module.types.get(index as usize) {
            Some(TypeDefinition::Array(element)) => {
                self.out.push("[");
                self.ty(*element);
                self.out.push("]");
            }
            Some(TypeDefinition::Function(signature)) => {
                self.out.push("fn");
                self.signature(signature);
            }
            Some(TypeDefinition::Fiber(signature)) => {
                self.out.push("fiber");
                self.signature(signature);
            }
            Some(TypeDefinition::Class(_) | TypeDefinition::Interface(_)) | None => self.out.push(&format!("<type {index}>")),
        }
    }

    /// Writes parameters without names, and results.
    pub fn signature(&mut self, signature: &Signature) {
        self.parameters(&signature.parameters);
        self.results(&signature.results);
    }

    /// Writes the signature that a type of the table is.
    pub fn signature_of(&mut self, ty: Type) {
        match self.module.function_type(ty) {
            Some(signature) => self.signature(signature),
            None => self.out.push(&format!("<signature {}>", ty.code())),
        }
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        self.out.push("(");
        for (index, &parameter) in parameters.iter().enumerate() {
            match index {
                0 => {}
                _ if self.inside > 0 => self.out.push(", "),
                _ => self.out.comma(),
            }
            self.parameter(parameter);
        }
        self.out.push(")");
    }

    /// Writes the results with the arrow, if there are any.
    pub fn results(&mut self, results: &[Parameter]) {
        match results {
            [] => {}
            [result] => {
                self.out.push(" -> ");
                self.parameter(*result);
            }
            results => {
                self.out.push(" -> ");
                self.parameters(results);
            }
        }
    }

    /// Writes the type of a parameter or result.
    pub fn parameter(&mut self, parameter: Parameter) {
        // A `!` after a result would belong to that result.
        let group = parameter.non_null && self.ends_with_result(parameter.ty);
        if group {
            self.out.push("(");
        }
        self.ty(parameter.ty);
        self.out.push(if group { ")" } else { "" });
        self.out.push(if parameter.non_null { "!" } else { "" });
    }

    fn ends_with_result(&mut self, ty: Type) -> bool {
        let Some(index) = ty.defined_index() else { return false };
        if self.references.type_name(index).is_some() {
            return false;
        }
        match self.module.types.get(index as usize) {
            Some(TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature)) => !signature.results.is_empty(),
            _ => false,
        }
    }
}
