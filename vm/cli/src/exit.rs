//! The codes the program ends with, beside those that programs it runs choose themselves.

use std::fmt::Display;

/// All went well.
pub const SUCCESS: i32 = 0;
/// The program that was run threw an exception that nothing caught; or the result could not be written.
pub const UNCAUGHT: i32 = 1;
/// The command was not understood.
pub const USAGE: i32 = 2;
/// The input was refused: not found, not assembled, not verified, not linked.
pub const REFUSED: i32 = 3;
/// A limit was reached: fuel, deadline, or heap or stack at start.
pub const LIMIT: i32 = 4;
/// The program found itself wrong.
pub const INTERNAL: i32 = 70;

/// An end that is told on the error stream.
#[derive(Debug)]
pub struct Failure {
    /// The code to end with.
    pub code: i32,
    /// What to tell; empty if all was told.
    pub message: String,
}

impl Failure {
    /// The command cannot be carried out as it was given.
    pub fn usage(message: impl Display) -> Failure {
        Failure { code: USAGE, message: message.to_string() }
    }

    /// The input is refused.
    pub fn refused(message: impl Display) -> Failure {
        Failure { code: REFUSED, message: message.to_string() }
    }

    /// A limit was reached.
    pub fn limit(message: impl Display) -> Failure {
        Failure { code: LIMIT, message: message.to_string() }
    }

    /// The result could not be written.
    pub fn output(message: impl Display) -> Failure {
        Failure { code: UNCAUGHT, message: message.to_string() }
    }

    /// Everything was told already.
    pub fn told(code: i32) -> Failure {
        Failure { code, message: String::new() }
    }
}
