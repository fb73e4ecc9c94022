//! `fuzzlib TARGET`: makes cases from a seed for so many seconds, and says what was seen and found.
//!
//! Cases run in a process of their own, so that one that is ended by a signal, never ends or takes all memory is a find as well.

#![forbid(unsafe_code)]

mod report;
mod supervise;
mod worker;

use clap::Parser;
use fuzzlib::{Find, Fuzzer, Observations, Target};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Something was found.
const FOUND: u8 = 1;
/// The command was not understood, or files could not be read or written.
const USAGE: u8 = 2;
/// A rule or an instruction was missed that was asked for.
const MISSED: u8 = 4;

/// Fuzzes Limosa.
#[derive(Debug, Clone, Parser)]
#[command(name = "fuzzlib", max_term_width = 100)]
pub struct Arguments {
    /// What to fuzz: bytes, mutate, text or valid
    target: Target,
    /// What all cases follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Stop after this many cases
    #[arg(long, value_name = "N")]
    cases: Option<u64>,
    /// The case to begin with
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// Write the report to a file
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
    /// Where finds are written
    #[arg(long, value_name = "FOLDER", default_value = "target/fuzz-finds")]
    finds: PathBuf,
    /// Stop after this many different finds
    #[arg(long, value_name = "N", default_value_t = 10)]
    most_finds: usize,
    /// Fail if a rule of the verifier was not hit
    #[arg(long)]
    require_rules: bool,
    /// Fail if an instruction was not executed
    #[arg(long)]
    require_instructions: bool,
    /// Look at one file, a find of before
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// Make the file of one case and look at it
    #[arg(long, value_name = "FILE", requires = "case")]
    write: Option<PathBuf>,
    /// The case to write
    #[arg(long, value_name = "N")]
    case: Option<u64>,
    /// Run cases here, and write which one to this file
    #[arg(long, hide = true, value_name = "FILE")]
    worker: Option<PathBuf>,
    /// Make the file that follows from these choices and look at it
    #[arg(long, hide = true, value_name = "FILE")]
    choices: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(USAGE)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, String> {
    if let Some(state) = &arguments.worker {
        worker::run(arguments, state).map_err(|error| format!("{}: {error}", state.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let read = |path: &PathBuf| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    if let Some(path) = &arguments.replay {
        return Ok(replay(|fuzzer, seen| fuzzer.checked(arguments.target, &read(path).unwrap_or_default(), seen)));
    }
    if let Some(path) = &arguments.choices {
        let choices = read(path)?;
        return Ok(replay(|fuzzer, seen| fuzzer.case(arguments.target, &choices, seen).map_err(|(_, find)| find)));
    }
    if let (Some(path), Some(case)) = (&arguments.write, arguments.case) {
        let choices = worker::choices(arguments, case);
        let artifact = Fuzzer::new().generate(arguments.target, &choices);
        fs::write(path, &artifact).map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok(replay(|fuzzer, seen| fuzzer.checked(arguments.target, &artifact, seen)));
    }
    let report = supervise::run(arguments)?;
    print!("{report}");
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        fs::write(path, json + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let missed = arguments.require_rules && !report.missing_rules.is_empty()
        || arguments.require_instructions && !report.missing_instructions.is_empty();
    Ok(match (report.finds.is_empty(), missed) {
        (false, _) => ExitCode::from(FOUND),
        (true, true) => ExitCode::from(MISSED),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Looks at one case, here; prints what is wrong.
fn replay(check: impl FnOnce(&Fuzzer, &mut Observations) -> Result<(), Find>) -> ExitCode {
    fuzzlib::catch_panics();
    let mut seen = Observations::default();
    match check(&Fuzzer::new(), &mut seen) {
        Ok(()) => {
            println!("nothing found: {:?} {:?}", seen.outcomes, seen.rules);
            ExitCode::SUCCESS
        }
        Err(find) => {
            println!("{find}");
            ExitCode::from(FOUND)
        }
    }
}

/// The time that is left for cases.
fn time(arguments: &Arguments) -> Duration {
    Duration::from_secs(arguments.seconds)
}
