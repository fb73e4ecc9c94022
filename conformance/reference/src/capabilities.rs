//! Capabilities (chapter *Execution*, *Host functions*): what a program may do beyond computing. Everything is denied until it is allowed.

use crate::failure::Stop;
use limosa_spec::WellKnown;
use std::io;
use std::path::{Path, PathBuf};

/// What a program may do.
#[derive(Debug, Clone, Default)]
pub struct Capabilities {
    /// Files and directories, with all in them, that may be read; resolved.
    read: Vec<PathBuf>,
    /// Likewise written.
    write: Vec<PathBuf>,
    /// Whether environment variables may be read.
    pub env: bool,
    /// Whether the clock may be read.
    pub clock: bool,
    /// Whether random numbers may be drawn.
    pub random: bool,
}

/// What a program wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Read a path.
    Read(String),
    /// Change what is at a path.
    Write(String),
    /// Read an environment variable.
    Env(String),
    /// Read the clock.
    Clock,
    /// Draw random numbers.
    Random,
}

impl Wish {
    fn denied(&self) -> Stop {
        let (action, flag) = match self {
            Wish::Read(path) => (format!("reading `{path}`"), format!("--allow-read={}", quoted(path))),
            Wish::Write(path) => (format!("writing `{path}`"), format!("--allow-write={}", quoted(path))),
            Wish::Env(name) => (format!("reading the environment variable `{name}`"), "--allow-env".to_owned()),
            Wish::Clock => ("reading the clock".to_owned(), "--allow-clock".to_owned()),
            Wish::Random => ("drawing random numbers".to_owned(), "--allow-random".to_owned()),
        };
        Stop::throw_with(WellKnown::CapabilityError, format!("{action} is not allowed; {flag} allows it"))
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

impl Capabilities {
    /// Allows reading a file, or a directory and all in it.
    ///
    /// # Errors
    /// If the path cannot be resolved.
    pub fn allow_read(&mut self, path: &Path) -> io::Result<()> {
        self.read.push(resolve(path)?);
        Ok(())
    }

    /// Allows writing a file, or a directory and all in it.
    ///
    /// # Errors
    /// If the path cannot be resolved.
    pub fn allow_write(&mut self, path: &Path) -> io::Result<()> {
        self.write.push(resolve(path)?);
        Ok(())
    }

    /// Refuses what is not allowed; for all but paths.
    pub(crate) fn check(&self, wish: Wish) -> Result<(), Stop> {
        let is_allowed = match wish {
            Wish::Env(_) => self.env,
            Wish::Clock => self.clock,
            Wish::Random => self.random,
            Wish::Read(_) | Wish::Write(_) => false,
        };
        if is_allowed { Ok(()) } else { Err(wish.denied()) }
    }

    /// The path, with symbolic links followed, if it is within what is allowed. That it leads nowhere is told only where something may be
    /// looked for.
    pub(crate) fn check_path(&self, wish: Wish) -> Result<io::Result<PathBuf>, Stop> {
        let (path, allowed) = match &wish {
            Wish::Read(path) => (path, &self.read),
            Wish::Write(path) => (path, &self.write),
            Wish::Env(_) | Wish::Clock | Wish::Random => return Err(wish.denied()),
        };
        let is_within = |path: &Path| allowed.iter().any(|allowed| path.starts_with(allowed));
        match resolve(Path::new(path)) {
            Ok(resolved) if is_within(&resolved) => Ok(Ok(resolved)),
            Err(error) if !path.contains("..") && std::path::absolute(path).is_ok_and(|path| is_within(&path)) => Ok(Err(error)),
            _ => Err(wish.denied()),
        }
    }
}

/// A path without symbolic links, `.` and `..`; its last parts need not exist.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut missing = Vec::new();
    for existing in absolute.ancestors() {
        match existing.canonicalize() {
            Ok(resolved) => return Ok(missing.iter().rev().fold(resolved, |path, part| path.join(part))),
            Err(error) if error.kind() != io::ErrorKind::NotFound || existing.is_symlink() => return Err(error),
            Err(error) => missing.push(existing.file_name().ok_or(error)?),
        }
    }
    Err(io::ErrorKind::NotFound.into())
}
