//! What a heap tells of itself.

use std::fmt;
use std::time::Duration;

/// Why a collection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Enough was allocated since the last one.
    Allocation,
    /// Enough memory was taken outside the heap since the last one.
    External,
    /// The limit is reached.
    Limit,
    /// The host or the program asked for it; everything free is given back to the system.
    Forced,
    /// A stress mode asked for it.
    Stress,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Allocation => "allocation",
            Reason::External => "external",
            Reason::Limit => "limit",
            Reason::Forced => "forced",
            Reason::Stress => "stress",
        })
    }
}

/// One collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collection {
    /// The how-manieth of its heap, from 1.
    pub number: u64,
    /// Why.
    pub reason: Reason,
    /// How long the program stood still, checks of the verify and stress modes excluded.
    pub pause: Duration,
    /// Bytes of objects before it.
    pub before: usize,
    /// Bytes of objects after it.
    pub after: usize,
    /// Bytes outside the heap after it.
    pub external: usize,
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Collection { number, reason, pause, before, after, external } = self;
        write!(f, "gc {number}: full, {reason}, {} us, {before} -> {after} bytes, {external} external", pause.as_micros())
    }
}

/// Counters of a heap since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Collections made.
    pub collections: u64,
    /// Bytes of all objects ever made.
    pub bytes_allocated: u64,
    /// Bytes moved by collections.
    pub bytes_copied: u64,
    /// Bytes of objects that survived the last collection.
    pub live_bytes: usize,
    /// Bytes of objects now, dead ones included.
    pub used_bytes: usize,
    /// Bytes charged outside the heap now.
    pub external_bytes: usize,
    /// The most that objects and external bytes took together.
    pub peak_bytes: usize,
    /// The limit on objects and external bytes together.
    pub limit: usize,
    /// Times the write barrier's cold side was taken.
    pub barrier_logs: u64,
    /// Time spent in collections.
    pub pause_total: Duration,
    /// The longest collection.
    pub pause_max: Duration,
}
