//! A linked program: what all isolates that run it share. Made by [`link`](crate::link), read by everything after it.
//!
//! A program has one number space for functions, one for types, one for classes, one for strings and one for globals. All tables are
//! complete before the first isolate starts and never change; only the places of a function's entry are updated, when it is prepared.
//!
//! Invariants the linker upholds and the interpreter's `unsafe` cites:
//! - `records[id]` never moves and lives as long as the program, with `id` as its id.
//! - `entries` knows every place where the entry of a function stands, none of which ever moves; all of a function hold the same.
//! - every type, function, field, method, string and global a verified module names has its entry in that module's [`LinkedModule`].

mod entries;

pub(crate) use entries::{Entries, EntryPlace};

use limosa_abi::class::InterfaceEntry;
use limosa_abi::{ClassInfo, EntryCell};
use limosa_spec::module::Constant;
use limosa_spec::verify::VerifiedModule;
use limosa_spec::{Type, TypeKind, WellKnown};
use std::sync::Arc;

/// Index of a function in a program: guest and host functions alike.
pub(crate) type FunctionId = u32;
/// Index of a runtime type in a program.
pub(crate) type TypeId = u32;
/// Index of a class record in a program.
pub(crate) type ClassId = u32;

/// Everything the linker made of a set of modules.
pub(crate) struct Linked {
    /// The modules in link order.
    pub modules: Vec<LinkedModule>,
    /// All functions; host functions too.
    pub functions: Vec<FunctionInfo>,
    /// The places of the functions' entries, which start out null.
    pub entries: Entries,
    /// All runtime types.
    pub types: Vec<RuntimeType>,
    /// The class records, and everything they point to.
    pub classes: ClassTable,
    /// The program's string constants, each once.
    pub strings: Vec<Arc<str>>,
    /// All globals.
    pub globals: Vec<GlobalInfo>,
    /// The function a program starts with, of the first module that names one.
    pub entry: Option<FunctionId>,
    /// The fields of the well-known classes by their number, in the same form as a module's own types.
    pub well_known_members: Vec<Members>,
}

/// A module's own numbers translated to the program's.
pub(crate) struct LinkedModule {
    /// The module.
    pub module: Arc<VerifiedModule>,
    /// Function index → program function.
    pub functions: Vec<FunctionId>,
    /// Type table index → runtime type.
    pub types: Vec<TypeId>,
    /// Per type table index: the resolved own fields (classes) and methods (classes, interfaces).
    pub members: Vec<Members>,
    /// String index → program string; [`u32::MAX`] for strings no `const.str` or global names.
    pub strings: Vec<u32>,
    /// Index of the module's first global.
    pub first_global: u32,
    /// `closure` instructions' (function index, captures) → class id of the closure's objects.
    pub closures: std::collections::HashMap<(u32, u32), ClassId>,
}

/// Where a type definition's own fields and methods ended up.
#[derive(Debug, Default, Clone)]
pub(crate) struct Members {
    /// By field index: byte offset from the start of the object, and the declared type.
    pub fields: Vec<(u32, Type)>,
    /// By method index: the vtable slot of a class's method, or the program-wide id of an interface's.
    pub methods: Vec<u32>,
}

/// A function of a program.
pub(crate) struct FunctionInfo {
    /// `module.name` for traces is made from these two.
    pub module_name: Arc<str>,
    /// The function's name.
    pub name: Arc<str>,
    /// Guest code or host function.
    pub kind: FunctionKind,
    /// Parameter types and results in the module's numbering are not comparable across modules; these are.
    pub parameters: Arc<[SlotType]>,
    /// The results.
    pub results: Arc<[SlotType]>,
    /// Registers of a frame: parameters and locals; of a host function the larger of parameter and result count.
    pub registers: u32,
    /// The registers that hold references, ascending; a host function's parameters only.
    pub reference_registers: Vec<u16>,
}

/// What runs when a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    /// `modules[module].module.functions[index]`
    Guest { module: u32, index: u32 },
    /// The host function with this number in the host's table.
    Host { index: u32 },
}

