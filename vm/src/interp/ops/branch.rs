//! Branches. One that goes back takes a second word with what it charges, and is where a loop is polled. That word also names the
//! slots its accumulator operands came from, so that the branch can be run again after a poll or a suspension.
//!
//! Fused compare-and-branch: operands in `a` and `b`, distance in bytes in `c` and `d`.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, FloatSource, Source};
use crate::interp::ops::compare::{FloatTest, Test};
use crate::interp::slow::{Flow, SlowOp, slow};
use crate::interp::{Status, Word};
use crate::runtime::{Raise, Vm};
use limosa_abi::Context;

/// Which way a branch goes, as a type parameter.
pub(crate) trait Direction: 'static {
    /// Words the branch takes.
    const WORDS: usize;
    /// Takes the branch.
    ///
    /// # Safety
    /// Consistent machine state; `pc` is a branch of this direction.
    unsafe fn take<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status;
}

/// To a later instruction: free.
pub(crate) struct Forward;
impl Direction for Forward {
    const WORDS: usize = 1;
    #[inline(always)]
    unsafe fn take<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: the target is an instruction of the same function (verifier: label range; preparer).
        unsafe { D::next(pc.byte_offset((*pc).immediate() as isize), fp, cx, fuel, acc, facc) }
    }
}

/// To the same or an earlier instruction: charges.
pub(crate) struct Backward;
impl Direction for Backward {
    const WORDS: usize = 2;
    #[inline(always)]
    unsafe fn take<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: as for `Forward`; a backward branch has a second word (preparer).
        unsafe {
            let charge = &raw const (*pc.add(1)).head;
            let left = fuel - *charge as i64;
            if left < 0 {
                // Read anew, so that the fuel as it was need not be kept in the register that the hot side moves on from.
                let fuel = left.wrapping_add(charge.read_volatile() as i64);
                return slow::<D::Plain, Poll>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.byte_offset((*pc).immediate() as isize), fp, cx, left, acc, facc)
        }
    }
}

/// A charge that does not fit the slice: starts a new slice and runs the instruction again, or suspends before it.
pub(crate) struct Poll;
impl SlowOp for Poll {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: every instruction that polls has a second word with its charge and the slots its accumulators came from (preparer);
        // those are never references, which a collection could move before the instruction runs again.
        unsafe {
            let second = pc.add(1);
            vm.reload_accumulators(*fp.add((*second).a as usize), *fp.add((*second).b as usize));
            vm.refill((*second).head as i64)?;
        }
        Ok(Flow::Context)
    }
}

handler! {
    /// Goes on at the target.
    pub(crate) fn jump[D: Dispatch, W: Direction](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe { W::take::<D::Plain>(pc, fp, cx, fuel, acc, facc) }
    }
}

handler! {
    /// Branches if `L test R`.
    pub(crate) fn branch[D: Dispatch, W: Direction, T: Test, L: Source, R: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            if T::holds(L::get(pc, fp, acc), R::get(pc, fp, acc)) {
                return W::take::<D::Plain>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.add(W::WORDS + R::WORDS), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// Branches if `L test R`.
    pub(crate) fn float_branch[D: Dispatch, W: Direction, T: FloatTest, L: FloatSource, R: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            if T::holds(L::get(pc, fp, facc), R::get(pc, fp, facc)) {
                return W::take::<D::Plain>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.add(W::WORDS + R::WORDS), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// `switch a`: the second word holds the number of labels in its head; one word per label follows, the default last. Each has the
    /// target as a distance from the first word in `c` and `d`, and what it charges in its head.
    pub(crate) fn switch[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types; the table has one entry more than labels (preparer).
        unsafe {
            let index = A::get_slot(pc, fp) as u32 as usize;
            let labels = (*pc.add(1)).head as usize;
            let entry = pc.add(2 + index.min(labels));
            let left = fuel - (*entry).head as i64;
            if left < 0 {
                return slow::<D::Plain, SwitchPoll>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.byte_offset((*entry).immediate() as isize), fp, cx, left, acc, facc)
        }
    }
}

/// Like [`Poll`], for the entry that a switch would take.
pub(crate) struct SwitchPoll;
impl SlowOp for SwitchPoll {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as in `switch`.
        let charge = unsafe {
            let index = A::get_slot(pc, fp) as u32 as usize;
            (*pc.add(2 + index.min((*pc.add(1)).head as usize))).head
        };
        vm.refill(charge as i64)?;
        Ok(Flow::Context)
    }
}
