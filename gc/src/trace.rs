//! What the owner of a heap provides, its roots, and what it is given to do so.
#![allow(unsafe_code, reason = "root slots are raw")]

use crate::evacuate::Evacuator;
use crate::verify::Checker;
use limosa_abi::Reference;
use std::cell::Cell;

/// The roots of a heap: everything outside it that refers into it. Implemented by the VM.
///
/// A collection calls [`trace`](Roots::trace) at least once, [`trace_special`](Roots::trace_special) for special objects it reaches,
/// and [`after_trace`](Roots::after_trace) exactly once, at its end. With [`HeapOptions::verify`](crate::HeapOptions::verify) the first
/// two are called more often, for special objects that are not reached any more too: they visit slots and have no other effect.
pub trait Roots {
    /// Visits every root slot: registers of the running stack, globals, string constants, handles of the host.
    fn trace(&mut self, tracer: &mut Tracer);

    /// Visits the slots that a special object (a fiber) owns outside the heap. `object` is where it lies now; its own memory may be
    /// read, its references to other objects not.
    fn trace_special(&mut self, object: Reference, tracer: &mut Tracer);

    /// Everything reachable has been found: forget and release what belongs to dead objects, and update weak tables, with
    /// [`Liveness::forwarded`]; release what was charged for the dead with [`Liveness::release`].
    fn after_trace(&mut self, liveness: &Liveness);
}

/// Visits root slots.
pub struct Tracer {
    pub(crate) evacuator: Evacuator,
    pub(crate) checker: Option<Checker>,
    pub(crate) slots: usize,
}

impl Tracer {
    /// Visits a root of 64 bits: a reference with the upper half zero. It may be updated.
    ///
    /// # Safety
    /// The slot can be read and written and holds null or a reference to an object of the heap being traced.
    #[inline]
    pub unsafe fn slot64(&mut self, slot: *mut u64) {
        self.slots += 1;
        // SAFETY: the slot is valid, and evacuation finds an object at a reference into the space being left (caller).
        unsafe {
            match &mut self.checker {
                None => *slot = self.evacuator.forward(Reference::from_slot(*slot)).to_slot(),
                Some(checker) => checker.root(*slot),
            }
        }
    }

    /// Visits a root of 32 bits. It may be updated.
    ///
    /// # Safety
    /// As for [`slot64`](Tracer::slot64).
    #[inline]
    pub unsafe fn slot32(&mut self, slot: *mut u32) {
        self.slots += 1;
        // SAFETY: as above.
        unsafe {
            match &mut self.checker {
                None => *slot = self.evacuator.forward(Reference(*slot)).0,
                Some(checker) => checker.root(u64::from(*slot)),
            }
        }
    }
}

/// Tells, at the end of a collection, which objects survived it and where they are.
pub struct Liveness {
    pub(crate) evacuator: Evacuator,
    pub(crate) released: Cell<usize>,
}

impl Liveness {
    /// Where an object that existed before the collection is now; `None` if it died. Null stays null.
    #[must_use]
    pub fn forwarded(&self, object: Reference) -> Option<Reference> {
        self.evacuator.forwarded(object)
    }

    /// Counts external bytes that were charged to the heap as released.
    pub fn release(&self, bytes: usize) {
        self.released.set(self.released.get() + bytes);
    }
}
