//! Stack traces (chapter *Execution*, *Traces*): the frames of a moment, innermost first, through the fibers that wait for each other.

use crate::machine::Machine;
use crate::program::{FunctionCode, FunctionId};
use limosa_spec::module::{Debug, LineEntry};
use std::fmt;

/// Frames that a trace has at most.
const MOST_FRAMES: usize = 64;

/// A frame in a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceFrame {
    /// The module's name.
    pub module: String,
    /// The function's name.
    pub function: String,
    /// The index of the instruction; None in a host function.
    pub instruction: Option<usize>,
    /// The source file and line, if the module says.
    pub line: Option<(String, u32)>,
}

impl fmt::Display for TraceFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.function)?;
        match (&self.line, self.instruction) {
            (Some((file, line)), _) => write!(f, " ({file}:{line})"),
            (None, Some(instruction)) => write!(f, " (instruction {instruction})"),
            (None, None) => f.write_str(" (host)"),
        }
    }
}

impl Machine<'_> {
    /// The functions and instructions of the running frames.
    pub(crate) fn positions(&self) -> Vec<(FunctionId, usize)> {
        let mut positions = Vec::new();
        let mut running = Some(self.running);
        while let Some(fiber) = running.and_then(|number| self.fibers.get(number)?.as_ref()) {
            positions.extend(fiber.frames.iter().rev().map(|frame| (frame.function, frame.pc)).take(MOST_FRAMES - positions.len()));
            running = fiber.resumer;
        }
        positions
    }

    /// The running frames.
    pub(crate) fn trace(&self) -> Vec<TraceFrame> {
        self.describe(&self.positions())
    }

    /// Positions with their names and lines.
    pub(crate) fn describe(&self, positions: &[(FunctionId, usize)]) -> Vec<TraceFrame> {
        positions.iter().filter_map(|&(function, pc)| self.describe_frame(function, pc)).collect()
    }

    fn describe_frame(&self, function: FunctionId, pc: usize) -> Option<TraceFrame> {
        let found = self.program.functions.get(function)?;
        let (instruction, line) = match found.code {
            FunctionCode::Host(_) => (None, None),
            FunctionCode::Guest { module, index } => {
                let debug = self.program.modules.get(module)?.module.debug.as_ref();
                (Some(pc), debug.and_then(|debug| line(debug, index, pc)))
            }
        };
        Some(TraceFrame { module: found.module_name.to_string(), function: found.name.to_string(), instruction, line })
    }
}

/// The file and line of an instruction: those of the last entry that starts at it or before it.
fn line(debug: &Debug, function: usize, pc: usize) -> Option<(String, u32)> {
    let entries: &[LineEntry] = &debug.functions.get(function)?.lines;
    let entry = entries.iter().rev().find(|entry| entry.start as usize <= pc)?;
    let file = debug.strings.get(*debug.files.get(entry.file as usize)? as usize)?;
    Some((file.to_string(), entry.line))
}
