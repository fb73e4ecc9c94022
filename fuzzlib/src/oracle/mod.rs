//! The oracles: what must hold of any bytes, any text and any program, whoever made them.
//!
//! A file is refused or accepted, with one encoding and one text if it is accepted; a program does the same in every column. Everything
//! an oracle decides by chance, such as the fuel of a limited run, follows from the bytes it looks at, so that a file repeats a find.

mod columns;
mod ended;
mod file;
mod text;

pub use columns::Columns;
pub use ended::{Ended, Ending};
pub use file::{accept, check_file};
pub use text::{check_file_text, check_text, show};

/// A number that follows from bytes and nothing else (FNV-1a).
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
