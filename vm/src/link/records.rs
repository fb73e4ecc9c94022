//! The class records that machine code, interpreter and collector read, made once all they point to is known.

use super::LinkError;
use super::functions::Functions;
use super::hierarchy::Hierarchy;
use super::interfaces::{self, Itable};
use super::layout::Layout;
use super::limits::Budget;
use super::methods::{Methods, Slot};
use super::types::{STR, Types};
use crate::program::{ClassId, ClassStorage, ClassTable, FunctionId, RuntimeTypeKind, TypeId};
use limosa_abi::class::InterfaceEntry;
use limosa_abi::object::HEADER_BYTES;
use limosa_abi::{ClassInfo, FunctionCell, ObjectKind};
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
    /// The cells of all functions.
    pub cells: &'a [FunctionCell],
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

/// Makes the records of all classes.
pub(super) fn class_table(parts: &Parts<'_>, built_in: &BuiltIn, budget: &mut Budget) -> Result<ClassTable, LinkError> {
    let mut builder = Builder { parts, storage: ClassStorage::default(), shared: Shared::default(), no_methods: Rc::from([None]) };
    let count = parts.types.records.len();
    budget.take::<ClassInfo>(count)?;
    let mut records = Vec::with_capacity(count);
    for (id, &record) in parts.types.records.iter().enumerate() {
        records.push(builder.record(id as ClassId, record));
    }
    let table = records.iter().map(ptr::from_ref).collect();
    Ok(ClassTable {
        table,
        records,
        well_known: WellKnown::ALL.iter().map(|&class| class as ClassId).collect(),
        string: parts.types.string,
        bytes: built_in.of(Type::U8),
        strings: built_in.of(Type::STR),
        trace: built_in.of(Type::I32),
        arrays: built_in.arrays,
        storage: builder.storage,
    })
}

struct Builder<'a> {
    parts: &'a Parts<'a>,
    storage: ClassStorage,
    shared: Shared,
    /// The interface table of classes that implement none.
    no_methods: Rc<[interfaces::Entry]>,
}

/// Arrays made already, by the address of what they were made from: the linker's own tables are alive all the while.
#[derive(Default)]
struct Shared {
    numbers: HashMap<(*const u32, usize), *const u32>,
    vtables: HashMap<(*const Slot, usize), *const *const FunctionCell>,
    itables: HashMap<*const interfaces::Entry, *const InterfaceEntry>,
}

impl Builder<'_> {
    fn record(&mut self, id: ClassId, record: Record) -> ClassInfo {
        match record {
            Record::Named { ty } => self.named(id, ty),
            Record::String => self.plain(id, STR, ObjectKind::String),
            Record::Array { ty, element } => {
                let is_reference = self.parts.types.is_reference(element);
                let kind = if is_reference { ObjectKind::ReferenceArray } else { ObjectKind::NumberArray };
                let bytes = match self.parts.types.types[element as usize].kind {
                    RuntimeTypeKind::Number(number) => number.storage_size(),
                    _ => Type::ANY.storage_size(),
                };
                ClassInfo { element_shift: bytes.trailing_zeros() as u8, ..self.plain(id, ty, kind) }
            }
            Record::Fiber { ty } => ClassInfo { size: FIBER_BYTES, ..self.plain(id, ty, ObjectKind::Fiber) },
            Record::Closure { ty, function, captures } => self.closure(id, ty, function, captures),
        }
    }

    /// A record without anything that depends on the class; it is its own and only superclass.
    fn plain(&mut self, id: ClassId, type_id: TypeId, kind: ObjectKind) -> ClassInfo {
        self.storage.numbers.push(Vec::from([id]));
        let display = self.storage.numbers.last().map_or(ptr::null(), |numbers| numbers.as_ptr());
        ClassInfo {
            id,
            type_id,
            size: 0,
            kind,
            element_shift: 0,
            depth: 0,
            display,
            vtable: ptr::null(),
            itable: self.itable(&self.no_methods.clone()),
            itable_mask: 0,
            reference_count: 0,
            references: ptr::null(),
            function: ptr::null(),
            captures: 0,
            interface_count: 0,
            interfaces: ptr::null(),
        }
    }

    fn named(&mut self, class: ClassId, type_id: TypeId) -> ClassInfo {
        let parts = self.parts;
        let relations = &parts.hierarchy.classes[class as usize];
        let layout = &parts.layouts[class as usize];
        let itable = &parts.itables[class as usize].entries;
        ClassInfo {
            id: class,
            type_id,
            size: layout.size(),
            kind: ObjectKind::Instance,
            element_shift: 0,
            depth: (relations.display.len() - 1) as u16,
            display: self.numbers(&relations.display),
            vtable: self.vtable(&parts.methods[class as usize].vtable),
            itable: self.itable(itable),
            itable_mask: itable.len() as u32 - 1,
            reference_count: layout.references.len() as u32,
            references: self.numbers(&layout.references),
            function: ptr::null(),
            captures: 0,
            interface_count: relations.interfaces.len() as u32,
            interfaces: self.numbers(&relations.interfaces),
        }
    }

    fn closure(&mut self, id: ClassId, ty: TypeId, function: FunctionId, captures: u32) -> ClassInfo {
        let parameters = &self.parts.functions.infos[function as usize].parameters;
        let captured = parameters.iter().take(captures as usize).enumerate();
        let references: Rc<[u32]> = captured
            .filter(|(_, slot)| self.parts.types.is_reference(slot.ty))
            .map(|(index, _)| HEADER_BYTES as u32 + CAPTURE_BYTES * index as u32)
            .collect();
        ClassInfo {
            size: HEADER_BYTES as u32 + CAPTURE_BYTES * captures,
            reference_count: references.len() as u32,
            references: self.own_numbers(&references),
            function: &raw const self.parts.cells[function as usize],
            captures,
            ..self.plain(id, ty, ObjectKind::Closure)
        }
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

    fn vtable(&mut self, slots: &Rc<[Slot]>) -> *const *const FunctionCell {
        let key = (slots.as_ptr(), slots.len());
        if let Some(&known) = self.shared.vtables.get(&key) {
            return known;
        }
        let cell = |slot: &Slot| slot.function.map_or(ptr::null(), |function| &raw const self.parts.cells[function as usize]);
        self.storage.vtables.push(slots.iter().map(cell).collect());
        let made = self.storage.vtables.last().map_or(ptr::null(), |vtable| vtable.as_ptr());
        self.shared.vtables.insert(key, made);
        made
    }

    fn itable(&mut self, entries: &Rc<[interfaces::Entry]>) -> *const InterfaceEntry {
        let key = entries.as_ptr();
        if let Some(&known) = self.shared.itables.get(&key) {
            return known;
        }
        let made = entries.iter().map(|&entry| interfaces::entry(entry, self.parts.cells)).collect();
        self.storage.itables.push(made);
        let made = self.storage.itables.last().map_or(ptr::null(), |itable| itable.as_ptr());
        self.shared.itables.insert(key, made);
        made
    }
}
