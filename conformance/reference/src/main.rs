//! `reference run`: runs a program in the reference interpreter. Options, messages and exit codes are those of `vm run`, as far as they
//! are about what programs do.

#![forbid(unsafe_code)]

use clap::{Args, Parser, Subcommand};
use limosa_reference::streams::Streams;
use limosa_reference::{Capabilities, Ending, Options, Outcome, TraceFrame, link, run_program};
use limosa_spec::verify::VerifiedModule;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The program threw an exception that nothing caught; or the statistics cannot be written.
const UNCAUGHT: u8 = 1;
/// The command was not understood.
const USAGE: u8 = 2;
/// The input was refused.
const REFUSED: u8 = 3;
/// A limit was reached.
const LIMIT: u8 = 4;
/// The reference, or the verifier, was found wrong.
const INTERNAL: u8 = 70;

/// The reference interpreter of Limosa.
#[derive(Debug, Parser)]
#[command(name = "reference", disable_help_subcommand = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a program
    Run(Box<RunArguments>),
}

#[derive(Debug, Args)]
#[command(override_usage = "reference run [OPTIONS] FILE [ARGS]...")]
struct RunArguments {
    /// A module (.bc) or assembly text (.vasm), and the program's arguments
    #[arg(value_names = ["FILE", "ARGS"], num_args = 1.., required = true, trailing_var_arg = true)]
    program: Vec<OsString>,
    /// Also link this module or text; may be given several times
    #[arg(long, value_name = "FILE")]
    link: Vec<PathBuf>,
    /// Let the program read a file, or a directory and all in it
    #[arg(long, value_name = "PATH")]
    allow_read: Vec<PathBuf>,
    /// Let the program change a file, or a directory and all in it
    #[arg(long, value_name = "PATH")]
    allow_write: Vec<PathBuf>,
    /// Let the program read environment variables
    #[arg(long)]
    allow_env: bool,
    /// Let the program read the clock
    #[arg(long)]
    allow_clock: bool,
    /// Let the program draw random numbers
    #[arg(long)]
    allow_random: bool,
    /// Stop after this much work
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,
    /// Memory for objects and stacks
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "256M")]
    heap: u64,
    /// Slots of 8 bytes for the calls of each fiber
    #[arg(long, value_name = "SLOTS", value_parser = size, default_value = "1M")]
    stack: u64,
    /// Give up after this many instructions, and functions entered
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
    /// Write the exit code and the fuel used to a file when the program ends
    #[arg(long, value_name = "json:FILE", value_parser = stats_file)]
    stats: Option<PathBuf>,
}

/// A number with an optional `K`, `M` or `G` of 1024 each.
fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        Some((at, _)) => text.split_at(at),
        None => (text, ""),
    };
    let factor = match unit.to_ascii_uppercase().as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err("expected a number, optionally with K, M or G".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "expected a number, optionally with K, M or G".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "the number is too large".to_owned())
}

fn stats_file(text: &str) -> Result<PathBuf, String> {
    text.strip_prefix("json:").filter(|file| !file.is_empty()).map(PathBuf::from).ok_or_else(|| "expected json:FILE".to_owned())
}

/// An end with an exit code and something to tell.
struct Failure(u8, String);

fn main() -> ExitCode {
    let Command::Run(arguments) = Arguments::parse().command;
    let (code, message) = match run(&arguments) {
        Ok(end) => end,
        Err(Failure(code, message)) => (i32::from(code), format!("error: {message}\n")),
    };
    // If nobody listens there is nobody to tell.
    let _ = std::io::stderr().write_all(message.as_bytes());
    // Of the code the system keeps the lowest eight bits.
    ExitCode::from(code as u8)
}

