//! Whole programs, measured beside the same programs on other runtimes.
//!
//! Every program is run on every runtime once a round, one after the other, so that what else the machine does meets all alike; the
//! figure is the median over the rounds of the process's wall time, and what counts is the ratio. Output must be the same everywhere.

#![forbid(unsafe_code)]

mod peers;

use std::process::ExitCode;

const USAGE: &str = "\
Measures Limosa beside other runtimes.

Usage: benches peers [--vm PATH] [--only NAME] [--runs N] [--json OUT]

  --vm PATH     the binary to measure        [target/release/vm]
  --only NAME   one program                  [all]
  --runs N      rounds, at least one         [5]
  --json OUT    write the figures to a file

The peers are `luajit -joff` and `java -Xint -XX:StackShadowPages=10`; one that is not installed is left out.

Example: cargo run --release -p benches -- peers --only fib
";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    match arguments.next().as_deref() {
        Some("peers") => {}
        Some("--help" | "-h") => {
            print!("{USAGE}");
            return Ok(());
        }
        _ => return Err(USAGE.to_owned()),
    }
    let mut options = peers::Options::default();
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{flag} needs a value\n\n{USAGE}"))?;
        match flag.as_str() {
            "--vm" => options.vm = value,
            "--only" => options.only = Some(value),
            "--runs" => options.runs = value.parse().ok().filter(|&runs| runs > 0).ok_or("--runs takes a number of at least 1")?,
            "--json" => options.json = Some(value),
            _ => return Err(format!("there is no option {flag}\n\n{USAGE}")),
        }
    }
    peers::measure(&options)
}
