//! Calls, returns and the entry of functions.
//!
//! A call takes two words with up to four arguments and one result:
//! ```text
//! word 0     handler, a b c d: argument slots
//! last word  head: what is called; a: slot of the first result; b: slots from this frame's pointer to the callee's; c: results; d: arguments
//! ```
//! Others have `word 0 = handler, a: number of words`, then the argument slots, eight to a word, then the slots of the results after
//! the first, eight to a word, then the last word. The return word of the callee's frame points behind the last word, so a return
//! finds where results go without knowing the call. Argument slots may lie in the callee's window, where the preparer puts constants.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{FloatSource, Source};
use crate::interp::ops::branch::Poll;
use crate::interp::slow::{Flow, SlowOp, ThrowNull, slow};
use crate::interp::{Status, Word};
use crate::runtime::{Raise, Vm};
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta};
use limosa_abi::object::HEADER_BYTES;
use limosa_abi::{Context, FunctionCell, Reference};
use std::sync::atomic::Ordering;

/// How a call finds its function, as a type parameter.
pub(crate) trait Callee: 'static {
    /// How it looks further where the first look says so.
    type Further: Callee;

    /// Looks for the function.
    ///
    /// # Safety
    /// References; `head` is what the preparer put there for this kind, `receiver` the first argument's slot value.
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found;
}

/// What a call found.
#[derive(Clone, Copy)]
pub(crate) enum Found {
    /// The function.
    Cell(*const FunctionCell),
    /// A null receiver.
    Null,
    /// That it has to look further.
    Further,
}

/// A function known at link time: the head is its cell.
pub(crate) struct Static;
impl Callee for Static {
    type Further = Static;
    #[inline(always)]
    unsafe fn find(head: u64, _receiver: u64, _cx: *mut Context) -> Found {
        Found::Cell(head as *const FunctionCell)
    }
}

/// A method of a class: the head is its vtable slot.
pub(crate) struct Virtual;
impl Callee for Virtual {
    type Further = Virtual;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        let object = Reference::from_slot(receiver);
        if object.is_null() {
            return Found::Null;
        }
        // SAFETY: the receiver's class extends the method's class, so its vtable has the slot (verifier: receiver type; linker: vtables).
        unsafe { Found::Cell(*object.class(cx).vtable.add(head as usize)) }
    }
}

/// A method of an interface: the head is its program-wide id. Nearly always it is at its first place in the class's table.
pub(crate) struct Interface;
impl Callee for Interface {
    type Further = ProbedInterface;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        let object = Reference::from_slot(receiver);
        if object.is_null() {
            return Found::Null;
        }
        // SAFETY: a table has a power of two of entries (linker: interface tables).
        unsafe {
            let class = object.class(cx);
            let entry = class.itable.add((head as u32 & class.itable_mask) as usize);
            if u64::from((*entry).method) == head { Found::Cell((*entry).function) } else { Found::Further }
        }
    }
}

/// A method of an interface that is not at its first place: a handler of its own, because the loop needs registers that the common
/// case does not want to save.
pub(crate) struct ProbedInterface;
impl Callee for ProbedInterface {
    type Further = ProbedInterface;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        // SAFETY: the receiver is not null (`Interface`); its class implements the interface, so its table has the method and the loop
        // ends (verifier: receiver type, interface methods implemented; linker: interface tables).
        unsafe {
            let class = Reference::from_slot(receiver).class(cx);
            let mut index = head as u32 & class.itable_mask;
            while u64::from((*class.itable.add(index as usize)).method) != head {
                index = (index + 1) & class.itable_mask;
            }
            Found::Cell((*class.itable.add(index as usize)).function)
        }
    }
}

