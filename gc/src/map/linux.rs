//! The range as a mapping: one system call to make it, one to release it.
#![allow(unsafe_code, reason = "maps memory")]

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};
use std::io;
use std::ops::Range;
use std::ptr;

/// A private anonymous mapping.
#[derive(Debug)]
pub(crate) struct Mapping {
    base: *mut u8,
    bytes: usize,
}

impl Mapping {
    /// Reserves a range of zero memory. Nothing of it is committed, nor counted as if it were.
    pub(crate) fn reserve(bytes: usize) -> io::Result<Mapping> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a new mapping at a place of the kernel's choice touches no memory in use.
        let base = unsafe { mmap_anonymous(ptr::null_mut(), bytes, ProtFlags::READ | ProtFlags::WRITE, flags) }?;
        Ok(Mapping { base: base.cast(), bytes })
    }

    /// Its first byte.
    pub(crate) fn base(&self) -> *mut u8 {
        self.base
    }

    /// Gives the whole pages of a range of offsets back; returns what is zero again because of that.
    ///
    /// # Safety
    /// Nothing in the range is in use.
    pub(crate) unsafe fn discard(&self, range: Range<usize>) -> Range<usize> {
        let page = rustix::param::page_size();
        let start = range.start.next_multiple_of(page);
        let end = range.end.min(self.bytes) / page * page;
        if start >= end {
            return start..start;
        }
        // SAFETY: whole pages inside the mapping, which nobody uses (caller); private anonymous pages read as zero afterwards.
        let given_back = unsafe { madvise(self.base.add(start).cast(), end - start, Advice::LinuxDontNeed) };
        if given_back.is_ok() { start..end } else { start..start }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and its owner, the heap, is gone. A failure would leave it mapped, which is harmless.
        let _ = unsafe { munmap(self.base.cast(), self.bytes) };
    }
}
