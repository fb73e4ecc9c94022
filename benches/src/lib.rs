//! Whole programs, measured beside the same programs on other runtimes, and the start of a process beside another's.
//!
//! Every program is run on every runtime once a round, one after the other, so that what else the machine does meets all alike; the
//! figure is the median over the rounds, and what counts is the ratio. All runtimes must print the same, so that none can be fast by
//! doing less. The benchmarks of single parts are in `benches/`.

#![forbid(unsafe_code)]

pub mod error;
pub mod measure;
pub mod peers;
pub mod programs;
pub mod runtime;
pub mod startup;
pub mod statistics;
pub mod workshop;

use std::path::Path;

/// The workspace's folder: paths of sources are relative to it.
#[must_use]
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
