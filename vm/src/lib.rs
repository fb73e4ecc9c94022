//! Limosa: an application virtual machine to embed.

#![deny(unsafe_code)]

#[macro_use]
mod interp;
mod limits;
mod link;
mod prepare;
mod program;
mod runtime;

pub use link::LinkError;
