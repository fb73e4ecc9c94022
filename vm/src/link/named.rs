//! The classes and interfaces of all modules, and which definition each imported one stands for.

use super::LinkError;
use super::error::{clip, qualified, similar};
use super::symbols::{Symbol, Symbols};
use super::types::{FIRST_NAMED, FIRST_WELL_KNOWN, unresolved_table};
use crate::program::{ClassId, TypeId};
use limosa_spec::module::{ExportItem, FunctionIndex, StringIndex};
use limosa_spec::types::{ClassDefinition, InterfaceDefinition};
use limosa_spec::{Module, TypeDefinition, WellKnown};
use std::collections::HashMap;
use std::sync::Arc;

/// A class of the program.
pub(super) struct ClassNode<'a> {
    /// Its runtime type.
    pub type_id: TypeId,
    /// With its module: `geo.Point`.
    pub name: Arc<str>,
    /// Where it is defined.
    pub source: ClassSource<'a>,
}

/// Where a class is defined.
#[derive(Clone, Copy)]
pub(super) enum ClassSource<'a> {
    /// In the format.
    WellKnown(WellKnown),
    /// In the module of that number.
    Module { module: usize, definition: &'a ClassDefinition },
}

/// An interface of the program.
pub(super) struct InterfaceNode<'a> {
    /// Its runtime type.
    pub type_id: TypeId,
    /// With its module.
    pub name: Arc<str>,
    /// The module that defines it.
    pub module: usize,
    /// What it says there.
    pub definition: &'a InterfaceDefinition,
}

/// A class or interface by its position in [`Named`].
#[derive(Clone, Copy)]
pub(super) enum NamedType {
    /// A class; its class id.
    Class(ClassId),
    /// An interface.
    Interface(u32),
}

/// All classes and interfaces.
pub(super) struct Named<'a> {
    /// The classes by class id: well-known ones first.
    pub classes: Vec<ClassNode<'a>>,
    /// The interfaces.
    pub interfaces: Vec<InterfaceNode<'a>>,
    /// What the runtime types from [`FIRST_NAMED`] on are.
    kinds: Vec<NamedType>,
    /// Per module and type table index: the runtime types of named types.
    pub tables: Vec<Vec<TypeId>>,
}

impl<'a> Named<'a> {
    /// Collects the definitions, then finds the one for each import.
    pub fn new(modules: &[&'a Module], symbols: &Symbols<'_>, exports: &Exports) -> Result<Named<'a>, LinkError> {
        let well_known = WellKnown::ALL.iter().map(|&class| ClassNode {
            type_id: FIRST_WELL_KNOWN + class as u32,
            name: Arc::from(class.name()),
            source: ClassSource::WellKnown(class),
        });
        let mut named = Named {
            classes: well_known.collect(),
            interfaces: Vec::new(),
            kinds: Vec::new(),
            tables: modules.iter().map(|module| unresolved_table(module)).collect(),
        };
        for (number, module) in modules.iter().enumerate() {
            named.add_definitions(number, module);
        }
        for (number, module) in modules.iter().enumerate() {
            named.find_imports(modules, number, module, symbols, exports)?;
        }
        Ok(named)
    }

    fn add_definitions(&mut self, number: usize, module: &'a Module) {
        for (index, definition) in module.types.iter().enumerate() {
            let type_id = FIRST_NAMED + self.kinds.len() as TypeId;
            let name = |name| Arc::from(qualified(module.string(module.manifest.name), module.string(name)));
            let kind = match definition {
                TypeDefinition::Class(class) if class.import.is_none() => {
                    let source = ClassSource::Module { module: number, definition: class };
                    self.classes.push(ClassNode { type_id, name: name(class.name), source });
                    NamedType::Class(self.classes.len() as ClassId - 1)
                }
                TypeDefinition::Interface(definition) if definition.import.is_none() => {
                    let name = name(definition.name);
                    self.interfaces.push(InterfaceNode { type_id, name, module: number, definition });
                    NamedType::Interface(self.interfaces.len() as u32 - 1)
                }
                _ => continue,
            };
            self.kinds.push(kind);
            self.tables[number][index] = type_id;
        }
    }

