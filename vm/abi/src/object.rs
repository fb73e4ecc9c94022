//! References and the eight-byte object header.
//!
//! ```text
//! word 0   class id << 8 | collector flags: without these the offset of the class's record in the class table
//! word 1   array: number of elements; string: length in bytes; other objects: identity hash, 0 while none was asked for
//! +8       fields, elements or captures; a string has its cached hash (0: not computed) at +8 and its bytes from +12
//! ```
//! An object's size is a function of its class and word 1, rounded up to [`OBJECT_ALIGNMENT`].
#![allow(unsafe_code, reason = "reads and writes of object memory, the layout's home")]

use crate::class::{CLASS_SHIFT, ClassInfo, ObjectKind};
use crate::context::Context;
use bitflags::bitflags;

/// Objects start at multiples of this many bytes.
pub const OBJECT_ALIGNMENT: usize = 8;
/// log2 of [`OBJECT_ALIGNMENT`].
pub const REFERENCE_SHIFT: u32 = 3;
/// Bytes of an object's header; the first field, element or capture follows.
pub const HEADER_BYTES: usize = 8;
/// Where a string's cached hash lies.
pub const STRING_HASH_OFFSET: usize = 8;
/// Where a string's bytes start.
pub const STRING_BYTES_OFFSET: usize = 12;
/// The bits of word 0 that are the collector's.
const FLAGS: u32 = (1 << CLASS_SHIFT) - 1;
/// Elements of an array and bytes of a string are at most this many, so that a length is never negative as an `i32`.
pub const MAX_LENGTH: u64 = i32::MAX as u64;

bitflags! {
    /// The collector's byte of word 0.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Flags: u32 {
        /// An old object whose reference slots have not been written since the last collection: the write barrier logs it.
        const UNLOGGED = 1;
        /// Moved: word 1 is the reference to the copy. Seen only by the collector.
        const FORWARDED = 1 << 1;
        /// May not be moved.
        const PINNED = 1 << 2;
        /// Its identity hash was given out.
        const HASHED = 1 << 3;
        /// Immutable and outside collection.
        const FROZEN = 1 << 4;
        /// The collector asks the VM to trace and release it (fibers).
        const SPECIAL = 1 << 5;
    }
}

/// A reference to an object of an isolate: the offset from its heap base in units of eight bytes; 0 is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Reference(pub u32);

impl Reference {
    /// The null reference.
    pub const NULL: Reference = Reference(0);

    /// Whether it is null.
    #[must_use]
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    /// The reference as it stands in a 64-bit slot.
    #[must_use]
    #[inline(always)]
    pub const fn to_slot(self) -> u64 {
        self.0 as u64
    }

    /// The reference in a 64-bit slot.
    #[must_use]
    #[inline(always)]
    pub const fn from_slot(slot: u64) -> Reference {
        Reference(slot as u32)
    }

    /// The address of the object in the heap whose base `context` is.
    #[must_use]
    #[inline(always)]
    pub fn address(self, context: *mut Context) -> *mut u8 {
        context.cast::<u8>().wrapping_add((self.0 as usize) << REFERENCE_SHIFT)
    }

    /// Word 0 of the header.
    ///
    /// # Safety
    /// The reference is to a live object of the heap at `context`.
    #[must_use]
    #[inline(always)]
    pub unsafe fn word0(self, context: *mut Context) -> u32 {
        // SAFETY: a live object has a header at its address (caller).
        unsafe { *self.address(context).cast::<u32>() }
    }

    /// Word 1 of the header.
    ///
    /// # Safety
    /// The reference is to a live object of the heap at `context`.
    #[must_use]
    #[inline(always)]
    pub unsafe fn word1(self, context: *mut Context) -> u32 {
        // SAFETY: a live object has a header at its address (caller).
        unsafe { *self.address(context).add(4).cast::<u32>() }
    }

    /// Sets word 1 of the header.
    ///
    /// # Safety
    /// The reference is to a live object of the heap at `context`; the word's meaning for its class is kept.
    #[inline(always)]
    pub unsafe fn set_word1(self, context: *mut Context, word: u32) {
        // SAFETY: a live object has a header at its address (caller).
        unsafe { *self.address(context).add(4).cast::<u32>() = word }
    }

