//! The commands, one file each.

pub mod asm;
pub mod dis;
pub mod inspect;
mod report;
pub mod run;
mod stats;
pub mod verify;