/// Runs the program; gives the exit code and what is to be told of its end.
fn run(arguments: &RunArguments) -> Result<(i32, String), Failure> {
    let (file, words) = arguments.program.split_first().ok_or_else(|| Failure(USAGE, "no program".to_owned()))?;
    let options = options(arguments, words)?;
    let mut modules = vec![load(Path::new(file))?];
    for file in &arguments.link {
        modules.push(load(file)?);
    }
    let refused = |error: &dyn std::fmt::Display| Failure(REFUSED, format!("{}: {error}", Path::new(file).display()));
    let program = link(modules).map_err(|error| refused(&error))?;
    let outcome = run_program(&program, options, Streams::of_process()).map_err(|error| refused(&error))?;
    let end = told(&outcome, arguments);
    if let Some(file) = &arguments.stats {
        let stats = serde_json::json!({ "exit_code": end.0, "fuel_used": outcome.fuel_used });
        let written = write(file, &format!("{stats}\n"));
        written.map_err(|error| Failure(UNCAUGHT, format!("cannot write `{}`: {error}", file.display())))?;
    }
    Ok(end)
}

/// Writes a file. What stands for a stream may lead to a file that others write, too: it is added to.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let is_stream = path.starts_with("/dev");
    fs::OpenOptions::new().create(true).append(is_stream).write(true).truncate(!is_stream).open(path)?.write_all(text.as_bytes())
}

fn options(arguments: &RunArguments, words: &[OsString]) -> Result<Options, Failure> {
    let mut capabilities = Capabilities::default();
    (capabilities.env, capabilities.clock, capabilities.random) = (arguments.allow_env, arguments.allow_clock, arguments.allow_random);
    let denied = |path: &Path, error: std::io::Error| Failure(USAGE, format!("{}: {error}", path.display()));
    for path in &arguments.allow_read {
        capabilities.allow_read(path).map_err(|error| denied(path, error))?;
    }
    for path in &arguments.allow_write {
        capabilities.allow_write(path).map_err(|error| denied(path, error))?;
    }
    let text =
        |word: &OsString| word.clone().into_string().map_err(|_| Failure(USAGE, "an argument of the program is not UTF-8".to_owned()));
    Ok(Options {
        fuel: arguments.fuel,
        heap: arguments.heap,
        stack: arguments.stack,
        steps: arguments.steps,
        arguments: words.iter().map(text).collect::<Result<_, _>>()?,
        stdin: Vec::new(),
        capabilities,
    })
}

/// Reads a module, or assembles a text, and verifies it.
fn load(file: &Path) -> Result<VerifiedModule, Failure> {
    let name = file.display().to_string();
    let refused = |error: &dyn std::fmt::Display| Failure(REFUSED, format!("{name}: {error}"));
    let bytes = fs::read(file).map_err(|error| refused(&error))?;
    let bytes = if file.extension().is_some_and(|extension| extension == "vasm") {
        let assembly = limosa_assembler::assemble_bytes(&name, &bytes).map_err(|error| refused(&error))?;
        limosa_spec::encode(&assembly.module).map_err(|error| refused(&error))?
    } else {
        bytes
    };
    let module = limosa_spec::decode(&bytes).map_err(|error| refused(&error))?;
    limosa_spec::verify(module).map_err(|error| refused(&error))
}

/// The exit code of a run, and what is told of its end.
fn told(outcome: &Outcome, arguments: &RunArguments) -> (i32, String) {
    let limit = |message: &str, trace: &[TraceFrame]| {
        let lines: String = trace.iter().map(|frame| format!("    at {frame}\n")).collect();
        (i32::from(LIMIT), format!("error: {message}\n{lines}"))
    };
    match &outcome.ending {
        Ending::Exit(code) => (*code, String::new()),
        Ending::Uncaught(exception) => (i32::from(UNCAUGHT), exception.to_string()),
        Ending::Suspended(trace) => {
            let fuel = arguments.fuel.unwrap_or_default();
            limit(&format!("the program used up its fuel of {fuel}; --fuel=N gives it more"), trace)
        }
        Ending::StepLimit => limit("the program took more steps than --steps=N allows", &[]),
        Ending::HeapTooSmall => limit("the heap limit is too small to start the program; raise it", &[]),
        Ending::Failed(failure) => (i32::from(INTERNAL), format!("internal error: {failure}\n")),
    }
}