    /// The id of the object's class.
    ///
    /// # Safety
    /// The reference is to a live object of the heap at `context`.
    #[must_use]
    #[inline(always)]
    pub unsafe fn class_id(self, context: *mut Context) -> u32 {
        // SAFETY: as above.
        unsafe { self.word0(context) >> CLASS_SHIFT }
    }

    /// The record of the object's class.
    ///
    /// # Safety
    /// The reference is to a live object of the heap at `context`, whose class table is set.
    #[must_use]
    #[inline(always)]
    pub unsafe fn class<'a>(self, context: *mut Context) -> &'a ClassInfo {
        // SAFETY: every object's class id indexes the class table, whose records live as long as the program (linker), and a record has
        // as many bytes as the id's lowest bit is worth in the header.
        unsafe { &*(*context).class_table.byte_add((self.word0(context) & !FLAGS) as usize) }
    }

    /// A pointer to the field, element or capture at a byte offset from the start of the object.
    #[must_use]
    #[inline(always)]
    pub fn at<T>(self, context: *mut Context, offset: usize) -> *mut T {
        self.address(context).wrapping_add(offset).cast::<T>()
    }
}

/// The reference in a field, element or capture.
///
/// # Safety
/// `object` is a live object of the heap at `context` with a reference at this byte offset.
#[must_use]
#[inline(always)]
pub unsafe fn load_reference(context: *mut Context, object: Reference, offset: usize) -> Reference {
    // SAFETY: the slot exists and holds a reference (caller).
    Reference(unsafe { *object.at::<u32>(context, offset) })
}

/// Writes the reference of a field, element or capture, without the barrier: see [`barrier`](crate::barrier).
///
/// # Safety
/// As for [`load_reference`]; `value` is null or a live object of the slot's type, and the barrier was passed or is not needed.
#[inline(always)]
pub unsafe fn store_reference(context: *mut Context, object: Reference, offset: usize, value: Reference) {
    // SAFETY: the slot exists and holds a reference (caller).
    unsafe { *object.at::<u32>(context, offset) = value.0 }
}

/// Word 0 of a new object of a class.
#[must_use]
#[inline(always)]
pub const fn header_word(class_id: u32) -> u32 {
    class_id << CLASS_SHIFT
}

/// The bytes of an array, not rounded; `None` for a length beyond [`MAX_LENGTH`].
#[must_use]
#[inline]
pub const fn array_bytes(length: u64, element_shift: u8) -> Option<usize> {
    if length > MAX_LENGTH { None } else { Some(HEADER_BYTES + ((length as usize) << element_shift)) }
}

/// The bytes of a string, not rounded; `None` for a length beyond [`MAX_LENGTH`].
#[must_use]
#[inline]
pub const fn string_bytes(length: u64) -> Option<usize> {
    if length > MAX_LENGTH { None } else { Some(STRING_BYTES_OFFSET + length as usize) }
}

/// The bytes an object takes, rounded up to [`OBJECT_ALIGNMENT`].
#[must_use]
#[inline]
pub fn object_size(class: &ClassInfo, word1: u32) -> usize {
    let unrounded = match class.kind {
        ObjectKind::Instance | ObjectKind::Closure | ObjectKind::Fiber => class.size as usize,
        ObjectKind::NumberArray | ObjectKind::ReferenceArray => HEADER_BYTES + ((word1 as usize) << class.element_shift),
        ObjectKind::String => STRING_BYTES_OFFSET + word1 as usize,
    };
    unrounded.next_multiple_of(OBJECT_ALIGNMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_refused_beyond_the_longest_length() {
        assert_eq!(array_bytes(0, 3), Some(8));
        assert_eq!(array_bytes(MAX_LENGTH, 3), Some(8 + (MAX_LENGTH as usize) * 8));
        assert_eq!(string_bytes(MAX_LENGTH), Some(12 + MAX_LENGTH as usize));
        for length in [MAX_LENGTH + 1, 1 << 32, u64::MAX] {
            assert_eq!(array_bytes(length, 0), None);
            assert_eq!(string_bytes(length), None);
        }
    }
}
