//! Fields and methods by the class or interface that declares them and their index there.

use super::super::common::type_index;
use super::super::error::{Check, Section};
use super::super::function::{Checker, refuse};
use super::super::names::type_name;
use super::super::rule::Rule;
use crate::types::{Signature, Type, TypeDefinition, TypeKind};

impl<'m> Checker<'m> {
    /// The class, and the type of its field with the given index.
    #[inline]
    pub(super) fn field(&self, word: usize, class: u32, index: u32) -> Check<(Type, Type)> {
        let declared = Type::from_code(class);
        if let Some(TypeDefinition::Class(definition)) = self.module.definition(declared)
            && let Some(field) = definition.fields.get(index as usize)
        {
            return Ok((declared, field.ty));
        }
        self.uncommon_field(word, class, index)
    }

    fn uncommon_field(&self, word: usize, class: u32, index: u32) -> Check<(Type, Type)> {
        let class = self.owner(word, class)?;
        let found = match class.kind() {
            TypeKind::WellKnown(known) => known.fields().get(index as usize).map(|field| field.ty),
            _ => None,
        };
        match found {
            Some(ty) => Ok((class, ty)),
            None if self.hierarchy.is_class(class) => {
                let message = format!(
                    "class `{}` itself declares no field {index}; name the class that declares the field",
                    type_name(self.module, class)
                );
                refuse(Rule::Field, word, message)
            }
            None => refuse(Rule::Field, word, format!("`{}` is no class and has no fields", type_name(self.module, class))),
        }
    }

    /// The class or interface, and the signature of its method with the given index.
    pub(super) fn method(&self, word: usize, owner: u32, index: u32, of_interface: bool) -> Check<(Type, &'m Signature)> {
        let owner = self.owner(word, owner)?;
        let methods = match self.module.definition(owner) {
            Some(TypeDefinition::Class(class)) if !of_interface => &class.methods,
            Some(TypeDefinition::Interface(interface)) if of_interface => &interface.methods,
            _ if !of_interface && self.hierarchy.is_class(owner) => &Vec::new(),
            _ => {
                let (wanted, other) = if of_interface { ("an interface", "call.virtual") } else { ("a class", "call.interface") };
                let found = type_name(self.module, owner);
                return refuse(Rule::Method, word, format!("`{found}` is not {wanted}; see whether `{other}` or its tail form is meant"));
            }
        };
        match methods.get(index as usize).and_then(|method| self.module.function_type(method.signature)) {
            Some(signature) => Ok((owner, signature)),
            None => {
                let found = type_name(self.module, owner);
                let message = format!("`{found}` itself declares no method {index}; name the type that declares the method");
                refuse(Rule::Method, word, message)
            }
        }
    }

    fn owner(&self, word: usize, code: u32) -> Check<Type> {
        let owner = Type::from_code(code);
        type_index(self.module, Section::Code, owner).map_err(|mut error| {
            error.operand = Some(word as u32);
            error
        })?;
        Ok(owner)
    }
}
