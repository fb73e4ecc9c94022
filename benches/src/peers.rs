//! `benches peers`: the table of programs and runtimes.

use crate::error::{Error, shown};
use crate::measure::{self, Times};
use crate::programs::{self, Program};
use crate::runtime::Runtime;
use crate::statistics::{geometric_mean, median};
use crate::workshop::Workshop;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cargo build --release && cargo run --release -p benches -- peers
  cargo run --release -p benches -- peers --only=fib,sieve --runs=1
  cargo run --release -p benches -- peers --peers=all --json figures.json
  cargo run --release -p benches -- peers --cpu            on a machine that others use as well

Peers: luajit-joff, java-xint, lua5.4 (these by default), luajit, java, gcc.";

/// What to measure and how.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// The binary to measure
    #[arg(long, value_name = "PATH", default_value = "target/release/vm")]
    pub vm: PathBuf,
    /// Only these programs, separated by commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<String>,
    /// The other runtimes, separated by commas, or `all`
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub peers: Vec<String>,
    /// Rounds; the figures are medians over them
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
    /// Take the ratios from the processes' computing time instead of the time that passes
    #[arg(long)]
    pub cpu: bool,
    /// Write all figures to a file
    #[arg(long, value_name = "OUT")]
    pub json: Option<PathBuf>,
}

/// What a program took on each runtime, round by round.
type Rounds = BTreeMap<Runtime, Vec<Times>>;

/// Measures, prints the table row by row, and stores the figures.
pub fn measure(options: &Options) -> Result<(), Error> {
    if !options.vm.is_file() {
        return Err(Error::NoBinary(options.vm.clone()));
    }
    let programs = programs::chosen(&options.only)?;
    let peers = installed(&Runtime::peers(&options.peers)?);
    let runtimes: Vec<Runtime> = std::iter::once(Runtime::Limosa).chain(peers.keys().copied()).collect();
    let vm = std::path::absolute(&options.vm).map_err(|error| Error::file(&options.vm, error))?;
    let workshop = Workshop::new(&vm)?;
    workshop.compile(&programs, &runtimes)?;

    let mut table = Table { runtimes, cpu: options.cpu, ratios: BTreeMap::new(), figures: Vec::new() };
    let progress = Progress::new(programs.len() * options.runs as usize * table.runtimes.len());
    progress.print(&table.head());
    for program in programs {
        let rounds = run_rounds(program, &table.runtimes, &workshop, options.runs, &progress)?;
        progress.print(&table.row(program, &rounds));
    }
    progress.bar.finish_and_clear();
    println!("{}", table.means());
    if let Some(path) = &options.json {
        let text = format!("{:#}\n", table.json(options.runs, &peers));
        std::fs::write(path, text).map_err(|error| Error::file(path, error))?;
    }
    Ok(())
}

/// Those of the peers that are there, with their versions; tells which are not.
fn installed(peers: &[Runtime]) -> BTreeMap<Runtime, String> {
    let mut found = BTreeMap::new();
    for &peer in peers {
        match peer.version() {
            Some(version) => drop(found.insert(peer, version)),
            None => eprintln!("{} is not installed and is left out", peer.label()),
        }
    }
    found
}

fn run_rounds(program: &Program, runtimes: &[Runtime], workshop: &Workshop, runs: u32, progress: &Progress) -> Result<Rounds, Error> {
    let mut rounds = Rounds::new();
    let mut expected: Option<Vec<u8>> = None;
    for round in 1..=runs {
        for &runtime in runtimes {
            progress.step(program, runtime, round);
            let Some(command) = workshop.command(program, runtime, program.size) else { continue };
            let (times, output) = measure::run(&command)?;
            if *expected.get_or_insert_with(|| output.clone()) != output {
                return Err(Error::Differs { command: shown(&command) });
            }
            rounds.entry(runtime).or_default().push(times);
        }
    }
    Ok(rounds)
}

/// What is under way, on the error stream.
struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new(steps: usize) -> Progress {
        let bar = ProgressBar::new(steps as u64);
        let style = ProgressStyle::with_template("{pos}/{len} {msg}, {eta} to go");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar }
    }

    /// Tells what is about to run. Where the error stream is no terminal, once for each program.
    fn step(&self, program: &Program, runtime: Runtime, round: u32) {
        self.bar.set_message(format!("{} on {}", program.name, runtime.label()));
        self.bar.inc(1);
        if self.bar.is_hidden() && round == 1 && runtime == Runtime::Limosa {
            eprintln!("measuring {}", program.name);
        }
    }

    fn print(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }
}

/// The table as far as it is known.
struct Table {
    runtimes: Vec<Runtime>,
    cpu: bool,
    /// For each peer, those of the programs that count.
    ratios: BTreeMap<Runtime, Vec<f64>>,
    figures: Vec<Value>,
}

impl Table {
    /// The time that counts.
    fn time(&self, times: &[Times]) -> Option<f64> {
        median(times.iter().map(|times| if self.cpu { times.cpu } else { times.wall }))
    }

    fn head(&self) -> String {
        let mut names = String::from("| program |");
        let mut rule = String::from("|---|");
        for runtime in &self.runtimes {
            let ratio = *runtime != Runtime::Limosa;
            names += &format!(" {} |{}", runtime.label(), if ratio { " ratio |" } else { "" });
            rule += if ratio { "--:|--:|" } else { "--:|" };
        }
        format!("{names}\n{rule}")
    }

