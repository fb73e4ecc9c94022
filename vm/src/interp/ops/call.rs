//! Calls.
//!
//! A call takes two words with up to four arguments and one result:
//! ```text
//! word 0     handler, a b c d: argument slots
//! last word  head: what is called; a: slot of the first result; b: slots from this frame's pointer to the callee's; c: results; d: non-null arguments
//! ```
//! Others have `word 0 = handler, a: number of words`, then the argument slots, eight to a word, then the slots of the results after
//! the first, eight to a word, then the last word, whose `d` is the number of arguments. The return word of the callee's frame points behind the last word, so a return
//! finds where results go without knowing the call. Argument slots may lie in the callee's window, where the preparer puts constants.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::Source;
use crate::interp::ops::callee::{Callee, Found};
use crate::interp::ops::entry::{Known, Unknown, go_in, go_in_tested, go_into};
use crate::interp::slow::{ThrowNull, slow};
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta};
use std::sync::atomic::{AtomicU64, Ordering};

/// Lets the call whose last word this is go to the entry of its function from now on, if it goes to the stub.
///
/// # Safety
/// The word stands before the return word of a frame just made.
pub(crate) unsafe fn link_call(last: *const Word, stub: *const Word, entry: *const Word) {
    // SAFETY: heads of last words are read and written as atomics (`head_of`), and prepared code lets itself be written to.
    let head = unsafe { &*(&raw const (*last).head).cast::<AtomicU64>() };
    if head.load(Ordering::Relaxed) == stub as u64 {
        head.store(entry as u64, Ordering::Release);
    }
}

/// The head of a call's last word.
///
/// # Safety
/// A last word.
#[inline(always)]
unsafe fn head_of(last: *const Word) -> u64 {
    // SAFETY: caller; aligned as a `u64` is.
    unsafe { (*(&raw const (*last).head).cast::<AtomicU64>()).load(Ordering::Acquire) }
}

/// The index of the function with an entry, ready for a link word.
///
/// # Safety
/// An entry.
#[inline(always)]
pub(crate) unsafe fn link_of(entry: *const Word) -> u64 {
    // SAFETY: the fields of an entry's second word are the link (preparer, stubs).
    unsafe { (&raw const (*entry.add(1)).a).cast::<u64>().read() }
}

/// Makes a callee's header.
///
/// # Safety
/// `callee` is the frame pointer that the call's last word tells of. The header lies in the red zone at most.
#[inline(always)]
pub(super) unsafe fn make_header(last: *const Word, entry: *const Word, callee: *mut u64) {
    // SAFETY: caller; entering checks the limit before the callee touches more.
    unsafe {
        *callee.offset(LINK_SLOT) = link_of(entry) | u64::from((*last).b);
        *callee.offset(RETURN_SLOT) = last.add(1) as u64;
    }
}

/// Whether a call tests the arguments that its function declares non-null, as a type parameter.
pub(crate) trait Arguments: 'static {
    /// It tests those in the mask that is field `d` of its last word.
    const TESTED: bool;
}

/// There are none, but perhaps the receiver, which was found not to be null.
pub(crate) struct Untested;
impl Arguments for Untested {
    const TESTED: bool = false;
}

/// There are some.
pub(crate) struct Tested;
impl Arguments for Tested {
    const TESTED: bool = true;
}

handler! {
    /// A call with `N` arguments, at most four, and at most one result; the first argument comes from `F`.
    #[inline(never)]
    pub(crate) fn call[D: Dispatch, T: Callee, F: Source, N: Arguments, const COUNT: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types, references: arguments fit the signature (verifier: call matches signature).
        unsafe {
            let last = pc.add(1);
            let first = if COUNT > 0 { F::get(pc, fp, acc) } else { 0 };
            let entry = match T::find(head_of(last), first, cx) {
                Found::Entry(entry) => entry,
                Found::Null => return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return call::<D, T::Further, F, N, COUNT>(pc, fp, cx, fuel, acc, facc),
            };
            let callee = fp.add((*last).b as usize);
            if COUNT > 0 { *callee = first; }
            if COUNT > 1 { *callee.add(1) = *fp.add((*pc).b as usize); }
            if COUNT > 2 { *callee.add(2) = *fp.add((*pc).c as usize); }
            if COUNT > 3 { *callee.add(3) = *fp.add((*pc).d as usize); }
            make_header(last, entry, callee);
            if N::TESTED {
                return go_in_tested::<D>(last, callee, cx, fuel, entry as u64, facc);
            }
            go_in::<D, Known>(entry, callee, cx, fuel, first)
        }
    }
}

