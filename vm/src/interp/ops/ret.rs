//! Returns: results go where the last word of the call says, which lies before the word a return goes on at.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{FloatSource, Source};
use crate::interp::slow::{ThrowNull, slow};
use crate::interp::{Status, Word};
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta};

handler! {
    /// Checks a result declared non-null: slot `a`.
    pub(crate) fn check_result[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame.
        unsafe {
            if *fp.add((*pc).a as usize) == 0 {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

/// The caller's frame and where it goes on.
///
/// # Safety
/// `fp` is a frame with a caller in the same stack; entries from the host and fibers have one, too.
#[inline(always)]
unsafe fn caller(fp: *mut u64) -> (*mut u64, *const Word) {
    // SAFETY: the header is in place (call).
    unsafe {
        let delta = link_delta(*fp.offset(LINK_SLOT)) as usize;
        (fp.sub(delta), *fp.offset(RETURN_SLOT) as *const Word)
    }
}

handler! {
    /// Returns nothing.
    pub(crate) fn ret0[D: Dispatch](_pc, fp, cx, fuel, _acc, _facc) {
        // SAFETY: frame.
        unsafe {
            let (fp, pc) = caller(fp);
            D::next(pc, fp, cx, fuel, 0, 0.0)
        }
    }
}

handler! {
    /// Returns `L`.
    pub(crate) fn ret1[D: Dispatch, L: Source](pc, fp, cx, fuel, acc, _facc) {
        // SAFETY: frame; the caller's last word has the result's slot.
        unsafe {
            let value = L::get(pc, fp, acc);
            let (fp, pc) = caller(fp);
            *fp.add((*pc.sub(1)).a as usize) = value;
            D::next(pc, fp, cx, fuel, value, 0.0)
        }
    }
}

handler! {
    /// Returns the f64 `L`.
    pub(crate) fn ret1_float[D: Dispatch, L: FloatSource](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: as for `ret1`.
        unsafe {
            let value = L::get(pc, fp, facc);
            let (fp, pc) = caller(fp);
            *fp.add((*pc.sub(1)).a as usize).cast::<f64>() = value;
            D::next(pc, fp, cx, fuel, 0, value)
        }
    }
}

handler! {
    /// Returns the slots `a` and `b`.
    pub(crate) fn ret2[D: Dispatch](pc, fp, cx, fuel, _acc, _facc) {
        // SAFETY: as for `ret1`; the second result's slot is the first in the word before the last.
        unsafe {
            let (first, second) = (*fp.add((*pc).a as usize), *fp.add((*pc).b as usize));
            let (fp, pc) = caller(fp);
            *fp.add((*pc.sub(1)).a as usize) = first;
            *fp.add((*pc.sub(2)).head as u16 as usize) = second;
            D::next(pc, fp, cx, fuel, 0, 0.0)
        }
    }
}

handler! {
    /// Returns three or more values: their slots follow, eight to a word.
    pub(crate) fn ret_any[D: Dispatch](pc, fp, cx, fuel, _acc, _facc) {
        // SAFETY: as for `ret1`; caller and callee agree on the number of results (verifier: call and ret match signatures).
        unsafe {
            let sources = pc.add(1).cast::<u16>();
            let from = fp;
            let (fp, pc) = caller(fp);
            let last = pc.sub(1);
            let count = (*last).c as usize;
            *fp.add((*last).a as usize) = *from.add(*sources as usize);
            let destinations = further_results(last);
            for index in 1..count {
                *fp.add(*destinations.add(index - 1) as usize) = *from.add(*sources.add(index) as usize);
            }
            D::next(pc, fp, cx, fuel, 0, 0.0)
        }
    }
}

/// The slots of the results after the first, in the words before a call's last.
///
/// # Safety
/// `last` is the last word of a call with at least one result.
pub(crate) unsafe fn further_results(last: *const Word) -> *const u16 {
    // SAFETY: as many words as the results need lie before it (preparer).
    unsafe { last.sub(((*last).c as usize - 1).div_ceil(8)).cast() }
}

handler! {
    /// Behind the call that the host made: leaves the interpreter.
    pub(crate) fn exit[](pc, fp, cx, fuel, _acc, _facc) {
        // SAFETY: the context is the running isolate's.
        unsafe {
            (*cx).pc = pc.cast();
            (*cx).fp = fp;
            (*cx).fuel = fuel;
        }
        Status::Returned
    }
}
