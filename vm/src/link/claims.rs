//! Proving what modules state about the classes and interfaces they import, and telling each module where the members it names are.
//!
//! A module states as much as it relies on. A stated superclass or interface may be any above the class; a stated field or method
//! may be one it inherits. What must be equal are the class's flags and the types of members.

use super::LinkError;
use super::error::clip;
use super::hierarchy::Hierarchy;
use super::layout::Layout;
use super::methods::{Methods, function_signature};
use super::named::{ClassSource, Named, NamedType};
use super::names::type_name;
use super::symbols::{Symbol, Symbols};
use super::types::Types;
use crate::program::{ClassId, Members, TypeId};
use limosa_spec::module::StringIndex;
use limosa_spec::types::{ClassDefinition, InterfaceDefinition};
use limosa_spec::{Module, Type, TypeDefinition, WellKnown};
use std::collections::HashMap;

/// All there is to know of the program's classes and interfaces.
pub(super) struct Known<'a> {
    /// The modules.
    pub modules: &'a [&'a Module],
    /// Their strings.
    pub symbols: &'a Symbols<'a>,
    /// Their types.
    pub types: &'a Types,
    /// The classes and interfaces.
    pub named: &'a Named<'a>,
    /// How they relate.
    pub hierarchy: &'a Hierarchy,
    /// The layouts by class id.
    pub layouts: &'a [Layout],
    /// The methods by class id.
    pub methods: &'a [Methods],
    /// The first method id of each interface.
    pub first_method: &'a [u32],
}

/// The fields and methods that imports may rely on, by name.
struct Index {
    fields: HashMap<(ClassId, Symbol), u32>,
    interface_methods: HashMap<(u32, Symbol), u32>,
}

impl Known<'_> {
    /// The members of all types of all modules, imported ones proved.
    pub fn members(&self) -> Result<Vec<Vec<Members>>, LinkError> {
        let index = self.index();
        let module_members = |(number, module): (usize, &&Module)| {
            let members = module.types.iter().enumerate().map(|(table_index, definition)| {
                let ty = self.types.tables[number][table_index];
                match (definition, self.named.kind(ty)) {
                    (TypeDefinition::Class(class), Some(NamedType::Class(id))) => match class.import {
                        None => Ok(self.own_class(class, id)),
                        Some(_) => Claim { known: self, index: &index, module: number, ty }.class(class, id),
                    },
                    (TypeDefinition::Interface(interface), Some(NamedType::Interface(position))) => match interface.import {
                        None => Ok(self.own_interface(interface, position)),
                        Some(_) => Claim { known: self, index: &index, module: number, ty }.interface(interface, position),
                    },
                    _ => Ok(Members::default()),
                }
            });
            members.collect()
        };
        self.modules.iter().enumerate().map(module_members).collect()
    }

    /// The fields of the well-known classes.
    pub fn well_known(&self) -> Vec<Members> {
        let members = |&class: &WellKnown| {
            let types = class.fields().iter().map(|field| field.ty);
            let offsets = self.layouts[class as usize].offsets.iter().copied();
            Members { fields: offsets.zip(types).collect(), methods: Vec::new() }
        };
        WellKnown::ALL.iter().map(members).collect()
    }

    fn own_class(&self, definition: &ClassDefinition, class: ClassId) -> Members {
        let offsets = self.layouts[class as usize].offsets.iter().copied();
        Members {
            fields: offsets.zip(definition.fields.iter().map(|field| field.ty)).collect(),
            methods: self.methods[class as usize].own.clone(),
        }
    }

    fn own_interface(&self, definition: &InterfaceDefinition, position: u32) -> Members {
        let first = self.first_method[position as usize];
        Members { fields: Vec::new(), methods: (first..first + definition.methods.len() as u32).collect() }
    }

    fn index(&self) -> Index {
        let mut fields = HashMap::new();
        for (class, node) in self.named.classes.iter().enumerate() {
            let class = class as ClassId;
            match node.source {
                ClassSource::WellKnown(well_known) => {
                    let names = well_known.fields().iter().filter_map(|field| self.symbols.find(field.name));
                    fields.extend(names.zip(0..).map(|(name, index)| ((class, name), index)));
                }
                ClassSource::Module { module, definition, .. } => {
                    let names = definition.fields.iter().map(|field| self.symbols.of(module, field.name));
                    fields.extend(names.zip(0..).map(|(name, index)| ((class, name), index)));
                }
            }
        }
        let mut interface_methods = HashMap::new();
        for (position, node) in self.named.interfaces.iter().enumerate() {
            let names = node.definition.methods.iter().map(|method| self.symbols.of(node.module, method.name));
            interface_methods.extend(names.zip(0..).map(|(name, index)| ((position as u32, name), index)));
        }
        Index { fields, interface_methods }
    }

    /// The runtime type of a class's own field.
    fn field_type(&self, class: ClassId, field: u32) -> TypeId {
        match self.named.classes[class as usize].source {
            ClassSource::WellKnown(class) => self.types.of(0, class.fields()[field as usize].ty),
            ClassSource::Module { module, definition, .. } => self.types.of(module, definition.fields[field as usize].ty),
        }
    }
}

/// What one module states about one type.
struct Claim<'a> {
    known: &'a Known<'a>,
    index: &'a Index,
    module: usize,
    ty: TypeId,
}

