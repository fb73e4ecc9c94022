//! The range as a mapping: one system call to make it, one to release it.
#![allow(unsafe_code, reason = "maps memory")]

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};
use std::io;
use std::ops::Range;
use std::ptr;

/// Bytes of a huge page; where they are larger, a little more stays committed.
const HUGE_PAGE: usize = 2 << 20;

/// A private anonymous mapping.
#[derive(Debug)]
pub(crate) struct Mapping {
    base: *mut u8,
    bytes: usize,
    /// Huge pages were asked for last.
    huge: bool,
    /// Touching a byte commits so many around it, at most.
    largest_page: usize,
}

impl Mapping {
    /// Reserves a range of zero memory. Nothing of it is committed, nor counted as if it were.
    pub(crate) fn reserve(bytes: usize) -> io::Result<Mapping> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a new mapping at a place of the kernel's choice touches no memory in use.
        let base = unsafe { mmap_anonymous(ptr::null_mut(), bytes, ProtFlags::READ | ProtFlags::WRITE, flags) }?;
        Ok(Mapping { base: base.cast(), bytes, huge: false, largest_page: rustix::param::page_size() })
    }

    /// Its first byte.
    pub(crate) fn base(&self) -> *mut u8 {
        self.base
    }

    /// Touching a byte commits so many around it, at most.
    pub(crate) fn largest_page(&self) -> usize {
        self.largest_page
    }

    /// Says whether the system may back memory that is touched from now on with huge pages.
    pub(crate) fn use_huge_pages(&mut self, huge: bool) {
        if huge != self.huge {
            self.huge = huge;
            self.largest_page = HUGE_PAGE;
            let advice = if huge { Advice::LinuxHugepage } else { Advice::LinuxNoHugepage };
            // SAFETY: advice on our mapping that changes nothing of what it holds. A system that does not follow it is slower.
            let _ = unsafe { madvise(self.base.cast(), self.bytes, advice) };
        }
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
