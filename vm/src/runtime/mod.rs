//! The state of one isolate while it runs, and everything handlers need beyond a few machine instructions.
//!
//! A [`Vm`] owns a heap, the fibers' stacks and the roots. It lives in a box, because running code reaches it through its context. The
//! heap and the roots are separate fields, so that the heap can collect with the roots at hand.
//!
//! Invariant: a [`Reference`] in a Rust local does not survive a call that allocates; what must survive is in a register slot, a
//! handle or [`RootSet::temporaries`].
#![allow(unsafe_code, reason = "object and frame memory")]

pub(crate) mod access;
mod charge;
#[cfg(feature = "checked")]
pub(crate) mod checked;
mod code;
mod execute;
mod fiber;
mod host;
mod objects;
mod roots;
mod stack;
mod text;
mod trace;
mod unwind;

#[cfg(test)]
mod tests;

pub(crate) use charge::{Meter, charge_of_bytes};
pub use code::Dispatch;
pub(crate) use code::ProgramCode;
pub(crate) use execute::{Ending, Outcome, Reason};
pub(crate) use host::{HostCall, HostEntry, HostFailure, HostFunction};
pub use trace::TraceFrame;

use crate::limits::RunLimits;
use crate::program::FunctionId;
use crate::runtime::access::{HandleOwner, HostData, MAX_TYPED};
use crate::runtime::charge::Fuel;
use crate::runtime::fiber::Fiber;
use crate::runtime::roots::RootSet;
use crate::runtime::stack::StackPool;
use limosa_abi::{Context, Reference};
use limosa_gc::{Heap, HeapError, HeapOptions};
use limosa_spec::WellKnown;
use std::borrow::Cow;
use std::sync::Arc;

/// The running state of one isolate.
pub(crate) struct Vm {
    pub(crate) heap: Heap,
    pub(crate) roots: RootSet,
    pub(crate) fuel: Fuel,
    /// What the host gave the isolate; host functions know its type.
    data: HostData,
    /// The function whose call is suspended.
    pending: Option<FunctionId>,
    /// The results of the last call that returned, until somebody reads them. No roots.
    results: [u64; MAX_TYPED],
    /// Handles that the host dropped.
    dropped_handles: Arc<HandleOwner>,
    /// Calls from the host that have not returned: 1 while it runs, more if host functions called back.
    activations: u32,
    /// Why everything ends, once that is decided.
    ending: Option<execute::Ending>,
    /// Why the isolate is suspended.
    suspended: Option<Reason>,
    /// The last identity hash given out.
    identity: u32,
    /// The frames of the trace that is being made, kept for the next.
    trace_buffer: Vec<[u32; 2]>,
    /// What checks keep.
    #[cfg(feature = "checked")]
    checks: checked::Checks,
}

/// Why an instruction did not complete.
#[derive(Debug)]
pub(crate) enum Raise {
    /// A new exception of a well-known class.
    New {
        /// Its class.
        class: WellKnown,
        /// Its message.
        message: Cow<'static, str>,
    },
    /// This exception.
    Object(Reference),
    /// Suspension before the instruction.
    Suspend(Reason),
    /// The end of everything.
    End(execute::Ending),
}

impl Raise {
    /// A new exception with the message its class always has.
    pub fn well_known(class: WellKnown) -> Raise {
        Raise::New { class, message: text::default_message(class).into() }
    }
}

impl Vm {
    /// Makes an isolate's state: its heap, its main stack, and its globals with their initial values.
    pub fn new(program: Arc<ProgramCode>, limits: &RunLimits, data: HostData) -> Result<Box<Vm>, StartError> {
        let classes = &program.linked.classes;
        let options = HeapOptions { limit: limits.heap_bytes, stress: limits.gc_stress, verify: limits.verify_heap, log: limits.gc_log };
        let heap = Heap::new(options, classes.records.as_ptr(), classes.records.len() as u32)?;
        let cx = heap.context();
        let pool = StackPool::new(limits.stack_slots);
        let roots = RootSet::new(program, cx, pool);
        let fuel = Fuel::new(limits.fuel, limits.deadline, Arc::clone(&limits.cancelled));
        let mut vm = Box::new(Vm {
            heap,
            roots,
            fuel,
            data,
            pending: None,
            results: [0; MAX_TYPED],
            dropped_handles: Arc::default(),
            activations: 0,
            ending: None,
            suspended: None,
            identity: 0,
            trace_buffer: Vec::new(),
            #[cfg(feature = "checked")]
            checks: checked::Checks::default(),
        });
        let pointer: *mut Vm = &raw mut *vm;
        // SAFETY: the context is ours; the tables it points to live in boxes that the VM owns.
        unsafe {
            (*cx).vm = pointer.cast();
            (*cx).globals = vm.roots.globals.as_mut_ptr();
            (*cx).strings = vm.roots.strings.as_mut_ptr();
        }
        vm.start_main_fiber()?;
        vm.initialise_globals()?;
        Ok(vm)
    }

    /// The context, which is the heap's base.
    #[inline]
    pub fn context(&self) -> *mut Context {
        self.roots.cx
    }

    /// The program.
    #[inline]
    pub fn program(&self) -> &ProgramCode {
        &self.roots.program
    }

    fn start_main_fiber(&mut self) -> Result<(), StartError> {
        let stack = self.roots.pool.take().map_err(StartError::Stack)?;
        let bytes = stack.charged_bytes();
        self.heap.charge_in_place(bytes).map_err(|_| StartError::HeapTooSmall)?;
        let fiber = Fiber::main(stack);
        // SAFETY: the context is ours.
        unsafe { (*self.context()).stack_limit = fiber.stack().limit() };
        self.roots.fibers.push(Some(fiber));
        Ok(())
    }

    fn initialise_globals(&mut self) -> Result<(), StartError> {
        let too_small = |_| StartError::HeapTooSmall;
        let class = self.program().linked.classes.well_known(WellKnown::OutOfMemory);
        let exhausted = self.new_error_object(class, text::default_message(WellKnown::OutOfMemory)).map_err(too_small)?;
        self.roots.out_of_memory = exhausted;
        for index in 0..self.program().linked.globals.len() {
            let initial = self.program().linked.globals[index].initial;
            self.roots.globals[index] = match initial {
                limosa_spec::module::Constant::Str(string) => self.constant_string(string).map_err(too_small)?.to_slot(),
                number => number.bits(),
            };
        }
        Ok(())
    }
}

/// An isolate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The heap could not be made.
    #[error(transparent)]
    Heap(#[from] HeapError),
    /// The stack's address space could not be had.
    #[error("the guest stack could not be reserved: {0}; ask for fewer slots")]
    Stack(#[source] std::io::Error),
    /// The heap limit does not hold what every isolate needs.
    #[error("the heap limit is too small to start the program; raise it")]
    HeapTooSmall,
}
