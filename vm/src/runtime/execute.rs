//! Running: calls from the host, what they end with, and going on after a suspension.
#![allow(unsafe_code, reason = "lays out frames and enters the interpreter")]

use crate::interp::dispatch::{Dispatch as _, Trampoline};
use crate::interp::ops::call::link_call;
use crate::interp::{Status, Word};
use crate::program::FunctionId;
use crate::runtime::code::Dispatch;
use crate::runtime::fiber::MAIN;
use crate::runtime::roots::ENTRY_FRAME;
use crate::runtime::{Raise, Vm};
use limosa_abi::Reference;
use limosa_abi::frame::{HEADER_SLOTS, LINK_SLOT, RETURN_SLOT, link_delta, link_function};
use limosa_gc::Violation;
use limosa_spec::WellKnown;

/// Calls from the host into each other, at most.
pub(crate) const MAX_ACTIVATIONS: u32 = 200;

/// Why an isolate was suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its fuel does not suffice for what comes next.
    Fuel,
    /// Its deadline passed.
    Deadline,
    /// Somebody cancelled it.
    Cancelled,
}

/// Why everything ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The program asked for it.
    Exit(i32),
    /// A suspension inside a host function, which cannot be gone on with.
    Suspended(Reason),
    /// A checking mode found the VM wrong.
    Violation(Violation),
}

/// How a call from the host ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It returned; the results are written.
    Returned,
    /// It threw; the exception is in the VM's `thrown` until [`Vm::take_thrown`].
    Threw,
    /// It can be resumed or abandoned.
    Suspended(Reason),
    /// Everything ended.
    Ended(Ending),
}

/// What a nested call disturbs and its return puts back.
struct Saved {
    pc: *const u8,
    fp: *mut u64,
    fiber: u32,
}

impl Vm {
    /// Calls a function with arguments as slot values; its results are written as slot values.
    ///
    /// # Safety
    /// Arguments and results fit the function's signature.
    pub unsafe fn call(&mut self, function: FunctionId, arguments: &[u64], results: &mut [u64]) -> Outcome {
        if self.suspended.is_some() {
            self.abandon();
        }
        // SAFETY: the context is ours.
        let saved = unsafe { Saved { pc: (*self.context()).pc, fp: (*self.context()).fp, fiber: self.roots.current } };
        self.roots.fiber_mut(saved.fiber).host_calls += 1;
        self.activations += 1;
        // SAFETY: caller.
        let status = match unsafe { self.enter(function, arguments, results.len()) } {
            Ok(()) => self.run(),
            Err(raise) => {
                self.activations -= 1;
                self.roots.fiber_mut(saved.fiber).host_calls -= 1;
                return self.refused(raise);
            }
        };
        self.leave(status, &saved, results)
    }

    /// A call that could not even be entered throws into the host's code.
    pub fn refused(&mut self, raise: Raise) -> Outcome {
        match raise {
            Raise::New { class, message } => {
                let class = self.program().linked.classes.well_known(class);
                match self.new_error_object(class, &message) {
                    Ok(exception) | Err(Raise::Object(exception)) => {
                        self.roots.thrown = exception;
                        Outcome::Threw
                    }
                    Err(other) => self.refused(other),
                }
            }
            Raise::Object(exception) => {
                self.roots.thrown = exception;
                Outcome::Threw
            }
            Raise::Suspend(reason) => Outcome::Ended(Ending::Suspended(reason)),
            Raise::End(ending) => Outcome::Ended(ending),
        }
    }

