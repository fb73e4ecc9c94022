//! A collection: checks, evacuation, and what is done with the memory that was left.
#![allow(unsafe_code, reason = "the roots and all objects are read and moved")]

use crate::evacuate::{Evacuator, evacuate};
use crate::heap::Heap;
use crate::options::Stress;
use crate::statistics::{Collection, Reason};
use crate::trace::{Liveness, Roots, Tracer};
use crate::verify::verify;
use crate::violation::{Phase, Violation};
use limosa_abi::object::REFERENCE_SHIFT;
use std::cell::Cell;
use std::io::Write;
use std::mem;
use std::ops::{Range, RangeInclusive};
use std::time::Instant;

/// Memory of each half that stays committed if the heap is about to need it, so that it does not ask the system for the same pages again
/// and again; at least, and at most.
const KEEP_BYTES: RangeInclusive<usize> = 4 << 20..=32 << 20;

impl Heap {
    /// Collects: everything not reachable from the roots is freed, and everything else moved. Does nothing once a
    /// [violation](Heap::violation) was found.
    ///
    /// # Safety
    /// The class table is valid, `roots` visits every reference into the heap, and no reference that is not in a root slot is used
    /// afterwards.
    pub unsafe fn collect(&mut self, reason: Reason, roots: &mut dyn Roots) {
        if self.violation.is_some() {
            return;
        }
        self.note_peak();
        let number = self.statistics.collections + 1;
        // SAFETY: as the caller says; objects are complete at a safepoint.
        unsafe {
            self.violation = self.check_barriers(number).or_else(|| self.check_heap(number, Phase::Before, roots));
            if self.violation.is_some() {
                return self.publish_limit();
            }
            let before = self.used();
            let start = Instant::now();
            self.evacuate(reason, roots);
            self.record(Collection { number, reason, pause: start.elapsed(), before, after: self.used(), external: self.external });
            self.violation = self.check_heap(number, Phase::After, roots);
            self.publish_limit();
            let (context, extent) = (self.context(), self.extent());
            if let Some(check) = &mut self.barrier_check {
                check.remember(context, extent);
            }
        }
    }

    /// Moves what is alive and frees the rest.
    ///
    /// # Safety
    /// As for [`collect`](Heap::collect).
    unsafe fn evacuate(&mut self, reason: Reason, roots: &mut dyn Roots) {
        let mut tracer = self.tracer();
        // SAFETY: as the caller says; the other half is free.
        unsafe { evacuate(&mut tracer, roots) };
        let root_bytes = tracer.slots * size_of::<u64>();
        let next = (tracer.evacuator.next as usize) << REFERENCE_SHIFT;
        let liveness = Liveness { evacuator: tracer.evacuator, released: Cell::new(0) };
        roots.after_trace(&liveness);
        debug_assert!(liveness.released.get() <= self.external, "more is released than was charged");
        self.external = self.external.saturating_sub(liveness.released.get());

        self.statistics.bytes_allocated += (self.used() - self.statistics.live_bytes) as u64;
        let left = self.space.start..self.next();
        mem::swap(&mut self.space, &mut self.other);
        self.space.mark_dirty(next);
        self.set_next(next);
        self.buffer_end = next;
        self.old_end = next;
        self.statistics.live_bytes = self.used();
        self.statistics.bytes_copied += self.used() as u64;
        self.set_goal(self.footprint(), root_bytes);
        // SAFETY: the half that was left is free, and so is what follows the objects in the other.
        unsafe { self.free(left, reason) };
        self.publish_limit();
    }

    /// A tracer that moves objects of the half in use to the other.
    fn tracer(&self) -> Tracer {
        let to = (self.other.start >> REFERENCE_SHIFT) as u32;
        Tracer { evacuator: Evacuator::new(self.context(), self.extent(), to), checker: None, slots: 0 }
    }

    /// The objects, as references.
    fn extent(&self) -> Range<u32> {
        (self.space.start >> REFERENCE_SHIFT) as u32..(self.next() >> REFERENCE_SHIFT) as u32
    }

    /// Overwrites or gives back the memory that was left.
    ///
    /// # Safety
    /// Nothing in the other half is in use.
    unsafe fn free(&mut self, left: Range<usize>, reason: Reason) {
        // SAFETY: as the caller says, and memory after the last object is free too.
        unsafe {
            if self.options.verify || self.options.stress != Stress::None {
                self.other.mark_dirty(left.end);
                self.other.poison(&self.mapping, left);
                return;
            }
            let keep = if reason == Reason::Forced { 0 } else { self.goal.clamp(*KEEP_BYTES.start(), *KEEP_BYTES.end()) };
            self.other.give_back(&self.mapping, keep);
            self.space.give_back(&self.mapping, self.used().max(keep));
        }
    }

    /// Proves the barriers passed since the last collection.
    ///
    /// # Safety
    /// All objects are complete.
    unsafe fn check_barriers(&self, collection: u64) -> Option<Violation> {
        let old_end = (self.old_end >> REFERENCE_SHIFT) as u32;
        // SAFETY: objects below `old_end` are those there were after the last collection.
        self.barrier_check.as_ref().and_then(|check| unsafe { check.check(self.context(), self.extent(), old_end, collection) })
    }

    /// Verifies the heap, if that is asked for.
    ///
    /// # Safety
    /// All objects are complete.
    unsafe fn check_heap(&self, collection: u64, phase: Phase, roots: &mut dyn Roots) -> Option<Violation> {
        if !self.options.verify {
            return None;
        }
        let zero_end = (self.buffer_end >> REFERENCE_SHIFT) as u32;
        // SAFETY: the range is the objects' memory.
        let result = unsafe { verify(self.context(), self.extent(), zero_end, roots, &mut self.tracer()) };
        result.err().map(|damage| Violation::Damaged { collection, phase, damage })
    }

    fn record(&mut self, collection: Collection) {
        self.statistics.collections = collection.number;
        self.statistics.pause_total += collection.pause;
        self.statistics.pause_max = self.statistics.pause_max.max(collection.pause);
        self.last = Some(collection);
        if self.options.log {
            // A closed error stream is no reason to stop.
            let _ = writeln!(std::io::stderr().lock(), "{collection}");
        }
    }
}
