//! What an isolate may use.

use crate::limits::RunLimits;
use limosa_gc::Stress;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// What an isolate may use, and the modes that test the VM itself.
///
/// ```
/// use std::time::Duration;
///
/// let limits = limosa::Limits::new().heap(64 << 20).fuel(50_000_000).stack(1 << 20).deadline(Duration::from_secs(1));
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    heap: usize,
    stack: usize,
    fuel: Option<u64>,
    deadline: Option<Duration>,
    stress: Stress,
    verify_heap: bool,
    log_collections: bool,
}

impl Limits {
    /// The defaults: a heap of 256 MiB, stacks of a million slots, no limit on fuel and time.
    #[must_use]
    pub fn new() -> Limits {
        Limits {
            heap: 256 << 20,
            stack: 1 << 20,
            fuel: None,
            deadline: None,
            stress: Stress::None,
            verify_heap: false,
            log_collections: false,
        }
    }

    /// Bytes that objects and stacks may take together. When it is exhausted, the program gets `OutOfMemory` exceptions.
    #[must_use]
    pub fn heap(mut self, bytes: usize) -> Limits {
        self.heap = bytes;
        self
    }

    /// Slots of eight bytes that the frames of each fiber may take. When they are exhausted, the program gets a `StackOverflow`
    /// exception. A frame takes a slot for each register and two more, on every machine.
    #[must_use]
    pub fn stack(mut self, slots: usize) -> Limits {
        self.stack = slots;
        self
    }

    /// Fuel the isolate starts with: about one unit for each instruction. When it is used up, the running call is suspended; see
    /// [`Isolate::add_fuel`](crate::Isolate::add_fuel).
    #[must_use]
    pub fn fuel(mut self, fuel: u64) -> Limits {
        self.fuel = Some(fuel);
        self
    }

    /// How long after the isolate was made a running call is suspended; see [`Isolate::set_deadline`](crate::Isolate::set_deadline).
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Limits {
        self.deadline = Some(time);
        self
    }

    /// When the collector runs without need: a mode that brings errors of the VM to light.
    #[must_use]
    pub fn gc_stress(mut self, stress: Stress) -> Limits {
        self.stress = stress;
        self
    }

    /// Whether the heap is checked before and after each collection: likewise.
    #[must_use]
    pub fn verify_heap(mut self, verify: bool) -> Limits {
        self.verify_heap = verify;
        self
    }

    /// Whether each collection writes a line to the standard error stream.
    #[must_use]
    pub fn gc_log(mut self, log: bool) -> Limits {
        self.log_collections = log;
        self
    }

    pub(crate) fn start(&self, cancelled: Arc<AtomicBool>) -> RunLimits {
        RunLimits {
            heap_bytes: self.heap,
            stack_slots: self.stack,
            fuel: self.fuel,
            deadline: self.deadline.and_then(|time| Instant::now().checked_add(time)),
            cancelled,
            gc_stress: self.stress,
            verify_heap: self.verify_heap,
            gc_log: self.log_collections,
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::new()
    }
}
