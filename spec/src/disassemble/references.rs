//! What functions and types are called in the text. Mostly that is their name; imported ones whose name is taken get another.

use std::collections::HashSet;

use crate::module::{FunctionIndex, Module, StringIndex};
use crate::types::{Signature, Type, TypeDefinition};

/// A structural type that takes more bytes than this is given a name.
const LONG: usize = 100;

/// The name of a function or named type in the text.
#[derive(Debug)]
pub(super) struct Reference {
    /// The name.
    pub name: String,
    /// Whether it is imported under another name, and so needs `as`.
    pub renamed: bool,
}

/// The names of all functions and types.
pub(super) struct References<'m> {
    module: &'m Module,
    /// Functions, imported ones first.
    pub functions: Vec<Reference>,
    /// The types of the table; none for structural types that are written out.
    pub types: Vec<Option<Reference>>,
    /// The structural types whose names were used, in the order of first use.
    pub used: Vec<u32>,
    /// The same as a set.
    seen: HashSet<u32>,
}

impl<'m> References<'m> {
    /// Chooses all names.
    pub fn new(module: &'m Module) -> References<'m> {
        let mut references = References { module, functions: Vec::new(), types: Vec::new(), used: Vec::new(), seen: HashSet::new() };
        references.choose_functions();
        references.choose_types();
        references
    }

    fn text(&self, index: StringIndex) -> &'m str {
        self.module.strings.get(index as usize).map_or("", |text| text)
    }

    fn choose_functions(&mut self) {
        let mut taken: HashSet<String> = self.module.functions.iter().map(|function| self.text(function.name).to_owned()).collect();
        for import in &self.module.imports {
            let reference = imported(self.text(import.module), self.text(import.name), &mut taken);
            self.functions.push(reference);
        }
        for function in &self.module.functions {
            self.functions.push(Reference { name: self.text(function.name).to_owned(), renamed: false });
        }
    }

    fn choose_types(&mut self) {
        let names: Vec<_> = self.module.types.iter().map(name_of).collect();
        let own = names.iter().filter_map(|name| name.filter(|(import, _)| import.is_none()));
        let mut taken: HashSet<String> = own.map(|(_, name)| self.text(name).to_owned()).collect();
        for name in &names {
            let reference = name.map(|(import, name)| match import {
                Some(module) => imported(self.text(module), self.text(name), &mut taken),
                None => Reference { name: self.text(name).to_owned(), renamed: false },
            });
            self.types.push(reference);
        }
        for index in self.long_types() {
            let name = unique(format!("T{index}"), &mut taken);
            self.types[index] = Some(Reference { name, renamed: false });
        }
    }

    /// The structural types that are given names: long ones, and those that something before them is made of, as only modules that
    /// cannot be verified have.
    fn long_types(&self) -> Vec<usize> {
        let mut lengths: Vec<usize> = Vec::with_capacity(self.module.types.len());
        let mut named = vec![false; self.module.types.len()];
        for (index, definition) in self.module.types.iter().enumerate() {
            let mut length = 0;
            for part in parts(definition) {
                length += 4 + match part.defined_index().map(|part| part as usize) {
                    None => 8,
                    Some(part) if part < index && !named[part] => lengths[part],
                    Some(part) => {
                        // A class or interface has a name already; a type not seen yet is not followed.
                        if let Some(named) = named.get_mut(part).filter(|_| part >= index) {
                            *named = true;
                        }
                        8
                    }
                };
            }
            if let Some(Some(reference)) = self.types.get(index) {
                length = reference.name.len();
            } else if length > LONG {
                named[index] = true;
            }
            lengths.push(length);
        }
        let structural = |&index: &usize| named[index] && self.types[index].is_none();
        (0..named.len()).filter(structural).collect()
    }

    /// The name of a function; none if there is no such function.
    pub fn function(&self, index: FunctionIndex) -> Option<&str> {
        self.functions.get(index as usize).map(|reference| reference.name.as_str())
    }

    /// The name of a type of the table; none if it is to be written out.
    pub fn type_name(&mut self, index: u32) -> Option<&str> {
        let reference = self.types.get(index as usize)?.as_ref()?;
        let is_alias = self.module.types.get(index as usize).is_some_and(|definition| name_of(definition).is_none());
        if is_alias && self.seen.insert(index) {
            self.used.push(index);
        }
        Some(&reference.name)
    }
}

/// The module it is imported from, if it is, and the name of a class or interface.
fn name_of(definition: &TypeDefinition) -> Option<(Option<StringIndex>, StringIndex)> {
    match definition {
        TypeDefinition::Class(class) => Some((class.import, class.name)),
        TypeDefinition::Interface(interface) => Some((interface.import, interface.name)),
        TypeDefinition::Array(_) | TypeDefinition::Function(_) | TypeDefinition::Fiber(_) => None,
    }
}

/// What a structural type is made of.
fn parts(definition: &TypeDefinition) -> impl Iterator<Item = Type> + '_ {
    let (element, signature): (Option<Type>, Option<&Signature>) = match definition {
        TypeDefinition::Array(element) => (Some(*element), None),
        TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => (None, Some(signature)),
        TypeDefinition::Class(_) | TypeDefinition::Interface(_) => (None, None),
    };
    let parameters = signature.into_iter().flat_map(|signature| signature.parameters.iter().chain(&signature.results));
    element.into_iter().chain(parameters.map(|parameter| parameter.ty))
}

fn imported(module: &str, name: &str, taken: &mut HashSet<String>) -> Reference {
    let path = format!("{module}.{name}");
    let unique = unique(path.clone(), taken);
    Reference { renamed: unique != path, name: unique }
}

/// The name itself if it is not taken, else with a number after it.
fn unique(name: String, taken: &mut HashSet<String>) -> String {
    if taken.insert(name.clone()) {
        return name;
    }
    let fresh = (2..).map(|number: u64| format!("{name}_{number}")).find(|fresh| !taken.contains(fresh)).unwrap_or(name);
    taken.insert(fresh.clone());
    fresh
}
