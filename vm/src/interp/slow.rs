//! The shell around everything that is more than a few machine instructions: it publishes the machine state, runs the operation with
//! the VM at hand, and goes on wherever that left the state.
//!
//! An operation may collect, charge fuel, throw, suspend, switch fibers or call the host. It re-reads its operands from their slots,
//! and no accumulator survives it, but for the result in slot `a`.
#![allow(unsafe_code, reason = "enters the VM from a handler")]

use crate::interp::dispatch::Dispatch;
use crate::interp::{Status, Word};
use crate::runtime::{Raise, Vm};
use limosa_abi::Context;

/// An operation behind the shell.
pub(crate) trait SlowOp: 'static {
    /// Words the instruction takes; the operation goes on behind them unless it set the state itself.
    const WORDS: usize = 1;

    /// Does it.
    ///
    /// # Safety
    /// `pc` is an instruction prepared for this operation and `fp` its frame, both published in the context of `vm`.
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise>;
}

/// Where to go on after an operation that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Behind the instruction, in the same frame.
    Next,
    /// At the state in the context.
    Context,
}

handler! {
    /// Runs a slow operation.
    #[inline(never)]
    pub(crate) fn slow[D: Dispatch, O: SlowOp](pc, fp, cx, fuel, _acc, _facc) {
        // SAFETY: the context is the running isolate's and its `vm` field is its VM, which nobody else borrows while it runs guest code.
        unsafe {
            (*cx).pc = pc.cast();
            (*cx).fp = fp;
            (*cx).fuel = fuel;
            match perform::<O>(pc, fp, cx) {
                // The slow side of a handler leaves its result in the accumulator, as the fast side does.
                Step::Next => D::next(pc.add(O::WORDS), fp, cx, (*cx).fuel, *fp.add((*pc).a as usize), 0.0),
                Step::Context => D::next((*cx).pc.cast(), (*cx).fp, cx, (*cx).fuel, (*cx).acc, (*cx).facc),
                Step::Returned => Status::Returned,
                Step::Threw => Status::Threw,
                Step::Suspended => Status::Suspended,
                Step::Aborted => Status::Aborted,
            }
        }
    }
}

/// What the shell does after an operation. A number, so that the shell has no local in memory and its calls stay jumps.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Step {
    Next,
    Context,
    Returned,
    Threw,
    Suspended,
    Aborted,
}

/// Does an operation, and takes what it raised to where it goes on. Not inlined: what it keeps in memory is its own.
///
/// # Safety
/// As for [`slow`].
#[inline(never)]
unsafe fn perform<O: SlowOp>(pc: *const Word, fp: *mut u64, cx: *mut Context) -> Step {
    // SAFETY: as in `slow`.
    unsafe {
        let vm = &mut *(*cx).vm.cast::<Vm>();
        let status = match O::run(vm, pc, fp) {
            Ok(Flow::Next) => return Step::Next,
            Ok(Flow::Context) => return Step::Context,
            Err(raise) => vm.raise(raise),
        };
        match status {
            Status::Continue => Step::Context,
            Status::Returned => Step::Returned,
            Status::Threw => Step::Threw,
            Status::Suspended => Step::Suspended,
            Status::Aborted => Step::Aborted,
        }
    }
}

macro_rules! raising {
    ($($(#[$doc:meta])* $name:ident => $class:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;
        impl SlowOp for $name {
            unsafe fn run(_vm: &mut Vm, _pc: *const Word, _fp: *mut u64) -> Result<Flow, Raise> {
                Err(Raise::well_known(limosa_spec::WellKnown::$class))
            }
        }
    )*};
}
raising! {
    /// Throws `NullError`.
    ThrowNull => NullError;
    /// Throws `DivisionError`.
    ThrowDivision => DivisionError;
    /// Throws `OverflowError`.
    ThrowOverflow => OverflowError;
    /// Throws `UnreachableError`.
    ThrowUnreachable => UnreachableError;
}
