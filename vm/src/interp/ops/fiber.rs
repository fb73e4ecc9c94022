//! Fibers: making, resuming and leaving them is a change of the guest stack the state points to; no native stack is involved.
//!
//! `fiber.resume` and `fiber.yield` have the form of a call: `word 0` with `a` the number of words, argument slots, result slots, and
//! a last word with the fiber's slot (`resume`) or the class id of the fiber type (`yield`) in its head.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::slow::{Flow, SlowOp};
use crate::runtime::{Raise, Vm};

/// `fiber.new`: `a` destination, `b` closure, `c d` class id of the fiber type.
pub(crate) struct NewFiber;
impl SlowOp for NewFiber {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the closure is of the fiber's function type (verifier: fiber.new).
        unsafe {
            vm.non_null(*fp.add((*pc).b as usize))?;
            let fiber = vm.new_fiber((*pc).immediate() as u32, fp.add((*pc).b as usize))?;
            *fp.add((*pc).a as usize) = fiber.to_slot();
        }
        Ok(Flow::Next)
    }
}

/// `fiber.resume`
pub(crate) struct Resume;
impl SlowOp for Resume {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references, types: values fit the fiber's type (verifier: fiber.resume).
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            let fiber = vm.non_null(*fp.add((*last).head as usize))?;
            vm.resume_fiber(fiber, last, pc.add(1).cast(), fp)?;
        }
        Ok(Flow::Context)
    }
}

/// `fiber.yield`
pub(crate) struct Yield;
impl SlowOp for Yield {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: as for `Resume`; the running fiber's type is compared first.
        unsafe {
            let last = pc.add((*pc).a as usize - 1);
            vm.yield_fiber((*last).head as u32, last, pc.add(1).cast(), fp)?;
        }
        Ok(Flow::Context)
    }
}

/// Behind the call of a fiber's function: hands its results, which lie in the frame's first registers, to the resumer and ends the
/// fiber.
pub(crate) struct Finish;
impl SlowOp for Finish {
    unsafe fn run(vm: &mut Vm, _pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: `fp` is the fiber's first frame.
        unsafe { vm.finish_fiber(fp) };
        Ok(Flow::Context)
    }
}

/// `a = fiber b is done`
pub(crate) struct Done;
impl SlowOp for Done {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references.
        unsafe {
            let fiber = vm.non_null(*fp.add((*pc).b as usize))?;
            *fp.add((*pc).a as usize) = u64::from(vm.is_done(fiber));
        }
        Ok(Flow::Next)
    }
}