    fn find_imports(
        &mut self,
        modules: &[&Module],
        number: usize,
        module: &Module,
        symbols: &Symbols<'_>,
        exports: &Exports,
    ) -> Result<(), LinkError> {
        for (index, definition) in module.types.iter().enumerate() {
            let (from, name, is_class) = match definition {
                TypeDefinition::Class(ClassDefinition { import: Some(from), name, .. }) => (*from, *name, true),
                TypeDefinition::Interface(InterfaceDefinition { import: Some(from), name, .. }) => (*from, *name, false),
                _ => continue,
            };
            let missing = |reason, suggestion| LinkError::MissingType {
                importer: clip(module.string(module.manifest.name)),
                name: qualified(module.string(from), module.string(name)),
                reason,
                suggestion,
            };
            let Some(exporter) = exports.module(symbols.of(number, from)) else {
                return Err(missing("is in no module given", exports.similar_module(modules, module.string(from))));
            };
            let Some(found) = exports.type_named(exporter, symbols.of(number, name)) else {
                return Err(missing("that module does not export", similar_type(modules[exporter], module.string(name))));
            };
            let type_id = self.tables[exporter][found as usize];
            match (self.kind(type_id), is_class) {
                (Some(NamedType::Class(_)), true) | (Some(NamedType::Interface(_)), false) => {}
                (Some(NamedType::Class(_)), false) => return Err(missing("is a class, not an interface", None)),
                (Some(NamedType::Interface(_)), true) => return Err(missing("is an interface, not a class", None)),
                (None, _) => return Err(missing("that module does not define", None)),
            }
            self.tables[number][index] = type_id;
        }
        Ok(())
    }

    /// The class or interface with this runtime type.
    pub fn kind(&self, ty: TypeId) -> Option<NamedType> {
        if let Some(index) = ty.checked_sub(FIRST_NAMED) {
            return self.kinds.get(index as usize).copied();
        }
        let class = ty.checked_sub(FIRST_WELL_KNOWN)?;
        Some(NamedType::Class(class))
    }
}

fn similar_type(exporter: &Module, name: &str) -> Option<String> {
    let types = exporter.exports.iter().filter(|export| matches!(export.item, ExportItem::Type(_)));
    similar(name, types.map(|export| exporter.string(export.name)))
}

/// What the modules export, and the modules by name.
pub(super) struct Exports {
    modules: HashMap<Symbol, usize>,
    functions: HashMap<(usize, Symbol), FunctionIndex>,
    types: HashMap<(usize, Symbol), u32>,
}

impl Exports {
    /// Collects the exports of all modules.
    pub fn new(modules: &[&Module], symbols: &Symbols<'_>) -> Result<Exports, LinkError> {
        let mut exports = Exports { modules: HashMap::new(), functions: HashMap::new(), types: HashMap::new() };
        for (number, module) in modules.iter().enumerate() {
            let name: StringIndex = module.manifest.name;
            if exports.modules.insert(symbols.of(number, name), number).is_some() {
                return Err(LinkError::DuplicateModule { module: clip(module.string(name)) });
            }
            for export in &module.exports {
                let key = (number, symbols.of(number, export.name));
                match export.item {
                    ExportItem::Function(function) => exports.functions.insert(key, function),
                    ExportItem::Type(ty) => ty.defined_index().and_then(|index| exports.types.insert(key, index)),
                };
            }
        }
        Ok(exports)
    }

    /// The number of the module with this name.
    pub fn module(&self, name: Symbol) -> Option<usize> {
        self.modules.get(&name).copied()
    }

    /// The function a module exports under this name.
    pub fn function(&self, module: usize, name: Symbol) -> Option<FunctionIndex> {
        self.functions.get(&(module, name)).copied()
    }

    fn type_named(&self, module: usize, name: Symbol) -> Option<u32> {
        self.types.get(&(module, name)).copied()
    }

    /// The module whose name is most similar.
    pub fn similar_module(&self, modules: &[&Module], name: &str) -> Option<String> {
        similar(name, modules.iter().map(|module| module.string(module.manifest.name)))
    }
}
