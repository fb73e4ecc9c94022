//! Host functions: they run as frames like any other, whose registers are the parameters, and so are rooted while they run.
#![allow(unsafe_code, reason = "reads and writes the frame's registers")]

use crate::interp::Word;
use crate::interp::ops::convert::{canonical_bits_f32, canonical_bits_f64};
use crate::interp::ops::ret::further_results;
use crate::program::{FunctionInfo, FunctionKind, TypeId};
use crate::runtime::execute::Ending;
use crate::runtime::{Raise, Vm};
use limosa_abi::Reference;
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta};
use limosa_spec::{Type, WellKnown};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

/// A host function as the runtime calls it. The error is boxed, so that success is a null pointer.
pub(crate) type HostFunction = Arc<HostBody>;
type HostBody = dyn Fn(&mut HostCall<'_>) -> Result<(), Box<HostFailure>> + Send + Sync;

/// All that calls of a host function need, in one place, which its prepared code knows.
pub(crate) struct HostEntry {
    info: *const FunctionInfo,
    body: *const HostBody,
    /// Some result is a float.
    float_results: bool,
}

impl HostEntry {
    /// The entries of a host's functions by their number; none for those a program does not import. They hold as long as both stay where
    /// they are.
    pub fn all(functions: &[FunctionInfo], bodies: &[HostFunction]) -> Box<[Option<HostEntry>]> {
        let mut entries: Box<[Option<HostEntry>]> = bodies.iter().map(|_| None).collect();
        for info in functions {
            if let FunctionKind::Host { index } = info.kind {
                let float_results = info.results.iter().any(|result| is_float(result.ty));
                entries[index as usize] = Some(HostEntry { info, body: Arc::as_ptr(&bodies[index as usize]), float_results });
            }
        }
        entries
    }
}

/// Why a host function has no result.
#[derive(Debug)]
pub(crate) enum HostFailure {
    /// Throws an exception of a well-known class.
    Error {
        /// Its class.
        class: WellKnown,
        /// Its message.
        message: String,
    },
    /// An operation of the runtime failed.
    Raised(Raise),
    /// The program asked to exit.
    Exit(i32),
}

impl From<Raise> for HostFailure {
    fn from(raise: Raise) -> HostFailure {
        HostFailure::Raised(raise)
    }
}

/// What a host function gets.
pub(crate) struct HostCall<'a> {
    /// The isolate.
    pub vm: &'a mut Vm,
    pub(super) fp: *mut u64,
    pub(super) info: &'a FunctionInfo,
    /// Fuel the function itself charged, to be given back if it suspends.
    pub(super) charged: i64,
}

impl Vm {
    /// Runs a host function in the frame made for it, and returns from that.
    ///
    /// # Safety
    /// `fp` is the published frame, that of the host function whose entry it is, with its parameters in place. The entry is of the
    /// isolate's program.
    #[inline]
    pub unsafe fn call_host(&mut self, entry: *const HostEntry, fp: *mut u64) -> Result<(), Raise> {
        // SAFETY: an isolate holds its program, one and the same, as long as it exists, and that its entries and what they lead to.
        let (entry, info, body) = unsafe { (&*entry, &*(*entry).info, &*(*entry).body) };
        // SAFETY: caller.
        unsafe { self.enter_host(info, fp)? };
        let kept = self.roots.temporaries.len();
        let mut call = HostCall { vm: self, fp, info, charged: 0 };
        let result = catch_unwind(AssertUnwindSafe(|| body(&mut call)));
        let charged = call.charged;
        #[cfg(feature = "checked")]
        if super::checked::failed() {
            std::process::abort();
        }
        self.roots.temporaries.truncate(kept);
        if self.ending.is_none()
            && let Ok(Ok(())) = result
        {
            // SAFETY: caller; the results are in the frame's first registers.
            unsafe { self.return_from_host(entry, fp) };
            return Ok(());
        }
        Err(self.host_failed(result, info, charged))
    }

