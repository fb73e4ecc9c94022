//! What the tests of the format share: a module that uses all of it, and the file taken apart into its sections.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod arbitrary;
pub mod container;
pub mod meaning;
pub mod sample;
