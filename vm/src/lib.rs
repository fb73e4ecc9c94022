//! Limosa: an application virtual machine to embed.

#![deny(unsafe_code)]

mod link;
mod program;

pub use link::LinkError;
