//! A program with its code: what was linked, the host functions, and prepared code as it comes into being.
#![allow(unsafe_code, reason = "shares pointers into itself between threads")]

use crate::prepare::{PreparedFunction, Stubs, prepare};
#[cfg(feature = "checked")]
use crate::program::FunctionKind;
use crate::program::{FunctionId, Linked};
use crate::runtime::host::{HostEntry, HostFunction};
use std::sync::OnceLock;

/// How the interpreter goes from one instruction to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dispatch {
    /// By jumps; the default. Checked builds and those with debug assertions have the trampoline only.
    #[cfg_attr(not(any(debug_assertions, feature = "checked")), default)]
    Direct,
    /// Through a loop.
    #[cfg_attr(any(debug_assertions, feature = "checked"), default)]
    Trampoline,
}

/// A linked program and its prepared code, shared by all isolates that run it.
pub(crate) struct ProgramCode {
    /// What the linker made.
    pub linked: Linked,
    /// The host functions by their number.
    _host: Vec<HostFunction>,
    /// What calls of them need.
    host_entries: Box<[Option<HostEntry>]>,
    /// The form prepared code has.
    pub dispatch: Dispatch,
    /// Code by function, once it was called.
    prepared: Box<[OnceLock<PreparedFunction>]>,
    /// The little pieces of code that belong to no function.
    pub stubs: Stubs,
}

// SAFETY: the raw pointers lead into the program's own boxes, which are immutable but for two kinds of atomics: entry cells and the
// heads of static calls' last words.
unsafe impl Send for ProgramCode {}
// SAFETY: as above.
unsafe impl Sync for ProgramCode {}

impl ProgramCode {
    /// A program of which nothing is prepared yet.
    pub fn new(linked: Linked, host: Vec<HostFunction>, dispatch: Dispatch) -> ProgramCode {
        let dispatch = if cfg!(any(debug_assertions, feature = "checked")) { Dispatch::Trampoline } else { dispatch };
        let stubs = Stubs::new(dispatch, linked.functions.len());
        for function in 0..linked.functions.len() as FunctionId {
            linked.entries.set(function, stubs.prepare_entry(function));
        }
        let prepared = linked.functions.iter().map(|_| OnceLock::new()).collect();
        let host_entries = HostEntry::all(&linked.functions, &host);
        ProgramCode { linked, _host: host, host_entries, dispatch, prepared, stubs }
    }

    /// The function's code, prepared now if need be; all calls lead to it afterwards.
    pub fn prepared(&self, function: FunctionId) -> &PreparedFunction {
        let slot = &self.prepared[function as usize];
        if let Some(prepared) = slot.get() {
            return prepared;
        }
        let prepared = slot.get_or_init(|| prepare(self, function));
        self.linked.entries.set(function, prepared.words.as_ptr());
        prepared
    }

    /// What calls of a host function that the program imports need.
    pub fn host_entry(&self, index: u32) -> *const HostEntry {
        self.host_entries[index as usize].as_ref().map_or(std::ptr::null(), std::ptr::from_ref)
    }

    /// A function's code to be damaged.
    #[cfg(all(test, feature = "checked"))]
    pub fn prepared_mut(&mut self, function: FunctionId) -> &mut PreparedFunction {
        self.prepared[function as usize].get_mut().expect("the function was prepared")
    }

    /// The function's code if it was prepared.
    #[inline]
    pub fn prepared_if_any(&self, function: FunctionId) -> Option<&PreparedFunction> {
        self.prepared[function as usize].get()
    }

    /// Whether the function is the host's.
    #[cfg(feature = "checked")]
    pub fn is_host(&self, function: FunctionId) -> bool {
        matches!(self.linked.functions[function as usize].kind, FunctionKind::Host { .. })
    }
}
