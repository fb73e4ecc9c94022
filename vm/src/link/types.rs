//! Merging the types of all modules: a named type is known by its module and name, a structural type by its components.

use super::LinkError;
use super::limits::{Budget, CLASSES, TYPES, at_most};
use super::named::Named;
use super::names::type_name;
use super::records::Record;
use crate::program::{ClassId, RuntimeType, RuntimeTypeKind, SlotType, TypeId};
use limosa_spec::types::{Parameter, Signature};
use limosa_spec::{Module, Type, TypeDefinition, TypeKind, WellKnown, limits};
use std::collections::HashMap;
use std::sync::Arc;

/// The runtime type of `any`; those of the numbers and storage types have their codes' numbers too.
pub(super) const ANY: TypeId = Type::ANY.code();
/// The runtime type of `str`.
pub(super) const STR: TypeId = Type::STR.code();
/// The runtime type of the first well-known class.
pub(super) const FIRST_WELL_KNOWN: TypeId = STR + 1;
/// The runtime type of the first class or interface of a module.
pub(super) const FIRST_NAMED: TypeId = FIRST_WELL_KNOWN + WellKnown::ALL.len() as u32;
/// The place of a type that is not resolved yet.
const UNRESOLVED: TypeId = TypeId::MAX;

/// Parameters and results.
type Slots = (Arc<[SlotType]>, Arc<[SlotType]>);

/// A structural type by its components.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Structure {
    Array(TypeId),
    Function(Arc<[SlotType]>, Arc<[SlotType]>),
    Fiber(Arc<[SlotType]>, Arc<[SlotType]>),
}

/// The types of the program so far.
pub(super) struct Types {
    /// The types by number.
    pub types: Vec<RuntimeType>,
    /// What each class record is for, by class id.
    pub records: Vec<Record>,
    /// Per module and type table index.
    pub tables: Vec<Vec<TypeId>>,
    structural: HashMap<Structure, TypeId>,
    /// The class of `str`.
    pub string: ClassId,
}

impl Types {
    /// The built-in types, and after them the classes and interfaces of all modules, whose class ids are their positions among the
    /// classes.
    pub fn new(modules: &[&Module], named: &Named<'_>) -> Result<Types, LinkError> {
        let mut types =
            Types { types: Vec::new(), records: Vec::new(), tables: named.tables.clone(), structural: HashMap::new(), string: 0 };
        types.add_built_in();
        types.add_named(named)?;
        types.string = types.add_record(Record::String)?;
        types.types[STR as usize].kind = RuntimeTypeKind::Str { class: types.string };
        for (module, definitions) in modules.iter().enumerate() {
            for index in 0..definitions.types.len() {
                types.resolve(modules, module, index as u32, 0)?;
            }
        }
        Ok(types)
    }

    fn add_built_in(&mut self) {
        let numbers = [
            ("i32", Type::I32),
            ("i64", Type::I64),
            ("f32", Type::F32),
            ("f64", Type::F64),
            ("i8", Type::I8),
            ("u8", Type::U8),
            ("i16", Type::I16),
            ("u16", Type::U16),
        ];
        for (name, ty) in numbers {
            self.types.push(RuntimeType { name: Arc::from(name), kind: RuntimeTypeKind::Number(ty) });
        }
        self.types.push(RuntimeType { name: Arc::from("any"), kind: RuntimeTypeKind::Any });
        self.types.push(RuntimeType { name: Arc::from("str"), kind: RuntimeTypeKind::Str { class: 0 } });
    }

    fn add_named(&mut self, named: &Named<'_>) -> Result<(), LinkError> {
        at_most("classes", named.classes.len(), CLASSES)?;
        at_most("types", FIRST_NAMED as usize + named.classes.len() + named.interfaces.len(), TYPES)?;
        let classes = named.classes.iter().enumerate().map(|(class, node)| {
            let kind = RuntimeTypeKind::Class { class: class as ClassId, depth: 0 };
            (node.type_id, RuntimeType { name: node.name.clone(), kind })
        });
        let interfaces =
            named.interfaces.iter().map(|node| (node.type_id, RuntimeType { name: node.name.clone(), kind: RuntimeTypeKind::Interface }));
        let mut entries: Vec<_> = classes.chain(interfaces).collect();
        entries.sort_unstable_by_key(|entry| entry.0);
        self.types.extend(entries.into_iter().map(|entry| entry.1));
        self.records.extend(named.classes.iter().map(|node| Record::Named { ty: node.type_id }));
        Ok(())
    }

    /// The runtime type of a module's type.
    pub fn of(&self, module: usize, ty: Type) -> TypeId {
        match ty.kind() {
            TypeKind::Defined(index) => self.tables[module][index as usize],
            TypeKind::WellKnown(class) => FIRST_WELL_KNOWN + class as u32,
            _ => ty.code(),
        }
    }

