//! One of the two halves objects live in, and what is known to be zero in it.
//!
//! Offsets are in bytes from the heap base. Memory from `dirty_end` on is as the system gave it: zero, and not committed but for
//! the rest of its page. Below it, memory must be cleared before it is handed out.
#![allow(unsafe_code, reason = "clears memory")]

use crate::map::Mapping;
use std::ops::Range;

/// Half of the object memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space {
    /// Its first byte.
    pub(crate) start: usize,
    /// One past its last byte.
    pub(crate) end: usize,
    /// Memory from here on is zero.
    dirty_end: usize,
}

/// What freed memory is overwritten with when a mode asks for that: no class has the id it gives a header, no heap reaches as far as
/// the reference it gives a slot, and as a header it has no flag of an old or moved object.
pub(crate) const POISON: u8 = 0xdc;

impl Space {
    /// An untouched half.
    pub(crate) const fn new(start: usize, end: usize) -> Space {
        Space { start, end, dirty_end: start }
    }

    /// Makes a range zero that is about to be handed out.
    ///
    /// # Safety
    /// The range is free memory of this space, in `mapping`.
    pub(crate) unsafe fn clear(&mut self, mapping: &Mapping, range: Range<usize>) {
        let dirty = range.start..range.end.min(self.dirty_end);
        if dirty.start < dirty.end {
            // SAFETY: free memory of the mapping (caller).
            unsafe { mapping.base().add(dirty.start).write_bytes(0, dirty.len()) };
        }
        self.mark_dirty(range.end);
    }

    /// Notes that memory up to an offset has been written.
    pub(crate) fn mark_dirty(&mut self, end: usize) {
        self.dirty_end = self.dirty_end.max(end);
    }

    /// Gives memory beyond the first `keep` bytes back to the system.
    ///
    /// # Safety
    /// Nothing there is in use.
    pub(crate) unsafe fn give_back(&mut self, mapping: &Mapping, keep: usize) {
        // What follows `dirty_end` in its page is this space's and free too, and may be committed.
        let committed = self.dirty_end + if mapping.largest_page() > SPACE_ALIGNMENT { mapping.largest_page() } else { 0 };
        let start = self.start + keep;
        if start >= committed {
            return;
        }
        let end = committed.next_multiple_of(SPACE_ALIGNMENT).min(self.end);
        // SAFETY: free memory of the mapping (caller).
        let zero = unsafe { mapping.discard(start..end) };
        if zero.end >= self.dirty_end {
            self.dirty_end = self.dirty_end.min(zero.start);
        }
    }

    /// Overwrites a range that was freed.
    ///
    /// # Safety
    /// The range is free, dirty memory of this space, in `mapping`.
    pub(crate) unsafe fn poison(&self, mapping: &Mapping, range: Range<usize>) {
        debug_assert!(range.end <= self.dirty_end);
        // SAFETY: free memory of the mapping (caller).
        unsafe { mapping.base().add(range.start).write_bytes(POISON, range.len()) };
    }
}

/// Spaces end at multiples of this: at least the page size of every supported system, so that no page belongs to both.
pub(crate) const SPACE_ALIGNMENT: usize = 64 << 10;
