//! The fast path of allocation: a bump of the context's allocation pointer.
//!
//! ```text
//! alloc  mov eax, [base + NEXT]; lea edx, [rax + SIZE/8]; cmp edx, [base + LIMIT]; ja slow
//!        mov [base + NEXT], edx; mov qword [base + rax*8], HEADER
//! ```
//! Memory from `allocation_next` to `allocation_limit` is zero, so an object is complete once its header is written. The limit is
//! lowered (to 0) to send every allocation to the slow path: stress modes do so, and so can a request for a safepoint.
#![allow(unsafe_code, reason = "writes headers of new objects")]

use crate::context::Context;
use crate::object::{OBJECT_ALIGNMENT, REFERENCE_SHIFT, Reference};

/// Objects of more bytes than this are made by the slow path and may be born old: even the stores that initialise them need the
/// write barrier.
pub const LARGE_OBJECT_BYTES: usize = 8192;

/// Makes an object in the allocation buffer; `None` if it does not fit or is large, and the slow path has to make it.
///
/// `bytes` is the object's size, header included, rounded up here.
///
/// # Safety
/// `context` is the base of a heap, no other thread uses it, and `bytes` is the size that `word0` and `word1` stand for.
#[must_use]
#[inline(always)]
pub unsafe fn try_allocate(context: *mut Context, bytes: usize, word0: u32, word1: u32) -> Option<Reference> {
    if bytes > LARGE_OBJECT_BYTES {
        return None;
    }
    let units = bytes.div_ceil(OBJECT_ALIGNMENT) as u32;
    // SAFETY: the context is valid (caller). The sum cannot overflow: heaps end `LARGE_OBJECT_BYTES` before the end of the range that
    // references reach.
    let (next, end, limit) = unsafe { ((*context).allocation_next, (*context).allocation_next + units, (*context).allocation_limit) };
    if end > limit {
        return None;
    }
    let object = Reference(next);
    // SAFETY: memory from `next` to `limit` belongs to the heap and is free (collector).
    unsafe {
        (*context).allocation_next = end;
        *object.address(context).cast::<u64>() = u64::from(word0) | u64::from(word1) << 32;
    }
    Some(object)
}

/// Header of 8 bytes written as one little-endian word; addressing of 2^32 units of 8 bytes.
const _: () = assert!(cfg!(target_endian = "little") && size_of::<usize>() == 8 && OBJECT_ALIGNMENT == 1 << REFERENCE_SHIFT);
