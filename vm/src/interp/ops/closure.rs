//! Closures: functions with their first parameters bound. Calls of them have the forms of other [calls](super::call), with the closure's
//! slot in the head of the last word.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::reference;
use crate::interp::ops::call::{make_header, replace_function};
use crate::interp::ops::entry::{Unknown, go_in, go_into};
use crate::interp::slow::{Flow, SlowOp, ThrowNull, slow};
use crate::interp::{Status, Word};
use crate::runtime::{Raise, Vm};
use limosa_abi::object::HEADER_BYTES;
use limosa_abi::{ClassInfo, Context, Reference};

/// The entry of a closure's function.
#[inline(always)]
pub(crate) fn closure_entry(class: &ClassInfo) -> *const Word {
    class.near_methods[0].load().cast()
}

handler! {
    /// A call of a closure with `N` arguments, at most four, and at most one result; the closure's slot in the head.
    #[inline(never)]
    pub(crate) fn call_closure[D: Dispatch, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`; the closure's captures and the arguments together are the function's parameters (verifier: closure).
        unsafe {
            let last = pc.add(1);
            let closure = reference(*fp.add((*last).head as usize));
            if closure.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            match closure.class(cx).captures {
                0 => enter_closure::<D, N, 0>(pc, fp, cx, fuel, closure),
                1 => enter_closure::<D, N, 1>(pc, fp, cx, fuel, closure),
                2 => enter_closure::<D, N, 2>(pc, fp, cx, fuel, closure),
                _ => call_large_closure::<D, N>(pc, fp, cx, fuel, acc, facc),
            }
        }
    }
}

/// Enters the function of a closure with so many captures.
///
/// # Safety
/// As for [`call_closure`].
#[inline(always)]
unsafe fn enter_closure<D: Dispatch, const N: usize, const CAPTURES: usize>(
    pc: *const Word,
    fp: *mut u64,
    cx: *mut Context,
    fuel: i64,
    closure: Reference,
) -> Status {
    // SAFETY: caller; captures lie behind the header, eight bytes each (linker).
    unsafe {
        let entry = closure_entry(closure.class(cx));
        let callee = fp.add((*pc.add(1)).b as usize);
        let mut first = move_arguments::<N>(pc, fp, callee.add(CAPTURES));
        for index in (0..CAPTURES).rev() {
            first = *closure.at::<u64>(cx, HEADER_BYTES + 8 * index);
            *callee.add(index) = first;
        }
        make_header(pc.add(1), entry, callee);
        go_in::<D, Unknown>(entry, callee, cx, fuel, first)
    }
}

/// Moves the arguments of a call in its short form to `to` on; gives the first. Constants among them lie in the window from its start,
/// so they are moved from the last on.
///
/// # Safety
/// As for [`call_closure`]; `to` is in the callee's window.
#[inline(always)]
unsafe fn move_arguments<const N: usize>(pc: *const Word, fp: *mut u64, to: *mut u64) -> u64 {
    // SAFETY: caller.
    unsafe {
        if N > 3 {
            *to.add(3) = *fp.add((*pc).d as usize);
        }
        if N > 2 {
            *to.add(2) = *fp.add((*pc).c as usize);
        }
        if N > 1 {
            *to.add(1) = *fp.add((*pc).b as usize);
        }
        let first = if N > 0 { *fp.add((*pc).a as usize) } else { 0 };
        if N > 0 {
            *to = first;
        }
        first
    }
}

handler! {
    /// Likewise, of a closure with any number of captures.
    #[inline(never)]
    fn call_large_closure[D: Dispatch, const N: usize](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: as for `call_closure`, which found the closure not to be null.
        unsafe {
            let last = pc.add(1);
            let closure = reference(*fp.add((*last).head as usize));
            let callee = fp.add((*last).b as usize);
            let arguments = callee.add(closure.class(cx).captures as usize);
            move_arguments::<N>(pc, fp, arguments);
            copy_captures(closure, cx, arguments, callee);
            let entry = closure_entry(closure.class(cx));
            make_header(last, entry, callee);
            go_into::<D>(pc, callee, cx, fuel, entry as u64, facc)
        }
    }
}

handler! {
    /// A call of a closure with any number of arguments and results, in the form of `call_any`, the closure's slot in the head.
    pub(crate) fn call_closure_any[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call_closure`.
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let closure = reference(*fp.add((*last).head as usize));
            if closure.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let class = closure.class(cx);
            let captures = class.captures as usize;
            let arguments = pc.add(1).cast::<u16>();
            let callee = fp.add((*last).b as usize);
            for index in (0..(*last).d as usize).rev() {
                *callee.add(captures + index) = *fp.add(*arguments.add(index) as usize);
            }
            callee.copy_from_nonoverlapping(closure.at::<u64>(cx, HEADER_BYTES), captures);
            let entry = closure_entry(class);
            make_header(last, entry, callee);
            go_into::<D>(pc, callee, cx, fuel, entry as u64, facc)
        }
    }
}

