//! An isolate: a heap, its globals and its stacks, and the calls into it.

use super::call;
use super::handle::{Closure, Handle};
use super::limits::Limits;
use super::program::{Func, FuncError};
use super::trap::Trap;
use super::{Arguments, Results};
use crate::runtime::access::{Element, HostData, ObjectRef, Value};
use crate::runtime::{ProgramCode, StartError, Vm};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A running instance of a program. It can be sent to another thread; one thread at a time uses it.
pub struct Isolate<T> {
    vm: Box<Vm>,
    cancelled: Arc<AtomicBool>,
    data: PhantomData<T>,
}

/// Asks an isolate to suspend what it runs, from any thread.
///
/// The isolate looks when a slice of its fuel ends, within a fraction of a millisecond of running code. If nothing runs, the next call
/// is suspended as it starts to use a slice.
#[derive(Debug, Clone)]
pub struct Canceller {
    cancelled: Arc<AtomicBool>,
}

impl Canceller {
    /// Asks.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// Counters of an isolate.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Statistics {
    /// Fuel used since it was made.
    pub fuel_used: u64,
    /// Its heap's.
    pub heap: limosa_gc::Statistics,
}

impl<T: Any + Send> Isolate<T> {
    pub(crate) fn new(code: &Arc<ProgramCode>, data: T, limits: &Limits) -> Result<Isolate<T>, StartError> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let limits = limits.start(Arc::clone(&cancelled));
        let vm = Vm::new(Arc::clone(code), &limits, HostData::new(data))?;
        Ok(Isolate { vm, cancelled, data: PhantomData })
    }

    /// What it was given.
    #[must_use]
    pub fn data(&self) -> &T {
        self.vm.data().expect("an isolate's data has the type of its host")
    }

    /// What it was given.
    pub fn data_mut(&mut self) -> &mut T {
        self.vm.data_mut().expect("an isolate's data has the type of its host")
    }
}

impl<T> Isolate<T> {
    /// A function that a module of the program exports, with its signature checked once; see [`Program::func`](crate::Program::func).
    ///
    /// # Errors
    /// If there is none of this name, or it has another signature.
    pub fn func<A: Arguments, R: Results>(&self, name: &str) -> Result<Func<A, R>, FuncError> {
        call::func(&self.vm.roots.program, name)
    }

    /// Calls a function.
    ///
    /// A call that was suspended before is given up.
    ///
    /// # Errors
    /// What ended the call: an exception, a limit, an exit. [`Trap::is_suspended`] tells whether it can be gone on with.
    #[inline]
    pub fn call<A: Arguments, R: Results>(&mut self, function: &Func<A, R>, arguments: A::At<'_>) -> Result<R, Trap> {
        call::call(&mut self.vm, function, arguments)
    }

    /// Goes on with a call that was suspended, after [`Isolate::add_fuel`] or [`Isolate::set_deadline`] if that was why.
    ///
    /// # Errors
    /// As for [`Isolate::call`]; also if no call of this function is suspended.
    pub fn resume<A: Arguments, R: Results>(&mut self, function: &Func<A, R>) -> Result<R, Trap> {
        call::resume(&mut self.vm, function)
    }

    /// Runs the program from its entry point. Gives its exit code: what the entry point returns, what the program ended itself with,
    /// or 0.
    ///
    /// # Errors
    /// As for [`Isolate::call`]; also if the program has no entry point.
    pub fn run(&mut self) -> Result<i32, Trap> {
        call::run(&mut self.vm)
    }

    /// Goes on with a run that was suspended.
    ///
    /// # Errors
    /// As for [`Isolate::run`]; also if it is not suspended.
    pub fn resume_run(&mut self) -> Result<i32, Trap> {
        call::resume_run(&mut self.vm)
    }

    /// Gives up a call that was suspended: its frames are dropped, none of its handlers runs.
    pub fn abandon(&mut self) {
        self.vm.abandon();
    }

    /// Checks the signature of a closure that the program handed out, so that it can be called.
    ///
    /// # Errors
    /// If it is no closure of this isolate, or has another signature.
    pub fn closure<A: Arguments, R: Results>(&self, handle: Handle) -> Result<Closure<A, R>, FuncError> {
        call::closure(&self.vm, handle)
    }

    /// Calls a closure. One that is suspended can only be given up.
    ///
    /// # Errors
    /// As for [`Isolate::call`].
    pub fn call_closure<A: Arguments, R: Results>(&mut self, closure: &Closure<A, R>, arguments: A::At<'_>) -> Result<R, Trap> {
        call::call_closure(&mut self.vm, closure, arguments)
    }

    fn object(&self, handle: &Handle) -> Option<ObjectRef<'_>> {
        self.vm.object_of(Value::Handle(handle.raw().number_in(&self.vm)?))
    }

    /// The text of a string; None for other objects.
    #[must_use]
    pub fn text(&self, handle: &Handle) -> Option<&str> {
        self.object(handle)?.text()
    }

    /// The elements of an array of these numbers; None for other objects.
    #[must_use]
    pub fn elements<E: Element>(&self, handle: &Handle) -> Option<&[E]> {
        self.object(handle)?.elements()
    }

    /// The elements of an array of these numbers, to be written; None for other objects.
    #[must_use]
    pub fn elements_mut<E: Element>(&mut self, handle: &Handle) -> Option<&mut [E]> {
        let number = handle.raw().number_in(&self.vm)?;
        self.vm.elements_of_mut(Value::Handle(number))
    }

    /// The type of an object, as the text form spells it; None for objects of other isolates.
    #[must_use]
    pub fn type_name(&self, handle: &Handle) -> Option<&str> {
        self.object(handle).map(ObjectRef::type_name)
    }

    /// Something with which other threads can suspend what this isolate runs.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller { cancelled: Arc::clone(&self.cancelled) }
    }

    /// When to suspend what it runs; None for never.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.vm.fuel.deadline = deadline;
    }

    /// Fuel used since it was made, exactly.
    #[must_use]
    pub fn fuel_used(&self) -> u64 {
        self.vm.fuel_used()
    }

    /// Fuel left; None if there is no limit.
    #[must_use]
    pub fn fuel_left(&self) -> Option<u64> {
        self.vm.fuel_left()
    }

    /// Grants more fuel; without effect if there is no limit.
    pub fn add_fuel(&mut self, amount: u64) {
        self.vm.add_fuel(amount);
    }

    /// Its counters.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        Statistics { fuel_used: self.vm.fuel_used(), heap: self.vm.heap.statistics() }
    }
}

impl<T> fmt::Debug for Isolate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Isolate").field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}
