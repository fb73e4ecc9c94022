//! Running a program from its entry point, and what came of it.

use crate::capabilities::Capabilities;
use crate::executed::Executed;
use crate::failure::{Failure, Stop};
use crate::heap::{Contents, ObjectId};
use crate::host::HostState;
use crate::link::{LinkError, link};
use crate::machine::{Ended, Machine};
use crate::names::type_name;
use crate::program::Program;
use crate::streams::Streams;
use crate::trace::TraceFrame;
use crate::value::Value;
use limosa_spec::verify::VerifiedModule;
use std::fmt::{self, Write};
use std::time::Instant;

/// Causes that are told of at most.
const MOST_CAUSES: usize = 8;
/// The most bytes of a text or array.
const LONGEST: u64 = i32::MAX as u64;

/// What a program may use.
#[derive(Debug, Clone)]
pub struct Options {
    /// Fuel; None for no limit.
    pub fuel: Option<u64>,
    /// Bytes of objects and stacks.
    pub heap: u64,
    /// Slots of each fiber's stack.
    pub stack: u64,
    /// Instructions, and functions entered, after which the run is given up; None for no limit.
    pub steps: Option<u64>,
    /// The program's arguments.
    pub arguments: Vec<String>,
    /// What there is to read at the standard input.
    pub stdin: Vec<u8>,
    /// What it may do beyond computing.
    pub capabilities: Capabilities,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            fuel: None,
            heap: 256 << 20,
            stack: 1 << 20,
            steps: None,
            arguments: Vec::new(),
            stdin: Vec::new(),
            capabilities: Capabilities::default(),
        }
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// The fuel it used.
    pub fuel_used: u64,
    /// What it wrote to the standard output; empty if that went elsewhere.
    pub stdout: Vec<u8>,
    /// What it wrote to the error stream, without what [`Ending`] says.
    pub stderr: Vec<u8>,
    /// The instructions it executed.
    pub executed: Executed,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With an exit code: what the entry point returned, what the program asked to exit with, or 0.
    Exit(i32),
    /// With an exception that nothing caught.
    Uncaught(Exception),
    /// The fuel does not suffice for what comes next; the frames are those of that moment.
    Suspended(Vec<TraceFrame>),
    /// The limit on steps was reached.
    StepLimit,
    /// The heap's limit is too small to begin.
    HeapTooSmall,
    /// The reference found what cannot be.
    Failed(Failure),
}

/// An exception, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its class, with its module.
    pub class: String,
    /// Its message; empty if it has none.
    pub message: String,
    /// Where it was first thrown.
    pub trace: Vec<TraceFrame>,
    /// Class and message of those that caused it, nearest first.
    pub causes: Vec<(String, String)>,
}

/// A program that was not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its modules do not fit together.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// No module names an entry point.
    #[error("no function to start with")]
    NoEntry,
}

/// Links modules and runs the program, with its streams in memory.
///
/// # Errors
/// If they are not a program.
pub fn run(modules: Vec<VerifiedModule>, options: Options) -> Result<Outcome, Refused> {
    let program = link(modules)?;
    let (streams, written) = Streams::captured(options.stdin.clone());
    let mut outcome = run_program(&program, options, streams)?;
    outcome.stdout = written.stdout.take();
    outcome.stderr = written.stderr.take();
    Ok(outcome)
}

/// Runs a program with these streams; the standard input among the options is not looked at.
///
/// # Errors
/// If it names no entry point.
pub fn run_program(program: &Program, options: Options, streams: Streams) -> Result<Outcome, Refused> {
    let entry = program.entry.ok_or(Refused::NoEntry)?;
    let host = HostState {
        arguments: options.arguments,
        streams,
        capabilities: options.capabilities,
        longest: options.heap.min(LONGEST) as usize,
        started: Instant::now(),
    };
    let (ending, fuel_used, executed) = match Machine::new(program, options.heap, options.stack, options.fuel, host) {
        Ok(mut machine) => {
            let ended = match machine.start(entry) {
                Ok(()) => machine.run(options.steps.unwrap_or(u64::MAX)),
                Err(failure) => Ended::Failed(failure),
            };
            let ending = ending(&mut machine, ended).unwrap_or_else(Ending::Failed);
            (ending, machine.fuel.used(), machine.executed)
        }
        Err(Stop::Fail(failure)) => (Ending::Failed(failure), 0, Executed::default()),
        Err(_) => (Ending::HeapTooSmall, 0, Executed::default()),
    };
    Ok(Outcome { ending, fuel_used, stdout: Vec::new(), stderr: Vec::new(), executed })
}

fn ending(machine: &mut Machine<'_>, ended: Ended) -> Result<Ending, Failure> {
    // What cannot be written any more was not asked for by the program.
    let _ = machine.host.streams.flush();
    Ok(match ended {
        Ended::Returned(values) => match values.first() {
            None => Ending::Exit(0),
            Some(Value::I32(code)) => Ending::Exit(*code),
            Some(value) => return Err(Failure::new(format!("the entry point returned {value:?}"))),
        },
        Ended::Exit(code) => Ending::Exit(code),
        Ended::Threw(exception) => Ending::Uncaught(describe(machine, exception)?),
        Ended::Suspended => Ending::Suspended(machine.trace()),
        Ended::Steps => Ending::StepLimit,
        Ended::Failed(failure) => Ending::Failed(failure),
    })
}

fn describe(machine: &Machine<'_>, exception: ObjectId) -> Result<Exception, Failure> {
    let (class, message) = class_and_message(machine, exception)?;
    let trace = machine.describe(&machine.trace_of(exception)?);
    let mut causes = Vec::new();
    let mut cause = machine.error_fields(exception)?.1;
    while let Some(object) = cause.filter(|_| causes.len() < MOST_CAUSES) {
        causes.push(class_and_message(machine, object)?);
        cause = machine.error_fields(object)?.1;
    }
    Ok(Exception { class, message, trace, causes })
}

fn class_and_message(machine: &Machine<'_>, exception: ObjectId) -> Result<(String, String), Failure> {
    let object = machine.heap.get(exception)?;
    let Contents::Instance(..) = object.contents else { return Err(Failure::new("an exception that is no instance")) };
    let message = machine.error_fields(exception)?.0;
    Ok((type_name(machine.program, object.ty), message.map_or_else(String::new, |message| message.to_string())))
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_named(f, "uncaught", &self.class, &self.message)?;
        f.write_str(&trace_lines(&self.trace))?;
        for (class, message) in &self.causes {
            write_named(f, "caused by", class, message)?;
        }
        Ok(())
    }
}

fn write_named(f: &mut fmt::Formatter<'_>, prefix: &str, class: &str, message: &str) -> fmt::Result {
    let colon = if message.is_empty() { "" } else { ": " };
    writeln!(f, "{prefix} {class}{colon}{message}")
}

/// The lines of a trace.
pub(crate) fn trace_lines(trace: &[TraceFrame]) -> String {
    trace.iter().fold(String::new(), |mut lines, frame| {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "    at {frame}");
        lines
    })
}
