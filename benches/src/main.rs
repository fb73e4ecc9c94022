//! The command line.

#![forbid(unsafe_code)]

use benches::error::Error;
use benches::{peers, startup};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Measures Limosa beside other runtimes.
#[derive(Debug, Parser)]
#[command(name = "benches", disable_help_subcommand = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Whole programs beside the same programs on other runtimes
    Peers(peers::Options),
    /// A program that prints one line: time and memory, beside Lua
    Startup(startup::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Peers(options) => peers::measure(&options),
        Command::Startup(options) => startup::measure(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("benches: {error}");
            if matches!(error, Error::Unknown { .. }) { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}