    /// The row of a program; remembers its figures.
    fn row(&mut self, program: &Program, rounds: &Rounds) -> String {
        let medians: BTreeMap<Runtime, f64> = rounds.iter().filter_map(|(&runtime, times)| Some((runtime, self.time(times)?))).collect();
        let fastest = medians.iter().filter(|(runtime, _)| runtime.interprets()).min_by(|a, b| a.1.total_cmp(b.1));
        if let Some((runtime, time)) = fastest.filter(|(_, time)| program.counts && **time < 1.0) {
            eprintln!("{} takes only {time:.2} s on {}: its size should be larger", program.name, runtime.label());
        }
        let ours = medians.get(&Runtime::Limosa).copied();
        let mut row = format!("| {}{} |", program.name, if program.counts { "" } else { " *" });
        let mut figures = Map::new();
        for &runtime in &self.runtimes {
            let time = medians.get(&runtime).copied();
            let ratio = time.zip(ours).map(|(theirs, ours)| theirs / ours);
            row += &time.map_or(" – |".to_owned(), |time| format!(" {time:.3} s |"));
            if runtime != Runtime::Limosa {
                row += &ratio.map_or(" – |".to_owned(), |ratio| format!(" {ratio:.2} |"));
                self.ratios.entry(runtime).or_default().extend(ratio.filter(|_| program.counts));
            }
            let times = rounds.get(&runtime).map_or(&[][..], Vec::as_slice);
            let wall = median(times.iter().map(|times| times.wall));
            let cpu = median(times.iter().map(|times| times.cpu));
            figures.insert(runtime.name().to_owned(), json!({ "wall": wall, "cpu": cpu, "ratio": ratio, "rounds": times }));
        }
        self.figures.push(json!({ "name": program.name, "size": program.size, "counts": program.counts, "runtimes": figures }));
        row
    }

    fn mean(&self, runtime: Runtime) -> Option<f64> {
        geometric_mean(self.ratios.get(&runtime)?)
    }

    /// The last row, and what the table means.
    fn means(&self) -> String {
        let mut row = String::from("| geometric mean | |");
        for &runtime in &self.runtimes[1..] {
            row += &self.mean(runtime).map_or(" | – |".to_owned(), |mean| format!(" | {mean:.2} |"));
        }
        let time = if self.cpu { "computing time" } else { "wall time" };
        let uncounted = self.figures.iter().any(|figures| figures["counts"] == false);
        let note = if uncounted { "\n\\* Not the same work everywhere, so not in the mean." } else { "" };
        format!("{row}\n\nMedians of {time}; the ratios tell how many times as long the others took.{note}")
    }

    fn json(&self, runs: u32, versions: &BTreeMap<Runtime, String>) -> Value {
        let versions: Map<String, Value> = versions.iter().map(|(peer, version)| (peer.name().to_owned(), json!(version))).collect();
        let means: Map<String, Value> = self.runtimes[1..].iter().map(|&peer| (peer.name().to_owned(), json!(self.mean(peer)))).collect();
        let time = if self.cpu { "cpu" } else { "wall" };
        json!({ "runs": runs, "ratios_of": time, "versions": versions, "programs": self.figures, "geometric_means": means })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: Program = Program { name: "one", class: "One", size: 1, small: 1, counts: true };
    const DOES_NOT: Program = Program { name: "two", counts: false, ..COUNTS };

    fn rounds(ours: f64, theirs: f64) -> Rounds {
        // Wall time is ten times computing time for one of them, so that mixing them up would show.
        let times = |cpu: f64, factor: f64| vec![Times { wall: cpu * factor, cpu }; 3];
        Rounds::from([(Runtime::Limosa, times(ours, 1.0)), (Runtime::Lua, times(theirs, 10.0))])
    }

    fn table(cpu: bool) -> Table {
        Table { runtimes: vec![Runtime::Limosa, Runtime::Lua, Runtime::C], cpu, ratios: BTreeMap::new(), figures: Vec::new() }
    }

    #[test]
    fn ratios_are_theirs_by_ours_and_only_those_that_count_are_in_the_mean() {
        let mut table = table(true);
        assert_eq!(table.head(), "| program | limosa | lua5.4 | ratio | gcc -O2 | ratio |\n|---|--:|--:|--:|--:|--:|");
        assert_eq!(table.row(&COUNTS, &rounds(1.0, 2.0)), "| one | 1.000 s | 2.000 s | 2.00 | – | – |");
        assert_eq!(table.row(&COUNTS, &rounds(1.0, 8.0)), "| one | 1.000 s | 8.000 s | 8.00 | – | – |");
        assert_eq!(table.row(&DOES_NOT, &rounds(1.0, 100.0)), "| two * | 1.000 s | 100.000 s | 100.00 | – | – |");
        assert!(table.means().starts_with("| geometric mean | | | 4.00 | | – |\n"), "{}", table.means());
    }

    #[test]
    fn wall_time_counts_unless_computing_time_is_asked_for() {
        let row = table(false).row(&COUNTS, &rounds(1.0, 2.0));
        assert_eq!(row, "| one | 1.000 s | 20.000 s | 20.00 | – | – |");
    }
}
