//! The process that starts workers, watches them, and keeps what they find.

use crate::report::{Found, Report};
use crate::worker::{Message, choices};
use crate::{Arguments, time};
use fuzzlib::shrink::shrink;
use fuzzlib::{Find, Fuzzer, Kind, Observations};
use std::collections::HashSet;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a case may take; most take a millisecond.
const HANG: Duration = Duration::from_secs(20);
/// Pages of 4 KiB that a worker may have in memory: 2 GiB.
const PAGES: u64 = 1 << 19;
/// How often a worker is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Attempts to make a find smaller that ends the process.
const TRIES: usize = 60;

/// Runs cases until the time is over.
pub fn run(arguments: &Arguments) -> Result<Report, String> {
    let start = Instant::now();
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut run = Run {
        arguments,
        folder: folder.path().to_owned(),
        finds: Vec::new(),
        known: HashSet::new(),
        seen: Observations::default(),
        cases: 0,
    };
    let mut next = arguments.first;
    loop {
        let left = time(arguments).saturating_sub(start.elapsed()).as_secs();
        let cases = arguments.cases.map(|cases| (arguments.first + cases).saturating_sub(next));
        if cases == Some(0) || left == 0 && next > arguments.first || run.finds.len() >= arguments.most_finds {
            break;
        }
        match run.worker(next, left.max(1), cases).map_err(|error| error.to_string())? {
            Some(broken) => next = broken + 1,
            None => break,
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let (missing_rules, missing_instructions) = (run.seen.missing_rules(), run.seen.missing_instructions());
    Ok(Report {
        target: arguments.target.name().to_owned(),
        seed: arguments.seed,
        cases: run.cases,
        seconds,
        per_second: run.cases as f64 / seconds,
        finds: run.finds,
        seen: run.seen,
        missing_rules,
        missing_instructions,
    })
}

struct Run<'a> {
    arguments: &'a Arguments,
    folder: PathBuf,
    finds: Vec<Found>,
    known: HashSet<String>,
    seen: Observations,
    cases: u64,
}

impl Run<'_> {
    fn command(&self, option: &str, file: &Path) -> io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(self.arguments.target.name()).arg(option).arg(file).stdin(Stdio::null()).stderr(Stdio::null());
        Ok(command)
    }

    /// Runs a worker to its end; gives the case that broke it, if one did.
    fn worker(&mut self, first: u64, seconds: u64, cases: Option<u64>) -> io::Result<Option<u64>> {
        let state = self.folder.join("case");
        let mut command = self.command("--worker", &state)?;
        command.arg(format!("--seed={}", self.arguments.seed)).arg(format!("--seconds={seconds}")).arg(format!("--first={first}"));
        if let Some(cases) = cases {
            command.arg(format!("--cases={cases}"));
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let messages = messages(&mut child);
        let (kind, finished) = self.watch(&mut child, &messages, &state)?;
        let (cases, seen) = finished;
        self.cases += cases;
        self.seen.add(&seen);
        let Some((kind, detail)) = kind else { return Ok(None) };
        let broken = current_case(&state).unwrap_or(first);
        self.broke(broken, Find::new(kind, detail))?;
        Ok(Some(broken))
    }

    /// Waits for a worker, and ends it if it hangs or grows; gives why it broke and its last counters.
    #[allow(clippy::type_complexity, reason = "a pair of what ended it and what it saw")]
    fn watch(
        &mut self,
        child: &mut Child,
        messages: &Receiver<Message>,
        state: &Path,
    ) -> io::Result<(Option<(Kind, String)>, (u64, Observations))> {
        let mut last = (0, Observations::default());
        let mut moved = (None, Instant::now());
        let mut ended = None;
        loop {
            match messages.recv_timeout(LOOK) {
                Ok(Message::Seen { cases, seen }) => last = (cases, seen),
                Ok(Message::Found { case, artifact, find, .. }) => {
                    // Making a find smaller takes its time.
                    moved.1 = Instant::now();
                    self.keep(case, &artifact, find)?;
                    if self.finds.len() >= self.arguments.most_finds {
                        child.kill()?;
                        child.wait()?;
                        return Ok((None, last));
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok((ended.or(how(child.wait()?)), last)),
            }
            let case = current_case(state);
            if case != moved.0 {
                moved = (case, Instant::now());
            }
            if ended.is_none() && moved.1.elapsed() > HANG {
                ended = Some((Kind::Hang, format!("a case does not end within {} s", HANG.as_secs())));
                child.kill()?;
            }
            if ended.is_none() && pages(child.id()) > PAGES {
                ended = Some((Kind::Memory, "a case takes more than 2 GiB".to_owned()));
                child.kill()?;
            }
        }
    }

    /// Keeps a case that broke a worker, from fewer choices if that works.
    fn broke(&mut self, case: u64, find: Find) -> io::Result<()> {
        let choices = choices(self.arguments, case);
        let file = self.folder.join("choices");
        let fails = |choices: &[u8]| self.fails(&file, choices, find.kind).unwrap_or(false);
        let choices = if find.kind == Kind::Crash { shrink(&choices, TRIES, fails) } else { choices };
        let artifact = Fuzzer::new().generate(self.arguments.target, &choices);
        self.keep(case, &artifact, find)
    }

    /// Whether choices end a process in the same way.
    fn fails(&self, file: &Path, choices: &[u8], kind: Kind) -> io::Result<bool> {
        fs::write(file, choices)?;
        let status = self.command("--choices", file)?.stdout(Stdio::null()).status()?;
        Ok(how(status).is_some_and(|(found, _)| found == kind))
    }

    fn keep(&mut self, case: u64, artifact: &[u8], find: Find) -> io::Result<()> {
        if !self.known.insert(find.class()) {
            return Ok(());
        }
        fs::create_dir_all(&self.arguments.finds)?;
        let (target, seed) = (self.arguments.target, self.arguments.seed);
        let file = self.arguments.finds.join(format!("{}-{seed}-{case}.{}", target.name(), target.extension()));
        fs::write(&file, artifact)?;
        let file = file.display().to_string();
        let command = format!("cargo run --release -p fuzzlib -- {} --replay={file}", target.name());
        eprintln!("found in case {case}: {find}\n  repeat: {command}");
        self.finds.push(Found { case, find, file, command });
        Ok(())
    }
}

fn messages(child: &mut Child) -> Receiver<Message> {
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(message) = serde_json::from_str(&line) else { continue };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

/// How a process broke, if it did: a worker ends with 0, a replay with 0 or 1.
fn how(status: ExitStatus) -> Option<(Kind, String)> {
    match status.code() {
        Some(0 | 1) => None,
        _ => Some((Kind::Crash, format!("the process ended: {status}"))),
    }
}

fn current_case(state: &Path) -> Option<u64> {
    let bytes = fs::read(state).ok()?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// The pages that a process has in memory; 0 where the system does not tell.
fn pages(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0)
}
