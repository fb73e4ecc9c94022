//! Objects: allocation, fields, type tests.
//!
//! `get`: `a` destination, `b` object, `c d` byte offset. `set`: `a` object, `b` value, `c d` byte offset.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, B, FloatSource, Source, reference};
use crate::interp::slow::{Flow, SlowOp, ThrowNull, slow};
use crate::runtime::{Raise, Vm};
use limosa_abi::object::store_reference;
use limosa_abi::{Reference, needs_log};
use limosa_spec::WellKnown;

/// How a field or element is laid out in memory.
pub(crate) trait Width: 'static {
    /// log2 of its bytes.
    const SHIFT: u32;
    /// Loads it as a slot value.
    ///
    /// # Safety
    /// `at` is inside a live object.
    unsafe fn load(at: *const u8) -> u64;
    /// Stores the low part of a slot value.
    ///
    /// # Safety
    /// `at` is inside a live object.
    unsafe fn store(at: *mut u8, value: u64);
}

macro_rules! widths {
    ($($(#[$doc:meta])* $name:ident = $ty:ty, $shift:literal, $loaded:ident => $slot:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;
        impl Width for $name {
            const SHIFT: u32 = $shift;
            #[inline(always)]
            unsafe fn load(at: *const u8) -> u64 {
                // SAFETY: aligned and inside the object (linker: field layout; handler: bounds).
                let $loaded = unsafe { *at.cast::<$ty>() };
                $slot
            }
            #[inline(always)]
            unsafe fn store(at: *mut u8, value: u64) {
                // SAFETY: as above.
                unsafe { *at.cast::<$ty>() = value as $ty }
            }
        }
    )*};
}
widths! {
    /// `i8`
    I8 = i8, 0, x => u64::from(i32::from(x) as u32);
    /// `u8`
    U8 = u8, 0, x => u64::from(x);
    /// `i16`
    I16 = i16, 1, x => u64::from(i32::from(x) as u32);
    /// `u16`
    U16 = u16, 1, x => u64::from(x);
    /// `i32`, `f32` and references, which are loaded only.
    W32 = u32, 2, x => u64::from(x);
    /// `i64`, and `f64` that does not travel in the float accumulator.
    W64 = u64, 3, x => x;
}

handler! {
    /// A new object: `a` destination, `c d` size in units of eight bytes; the second word's head is the object's header.
    pub(crate) fn new[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame; memory from `allocation_next` to `allocation_limit` is free and zero (collector).
        unsafe {
            let reference = (*cx).allocation_next;
            let end = u64::from(reference) + (*pc).immediate() as u64;
            if end > u64::from((*cx).allocation_limit) {
                return slow::<D::Plain, NewSlow>(pc, fp, cx, fuel, acc, facc);
            }
            (*cx).allocation_next = end as u32;
            *Reference(reference).at::<u64>(cx, 0) = (*pc.add(1)).head;
            *fp.add((*pc).a as usize) = u64::from(reference);
            D::next(pc.add(2), fp, cx, fuel, u64::from(reference), facc)
        }
    }
}

/// An allocation that does not fit the buffer.
pub(crate) struct NewSlow;
impl SlowOp for NewSlow {
    const WORDS: usize = 2;
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as in `new`.
        unsafe {
            let reference = vm.allocate((*pc).immediate() as usize * 8, (*pc.add(1)).head)?;
            *fp.add((*pc).a as usize) = reference.to_slot();
        }
        Ok(Flow::Next)
    }
}