handler! {
    /// A tail call of a closure with at most four arguments: word 0 as for a call, the second word's head is the closure's slot.
    #[inline(never)]
    pub(crate) fn tail_closure[D: Dispatch, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call_closure` and `tail`.
        unsafe {
            let closure = reference(*fp.add((*pc.add(1)).head as usize));
            if closure.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let [a, b, c, d] = [
                if N > 0 { *fp.add((*pc).a as usize) } else { 0 },
                if N > 1 { *fp.add((*pc).b as usize) } else { 0 },
                if N > 2 { *fp.add((*pc).c as usize) } else { 0 },
                if N > 3 { *fp.add((*pc).d as usize) } else { 0 },
            ];
            let arguments = fp.add(closure.class(cx).captures as usize);
            if N > 0 { *arguments = a; }
            if N > 1 { *arguments.add(1) = b; }
            if N > 2 { *arguments.add(2) = c; }
            if N > 3 { *arguments.add(3) = d; }
            copy_captures(closure, cx, arguments, fp);
            let entry = closure_entry(closure.class(cx));
            replace_function(entry, fp);
            go_into::<D>(pc, fp, cx, fuel, entry as u64, facc)
        }
    }
}

/// Copies a closure's captures to `first..end`, from the last on. In words: there are few, and a loop stays in the handler.
///
/// # Safety
/// That many slots lie in the stack.
#[inline(always)]
unsafe fn copy_captures(closure: Reference, cx: *mut Context, end: *mut u64, first: *mut u64) {
    // SAFETY: caller; captures lie behind the header, eight bytes each (linker).
    unsafe {
        let mut at = end;
        let mut capture = closure.at::<u64>(cx, HEADER_BYTES).add(end.offset_from(first) as usize);
        while at > first {
            at = at.sub(1);
            capture = capture.sub(1);
            *at = *capture;
        }
    }
}

handler! {
    /// A tail call of a closure with any number of arguments, in the form of `call_any`, the closure's slot in the head.
    pub(crate) fn tail_closure_any[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call_closure` and `tail_any`.
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let closure = reference(*fp.add((*last).head as usize));
            if closure.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let class = closure.class(cx);
            let captures = class.captures as usize;
            let arguments = pc.add(1).cast::<u16>();
            let window = fp.add((*last).b as usize);
            for index in 0..(*last).d as usize {
                *window.add(index) = *fp.add(*arguments.add(index) as usize);
            }
            fp.copy_from_nonoverlapping(closure.at::<u64>(cx, HEADER_BYTES), captures);
            for index in 0..(*last).d as usize {
                *fp.add(captures + index) = *window.add(index);
            }
            let entry = closure_entry(class);
            replace_function(entry, fp);
            go_into::<D>(pc, fp, cx, fuel, entry as u64, facc)
        }
    }
}

/// A closure: `a` destination, `b` number of captures, `c d` size in units of eight bytes; the second word's head is the object's
/// header, the capture slots follow, eight to a word.
pub(crate) struct MakeClosure;
impl SlowOp for MakeClosure {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, types; captures lie from offset 8 on, eight bytes each (linker).
        unsafe {
            let captures = (*pc).b as usize;
            let slots = pc.add(2).cast::<u16>();
            let closure = vm.allocate((*pc).immediate() as usize * 8, (*pc.add(1)).head)?;
            for index in 0..captures {
                *closure.at::<u64>(vm.context(), HEADER_BYTES + 8 * index) = *fp.add(*slots.add(index) as usize);
            }
            *fp.add((*pc).a as usize) = closure.to_slot();
            vm.go_on_at(pc.add(2 + captures.div_ceil(8)));
        }
        Ok(Flow::Context)
    }
}
