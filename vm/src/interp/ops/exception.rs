//! Throwing.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::Word;
use crate::interp::slow::{Flow, SlowOp};
use crate::runtime::{Raise, Vm};

/// `throw a`
pub(crate) struct Throw;
impl SlowOp for Throw {
    unsafe fn run(vm: &mut Vm, pc: *const Word, fp: *mut u64) -> Result<Flow, Raise> {
        // SAFETY: frame, references; the object is an `Error` (verifier: throw).
        let exception = unsafe { vm.non_null(*fp.add((*pc).a as usize))? };
        Err(Raise::Object(exception))
    }
}
