//! The context: what running code reaches through one pointer, which is also the heap base.
//!
//! It lies in the first bytes of the isolate's reserved range. The collector owns the allocation fields, the VM the others.

use crate::class::ClassInfo;
use std::ffi::c_void;

/// An isolate's running state, at the base of its heap.
#[derive(Debug)]
#[repr(C)]
pub struct Context {
    /// Where the next object goes, as a reference. Memory from here to `allocation_limit` is zero.
    pub allocation_next: u32,
    /// The end of the allocation buffer, as a reference; an allocation beyond it takes the slow path.
    pub allocation_limit: u32,
    /// The records of the program's classes by id.
    pub class_table: *const ClassInfo,
    /// Number of records.
    pub class_count: u32,
    /// The first slot a frame of the running fiber may not reach.
    pub stack_limit: *mut u64,
    /// The values of the program's globals, one slot each.
    pub globals: *mut u64,
    /// The program's string constants as references; 0 while one has not been made yet.
    pub strings: *mut u32,
    /// Where the interpreter stands: published before anything that may collect, suspend, throw or look at the stack.
    pub pc: *const u8,
    /// The frame that belongs to `pc`.
    pub fp: *mut u64,
    /// Fuel left in the running slice, published with `pc`.
    pub fuel: i64,
    /// The accumulators, kept here by the trampoline only.
    pub acc: u64,
    /// The float accumulator, kept here by the trampoline only.
    pub facc: f64,
    /// The VM's own state of this isolate.
    pub vm: *mut c_void,
}

/// Bytes at the base of a heap that are kept for the context: no object lies there.
pub const CONTEXT_BYTES: usize = 4096;

const _: () = assert!(size_of::<Context>() <= CONTEXT_BYTES);
