//! The Limosa bytecode: from bytes to a verified module and back.
//!
//! This crate is the machine-readable half of the specification in `spec/book/`. It works on byte slices, knows no heap and runs
//! nothing. The way of a module: [`decode`] → [`canonical`] → [`verify`].

#![forbid(unsafe_code)]

pub mod instruction;
pub mod limits;
pub mod module;
pub mod opcodes;
pub mod types;
pub mod well_known;

pub use instruction::{Code, Instruction, Operand};
pub use module::Module;
pub use opcodes::{Effects, Opcode, OperandRole, RegisterKind, TypingRule};
pub use types::{Type, TypeDefinition, TypeKind};
pub use well_known::WellKnown;
