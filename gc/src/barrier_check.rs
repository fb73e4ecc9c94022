//! The proof of the barriers: a copy of all reference slots of old objects, compared at the next collection.
//!
//! A slot that changed must lie in an object, or for large arrays in a card, that was logged. Two rules of the generational collector
//! are enforced here already, because they ask something of the mutator: objects of more than [`LARGE_OBJECT_BYTES`] are born old, so
//! that even initialising stores are logged; and reference arrays of more than [`CARD_ARRAY_BYTES`] never lose the barrier's mark, so
//! that each store logs the part it writes to.
#![allow(unsafe_code, reason = "reads objects")]

use crate::objects::{Met, reference_offsets, walk};
use crate::violation::Violation;
use limosa_abi::allocate::LARGE_OBJECT_BYTES;
use limosa_abi::context::Context;
use limosa_abi::object::Flags;
use limosa_abi::{ObjectKind, Reference};
use std::collections::HashSet;
use std::ops::Range;

/// Reference arrays of more bytes than this are logged by cards.
pub(crate) const CARD_ARRAY_BYTES: usize = 1024;
/// Bytes of a card.
const CARD_BYTES: usize = 512;

/// What was logged since the last collection, and what slots held at its end.
#[derive(Default)]
pub(crate) struct BarrierCheck {
    objects: HashSet<Reference>,
    cards: HashSet<(Reference, usize)>,
    /// The reference slots of all old objects, in the order of memory.
    slots: Vec<u32>,
}

impl BarrierCheck {
    /// Logs part of an object.
    ///
    /// # Safety
    /// `object` is a live object of the heap at `context`.
    pub(crate) unsafe fn log(&mut self, context: *mut Context, object: Reference, bytes: Range<usize>) {
        // SAFETY: as the caller says.
        let met = unsafe { Met::at(context, object) };
        if is_carded(&met) {
            let first = bytes.start.min(met.bytes) / CARD_BYTES;
            let last = bytes.end.min(met.bytes).div_ceil(CARD_BYTES);
            self.cards.extend((first..last).map(|card| (object, card)));
        } else {
            self.objects.insert(object);
            // SAFETY: a header's first word.
            unsafe { *object.at::<u32>(context, 0) &= !Flags::UNLOGGED.bits() };
        }
    }

    /// Looks for a slot that changed and was not logged. Objects below `old_end` are those there were after the last collection.
    ///
    /// # Safety
    /// The range is covered by objects of the heap at `context`, and those below `old_end` are as [`remember`](Self::remember) saw them.
    pub(crate) unsafe fn check(&self, context: *mut Context, extent: Range<u32>, old_end: u32, collection: u64) -> Option<Violation> {
        let mut remembered = self.slots.iter();
        let mut violation = None;
        // SAFETY: as the caller says.
        unsafe {
            walk(context, extent, |met| {
                let old = met.object.0 < old_end;
                if !old && met.bytes <= LARGE_OBJECT_BYTES {
                    return;
                }
                let (holder, class) = (met.object, met.class.id);
                let marked = holder.word0(context) & Flags::UNLOGGED.bits() != 0;
                if !marked && (is_carded(met) || !self.objects.contains(&holder)) {
                    violation = violation.or(Some(Violation::LostMark { collection, holder, class }));
                }
                reference_offsets(met.class, met.word1, |offset| {
                    let before = if old { remembered.next().copied().unwrap_or(0) } else { 0 };
                    let after = *holder.at::<u32>(context, offset);
                    if before != after && !self.is_logged(met, offset) {
                        violation = violation.or(Some(Violation::MissedBarrier { collection, holder, class, offset, before, after }));
                    }
                });
            });
        }
        violation
    }

    fn is_logged(&self, met: &Met<'_>, offset: usize) -> bool {
        if is_carded(met) { self.cards.contains(&(met.object, offset / CARD_BYTES)) } else { self.objects.contains(&met.object) }
    }

    /// Starts anew after a collection: nothing is logged, and all objects are old.
    ///
    /// # Safety
    /// The range is covered by objects of the heap at `context`.
    pub(crate) unsafe fn remember(&mut self, context: *mut Context, extent: Range<u32>) {
        self.objects.clear();
        self.cards.clear();
        self.slots.clear();
        // SAFETY: as the caller says.
        unsafe {
            walk(context, extent, |met| {
                reference_offsets(met.class, met.word1, |offset| self.slots.push(*met.object.at::<u32>(context, offset)));
            });
        }
    }
}

/// Whether an object is logged by cards.
fn is_carded(met: &Met<'_>) -> bool {
    met.class.kind == ObjectKind::ReferenceArray && met.bytes > CARD_ARRAY_BYTES
}
