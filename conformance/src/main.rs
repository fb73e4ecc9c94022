//! The conformance suite's runner: runs every program under every column of the matrix and compares what it does with what its header
//! lines say (see `README.md` beside the suite).
//!
//! It knows nothing of any implementation. All it needs is a binary with the commands `run`, `asm`, `dis` and `verify`, and a reference
//! interpreter with the command `run`.

#![forbid(unsafe_code)]

mod check;
mod command;
mod discover;
mod expect;
mod matrix;
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
            if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
    let paths = if options.paths.is_empty() {
        vec![root.join("conformance/ops"), root.join("conformance/reject"), root.join("examples")]
    } else {
        options.paths.clone()
    };
    let files = discover::programs(&root, &paths, options.only.as_deref())?;
    if files.is_empty() {
        return Err("no program fits".to_owned());
    }
    let scratch = std::env::temp_dir().join(format!("conformance-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let machine = command::Machine { vm, reference, root, timeout: Duration::from_secs(options.timeout) };
    let report = run_all(&machine, &files, options, &scratch);
    // What cannot be removed does not matter: it is in the folder for such things.
    let _ = std::fs::remove_dir_all(&scratch);
    if let Some(path) = &options.json {
        report.write(path)?;
    }
    Ok(report)
}

fn run_all(machine: &command::Machine, files: &[PathBuf], options: &Options, scratch: &Path) -> Report {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel::<Vec<Verdict>>();
    let mut report = Report::default();
    std::thread::scope(|scope| {
        for worker in 0..options.threads.max(1) {
            let sender = sender.clone();
            let (next, columns) = (&next, &options.matrix);
            let scratch = scratch.join(worker.to_string());
            scope.spawn(move || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let verdicts = program::run(machine, file, columns, &scratch);
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
    report
}
