//! Exceptions on their way: first the handler is looked for without changing anything, then the frames above it go at once.
//!
//! So a handler whose charge does not fit can wait: the exception stays in [`RootSet::thrown`](super::roots::RootSet) with all frames
//! in place, and resuming looks again.
#![allow(unsafe_code, reason = "walks frames")]

use crate::interp::{Status, Word};
use crate::prepare::PreparedFunction;
use crate::runtime::execute::Ending;
use crate::runtime::roots::{ENTRY_FRAME, FIBER_FRAME};
use crate::runtime::{Raise, Reason, Vm};
use limosa_abi::Reference;
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta, link_function};

/// Where an exception goes on.
struct Landing {
    fiber: u32,
    fp: *mut u64,
    /// The handler: its entry, the exception's register, and what going there charges. None for a call from the host.
    handler: Option<(*const Word, u32, i64)>,
}

impl Vm {
    /// Deals with an instruction that did not complete, whose state is published.
    pub fn raise(&mut self, raise: Raise) -> Status {
        match raise {
            Raise::New { class, message } => {
                let class = self.program().linked.classes.well_known(class);
                match self.new_error_object(class, &message) {
                    Ok(exception) => self.throw(exception),
                    Err(Raise::Object(exhausted)) => self.throw(exhausted),
                    Err(other) => self.stop(other),
                }
            }
            Raise::Object(exception) => self.throw(exception),
            other => self.stop(other),
        }
    }

    fn stop(&mut self, raise: Raise) -> Status {
        match raise {
            Raise::Suspend(reason) => self.suspend(reason),
            Raise::End(ending) => self.end(ending),
            // An exception that could not be made for want of memory is an object made beforehand; nothing else comes here.
            Raise::New { .. } | Raise::Object(_) => self.suspend(Reason::Fuel),
        }
    }

    fn suspend(&mut self, reason: Reason) -> Status {
        if self.activations > 1 {
            return self.end(Ending::Suspended(reason));
        }
        self.suspended = Some(reason);
        Status::Suspended
    }

    fn end(&mut self, ending: Ending) -> Status {
        self.ending = Some(ending);
        Status::Aborted
    }

    fn throw(&mut self, exception: Reference) -> Status {
        self.roots.thrown = exception;
        #[cfg(feature = "checked")]
        // SAFETY: what is thrown is a live object.
        self.checks.note_thrown(unsafe { exception.class_id(self.context()) });
        self.capture_trace();
        self.unwind()
    }

    /// Takes the exception in `thrown` to its handler, or out of the call that the host made.
    pub fn unwind(&mut self) -> Status {
        let landing = self.find_landing();
        let cx = self.context();
        let Some((target, register, charge)) = landing.handler else {
            self.finish_fibers_up_to(landing.fiber);
            // SAFETY: the context is ours.
            unsafe { (*cx).fp = landing.fp };
            return Status::Threw;
        };
        // SAFETY: the context is ours; the frame is the handler's, whose register is one of its function's (verifier).
        unsafe {
            // Going forward charges nothing, so it does not mind what is owed.
            if charge > 0
                && (*cx).fuel < charge
                && let Err(raise) = self.refill(charge)
            {
                return self.stop(raise);
            }
            self.finish_fibers_up_to(landing.fiber);
            (*cx).fuel -= charge;
            (*cx).fp = landing.fp;
            (*cx).pc = target.cast();
            *landing.fp.add(register as usize) = self.roots.thrown.to_slot();
        }
        self.roots.thrown = Reference::NULL;
        Status::Continue
    }

    fn find_landing(&self) -> Landing {
        let program = self.program();
        let mut fiber = self.roots.current;
        // SAFETY: published state; every frame has a header, and `pc` is in the code of its function or behind a call in it.
        unsafe {
            let mut fp = (*self.context()).fp;
            let mut pc = (*self.context()).pc.cast::<Word>();
            loop {
                let link = *fp.offset(LINK_SLOT);
                match link_function(link) {
                    ENTRY_FRAME => return Landing { fiber, fp, handler: None },
                    FIBER_FRAME => {
                        fiber = self.roots.fiber(fiber).resumer;
                        fp = self.roots.fiber(fiber).fp;
                        pc = self.roots.fiber(fiber).waits_at;
                        continue;
                    }
                    // What was not prepared does not run, and a host function has no handlers.
                    function => {
                        if let Some(prepared) = program.prepared_if_any(function)
                            && !prepared.handlers.is_empty()
                            && let Some(handler) = self.handler_in(prepared, prepared.bytecode_pc(pc))
                        {
                            return Landing { fiber, fp, handler: Some(handler) };
                        }
                    }
                }
                pc = (*fp.offset(RETURN_SLOT) as *const Word).sub(1);
                fp = fp.sub(link_delta(link) as usize);
            }
        }
    }

    /// The handler of a function that takes the exception in `thrown` at an instruction.
    fn handler_in(&self, prepared: &PreparedFunction, pc: u32) -> Option<(*const Word, u32, i64)> {
        let handler = prepared.handlers.iter().find(|handler| {
            // SAFETY: `thrown` is a live object.
            (handler.start..handler.end).contains(&pc) && unsafe { self.is_instance(self.roots.thrown, handler.class) }
        })?;
        let charge = if handler.target <= pc { i64::from(pc - handler.target) + 1 } else { 0 };
        Some((prepared.word(handler.target), handler.register, charge))
    }
}
