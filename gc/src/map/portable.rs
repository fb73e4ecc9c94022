//! The range as one zeroed allocation.
#![allow(unsafe_code, reason = "allocates the range")]

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::io;
use std::ops::Range;

/// A zeroed allocation.
#[derive(Debug)]
pub(crate) struct Mapping {
    base: *mut u8,
    layout: Layout,
}

/// What objects and the context need. The system allocator gives zero memory so aligned without touching it; for more it would clear it.
const ALIGNMENT: usize = 8;

impl Mapping {
    /// Allocates zero memory.
    pub(crate) fn reserve(bytes: usize) -> io::Result<Mapping> {
        let layout = Layout::from_size_align(bytes.max(1), ALIGNMENT).map_err(|_| io::ErrorKind::OutOfMemory)?;
        // SAFETY: the layout's size is not zero.
        let base = unsafe { alloc_zeroed(layout) };
        if base.is_null() { Err(io::ErrorKind::OutOfMemory.into()) } else { Ok(Mapping { base, layout }) }
    }

    /// Its first byte.
    pub(crate) fn base(&self) -> *mut u8 {
        self.base
    }

    /// Bytes that are committed together, as far as this tells.
    pub(crate) fn largest_page(&self) -> usize {
        ALIGNMENT
    }

    /// Does nothing; the system allocator knows best.
    pub(crate) fn use_huge_pages(&mut self, _huge: bool) {}

    /// Gives nothing back: an empty range is zero because of it.
    ///
    /// # Safety
    /// None is needed here; the mapping on Linux has a contract.
    pub(crate) unsafe fn discard(&self, range: Range<usize>) -> Range<usize> {
        range.start..range.start
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout in `reserve`, and its owner, the heap, is gone.
        unsafe { dealloc(self.base, self.layout) }
    }
}
