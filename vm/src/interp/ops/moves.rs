//! Moves and constants.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{FloatSource, Source};
use crate::interp::slow::{Flow, SlowOp, slow};
use crate::runtime::{Raise, Vm};

handler! {
    /// `a = L`
    pub(crate) fn mov[D: Dispatch, L: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = L::get(pc, fp, acc);
            if D::STORES { *fp.add((*pc).a as usize) = value; }
            D::next(pc.add(1 + L::WORDS), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = L`
    pub(crate) fn mov_float[D: Dispatch, L: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = L::get(pc, fp, facc);
            *fp.add((*pc).a as usize).cast::<f64>() = value;
            D::next(pc.add(1 + L::WORDS), fp, cx, fuel, acc, value)
        }
    }
}

handler! {
    /// `a = ` the program's string number `c d`.
    pub(crate) fn const_str[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types; the index is below the number of the program's strings (linker).
        unsafe {
            let string = *(*cx).strings.add((*pc).immediate() as u32 as usize);
            if string == 0 {
                return slow::<D::Plain, MakeString>(pc, fp, cx, fuel, acc, facc);
            }
            *fp.add((*pc).a as usize) = u64::from(string);
            D::next(pc.add(1), fp, cx, fuel, u64::from(string), facc)
        }
    }
}

/// Makes a string constant at its first use in an isolate.
pub(crate) struct MakeString;
impl SlowOp for MakeString {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as in `const_str`.
        unsafe {
            let string = vm.constant_string((*pc).immediate() as u32)?;
            *fp.add((*pc).a as usize) = string.to_slot();
        }
        Ok(Flow::Next)
    }
}
