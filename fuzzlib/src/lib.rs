//! Fuzzing: generators that make files, texts and programs, and oracles that say whether what comes of them is right.
//!
//! A case is a sequence of bytes that a generator reads its [choices](choices::Choices) from. What it makes, the *artifact*, is a file or
//! a text; the oracles look at that alone, so an artifact repeats a find without the generator. The command `fuzzlib` makes cases from
//! a seed; the targets in `fuzz/` take them from a coverage-guided fuzzer.
//!
//! ```
//! use fuzzlib::{Fuzzer, Observations, Target};
//!
//! let fuzzer = Fuzzer::new();
//! let mut seen = Observations::default();
//! let artifact = fuzzer.generate(Target::Valid, &[1, 2, 3]);
//! assert_eq!(fuzzer.check(Target::Valid, &artifact, &mut seen), Ok(()));
//! ```

#![forbid(unsafe_code)]

pub mod bytes;
pub mod choices;
pub mod corpus;
mod find;
pub mod mutate;
mod observe;
pub mod oracle;
pub mod random;
pub mod shrink;
mod target;
pub mod text;
pub mod valid;

pub use find::{Find, Kind};
pub use observe::Observations;
pub use target::{Fuzzer, Target, catch_panics};
