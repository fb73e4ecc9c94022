//! Arrays, and little-endian access to byte arrays.
//!
//! `array.get`: `a` destination, `b` array, `c` index. `array.set`: `a` array, `b` index, `c` value.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, B, FloatSource, Source, reference};
use crate::interp::ops::convert::{canonical_bits_f32, canonical_bits_f64};
use crate::interp::ops::int::SlotValue;
use crate::interp::ops::object::Width;
use crate::interp::slow::{Flow, SlowOp, ThrowNull, slow};
use crate::runtime::{Raise, Vm};
use limosa_abi::object::{HEADER_BYTES, store_reference};
use limosa_abi::{Reference, needs_log};
use limosa_spec::WellKnown;

handler! {
    /// `a = length of L`
    pub(crate) fn len[D: Dispatch, L: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: references; word 1 of an array or string is its length.
        unsafe {
            let array = reference(L::get(pc, fp, acc));
            if array.is_null() {
                return slow::<D::Plain, ThrowNull>(pc, fp, cx, fuel, acc, facc);
            }
            let value = u64::from(array.word1(cx));
            if D::STORES { *fp.add((*pc).a as usize) = value; }
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = b[I]`
    pub(crate) fn get[D: Dispatch, W: Width, I: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: references; the index is below the length.
        unsafe {
            let array = reference(B::get_slot(pc, fp));
            let index = I::get(pc, fp, acc);
            if array.is_null() || index >= u64::from(array.word1(cx)) {
                return slow::<D::Plain, BadAccess>(pc, fp, cx, fuel, acc, facc);
            }
            let value = W::load(array.at::<u8>(cx, HEADER_BYTES).add((index as usize) << W::SHIFT));
            if D::STORES { *fp.add((*pc).a as usize) = value; }
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = b[I]`, an f64.
    pub(crate) fn get_float[D: Dispatch, I: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `get`.
        unsafe {
            let array = reference(B::get_slot(pc, fp));
            let index = I::get(pc, fp, acc);
            if array.is_null() || index >= u64::from(array.word1(cx)) {
                return slow::<D::Plain, BadAccess>(pc, fp, cx, fuel, acc, facc);
            }
            let value = *array.at::<f64>(cx, HEADER_BYTES).add(index as usize);
            if D::STORES { *fp.add((*pc).a as usize).cast::<f64>() = value; }
            D::next_float(pc.add(1), fp, cx, fuel, acc, value, facc)
        }
    }
}

/// An access through slot `b` that failed: on null, else on its index.
pub(crate) struct BadAccess;
impl SlowOp for BadAccess {
    unsafe fn run(_vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame.
        let null = unsafe { *fp.add((*pc).b as usize) == 0 };
        Err(Raise::well_known(if null { WellKnown::NullError } else { WellKnown::IndexError }))
    }
}

/// A store through slot `a` that failed: on null, else on its index.
pub(crate) struct BadStore;
impl SlowOp for BadStore {
    unsafe fn run(_vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame.
        let null = unsafe { A::get_slot(pc, fp) == 0 };
        Err(Raise::well_known(if null { WellKnown::NullError } else { WellKnown::IndexError }))
    }
}

handler! {
    /// `a[I] = V`, a number.
    pub(crate) fn set[D: Dispatch, W: Width, I: Source, V: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `get`.
        unsafe {
            let array = reference(A::get_slot(pc, fp));
            let index = I::get(pc, fp, acc);
            if array.is_null() || index >= u64::from(array.word1(cx)) {
                return slow::<D::Plain, BadStore>(pc, fp, cx, fuel, acc, facc);
            }
            W::store(array.at::<u8>(cx, HEADER_BYTES).add((index as usize) << W::SHIFT), V::get(pc, fp, acc));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// `a[b] = V`, an f64.
    pub(crate) fn set_float[D: Dispatch, V: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `get`.
        unsafe {
            let array = reference(A::get_slot(pc, fp));
            let index = *fp.add((*pc).b as usize);
            if array.is_null() || index >= u64::from(array.word1(cx)) {
                return slow::<D::Plain, BadStore>(pc, fp, cx, fuel, acc, facc);
            }
            *array.at::<f64>(cx, HEADER_BYTES).add(index as usize) = V::get(pc, fp, facc);
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// `a[b] = V`, a reference: an old holder is logged first.
    pub(crate) fn set_reference[D: Dispatch, V: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `get`.
        unsafe {
            let array = reference(A::get_slot(pc, fp));
            let index = *fp.add((*pc).b as usize);
            if array.is_null() || index >= u64::from(array.word1(cx)) {
                return slow::<D::Plain, BadStore>(pc, fp, cx, fuel, acc, facc);
            }
            if needs_log(cx, array) {
                return set_logged::<D::Plain, V>(pc, fp, cx, fuel, acc, facc);
            }
            store_reference(cx, array, element(index), reference(V::get(pc, fp, acc)));
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
            let array = reference(A::get_slot(pc, fp));
            let offset = element(*fp.add((*pc).b as usize));
            (*(*cx).vm.cast::<Vm>()).log_slots(array, offset..offset + 4);
            store_reference(cx, array, offset, reference(V::get(pc, fp, acc)));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

/// The offset of an element of a reference array.
#[inline(always)]
fn element(index: u64) -> usize {
    HEADER_BYTES + 4 * index as usize
}

/// `array.new`: `a` destination, `b` length, `c d` class id.
pub(crate) struct NewArray;
impl SlowOp for NewArray {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame; the class is an array's (verifier, linker).
        unsafe {
            let length = *fp.add((*pc).b as usize) as i64;
            let array = vm.new_array((*pc).immediate() as u32, length)?;
            *fp.add((*pc).a as usize) = array.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// A part of an array or string: whether `start..start + count` lies in `length`.
pub(crate) fn in_range(start: i64, count: i64, length: u32) -> bool {
    start >= 0 && count >= 0 && start.checked_add(count).is_some_and(|end| end <= i64::from(length))
}

/// `array.copy`: `a` target, `b` its start, `c` source, `d` its start; the second word's `a` the count. `Refs`: elements are references.
pub(crate) struct CopyArray;
impl SlowOp for CopyArray {
    const WORDS: usize = 2;
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; both arrays have the same element type (verifier), ranges are checked before bytes move.
        unsafe {
            let target = vm.non_null(*fp.add((*pc).a as usize))?;
            let source = vm.non_null(*fp.add((*pc).c as usize))?;
            let target_start = *fp.add((*pc).b as usize) as i64;
            let source_start = *fp.add((*pc).d as usize) as i64;
            let count = *fp.add((*pc.add(1)).a as usize) as i64;
            let cx = vm.context();
            if !in_range(target_start, count, target.word1(cx)) || !in_range(source_start, count, source.word1(cx)) {
                return Err(Raise::well_known(WellKnown::IndexError));
            }
            let class = target.class(cx);
            let bytes = (count as usize) << class.element_shift;
            vm.charge_bytes(bytes as u64)?;
            if class.kind == limosa_abi::ObjectKind::ReferenceArray && count > 0 {
                vm.before_writes(target, target_start as usize, count as usize);
            }
            let at = |array: Reference, start: i64| array.at::<u8>(cx, HEADER_BYTES).add((start as usize) << class.element_shift);
            std::ptr::copy(at(source, source_start), at(target, target_start), bytes);
        }
        Ok(Flow::Next)
    }
}

/// `array.fill`: `a` array, `b` start, `c` value, `d` count.
pub(crate) struct FillArray;
impl SlowOp for FillArray {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the range is checked before anything is written.
        unsafe {
            let array = vm.non_null(*fp.add((*pc).a as usize))?;
            let start = *fp.add((*pc).b as usize) as i64;
            let value = *fp.add((*pc).c as usize);
            let count = *fp.add((*pc).d as usize) as i64;
            let cx = vm.context();
            if !in_range(start, count, array.word1(cx)) {
                return Err(Raise::well_known(WellKnown::IndexError));
            }
            let class = array.class(cx);
            vm.charge_bytes((count as u64) << class.element_shift)?;
            if class.kind == limosa_abi::ObjectKind::ReferenceArray && count > 0 {
                vm.before_writes(array, start as usize, count as usize);
            }
            let (start, count) = (start as usize, count as usize);
            let elements = array.at::<u8>(cx, HEADER_BYTES);
            match class.element_shift {
                0 => std::slice::from_raw_parts_mut(elements.add(start), count).fill(value as u8),
                1 => std::slice::from_raw_parts_mut(elements.cast::<u16>().add(start), count).fill(value as u16),
                2 => std::slice::from_raw_parts_mut(elements.cast::<u32>().add(start), count).fill(value as u32),
                _ => std::slice::from_raw_parts_mut(elements.cast::<u64>().add(start), count).fill(value),
            }
        }
        Ok(Flow::Next)
    }
}

/// `array.data`: `a` destination, `c d` class id; the second word's head is the address of the bytes, the third's their number.
pub(crate) struct ArrayFromData;
impl SlowOp for ArrayFromData {
    const WORDS: usize = 3;
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame; the data segment lives as long as the program, and is a whole number of elements (verifier: array.data).
        unsafe {
            let bytes = std::slice::from_raw_parts((*pc.add(1)).head as *const u8, (*pc.add(2)).head as usize);
            let class = (*pc).immediate() as u32;
            let shift = vm.program().linked.classes.get(class).element_shift;
            vm.charge_bytes(bytes.len() as u64)?;
            let array = vm.allocate_array(class, bytes.len() as u64 >> shift)?;
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), array.at(vm.context(), HEADER_BYTES), bytes.len());
            *fp.add((*pc).a as usize) = array.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// A little-endian value in a byte array.
pub(crate) trait Bytes: 'static {
    /// How many bytes it takes.
    const COUNT: usize;
    /// Reads it as a slot value.
    ///
    /// # Safety
    /// `COUNT` bytes are readable at `at`.
    unsafe fn load(at: *const u8) -> u64;
    /// Writes it from a slot value.
    ///
    /// # Safety
    /// `COUNT` bytes are writable at `at`.
    unsafe fn store(at: *mut u8, value: u64);
}

macro_rules! byte_access {
    ($($name:ident = $ty:ty, $loaded:ident => $slot:expr, $value:ident => $stored:expr;)*) => {$(
        pub(crate) struct $name;
        impl Bytes for $name {
            const COUNT: usize = size_of::<$ty>();
            #[inline(always)]
            unsafe fn load(at: *const u8) -> u64 {
                // SAFETY: readable (caller).
                let $loaded = <$ty>::from_le(unsafe { at.cast::<$ty>().read_unaligned() });
                $slot
            }
            #[inline(always)]
            unsafe fn store(at: *mut u8, $value: u64) {
                // SAFETY: writable (caller).
                unsafe { at.cast::<$ty>().write_unaligned(<$ty>::to_le($stored)) }
            }
        }
    )*};
}
byte_access! {
    Signed16 = i16, x => i32::from(x).to_slot(), v => v as i16;
    Unsigned16 = u16, x => u64::from(x), v => v as u16;
    Bits32 = u32, x => u64::from(x), v => v as u32;
    Bits64 = u64, x => x, v => v;
    Float32 = u32, x => u64::from(x), v => canonical_bits_f32(f32::from_slot(v));
    Float64 = u64, x => x, v => canonical_bits_f64(f64::from_bits(v));
}

fn bytes_in_range(index: u64, count: usize, length: u32) -> bool {
    index <= u64::from(length) && u64::from(length) - index >= count as u64
}

handler! {
    /// `a = bytes of b from index c`
    pub(crate) fn load[D: Dispatch, T: Bytes](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: references; the bytes lie in the array.
        unsafe {
            let array = reference(*fp.add((*pc).b as usize));
            let index = *fp.add((*pc).c as usize);
            if array.is_null() || !bytes_in_range(index, T::COUNT, array.word1(cx)) {
                return slow::<D::Plain, BadAccess>(pc, fp, cx, fuel, acc, facc);
            }
            let value = T::load(array.at::<u8>(cx, HEADER_BYTES).add(index as usize));
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1), fp, cx, fuel, value, f64::from_bits(value))
        }
    }
}

handler! {
    /// `bytes of a from index b = c`
    pub(crate) fn store[D: Dispatch, T: Bytes](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `load`.
        unsafe {
            let array = reference(A::get_slot(pc, fp));
            let index = *fp.add((*pc).b as usize);
            if array.is_null() || !bytes_in_range(index, T::COUNT, array.word1(cx)) {
                return slow::<D::Plain, BadStore>(pc, fp, cx, fuel, acc, facc);
            }
            T::store(array.at::<u8>(cx, HEADER_BYTES).add(index as usize), *fp.add((*pc).c as usize));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}
