//! The record of a class that machine code, interpreter and collector read, and the cell through which functions are called.
//!
//! Both are made by the linker, never move and live as long as the program. `ClassInfo` is immutable; of a `FunctionCell` only the
//! entry changes, atomically.

use std::sync::atomic::AtomicPtr;

/// What kind of object a class's instances are, and so how the collector finds their references and their size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ObjectKind {
    /// Fields at fixed offsets; `references` lists those that are references.
    Instance,
    /// Elements without references, `1 << element_shift` bytes each.
    NumberArray,
    /// Elements are references of four bytes.
    ReferenceArray,
    /// A cached hash and UTF-8 bytes.
    String,
    /// Captures of eight bytes each; `references` lists those that are references.
    Closure,
    /// A fiber: its stack is traced and released by the VM. Objects carry [`Flags::SPECIAL`](crate::object::Flags::SPECIAL).
    Fiber,
}

/// The record of one class of a program: a guest class, an array type, `str`, a fiber type, or a closure's function and capture count.
#[derive(Debug)]
#[repr(C)]
pub struct ClassInfo {
    /// Index in the class table.
    pub id: u32,
    /// The runtime type it is an instance of; equal for all closures of one function type.
    pub type_id: u32,
    /// Bytes of an instance, header included; 0 for arrays and strings.
    pub size: u32,
    /// What kind of object.
    pub kind: ObjectKind,
    /// log2 of an element's bytes; arrays only.
    pub element_shift: u8,
    /// Number of classes above it; guest classes only.
    pub depth: u16,
    /// Ids of the classes from the root down to itself: `depth + 1` entries.
    pub display: *const u32,
    /// The functions of its virtual methods by slot.
    pub vtable: *const *const FunctionCell,
    /// Interface methods: open addressing by `method id & itable_mask`, at most [`ITABLE_PROBES`] probes.
    pub itable: *const InterfaceEntry,
    /// Number of entries of `itable` less one; a power of two less one.
    pub itable_mask: u32,
    /// Number of entries of `references`.
    pub reference_count: u32,
    /// Byte offsets of the references in an instance, from the start of the object.
    pub references: *const u32,
    /// Closures: the function that is run.
    pub function: *const FunctionCell,
    /// Closures: number of captures.
    pub captures: u32,
    /// Number of entries of `interfaces`.
    pub interface_count: u32,
    /// Runtime type ids of all interfaces it implements, ascending.
    pub interfaces: *const u32,
}

/// An entry of a class's interface table.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct InterfaceEntry {
    /// The program-wide id of the interface method; [`NO_METHOD`] in an empty entry.
    pub method: u32,
    /// The function that implements it.
    pub function: *const FunctionCell,
}

/// Marks an empty entry of an interface table.
pub const NO_METHOD: u32 = u32::MAX;
/// The linker sizes interface tables so that no method is further than this many entries from its place.
pub const ITABLE_PROBES: u32 = 4;

/// The place through which a function is called; its address identifies the function.
#[derive(Debug)]
#[repr(C)]
pub struct FunctionCell {
    /// What a call jumps to: prepared code, or the stub that prepares it first.
    pub entry: AtomicPtr<u8>,
    /// The function's index in the program, in the upper 32 bits, ready for a frame's link word.
    pub link: u64,
}

impl FunctionCell {
    /// The function's index in the program.
    #[must_use]
    #[inline(always)]
    pub const fn index(&self) -> u32 {
        (self.link >> 32) as u32
    }
}
