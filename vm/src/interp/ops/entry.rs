//! How functions are entered: by the call itself where it can, by the function's first instruction, or by a stub.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::slow::{Flow, SlowOp, slow};
use crate::interp::{Status, Word};
use crate::runtime::{HostEntry, Raise, Vm};
use limosa_abi::Context;

/// Whether a call knows that no argument is null that may not be, as a type parameter.
pub(crate) trait NonNull: 'static {
    /// It does.
    const KNOWN: bool;
}

/// It does not: they are tested.
pub(crate) struct Unknown;
impl NonNull for Unknown {
    const KNOWN: bool = false;
}

/// It does.
pub(crate) struct Known;
impl NonNull for Known {
    const KNOWN: bool = true;
}

/// Does what [`enter`] does for the function at hand and goes on behind that. Where there is more to it, or the function starts with a
/// stub, whose charge is [`NEVER`], its entry does everything itself.
///
/// # Safety
/// The frame's header and parameters are in place; see `K`.
#[inline(always)]
pub(super) unsafe fn go_in<D: Dispatch, K: NonNull>(entry: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, first: u64) -> Status {
    // SAFETY: an entry is two words at least (preparer, stubs); as in `enter`.
    unsafe {
        if !K::KNOWN && (*entry).immediate() != 0 {
            return go_in_checked::<D>(entry, fp, cx, fuel, first, 0.0);
        }
        let charge = (*entry.add(1)).head as i64;
        // Compared, not subtracted: fuel that a host function owes is below zero, and less than that by `NEVER` is not.
        if fuel < charge || fp.add((*entry).a as usize) > (*cx).stack_limit {
            return D::next(entry, fp, cx, fuel, first, f64::from_bits(first));
        }
        clear::<CLEARED_ON_ENTRY>(fp.add((*entry).b as usize));
        D::next(entry.add(ENTER_WORDS), fp, cx, fuel - charge, first, f64::from_bits(first))
    }
}

/// Whether a parameter is null that may not be, of those that an entry tells of.
///
/// # Safety
/// An entry; the frame's parameters are in place.
#[inline(always)]
unsafe fn null_parameter(entry: *const Word, fp: *mut u64) -> bool {
    // SAFETY: caller.
    unsafe {
        let mut open = (*entry).immediate() as u32;
        while open != 0 {
            if *fp.add(open.trailing_zeros() as usize) == 0 {
                return true;
            }
            open &= open - 1;
        }
        false
    }
}

handler! {
    /// Enters the function whose entry this is, if no parameter is null that may not be; else the entry finds it. The first parameter is in
    /// the accumulator.
    #[inline(never)]
    fn go_in_checked[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `go_in`.
        unsafe {
            if null_parameter(pc, fp) {
                return D::Plain::next(pc, fp, cx, fuel, acc, facc);
            }
            go_in::<D, Known>(pc, fp, cx, fuel, acc)
        }
    }
}

handler! {
    /// Enters the function whose entry is in the accumulator: the end of calls that have no registers left for [`go_in`].
    #[inline(never)]
    pub(super) fn go_into[D: Dispatch](_pc, fp, cx, fuel, acc, _facc) {
        // SAFETY: the frame's header and arguments are in place (calls).
        unsafe { go_in::<D, Unknown>(acc as *const Word, fp, cx, fuel, *fp) }
    }
}

handler! {
    /// Enters the function whose entry is in the accumulator from the last word of a call in its short form, which tells what arguments
    /// may not be null. If one is, the function's entry finds it.
    #[inline(never)]
    pub(super) fn go_in_tested[D: Dispatch](pc, fp, cx, fuel, acc, _facc) {
        // SAFETY: the frame's header and arguments are in place (calls), and there is more stack behind them (red zone).
        unsafe {
            let entry = acc as *const Word;
            let null = |index: usize| u16::from(*fp.add(index) == 0) << index;
            if (null(0) | null(1) | null(2) | null(3)) & (*pc).d != 0 {
                return D::Plain::next(entry, fp, cx, fuel, *fp, 0.0);
            }
            go_in::<D, Known>(entry, fp, cx, fuel, *fp)
        }
    }
}

/// Registers behind the parameters that entering a function clears, more or fewer as it has: what lies behind a frame is free, in the
/// red zone at most.
pub(crate) const CLEARED_ON_ENTRY: usize = 4;

