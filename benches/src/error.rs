//! What can go wrong while measuring.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The binary to measure is not there.
    #[error("there is no binary {}; build it with `cargo build --release` or name another with --vm", .0.display())]
    NoBinary(PathBuf),
    /// Something was named that there is not.
    #[error("there is no {kind} {name}; there are {known}")]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name given.
        name: String,
        /// All names.
        known: String,
    },
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A process cannot be started or waited for.
    #[error("{command}: {error}")]
    Start {
        /// The whole command line.
        command: String,
        /// Why.
        error: io::Error,
    },
    /// A process failed.
    #[error("{command} ended with {status}")]
    Failed {
        /// The whole command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// A program prints something else than it should.
    #[error("{command} prints something else than the first runtime did")]
    Differs {
        /// The whole command line.
        command: String,
    },
}

impl Error {
    /// An error of a file.
    pub fn file(path: &Path, error: impl Into<io::Error>) -> Error {
        Error::File { path: path.to_owned(), error: error.into() }
    }

    /// An error of a process that did not start.
    pub fn start(command: &[OsString], error: io::Error) -> Error {
        Error::Start { command: shown(command), error }
    }
}

/// A command line to be read.
#[must_use]
pub fn shown(command: &[OsString]) -> String {
    command.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
