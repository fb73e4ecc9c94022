//! Objects: instantiation, fields, identity hashes, boxes.

use super::super::error::Check;
use super::super::function::{Checker, refuse};
use super::super::names::type_name;
use super::super::rule::Rule;
use crate::types::{Type, TypeDefinition, TypeKind};
use crate::well_known::WellKnown;

impl Checker<'_> {
    pub(super) fn check_new(&self, words: &[u32]) -> Check {
        let class = Type::from_code(words[1]);
        let found = || type_name(self.module, class);
        if !self.hierarchy.is_class(class) {
            return refuse(Rule::TypeOperand, 1, format!("`{}` is no class; name a class to make an object of", found()));
        }
        if matches!(self.module.definition(class), Some(TypeDefinition::Class(class)) if class.is_abstract) {
            return refuse(Rule::AbstractNew, 1, format!("class `{}` is abstract; make an object of a class that extends it", found()));
        }
        self.gives(0, words[0], class)
    }

    pub(super) fn check_field_get(&self, words: &[u32]) -> Check {
        let (class, field) = self.field(2, words[2], words[3])?;
        self.takes(1, words[1], class)?;
        self.gives(0, words[0], field.register_type())
    }

    pub(super) fn check_field_set(&self, words: &[u32]) -> Check {
        let (class, field) = self.field(1, words[1], words[2])?;
        if is_read_only(class, words[2]) {
            let message = format!("field {} of `{}` cannot be set; it belongs to the VM", words[2], type_name(self.module, class));
            return refuse(Rule::ReadOnlyField, 1, message);
        }
        self.takes(0, words[0], class)?;
        self.takes(3, words[3], field.register_type())
    }

    pub(super) fn check_identity_hash(&self, words: &[u32]) -> Check {
        let ty = self.ty(words[1]);
        if self.hierarchy.is_class(ty) || self.hierarchy.is_interface(ty) {
            return Ok(());
        }
        let message = format!(
            "objects of classes have identity hashes; {} is a `{}`, so cast it to a class or interface first",
            self.operand_name(words[1]),
            type_name(self.module, ty)
        );
        refuse(Rule::OperandType, 1, message)
    }

    pub(super) fn check_box(&self, words: &[u32]) -> Check {
        let class = match self.ty(words[1]) {
            Type::I32 => WellKnown::Int32,
            Type::I64 => WellKnown::Int64,
            Type::F32 => WellKnown::Float32,
            _ => WellKnown::Float64,
        };
        self.gives(0, words[0], Type::well_known(class))
    }
}

/// Whether a field of a well-known class is the VM's: the value of a box, and the trace of an error.
fn is_read_only(class: Type, field: u32) -> bool {
    match class.kind() {
        TypeKind::WellKnown(WellKnown::Error) => WellKnown::Error.fields().get(field as usize).is_some_and(|field| field.name == "trace"),
        TypeKind::WellKnown(class) => class >= WellKnown::Int32,
        _ => false,
    }
}
