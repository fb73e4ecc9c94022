//! Running the program under test.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, thread};

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program, with an environment that does not depend on who runs the tests.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vm"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

/// Runs the program.
pub fn vm<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    vm_with(args, b"")
}

/// Runs the program with something to read.
pub fn vm_with<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>, input: &[u8]) -> Ran {
    let mut command = command();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("its input");
    let input = input.to_vec();
    // It may not read all, or only after it wrote.
    let writer = thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    Ran {
        code: output.status.code().unwrap_or_else(|| panic!("ended by a signal: {:?}", output.status)),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("errors are UTF-8"),
    }
}

impl Ran {
    /// Checks how it ended.
    #[track_caller]
    pub fn ended(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Checks that it ended well, with nothing told.
    #[track_caller]
    pub fn good(self) -> Ran {
        assert!(self.err.is_empty(), "{self:?}");
        self.ended(0)
    }

    /// Checks that the errors contain something.
    #[track_caller]
    pub fn told(self, text: &str) -> Ran {
        assert!(self.err.contains(text), "{text:?} is not in {self:?}");
        self
    }

    /// The output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A new directory, removed when this is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let base = env::temp_dir().canonicalize().expect("a directory for temporary files");
        let path = base.join(format!("limosa-cli-{}-{number}", std::process::id()));
        fs::create_dir(&path).expect("a new directory");
        Scratch(path)
    }

    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The path of something in it.
    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        fs::write(self.0.join(name), contents).expect("written");
        self.path(name)
    }

    /// Assembles a text; gives the module's path.
    #[track_caller]
    pub fn module(&self, name: &str, source: &str) -> String {
        let text = self.write(&format!("{name}.vasm"), source);
        let module = self.path(&format!("{name}.bc"));
        vm(["asm", &text, "-o", &module]).good();
        module
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
