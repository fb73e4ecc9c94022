//! The conformance suite's runner: runs every program under every column of the matrix and compares what it does with what its header
//! lines say (see `README.md` beside the suite).
//!
//! It knows nothing of any implementation. All it needs is a binary with the commands `run`, `asm`, `dis` and `verify`, and a reference
//! interpreter with the command `run`.

#![forbid(unsafe_code)]

mod built;
mod check;
mod command;
mod coverage;
mod discover;
mod expect;
mod matrix;
mod mended;
mod program;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use clap::Parser;

use crate::command::Binary;
use crate::matrix::Column;
use crate::report::{Report, Verdict};

/// Runs the conformance suite and the examples against a VM.
#[derive(Parser)]
#[command(name = "conformance", after_help = "Example:\n  conformance --vm target/release/vm --matrix=all --only='ops/int/*'")]
struct Options {
    /// The binary under test.
    #[arg(long, default_value = "target/release/vm")]
    vm: PathBuf,
    /// The reference interpreter; `reference` beside the binary under test if not given.
    #[arg(long)]
    reference: Option<PathBuf>,
    /// Columns: `all`, or some of them separated by commas.
    #[arg(long, default_value = "all", value_parser = matrix::parse)]
    matrix: std::sync::Arc<[Column]>,
    /// Only programs whose path fits; `*` stands for anything.
    #[arg(long)]
    only: Option<String>,
    /// Where to write all results.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Find out what the suite covers of the instruction table, the rules and the limits; what it does not cover is a failure.
    #[arg(long, conflicts_with_all = ["only", "paths"])]
    coverage: bool,
    /// Programs run at the same time.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Seconds after which a run has failed.
    #[arg(long, default_value_t = 120)]
    timeout: u64,
    /// Folders and files with programs, instead of the suite and the examples.
    paths: Vec<PathBuf>,
}

/// The folder that all paths are shown relative to: the one above the suite.
fn root() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match std::env::current_dir() {
        Ok(here) if here.join("conformance/ops").is_dir() => here,
        _ => beside.to_path_buf(),
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(report) => {
            println!("{}", report.summary());
            if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("conformance: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<Report, String> {
    let root = root();
    let vm = Binary::at(options.vm.clone(), "build it or name another by --vm")?;
    let beside = options.vm.with_file_name(format!("reference{}", std::env::consts::EXE_SUFFIX));
    let path = options.reference.clone().unwrap_or(beside);
    let reference = match options.matrix.iter().any(|column| column.is_reference) {
        true => Binary::at(path, "`cargo build --release -p limosa-reference` builds it; --reference names another")?,
        false => Binary { path: path.clone(), shown: path },
    };
    let (whole, only) = (options.paths.is_empty(), options.only.as_deref());
    let paths = match whole {
        true => ["conformance/ops", "conformance/reject", "examples"].map(|path| root.join(path)).to_vec(),
        false => options.paths.clone(),
    };
    let files = discover::programs(&root, &paths, only)?;
    let mut cases = if whole { built::cases() } else { Vec::new() };
    cases.retain(|case| only.is_none_or(|pattern| discover::fits(pattern, &case.name)));
    if files.is_empty() && cases.is_empty() {
        return Err("no program fits".to_owned());
    }
    let scratch = std::env::temp_dir().join(format!("conformance-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let machine = command::Machine { vm, reference, root, timeout: Duration::from_secs(options.timeout) };
    let report = run_all(&machine, &files, &cases, options, &scratch);
    let report = report.and_then(|report| with_coverage(&machine, &files, options, &scratch, report));
    // What cannot be removed does not matter: it is in the folder for such things.
    let _ = std::fs::remove_dir_all(&scratch);
    let report = report?;
    if let Some(path) = &options.json {
        report.write(path)?;
    }
    Ok(report)
}

/// Adds the coverage to the report and prints it. The examples are no part of the suite.
fn with_coverage(
    machine: &command::Machine,
    files: &[PathBuf],
    options: &Options,
    scratch: &Path,
    mut report: Report,
) -> Result<Report, String> {
    if options.coverage {
        let suite: Vec<PathBuf> = files.iter().filter(|file| file.starts_with(machine.root.join("conformance"))).cloned().collect();
        let coverage = coverage::measure(machine, &suite, &report, options.threads, scratch)?;
        print!("{}", coverage.text());
        report.coverage = Some(coverage);
    }
    Ok(report)
}

/// Runs all cases that are built, which take longest, and then all programs.
fn run_all(
    machine: &command::Machine,
    files: &[PathBuf],
    cases: &[built::Case],
    options: &Options,
    scratch: &Path,
) -> Result<Report, String> {
    let base = built::base(machine)?;
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel::<Vec<Verdict>>();
    let mut report = Report::default();
    std::thread::scope(|scope| {
        for worker in 0..options.threads.max(1) {
            let sender = sender.clone();
            let (next, base, columns) = (&next, &base, &options.matrix);
            let scratch = scratch.join(worker.to_string());
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let verdicts = match (cases.get(index), files.get(index.saturating_sub(cases.len()))) {
                        (Some(case), _) => built::run(machine, base, case, columns, &scratch),
                        (None, Some(file)) => program::run(machine, file, columns, &scratch),
                        (None, None) => return,
                    };
                    if sender.send(verdicts).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for verdicts in results {
            report.add(verdicts);
        }
    });
    report.sort();
    Ok(report)
}
