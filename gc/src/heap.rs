//! The heap: allocation's slow path, the limit and the policy of growth.
#![allow(unsafe_code, reason = "reads and writes the context and object memory")]

use crate::barrier_check::BarrierCheck;
use crate::map::Mapping;
use crate::options::{HeapError, HeapOptions, LimitReached, MAX_LIMIT, Stress};
use crate::space::{SPACE_ALIGNMENT, Space};
use crate::statistics::{Collection, Reason, Statistics};
use crate::trace::Roots;
use crate::violation::Violation;
use limosa_abi::allocate::LARGE_OBJECT_BYTES;
use limosa_abi::context::{CONTEXT_BYTES, Context};
use limosa_abi::object::{Flags, OBJECT_ALIGNMENT, REFERENCE_SHIFT};
use limosa_abi::{ClassInfo, Reference};
use std::ops::Range;

/// Bytes handed out at a time.
const BUFFER_BYTES: usize = 32 << 10;
/// The heap grows by at least this much before it collects. No more, since caches hold both halves of so small a heap.
const MIN_GROWTH: usize = 1 << 20;
/// The heap grows by twice what is alive as long as that is less than this, and more slowly beyond, where memory is worth more.
const MOST_EXTRA_GROWTH: usize = 16 << 20;
/// A heap that may grow beyond the end of this range asks the system for huge pages, one that shall stay below its start for small ones.
const HUGE_PAGES: Range<usize> = 4 << 20..8 << 20;
/// In the mode that proves barriers: allocations from one collection to the next.
const BARRIER_INTERVAL: u32 = 64;
/// Bytes that 32-bit references reach, less what keeps the bump pointer from overflowing.
const REACH: usize = (1 << (u32::BITS + REFERENCE_SHIFT)) - LARGE_OBJECT_BYTES;
/// The most one half can hold.
const MAX_SPACE: usize = MAX_LIMIT - 2 * SPACE_ALIGNMENT;

/// The memory of one isolate.
pub struct Heap {
    pub(crate) mapping: Mapping,
    /// The half in use, and the other.
    pub(crate) space: Space,
    pub(crate) other: Space,
    /// The end of the memory that was made zero, in bytes from the base; what the context publishes may be less.
    pub(crate) buffer_end: usize,
    /// Objects before this place are old.
    pub(crate) old_end: usize,
    /// Objects and external bytes that may be reached before the next collection.
    pub(crate) goal: usize,
    pub(crate) external: usize,
    pub(crate) options: HeapOptions,
    /// Allocations since the last collection of a stress mode.
    stress_count: u32,
    pub(crate) barrier_check: Option<Box<BarrierCheck>>,
    pub(crate) violation: Option<Violation>,
    pub(crate) statistics: Statistics,
    pub(crate) last: Option<Collection>,
}

// SAFETY: the range belongs to the heap alone, and what the class table leads to is immutable or atomic.
unsafe impl Send for Heap {}

impl std::fmt::Debug for Heap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Heap").field("options", &self.options).field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}

impl Heap {
    /// Reserves a heap and writes its context: zero but for the class table and the allocation fields.
    ///
    /// The class table has `class_count` records and must stay valid as long as the heap's unsafe functions are called.
    ///
    /// # Errors
    /// If the limit is beyond [`MAX_LIMIT`], or the system refuses the address space.
    pub fn new(options: HeapOptions, class_table: *const ClassInfo, class_count: u32) -> Result<Heap, HeapError> {
        if options.limit > MAX_LIMIT {
            return Err(HeapError::LimitTooLarge { limit: options.limit });
        }
        let room = options.limit.min(MAX_SPACE);
        let middle = (CONTEXT_BYTES + room).next_multiple_of(SPACE_ALIGNMENT);
        let bytes = middle + room.next_multiple_of(SPACE_ALIGNMENT);
        debug_assert!(bytes <= REACH);
        let mapping = Mapping::reserve(bytes).map_err(|source| HeapError::Reserve { bytes, source })?;
        let mut heap = Heap {
            mapping,
            space: Space::new(CONTEXT_BYTES, middle),
            other: Space::new(middle, bytes),
            buffer_end: CONTEXT_BYTES,
            old_end: CONTEXT_BYTES,
            goal: options.limit.min(MIN_GROWTH),
            external: 0,
            options,
            stress_count: 0,
            barrier_check: (options.stress == Stress::Barrier).then(Box::default),
            violation: None,
            statistics: Statistics { limit: options.limit, ..Statistics::default() },
            last: None,
        };
        heap.set_class_table(class_table, class_count);
        heap.set_next(CONTEXT_BYTES);
        heap.publish_limit();
        Ok(heap)
    }