    /// Resolves an entry of a type table and all it consists of. Verified structural types nest to a limit, so recursion is bounded.
    fn resolve(&mut self, modules: &[&Module], module: usize, index: u32, depth: u32) -> Result<TypeId, LinkError> {
        let known = self.tables[module][index as usize];
        if known != UNRESOLVED {
            return Ok(known);
        }
        if depth > limits::TYPE_NESTING {
            return Err(LinkError::Limit { what: "levels of nested types", limit: u64::from(limits::TYPE_NESTING) });
        }
        let id = match &modules[module].types[index as usize] {
            TypeDefinition::Array(element) => {
                let element = self.resolve_type(modules, module, *element, depth)?;
                self.array(element)?
            }
            TypeDefinition::Function(signature) => {
                let (parameters, results) = self.resolve_signature(modules, module, signature, depth)?;
                self.function(parameters, results)?
            }
            TypeDefinition::Fiber(signature) => {
                let (parameters, results) = self.resolve_signature(modules, module, signature, depth)?;
                self.fiber(parameters, results)?
            }
            TypeDefinition::Class(_) | TypeDefinition::Interface(_) => known,
        };
        self.tables[module][index as usize] = id;
        Ok(id)
    }

    fn resolve_type(&mut self, modules: &[&Module], module: usize, ty: Type, depth: u32) -> Result<TypeId, LinkError> {
        match ty.defined_index() {
            Some(index) => self.resolve(modules, module, index, depth + 1),
            None => Ok(self.of(module, ty)),
        }
    }

    fn resolve_signature(&mut self, modules: &[&Module], module: usize, signature: &Signature, depth: u32) -> Result<Slots, LinkError> {
        let mut slots = |list: &[Parameter]| -> Result<Arc<[SlotType]>, LinkError> {
            let resolve = |parameter: &Parameter| {
                let ty = self.resolve_type(modules, module, parameter.ty, depth)?;
                Ok(SlotType { ty, non_null: parameter.non_null })
            };
            list.iter().map(resolve).collect()
        };
        Ok((slots(&signature.parameters)?, slots(&signature.results)?))
    }

    /// The type of arrays of an element type.
    pub fn array(&mut self, element: TypeId) -> Result<TypeId, LinkError> {
        if let Some(&id) = self.structural.get(&Structure::Array(element)) {
            return Ok(id);
        }
        let class = self.add_record(Record::Array { ty: self.types.len() as TypeId, element })?;
        self.add(Structure::Array(element), RuntimeTypeKind::Array { class, element })
    }

    /// The type of closures with these parameters and results.
    pub fn function(&mut self, parameters: Arc<[SlotType]>, results: Arc<[SlotType]>) -> Result<TypeId, LinkError> {
        let structure = Structure::Function(parameters.clone(), results.clone());
        match self.structural.get(&structure) {
            Some(&id) => Ok(id),
            None => self.add(structure, RuntimeTypeKind::Function { parameters, results }),
        }
    }

    fn fiber(&mut self, parameters: Arc<[SlotType]>, results: Arc<[SlotType]>) -> Result<TypeId, LinkError> {
        let structure = Structure::Fiber(parameters.clone(), results.clone());
        if let Some(&id) = self.structural.get(&structure) {
            return Ok(id);
        }
        let class = self.add_record(Record::Fiber { ty: self.types.len() as TypeId })?;
        self.add(structure, RuntimeTypeKind::Fiber { class, parameters, results })
    }

    fn add(&mut self, structure: Structure, kind: RuntimeTypeKind) -> Result<TypeId, LinkError> {
        let id = self.types.len() as TypeId;
        at_most("types", self.types.len() + 1, TYPES)?;
        self.types.push(RuntimeType { name: Arc::from(""), kind });
        self.structural.insert(structure, id);
        Ok(id)
    }

    /// Spells the structural types.
    pub fn name_all(&mut self, budget: &mut Budget) -> Result<(), LinkError> {
        for ty in 0..self.types.len() {
            if self.types[ty].name.is_empty() {
                let name = type_name(&self.types, ty as TypeId);
                budget.take::<u8>(name.len())?;
                self.types[ty].name = Arc::from(name);
            }
        }
        Ok(())
    }

    /// A new class record's number.
    pub fn add_record(&mut self, record: Record) -> Result<ClassId, LinkError> {
        at_most("classes", self.records.len() + 1, CLASSES)?;
        self.records.push(record);
        Ok(self.records.len() as ClassId - 1)
    }

    /// The class id of a class type.
    pub fn class_of(&self, ty: TypeId) -> Option<ClassId> {
        match self.types[ty as usize].kind {
            RuntimeTypeKind::Class { class, .. } => Some(class),
            _ => None,
        }
    }

    /// The class of the arrays of an element type.
    pub fn array_class(&mut self, element: TypeId) -> Result<ClassId, LinkError> {
        let ty = self.array(element)?;
        match self.types[ty as usize].kind {
            RuntimeTypeKind::Array { class, .. } => Ok(class),
            _ => unreachable!("`array` gives array types"),
        }
    }

    /// Whether values of the type are references.
    pub fn is_reference(&self, ty: TypeId) -> bool {
        ty >= ANY
    }

    /// The parameters and results of a function type.
    pub fn signature(&self, ty: TypeId) -> Slots {
        match &self.types[ty as usize].kind {
            RuntimeTypeKind::Function { parameters, results } => (parameters.clone(), results.clone()),
            _ => (Arc::from([]), Arc::from([])),
        }
    }
}

/// A type table before its structural types are resolved.
pub(super) fn unresolved_table(module: &Module) -> Vec<TypeId> {
    vec![UNRESOLVED; module.types.len()]
}
