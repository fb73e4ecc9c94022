//! `benches startup`: how long a process takes that prints one line, and how much memory, beside Lua.

use crate::error::{Error, shown};
use crate::measure::{self, Times};
use crate::root;
use crate::runtime::Runtime;
use crate::statistics::median;
use crate::workshop::Workshop;
use indicatif::ProgressBar;
use serde_json::json;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Rounds before those that count, for the system to have the files at hand.
const WARM_UP: u32 = 20;

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The binary to measure
    #[arg(long, value_name = "PATH", default_value = "target/release/vm")]
    pub vm: PathBuf,
    /// Rounds; the figures are medians over them
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
    /// Write all figures to a file
    #[arg(long, value_name = "OUT")]
    pub json: Option<PathBuf>,
}

/// Measures, prints the table and stores the figures.
pub fn measure(options: &Options) -> Result<(), Error> {
    if !options.vm.is_file() {
        return Err(Error::NoBinary(options.vm.clone()));
    }
    let vm = std::path::absolute(&options.vm).map_err(|error| Error::file(&options.vm, error))?;
    let workshop = Workshop::new(&vm)?;
    let module = workshop.assemble("hello", &root().join("examples/hello.vasm"))?;
    let mut commands: Vec<(Runtime, Vec<OsString>)> = vec![(Runtime::Limosa, vec![vm.into(), "run".into(), module.into()])];
    let script = root().join("benches/startup/hello.lua");
    for (runtime, program) in [(Runtime::Lua, "lua5.4"), (Runtime::LuaJit, "luajit")] {
        match runtime.version() {
            Some(_) => commands.push((runtime, vec![program.into(), script.clone().into()])),
            None => eprintln!("{} is not installed and is left out", runtime.label()),
        }
    }

    let times = run_rounds(&commands, options.runs)?;
    println!("| | wall time | ratio | computing time | resident at most |\n|---|--:|--:|--:|--:|");
    let mut figures = Vec::new();
    let mut ours = None;
    for ((runtime, command), times) in commands.iter().zip(&times) {
        let wall = median(times.iter().map(|times| times.wall)).unwrap_or_default();
        let cpu = median(times.iter().map(|times| times.cpu)).unwrap_or_default();
        let ratio = wall / *ours.get_or_insert(wall);
        let memory = resident(command, &workshop)?;
        let shown = memory.map_or("–".to_owned(), |kilobytes| format!("{kilobytes} KiB"));
        println!("| {} | {:.2} ms | {ratio:.2} | {:.2} ms | {shown} |", runtime.label(), wall * 1e3, cpu * 1e3);
        figures.push(json!({ "runtime": runtime.name(), "wall": wall, "cpu": cpu, "ratio": ratio, "resident_kib": memory }));
    }
    if let Some(path) = &options.json {
        let text = format!("{:#}\n", json!({ "runs": options.runs, "runtimes": figures }));
        std::fs::write(path, text).map_err(|error| Error::file(path, error))?;
    }
    Ok(())
}

fn run_rounds(commands: &[(Runtime, Vec<OsString>)], runs: u32) -> Result<Vec<Vec<Times>>, Error> {
    let mut times = vec![Vec::new(); commands.len()];
    let mut expected: Option<Vec<u8>> = None;
    let progress = ProgressBar::new(u64::from(WARM_UP + runs));
    for round in 0..WARM_UP + runs {
        for ((_, command), times) in commands.iter().zip(&mut times) {
            let (taken, output) = measure::run(command)?;
            if *expected.get_or_insert_with(|| output.clone()) != output {
                return Err(Error::Differs { command: shown(command) });
            }
            if round >= WARM_UP {
                times.push(taken);
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(times)
}

/// The most memory that the process had resident, in KiB, as GNU time tells; None where that is not installed.
///
/// A process inherits the figure from the one that starts it, so it has to be one with little memory.
fn resident(command: &[OsString], workshop: &Workshop) -> Result<Option<u64>, Error> {
    let time = Path::new("/usr/bin/time");
    if !time.is_file() {
        eprintln!("{} is not installed, so memory is not measured", time.display());
        return Ok(None);
    }
    let report = workshop.path("resident");
    let mut timed: Vec<OsString> = vec![time.into(), "-f".into(), "%M".into(), "-o".into(), report.clone().into()];
    timed.extend_from_slice(command);
    measure::run(&timed)?;
    let told = std::fs::read_to_string(&report).map_err(|error| Error::file(&report, error))?;
    Ok(told.trim().parse().ok())
}
