//! Handlers that do the work of several instructions: a handler instantiated with what follows it as its [`Dispatch`].
#![allow(unsafe_code, reason = "handlers within handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::{Handler, Status, Word};
use limosa_abi::Context;

/// A handler as a type, so that it can be part of another.
pub(crate) trait Part: 'static {
    /// It takes an operand from an accumulator, and not from the slot even if it is run a second time.
    const TAKES: bool;

    /// Its address.
    fn handler<D: Dispatch>() -> Handler;

    /// Runs it.
    ///
    /// # Safety
    /// The state is a consistent machine state, and the instruction at `pc` was prepared for this handler.
    unsafe fn run<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status;

    /// Runs it, knowing what the float accumulator held before the last instruction.
    ///
    /// # Safety
    /// As for [`run`](Part::run).
    #[inline(always)]
    unsafe fn run_float<D: Dispatch>(
        pc: *const Word,
        fp: *mut u64,
        cx: *mut Context,
        fuel: i64,
        acc: u64,
        facc: f64,
        before: f64,
    ) -> Status {
        let _ = before;
        // SAFETY: forwarded.
        unsafe { Self::run::<D>(pc, fp, cx, fuel, acc, facc) }
    }
}

/// A way that knows which handler the next instruction has: a handler instantiated with it does the work of both. The words of both
/// instructions stay as they are, so a jump to the second, a trap in it or a poll finds it whole.
pub(crate) struct Then<D, S>(std::marker::PhantomData<(D, S)>);

impl<D: Dispatch, S: Part> Dispatch for Then<D, S> {
    type Plain = D::Plain;

    #[inline(always)]
    unsafe fn next(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: forwarded; the preparer fuses only where the next instruction has this handler.
        unsafe { S::run::<D>(pc, fp, cx, fuel, acc, facc) }
    }

    #[inline(always)]
    unsafe fn next_float(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64, before: f64) -> Status {
        // SAFETY: as for `next`.
        unsafe { S::run_float::<D>(pc, fp, cx, fuel, acc, facc, before) }
    }

    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status {
        // SAFETY: forwarded.
        unsafe { D::run(pc, fp, cx, fuel) }
    }
}

/// Like [`Then`] where the next instruction takes the result from the accumulator and nobody else does: it is not stored.
pub(crate) struct Feeds<D, S>(std::marker::PhantomData<(D, S)>);

impl<D: Dispatch, S: Part> Dispatch for Feeds<D, S> {
    const STORES: bool = false;
    type Plain = D::Plain;

    #[inline(always)]
    unsafe fn next(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: forwarded; the preparer fuses only where the next instruction has this handler.
        unsafe {
            compute(acc, facc);
            S::run::<D>(pc, fp, cx, fuel, acc, facc)
        }
    }

    #[inline(always)]
    unsafe fn next_float(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64, before: f64) -> Status {
        // SAFETY: as for `next`.
        unsafe {
            compute(acc, facc);
            S::run_float::<D>(pc, fp, cx, fuel, acc, facc, before)
        }
    }

    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status {
        // SAFETY: forwarded.
        unsafe { D::run(pc, fp, cx, fuel) }
    }
}

/// Has the accumulators' values computed here. The compiler would test the operands of the instruction behind first, and run out of
/// registers for both. No machine code; elsewhere there are registers enough.
#[inline(always)]
fn compute(acc: u64, facc: f64) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: nothing is done.
    unsafe {
        std::arch::asm!("/* {0} {1} */", in(reg) acc, in(xmm_reg) facc, options(nomem, nostack, preserves_flags));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (acc, facc);
}
