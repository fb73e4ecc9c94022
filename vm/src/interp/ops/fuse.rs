//! Two instructions in one handler. The words of both stay as they are; only the first one's handler is another, which reads the
//! second's operands from the second's own word. So a jump to the second, a trap in it, or a poll, finds it whole.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{B, FloatSource, Source};
use crate::interp::ops::branch::{Backward, Direction};
use crate::interp::ops::compare::Test;
use crate::interp::ops::float::FloatBinary;
use crate::interp::ops::int::Binary;
use crate::interp::slow::{SlowOp, ThrowNull, slow};
use limosa_abi::{Context, Reference};
use std::marker::PhantomData;

/// An instruction of one word on f64 as part of a fused handler: the float accumulator behind it, or None where it throws.
pub(crate) trait Step: 'static {
    /// What it throws.
    type Throws: SlowOp;

    /// Does it.
    ///
    /// # Safety
    /// Consistent machine state; `pc` is such an instruction.
    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, facc: f64) -> Option<f64>;
}

/// `a = L op R`
pub(crate) struct Compute<O, L, R>(PhantomData<(O, L, R)>);
impl<O: FloatBinary, L: FloatSource, R: FloatSource> Step for Compute<O, L, R> {
    type Throws = ThrowNull;
    #[inline(always)]
    unsafe fn run(pc: *const Word, fp: *mut u64, _cx: *mut Context, facc: f64) -> Option<f64> {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, facc), R::get(pc, fp, facc));
            *fp.add((*pc).a as usize).cast::<f64>() = value;
            Some(value)
        }
    }
}

/// `a = b.field`
pub(crate) struct Load;
impl Step for Load {
    type Throws = ThrowNull;
    #[inline(always)]
    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, _facc: f64) -> Option<f64> {
        // SAFETY: as in `object::get_float`.
        unsafe {
            let object = Reference::from_slot(B::get_slot(pc, fp));
            if object.is_null() {
                return None;
            }
            let value = *object.at::<f64>(cx, (*pc).immediate() as usize);
            *fp.add((*pc).a as usize).cast::<f64>() = value;
            Some(value)
        }
    }
}

/// `a.field = ` the float accumulator
pub(crate) struct Store;
impl Step for Store {
    type Throws = ThrowNull;
    #[inline(always)]
    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, facc: f64) -> Option<f64> {
        // SAFETY: as in `object::set_float`.
        unsafe {
            let object = Reference::from_slot(*fp.add((*pc).a as usize));
            if object.is_null() {
                return None;
            }
            *object.at::<f64>(cx, (*pc).immediate() as usize) = facc;
            Some(facc)
        }
    }
}

handler! {
    /// Two instructions on f64.
    pub(crate) fn pair[D: Dispatch, F: Step, S: Step](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: both are instructions of the kinds named (preparer).
        unsafe {
            let Some(value) = F::run(pc, fp, cx, facc) else {
                return slow::<D, F::Throws>(pc, fp, cx, fuel, acc, facc);
            };
            let second = pc.add(1);
            let Some(value) = S::run(second, fp, cx, value) else {
                return slow::<D, S::Throws>(second, fp, cx, fuel, acc, facc);
            };
            D::next(pc.add(2), fp, cx, fuel, acc, value)
        }
    }
}

handler! {
    /// `a = b op R`, then the branch back on `a test S`: the end of a counted loop.
    pub(crate) fn count_and_branch[D: Dispatch, O: Binary, R: Source, T: Test, S: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types; a backward branch follows, whose left operand is this result (preparer).
        unsafe {
            let value = O::eval(B::get_slot(pc, fp), R::get(pc, fp, acc));
            *fp.add((*pc).a as usize) = value;
            let branch = pc.add(1);
            if T::holds(value, S::get(branch, fp, value)) {
                return Backward::take::<D>(branch, fp, cx, fuel, value, facc);
            }
            D::next(branch.add(Backward::WORDS), fp, cx, fuel, value, facc)
        }
    }
}