    /// What entering a function does: room for the registers, a unit of fuel, and the non-null parameters checked.
    ///
    /// # Safety
    /// As for [`Vm::call_host`].
    #[inline]
    unsafe fn enter_host(&mut self, info: &FunctionInfo, fp: *mut u64) -> Result<(), Raise> {
        // SAFETY: caller.
        unsafe {
            if fp.add(info.registers as usize) > (*self.context()).stack_limit {
                self.grow_stack(info.registers as usize, fp)?;
            }
            if (*self.context()).fuel < 1 {
                self.refill(1)?;
            }
            (*self.context()).fuel -= 1;
            for (register, parameter) in info.parameters.iter().enumerate() {
                if parameter.non_null && *fp.add(register) == 0 {
                    self.drop_frame(fp);
                    return Err(Raise::well_known(WellKnown::NullError));
                }
            }
        }
        Ok(())
    }

    /// What is thrown for a host function without results; the end of everything, if that was decided inside it.
    #[cold]
    fn host_failed(&mut self, result: thread::Result<Result<(), Box<HostFailure>>>, info: &FunctionInfo, charged: i64) -> Raise {
        if let Some(ending) = &self.ending {
            return Raise::End(ending.clone());
        }
        let failure = match result {
            Ok(Ok(())) => return Raise::well_known(WellKnown::HostError),
            Ok(Err(failure)) => *failure,
            Err(panic) => {
                let message = panic_message(&*panic, &info.name);
                HostFailure::Error { class: WellKnown::HostError, message }
            }
        };
        match failure {
            HostFailure::Error { class, message } => Raise::New { class, message: message.into() },
            HostFailure::Raised(Raise::Suspend(reason)) => {
                // SAFETY: the context is ours. The call is made again, and charges again.
                unsafe { (*self.context()).fuel += 1 + charged };
                Raise::Suspend(reason)
            }
            HostFailure::Raised(raise) => raise,
            HostFailure::Exit(code) => Raise::End(Ending::Exit(code)),
        }
    }

    /// Hands a host function's results to its caller, with the accumulators that a return leaves.
    ///
    /// # Safety
    /// As for [`Vm::call_host`]; the results are in the frame's first registers, and none that may not be null is.
    #[inline]
    unsafe fn return_from_host(&mut self, entry: &HostEntry, fp: *mut u64) {
        let cx = self.context();
        // SAFETY: caller; a return finds the result slots behind its return word (calls).
        unsafe {
            let results = &*(*entry.info).results;
            if entry.float_results {
                for (register, result) in results.iter().enumerate() {
                    canonicalise_nan(result.ty, fp.add(register));
                }
            }
            let count = results.len();
            let pc = *fp.offset(RETURN_SLOT) as *const Word;
            let caller = fp.sub(link_delta(*fp.offset(LINK_SLOT)) as usize);
            let last = pc.sub(1);
            debug_assert_eq!((*last).c as usize, count);
            let first = if count > 0 { *fp } else { 0 };
            (*cx).acc = first;
            (*cx).facc = f64::from_bits(first);
            if count > 0 {
                *caller.add((*last).a as usize) = first;
            }
            if count > 1 {
                let further = further_results(last);
                for index in 1..count {
                    *caller.add(*further.add(index - 1) as usize) = *fp.add(index);
                }
            }
            (*cx).pc = pc.cast();
            (*cx).fp = caller;
        }
    }

    /// Keeps a reference over allocations until the host function returns; gives where to find it.
    pub fn keep(&mut self, reference: Reference) -> usize {
        self.roots.temporaries.push(reference.0);
        self.roots.temporaries.len() - 1
    }

    /// A reference that was kept.
    pub fn kept(&self, index: usize) -> Reference {
        Reference(self.roots.temporaries[index])
    }
}

fn is_float(ty: TypeId) -> bool {
    ty == Type::F64.code() || ty == Type::F32.code()
}

/// NaNs that come from the host look like all others.
///
/// # Safety
/// The slot can be written and has the type.
#[inline]
unsafe fn canonicalise_nan(ty: TypeId, slot: *mut u64) {
    // SAFETY: caller.
    unsafe {
        if ty == Type::F64.code() {
            *slot = canonical_bits_f64(f64::from_bits(*slot));
        } else if ty == Type::F32.code() {
            *slot = u64::from(canonical_bits_f32(f32::from_bits(*slot as u32)));
        }
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send), function: &str) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("host function `{function}` panicked: {}", text.unwrap_or("no message"))
}
