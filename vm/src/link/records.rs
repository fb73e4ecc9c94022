//! The class records that machine code, interpreter and collector read, made once all they point to is known.

use super::LinkError;
use super::functions::Functions;
use super::hierarchy::Hierarchy;
use super::interfaces::{self, Itable};
use super::layout::Layout;
use super::limits::Budget;
use super::methods::{Methods, Slot};
use super::types::{STR, Types};
use crate::program::{ClassId, ClassStorage, ClassTable, EntryPlace, FunctionId, RuntimeTypeKind, TypeId};
use limosa_abi::class::{InterfaceEntry, NEAR_INTERFACE_METHODS, NEAR_METHODS, NO_METHOD};
use limosa_abi::object::HEADER_BYTES;
use limosa_abi::{ClassInfo, EntryCell, ObjectKind};
use limosa_spec::{Type, WellKnown};
use std::collections::HashMap;
use std::ptr;
use std::rc::Rc;

/// Bytes of a fiber object: the header, and the number by which the VM knows its stack.
const FIBER_BYTES: u32 = HEADER_BYTES as u32 + 8;
/// Bytes of a closure's capture.
const CAPTURE_BYTES: u32 = 8;

/// What a class record is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Record {
    /// A well-known class or one of a module; its position among them is its class id.
    Named { ty: TypeId },
    /// `str`.
    String,
    /// An array type.
    Array { ty: TypeId, element: TypeId },
    /// A fiber type.
    Fiber { ty: TypeId },
    /// A function with its first parameters bound.
    Closure { ty: TypeId, function: FunctionId, captures: u32 },
}

/// What the records of classes are made from.
pub(super) struct Parts<'a> {
    /// The types, with the list of records.
    pub types: &'a Types,
    /// The functions.
    pub functions: &'a Functions,
    /// How the named classes relate.
    pub hierarchy: &'a Hierarchy,
    /// Their layouts.
    pub layouts: &'a [Layout],
    /// Their methods.
    pub methods: &'a [Methods],
    /// Their interface tables.
    pub itables: &'a [Itable],
}

/// The arrays the VM and host functions make: those of the types every program has but the well-known classes.
pub(super) struct BuiltIn {
    /// Their classes by the element type's code.
    arrays: [ClassId; Type::STR.code() as usize + 1],
}

impl BuiltIn {
    /// Makes sure they exist.
    pub fn new(types: &mut Types) -> Result<BuiltIn, LinkError> {
        let mut arrays = [0; Type::STR.code() as usize + 1];
        for (element, class) in arrays.iter_mut().enumerate() {
            *class = types.array_class(element as TypeId)?;
        }
        Ok(BuiltIn { arrays })
    }

    fn of(&self, element: Type) -> ClassId {
        self.arrays[element.code() as usize]
    }
}

/// Makes the records of all classes; also tells where entries stand in them and in what they point to.
pub(super) fn class_table(parts: &Parts<'_>, built_in: &BuiltIn, budget: &mut Budget) -> Result<(ClassTable, Vec<EntryPlace>), LinkError> {
    let count = parts.types.records.len();
    budget.take::<ClassInfo>(count)?;
    let no_methods = Rc::from([None]);
    let mut builder =
        Builder { parts, budget, storage: ClassStorage::default(), shared: Shared::default(), places: Vec::new(), no_methods };
    let mut records = Vec::with_capacity(count);
    for (id, &record) in parts.types.records.iter().enumerate() {
        records.push(builder.record(id as ClassId, record)?);
    }
    for (info, &record) in records.iter().zip(&parts.types.records) {
        builder.note_places(info, record)?;
    }
    let Builder { storage, places, .. } = builder;
    let classes = ClassTable {
        records,
        well_known: WellKnown::ALL.iter().map(|&class| class as ClassId).collect(),
        string: parts.types.string,
        bytes: built_in.of(Type::U8),
        strings: built_in.of(Type::STR),
        trace: built_in.of(Type::I32),
        arrays: built_in.arrays,
        storage,
    };
    Ok((classes, places))
}

