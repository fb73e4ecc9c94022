//! Limosa: an application virtual machine to embed.

#![deny(unsafe_code)]

mod program;
