//! What modules state about the classes and interfaces they import is proved, and the fields and methods their code names are found
//! (chapter *Linking*, *Types*).

use super::{LinkError, Linker, Unit};
use crate::names;
use crate::program::{ClassId, InterfaceId, Text, TypeId};
use limosa_spec::TypeDefinition;
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition};
use std::collections::HashMap;

/// The positions and types of fields, and the names of methods, in the order in which a module counts them.
type Members = (Vec<(usize, TypeId)>, Vec<Text>);

impl Linker {
    /// Proves all statements and notes the members.
    pub(super) fn prove_imports(&mut self) -> Result<(), LinkError> {
        for module in 0..self.modules.len() {
            for entry in 0..self.modules[module].types.len() {
                let (fields, methods) = self.members(module, entry)?;
                self.modules[module].fields[entry] = fields;
                self.modules[module].methods[entry] = methods;
            }
        }
        Ok(())
    }

    fn members(&self, module: usize, entry: usize) -> Result<Members, LinkError> {
        let unit = &self.modules[module];
        let ty = unit.types[entry];
        let claim = Claim { linker: self, unit, module, ty };
        match &unit.module.types[entry] {
            TypeDefinition::Class(stated) => {
                let Some(class) = self.is_class(ty) else { return Ok(Members::default()) };
                let methods = claim.names(&stated.methods);
                if stated.import.is_some() {
                    claim.class(stated, class)?;
                    return Ok((claim.fields(stated, class)?, methods));
                }
                let first = self.classes[class].inherited_fields;
                Ok((self.classes[class].fields.iter().zip(first..).map(|(field, position)| (position, field.ty)).collect(), methods))
            }
            TypeDefinition::Interface(stated) => {
                let Some(interface) = self.is_interface(ty) else { return Ok(Members::default()) };
                if stated.import.is_some() {
                    claim.interface(stated, interface)?;
                }
                Ok((Vec::new(), claim.names(&stated.methods)))
            }
            _ => Ok(Members::default()),
        }
    }
}

/// What one module states about one class or interface.
struct Claim<'l> {
    linker: &'l Linker,
    unit: &'l Unit,
    module: usize,
    ty: TypeId,
}

impl Claim<'_> {
    fn names(&self, methods: &[MethodDefinition]) -> Vec<Text> {
        methods.iter().map(|method| self.unit.text(method.name)).collect()
    }

    fn check(&self, is_true: bool, reason: &str) -> Result<(), LinkError> {
        if is_true { Ok(()) } else { Err(self.linker.import_error(self.module, self.linker.named(self.ty), reason)) }
    }

    fn class(&self, stated: &ClassDefinition, class: ClassId) -> Result<(), LinkError> {
        let found = &self.linker.classes[class];
        self.check(stated.is_final == found.is_final, "is otherwise final")?;
        self.check(stated.is_abstract == found.is_abstract, "is otherwise abstract")?;
        if let Some(superclass) = stated.superclass {
            let superclass = self.linker.is_class(self.unit.resolve(superclass));
            let is_above = superclass.is_some_and(|superclass| self.linker.upwards(class).skip(1).any(|above| above == superclass));
            self.check(is_above, "is not below the superclass stated")?;
        }
        for &interface in &stated.interfaces {
            let interface = self.linker.is_interface(self.unit.resolve(interface));
            let is_implemented = interface.is_some_and(|interface| found.interfaces.contains(&interface));
            self.check(is_implemented, "does not implement an interface stated")?;
        }
        for method in &stated.methods {
            let found = self.linker.method(class, self.unit.text(method.name));
            let is_there = found.is_some_and(|found| found.signature == self.unit.resolve(method.signature));
            self.check(is_there, &format!("has no such method `{}`", names::name(self.unit.module.string(method.name))))?;
            self.check(!method.is_final || found.is_some_and(|found| found.is_final), "has a method that is not final")?;
        }
        Ok(())
    }

    fn interface(&self, stated: &InterfaceDefinition, interface: InterfaceId) -> Result<(), LinkError> {
        let found = &self.linker.interfaces[interface];
        for &extended in &stated.extends {
            let extended = self.linker.is_interface(self.unit.resolve(extended));
            let is_extended = extended.is_some_and(|extended| extended != interface && found.extends.contains(&extended));
            self.check(is_extended, "does not extend an interface stated")?;
        }
        for method in &stated.methods {
            let declared = found.methods.get(&self.unit.text(method.name));
            let is_there = declared.is_some_and(|declared| declared.signature == self.unit.resolve(method.signature));
            self.check(is_there, &format!("has no such method `{}`", names::name(self.unit.module.string(method.name))))?;
        }
        Ok(())
    }

    /// Where the fields stated are: each is declared by the class, or the nearest one above it that declares one of the name.
    fn fields(&self, stated: &ClassDefinition, class: ClassId) -> Result<Vec<(usize, TypeId)>, LinkError> {
        let mut declared: HashMap<Text, (usize, TypeId)> = HashMap::new();
        for class in self.linker.upwards(class) {
            let class = &self.linker.classes[class];
            for (field, position) in class.fields.iter().zip(class.inherited_fields..) {
                declared.entry(field.name).or_insert((position, field.ty));
            }
        }
        let find = |field: &FieldDefinition| {
            let found = declared.get(&self.unit.text(field.name)).copied();
            found.filter(|&(_, ty)| ty == self.unit.resolve(field.ty)).ok_or_else(|| {
                let text = names::name(self.unit.module.string(field.name));
                self.linker.import_error(self.module, self.linker.named(self.ty), format!("has no such field `{text}`"))
            })
        };
        stated.fields.iter().map(find).collect()
    }
}
