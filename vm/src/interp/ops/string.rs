//! Strings. They are immutable and always valid UTF-8; positions are in bytes.
//!
//! Work on short strings that neither fails nor needs more memory or fuel than is at hand is done in place, everything else by the
//! slow operation of the same name.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{B, Source, reference};
use crate::interp::ops::array::{BadAccess, in_range};
use crate::interp::slow::{Flow, SlowOp, slow};
use crate::runtime::{Raise, Vm, charge_of_bytes};
use limosa_abi::copy::{MOST_IN_PLACE, copy_in_place, equal_in_place};
use limosa_abi::object::{HEADER_BYTES, STRING_BYTES_OFFSET, STRING_HASH_OFFSET, header_word};
use limosa_abi::{Context, Reference, try_allocate};
use limosa_spec::WellKnown;

handler! {
    /// `a = byte I of b`
    pub(crate) fn byte[D: Dispatch, I: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: references; the index is below the length.
        unsafe {
            let string = reference(B::get_slot(pc, fp));
            let index = I::get(pc, fp, acc);
            if string.is_null() || index >= u64::from(string.word1(cx)) {
                return slow::<D::Plain, BadAccess>(pc, fp, cx, fuel, acc, facc);
            }
            let value = u64::from(*string.at::<u8>(cx, STRING_BYTES_OFFSET + index as usize));
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

/// The bytes of a string.
#[inline(always)]
fn bytes_of(string: Reference, cx: *mut Context) -> *mut u8 {
    string.at(cx, STRING_BYTES_OFFSET)
}

/// A string of so many bytes, which the caller fills; none if there is no room for it in the allocation buffer.
///
/// # Safety
/// `like` is a string; the length is [`MOST_IN_PLACE`] at most.
#[inline(always)]
unsafe fn make(cx: *mut Context, like: Reference, length: u64) -> Option<Reference> {
    // SAFETY: caller.
    unsafe { try_allocate(cx, STRING_BYTES_OFFSET + length as usize, header_word(like.class_id(cx)), length as u32) }
}

/// Whether an offset, at most the length, is at the start of a character or at the end.
///
/// # Safety
/// A live string.
#[inline(always)]
unsafe fn is_boundary(string: Reference, cx: *mut Context, offset: u64, length: u64) -> bool {
    // SAFETY: the offset is below the length if it is not the same.
    offset == length || unsafe { *bytes_of(string, cx).add(offset as usize) as i8 >= -0x40 }
}

handler! {
    /// `a = b[c..d]`
    pub(crate) fn slice[D: Dispatch](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, references; offsets are compared with the length before they are used.
        unsafe {
            let source = reference(B::get_slot(pc, fp));
            let (from, to) = (*fp.add((*pc).c as usize), *fp.add((*pc).d as usize));
            if source.is_null() {
                return slow::<D::Plain, Slice>(pc, fp, cx, fuel, 0, facc);
            }
            let length = u64::from(source.word1(cx));
            let count = to.wrapping_sub(from);
            let charge = charge_of_bytes(count);
            if from > to || to > length || count > MOST_IN_PLACE as u64 || fuel < charge {
                return slow::<D::Plain, Slice>(pc, fp, cx, fuel, 0, facc);
            }
            if !is_boundary(source, cx, from, length) || !is_boundary(source, cx, to, length) {
                return slow::<D::Plain, Slice>(pc, fp, cx, fuel, 0, facc);
            }
            let Some(result) = make(cx, source, count) else { return slow::<D::Plain, Slice>(pc, fp, cx, fuel, 0, facc) };
            copy_in_place(bytes_of(source, cx).add(from as usize), bytes_of(result, cx), count as usize);
            *fp.add((*pc).a as usize) = result.to_slot();
            D::next(pc.add(1), fp, cx, fuel - charge, result.to_slot(), facc)
        }
    }
}

handler! {
    /// `a = b + c`
    pub(crate) fn concat[D: Dispatch](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, references; two valid strings make one.
        unsafe {
            let first = reference(B::get_slot(pc, fp));
            let second = reference(*fp.add((*pc).c as usize));
            if first.is_null() || second.is_null() {
                return slow::<D::Plain, Concat>(pc, fp, cx, fuel, 0, facc);
            }
            let (front, back) = (u64::from(first.word1(cx)), u64::from(second.word1(cx)));
            let charge = charge_of_bytes(front + back);
            if front + back > MOST_IN_PLACE as u64 || fuel < charge {
                return slow::<D::Plain, Concat>(pc, fp, cx, fuel, 0, facc);
            }
            let Some(result) = make(cx, first, front + back) else { return slow::<D::Plain, Concat>(pc, fp, cx, fuel, 0, facc) };
            copy_in_place(bytes_of(first, cx), bytes_of(result, cx), front as usize);
            copy_in_place(bytes_of(second, cx), bytes_of(result, cx).add(front as usize), back as usize);
            *fp.add((*pc).a as usize) = result.to_slot();
            D::next(pc.add(1), fp, cx, fuel - charge, result.to_slot(), facc)
        }
    }
}

handler! {
    /// `a = b == c`
    pub(crate) fn equal[D: Dispatch](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, references.
        unsafe {
            let first = reference(B::get_slot(pc, fp));
            let second = reference(*fp.add((*pc).c as usize));
            if first.is_null() || second.is_null() {
                return slow::<D::Plain, Equal>(pc, fp, cx, fuel, 0, facc);
            }
            let (length, other) = (u64::from(first.word1(cx)), u64::from(second.word1(cx)));
            let charge = charge_of_bytes(length.min(other));
            if length.min(other) > MOST_IN_PLACE as u64 || fuel < charge {
                return slow::<D::Plain, Equal>(pc, fp, cx, fuel, 0, facc);
            }
            let equal = length == other && equal_in_place(bytes_of(first, cx), bytes_of(second, cx), length as usize);
            *fp.add((*pc).a as usize) = u64::from(equal);
            D::next(pc.add(1), fp, cx, fuel - charge, u64::from(equal), facc)
        }
    }
}

handler! {
    /// `a = hash of b`
    pub(crate) fn hash[D: Dispatch](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, references; strings have room for their hash.
        unsafe {
            let string = reference(B::get_slot(pc, fp));
            if string.is_null() {
                return slow::<D::Plain, Hash>(pc, fp, cx, fuel, 0, facc);
            }
            let hash = u64::from(*string.at::<u32>(cx, STRING_HASH_OFFSET));
            let charge = charge_of_bytes(u64::from(string.word1(cx)));
            if hash == 0 || fuel < charge {
                return slow::<D::Plain, Hash>(pc, fp, cx, fuel, 0, facc);
            }
            *fp.add((*pc).a as usize) = hash;
            D::next(pc.add(1), fp, cx, fuel - charge, hash, facc)
        }
    }
}

/// `a = b[c..d]`
pub(crate) struct Slice;
impl SlowOp for Slice {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the source is read again after the allocation, which may move it.
        unsafe {
            let source = vm.non_null(*fp.add((*pc).b as usize))?;
            let (from, to) = (*fp.add((*pc).c as usize) as i64, *fp.add((*pc).d as usize) as i64);
            let count = to.wrapping_sub(from);
            if from > to || !in_range(from, count, source.word1(vm.context())) {
                return Err(Raise::well_known(WellKnown::IndexError));
            }
            let text = vm.str(source);
            if !text.is_char_boundary(from as usize) || !text.is_char_boundary(to as usize) {
                return Err(Raise::well_known(WellKnown::EncodingError));
            }
            vm.charge_bytes(count as u64)?;
            let slice = vm.allocate_string(count as u64)?;
            let source = reference(*fp.add((*pc).b as usize));
            let cx = vm.context();
            let start = source.at::<u8>(cx, STRING_BYTES_OFFSET + from as usize);
            std::ptr::copy_nonoverlapping(start, slice.at(cx, STRING_BYTES_OFFSET), count as usize);
            *fp.add((*pc).a as usize) = slice.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// `a = b + c`
pub(crate) struct Concat;
impl SlowOp for Concat {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as for `Slice`; two valid strings make one.
        unsafe {
            let first = vm.non_null(*fp.add((*pc).b as usize))?;
            let second = vm.non_null(*fp.add((*pc).c as usize))?;
            let cx = vm.context();
            let lengths = [first.word1(cx), second.word1(cx)];
            let total = u64::from(lengths[0]) + u64::from(lengths[1]);
            vm.charge_bytes(total)?;
            let result = vm.allocate_string(total)?;
            let mut at = result.at::<u8>(cx, STRING_BYTES_OFFSET);
            for (slot, length) in [(*pc).b, (*pc).c].into_iter().zip(lengths) {
                let part = reference(*fp.add(slot as usize));
                std::ptr::copy_nonoverlapping(part.at::<u8>(cx, STRING_BYTES_OFFSET), at, length as usize);
                at = at.add(length as usize);
            }
            *fp.add((*pc).a as usize) = result.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// The two strings that an instruction compares, charged for the shorter.
///
/// # Safety
/// Frame, references; the strings are not used after the next allocation.
unsafe fn compared(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<(&[u8], &[u8]), Raise> {
    // SAFETY: caller.
    unsafe {
        let first = vm.non_null(*fp.add((*pc).b as usize))?;
        let second = vm.non_null(*fp.add((*pc).c as usize))?;
        let shorter = first.word1(vm.context()).min(second.word1(vm.context()));
        vm.charge_bytes(u64::from(shorter))?;
        let vm = &*vm;
        Ok((vm.str(first).as_bytes(), vm.str(second).as_bytes()))
    }
}

/// `a = b == c`
pub(crate) struct Equal;
impl SlowOp for Equal {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references.
        unsafe {
            let (first, second) = compared(vm, pc, fp)?;
            *fp.add((*pc).a as usize) = u64::from(first == second);
        }
        Ok(Flow::Next)
    }
}

/// `a = -1, 0 or 1 as b and c compare`
pub(crate) struct Compare;
impl SlowOp for Compare {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references.
        unsafe {
            let (first, second) = compared(vm, pc, fp)?;
            *fp.add((*pc).a as usize) = u64::from(first.cmp(second) as i32 as u32);
        }
        Ok(Flow::Next)
    }
}

/// `a = hash of b`
pub(crate) struct Hash;
impl SlowOp for Hash {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references.
        unsafe {
            let string = vm.non_null(*fp.add((*pc).b as usize))?;
            vm.charge_bytes(u64::from(string.word1(vm.context())))?;
            *fp.add((*pc).a as usize) = u64::from(vm.string_hash(string));
        }
        Ok(Flow::Next)
    }
}

/// `a = bytes of b`
pub(crate) struct ToBytes;
impl SlowOp for ToBytes {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as for `Slice`.
        unsafe {
            let string = vm.non_null(*fp.add((*pc).b as usize))?;
            let length = string.word1(vm.context());
            vm.charge_bytes(u64::from(length))?;
            let class = vm.program().linked.classes.bytes;
            let array = vm.allocate_array(class, u64::from(length))?;
            let string = reference(*fp.add((*pc).b as usize));
            let cx = vm.context();
            std::ptr::copy_nonoverlapping(string.at::<u8>(cx, STRING_BYTES_OFFSET), array.at(cx, HEADER_BYTES), length as usize);
            *fp.add((*pc).a as usize) = array.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// `a = the string in bytes b[c..d]`
pub(crate) struct FromBytes;
impl SlowOp for FromBytes {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as for `Slice`; the bytes are checked to be UTF-8, and nothing changes them between.
        unsafe {
            let array = vm.non_null(*fp.add((*pc).b as usize))?;
            let (from, to) = (*fp.add((*pc).c as usize) as i64, *fp.add((*pc).d as usize) as i64);
            let count = to.wrapping_sub(from);
            if from > to || !in_range(from, count, array.word1(vm.context())) {
                return Err(Raise::well_known(WellKnown::IndexError));
            }
            vm.charge_bytes(count as u64)?;
            if std::str::from_utf8(&vm.bytes(array)[from as usize..to as usize]).is_err() {
                return Err(Raise::well_known(WellKnown::EncodingError));
            }
            let string = vm.allocate_string(count as u64)?;
            let array = reference(*fp.add((*pc).b as usize));
            let cx = vm.context();
            let start = array.at::<u8>(cx, HEADER_BYTES + from as usize);
            std::ptr::copy_nonoverlapping(start, string.at(cx, STRING_BYTES_OFFSET), count as usize);
            *fp.add((*pc).a as usize) = string.to_slot();
        }
        Ok(Flow::Next)
    }
}
