//! How an instruction does not complete, and failures of the reference itself.

use crate::heap::ObjectId;
use limosa_spec::WellKnown;

/// Something that cannot happen did: the verifier let through what it must not, or this interpreter is wrong.
///
/// Programs cannot catch it and cannot cause it; the run ends at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the verifier let through what it must not, or the reference is wrong: {message}")]
pub struct Failure {
    /// What was found.
    pub message: String,
}

impl Failure {
    /// A failure that was found so.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into() }
    }
}

/// Why an instruction did not complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It throws (chapter *Execution*, *Exceptions*).
    Throw(Thrown),
    /// A charge does not fit: the isolate is suspended (chapter *Execution*, *Fuel*).
    Suspend,
    /// The program asked the host to exit.
    Exit(i32),
    /// The reference itself failed.
    Fail(Failure),
}

/// What is thrown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thrown {
    /// A new object of a well-known class, with a message.
    New(WellKnown, String),
    /// This object.
    Object(ObjectId),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Fail(failure)
    }
}

impl Stop {
    /// Throws a new exception with the message that its class has where nothing more is to be said.
    #[must_use]
    pub fn throw(class: WellKnown) -> Stop {
        Stop::Throw(Thrown::New(class, message(class).to_owned()))
    }

    /// Throws a new exception with a message of its own.
    pub fn throw_with(class: WellKnown, message: impl Into<String>) -> Stop {
        Stop::Throw(Thrown::New(class, message.into()))
    }
}

/// The message of an exception that the machine throws (chapter *Execution*, *Messages*).
fn message(class: WellKnown) -> &'static str {
    match class {
        WellKnown::NullError => "null where an object is needed",
        WellKnown::IndexError => "index out of range",
        WellKnown::DivisionError => "division by zero",
        WellKnown::OverflowError => "integer overflow",
        WellKnown::EncodingError => "not valid UTF-8, or cut inside a character",
        WellKnown::StackOverflow => "guest stack exhausted",
        WellKnown::OutOfMemory => "heap exhausted",
        WellKnown::UnreachableError => "unreachable instruction reached",
        // These are always thrown with a message of their own, or never by the machine.
        WellKnown::Error
        | WellKnown::CastError
        | WellKnown::NegativeSizeError
        | WellKnown::FiberError
        | WellKnown::HostError
        | WellKnown::CapabilityError
        | WellKnown::Int32
        | WellKnown::Int64
        | WellKnown::Float32
        | WellKnown::Float64 => "",
    }
}
