//! The process that runs cases: it writes the number of each before it starts, and what it saw and found as lines of JSON.

use crate::{Arguments, time};
use fuzzlib::random::Random;
use fuzzlib::shrink::shrink;
use fuzzlib::{Find, Fuzzer, Observations, catch_panics};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the counters are told.
const TOLD: Duration = Duration::from_secs(1);
/// Attempts to make a find smaller.
const TRIES: usize = 600;

/// What a worker tells.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// The counters since it began.
    Seen {
        /// Cases run.
        cases: u64,
        /// What came of them.
        seen: Observations,
    },
    /// A find.
    Found {
        /// The case.
        case: u64,
        /// The choices, made fewer.
        choices: Vec<u8>,
        /// What they lead to.
        artifact: Vec<u8>,
        /// What is wrong with it.
        find: Find,
    },
}

/// The choices of a case.
pub fn choices(arguments: &Arguments, case: u64) -> Vec<u8> {
    Random::of_case(arguments.seed, case).bytes(arguments.target.most_choices())
}

/// Runs cases until the time is over.
pub fn run(arguments: &Arguments, state: &Path) -> io::Result<()> {
    catch_panics();
    let mut state = File::create(state)?;
    let fuzzer = Fuzzer::new();
    let (start, mut told) = (Instant::now(), Instant::now());
    let mut seen = Observations::default();
    let mut known = HashSet::new();
    let mut case = arguments.first;
    let last = arguments.cases.map_or(u64::MAX, |cases| arguments.first.saturating_add(cases));
    while start.elapsed() < time(arguments) && case < last {
        state.seek(SeekFrom::Start(0))?;
        state.write_all(&case.to_le_bytes())?;
        let choices = choices(arguments, case);
        if let Err((_, find)) = fuzzer.case(arguments.target, &choices, &mut seen)
            && known.insert(find.class())
        {
            tell(&smaller(&fuzzer, arguments, case, &choices, &find))?;
        }
        case += 1;
        if told.elapsed() >= TOLD {
            told = Instant::now();
            tell(&Message::Seen { cases: case - arguments.first, seen: seen.clone() })?;
        }
    }
    tell(&Message::Seen { cases: case - arguments.first, seen })
}

/// The same find from fewer choices.
fn smaller(fuzzer: &Fuzzer, arguments: &Arguments, case: u64, choices: &[u8], find: &Find) -> Message {
    let mut seen = Observations::default();
    let class = find.kind;
    let choices =
        shrink(choices, TRIES, |fewer| matches!(fuzzer.case(arguments.target, fewer, &mut seen), Err((_, found)) if found.kind == class));
    match fuzzer.case(arguments.target, &choices, &mut seen) {
        Err((artifact, find)) => Message::Found { case, choices, artifact, find },
        Ok(()) => Message::Found { case, artifact: fuzzer.generate(arguments.target, &choices), choices, find: find.clone() },
    }
}

fn tell(message: &Message) -> io::Result<()> {
    let mut line = serde_json::to_string(message)?;
    line.push('\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    stdout.flush()
}