/// A parameter or result across modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SlotType {
    /// The runtime type.
    pub ty: TypeId,
    /// Whether null is refused.
    pub non_null: bool,
}

/// A type of a running program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuntimeType {
    /// As the text form spells it, classes with their module: `geo.Point`, `[i64]`, `fn(i64) -> str`. Cut if it is long: nested
    /// types can be far larger than the module that describes them.
    pub name: Arc<str>,
    /// What it is.
    pub kind: RuntimeTypeKind,
}

/// What a runtime type is, and so how `is` and `cast` test for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuntimeTypeKind {
    /// `i32`, `i64`, `f32`, `f64` or a storage type.
    Number(Type),
    /// `any`: every object.
    Any,
    /// A class; an object is an instance if its class's `display[depth]` is `class`.
    Class { class: ClassId, depth: u16 },
    /// An interface; an object is an instance if its class lists this type id among its interfaces.
    Interface,
    /// `str`; an object is an instance if its class's `type_id` is this type's.
    Str { class: ClassId },
    /// An array; likewise.
    Array { class: ClassId, element: TypeId },
    /// A function type; likewise.
    Function { parameters: Arc<[SlotType]>, results: Arc<[SlotType]> },
    /// A fiber type; likewise.
    Fiber { class: ClassId, parameters: Arc<[SlotType]>, results: Arc<[SlotType]> },
}

/// A variable of a program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GlobalInfo {
    /// Whether its slot holds a reference.
    pub is_reference: bool,
    /// Its value when an isolate is made; a string's index is the program's.
    pub initial: Constant,
}

/// The class records, owned; their addresses are stable.
pub(crate) struct ClassTable {
    /// The records by class id.
    pub records: Vec<ClassInfo>,
    /// Class ids of the well-known classes by their number.
    pub well_known: Vec<ClassId>,
    /// The class of `str`.
    pub string: ClassId,
    /// The class of `[u8]`: always there, host functions use it.
    pub bytes: ClassId,
    /// The class of `[str]`: always there, host functions use it.
    pub strings: ClassId,
    /// The class of `[i32]`: always there, traces use it.
    pub trace: ClassId,
    /// The classes of arrays of numbers, storage types, `any` and `str`, by the element type's code.
    pub arrays: [ClassId; Type::STR.code() as usize + 1],
    /// What the records point to, kept alive.
    #[allow(dead_code, reason = "read through the records' pointers only")]
    pub storage: ClassStorage,
}

/// The arrays that class records point to. Classes whose arrays are equal to their superclass's share them.
#[derive(Default)]
pub(crate) struct ClassStorage {
    /// Displays, reference offsets and interface lists.
    pub numbers: Vec<Vec<u32>>,
    /// The ends of vtables that records have no room for.
    pub far_methods: Vec<Vec<EntryCell>>,
    /// Interface tables.
    pub itables: Vec<Vec<InterfaceEntry>>,
}

impl ClassTable {
    /// The record of a class.
    pub fn get(&self, class: ClassId) -> &ClassInfo {
        &self.records[class as usize]
    }

    /// The class id of a well-known class.
    pub fn well_known(&self, class: WellKnown) -> ClassId {
        self.well_known[class as usize]
    }
}

impl Linked {
    /// The runtime type of a type of a module.
    pub fn runtime_type(&self, module: &LinkedModule, ty: Type) -> TypeId {
        match ty.kind() {
            TypeKind::Defined(index) => module.types[index as usize],
            TypeKind::WellKnown(class) => self.classes.get(self.classes.well_known(class)).type_id,
            _ => ty.code(),
        }
    }

    /// The class whose records objects of an array, fiber or class type have.
    pub fn class_of(&self, ty: TypeId) -> Option<ClassId> {
        match self.types[ty as usize].kind {
            RuntimeTypeKind::Class { class, .. }
            | RuntimeTypeKind::Str { class }
            | RuntimeTypeKind::Array { class, .. }
            | RuntimeTypeKind::Fiber { class, .. } => Some(class),
            RuntimeTypeKind::Number(_) | RuntimeTypeKind::Any | RuntimeTypeKind::Interface | RuntimeTypeKind::Function { .. } => None,
        }
    }
}