handler! {
    /// A call with any number of arguments and results.
    #[inline(never)]
    pub(crate) fn call_any[D: Dispatch, T: Callee](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`; a receiver is an argument (verifier).
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let arguments = pc.add(1).cast::<u16>();
            let receiver = if (*last).d > 0 { *fp.add(*arguments as usize) } else { 0 };
            let entry = match T::find(head_of(last), receiver, cx) {
                Found::Entry(entry) => entry,
                Found::Null => return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return call_any::<D, T::Further>(pc, fp, cx, fuel, acc, facc),
            };
            let callee = fp.add((*last).b as usize);
            for index in 0..(*last).d as usize {
                *callee.add(index) = *fp.add(*arguments.add(index) as usize);
            }
            make_header(last, entry, callee);
            go_into::<D>(pc, callee, cx, fuel, entry as u64, facc)
        }
    }
}

handler! {
    /// A tail call with at most four arguments: word 0 as for `call`, the second word's head is what is called.
    #[inline(never)]
    pub(crate) fn tail[D: Dispatch, T: Callee, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`; the frame's header stays, only the function in its link word changes.
        unsafe {
            let [a, b, c, d] = [
                if N > 0 { *fp.add((*pc).a as usize) } else { 0 },
                if N > 1 { *fp.add((*pc).b as usize) } else { 0 },
                if N > 2 { *fp.add((*pc).c as usize) } else { 0 },
                if N > 3 { *fp.add((*pc).d as usize) } else { 0 },
            ];
            let entry = match T::find((*pc.add(1)).head, a, cx) {
                Found::Entry(entry) => entry,
                Found::Null => return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return tail::<D, T::Further, N>(pc, fp, cx, fuel, acc, facc),
            };
            if N > 0 { *fp = a; }
            if N > 1 { *fp.add(1) = b; }
            if N > 2 { *fp.add(2) = c; }
            if N > 3 { *fp.add(3) = d; }
            replace_function(entry, fp);
            go_in::<D, Unknown>(entry, fp, cx, fuel, a)
        }
    }
}

/// Puts another function in the running frame's link word.
///
/// # Safety
/// `fp` is the running frame.
#[inline(always)]
pub(super) unsafe fn replace_function(entry: *const Word, fp: *mut u64) {
    // SAFETY: the header is the running frame's.
    unsafe {
        let link = fp.offset(LINK_SLOT);
        *link = link_of(entry) | u64::from(link_delta(*link));
    }
}

handler! {
    /// A tail call with any number of arguments, in the form of `call_any`: they are gathered in the window first.
    #[inline(never)]
    pub(crate) fn tail_any[D: Dispatch, T: Callee](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `tail`; the window lies in the red zone at most.
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let arguments = pc.add(1).cast::<u16>();
            let receiver = if (*last).d > 0 { *fp.add(*arguments as usize) } else { 0 };
            let entry = match T::find(head_of(last), receiver, cx) {
                Found::Entry(entry) => entry,
                Found::Null => return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return tail_any::<D, T::Further>(pc, fp, cx, fuel, acc, facc),
            };
            let window = fp.add((*last).b as usize);
            for index in 0..(*last).d as usize {
                *window.add(index) = *fp.add(*arguments.add(index) as usize);
            }
            for index in 0..(*last).d as usize {
                *fp.add(index) = *window.add(index);
            }
            replace_function(entry, fp);
            go_into::<D>(pc, fp, cx, fuel, entry as u64, facc)
        }
    }
}
