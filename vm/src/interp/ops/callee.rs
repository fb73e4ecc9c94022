//! How calls find the entry of the function they call. On the way from the receiver there is one load after the other, and what comes
//! next waits for them; so methods are looked for in the class's record first, whose address needs no load.
#![allow(unsafe_code, reason = "reads class records")]

use crate::interp::Word;
use crate::interp::operand::reference;
use limosa_abi::class::{InterfaceEntry, NEAR_INTERFACE_METHODS, NEAR_METHODS};
use limosa_abi::{ClassInfo, Context, EntryCell, Reference};
use std::mem::offset_of;

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

/// A function known at link time: the head is its entry, or the stub that prepares it and puts the entry here ([`link_call`](super::call::link_call)).
pub(crate) struct Static;
impl Callee for Static {
    type Further = Static;
    #[inline(always)]
    unsafe fn find(head: u64, _receiver: u64, _cx: *mut Context) -> Found {
        Found::Entry(head as *const Word)
    }
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

/// Added to the offset, so that the head is never the address of a stub ([`link_call`](super::call::link_call)): words are aligned.
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
