//! Running binaries, with a limit on time and output, and showing what was run as a line for a shell.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Bytes of output after which a run is cut off.
const MOST_OUTPUT: u64 = 64 << 20;

/// A binary that runs programs.
pub struct Binary {
    /// Its absolute path.
    pub path: PathBuf,
    /// Its path as it was given.
    pub shown: PathBuf,
}

/// What runs programs, and how.
pub struct Machine {
    /// The binary under test.
    pub vm: Binary,
    /// The reference interpreter.
    pub reference: Binary,
    /// The folder that paths are shown from.
    pub root: PathBuf,
    /// How long a run may take.
    pub timeout: Duration,
}

/// What a run left.
pub struct Output {
    /// The exit code; None if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Output {
    /// Standard error as text.
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Standard output, or what the run says about its failure.
    pub fn succeeded(self, what: &str) -> Result<Vec<u8>, String> {
        match self.code {
            Some(0) => Ok(self.stdout),
            code => Err(format!("{what} ended with {}\n{}", ending(code), self.stderr_text())),
        }
    }
}

/// An exit code in words.
pub fn ending(code: Option<i32>) -> String {
    code.map_or("a signal".to_owned(), |code| format!("exit code {code}"))
}

impl Binary {
    /// The binary at a path, which must be there; `build` says how to make it.
    pub fn at(shown: PathBuf, build: &str) -> Result<Binary, String> {
        let path = std::path::absolute(&shown).map_err(|error| error.to_string())?;
        if !path.is_file() {
            return Err(format!("there is no binary {}; {build}", shown.display()));
        }
        Ok(Binary { path, shown })
    }

    /// A command as a line for a shell.
    pub fn line(&self, args: &[String]) -> String {
        let mut line = quote(&self.shown.to_string_lossy());
        for arg in args {
            line.push(' ');
            line.push_str(&quote(arg));
        }
        line
    }
}

impl Machine {
    /// Runs a binary in the root folder.
    pub fn run(&self, binary: &Binary, args: &[String], stdin: Vec<u8>) -> Result<Output, String> {
        let mut command = Command::new(&binary.path);
        command.args(args).current_dir(&self.root);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", binary.shown.display()))?;
        let output = self.attend(&mut child, stdin);
        if output.is_err() {
            // It may have ended meanwhile; then there is nothing to kill.
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| error.to_string())?;
        let [stdout, stderr] = output?;
        Ok(Output { code: status.code(), stdout, stderr })
    }

    /// Feeds the child and reads what it writes until it has closed both its outputs.
    fn attend(&self, child: &mut Child, stdin: Vec<u8>) -> Result<[Vec<u8>; 2], String> {
        if let Some(mut pipe) = child.stdin.take() {
            // A program that does not read all of its input closes the pipe early, which is its right.
            std::thread::spawn(move || pipe.write_all(&stdin));
        }
        let (sender, received) = mpsc::channel();
        let pipes: [Option<Box<dyn Read + Send>>; 2] =
            [child.stdout.take().map(|pipe| Box::new(pipe) as _), child.stderr.take().map(|pipe| Box::new(pipe) as _)];
        for (number, pipe) in pipes.into_iter().enumerate() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let complete = pipe.is_some_and(|pipe| pipe.take(MOST_OUTPUT).read_to_end(&mut bytes).is_ok());
                // Nobody listens any more if the run was given up.
                let _ = sender.send((number, bytes, complete));
            });
        }
        let deadline = Instant::now() + self.timeout;
        let mut outputs = [Vec::new(), Vec::new()];
        for _ in 0..2 {
            let left = deadline.saturating_duration_since(Instant::now());
            let (number, bytes, complete) =
                received.recv_timeout(left).map_err(|_| format!("it did not end within {} seconds", self.timeout.as_secs()))?;
            if !complete || bytes.len() as u64 == MOST_OUTPUT {
                return Err("its output cannot be read, or is too long".to_owned());
            }
            outputs[number] = bytes;
        }
        Ok(outputs)
    }

    /// A path as it is shown.
    pub fn path(&self, path: &Path) -> String {
        crate::discover::shown(&self.root, path)
    }
}

/// A word for a shell.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quote("a/b-c.vasm"), "a/b-c.vasm");
        assert_eq!(quote("it's"), "'it'\\''s'");
        assert_eq!(quote(""), "''");
    }
}