    /// The context, which is the heap's base. It stays where it is as long as the heap exists.
    #[must_use]
    pub fn context(&self) -> *mut Context {
        self.mapping.base().cast()
    }

    /// Replaces the class table, when a program was extended: the ids there were keep their meaning.
    pub fn set_class_table(&mut self, class_table: *const ClassInfo, class_count: u32) {
        let context = self.context();
        // SAFETY: the context lies at the base of the mapping, which is ours.
        unsafe {
            (*context).class_table = class_table;
            (*context).class_count = class_count;
        }
    }

    /// Makes an object; the slow path of [`try_allocate`](limosa_abi::try_allocate), which can be called for objects of any size.
    ///
    /// `bytes` is the object's size with its header, rounded up here. The header is written, the rest is zero. Fails if the limit does
    /// not allow it even after a full collection, or if a [violation](Heap::violation) was found. Objects of more than
    /// [`LARGE_OBJECT_BYTES`] may be born old: initialise them through the barrier.
    ///
    /// # Safety
    /// The class table is valid, `word0` and `word1` are a header of the class whose objects have this size, `roots` visits every
    /// reference into the heap, and no reference that is not in a root slot is used afterwards.
    pub unsafe fn allocate(&mut self, bytes: usize, word0: u32, word1: u32, roots: &mut dyn Roots) -> Option<Reference> {
        let bytes = bytes.checked_next_multiple_of(OBJECT_ALIGNMENT)?;
        debug_assert!(bytes >= OBJECT_ALIGNMENT);
        // SAFETY: as the caller says.
        unsafe { self.make_room(bytes, Reason::Allocation, roots) }?;
        let start = self.next();
        let end = start + bytes;
        if end > self.space.end {
            return None;
        }
        self.refill(end);
        let object = Reference((start >> REFERENCE_SHIFT) as u32);
        let born_old = self.barrier_check.is_some() && bytes > LARGE_OBJECT_BYTES;
        let flags = if born_old { Flags::UNLOGGED.bits() } else { 0 };
        // SAFETY: the memory from `start` to `end` is zero and free.
        unsafe { *object.at::<u64>(self.context(), 0) = u64::from(word0 | flags) | u64::from(word1) << 32 };
        self.set_next(end);
        self.publish_limit();
        Some(object)
    }

    /// Counts bytes outside the heap against the limit, collecting first if they do not fit.
    ///
    /// # Errors
    /// If the limit does not allow it even after a full collection.
    ///
    /// # Safety
    /// As for [`collect`](Heap::collect).
    pub unsafe fn charge(&mut self, bytes: usize, roots: &mut dyn Roots) -> Result<(), LimitReached> {
        // SAFETY: as the caller says.
        let made = unsafe { self.make_room(bytes, Reason::External, roots) };
        if made.is_none() {
            return Err(LimitReached { requested: bytes, limit: self.options.limit });
        }
        self.external += bytes;
        self.publish_limit();
        Ok(())
    }

    /// Counts bytes outside the heap against the limit where nothing may move: it does not collect, and fails if they do not fit now.
    ///
    /// # Errors
    /// If the limit does not allow it at the moment.
    pub fn charge_in_place(&mut self, bytes: usize) -> Result<(), LimitReached> {
        if bytes > self.options.limit - self.footprint() {
            return Err(LimitReached { requested: bytes, limit: self.options.limit });
        }
        self.external += bytes;
        self.publish_limit();
        Ok(())
    }

    /// Counts charged bytes as released.
    pub fn release(&mut self, bytes: usize) {
        debug_assert!(bytes <= self.external, "more is released than was charged");
        self.note_peak();
        self.external = self.external.saturating_sub(bytes);
        self.publish_limit();
    }

    /// The cold side of the write barrier: `object` is about to be written to.
    ///
    /// # Safety
    /// `object` is a live object of this heap.
    #[cold]
    pub unsafe fn log_object(&mut self, object: Reference) {
        // SAFETY: as the caller says.
        unsafe { self.log_range(object, 0..usize::MAX) }
    }

    /// The cold side of the write barrier for reference arrays: the slots at these byte offsets, from the start of the object, are about
    /// to be written. One store into a large array costs no scan of it that way.
    ///
    /// # Safety
    /// `object` is a live object of this heap.
    #[cold]
    pub unsafe fn log_range(&mut self, object: Reference, bytes: Range<usize>) {
        self.statistics.barrier_logs += 1;
        let context = self.context();
        // SAFETY: a live object has a header (caller).
        unsafe {
            match &mut self.barrier_check {
                Some(check) => check.log(context, object, bytes),
                None => *object.at::<u32>(context, 0) &= !Flags::UNLOGGED.bits(),
            }
        }
    }

