//! The reference interpreter: the specification in `spec/book/src` as a program, to be read beside it.
//!
//! It shares the decoder and the verifier with the VM, and nothing that runs: linking, execution and the host functions are written from the
//! specification alone. Values carry their types, and every access is checked against what the specification says must hold, so it also
//! finds out what a verifier should not have let through. It prefers the plain way everywhere and is slow.
//!
//! | chapter | files |
//! |---|---|
//! | Types and values | [`value`], [`program`] |
//! | Linking | [`link`] |
//! | Execution | [`machine`], [`operands`], [`call`], [`exception`], [`fiber`], [`fuel`], [`heap`], [`collect`], [`trace`] |
//! | Instructions | [`instructions`], [`int`], [`float`], [`object`], [`array`], [`string`] |
//! | Standard library | [`host`], [`streams`], [`capabilities`] |
//!
//! ```
//! let text = "module answer\nentry main\nfunc main() -> i32 {\n    ret 42\n}\n";
//! let module = limosa_spec::verify(limosa_assembler::assemble("answer.vasm", text)?)?;
//! let outcome = limosa_reference::run(vec![module], limosa_reference::Options::default())?;
//! assert_eq!(outcome.ending, limosa_reference::Ending::Exit(42));
//! assert_eq!(outcome.fuel_used, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod array;
pub mod call;
pub mod capabilities;
pub mod collect;
pub mod exception;
pub mod executed;
pub mod failure;
pub mod fiber;
pub mod float;
pub mod fuel;
pub mod heap;
pub mod host;
pub mod instructions;
pub mod int;
pub mod link;
pub mod machine;
#[cfg(test)]
mod machine_tests;
pub mod names;
pub mod object;
pub mod operands;
mod outcome;
pub mod program;
pub mod streams;
pub mod string;
pub mod trace;
pub mod value;

pub use capabilities::Capabilities;
pub use executed::Executed;
pub use failure::Failure;
pub use link::{LinkError, link};
pub use outcome::{Ending, Options, Outcome, Refused, run, run_program};
pub use program::Program;
pub use trace::TraceFrame;
