//! The Limosa bytecode: from bytes to a verified module and back.
//!
//! This crate is the machine-readable half of the specification in `spec/book/`. It works on byte slices, knows no heap and runs
//! nothing. The way of a module: [`mod@decode`] → [`canonical`] → `verify`; back: [`canonicalize`] → [`mod@encode`].

#![forbid(unsafe_code)]

pub mod canonical;
pub mod decode;
pub mod disassemble;
pub mod encode;
pub mod format;
pub mod instruction;
pub mod layout;
pub mod limits;
pub mod module;
pub mod opcodes;
mod shape;
mod traps;
pub mod types;
pub mod verify;
pub mod well_known;

pub use canonical::canonicalize;
pub use decode::{DecodeError, DecodeRule, decode};
pub use encode::{EncodeError, encode, encode_unchecked, hash_of};
pub use instruction::{Code, Instruction, Operand};
pub use layout::{ContentHash, Layout, content_hash, reseal};
pub use module::Module;
pub use opcodes::{Effects, Opcode, OperandRole, RegisterKind, TypingRule};
pub use types::{Type, TypeDefinition, TypeKind};
pub use verify::{VerifiedModule, VerifyError, verify};
pub use well_known::WellKnown;
