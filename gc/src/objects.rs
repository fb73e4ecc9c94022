//! Walking objects: their references in place, and one after the other through memory.
#![allow(unsafe_code, reason = "reads objects")]

use limosa_abi::context::Context;
use limosa_abi::object::{HEADER_BYTES, REFERENCE_SHIFT, object_size};
use limosa_abi::{ClassInfo, ObjectKind, Reference};
use std::ops::Range;

/// Bytes of a reference in an object.
pub(crate) const REFERENCE_BYTES: usize = size_of::<Reference>();

/// Calls `visit` with the byte offset, from the start of the object, of each reference an object holds.
///
/// # Safety
/// `class` is the record of a class, as the linker makes them, and `word1` the second word of an instance.
#[inline]
pub(crate) unsafe fn reference_offsets(class: &ClassInfo, word1: u32, mut visit: impl FnMut(usize)) {
    match class.kind {
        ObjectKind::NumberArray | ObjectKind::String => {}
        ObjectKind::ReferenceArray => {
            for index in 0..word1 as usize {
                visit(HEADER_BYTES + index * REFERENCE_BYTES);
            }
        }
        ObjectKind::Instance | ObjectKind::Closure | ObjectKind::Fiber => {
            for index in 0..class.reference_count as usize {
                // SAFETY: `references` has `reference_count` entries (linker).
                visit(unsafe { *class.references.add(index) } as usize);
            }
        }
    }
}

/// An object met on a walk through memory.
pub(crate) struct Met<'a> {
    pub(crate) object: Reference,
    pub(crate) class: &'a ClassInfo,
    pub(crate) word1: u32,
    pub(crate) bytes: usize,
}

impl<'a> Met<'a> {
    /// Reads what is to be known of an object from its header.
    ///
    /// # Safety
    /// `object` is an object of the heap at `context` that has not been moved away, and the class table is valid for `'a`.
    #[inline]
    pub(crate) unsafe fn at(context: *mut Context, object: Reference) -> Met<'a> {
        // SAFETY: as the caller says.
        let (class, word1) = unsafe { (object.class(context), object.word1(context)) };
        Met { object, class, word1, bytes: object_size(class, word1) }
    }

    /// The object that follows in memory.
    #[inline]
    pub(crate) fn next(&self) -> Reference {
        Reference(self.object.0 + (self.bytes >> REFERENCE_SHIFT) as u32)
    }
}

/// Calls `visit` with each object from the first to the end of a range of references.
///
/// # Safety
/// The range is covered by whole objects of the heap at `context`, one after the other, none of them moved away.
pub(crate) unsafe fn walk(context: *mut Context, range: Range<u32>, mut visit: impl FnMut(&Met<'_>)) {
    let mut object = Reference(range.start);
    while object.0 < range.end {
        // SAFETY: an object starts here (caller, and the size of the one before).
        let met = unsafe { Met::at(context, object) };
        visit(&met);
        object = met.next();
    }
}