struct Builder<'a> {
    parts: &'a Parts<'a>,
    budget: &'a mut Budget,
    storage: ClassStorage,
    shared: Shared,
    places: Vec<EntryPlace>,
    /// The interface table of classes that implement none.
    no_methods: Rc<[interfaces::Entry]>,
}

/// Arrays made already, by the address of what they were made from: the linker's own tables are alive all the while.
#[derive(Default)]
struct Shared {
    numbers: HashMap<(*const u32, usize), *const u32>,
    far_methods: HashMap<*const Slot, *const EntryCell>,
    itables: HashMap<*const interfaces::Entry, *const InterfaceEntry>,
}

impl Builder<'_> {
    fn record(&mut self, id: ClassId, record: Record) -> Result<ClassInfo, LinkError> {
        Ok(match record {
            Record::Named { ty } => self.named(id, ty)?,
            Record::String => self.plain(id, STR, ObjectKind::String)?,
            Record::Array { ty, element } => {
                let is_reference = self.parts.types.is_reference(element);
                let kind = if is_reference { ObjectKind::ReferenceArray } else { ObjectKind::NumberArray };
                let bytes = match self.parts.types.types[element as usize].kind {
                    RuntimeTypeKind::Number(number) => number.storage_size(),
                    _ => Type::ANY.storage_size(),
                };
                ClassInfo { element_shift: bytes.trailing_zeros() as u8, ..self.plain(id, ty, kind)? }
            }
            Record::Fiber { ty } => ClassInfo { size: FIBER_BYTES, ..self.plain(id, ty, ObjectKind::Fiber)? },
            Record::Closure { ty, function, captures } => self.closure(id, ty, function, captures)?,
        })
    }

    /// Notes where entries stand in a record, which does not move any more.
    fn note_places(&mut self, info: &ClassInfo, record: Record) -> Result<(), LinkError> {
        match record {
            Record::Named { .. } => {
                let parts = self.parts;
                let vtable = &parts.methods[info.id as usize].vtable;
                let near = interfaces::near(&parts.itables[info.id as usize].entries);
                let methods = vtable.iter().map(|slot| slot.function).zip(&info.near_methods);
                let interface_methods = near.iter().map(|entry| entry.map(|(_, function)| function));
                self.places(methods)?;
                self.places(interface_methods.zip(info.near_interface_methods.iter().map(|entry| &entry.entry)))
            }
            Record::Closure { function, .. } => self.places([(Some(function), &info.near_methods[0])].into_iter()),
            Record::String | Record::Array { .. } | Record::Fiber { .. } => Ok(()),
        }
    }

    /// Notes where the entries of functions stand.
    fn places<'c>(&mut self, cells: impl Iterator<Item = (Option<FunctionId>, &'c EntryCell)>) -> Result<(), LinkError> {
        for (function, cell) in cells {
            if let Some(function) = function {
                self.budget.take::<EntryPlace>(1)?;
                self.places.push((function, cell));
            }
        }
        Ok(())
    }

    /// A record without anything that depends on the class; it is its own and only superclass.
    fn plain(&mut self, id: ClassId, type_id: TypeId, kind: ObjectKind) -> Result<ClassInfo, LinkError> {
        self.storage.numbers.push(Vec::from([id]));
        let display = self.storage.numbers.last().map_or(ptr::null(), |numbers| numbers.as_ptr());
        Ok(ClassInfo {
            near_methods: [const { EntryCell::empty() }; NEAR_METHODS],
            id,
            type_id,
            near_interface_methods: [const { InterfaceEntry::new(NO_METHOD) }; NEAR_INTERFACE_METHODS],
            size: 0,
            kind,
            element_shift: 0,
            depth: 0,
            display,
            far_methods: ptr::null(),
            itable: self.itable(&self.no_methods.clone())?,
            itable_mask: 0,
            reference_count: 0,
            references: ptr::null(),
            captures: 0,
            interface_count: 0,
            interfaces: ptr::null(),
        })
    }

    fn named(&mut self, class: ClassId, type_id: TypeId) -> Result<ClassInfo, LinkError> {
        let parts = self.parts;
        let relations = &parts.hierarchy.classes[class as usize];
        let layout = &parts.layouts[class as usize];
        let itable = &parts.itables[class as usize].entries;
        Ok(ClassInfo {
            near_methods: [const { EntryCell::empty() }; NEAR_METHODS],
            id: class,
            type_id,
            near_interface_methods: interfaces::near(itable).map(interfaces::entry),
            size: layout.size(),
            kind: ObjectKind::Instance,
            element_shift: 0,
            depth: (relations.display.len() - 1) as u16,
            display: self.numbers(&relations.display),
            far_methods: self.far_methods(&parts.methods[class as usize].vtable)?,
            itable: self.itable(itable)?,
            itable_mask: itable.len() as u32 - 1,
            reference_count: layout.references.len() as u32,
            references: self.numbers(&layout.references),
            captures: 0,
            interface_count: relations.interfaces.len() as u32,
            interfaces: self.numbers(&relations.interfaces),
        })
    }

    fn closure(&mut self, id: ClassId, ty: TypeId, function: FunctionId, captures: u32) -> Result<ClassInfo, LinkError> {
        let parameters = &self.parts.functions.infos[function as usize].parameters;
        let captured = parameters.iter().take(captures as usize).enumerate();
        let references: Rc<[u32]> = captured
            .filter(|(_, slot)| self.parts.types.is_reference(slot.ty))
            .map(|(index, _)| HEADER_BYTES as u32 + CAPTURE_BYTES * index as u32)
            .collect();
        Ok(ClassInfo {
            size: HEADER_BYTES as u32 + CAPTURE_BYTES * captures,
            reference_count: references.len() as u32,
            references: self.own_numbers(&references),
            captures,
            ..self.plain(id, ty, ObjectKind::Closure)?
        })
    }

    fn numbers(&mut self, numbers: &Rc<[u32]>) -> *const u32 {
        let key = (numbers.as_ptr(), numbers.len());
        if let Some(&known) = self.shared.numbers.get(&key) {
            return known;
        }
        let made = self.own_numbers(numbers);
        self.shared.numbers.insert(key, made);
        made
    }

    fn own_numbers(&mut self, numbers: &[u32]) -> *const u32 {
        self.storage.numbers.push(numbers.to_vec());
        self.storage.numbers.last().map_or(ptr::null(), |numbers| numbers.as_ptr())
    }

    fn far_methods(&mut self, slots: &Rc<[Slot]>) -> Result<*const EntryCell, LinkError> {
        let Some(far) = slots.get(NEAR_METHODS..) else { return Ok(ptr::null()) };
        if let Some(&known) = self.shared.far_methods.get(&slots.as_ptr()) {
            return Ok(known);
        }
        let cells: Vec<EntryCell> = far.iter().map(|_| EntryCell::empty()).collect();
        self.places(far.iter().map(|slot| slot.function).zip(&cells))?;
        let made = cells.as_ptr();
        self.storage.far_methods.push(cells);
        self.shared.far_methods.insert(slots.as_ptr(), made);
        Ok(made)
    }

    fn itable(&mut self, entries: &Rc<[interfaces::Entry]>) -> Result<*const InterfaceEntry, LinkError> {
        let key = entries.as_ptr();
        if let Some(&known) = self.shared.itables.get(&key) {
            return Ok(known);
        }
        let table: Vec<InterfaceEntry> = entries.iter().map(|&entry| interfaces::entry(entry)).collect();
        let functions = entries.iter().map(|entry| entry.map(|(_, function)| function));
        self.places(functions.zip(table.iter().map(|entry| &entry.entry)))?;
        let made = table.as_ptr();
        self.storage.itables.push(table);
        self.shared.itables.insert(key, made);
        Ok(made)
    }
}
