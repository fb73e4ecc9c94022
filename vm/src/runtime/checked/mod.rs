//! The checked build: before every handler the trampoline asks whether the machine is as the verifier, the linker and the preparer say
//! it is, and after it whether the handler did what its instruction says. Compiled with the feature `checked` only.
//!
//! Handlers trust prepared code and touch memory without looking. What that trust rests on is asserted here, from the bytecode and the
//! linker's tables rather than from the words the handlers read:
//! - the frame lies in the running fiber's stack, its link word names the function whose code runs, and the code is at an instruction;
//! - every register holds a value of its declared type: upper halves of 32-bit values zero, references null or to an object that starts
//!   where a walk of the heap finds one, of an existing class that is an instance of the type ([`values`], [`objects`]);
//! - the accumulators hold the registers the preparer believes they do;
//! - control goes where the instruction says: on, to a label, into the callee, back behind the call, to a handler ([`step`]);
//! - only the registers an instruction defines change; a load gives what lies at the field or element, a store changes nothing else;
//!   what must throw throws, and only what the instruction table allows ([`effect`], [`memory`]);
//! - a call enters the function that the class or closure holds, whose signature fits, with the arguments given ([`calls`]).
//!
//! A check that fails is a mistake in the VM, never in the program. It ends the process with a panic that names function, instruction
//! and operand; inside a host function it aborts, so that nobody takes it for that function's panic.
#![allow(unsafe_code, reason = "looks at frames and objects")]

mod calls;
mod effect;
mod memory;
mod objects;
mod place;
mod step;
mod values;

#[cfg(test)]
mod tests;

use crate::interp::{Status, Word};
use crate::program::{ClassId, FunctionId};
use crate::runtime::Vm;
use limosa_abi::Context;
use objects::Objects;
use place::Place;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;
use step::Step;
use values::Kind;

/// What is kept from one check to the next for all runs of an isolate.
#[derive(Default)]
pub(crate) struct Checks {
    objects: RefCell<Objects>,
    /// The kinds of values in the registers of functions.
    registers: RefCell<HashMap<FunctionId, Arc<[Kind]>>>,
    /// The class of what was thrown since the last check.
    thrown: Cell<Option<ClassId>>,
}

impl Checks {
    /// Notes that an exception of a class is on its way.
    pub fn note_thrown(&self, class: ClassId) {
        self.thrown.set(Some(class));
    }
}

thread_local! {
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a check failed on this thread.
pub(crate) fn failed() -> bool {
    FAILED.get()
}

/// Ends everything because a check failed.
fn broken(place: &dyn Display, what: &dyn Display) -> ! {
    FAILED.set(true);
    panic!("the VM is broken: {place}: {what}");
}

/// Ends everything unless something holds.
macro_rules! ensure {
    ($holds:expr, $place:expr, $($what:tt)+) => {
        if !$holds {
            $crate::runtime::checked::broken(&$place, &format_args!($($what)+));
        }
    };
}
use ensure;

/// The state a handler is called with.
struct State {
    pc: *const Word,
    fp: *mut u64,
    acc: u64,
    facc: f64,
}

/// Watches one run of the trampoline.
#[derive(Default)]
pub(crate) struct Checker {
    previous: Option<Step<'static>>,
}

impl Checker {
    /// Checks the state in the context, and what the handler before left.
    ///
    /// # Safety
    /// The context is a running isolate's; the program is not dropped before this.
    pub unsafe fn before(&mut self, cx: *mut Context) {
        // SAFETY: the VM is in nobody's hands between two handlers (caller).
        unsafe {
            let vm = &*(*cx).vm.cast::<Vm>();
            let state = State { pc: (*cx).pc.cast(), fp: (*cx).fp, acc: (*cx).acc, facc: (*cx).facc };
            vm.checks.objects.borrow_mut().update(vm);
            let place = Place::locate(vm, &state);
            let thrown = vm.checks.thrown.take();
            let before = self.previous.take();
            values::check_roots(vm, before.is_none());
            place.check_values(vm, &state);
            // A branch that polled runs again with the accumulators that it needs, the other may hold anything: it is taken again.
            let again = before.as_ref().is_none_or(|step| std::ptr::eq(step.pc, state.pc));
            if let Some(step) = before {
                step.check(vm, &place, &state, thrown);
            }
            if !again {
                place.check_accumulators(&state);
            }
            self.previous = Some(Step::new(vm, place, &state));
        }
    }

    /// Checks how the run ended.
    ///
    /// # Safety
    /// As for [`Checker::before`].
    pub unsafe fn ended(&mut self, cx: *mut Context, status: Status) {
        // SAFETY: caller.
        let vm = unsafe { &*(*cx).vm.cast::<Vm>() };
        let thrown = vm.checks.thrown.take();
        let Some(step) = self.previous.take() else { return };
        if status == Status::Returned {
            ensure!(matches!(step.place, Place::Exit(_)), step.place, "a return to the host from here");
        }
        if matches!(status, Status::Threw) {
            step.check_thrown(vm, thrown);
        }
    }
}