    /// Lays out the frames of a call from the host and sets the state to its entry.
    ///
    /// # Safety
    /// As for [`Vm::call`].
    unsafe fn enter(&mut self, function: FunctionId, arguments: &[u64], results: usize) -> Result<(), Raise> {
        if self.activations > MAX_ACTIVATIONS {
            let message = format!("calls from the host nest deeper than {MAX_ACTIVATIONS}");
            return Err(Raise::New { class: WellKnown::StackOverflow, message: message.into() });
        }
        let cx = self.context();
        // SAFETY: between the host function's frame and the limit, and in the red zone behind it, the stack is free.
        unsafe {
            let (top, below) = self.free_slots();
            let first = top.add(HEADER_SLOTS);
            let callee = first.add(results.max(1) + HEADER_SLOTS);
            if callee > (*cx).stack_limit {
                self.extend_stack(callee)?;
            }
            let delta = if below.is_null() { 0 } else { first.offset_from(below) as u64 };
            *first.offset(LINK_SLOT) = u64::from(ENTRY_FRAME) << 32 | delta;
            *first.offset(RETURN_SLOT) = 0;
            *callee.offset(LINK_SLOT) = u64::from(function) << 32 | callee.offset_from(first) as u64;
            *callee.offset(RETURN_SLOT) = self.program().stubs.exit(results) as u64;
            callee.copy_from_nonoverlapping(arguments.as_ptr(), arguments.len());
            (*cx).pc = self.program().linked.entries.cell(function).load();
            (*cx).fp = callee;
        }
        Ok(())
    }

    /// The first free slot above the running frame, and that frame; null and the stack's base where nothing runs.
    ///
    /// # Safety
    /// The running frame is a host function's, or nothing runs.
    unsafe fn free_slots(&self) -> (*mut u64, *mut u64) {
        if self.activations == 1 {
            return (self.roots.fiber(MAIN).stack().base(), std::ptr::null_mut());
        }
        // SAFETY: caller.
        unsafe {
            let fp = (*self.context()).fp;
            let function = link_function(*fp.offset(LINK_SLOT));
            (fp.add(self.program().linked.functions[function as usize].registers as usize), fp)
        }
    }

    /// Runs from the state in the context.
    fn run(&mut self) -> Status {
        let cx = self.context();
        let dispatch = self.program().dispatch;
        // SAFETY: the state is consistent; handlers reach this VM through the context only while `self` is not used here.
        unsafe {
            let (pc, fp, fuel) = ((*cx).pc.cast::<Word>(), (*cx).fp, (*cx).fuel);
            match dispatch {
                #[cfg(not(debug_assertions))]
                Dispatch::Direct => crate::interp::dispatch::Direct::run(pc, fp, cx, fuel),
                #[cfg(debug_assertions)]
                Dispatch::Direct => Trampoline::run(pc, fp, cx, fuel),
                Dispatch::Trampoline => Trampoline::run(pc, fp, cx, fuel),
            }
        }
    }

    /// Puts back what a call disturbed and says how it ended.
    fn leave(&mut self, status: Status, saved: &Saved, results: &mut [u64]) -> Outcome {
        let cx = self.context();
        let outcome = match status {
            Status::Suspended => return Outcome::Suspended(self.suspended.unwrap_or(Reason::Fuel)),
            Status::Returned => {
                // SAFETY: the state is at the entry frame, whose registers hold the results.
                unsafe { results.as_mut_ptr().copy_from_nonoverlapping((*cx).fp, results.len()) };
                Outcome::Returned
            }
            Status::Threw => Outcome::Threw,
            Status::Aborted | Status::Continue => match &self.ending {
                Some(ending) => Outcome::Ended(ending.clone()),
                None => Outcome::Ended(Ending::Suspended(Reason::Cancelled)),
            },
        };
        self.finish_fibers_up_to(saved.fiber);
        self.roots.fiber_mut(saved.fiber).host_calls -= 1;
        self.activations -= 1;
        // SAFETY: the context is ours.
        unsafe {
            (*cx).pc = saved.pc;
            (*cx).fp = saved.fp;
        }
        if self.activations == 0 {
            self.ending = None;
        }
        outcome
    }

    /// Goes on where a suspended call stopped.
    ///
    /// # Safety
    /// The call is suspended; `results` fit the function that was called.
    pub unsafe fn resume(&mut self, results: &mut [u64]) -> Outcome {
        self.suspended = None;
        let status = if self.roots.thrown.is_null() { Status::Continue } else { self.unwind() };
        let status = if status == Status::Continue { self.run() } else { status };
        let saved = Saved { pc: std::ptr::null(), fp: std::ptr::null_mut(), fiber: MAIN };
        self.leave(status, &saved, results)
    }

