//! Limosa's garbage collector: one heap per isolate, one thread at a time.
//!
//! A [`Heap`] reserves one range of addresses. At its base lies the [`Context`](limosa_abi::Context); objects follow, in two halves of
//! which one is in use. Running code allocates inline from the buffer the context describes
//! ([`try_allocate`](limosa_abi::try_allocate)) and comes to [`Heap::allocate`] when that is full; it asks
//! [`needs_log`](limosa_abi::needs_log) before it writes a reference into an object and comes to [`Heap::log_object`] or
//! [`Heap::log_range`] when told so. The heap knows nothing of frames, fibers or handles: it finds what is alive through [`Roots`].
//!
//! # Invariants
//!
//! - Objects of the half in use lie one after the other from its start to `allocation_next`, without gaps; so memory can be walked.
//! - Memory from `allocation_next` to the end of the buffer is zero, whatever lay there before.
//! - Objects, rounded to eight bytes, and charged external bytes together never exceed the limit. Before either is refused a full
//!   collection is made; before the heap grows beyond its goal (three times what the last collection left, or less) one is made too.
//! - Collecting moves every object. Whoever calls [`Heap::allocate`], [`Heap::collect`] or [`Heap::charge`] keeps no reference but in
//!   root slots. The base never moves.
//! - Objects that survived a collection are old and carry [`Flags::UNLOGGED`](limosa_abi::object::Flags) until they are logged. This
//!   collector has no use for the log; it keeps the contract so that the barriers can be proven.
//! - No work is recursive, and no memory beside the two halves is needed to collect (the checking modes need some).
//! - `PINNED` and `FROZEN` objects do not exist yet; the verifier rejects them.
//!
//! # Modes
//!
//! [`Stress::Alloc`] collects at every N-th allocation: whoever keeps a reference over a safepoint outside a root is found out, since
//! what was left is overwritten. [`Stress::Barrier`] collects often and proves that all writes to old objects were logged. With
//! [`HeapOptions::verify`] each collection is preceded and followed by a check of the whole heap. What they find is a [`Violation`].

#![deny(unsafe_code)]

mod barrier_check;
mod collect;
mod evacuate;
mod heap;
mod map;
mod objects;
mod options;
mod space;
mod statistics;
mod trace;
mod verify;
mod violation;

pub use heap::Heap;
pub use options::{HeapError, HeapOptions, LimitReached, MAX_LIMIT, Stress, StressError};
pub use statistics::{Collection, Reason, Statistics};
pub use trace::{Liveness, Roots, Tracer};
pub use violation::{Damage, Phase, Violation};
