//! How one handler reaches the next: directly, by a call in tail position, or through a loop.
//!
//! The direct form needs an optimised build without debug assertions, where LLVM turns the call into a jump; elsewhere only the
//! trampoline is compiled in. Both are instantiations of the same handlers.
#![allow(unsafe_code, reason = "calls through the addresses in prepared code")]

use crate::interp::{Handler, Status, Word};
use limosa_abi::Context;

/// A way from one handler to the next.
pub(crate) trait Dispatch: 'static {
    /// An instruction's result has to be in its slot when the next starts.
    const STORES: bool = true;

    /// The way that knows nothing of what comes next: for slow operations and branches that are taken.
    type Plain: Dispatch;

    /// Runs the instruction at `pc`, or arranges that it is run next.
    ///
    /// # Safety
    /// The state is a consistent machine state (see [`interp`](crate::interp)).
    unsafe fn next(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status;

    /// Like [`next`](Dispatch::next), from an instruction that changed the float accumulator: `before` is what it held, for a way that knows
    /// somebody to have use for it.
    ///
    /// # Safety
    /// As for [`next`](Dispatch::next).
    #[inline(always)]
    unsafe fn next_float(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64, before: f64) -> Status {
        let _ = before;
        // SAFETY: forwarded.
        unsafe { Self::next(pc, fp, cx, fuel, acc, facc) }
    }

    /// Runs from a state, with the accumulators in the context, until a status other than [`Status::Continue`] comes back.
    ///
    /// # Safety
    /// As for [`Dispatch::next`]; the code was prepared for this dispatch.
    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status;
}

/// Handler to handler by jumps.
#[cfg(not(debug_assertions))]
pub(crate) struct Direct;

#[cfg(not(debug_assertions))]
impl Dispatch for Direct {
    type Plain = Direct;

    #[inline(always)]
    unsafe fn next(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: the head of an instruction's first word is a handler's address (preparer).
        unsafe { std::mem::transmute::<u64, Handler>((*pc).head)(pc, fp, cx, fuel, acc, facc) }
    }

    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status {
        // SAFETY: forwarded.
        unsafe { Self::next(pc, fp, cx, fuel, (*cx).acc, (*cx).facc) }
    }
}

/// Handlers return to a loop that calls the next.
pub(crate) struct Trampoline;

impl Dispatch for Trampoline {
    type Plain = Trampoline;

    #[inline(always)]
    unsafe fn next(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: the context of a running isolate is valid and used by this thread only.
        unsafe {
            (*cx).pc = pc.cast();
            (*cx).fp = fp;
            (*cx).fuel = fuel;
            (*cx).acc = acc;
            (*cx).facc = facc;
        }
        Status::Continue
    }

    unsafe fn run(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64) -> Status {
        // SAFETY: as for `next`; the head of an instruction's first word is a handler's address (preparer).
        unsafe {
            Self::next(pc, fp, cx, fuel, (*cx).acc, (*cx).facc);
            #[cfg(feature = "checked")]
            let mut checker = crate::runtime::checked::Checker::default();
            loop {
                #[cfg(feature = "checked")]
                checker.before(cx);
                let pc = (*cx).pc.cast::<Word>();
                let handler = std::mem::transmute::<u64, Handler>((*pc).head);
                let status = handler(pc, (*cx).fp, cx, (*cx).fuel, (*cx).acc, (*cx).facc);
                if status != Status::Continue {
                    #[cfg(feature = "checked")]
                    checker.ended(cx, status);
                    return status;
                }
            }
        }
    }
}
