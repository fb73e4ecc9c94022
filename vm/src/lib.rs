//! Limosa: an application virtual machine to embed.

#![deny(unsafe_code)]

mod api;
#[macro_use]
mod interp;
mod limits;
mod link;
mod prepare;
mod program;
mod runtime;

pub use api::*;
pub use limosa_gc::{Statistics as HeapStatistics, Stress, StressError};
pub use limosa_spec as spec;
pub use link::LinkError;
pub use runtime::access::Element;
pub use runtime::{Dispatch, StartError, TraceFrame};