    /// The first broken invariant that a checking mode found.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// The most recent collection.
    #[must_use]
    pub fn last_collection(&self) -> Option<&Collection> {
        self.last.as_ref()
    }

    /// What the heap did and holds.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let used = self.used();
        Statistics {
            used_bytes: used,
            external_bytes: self.external,
            peak_bytes: self.statistics.peak_bytes.max(self.footprint()),
            bytes_allocated: self.statistics.bytes_allocated + (used - self.statistics.live_bytes) as u64,
            ..self.statistics
        }
    }

    /// Bytes of objects, dead ones included.
    pub(crate) fn used(&self) -> usize {
        self.next() - self.space.start
    }

    /// What counts against the limit.
    pub(crate) fn footprint(&self) -> usize {
        self.used() + self.external
    }

    /// Where the next object goes, in bytes from the base.
    pub(crate) fn next(&self) -> usize {
        // SAFETY: the context is ours.
        (unsafe { (*self.context()).allocation_next } as usize) << REFERENCE_SHIFT
    }

    pub(crate) fn set_next(&mut self, offset: usize) {
        // SAFETY: the context is ours.
        unsafe { (*self.context()).allocation_next = (offset >> REFERENCE_SHIFT) as u32 }
    }

    /// Tells the fast path how far it may go.
    pub(crate) fn publish_limit(&mut self) {
        let allowed = self.space.start + self.goal.min(self.options.limit).saturating_sub(self.external);
        let open = self.options.stress == Stress::None && self.violation.is_none();
        let limit = if open { self.buffer_end.min(allowed) } else { 0 };
        // SAFETY: the context is ours.
        unsafe { (*self.context()).allocation_limit = (limit >> REFERENCE_SHIFT) as u32 }
    }

    pub(crate) fn note_peak(&mut self) {
        self.statistics.peak_bytes = self.statistics.peak_bytes.max(self.footprint());
    }

    /// Collects if that is due or the only way to stay below the limit. `None` if there is no room even so.
    ///
    /// # Safety
    /// As for [`collect`](Heap::collect).
    unsafe fn make_room(&mut self, bytes: usize, reason: Reason, roots: &mut dyn Roots) -> Option<()> {
        let limit = self.options.limit;
        if bytes > limit {
            return None;
        }
        let wanted = |heap: &Heap| heap.footprint().saturating_add(bytes);
        let due = match self.stress_due() {
            true => Some(Reason::Stress),
            false if wanted(self) > limit => Some(Reason::Limit),
            false if wanted(self) > self.goal => Some(reason),
            false => None,
        };
        if let Some(reason) = due {
            // SAFETY: as the caller says.
            unsafe { self.collect(reason, roots) };
        }
        if wanted(self) > limit || self.violation.is_some() {
            return None;
        }
        if wanted(self) > self.goal {
            self.set_goal(wanted(self), 0);
        }
        Some(())
    }

    /// Sets the goal for a footprint that is, or is about to be, alive. The work of the next collection, of which the roots may be a
    /// large part, is paid by allocating as much, or twice as much in a small heap.
    pub(crate) fn set_goal(&mut self, live: usize, root_bytes: usize) {
        let work = live + root_bytes;
        let growth = (work + work.min(MOST_EXTRA_GROWTH)).max(MIN_GROWTH);
        self.goal = live.saturating_add(growth).min(self.options.limit);
        if !HUGE_PAGES.contains(&self.goal) {
            self.mapping.use_huge_pages(self.goal >= HUGE_PAGES.end);
        }
    }

    /// Counts an allocation; whether the stress mode wants a collection before it.
    fn stress_due(&mut self) -> bool {
        let interval = match self.options.stress {
            Stress::None => return false,
            Stress::Alloc(interval) => interval,
            Stress::Barrier => BARRIER_INTERVAL,
        };
        self.stress_count += 1;
        if self.stress_count < interval {
            return false;
        }
        self.stress_count = 0;
        true
    }

    /// Makes memory up to at least `end` zero.
    fn refill(&mut self, end: usize) {
        if end <= self.buffer_end {
            return;
        }
        let ahead = if self.options.stress == Stress::None { BUFFER_BYTES } else { 0 };
        let range = self.buffer_end..end.saturating_add(ahead).min(self.space.end);
        self.buffer_end = range.end;
        // SAFETY: memory from the end of the buffer on is free.
        unsafe { self.space.clear(&self.mapping, range) };
    }
}
