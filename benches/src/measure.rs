//! Runs a process and measures it.

use crate::error::{Error, shown};
use serde::Serialize;
use std::ffi::OsString;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4;

/// What a run took, in seconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Times {
    /// From before the start of the process until after its end.
    pub wall: f64,
    /// What it and its children computed, in user and system mode.
    pub cpu: f64,
}

/// Runs a command to its end, which must be a success; gives its times and what it printed.
pub fn run(command: &[OsString]) -> Result<(Times, Vec<u8>), Error> {
    let failed = |error| Error::start(command, error);
    let (program, arguments) = command.split_first().ok_or_else(|| failed(std::io::ErrorKind::InvalidInput.into()))?;
    let start = Instant::now();
    let mut process = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut output = Vec::new();
    if let Some(mut stream) = process.stdout.take() {
        stream.read_to_end(&mut output).map_err(failed)?;
    }
    let used = process.wait4().map_err(failed)?;
    let wall = start.elapsed().as_secs_f64();
    if !used.status.success() {
        return Err(Error::Failed { command: shown(command), status: used.status });
    }
    Ok((Times { wall, cpu: (used.rusage.utime + used.rusage.stime).as_secs_f64() }, output))
}
