//! Checks that several parts of a module share: indices in range, types that fit a register, names that repeat.

use super::error::{Check, Section, fault};
use super::names::type_name;
use super::rule::Rule;
use crate::module::{FunctionIndex, Module, StringIndex};
use crate::types::{Parameter, Signature, Type, TypeDefinition, TypeKind};

/// A string index in range; `what` says what the string is.
pub(super) fn string_index(module: &Module, section: Section, index: StringIndex, what: &str) -> Check {
    let strings = module.strings.len();
    if (index as usize) < strings {
        return Ok(());
    }
    fault(Rule::StringIndex, section, format!("{what} is string {index}; the module has {strings}"))
}

/// Whether a type number means anything in this module.
#[inline]
pub(super) fn type_exists(module: &Module, ty: Type) -> bool {
    match ty.kind() {
        TypeKind::Reserved => false,
        TypeKind::Defined(index) => (index as usize) < module.types.len(),
        _ => true,
    }
}

/// A type number that means something in this module.
pub(super) fn type_index(module: &Module, section: Section, ty: Type) -> Check {
    if type_exists(module, ty) {
        return Ok(());
    }
    let message = match ty.kind() {
        TypeKind::Defined(index) => format!("type {index} of the type table is named; the table has {} entries", module.types.len()),
        _ => format!("type number {} is reserved", ty.code()),
    };
    fault(Rule::TypeIndex, section, message)
}

/// A type that a register can have.
pub(super) fn register_type(module: &Module, section: Section, ty: Type, what: impl Fn() -> String) -> Check {
    type_index(module, section, ty)?;
    if !ty.is_storage() && ty != Type::NULL {
        return Ok(());
    }
    let advice = if ty == Type::NULL { "name the reference type that is meant" } else { "a register for it is an `i32`" };
    let message = format!("{} has type `{}`, which no register can have; {advice}", what(), type_name(module, ty));
    fault(Rule::RegisterType, section, message)
}

/// A function index in range.
pub(super) fn function_index(module: &Module, section: Section, index: FunctionIndex, what: impl Fn() -> String) -> Check {
    let functions = module.imports.len() + module.functions.len();
    if (index as usize) < functions {
        return Ok(());
    }
    fault(Rule::FunctionIndex, section, format!("{} is function {index}; the module has {functions}, imported ones included", what()))
}

/// The two halves of a signature with the word for an item of each.
pub(super) fn signature_parameters(signature: &Signature) -> [(&'static str, &[Parameter]); 2] {
    [("parameter", &signature.parameters), ("result", &signature.results)]
}

/// The position of the first item that an earlier one equals.
pub(super) fn duplicate<T: Ord + Copy>(items: impl Iterator<Item = T>) -> Option<usize> {
    let mut sorted: Vec<(T, usize)> = items.enumerate().map(|(position, item)| (item, position)).collect();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).min()
}

/// Whether a type is a class or interface that another module defines.
pub(super) fn is_imported(module: &Module, ty: Type) -> bool {
    match module.definition(ty) {
        Some(TypeDefinition::Class(class)) => class.import.is_some(),
        Some(TypeDefinition::Interface(interface)) => interface.import.is_some(),
        _ => false,
    }
}