    /// Gives up a suspended call: its frames and running fibers are dropped, no handler runs.
    pub fn abandon(&mut self) {
        if self.suspended.take().is_some() {
            self.roots.thrown = Reference::NULL;
            let saved = Saved { pc: std::ptr::null(), fp: std::ptr::null_mut(), fiber: MAIN };
            self.ending = Some(Ending::Suspended(Reason::Cancelled));
            self.leave(Status::Aborted, &saved, &mut []);
        }
    }

    /// Whether a call is suspended.
    pub fn is_suspended(&self) -> bool {
        self.suspended.is_some()
    }

    /// The exception that left a call; it is no root any more.
    pub fn take_thrown(&mut self) -> Reference {
        std::mem::take(&mut self.roots.thrown)
    }

    /// `enter`'s frame does not fit: lets the stack grow, or drops the frame so that the call throws.
    ///
    /// # Safety
    /// `fp` is the published frame, of which only the parameters are in place.
    pub unsafe fn grow_stack(&mut self, registers: usize, fp: *mut u64) -> Result<(), Raise> {
        self.roots.entering = true;
        // SAFETY: caller.
        let grown = unsafe { self.extend_stack(fp.add(registers)) };
        self.roots.entering = false;
        if grown.is_err() {
            // SAFETY: caller.
            unsafe { self.drop_frame(fp) };
        }
        grown
    }

    /// Lets the running fiber's frames reach `top`, if its limit and the heap's allow.
    fn extend_stack(&mut self, top: *mut u64) -> Result<(), Raise> {
        let current = self.roots.current;
        let stack = self.roots.fiber(current).stack();
        let before = stack.charged_bytes();
        let Some(slots) = stack.growth_for(top) else {
            return Err(Raise::well_known(WellKnown::StackOverflow));
        };
        let more = slots * size_of::<u64>() + limosa_abi::frame::RED_ZONE_SLOTS * size_of::<u64>() - before;
        // SAFETY: every reference is in a root slot; `entering` tells of the frame that is not complete.
        if unsafe { self.heap.charge(more, &mut self.roots) }.is_err() {
            return Err(self.out_of_memory());
        }
        let stack = self.roots.fiber_mut(current).stack_mut();
        stack.set_usable(slots);
        let limit = stack.limit();
        // SAFETY: the context is ours.
        unsafe { (*self.context()).stack_limit = limit };
        Ok(())
    }

    /// Drops the running frame, so that what is thrown next comes from the call that made it.
    ///
    /// # Safety
    /// `fp` is the published frame.
    pub unsafe fn drop_frame(&mut self, fp: *mut u64) {
        let cx = self.context();
        // SAFETY: caller; below every function's frame is another.
        unsafe {
            (*cx).pc = (*fp.offset(RETURN_SLOT) as *const Word).sub(1).cast();
            (*cx).fp = fp.sub(link_delta(*fp.offset(LINK_SLOT)) as usize);
        }
    }

    /// Prepares the function whose frame was just made and sets the state to its entry.
    ///
    /// # Safety
    /// `fp` is the published frame.
    pub unsafe fn prepare_callee(&mut self, fp: *mut u64) {
        // SAFETY: caller.
        let function = unsafe { link_function(*fp.offset(LINK_SLOT)) };
        let program = self.program();
        let entry = program.prepared(function).words.as_ptr();
        // SAFETY: a return word stands behind the last word of a call, or behind what ends a call from the host or a fiber, whose head
        // is no stub; a frame whose function was replaced by a tail call returns to a call of another stub, or of none.
        unsafe {
            let last = (*fp.offset(RETURN_SLOT) as *const Word).sub(1);
            link_call(last, program.stubs.prepare_entry(function), entry);
        }
        self.go_on_at(entry);
    }

    /// Sets where the running frame goes on.
    pub fn go_on_at(&mut self, pc: *const Word) {
        // SAFETY: the context is ours.
        unsafe { (*self.context()).pc = pc.cast() };
    }
}
