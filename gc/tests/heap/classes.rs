//! A program's classes, of every kind of object.

use limosa_abi::class::{EntryCell, InterfaceEntry, NEAR_INTERFACE_METHODS, NEAR_METHODS, NO_METHOD};
use limosa_abi::object::{HEADER_BYTES, STRING_BYTES_OFFSET};
use limosa_abi::{ClassInfo, ObjectKind};
use std::ptr;

/// The classes by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A header only.
    Empty,
    /// A number, two references and another number.
    Pair,
    /// A header and 300 references.
    Wide,
    /// Over 8 KiB of references.
    Huge,
    /// Elements of one byte.
    Bytes,
    /// Elements of eight bytes.
    Longs,
    /// Elements that are references.
    References,
    /// Bytes after a hash.
    String,
    /// Three captures, the first and the last of them references.
    Closure,
    /// The number of a stack, and a reference.
    Fiber,
}

impl Class {
    pub const ALL: [Class; 10] = [
        Class::Empty,
        Class::Pair,
        Class::Wide,
        Class::Huge,
        Class::Bytes,
        Class::Longs,
        Class::References,
        Class::String,
        Class::Closure,
        Class::Fiber,
    ];

    pub fn id(self) -> u32 {
        self as u32
    }

    pub fn kind(self) -> ObjectKind {
        match self {
            Class::Empty | Class::Pair | Class::Wide | Class::Huge => ObjectKind::Instance,
            Class::Bytes | Class::Longs => ObjectKind::NumberArray,
            Class::References => ObjectKind::ReferenceArray,
            Class::String => ObjectKind::String,
            Class::Closure => ObjectKind::Closure,
            Class::Fiber => ObjectKind::Fiber,
        }
    }

    /// Whether objects have a length.
    pub fn counted(self) -> bool {
        !matches!(self.kind(), ObjectKind::Instance | ObjectKind::Closure | ObjectKind::Fiber)
    }

    /// Bytes of an object, not rounded.
    pub fn bytes(self, length: u32) -> usize {
        let length = length as usize;
        match self {
            Class::Empty => HEADER_BYTES,
            Class::Pair => 32,
            Class::Wide => HEADER_BYTES + 4 * 300,
            Class::Huge => HEADER_BYTES + 4 * 2100,
            Class::Bytes => HEADER_BYTES + length,
            Class::Longs => HEADER_BYTES + 8 * length,
            Class::References => HEADER_BYTES + 4 * length,
            Class::String => STRING_BYTES_OFFSET + length,
            Class::Closure => HEADER_BYTES + 3 * 8,
            Class::Fiber => HEADER_BYTES + 8,
        }
    }

    /// Byte offsets of the references.
    pub fn references(self, length: u32) -> Vec<u32> {
        match self {
            Class::Empty | Class::Bytes | Class::Longs | Class::String => Vec::new(),
            Class::Pair => vec![16, 20],
            Class::Wide => (0..300).map(|index| 8 + 4 * index).collect(),
            Class::Huge => (0..2100).map(|index| 8 + 4 * index).collect(),
            Class::References => (0..length).map(|index| 8 + 4 * index).collect(),
            Class::Closure => vec![8, 24],
            Class::Fiber => vec![12],
        }
    }

    #[allow(clippy::single_range_in_vec_init, reason = "lists of ranges, most of one")]
    /// Byte ranges that hold no references and may be filled at will.
    pub fn numbers(self, length: u32) -> Vec<std::ops::Range<usize>> {
        let end = self.bytes(length);
        match self {
            Class::Empty | Class::Wide | Class::Huge | Class::References | Class::Fiber => Vec::new(),
            Class::Pair => vec![8..16, 24..32],
            Class::Bytes | Class::Longs => vec![HEADER_BYTES..end],
            Class::String => vec![STRING_BYTES_OFFSET..end],
            Class::Closure => vec![16..24],
        }
    }
}

/// The class table, with what it points to.
pub struct Classes {
    table: Vec<ClassInfo>,
    _references: Vec<Vec<u32>>,
}

impl Classes {
    pub fn new() -> Classes {
        let references: Vec<Vec<u32>> = Class::ALL.iter().map(|class| class.references(0)).collect();
        let table = Class::ALL.iter().zip(&references).map(|(&class, references)| info(class, references)).collect();
        Classes { table, _references: references }
    }

    pub fn table(&self) -> *const ClassInfo {
        self.table.as_ptr()
    }

    pub fn count(&self) -> u32 {
        self.table.len() as u32
    }
}

fn info(class: Class, references: &[u32]) -> ClassInfo {
    ClassInfo {
        near_methods: [const { EntryCell::empty() }; NEAR_METHODS],
        near_interface_methods: [const { InterfaceEntry::new(NO_METHOD) }; NEAR_INTERFACE_METHODS],
        id: class.id(),
        type_id: class.id(),
        size: if class.counted() { 0 } else { class.bytes(0) as u32 },
        kind: class.kind(),
        element_shift: match class {
            Class::Longs => 3,
            Class::References => 2,
            _ => 0,
        },
        depth: 0,
        display: ptr::null(),
        far_methods: ptr::null(),
        itable: ptr::null(),
        itable_mask: 0,
        reference_count: references.len() as u32,
        references: references.as_ptr(),
        captures: if class == Class::Closure { 3 } else { 0 },
        interface_count: 0,
        interfaces: ptr::null(),
    }
}
