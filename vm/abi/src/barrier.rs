//! The fast path of the write barrier.
//!
//! ```text
//! store  test byte [base + holder*8], UNLOGGED; jnz cold; mov [base + holder*8 + offset], value
//! ```
//! Before a reference is written into an object (null included), [`needs_log`] asks whether the holder is an old object not yet
//! logged since the last collection; if so the collector is told first, which may want the slots' old values. A store may do without
//! only if it initialises an object of at most [`LARGE_OBJECT_BYTES`](crate::allocate::LARGE_OBJECT_BYTES) and nothing that may
//! collect lies between the object's allocation and the store. Slots outside the heap (registers, globals, handles) are roots and
//! have no barrier.
#![allow(unsafe_code, reason = "reads headers of objects")]

use crate::context::Context;
use crate::object::{Flags, Reference};

/// Whether the collector must be told before a reference slot of `holder` is written.
///
/// # Safety
/// `holder` is a live object of the heap at `context`.
#[must_use]
#[inline(always)]
pub unsafe fn needs_log(context: *mut Context, holder: Reference) -> bool {
    // SAFETY: the lowest byte of a live object's header is the collector's (caller).
    unsafe { *holder.address(context) & Flags::UNLOGGED.bits() as u8 != 0 }
}
