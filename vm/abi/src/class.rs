//! The record of a class that machine code, interpreter and collector read, and the places that hold functions' entries.
//!
//! The records of a program lie in one array, each at a multiple of its size from the start, so that an object's header, with the
//! collector's byte masked out, is its record's offset. They are made by the linker, never move and live as long as the program. Nothing
//! in them changes but entries, atomically.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

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
#[repr(C, align(256))]
pub struct ClassInfo {
    /// The entries of its first virtual methods by slot. A closure's class has its function's in the first.
    pub near_methods: [EntryCell; NEAR_METHODS],
    /// Index in the class table.
    pub id: u32,
    /// The runtime type it is an instance of; equal for all closures of one function type.
    pub type_id: u32,
    /// Some of its interface methods: method `id` is at `id % NEAR_INTERFACE_METHODS` if it is here.
    pub near_interface_methods: [InterfaceEntry; NEAR_INTERFACE_METHODS],
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
    /// The entries of its virtual methods from slot [`NEAR_METHODS`] on.
    pub far_methods: *const EntryCell,
    /// All its interface methods: open addressing by `method id & itable_mask`, at most [`ITABLE_PROBES`] probes.
    pub itable: *const InterfaceEntry,
    /// Number of entries of `itable` less one; a power of two less one.
    pub itable_mask: u32,
    /// Number of entries of `references`.
    pub reference_count: u32,
    /// Byte offsets of the references in an instance, from the start of the object.
    pub references: *const u32,
    /// Closures: number of captures.
    pub captures: u32,
    /// Number of entries of `interfaces`.
    pub interface_count: u32,
    /// Runtime type ids of all interfaces it implements, ascending.
    pub interfaces: *const u32,
}

/// Virtual methods whose entries a class's record holds itself.
pub const NEAR_METHODS: usize = 15;
/// Interface methods likewise; a power of two.
pub const NEAR_INTERFACE_METHODS: usize = 4;

const _: () = assert!(size_of::<ClassInfo>() == 1 << CLASS_SHIFT);
/// log2 of the bytes of a class's record, and the place of the class id in an object's header.
pub const CLASS_SHIFT: u32 = 8;

/// An entry of a class's interface table.
#[derive(Debug)]
#[repr(C)]
pub struct InterfaceEntry {
    /// The program-wide id of the interface method; [`NO_METHOD`] in an empty entry.
    pub method: u32,
    /// The entry of the function that implements it.
    pub entry: EntryCell,
}

impl InterfaceEntry {
    /// The entry of a method, none for [`NO_METHOD`].
    #[must_use]
    pub const fn new(method: u32) -> InterfaceEntry {
        InterfaceEntry { method, entry: EntryCell::empty() }
    }
}

/// Marks an empty entry of an interface table.
pub const NO_METHOD: u32 = u32::MAX;
/// The linker sizes interface tables so that no method is further than this many entries from its place.
pub const ITABLE_PROBES: u32 = 4;

/// A place that holds the entry of a function, which a call jumps to: prepared code, or the stub that prepares it first. There are as
/// many for a function as there are ways to find it, and all of them hold the same.
#[derive(Debug)]
#[repr(transparent)]
pub struct EntryCell(AtomicPtr<u8>);

impl EntryCell {
    /// Of no function, or not filled in yet.
    #[must_use]
    pub const fn empty() -> EntryCell {
        EntryCell(AtomicPtr::new(ptr::null_mut()))
    }

    /// The entry the function has now, with everything it leads to.
    #[must_use]
    #[inline(always)]
    pub fn load(&self) -> *const u8 {
        self.0.load(Ordering::Acquire)
    }

    /// Lets it be another from now on.
    #[inline]
    pub fn store(&self, entry: *const u8) {
        self.0.store(entry.cast_mut(), Ordering::Release);
    }
}
