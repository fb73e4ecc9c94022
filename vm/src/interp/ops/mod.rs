//! What each instruction means: one file per kind of work, the same names as the verifier's.

pub(crate) mod array;
pub(crate) mod branch;
pub(crate) mod call;
pub(crate) mod callee;
pub(crate) mod closure;
pub(crate) mod compare;
pub(crate) mod convert;
pub(crate) mod entry;
pub(crate) mod exception;
pub(crate) mod fiber;
pub(crate) mod float;
pub(crate) mod global;
pub(crate) mod int;
pub(crate) mod moves;
pub(crate) mod object;
pub(crate) mod ret;
pub(crate) mod string;