/// Parameters that the mask of an `enter` can tell of.
pub(crate) const MASKED: usize = u32::BITS as usize;

/// Words of `enter`.
pub(crate) const ENTER_WORDS: usize = 2;

/// The charge in an entry that is no [`enter`]: more than any slice has.
pub(crate) const NEVER: u64 = i64::MAX as u64;

/// Clears `N` slots.
///
/// # Safety
/// They lie in the frame or in the red zone behind it.
#[inline(always)]
unsafe fn clear<const N: usize>(first: *mut u64) {
    for index in 0..N {
        // SAFETY: caller.
        unsafe { *first.add(index) = 0 };
    }
}

handler! {
    /// The first instruction of every guest function, which calls do themselves where they can ([`go_in`]). `a`: registers, `b`:
    /// parameters, so the first register to clear, `c d`: a mask of those of the first [`MASKED`] parameters that may not be null. The second
    /// word's head is what entering charges, its fields the function's index as it stands in a link word. Behind it the accumulators
    /// have the first parameter.
    pub(crate) fn enter[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: up to the limit and the red zone behind it the stack is mapped; parameters are in place (calls).
        unsafe {
            if fp.add((*pc).a as usize) > (*cx).stack_limit {
                return slow::<D::Plain, StackFull>(pc, fp, cx, fuel, acc, facc);
            }
            let first = fp.add((*pc).b as usize);
            clear::<CLEARED_ON_ENTRY>(first);
            let left = fuel - (*pc.add(1)).head as i64;
            if left < 0 {
                return slow::<D::Plain, EntryPoll>(pc, fp, cx, fuel, acc, facc);
            }
            if null_parameter(pc, fp) {
                return slow::<D::Plain, NullArgument>(pc, fp, cx, left, acc, facc);
            }
            D::next(pc.add(ENTER_WORDS), fp, cx, left, *fp, f64::from_bits(*fp))
        }
    }
}

/// Like [`Poll`](crate::interp::ops::branch::Poll) for an entry, of which registers behind the first few may not have been cleared.
pub(crate) struct EntryPoll;
impl SlowOp for EntryPoll {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `pc` is an `enter`; its frame is below the limit.
        unsafe {
            let parameters = (*pc).b as usize;
            fp.add(parameters).write_bytes(0, (*pc).a as usize - parameters);
            vm.refill((*pc.add(1)).head as i64)?;
        }
        Ok(Flow::Context)
    }
}

handler! {
    /// Follows an `enter` that did not clear all registers: clears `N` from slot `a` on.
    pub(crate) fn clear_more[D: Dispatch, const N: usize](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, or the red zone behind it.
        unsafe {
            clear::<N>(fp.add((*pc).a as usize));
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// Likewise, of any number of registers: `b`.
    pub(crate) fn clear_many[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame.
        unsafe {
            fp.add((*pc).a as usize).write_bytes(0, (*pc).b as usize);
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

/// The frame does not fit: more of the stack is committed and `enter` runs again, or its frame is dropped and the call throws.
pub(crate) struct StackFull;
impl SlowOp for StackFull {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `pc` is an `enter`.
        unsafe { vm.grow_stack((*pc).a as usize, fp)? };
        Ok(Flow::Context)
    }
}

/// A parameter declared non-null is null: the frame is dropped and the call throws.
pub(crate) struct NullArgument;
impl SlowOp for NullArgument {
    unsafe fn run(vm: &mut Vm, _pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `fp` is the running frame.
        unsafe { vm.drop_frame(fp) };
        Err(Raise::well_known(limosa_spec::WellKnown::NullError))
    }
}

handler! {
    /// Follows an `enter` whose mask a parameter declared non-null is beyond: checks slot `a`.
    pub(crate) fn check_argument[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame.
        unsafe {
            if *fp.add((*pc).a as usize) == 0 {
                return slow::<D::Plain, NullArgument>(pc, fp, cx, fuel, acc, facc);
            }
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
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

/// The whole code of a host function.
pub(crate) struct HostCall;
impl SlowOp for HostCall {
    #[inline(always)]
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `fp` is a frame whose link word names the host function, and its parameters are in place; the third word leads to the
        // function's entry (preparer).
        unsafe { vm.call_host((*pc.add(2)).head as *const HostEntry, fp)? };
        Ok(Flow::Context)
    }
}
