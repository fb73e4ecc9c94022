//! Arrays, and multi-byte access to byte arrays.

use super::super::error::Check;
use super::super::function::{Checker, refuse};
use super::super::names::type_name;
use super::super::rule::Rule;
use crate::types::{Type, TypeDefinition};

impl Checker<'_> {
    pub(super) fn check_array_new(&self, words: &[u32]) -> Check {
        self.array_type(1, words[1])?;
        self.gives(0, words[0], Type::from_code(words[1]))
    }

    pub(super) fn check_array_len(&self, words: &[u32]) -> Check {
        self.element(1, words[1]).map(|_| ())
    }

    pub(super) fn check_array_get(&self, words: &[u32]) -> Check {
        let element = self.element(1, words[1])?;
        self.gives(0, words[0], element.register_type())
    }

    pub(super) fn check_array_set(&self, words: &[u32]) -> Check {
        let element = self.element(0, words[0])?;
        self.takes(2, words[2], element.register_type())
    }

    pub(super) fn check_array_fill(&self, words: &[u32]) -> Check {
        let element = self.element(0, words[0])?;
        self.takes(2, words[2], element.register_type())
    }

    pub(super) fn check_array_copy(&self, words: &[u32]) -> Check {
        let (to, from) = (self.element(0, words[0])?, self.element(2, words[2])?);
        if self.hierarchy.is_assignable(from, to) {
            return Ok(());
        }
        let (to, from) = (type_name(self.module, to), type_name(self.module, from));
        refuse(Rule::OperandType, 2, format!("elements `{from}` cannot be copied to an array of `{to}`"))
    }

    pub(super) fn check_array_data(&self, words: &[u32]) -> Check {
        let element = self.array_type(1, words[1])?;
        if element.is_reference() {
            let message = format!("data cannot fill an array of `{}`; name an array of numbers", type_name(self.module, element));
            return refuse(Rule::TypeOperand, 1, message);
        }
        let (bytes, size) = (self.module.data[words[2] as usize].bytes.len(), element.storage_size());
        if !bytes.is_multiple_of(size as usize) {
            let element = type_name(self.module, element);
            let message = format!("the data segment has {bytes} bytes, which is not a whole number of `{element}` of {size}");
            return refuse(Rule::DataLength, 2, message);
        }
        self.gives(0, words[0], Type::from_code(words[1]))
    }

    /// The byte array, at `word`, of a load or store.
    pub(super) fn check_byte_array(&self, word: usize, words: &[u32]) -> Check {
        let operand = words[word];
        if self.is_byte_array(self.ty(operand)) {
            return Ok(());
        }
        let found = type_name(self.module, self.ty(operand));
        refuse(Rule::OperandType, word, format!("a `[u8]` is expected; {} is a `{found}`", self.operand_name(operand)))
    }

    /// Whether it is `[u8]`.
    pub(super) fn is_byte_array(&self, ty: Type) -> bool {
        matches!(self.module.definition(ty), Some(TypeDefinition::Array(Type::U8)))
    }

    /// The element type of an operand that must be an array.
    fn element(&self, word: usize, operand: u32) -> Check<Type> {
        let ty = self.ty(operand);
        if let Some(&TypeDefinition::Array(element)) = self.module.definition(ty) {
            return Ok(element);
        }
        let message = format!("an array is expected; {} is a `{}`", self.operand_name(operand), type_name(self.module, ty));
        refuse(Rule::OperandType, word, message)
    }

    /// The element type of a type operand that must be an array type.
    fn array_type(&self, word: usize, code: u32) -> Check<Type> {
        let ty = Type::from_code(code);
        if let Some(&TypeDefinition::Array(element)) = self.module.definition(ty) {
            return Ok(element);
        }
        let message = format!("the type is `{0}`; an array type is needed, such as `[i64]`", type_name(self.module, ty));
        refuse(Rule::TypeOperand, word, message)
    }
}
