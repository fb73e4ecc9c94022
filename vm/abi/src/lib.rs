//! The one home of every layout that interpreter, native code and collector share.
//!
//! An isolate's memory is one reserved range. At its base lies the [`Context`]; objects follow. A [`Reference`] is a 32-bit offset
//! from that base in units of [`OBJECT_ALIGNMENT`] bytes, so the context pointer *is* the heap base, null is 0 (the context's own
//! place), and the range can be mapped anywhere. Nothing here collects or runs code; [`allocate`] and [`barrier`] are the inline halves
//! of what the collector does, mirrored by machine code.

#![deny(unsafe_code)]

pub mod allocate;
pub mod barrier;
pub mod class;
pub mod context;
pub mod copy;
pub mod frame;
pub mod object;

pub use allocate::try_allocate;
pub use barrier::needs_log;
pub use class::{ClassInfo, EntryCell, ObjectKind};
pub use context::Context;
pub use object::{OBJECT_ALIGNMENT, Reference};
