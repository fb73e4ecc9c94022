//! Errors of host functions, as the program sees them.

use super::trap::Trap;
use crate::runtime::{HostFailure, Raise};
use limosa_spec::WellKnown;
use std::error::Error;
use std::fmt;

/// Why a host function failed.
///
/// The program sees a `HostError` exception, which it can catch. Any Rust error becomes one by `?`. A [`Trap`] of a call back becomes
/// the exception that it was.
///
/// ```
/// use limosa::{Cx, Host, HostError};
///
/// let mut host = Host::<()>::new();
/// host.func("app", "parse", |_: &mut Cx<()>, text: &str| -> Result<i64, HostError> { Ok(text.trim().parse()?) })?;
/// host.func("app", "read", |_: &mut Cx<()>, path: &str| -> Result<String, HostError> {
///     Err(HostError::capability(format!("reading `{path}` is not allowed")))
/// })?;
/// host.func("app", "exit", |_: &mut Cx<()>, code: i32| -> Result<(), HostError> { Err(HostError::exit(code)) })?;
/// # Ok::<(), limosa::DuplicateFunction>(())
/// ```
///
/// It does not implement [`std::error::Error`] itself, because every type that does can be made one.
pub struct HostError(Box<Kind>);

enum Kind {
    Throw { class: WellKnown, message: String },
    Exit(i32),
    Trap(Trap),
    Raised(Raise),
}

impl HostError {
    /// A `HostError` exception with a message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> HostError {
        HostError::throw(WellKnown::HostError, message)
    }

    /// A `CapabilityError` exception: the host refuses what was asked.
    #[must_use]
    pub fn capability(message: impl Into<String>) -> HostError {
        HostError::throw(WellKnown::CapabilityError, message)
    }

    /// An exception of a well-known class. Classes that are no `Error`s become `HostError`.
    #[must_use]
    pub fn throw(class: WellKnown, message: impl Into<String>) -> HostError {
        let class = if class.is_subclass_of(WellKnown::Error) { class } else { WellKnown::HostError };
        HostError(Box::new(Kind::Throw { class, message: message.into() }))
    }

    /// Ends the program with an exit code. The program cannot catch this.
    #[must_use]
    pub fn exit(code: i32) -> HostError {
        HostError(Box::new(Kind::Exit(code)))
    }

    pub(crate) fn raised(raise: Raise) -> HostError {
        HostError(Box::new(Kind::Raised(raise)))
    }

    /// What the runtime does about it.
    pub(crate) fn into_failure(self, vm: &mut crate::runtime::Vm) -> HostFailure {
        match *self.0 {
            Kind::Throw { class, message } => HostFailure::Error { class, message },
            Kind::Exit(code) => HostFailure::Exit(code),
            Kind::Raised(raise) => HostFailure::Raised(raise),
            Kind::Trap(trap) => match trap.exception().and_then(|handle| handle.raw().number_in(vm)) {
                Some(number) => vm.rethrow(number),
                None => HostFailure::Error { class: WellKnown::HostError, message: trap.to_string() },
            },
        }
    }
}

impl<E: Error + 'static> From<E> for HostError {
    fn from(error: E) -> HostError {
        let boxed: Box<dyn Error> = Box::new(error);
        match boxed.downcast::<Trap>() {
            Ok(trap) => HostError(Box::new(Kind::Trap(*trap))),
            Err(error) => HostError::new(with_sources(&*error)),
        }
    }
}

/// The message of an error with those of its sources that it does not repeat itself.
fn with_sources(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        source = error.source();
    }
    message
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Throw { class, message } => write!(f, "{}: {message}", class.name()),
            Kind::Exit(code) => write!(f, "exit with code {code}"),
            Kind::Trap(trap) => trap.fmt(f),
            Kind::Raised(_) => f.write_str("exception of the runtime"),
        }
    }
}

impl fmt::Debug for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostError({self})")
    }
}
