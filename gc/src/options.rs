//! What a heap is made with, and why making one fails.

use std::fmt;
use std::io;
use std::str::FromStr;
use thiserror::Error;

/// What a heap is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapOptions {
    /// Bytes that live objects and external memory may take together; at most [`MAX_LIMIT`].
    pub limit: usize,
    /// When to collect although there is no need.
    pub stress: Stress,
    /// Check the whole heap before and after each collection.
    pub verify: bool,
    /// Write a line to the standard error stream for each collection.
    pub log: bool,
}

/// The largest limit a heap may have.
pub const MAX_LIMIT: usize = 16 << 30;

impl HeapOptions {
    /// A limit and nothing out of the ordinary.
    #[must_use]
    pub const fn new(limit: usize) -> HeapOptions {
        HeapOptions { limit, stress: Stress::None, verify: false, log: false }
    }
}

/// Modes that bring errors of a heap's users to light: see the crate's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stress {
    /// Collect only when there is a need.
    #[default]
    None,
    /// Collect at every this-many-th allocation; 1 is every one.
    Alloc(u32),
    /// Check that every write to an old object was logged, and collect often.
    Barrier,
}

/// A stress mode that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no stress mode of the collector: expected `none`, `always`, `alloc:N` with N at least 1, or `barrier`")]
pub struct StressError(String);

impl FromStr for Stress {
    type Err = StressError;

    fn from_str(text: &str) -> Result<Stress, StressError> {
        let every = |count: &str| count.parse().ok().filter(|&count| count > 0).map(Stress::Alloc);
        match text {
            "none" => Some(Stress::None),
            "always" => Some(Stress::Alloc(1)),
            "barrier" => Some(Stress::Barrier),
            _ => text.strip_prefix("alloc:").and_then(every),
        }
        .ok_or_else(|| StressError(text.to_owned()))
    }
}

impl fmt::Display for Stress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stress::None => f.write_str("none"),
            Stress::Alloc(1) => f.write_str("always"),
            Stress::Alloc(count) => write!(f, "alloc:{count}"),
            Stress::Barrier => f.write_str("barrier"),
        }
    }
}

/// A heap could not be made.
#[derive(Debug, Error)]
pub enum HeapError {
    /// The limit asked for is more than references reach.
    #[error("a heap of {limit} bytes was asked for; at most {MAX_LIMIT} are possible")]
    LimitTooLarge {
        /// The limit asked for.
        limit: usize,
    },
    /// The system refused the address space.
    #[error("{bytes} bytes of address space for a heap could not be reserved: {source}")]
    Reserve {
        /// Bytes asked for.
        bytes: usize,
        /// The system's reason.
        source: io::Error,
    },
}

/// Memory outside the heap would exceed the limit, even after a full collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{requested} more bytes would exceed the heap's limit of {limit}")]
pub struct LimitReached {
    /// Bytes asked for.
    pub requested: usize,
    /// The heap's limit.
    pub limit: usize,
}