handler! {
    /// `a = L.field`
    pub(crate) fn get[D: Dispatch, W: Width, L: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: references; the class has the field (verifier: field exists; linker: offset).
        unsafe {
            let object = reference(L::get(pc, fp, acc));
            if object.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let value = W::load(object.at(cx, (*pc).immediate() as usize));
            if D::STORES { *fp.add((*pc).a as usize) = value; }
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = L.field`, an f64.
    pub(crate) fn get_float[D: Dispatch, L: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as in `get`.
        unsafe {
            let object = reference(L::get(pc, fp, acc));
            if object.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let value = *object.at::<f64>(cx, (*pc).immediate() as usize);
            if D::STORES { *fp.add((*pc).a as usize).cast::<f64>() = value; }
            D::next_float(pc.add(1), fp, cx, fuel, acc, value, facc)
        }
    }
}

handler! {
    /// `a.field = V`, a number.
    pub(crate) fn set[D: Dispatch, W: Width, V: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as in `get`.
        unsafe {
            let object = reference(A::get_slot(pc, fp));
            if object.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            W::store(object.at(cx, (*pc).immediate() as usize), V::get(pc, fp, acc));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// `a.field = V`, an f64.
    pub(crate) fn set_float[D: Dispatch, V: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as in `get`.
        unsafe {
            let object = reference(A::get_slot(pc, fp));
            if object.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            *object.at::<f64>(cx, (*pc).immediate() as usize) = V::get(pc, fp, facc);
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// `a.field = V`, a reference: an old holder is logged first.
    pub(crate) fn set_reference[D: Dispatch, V: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as in `get`.
        unsafe {
            let object = reference(A::get_slot(pc, fp));
            if object.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            if needs_log(cx, object) {
                return set_logged::<D::Plain, V>(pc, fp, cx, fuel, acc, facc);
            }
            store_reference(cx, object, (*pc).immediate() as usize, reference(V::get(pc, fp, acc)));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// The cold side of `set_reference`. Logging cannot collect, so accumulators stay.
    #[cold]
    #[inline(never)]
    pub(crate) fn set_logged[D: Dispatch, V: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as in `set_reference`; the context's `vm` is its VM.
        unsafe {
            let object = reference(A::get_slot(pc, fp));
            (*(*cx).vm.cast::<Vm>()).log_object(object);
            store_reference(cx, object, (*pc).immediate() as usize, reference(V::get(pc, fp, acc)));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

/// `a = identity hash of b`
pub(crate) struct HashRef;
impl SlowOp for HashRef {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the object is an instance, whose word 1 is its identity hash (verifier: hash.ref takes classes).
        unsafe {
            let object = vm.non_null(*fp.add((*pc).b as usize))?;
            *fp.add((*pc).a as usize) = u64::from(vm.identity_hash(object));
        }
        Ok(Flow::Next)
    }
}

/// `a = b is type`, the type's number in `c d`.
pub(crate) struct Is;
impl SlowOp for Is {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the type number is the program's (linker).
        unsafe {
            let object = reference(*fp.add((*pc).b as usize));
            let is = !object.is_null() && vm.is_instance(object, (*pc).immediate() as u32);
            *fp.add((*pc).a as usize) = u64::from(is);
        }
        Ok(Flow::Next)
    }
}

/// `a = b as type`, the type's number in `c d`.
pub(crate) struct Cast;
impl SlowOp for Cast {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as in `Is`.
        unsafe {
            let slot = *fp.add((*pc).b as usize);
            let object = reference(slot);
            let ty = (*pc).immediate() as u32;
            if !object.is_null() && !vm.is_instance(object, ty) {
                return Err(vm.cast_failure(object, ty));
            }
            *fp.add((*pc).a as usize) = slot;
        }
        Ok(Flow::Next)
    }
}

/// What a class test does where it does not hold.
pub(crate) trait ClassTest: 'static {
    /// Null passes.
    const CAST: bool;
}
/// `is`
pub(crate) struct IsTest;
impl ClassTest for IsTest {
    const CAST: bool = false;
}
/// `cast`
pub(crate) struct CastTest;
impl ClassTest for CastTest {
    const CAST: bool = true;
}

handler! {
    /// `is` or `cast` to a class, inline by its display: `a` destination, `b` object, `c d` runtime type; the second word has the
    /// class id in its head and its depth in `a`.
    pub(crate) fn class_test[D: Dispatch, T: ClassTest](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: references; a display has `depth + 1` entries (linker).
        unsafe {
            let object = reference(B::get_slot(pc, fp));
            let wanted = pc.add(1);
            let holds = if object.is_null() {
                T::CAST
            } else {
                let class = object.class(cx);
                class.depth >= (*wanted).a && u64::from(*class.display.add((*wanted).a as usize)) == (*wanted).head
            };
            if T::CAST && !holds {
                return slow::<D::Plain, Cast>(pc, fp, cx, fuel, 0, facc);
            }
            let value = if T::CAST { object.to_slot() } else { u64::from(holds) };
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(2), fp, cx, fuel, value, facc)
        }
    }
}

/// Boxes the slot `b` in an object of a well-known class: `a` destination, `c d` size in units of eight bytes; the second word's head
/// is the object's header.
pub(crate) struct BoxNumber<W>(std::marker::PhantomData<W>);
impl<W: Width> SlowOp for BoxNumber<W> {
    const WORDS: usize = 2;
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame; the boxes' value lies right behind the header (linker: field layout).
        unsafe {
            let reference = vm.allocate((*pc).immediate() as usize * 8, (*pc.add(1)).head)?;
            W::store(reference.at(vm.context(), 8), *fp.add((*pc).b as usize));
            *fp.add((*pc).a as usize) = reference.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// `a = ` the number in the box `b`; `c d` is the number of the well-known class.
pub(crate) struct Unbox<W>(std::marker::PhantomData<W>);
impl<W: Width> SlowOp for Unbox<W> {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the object is tested to be the box before it is read.
        unsafe {
            let object = vm.non_null(*fp.add((*pc).b as usize))?;
            let class = WellKnown::ALL[(*pc).immediate() as usize];
            if object.class_id(vm.context()) != vm.program().linked.classes.well_known(class) {
                return Err(vm.unbox_failure(object, class));
            }
            *fp.add((*pc).a as usize) = W::load(object.at(vm.context(), 8));
        }
        Ok(Flow::Next)
    }
}