impl Claim<'_> {
    fn class(&self, stated: &ClassDefinition, class: ClassId) -> Result<Members, LinkError> {
        let known = self.known;
        let (is_final, is_abstract) = match known.named.classes[class as usize].source {
            ClassSource::WellKnown(class) => (class.is_final(), false),
            ClassSource::Module { definition, .. } => (definition.is_final, definition.is_abstract),
        };
        self.flag("finality", "final", "not final", stated.is_final, is_final)?;
        self.flag("abstractness", "abstract", "not abstract", stated.is_abstract, is_abstract)?;
        if let Some(superclass) = stated.superclass {
            self.superclass(superclass, class)?;
        }
        let all = &known.hierarchy.classes[class as usize].interfaces;
        self.interfaces("the interfaces", &stated.interfaces, all)?;
        let fields = stated.fields.iter().map(|field| self.field(field.name, field.ty, class)).collect::<Result<_, _>>()?;
        let method = |method: &limosa_spec::types::MethodDefinition| self.method(method.name, method.signature, method.is_final, class);
        let methods = stated.methods.iter().map(method).collect::<Result<_, _>>()?;
        Ok(Members { fields, methods })
    }

    fn interface(&self, stated: &InterfaceDefinition, position: u32) -> Result<Members, LinkError> {
        let known = self.known;
        let node = &known.named.interfaces[position as usize];
        self.interfaces("the extended interfaces", &stated.extends, &known.hierarchy.interfaces[position as usize])?;
        let first = known.first_method[position as usize];
        let method = |method: &limosa_spec::types::MethodDefinition| {
            let name = known.symbols.of(self.module, method.name);
            let Some(&index) = self.index.interface_methods.get(&(position, name)) else {
                return Err(self.member_missing("method", method.name));
            };
            let signature = known.types.of(node.module, node.definition.methods[index as usize].signature);
            self.method_type(method.name, method.signature, signature)?;
            Ok(first + index)
        };
        let methods = stated.methods.iter().map(method).collect::<Result<_, _>>()?;
        Ok(Members { fields: Vec::new(), methods })
    }

    fn flag(&self, part: &str, yes: &str, no: &str, stated: bool, found: bool) -> Result<(), LinkError> {
        let name = |flag| if flag { yes } else { no }.to_owned();
        if stated == found { Ok(()) } else { Err(self.differs(format!("the {part}"), name(stated), name(found))) }
    }

    fn superclass(&self, stated: Type, class: ClassId) -> Result<(), LinkError> {
        let known = self.known;
        let ty = known.types.of(self.module, stated);
        if known.types.class_of(ty).is_some_and(|stated| known.hierarchy.extends(class, stated)) {
            return Ok(());
        }
        let superclass = known.hierarchy.classes[class as usize].superclass;
        let found = superclass.map_or_else(|| "none".to_owned(), |found| known.named.classes[found as usize].name.to_string());
        Err(self.differs("a superclass".to_owned(), type_name(&known.types.types, ty), found))
    }

    fn interfaces(&self, part: &str, stated: &[Type], all: &[TypeId]) -> Result<(), LinkError> {
        for &interface in stated {
            let ty = self.known.types.of(self.module, interface);
            if ty == self.ty || all.binary_search(&ty).is_err() {
                const LISTED: usize = 8;
                let names: Vec<String> = all.iter().take(LISTED).map(|&ty| type_name(&self.known.types.types, ty)).collect();
                let found = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                return Err(self.differs(format!("one of {part}"), type_name(&self.known.types.types, ty), found));
            }
        }
        Ok(())
    }

    fn field(&self, name: StringIndex, stated: Type, class: ClassId) -> Result<(u32, Type), LinkError> {
        let known = self.known;
        let symbol = known.symbols.of(self.module, name);
        let declares = |class: ClassId| self.index.fields.get(&(class, symbol)).map(|&index| (class, index));
        let Some((declaring, index)) = known.hierarchy.upwards(class).find_map(declares) else {
            return Err(self.member_missing("field", name));
        };
        let (expected, found) = (known.types.of(self.module, stated), known.field_type(declaring, index));
        if expected != found {
            let types = &known.types.types;
            return Err(self.differs(self.member("field", name), type_name(types, expected), type_name(types, found)));
        }
        Ok((known.layouts[declaring as usize].offsets[index as usize], stated))
    }

    fn method(&self, name: StringIndex, stated: Type, is_final: bool, class: ClassId) -> Result<u32, LinkError> {
        let known = self.known;
        let methods = &known.methods[class as usize];
        let Some(found) = methods.by_name.get(&known.symbols.of(self.module, name)) else {
            return Err(self.member_missing("method", name));
        };
        self.method_type(name, stated, found.signature)?;
        if is_final && !methods.vtable[found.slot as usize].is_final {
            return Err(self.differs(self.member("method", name), "final".to_owned(), "not final".to_owned()));
        }
        Ok(found.slot)
    }

    fn method_type(&self, name: StringIndex, stated: Type, found: TypeId) -> Result<(), LinkError> {
        let types = self.known.types;
        let expected = types.of(self.module, stated);
        if expected == found {
            return Ok(());
        }
        Err(self.differs(self.member("method", name), function_signature(types, expected), function_signature(types, found)))
    }

    fn member(&self, kind: &str, name: StringIndex) -> String {
        format!("the {kind} `{}`", clip(self.known.modules[self.module].string(name)))
    }

    fn member_missing(&self, kind: &str, name: StringIndex) -> LinkError {
        self.differs(self.member(kind, name), "there".to_owned(), "not".to_owned())
    }

    fn differs(&self, part: String, expected: String, found: String) -> LinkError {
        let importer = self.known.modules[self.module];
        LinkError::TypeShape {
            importer: clip(importer.string(importer.manifest.name)),
            name: type_name(&self.known.types.types, self.ty),
            part,
            expected,
            found,
        }
    }
}
