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
use crate::interp::operand::{Source, reference};
use crate::interp::ops::entry::{AtChecks, Behind, go_in, go_in_tested, go_into};
use crate::interp::slow::{Flow, SlowOp, ThrowNull, slow};
use crate::runtime::{Raise, Vm};
use limosa_abi::class::{InterfaceEntry, NEAR_INTERFACE_METHODS, NEAR_METHODS};
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta};
use limosa_abi::object::HEADER_BYTES;
use limosa_abi::{ClassInfo, Context, EntryCell, Reference};
use std::mem::offset_of;
use std::sync::atomic::{AtomicU64, Ordering};

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
    /// The function's entry.
    Entry(*const Word),
    /// A null receiver.
    Null,
    /// That it has to look further.
    Further,
}

/// What lies this many bytes from the start of the record of an object's class.
///
/// # Safety
/// A live object; something of this type lies there.
#[inline(always)]
unsafe fn in_class<'a, T>(object: Reference, cx: *mut Context, offset: usize) -> &'a T {
    // SAFETY: caller.
    unsafe { &*(&raw const *object.class(cx)).byte_add(offset).cast::<T>() }
}

/// A function known at link time: the head is its entry, or the stub that prepares it and puts the entry here ([`link_call`]).
pub(crate) struct Static;
impl Callee for Static {
    type Further = Static;
    #[inline(always)]
    unsafe fn find(head: u64, _receiver: u64, _cx: *mut Context) -> Found {
        Found::Entry(head as *const Word)
    }
}

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

/// A function known at link time, for tail calls, which no return word leads back to: the head is its cell.
pub(crate) struct Cell;
impl Callee for Cell {
    type Further = Cell;
    #[inline(always)]
    unsafe fn find(head: u64, _receiver: u64, _cx: *mut Context) -> Found {
        // SAFETY: the preparer put a cell there.
        Found::Entry(unsafe { (*(head as *const EntryCell)).load().cast() })
    }
}

/// A method of a class whose entry is in the class's record: the head is its offset there in bytes.
pub(crate) struct Virtual;
impl Callee for Virtual {
    type Further = Virtual;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        // SAFETY: caller.
        let object = unsafe { reference(receiver) };
        if object.is_null() {
            return Found::Null;
        }
        // SAFETY: the receiver's class extends the method's class, so it has the slot (verifier: receiver type; linker: vtables).
        unsafe { Found::Entry(in_class::<EntryCell>(object, cx, head as usize).load().cast()) }
    }
}

/// Where the entry of a class's method stands, as the head of a call of it: in [`Virtual`] form, or for far slots in [`FarVirtual`]'s.
pub(crate) fn virtual_head(slot: u32) -> Result<u64, u64> {
    let slot = slot as usize;
    match slot.checked_sub(NEAR_METHODS) {
        None => Ok((offset_of!(ClassInfo, near_methods) + slot * size_of::<EntryCell>()) as u64),
        Some(far) => Err(far as u64),
    }
}

/// A method of a class whose slot is beyond those in its record: the head is the number of slots between.
pub(crate) struct FarVirtual;
impl Callee for FarVirtual {
    type Further = FarVirtual;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        // SAFETY: caller.
        let object = unsafe { reference(receiver) };
        if object.is_null() {
            return Found::Null;
        }
        // SAFETY: as for `Virtual`.
        unsafe { Found::Entry((*object.class(cx).far_methods.add(head as usize)).load().cast()) }
    }
}

/// A method of an interface: the head's upper half is its program-wide id, the lower half where its entry may stand in a class's record,
/// as an offset in bytes.
pub(crate) struct Interface;
impl Callee for Interface {
    type Further = FarInterface;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        // SAFETY: caller.
        let object = unsafe { reference(receiver) };
        if object.is_null() {
            return Found::Null;
        }
        // SAFETY: an interface entry lies there in every record (preparer).
        let entry = unsafe { in_class::<InterfaceEntry>(object, cx, head as u32 as usize - INTERFACE_HEAD_BIAS) };
        if entry.method == interface_method(head) { Found::Entry(entry.entry.load().cast()) } else { Found::Further }
    }
}

/// The head of a call of an interface's method.
pub(crate) fn interface_head(method: u32) -> u64 {
    let place = method as usize % NEAR_INTERFACE_METHODS;
    let offset = offset_of!(ClassInfo, near_interface_methods) + place * size_of::<InterfaceEntry>();
    u64::from(method) << 32 | (offset + INTERFACE_HEAD_BIAS) as u64
}

/// Added to the offset, so that the head is never the address of a stub ([`link_call`]): words are aligned.
const INTERFACE_HEAD_BIAS: usize = 4;

/// The method in a head.
#[inline(always)]
const fn interface_method(head: u64) -> u32 {
    (head >> 32) as u32
}

/// A method of an interface that is not in the class's record. Nearly always it is at its first place in the class's table.
pub(crate) struct FarInterface;
impl Callee for FarInterface {
    type Further = ProbedInterface;
    #[inline(always)]
    unsafe fn find(head: u64, receiver: u64, cx: *mut Context) -> Found {
        // SAFETY: the receiver is not null (`Interface`); a table has a power of two of entries (linker: interface tables).
        unsafe {
            let class = reference(receiver).class(cx);
            let method = interface_method(head);
            let entry = &*class.itable.add((method & class.itable_mask) as usize);
            if entry.method == method { Found::Entry(entry.entry.load().cast()) } else { Found::Further }
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
            let class = reference(receiver).class(cx);
            let method = interface_method(head);
            let mut index = method & class.itable_mask;
            while (*class.itable.add(index as usize)).method != method {
                index = (index + 1) & class.itable_mask;
            }
            Found::Entry((*class.itable.add(index as usize)).entry.load().cast())
        }
    }
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
unsafe fn make_header(last: *const Word, entry: *const Word, callee: *mut u64) {
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
            go_in::<D, Behind>(entry, callee, cx, fuel, first)
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

/// The entry of a closure's function.
#[inline(always)]
pub(crate) fn closure_entry(class: &ClassInfo) -> *const Word {
    class.near_methods[0].load().cast()
}

handler! {
    /// A call of a closure with `N` arguments, at most four, and at most one result; the closure's slot in the head.
    pub(crate) fn call_closure[D: Dispatch, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`; the closure's captures and the arguments together are the function's parameters (verifier: closure).
        unsafe {
            let closure = reference(*fp.add((*pc.add(1)).head as usize));
            if closure.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let callee = fp.add((*pc.add(1)).b as usize);
            let captures = closure.class(cx).captures as usize;
            let arguments = callee.add(captures);
            // Constants among the arguments already lie in the window from its start; move arguments first, from the last on.
            if N > 3 { *arguments.add(3) = *fp.add((*pc).d as usize); }
            if N > 2 { *arguments.add(2) = *fp.add((*pc).c as usize); }
            if N > 1 { *arguments.add(1) = *fp.add((*pc).b as usize); }
            if N > 0 { *arguments = *fp.add((*pc).a as usize); }
            copy_captures(closure, cx, arguments, callee);
            let entry = closure_entry(closure.class(cx));
            make_header(pc.add(1), entry, callee);
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
            go_in::<D, AtChecks>(entry, fp, cx, fuel, a)
        }
    }
}

/// Puts another function in the running frame's link word.
///
/// # Safety
/// `fp` is the running frame.
#[inline(always)]
unsafe fn replace_function(entry: *const Word, fp: *mut u64) {
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

handler! {
    /// A tail call of a closure with at most four arguments: word 0 as for `call`, the second word's head is the closure's slot.
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