/// Makes the callee's header and goes to its entry.
///
/// # Safety
/// The arguments are in the callee's first registers; `last` is the call's last word.
#[inline(always)]
unsafe fn enter_callee<D: Dispatch>(last: *const Word, cell: *const FunctionCell, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status {
    // SAFETY: the header lies in the frame's red zone at most; `enter` checks the limit before the callee touches more.
    unsafe {
        let delta = (*last).b;
        let callee = fp.add(delta as usize);
        *callee.offset(LINK_SLOT) = (*cell).link | u64::from(delta);
        *callee.offset(RETURN_SLOT) = last.add(1) as u64;
        let entry = (*cell).entry.load(Ordering::Acquire).cast::<Word>();
        D::next(entry, callee, cx, fuel, 0, 0.0)
    }
}

handler! {
    /// A call with `N` arguments, at most four, and at most one result.
    #[inline(never)]
    pub(crate) fn call[D: Dispatch, T: Callee, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types, references: arguments fit the signature (verifier: call matches signature).
        unsafe {
            let last = pc.add(1);
            let receiver = if N > 0 { *fp.add((*pc).a as usize) } else { 0 };
            let cell = match T::find((*last).head, receiver, cx) {
                Found::Cell(cell) => cell,
                Found::Null => return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return call::<D, T::Further, N>(pc, fp, cx, fuel, acc, facc),
            };
            let callee = fp.add((*last).b as usize);
            if N > 0 { *callee = receiver; }
            if N > 1 { *callee.add(1) = *fp.add((*pc).b as usize); }
            if N > 2 { *callee.add(2) = *fp.add((*pc).c as usize); }
            if N > 3 { *callee.add(3) = *fp.add((*pc).d as usize); }
            enter_callee::<D>(last, cell, fp, cx, fuel)
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
            let cell = match T::find((*last).head, receiver, cx) {
                Found::Cell(cell) => cell,
                Found::Null => return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return call_any::<D, T::Further>(pc, fp, cx, fuel, acc, facc),
            };
            let callee = fp.add((*last).b as usize);
            for index in 0..(*last).d as usize {
                *callee.add(index) = *fp.add(*arguments.add(index) as usize);
            }
            enter_callee::<D>(last, cell, fp, cx, fuel)
        }
    }
}

handler! {
    /// A call of a closure with `N` arguments, at most four, and at most one result; the closure's slot in the head.
    pub(crate) fn call_closure[D: Dispatch, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`; the closure's captures and the arguments together are the function's parameters (verifier: closure).
        unsafe {
            let closure = Reference::from_slot(*fp.add((*pc.add(1)).head as usize));
            if closure.is_null() {
                return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let callee = fp.add((*pc.add(1)).b as usize);
            let captures = closure.class(cx).captures as usize;
            let arguments = callee.add(captures);
            // Constants among the arguments already lie in the window from its start; move arguments first, from the last on.
            if N > 3 { *arguments.add(3) = *fp.add((*pc).d as usize); }
            if N > 2 { *arguments.add(2) = *fp.add((*pc).c as usize); }
            if N > 1 { *arguments.add(1) = *fp.add((*pc).b as usize); }
            if N > 0 { *arguments = *fp.add((*pc).a as usize); }
            let mut at = arguments;
            let mut capture = closure.at::<u64>(cx, HEADER_BYTES).add(captures);
            while at > callee {
                at = at.sub(1);
                capture = capture.sub(1);
                *at = *capture;
            }
            enter_callee::<D>(pc.add(1), closure.class(cx).function, fp, cx, fuel)
        }
    }
}

handler! {
    /// A call of a closure with any number of arguments and results, in the form of `call_any`, the closure's slot in the head.
    pub(crate) fn call_closure_any[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call_closure`.
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let closure = Reference::from_slot(*fp.add((*last).head as usize));
            if closure.is_null() {
                return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let class = closure.class(cx);
            let captures = class.captures as usize;
            let arguments = pc.add(1).cast::<u16>();
            let callee = fp.add((*last).b as usize);
            for index in (0..(*last).d as usize).rev() {
                *callee.add(captures + index) = *fp.add(*arguments.add(index) as usize);
            }
            callee.copy_from_nonoverlapping(closure.at::<u64>(cx, HEADER_BYTES), captures);
            enter_callee::<D>(last, class.function, fp, cx, fuel)
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
            let cell = match T::find((*pc.add(1)).head, a, cx) {
                Found::Cell(cell) => cell,
                Found::Null => return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return tail::<D, T::Further, N>(pc, fp, cx, fuel, acc, facc),
            };
            if N > 0 { *fp = a; }
            if N > 1 { *fp.add(1) = b; }
            if N > 2 { *fp.add(2) = c; }
            if N > 3 { *fp.add(3) = d; }
            replace_frame::<D>(cell, fp, cx, fuel)
        }
    }
}

/// Puts another function in the frame's link word and goes to its entry.
///
/// # Safety
/// The arguments are in the first registers.
#[inline(always)]
unsafe fn replace_frame<D: Dispatch>(cell: *const FunctionCell, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status {
    // SAFETY: the header is the running frame's.
    unsafe {
        let link = fp.offset(LINK_SLOT);
        *link = (*cell).link | u64::from(link_delta(*link));
        let entry = (*cell).entry.load(Ordering::Acquire).cast::<Word>();
        D::next(entry, fp, cx, fuel, 0, 0.0)
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
            let cell = match T::find((*last).head, receiver, cx) {
                Found::Cell(cell) => cell,
                Found::Null => return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc),
                Found::Further => return tail_any::<D, T::Further>(pc, fp, cx, fuel, acc, facc),
            };
            let window = fp.add((*last).b as usize);
            for index in 0..(*last).d as usize {
                *window.add(index) = *fp.add(*arguments.add(index) as usize);
            }
            for index in 0..(*last).d as usize {
                *fp.add(index) = *window.add(index);
            }
            replace_frame::<D>(cell, fp, cx, fuel)
        }
    }
}

