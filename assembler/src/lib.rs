//! The text form of Limosa bytecode: from source to [`Module`](limosa_spec::Module).

#![forbid(unsafe_code)]

pub mod code;
pub mod diagnostic;
pub mod excerpt;
mod layout;
mod literal;
mod parse;
pub mod render;
mod suggest;
mod syntax;
pub mod token;
