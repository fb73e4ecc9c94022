//! Methods across modules: what overrides what, and that nothing is left abstract (chapter *Verification*, *Methods*).

use super::{LinkError, Linker};
use crate::names;
use crate::program::{ClassId, FunctionId, Method, Text, TypeId};
use limosa_spec::TypeDefinition;
use limosa_spec::types::MethodDefinition;
use std::collections::HashMap;

impl Linker {
    /// Gives the classes and interfaces the methods that they declare.
    pub(super) fn declare_methods(&mut self) {
        for class in 0..self.classes.len() {
            if let Some((module, entry)) = self.class_sources[class] {
                self.classes[class].methods = self.declared(module, entry);
            }
        }
        for interface in 0..self.interfaces.len() {
            let (module, entry) = self.interface_sources[interface];
            self.interfaces[interface].methods = self.declared(module, entry);
        }
    }

    fn declared(&self, module: usize, entry: usize) -> HashMap<Text, Method> {
        let unit = &self.modules[module];
        let methods = match &unit.module.types[entry] {
            TypeDefinition::Class(definition) => &definition.methods[..],
            TypeDefinition::Interface(definition) => &definition.methods[..],
            _ => &[],
        };
        let method = |method: &MethodDefinition| {
            let body: Option<FunctionId> = method.body.map(|body| unit.functions[body as usize]);
            (unit.text(method.name), Method { signature: unit.resolve(method.signature), body, is_final: method.is_final })
        };
        methods.iter().map(method).collect()
    }

    /// Checks every class, so that calls find a body of the signature they expect.
    pub(super) fn check_methods(&self) -> Result<(), LinkError> {
        for class in 0..self.classes.len() {
            for (&name, method) in &self.classes[class].methods {
                self.check_override(class, name, method)?;
            }
            self.check_interfaces(class)?;
            if !self.classes[class].is_abstract {
                self.check_bodies(class)?;
            }
        }
        Ok(())
    }

    /// A class and those above it, from itself upwards.
    pub(super) fn upwards(&self, class: ClassId) -> impl Iterator<Item = ClassId> {
        std::iter::successors(Some(class), |&class| self.classes[class].superclass)
    }

    /// The method of a name that a class has: its own, or the nearest above it.
    pub(super) fn method(&self, class: ClassId, name: Text) -> Option<&Method> {
        self.upwards(class).find_map(|class| self.classes[class].methods.get(&name))
    }

    fn check_override(&self, class: ClassId, name: Text, method: &Method) -> Result<(), LinkError> {
        let Some(overridden) = self.classes[class].superclass.and_then(|superclass| self.method(superclass, name)) else { return Ok(()) };
        if overridden.is_final {
            return Err(self.class_error(class, name, "overrides the final method"));
        }
        self.same_signature(class, name, method.signature, overridden.signature)
    }

    /// Methods of interfaces have the signatures the interfaces say, and exist unless the class is abstract.
    fn check_interfaces(&self, class: ClassId) -> Result<(), LinkError> {
        for &interface in self.classes[class].interfaces.iter() {
            for (&name, declared) in &self.interfaces[interface].methods {
                match self.method(class, name) {
                    Some(method) => self.same_signature(class, name, method.signature, declared.signature)?,
                    None if self.classes[class].is_abstract => {}
                    None => return Err(self.class_error(class, name, "does not implement the method")),
                }
            }
        }
        Ok(())
    }

    /// No method is abstract: looking upwards, the first declaration of each has a body.
    fn check_bodies(&self, class: ClassId) -> Result<(), LinkError> {
        for above in self.upwards(class) {
            for &name in self.classes[above].methods.keys() {
                if self.method(class, name).is_some_and(|method| method.body.is_none()) {
                    return Err(self.class_error(class, name, "does not implement the method"));
                }
            }
        }
        Ok(())
    }

    fn same_signature(&self, class: ClassId, name: Text, found: TypeId, wanted: TypeId) -> Result<(), LinkError> {
        if found == wanted { Ok(()) } else { Err(self.class_error(class, name, "has another signature for the method")) }
    }

    fn class_error(&self, class: ClassId, method: Text, does: &str) -> LinkError {
        let reason = format!("{does} `{}`", names::name(&self.texts.texts[method as usize]));
        LinkError::Class { class: self.classes[class].name.to_string(), reason }
    }
}
