//! Types across modules: classes and interfaces are identified by module and name, structural types by what they are made of.

use super::{LinkError, Linker};
use crate::names;
use crate::program::{Class, Field, Interface, Kind, Signature, Slot, TypeId};
use limosa_spec::module::StringIndex;
use limosa_spec::types::{self, Parameter};
use limosa_spec::{Type, TypeDefinition, WellKnown};
use std::collections::HashMap;
use std::rc::Rc;

impl Linker {
    /// Gives each class and interface that a module defines its number, behind the well-known classes.
    pub(super) fn number_named_types(&mut self) {
        for &well_known in WellKnown::ALL {
            self.add_well_known(well_known);
        }
        for module in 0..self.modules.len() {
            for entry in 0..self.modules[module].types.len() {
                self.number_named_type(module, entry);
            }
        }
    }

    fn add_well_known(&mut self, well_known: WellKnown) {
        let superclass = well_known.superclass().map(|superclass| superclass as usize);
        let field = |field: &limosa_spec::well_known::WellKnownField| (field.name, field.ty.code());
        let fields: Vec<(&str, TypeId)> = well_known.fields().iter().map(field).collect();
        let fields = fields.into_iter().map(|(name, ty)| Field { name: self.texts.number(name), ty }).collect();
        self.class_sources.push(None);
        self.classes.push(Class {
            name: Rc::from(well_known.name()),
            ty: Type::well_known(well_known).code(),
            superclass,
            interfaces: Rc::from([]),
            inherited_fields: 0,
            fields,
            methods: HashMap::new(),
            is_final: well_known.is_final(),
            is_abstract: false,
        });
    }

    fn number_named_type(&mut self, module: usize, entry: usize) {
        let unit = &self.modules[module];
        let full_name = |name: StringIndex| Rc::from(unit.qualified(unit.module.manifest.name, name));
        let kind = match &unit.module.types[entry] {
            TypeDefinition::Class(definition) if definition.import.is_none() => {
                let number = self.classes.len();
                self.class_sources.push(Some((module, entry)));
                self.classes.push(Class {
                    name: full_name(definition.name),
                    ty: Type::NULL.code(),
                    superclass: None,
                    interfaces: Rc::from([]),
                    inherited_fields: 0,
                    fields: Vec::new(),
                    methods: HashMap::new(),
                    is_final: definition.is_final,
                    is_abstract: definition.is_abstract,
                });
                Kind::Class(number)
            }
            TypeDefinition::Interface(definition) if definition.import.is_none() => {
                let number = self.interfaces.len();
                self.interface_sources.push((module, entry));
                let name = full_name(definition.name);
                self.interfaces.push(Interface { name, extends: Rc::from([number]), methods: HashMap::new() });
                Kind::Interface(number)
            }
            _ => return,
        };
        let ty = self.types.add(kind.clone());
        if let Kind::Class(class) = kind {
            self.classes[class].ty = ty;
        }
        self.modules[module].types[entry] = ty;
    }

    /// Resolves imported classes and interfaces, then structural types, which refer to nothing behind them.
    pub(super) fn resolve_types(&mut self) -> Result<(), LinkError> {
        for module in 0..self.modules.len() {
            for entry in 0..self.modules[module].types.len() {
                self.resolve_imported_type(module, entry)?;
            }
        }
        for module in 0..self.modules.len() {
            for entry in 0..self.modules[module].types.len() {
                self.resolve_structural_type(module, entry);
            }
        }
        Ok(())
    }

    fn resolve_imported_type(&mut self, module: usize, entry: usize) -> Result<(), LinkError> {
        let unit = &self.modules[module];
        let (from, name, is_class) = match &unit.module.types[entry] {
            TypeDefinition::Class(types::ClassDefinition { import: Some(from), name, .. }) => (*from, *name, true),
            TypeDefinition::Interface(types::InterfaceDefinition { import: Some(from), name, .. }) => (*from, *name, false),
            _ => return Ok(()),
        };
        let what = unit.qualified(from, name);
        let Some(&exporter) = self.by_name.get(&unit.text(from)) else {
            return Err(self.import_error(module, what, "is of no module given"));
        };
        let Some(&definition) = self.modules[exporter].types_exported.get(&unit.text(name)) else {
            return Err(self.import_error(module, what, "that module does not export"));
        };
        let found = self.modules[exporter].types[definition];
        if matches!(self.types.kind(found), Kind::Class(_)) != is_class {
            return Err(self.import_error(module, what, "is the other of class and interface"));
        }
        self.modules[module].types[entry] = found;
        Ok(())
    }

    fn resolve_structural_type(&mut self, module: usize, entry: usize) {
        let unit = &self.modules[module];
        let signature = |signature: &types::Signature| {
            let slots = |list: &[Parameter]| {
                list.iter().map(|slot| Slot { ty: unit.resolve(slot.ty), non_null: slot.non_null }).collect::<Rc<[_]>>()
            };
            Signature { parameters: slots(&signature.parameters), results: slots(&signature.results) }
        };
        let kind = match &unit.module.types[entry] {
            TypeDefinition::Class(_) | TypeDefinition::Interface(_) => return,
            TypeDefinition::Array(element) => Kind::Array(unit.resolve(*element)),
            TypeDefinition::Function(definition) => Kind::Function(signature(definition)),
            TypeDefinition::Fiber(definition) => Kind::Fiber(signature(definition)),
        };
        let ty = self.types.add(kind);
        self.modules[module].types[entry] = ty;
    }

    /// The class a type is.
    pub(super) fn is_class(&self, ty: TypeId) -> Option<usize> {
        match self.types.kind(ty) {
            Kind::Class(class) => Some(*class),
            _ => None,
        }
    }

    /// The interface a type is.
    pub(super) fn is_interface(&self, ty: TypeId) -> Option<usize> {
        match self.types.kind(ty) {
            Kind::Interface(interface) => Some(*interface),
            _ => None,
        }
    }

    /// The name of a class or interface, for messages.
    pub(super) fn named(&self, ty: TypeId) -> String {
        let name = match self.types.kind(ty) {
            Kind::Class(class) => &self.classes[*class].name,
            Kind::Interface(interface) => &self.interfaces[*interface].name,
            _ => return "a type".to_owned(),
        };
        names::name(name)
    }
}
