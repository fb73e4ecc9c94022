//! How calls end that do not return.

use super::handle::Handle;
use crate::runtime::access::ObjectRef;
use crate::runtime::{Ending, Outcome, Reason, TraceFrame, Vm};
use std::error::Error;
use std::fmt;

/// Why a call into a program has no result: kind, message and the guest's stack trace.
///
/// ```no_run
/// # use limosa::*;
/// # fn demo(isolate: &mut Isolate<()>, rank: &Func<(i64,), f64>) {
/// match isolate.call(rank, (3,)) {
///     Ok(value) => println!("{value}"),
///     Err(trap) => eprintln!("{trap}\n{}", trap.trace()),
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Trap(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: TrapKind,
    message: String,
    causes: Vec<(String, String)>,
    trace: Trace,
    suspended: bool,
    exception: Option<Handle>,
}

/// What kind of end a [`Trap`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrapKind {
    /// An exception that nothing caught.
    Exception {
        /// Its class, with its module: `geo.RangeError`, `DivisionError`.
        class: String,
    },
    /// The fuel is used up.
    Fuel,
    /// The deadline passed.
    Deadline,
    /// A [`Canceller`](crate::Canceller) was used.
    Cancelled,
    /// The program ended itself with this exit code.
    Exit(i32),
    /// The call was not possible: a function of another program, a handle of another isolate or of an object of the wrong type,
    /// nothing to resume.
    Misuse,
    /// A checking mode of the collector found the VM itself wrong.
    Violation,
}

/// Causes that a trap tells of at most.
const CAUSES: usize = 8;

impl Trap {
    /// The trap of a call that ended so.
    #[cold]
    pub(crate) fn new(vm: &mut Vm, outcome: Outcome) -> Trap {
        match outcome {
            Outcome::Threw => Trap::exception_of(vm),
            Outcome::Suspended(reason) => Trap::suspension(vm, reason, true),
            Outcome::Ended(Ending::Suspended(reason)) => Trap::suspension(vm, reason, false),
            Outcome::Ended(Ending::Exit(code)) => Trap::plain(TrapKind::Exit(code), format!("the program ended with exit code {code}")),
            Outcome::Ended(Ending::Violation(violation)) => Trap::plain(TrapKind::Violation, violation.to_string()),
            Outcome::Returned => Trap::misuse("the call returned"),
        }
    }

    /// A call that was not possible.
    #[cold]
    pub(crate) fn misuse(message: impl Into<String>) -> Trap {
        Trap::plain(TrapKind::Misuse, message.into())
    }

    fn plain(kind: TrapKind, message: String) -> Trap {
        let trace = Trace { frames: Vec::new() };
        Trap(Box::new(Inner { kind, message, causes: Vec::new(), trace, suspended: false, exception: None }))
    }

    fn exception_of(vm: &mut Vm) -> Trap {
        let Some((object, frames)) = vm.thrown_object() else { return Trap::misuse("the exception is gone") };
        let (class, message) = describe(object);
        let mut causes = Vec::new();
        let mut cause = object.error().and_then(|(_, cause)| cause);
        while let Some(object) = cause.filter(|_| causes.len() < CAUSES) {
            causes.push(describe(object));
            cause = object.error().and_then(|(_, cause)| cause);
        }
        let exception = Some(Handle::new(vm.handle_of_thrown()));
        let kind = TrapKind::Exception { class };
        Trap(Box::new(Inner { kind, message, causes, trace: Trace { frames }, suspended: false, exception }))
    }

    fn suspension(vm: &Vm, reason: Reason, suspended: bool) -> Trap {
        let (kind, message) = match reason {
            Reason::Fuel => (TrapKind::Fuel, "the fuel is used up"),
            Reason::Deadline => (TrapKind::Deadline, "the deadline passed"),
            Reason::Cancelled => (TrapKind::Cancelled, "the call was cancelled"),
        };
        let frames = if suspended { vm.current_trace() } else { Vec::new() };
        let trace = Trace { frames };
        Trap(Box::new(Inner { kind, message: message.to_owned(), causes: Vec::new(), trace, suspended, exception: None }))
    }

    /// What kind of end it is.
    #[must_use]
    pub fn kind(&self) -> &TrapKind {
        &self.0.kind
    }

    /// The exception's message, or what happened in words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where the program was: where the exception was first thrown, or where it is suspended.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.0.trace
    }

    /// Class and message of the exceptions that caused this one, nearest first; at most eight.
    pub fn causes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.causes.iter().map(|(class, message)| (class.as_str(), message.as_str()))
    }

    /// Whether the call can be gone on with; see [`Isolate::resume`](crate::Isolate::resume).
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.0.suspended
    }

    /// The exit code, if the program ended itself.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        match self.0.kind {
            TrapKind::Exit(code) => Some(code),
            _ => None,
        }
    }

    /// The exception itself.
    #[must_use]
    pub fn exception(&self) -> Option<&Handle> {
        self.0.exception.as_ref()
    }
}

/// An object's type and, if it is an `Error`, its message.
fn describe(object: ObjectRef<'_>) -> (String, String) {
    let message = object.error().and_then(|(message, _)| message).unwrap_or_default();
    (object.type_name().to_owned(), message.to_owned())
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            TrapKind::Exception { class } => write_exception(f, "uncaught", class, &self.0.message)?,
            TrapKind::Violation => write!(f, "the VM found itself wrong: {}", self.0.message)?,
            _ => f.write_str(&self.0.message)?,
        }
        for (class, message) in &self.0.causes {
            write_exception(f, "\ncaused by", class, message)?;
        }
        Ok(())
    }
}

fn write_exception(f: &mut fmt::Formatter<'_>, prefix: &str, class: &str, message: &str) -> fmt::Result {
    match message {
        "" => write!(f, "{prefix} {class}"),
        _ => write!(f, "{prefix} {class}: {message}"),
    }
}

impl Error for Trap {}

/// The frames of a program, innermost first. Printed with one line for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    frames: Vec<TraceFrame>,
}

impl Trace {
    /// The frames, innermost first.
    #[must_use]
    pub fn frames(&self) -> &[TraceFrame] {
        &self.frames
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, frame) in self.frames.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "    at {}.{}", frame.module, frame.function)?;
            match (&frame.file, frame.line, frame.instruction) {
                (Some(file), Some(line), _) => write!(f, " ({file}:{line})")?,
                (_, _, Some(instruction)) => write!(f, " (instruction {instruction})")?,
                (_, _, None) => f.write_str(" (host)")?,
            }
        }
        Ok(())
    }
}
