//! The text form of a module. The assembler reads it back to the same module; `spec/book/src/text-format.md` describes it.

mod form;
mod names;

pub use form::{Form, Place};
pub use names::{RESERVED, built_in_type, is_plain, is_plain_path};
