//! What an isolate is made with, beyond its program.

use limosa_gc::Stress;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The limits and modes of one isolate, as the runtime takes them.
#[derive(Debug, Clone)]
pub(crate) struct RunLimits {
    /// Bytes of objects, stacks and host buffers together.
    pub heap_bytes: usize,
    /// Slots of each fiber's stack.
    pub stack_slots: usize,
    /// Fuel, or None for no limit.
    pub fuel: Option<u64>,
    /// When to suspend.
    pub deadline: Option<Instant>,
    /// Set from outside to suspend.
    pub cancelled: Arc<AtomicBool>,
    /// When to collect without need.
    pub gc_stress: Stress,
    /// Check the heap before and after each collection.
    pub verify_heap: bool,
    /// A line on stderr for each collection.
    pub gc_log: bool,
}
