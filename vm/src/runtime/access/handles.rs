//! References that the host holds: entries of a table of the isolate, given back when the host drops them, on whatever thread.

use super::objects::ObjectRef;
use crate::runtime::host::HostFailure;
use crate::runtime::{Raise, TraceFrame, Vm};
use limosa_abi::Reference;
use limosa_spec::WellKnown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What an isolate and its handles share: the entries that handles gave back.
#[derive(Debug, Default)]
pub(crate) struct HandleOwner {
    any: AtomicBool,
    dropped: Mutex<Vec<u32>>,
}

/// An entry of an isolate's handle table; dropping it gives the entry back.
#[derive(Debug)]
pub(crate) struct RawHandle {
    index: u32,
    owner: Arc<HandleOwner>,
}

impl RawHandle {
    /// The number, if this is a handle of that isolate.
    pub fn number_in(&self, vm: &Vm) -> Option<u32> {
        Arc::ptr_eq(&self.owner, &vm.dropped_handles).then_some(self.index)
    }
}

impl Drop for RawHandle {
    fn drop(&mut self) {
        self.owner.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(self.index);
        self.owner.any.store(true, Ordering::Release);
    }
}

impl Vm {
    pub(super) fn new_handle(&mut self, reference: Reference) -> RawHandle {
        self.free_dropped_handles();
        let index = match self.roots.free_handles.pop() {
            Some(index) => {
                self.roots.handles[index as usize] = reference.0;
                index
            }
            None => {
                self.roots.handles.push(reference.0);
                self.roots.handles.len() as u32 - 1
            }
        };
        RawHandle { index, owner: Arc::clone(&self.dropped_handles) }
    }

    /// Forgets the objects whose handles were dropped.
    pub fn free_dropped_handles(&mut self) {
        if self.dropped_handles.any.load(Ordering::Acquire) {
            self.free_some_dropped_handles();
        }
    }

    #[cold]
    fn free_some_dropped_handles(&mut self) {
        self.dropped_handles.any.store(false, Ordering::Relaxed);
        let dropped = std::mem::take(&mut *self.dropped_handles.dropped.lock().unwrap_or_else(PoisonError::into_inner));
        for index in dropped {
            self.roots.handles[index as usize] = 0;
            self.roots.free_handles.push(index);
        }
    }

    /// A handle of what is kept under this number.
    pub fn handle_of_kept(&mut self, kept: usize) -> RawHandle {
        let reference = self.roots.temporaries.get(kept).map_or(Reference::NULL, |&reference| Reference(reference));
        self.new_handle(reference)
    }

    /// Keeps what a handle names as a temporary.
    pub fn keep_handle(&mut self, handle: u32) -> usize {
        let reference = self.roots.handles.get(handle as usize).map_or(Reference::NULL, |&reference| Reference(reference));
        self.keep(reference)
    }

    /// Throws the exception of a handle again.
    pub fn rethrow(&self, handle: u32) -> HostFailure {
        match self.roots.handles.get(handle as usize) {
            Some(&reference) if reference != 0 => HostFailure::Raised(Raise::Object(Reference(reference))),
            _ => HostFailure::Raised(Raise::well_known(WellKnown::HostError)),
        }
    }

    /// The exception that left the last call, with its trace.
    pub fn thrown_object(&self) -> Option<(ObjectRef<'_>, Vec<TraceFrame>)> {
        let reference = self.roots.thrown;
        if reference.is_null() {
            return None;
        }
        // SAFETY: only instances of `Error` are thrown (verifier).
        let trace = unsafe { self.trace_of(reference) };
        Some((ObjectRef { roots: &self.roots, reference }, trace))
    }

    /// A handle of the exception that left the last call, which is then no longer on its way.
    pub fn handle_of_thrown(&mut self) -> RawHandle {
        let thrown = self.take_thrown();
        self.new_handle(thrown)
    }
}