handler! {
    /// A tail call of a closure, in the form of `call_any`, the closure's slot in the head.
    pub(crate) fn tail_closure[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call_closure` and `tail_any`.
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let closure = Reference::from_slot(*fp.add((*last).head as usize));
            if closure.is_null() {
                return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc);
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
            replace_frame::<D>(class.function, fp, cx, fuel)
        }
    }
}

handler! {
    /// The first instruction of every guest function. `a`: registers, `b`: parameters, so the first register to clear; `Z`: how many to
    /// clear, or [`CLEAR_ANY`]. The second word's head is what entering charges.
    pub(crate) fn enter[D: Dispatch, const Z: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: up to the limit and the red zone behind it the stack is mapped; parameters are in place (calls).
        unsafe {
            if fp.add((*pc).a as usize) > (*cx).stack_limit {
                return slow::<D, StackFull>(pc, fp, cx, fuel, acc, facc);
            }
            let first = fp.add((*pc).b as usize);
            if Z == CLEAR_ANY {
                first.write_bytes(0, ((*pc).a - (*pc).b) as usize);
            } else {
                for index in 0..Z {
                    *first.add(index) = 0;
                }
            }
            let left = fuel - (*pc.add(1)).head as i64;
            if left < 0 {
                return slow::<D, Poll>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.add(2), fp, cx, left, acc, facc)
        }
    }
}

/// `enter` clears a number of registers it reads from the instruction.
pub(crate) const CLEAR_ANY: usize = usize::MAX;

/// The frame does not fit: more of the stack is committed and `enter` runs again, or its frame is dropped and the call throws.
pub(crate) struct StackFull;
impl SlowOp for StackFull {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `pc` is an `enter`.
        unsafe { vm.grow_stack((*pc).a as usize, fp)? };
        Ok(Flow::Context)
    }
}

/// A parameter declared non-null: slot `a`. Where it is null the frame is dropped and the call throws.
pub(crate) struct NullArgument;
impl SlowOp for NullArgument {
    unsafe fn run(vm: &mut Vm, _pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `fp` is the running frame.
        unsafe { vm.drop_frame(fp) };
        Err(Raise::well_known(limosa_spec::WellKnown::NullError))
    }
}

handler! {
    /// Checks a parameter declared non-null: slot `a`.
    pub(crate) fn check_argument[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame.
        unsafe {
            if *fp.add((*pc).a as usize) == 0 {
                return slow::<D, NullArgument>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// Checks a result declared non-null: slot `a`.
    pub(crate) fn check_result[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame.
        unsafe {
            if *fp.add((*pc).a as usize) == 0 {
                return slow::<D, ThrowNull>(pc, fp, cx, fuel, acc, facc);
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

/// The entry of every function that has not been called yet: prepares it and goes to its real entry.
pub(crate) struct Prepare;
impl SlowOp for Prepare {
    unsafe fn run(vm: &mut Vm, _pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `fp` is a frame whose link word names the function.
        unsafe { vm.prepare_callee(fp) };
        Ok(Flow::Context)
    }
}

/// The whole code of a host function: `c d` is its number in the program.
pub(crate) struct HostCall;
impl SlowOp for HostCall {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `fp` is a frame whose link word names the host function; its parameters are in place.
        unsafe { vm.call_host((*pc).immediate() as u32, fp)? };
        Ok(Flow::Context)
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
