//! Copying what is reachable from one space to the other.
//!
//! Cheney's algorithm: the objects copied but not yet scanned are the queue, so there is no mark stack and nothing recursive, and
//! arrays of any length are scanned where they lie. An object that was copied keeps, until its space is emptied, the flag
//! [`Flags::FORWARDED`] and the reference to its copy in word 1.
#![allow(unsafe_code, reason = "moves objects")]

use crate::objects::{Met, reference_offsets};
use crate::trace::{Roots, Tracer};
use limosa_abi::Reference;
use limosa_abi::context::Context;
use limosa_abi::copy::copy_short;
use limosa_abi::object::{Flags, REFERENCE_SHIFT};
use std::ops::Range;

/// The state of an evacuation.
#[derive(Clone)]
pub(crate) struct Evacuator {
    context: *mut Context,
    /// The objects to be moved away.
    from: Range<u32>,
    /// Where the next copy goes.
    pub(crate) next: u32,
}

impl Evacuator {
    /// An evacuation of `from` to free memory at `to`, as large as `from`.
    pub(crate) fn new(context: *mut Context, from: Range<u32>, to: u32) -> Evacuator {
        Evacuator { context, from, next: to }
    }

    /// The object's new place, copying it if that was not done yet. Null and objects outside the space that is left stay.
    ///
    /// # Safety
    /// A reference into the space that is left is to an object of it; the other space is free from `next` on.
    #[inline]
    pub(crate) unsafe fn forward(&mut self, object: Reference) -> Reference {
        if object.0.wrapping_sub(self.from.start) >= self.from.end - self.from.start {
            return object;
        }
        // SAFETY: an object is there (caller).
        unsafe {
            if object.word0(self.context) & Flags::FORWARDED.bits() != 0 {
                return Reference(object.word1(self.context));
            }
            self.copy(object)
        }
    }

    /// Copies an object, marks the copy as old and leaves its place behind.
    ///
    /// # Safety
    /// As for [`forward`](Evacuator::forward), and the object has not been copied yet.
    #[inline]
    unsafe fn copy(&mut self, object: Reference) -> Reference {
        let to = Reference(self.next);
        let (source, target) = (object.address(self.context), to.address(self.context));
        // SAFETY: both ranges are memory of the heap, in different spaces; copies take no more room than what is copied, and each
        // object is copied once. Headers are aligned.
        unsafe {
            let bytes = Met::at(self.context, object).bytes;
            copy_short(source, target, bytes);
            *target.cast::<u32>() |= Flags::UNLOGGED.bits();
            *source.cast::<u32>() |= Flags::FORWARDED.bits();
            object.set_word1(self.context, to.0);
            self.next += (bytes >> REFERENCE_SHIFT) as u32;
        }
        to
    }

    /// Where an object is after the evacuation; `None` if it was not reached.
    pub(crate) fn forwarded(&self, object: Reference) -> Option<Reference> {
        if !self.from.contains(&object.0) {
            return Some(object);
        }
        // SAFETY: memory of the space that is left is still there while this exists, whatever it holds.
        let (word0, word1) = unsafe { (object.word0(self.context), object.word1(self.context)) };
        (word0 & Flags::FORWARDED.bits() != 0).then_some(Reference(word1))
    }
}

/// Copies everything reachable from the roots.
///
/// # Safety
/// The roots visit every reference into the space that is left; its objects and the class table are valid; the other space is free.
pub(crate) unsafe fn evacuate(tracer: &mut Tracer, roots: &mut dyn Roots) {
    let context = tracer.evacuator.context;
    let mut scan = Reference(tracer.evacuator.next);
    roots.trace(tracer);
    // A copy that nothing else has a pointer to, so that it can stay in machine registers.
    let mut evacuator = tracer.evacuator.clone();
    while scan.0 < evacuator.next {
        // SAFETY: copies lie one after the other up to `next`, each complete, with the references of the original.
        unsafe {
            let met = Met::at(context, scan);
            reference_offsets(met.class, met.word1, |offset| {
                let slot = scan.at::<u32>(context, offset);
                *slot = evacuator.forward(Reference(*slot)).0;
            });
            if scan.word0(context) & Flags::SPECIAL.bits() != 0 {
                tracer.evacuator.next = evacuator.next;
                roots.trace_special(scan, tracer);
                evacuator.next = tracer.evacuator.next;
            }
            scan = met.next();
        }
    }
    tracer.evacuator.next = evacuator.next;
}
