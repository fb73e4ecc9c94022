//! Branches. Operands are in `a` and `b`; one that goes back, which is where a loop is polled, has what it charges in `c` and `d`. The
//! last word has the target's address in its head, because the next instruction cannot start before its address is known and a
//! distance would have to be added first. If the branch goes back it also names the slots its accumulator operands came from, so that
//! it can be run again after a poll or a suspension.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, FloatSource, Source};
use crate::interp::ops::compare::{FloatTest, Test};
use crate::interp::slow::{Flow, SlowOp, slow};
use crate::interp::{Status, Word};
use crate::runtime::{Raise, Vm};
use limosa_abi::Context;
use std::hint::cold_path;

/// Which way a branch goes, as a type parameter.
pub(crate) trait Direction: 'static {
    /// It is the end of a loop, and so nearly always taken.
    const IS_LOOP: bool;
    /// Takes the branch.
    ///
    /// # Safety
    /// Consistent machine state; `pc` is a branch of this direction, `last` its last word.
    unsafe fn take<D: Dispatch>(
        pc: *const Word,
        last: *const Word,
        fp: *mut u64,
        cx: *mut Context,
        fuel: i64,
        acc: u64,
        facc: f64,
    ) -> Status;
}

/// To a later instruction: free.
pub(crate) struct Forward;
impl Direction for Forward {
    const IS_LOOP: bool = false;
    #[inline(always)]
    unsafe fn take<D: Dispatch>(
        _pc: *const Word,
        last: *const Word,
        fp: *mut u64,
        cx: *mut Context,
        fuel: i64,
        acc: u64,
        facc: f64,
    ) -> Status {
        // SAFETY: the target is an instruction of the same function (verifier: label range; preparer).
        unsafe { D::next((*last).head as *const Word, fp, cx, fuel, acc, facc) }
    }
}

/// To the instruction so many words on: free, and its address has not to be waited for.
pub(crate) struct Skip<const WORDS: usize>;
impl<const WORDS: usize> Direction for Skip<WORDS> {
    const IS_LOOP: bool = false;
    #[inline(always)]
    unsafe fn take<D: Dispatch>(
        pc: *const Word,
        _last: *const Word,
        fp: *mut u64,
        cx: *mut Context,
        fuel: i64,
        acc: u64,
        facc: f64,
    ) -> Status {
        // SAFETY: as for `Forward`; the target is that far from here (preparer). The statement keeps the compiler from computing where to
        // go on from the test, for whose operands everything behind would have to wait.
        unsafe {
            std::arch::asm!("", options(nomem, nostack, preserves_flags));
            D::next(pc.add(WORDS), fp, cx, fuel, acc, facc)
        }
    }
}

/// To the same or an earlier instruction: charges.
pub(crate) struct Backward;
impl Direction for Backward {
    const IS_LOOP: bool = true;
    #[inline(always)]
    unsafe fn take<D: Dispatch>(
        pc: *const Word,
        last: *const Word,
        fp: *mut u64,
        cx: *mut Context,
        fuel: i64,
        acc: u64,
        facc: f64,
    ) -> Status {
        // SAFETY: as for `Forward`; a backward branch has its charge in its first word (preparer).
        unsafe {
            let charge = (&raw const (*pc).c).cast::<u32>();
            let left = fuel - i64::from(*charge);
            if left < 0 {
                // Read anew, so that the fuel as it was need not be kept in the register that the hot side moves on from.
                let fuel = left.wrapping_add(i64::from(charge.read_volatile()));
                return slow::<D::Plain, Poll>(pc, fp, cx, fuel, acc, facc);
            }
            D::next((*last).head as *const Word, fp, cx, left, acc, facc)
        }
    }
}

/// A charge that does not fit the slice: starts a new slice and runs the instruction again, or suspends before it.
pub(crate) struct Poll;
impl SlowOp for Poll {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: a branch that polls has its charge, and a second word with the slots its accumulators came from (preparer); those are
        // never references, which a collection could move before the instruction runs again.
        unsafe {
            let second = pc.add(1);
            vm.reload_accumulators(*fp.add((*second).a as usize), *fp.add((*second).b as usize));
            vm.refill(i64::from((*pc).immediate() as u32))?;
        }
        Ok(Flow::Context)
    }
}

handler! {
    /// Goes on at the target.
    pub(crate) fn jump[D: Dispatch, W: Direction](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe { W::take::<D::Plain>(pc, pc.add(1), fp, cx, fuel, acc, facc) }
    }
}

handler! {
    /// Branches if `L test R`.
    pub(crate) fn branch[D: Dispatch, W: Direction, T: Test, L: Source, R: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            if T::holds(L::get(pc, fp, acc), R::get(pc, fp, acc)) {
                return W::take::<D::Plain>(pc, pc.add(1), fp, cx, fuel, acc, facc);
            }
            if W::IS_LOOP {
                cold_path();
            }
            D::next(pc.add(2), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// Branches if `L test R`.
    pub(crate) fn float_branch[D: Dispatch, W: Direction, T: FloatTest, L: FloatSource, R: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let last = pc.add(1 + R::WORDS);
            if T::holds(L::get(pc, fp, facc), R::get(pc, fp, facc)) {
                return W::take::<D::Plain>(pc, last, fp, cx, fuel, acc, facc);
            }
            if W::IS_LOOP {
                cold_path();
            }
            D::next(last.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// `switch a`: the second word holds the number of labels in its head; one word per label follows, the default last. Each has the
    /// target in its head and what it charges in `c` and `d`.
    pub(crate) fn switch[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types; the table has one entry more than labels (preparer).
        unsafe {
            let index = A::get_slot(pc, fp) as u32 as usize;
            let labels = (*pc.add(1)).head as usize;
            let entry = pc.add(2 + index.min(labels));
            let left = fuel - i64::from((*entry).immediate() as u32);
            if left < 0 {
                return slow::<D::Plain, SwitchPoll>(pc, fp, cx, fuel, acc, facc);
            }
            D::next((*entry).head as *const Word, fp, cx, left, acc, facc)
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
            (*pc.add(2 + index.min((*pc.add(1)).head as usize))).immediate() as u32
        };
        vm.refill(i64::from(charge))?;
        Ok(Flow::Context)
    }
}
