//! What the functions of the library need of each isolate.

use crate::capabilities::Capabilities;
use crate::random::RandomBytes;
use crate::streams::Streams;
use limosa::HostError;
use limosa::spec::WellKnown;
use std::io;
use std::time::Instant;

/// The bytes of the longest text or array there can be.
const LONGEST: usize = i32::MAX as usize;

/// What the library keeps for one isolate: what its program may do, its streams and its arguments.
#[derive(Debug)]
pub struct Std {
    /// What the program may do.
    pub capabilities: Capabilities,
    /// Its standard streams.
    pub streams: Streams,
    args: Vec<String>,
    longest: usize,
    exit_on_broken_pipe: Option<i32>,
    started: Instant,
    pub(crate) random: RandomBytes,
    /// Used again for each line that is read.
    pub(crate) line: Vec<u8>,
}

/// Data of an isolate that has a [`Std`].
pub trait HasStd {
    /// The state of the library.
    fn std(&mut self) -> &mut Std;
}

impl HasStd for Std {
    fn std(&mut self) -> &mut Std {
        self
    }
}

impl Std {
    /// With no arguments.
    #[must_use]
    pub fn new(capabilities: Capabilities, streams: Streams) -> Std {
        Std {
            capabilities,
            streams,
            args: Vec::new(),
            longest: LONGEST,
            exit_on_broken_pipe: None,
            started: Instant::now(),
            random: RandomBytes::default(),
            line: Vec::new(),
        }
    }

    /// Sets the program's arguments.
    #[must_use]
    pub fn with_args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Std {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Refuses to read or make texts and arrays of more bytes. Sensible is the limit of the isolate's heap: what does not fit there is then
    /// not built up outside of it first.
    #[must_use]
    pub fn with_longest(mut self, bytes: usize) -> Std {
        self.longest = bytes.min(LONGEST);
        self
    }

    /// Ends the program with this exit code when nobody reads its output any more, in place of a `HostError`.
    #[must_use]
    pub fn exit_on_broken_pipe(mut self, code: i32) -> Std {
        self.exit_on_broken_pipe = Some(code);
        self
    }

    /// The program's arguments.
    #[must_use]
    pub fn args(&self) -> &[String] {
        &self.args
    }

    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// What the program gets for output that could not be written.
    pub(crate) fn written(&self, result: io::Result<()>) -> Result<(), HostError> {
        match (result, self.exit_on_broken_pipe) {
            (Ok(()), _) => Ok(()),
            (Err(error), Some(code)) if error.kind() == io::ErrorKind::BrokenPipe => Err(HostError::exit(code)),
            (Err(error), _) => Err(HostError::new(format!("cannot write output: {error}"))),
        }
    }

    /// What the program gets for input that could not be read.
    pub(crate) fn read_failed(&self, error: &io::Error) -> HostError {
        // Output is written out before input is read.
        match self.exit_on_broken_pipe {
            Some(code) if error.kind() == io::ErrorKind::BrokenPipe => HostError::exit(code),
            _ => HostError::new(format!("cannot read input: {error}")),
        }
    }
}

/// Bytes as text.
pub(crate) fn utf8(bytes: Vec<u8>, what: impl FnOnce() -> String) -> Result<String, HostError> {
    String::from_utf8(bytes).map_err(|error| not_utf8(&what(), error.utf8_error()))
}

/// The exception for what is not UTF-8.
pub(crate) fn not_utf8(what: &str, error: std::str::Utf8Error) -> HostError {
    HostError::throw(WellKnown::EncodingError, format!("{what} is not UTF-8 at byte {}", error.valid_up_to()))
}
