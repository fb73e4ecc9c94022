//! What a program may touch beyond its own memory, its arguments and the standard streams. Everything is denied until it is allowed.

use crate::paths::PathSet;
use limosa::HostError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What one isolate's program is allowed to do.
///
/// ```
/// use limosa_stdlib::Capabilities;
///
/// let mut allowed = Capabilities::none();
/// allowed.allow_read(".")?;
/// allowed.allow_clock();
/// assert!(allowed.check_read("Cargo.toml").is_ok());
/// assert!(allowed.check_read("/etc/passwd").is_err());
/// let denied = allowed.check_env("HOME").unwrap_err();
/// assert!(denied.to_string().contains("--allow-env"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    read: PathSet,
    write: PathSet,
    env: bool,
    clock: bool,
    random: bool,
}

/// Something that a program wants to do and a capability governs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wish {
    /// Read a file or directory.
    Read(String),
    /// Change a file or directory.
    Write(String),
    /// Read an environment variable.
    Env(String),
    /// Read the time.
    Clock,
    /// Have random numbers.
    Random,
}

/// A wish that was not granted. As a [`HostError`] it is a `CapabilityError`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// What was wished for.
    pub wish: Wish,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not allowed; {} allows it", self.wish.describe(), self.wish.flag())
    }
}

impl From<Denied> for HostError {
    fn from(denied: Denied) -> HostError {
        HostError::capability(denied.to_string())
    }
}

impl Wish {
    fn describe(&self) -> String {
        match self {
            Wish::Read(path) => format!("reading `{path}`"),
            Wish::Write(path) => format!("writing `{path}`"),
            Wish::Env(name) => format!("reading the environment variable `{name}`"),
            Wish::Clock => "reading the clock".to_owned(),
            Wish::Random => "drawing random numbers".to_owned(),
        }
    }

    /// The option of the `vm` program that would grant it, quoted for a shell.
    #[must_use]
    pub fn flag(&self) -> String {
        match self {
            Wish::Read(path) => format!("--allow-read={}", shell_quoted(path)),
            Wish::Write(path) => format!("--allow-write={}", shell_quoted(path)),
            Wish::Env(_) => "--allow-env".to_owned(),
            Wish::Clock => "--allow-clock".to_owned(),
            Wish::Random => "--allow-random".to_owned(),
        }
    }
}

fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Why a path cannot be used.
#[derive(Debug)]
pub enum PathRefused {
    /// It is not within what is allowed.
    Denied(Denied),
    /// It is, as far as it is written, but it leads nowhere.
    Broken(io::Error),
}

impl fmt::Display for PathRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathRefused::Denied(denied) => denied.fmt(f),
            PathRefused::Broken(error) => error.fmt(f),
        }
    }
}

impl From<Denied> for PathRefused {
    fn from(denied: Denied) -> PathRefused {
        PathRefused::Denied(denied)
    }
}

impl From<io::Error> for PathRefused {
    fn from(error: io::Error) -> PathRefused {
        PathRefused::Broken(error)
    }
}

impl Capabilities {
    /// Nothing is allowed.
    #[must_use]
    pub fn none() -> Capabilities {
        Capabilities::default()
    }

    /// Allows reading a file, or a directory and all in it. Symbolic links in `path` are followed now.
    ///
    /// # Errors
    /// If the path cannot be resolved.
    pub fn allow_read(&mut self, path: impl AsRef<Path>) -> io::Result<&mut Capabilities> {
        self.read.allow(path.as_ref())?;
        Ok(self)
    }

    /// Allows writing a file, which need not exist, or a directory and all in it. Symbolic links in `path` are followed now.
    ///
    /// # Errors
    /// If the path cannot be resolved.
    pub fn allow_write(&mut self, path: impl AsRef<Path>) -> io::Result<&mut Capabilities> {
        self.write.allow(path.as_ref())?;
        Ok(self)
    }

    /// Allows reading environment variables.
    pub fn allow_env(&mut self) -> &mut Capabilities {
        self.env = true;
        self
    }

    /// Allows reading the time.
    pub fn allow_clock(&mut self) -> &mut Capabilities {
        self.clock = true;
        self
    }

    /// Allows random numbers.
    pub fn allow_random(&mut self) -> &mut Capabilities {
        self.random = true;
        self
    }

    /// The path to use in place of `path`, without symbolic links, if it may be read.
    ///
    /// # Errors
    /// If it may not, or leads nowhere.
    pub fn check_read(&self, path: &str) -> Result<PathBuf, PathRefused> {
        self.read.check(path, false, Wish::Read)
    }

    /// The path to use in place of `path`, without symbolic links, if it may be written.
    ///
    /// # Errors
    /// If it may not, or leads nowhere.
    pub fn check_write(&self, path: &str) -> Result<PathBuf, PathRefused> {
        self.write.check(path, false, Wish::Write)
    }

    /// As [`check_write`](Capabilities::check_write), for what the name itself is bound to: a symbolic link at the end is not followed.
    ///
    /// # Errors
    /// If it may not be written, or leads nowhere.
    pub fn check_write_entry(&self, path: &str) -> Result<PathBuf, PathRefused> {
        self.write.check(path, true, Wish::Write)
    }

    /// Whether a variable may be read.
    ///
    /// # Errors
    /// If not.
    pub fn check_env(&self, name: &str) -> Result<(), Denied> {
        granted(self.env, || Wish::Env(name.to_owned()))
    }

    /// Whether the time may be read.
    ///
    /// # Errors
    /// If not.
    pub fn check_clock(&self) -> Result<(), Denied> {
        granted(self.clock, || Wish::Clock)
    }

    /// Whether there may be random numbers.
    ///
    /// # Errors
    /// If not.
    pub fn check_random(&self) -> Result<(), Denied> {
        granted(self.random, || Wish::Random)
    }
}

fn granted(allowed: bool, wish: impl FnOnce() -> Wish) -> Result<(), Denied> {
    if allowed { Ok(()) } else { Err(Denied { wish: wish() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_allowed_at_first() {
        let none = Capabilities::none();
        let refusals = [
            none.check_read("a").unwrap_err().to_string(),
            none.check_write("it's").unwrap_err().to_string(),
            none.check_env("HOME").unwrap_err().to_string(),
            none.check_clock().unwrap_err().to_string(),
            none.check_random().unwrap_err().to_string(),
        ];
        assert_eq!(
            refusals,
            [
                "reading `a` is not allowed; --allow-read=a allows it",
                r"writing `it's` is not allowed; --allow-write='it'\''s' allows it",
                "reading the environment variable `HOME` is not allowed; --allow-env allows it",
                "reading the clock is not allowed; --allow-clock allows it",
                "drawing random numbers is not allowed; --allow-random allows it",
            ]
        );
    }

    #[test]
    fn each_capability_is_its_own() {
        let mut allowed = Capabilities::none();
        allowed.allow_clock();
        assert!(allowed.check_clock().is_ok() && allowed.check_random().is_err() && allowed.check_env("A").is_err());
        allowed.allow_random();
        assert!(allowed.check_random().is_ok() && allowed.check_env("A").is_err());
        allowed.allow_env();
        assert!(allowed.check_env("A").is_ok() && allowed.check_read("a").is_err());
        allowed.allow_read(".").unwrap();
        assert!(allowed.check_read("a").is_ok() && allowed.check_write("a").is_err());
    }
}
