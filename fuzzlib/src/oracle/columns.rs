//! Programs: the same output, end and fuel in the reference interpreter and in every column of the VM.
//!
//! Every run has a limit on fuel, which bounds its time and, since memory is charged for, its memory. One more run is given a part of the
//! fuel the first one used and must be suspended at the same point everywhere; another gets its fuel in slices.

use super::ended::{Ended, Ending, lossy, of_reference, of_vm};
use super::fingerprint;
use crate::find::{Find, Kind};
use crate::observe::Observations;
use crate::random::Random;
use limosa::{Dispatch, Engine, EngineOptions, Host, Isolate, Limits, Program, Stress};
use limosa_reference as reference;
use limosa_spec::verify::VerifiedModule;
use limosa_stdlib::{Capabilities, Std, Streams};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// The fuel of a run.
const FUEL: u64 = 20_000;
/// Bytes of objects and stacks: far more than the fuel can buy, so that it is never the memory that ends a run.
const HEAP: usize = 64 << 20;
/// Slots of each stack: deep enough, and reached with little fuel.
const STACK: usize = 2000;
/// Slots of a small stack, which `StackOverflow` is common on.
const SMALL_STACK: usize = 512;
/// Bytes that collections without need may copy in one run.
const COPIED: u64 = 4 << 20;
/// What programs read.
const STDIN: &str = "first line\n-17\n3.5e2\nlast line without an end \u{17e}";
/// Their arguments.
const ARGUMENTS: [&str; 2] = ["10", "two words"];

/// The columns of the VM, ready to run programs.
#[derive(Debug)]
pub struct Columns {
    engines: Vec<(Dispatch, Engine, Host<Std>)>,
}

/// A program linked for a dispatcher, if it links.
type Linked = (Dispatch, Option<Program<Std>>);

/// How a program is run.
#[derive(Debug, Clone, Copy)]
struct Way {
    fuel: u64,
    stack: usize,
    stress: Stress,
    /// Fuel that is granted at a time.
    slice: Option<u64>,
}

impl Columns {
    /// The dispatchers that this build has.
    #[must_use]
    pub fn new() -> Columns {
        let engine = |dispatch| {
            let engine = Engine::with_options(EngineOptions::new().dispatch(dispatch)).ok()?;
            let mut host = Host::<Std>::new();
            limosa_stdlib::install(&mut host).ok()?;
            Some((dispatch, engine, host))
        };
        Columns { engines: [Dispatch::Direct, Dispatch::Trampoline].into_iter().filter_map(engine).collect() }
    }

    /// Runs a program everywhere; one without an entry point, or that does not link, must not link anywhere.
    ///
    /// # Errors
    /// If two ways differ, or one finds itself wrong.
    pub fn check(&self, bytes: &[u8], module: VerifiedModule, seen: &mut Observations) -> Result<(), Find> {
        let programs = self.programs(bytes)?;
        let linked = match reference::link(vec![module]) {
            Ok(linked) => linked,
            Err(error) => {
                seen.outcome("program: not linked");
                return match programs.iter().find(|(_, program)| program.is_some()) {
                    Some(_) => Err(difference("the reference refuses to link what the VM links", &error.to_string())),
                    None => Ok(()),
                };
            }
        };
        let mut ready = Vec::new();
        for (dispatch, program) in programs {
            match program {
                Some(program) => ready.push((dispatch, program)),
                None => return Err(difference("the VM refuses to link what the reference links", "")),
            }
        }
        if linked.entry.is_none() {
            seen.outcome("program: without an entry point");
            return match ready.iter().find(|(_, program)| program.has_entry()) {
                Some(_) => Err(difference("the VM finds an entry point where there is none", "")),
                None => Ok(()),
            };
        }
        let mut random = Random::new(fingerprint(bytes));
        let stack = if random.next().is_multiple_of(4) { SMALL_STACK } else { STACK };
        Case { linked: &linked, ready: &ready, random, seen }.check(stack)
    }

    fn programs(&self, bytes: &[u8]) -> Result<Vec<Linked>, Find> {
        let link = |(dispatch, engine, host): &(Dispatch, Engine, Host<Std>)| {
            let module = engine.module(bytes).map_err(|error| Find::new(Kind::Verdict, format!("the VM refuses a module: {error}")))?;
            Ok((*dispatch, host.link(&module).ok()))
        };
        self.engines.iter().map(link).collect()
    }
}

impl Default for Columns {
    fn default() -> Columns {
        Columns::new()
    }
}

fn difference(what: &str, why: &str) -> Find {
    Find::new(Kind::Difference, format!("{what} {why}"))
}

/// A program on its way through the columns.
struct Case<'c> {
    linked: &'c reference::Program,
    ready: &'c [(Dispatch, Program<Std>)],
    random: Random,
    seen: &'c mut Observations,
}

impl Case<'_> {
    fn check(&mut self, stack: usize) -> Result<(), Find> {
        let full = Way { fuel: FUEL, stack, stress: Stress::None, slice: None };
        let Some(expected) = self.expect(full)? else { return Ok(()) };
        let mut stress = Stress::None;
        for (dispatch, program) in self.ready {
            let found = self.compare(&expected, *dispatch, program, full)?;
            stress = found.as_ref().map_or(stress, stress_for);
        }
        for (index, (dispatch, program)) in self.ready.iter().enumerate() {
            let stress = if (self.random.next() as usize + index).is_multiple_of(3) { Stress::Barrier } else { stress };
            self.compare(&expected, *dispatch, program, Way { stress, ..full })?;
        }
        if expected.fuel_used > 1 {
            let slice = 1 + self.random.next() % expected.fuel_used;
            let chosen = self.random.next() as usize % self.ready.len();
            let (dispatch, program) = &self.ready[chosen];
            self.compare(&expected, *dispatch, program, Way { slice: Some(slice), ..full })?;
            self.limited(full, expected.fuel_used)?;
        }
        Ok(())
    }

    /// Runs with a part of the fuel that the whole takes.
    fn limited(&mut self, full: Way, used: u64) -> Result<(), Find> {
        let way = Way { fuel: self.random.next() % used, ..full };
        let Some(expected) = self.expect(way)? else { return Ok(()) };
        for (dispatch, program) in self.ready {
            self.compare(&expected, *dispatch, program, way)?;
        }
        Ok(())
    }

    /// What the reference says; None if memory ran out, which cannot be compared.
    fn expect(&mut self, way: Way) -> Result<Option<Ended>, Find> {
        let options = reference::Options {
            fuel: Some(way.fuel),
            heap: HEAP as u64,
            stack: way.stack as u64,
            steps: None,
            arguments: ARGUMENTS.map(str::to_owned).to_vec(),
            stdin: STDIN.as_bytes().to_vec(),
            capabilities: reference::Capabilities::default(),
        };
        let (streams, written) = reference::streams::Streams::captured(options.stdin.clone());
        let outcome = reference::run_program(self.linked, options, streams);
        let mut outcome = outcome.map_err(|error| Find::new(Kind::Violation, format!("the reference does not start: {error}")))?;
        outcome.stdout = written.stdout.take();
        outcome.stderr = written.stderr.take();
        outcome.executed.iter().for_each(|opcode| self.seen.executed(opcode));
        let ended = of_reference(&outcome);
        if ended.may_have_exhausted_memory() {
            self.seen.outcome("run: memory exhausted");
            return Ok(None);
        }
        self.seen.outcome(match &ended.ending {
            Ending::Exit(_) => "run: exited",
            Ending::Uncaught { .. } => "run: threw",
            Ending::Suspended(_) => "run: suspended",
            Ending::Stopped(_) => "run: stopped",
            Ending::Violation(what) => return Err(Find::new(Kind::Violation, format!("the reference: {what}"))),
        });
        Ok(Some(ended))
    }

    /// Runs in a column of the VM; gives the counters of its heap.
    fn compare(
        &self,
        expected: &Ended,
        dispatch: Dispatch,
        program: &Program<Std>,
        way: Way,
    ) -> Result<Option<limosa::HeapStatistics>, Find> {
        let name = format!("{dispatch:?} {way:?}");
        let Some((ended, heap)) = run(program, way).map_err(|error| Find::new(Kind::Difference, format!("{name}: {error}")))? else {
            return Ok(None);
        };
        match ended.difference(expected) {
            None => Ok(Some(heap)),
            Some(_) if ended.may_have_exhausted_memory() => Ok(None),
            Some(what) if matches!(ended.ending, Ending::Violation(_)) => {
                Err(Find::new(Kind::Violation, format!("{dispatch:?}: {what}\n{name}")))
            }
            Some(what) => Err(Find::new(Kind::Difference, format!("{dispatch:?}, {}: {what}\n{name}", way.stress))),
        }
    }
}

/// How often to collect: always, unless that would copy too much.
fn stress_for(heap: &limosa::HeapStatistics) -> Stress {
    let copied = (heap.bytes_allocated / 24).saturating_mul(heap.peak_bytes as u64 + 4096);
    Stress::Alloc((copied / COPIED + 1).min(1 << 20) as u32)
}

/// Runs a program; None if it was suspended in a way that cannot be gone on with.
fn run(program: &Program<Std>, way: Way) -> Result<Option<(Ended, limosa::HeapStatistics)>, String> {
    let (stdout, stderr) = (Sink::default(), Sink::default());
    let streams = Streams::new(STDIN.as_bytes(), stdout.clone(), stderr.clone());
    let std = Std::new(Capabilities::none(), streams).with_args(ARGUMENTS).with_longest(HEAP);
    let limits = Limits::new().heap(HEAP).stack(way.stack).gc_stress(way.stress).verify_heap(way.stress != Stress::None);
    let limits = limits.fuel(way.slice.unwrap_or(way.fuel));
    let mut isolate = program.isolate(std, limits).map_err(|error| format!("no isolate: {error}"))?;
    let mut result = isolate.run();
    let mut granted = way.slice.unwrap_or(way.fuel);
    while granted < way.fuel && matches!(&result, Err(trap) if *trap.kind() == limosa::TrapKind::Fuel) {
        if matches!(&result, Err(trap) if !trap.is_suspended()) {
            return Ok(None);
        }
        // What is left over adds up, so each round gets further.
        let more = way.slice.unwrap_or(way.fuel).min(way.fuel - granted);
        isolate.add_fuel(more);
        granted += more;
        result = isolate.resume_run();
    }
    Ok(Some((finish(&mut isolate, &of_vm(&result), &stdout, &stderr)?, isolate.statistics().heap)))
}

fn finish(isolate: &mut Isolate<Std>, ending: &Ending, stdout: &Sink, stderr: &Sink) -> Result<Ended, String> {
    isolate.data_mut().streams.flush().map_err(|error| error.to_string())?;
    let fuel_used = isolate.statistics().fuel_used;
    Ok(Ended { ending: ending.clone(), fuel_used, stdout: stdout.take(), stderr: stderr.take() })
}

/// Output that is kept.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> String {
        self.0.lock().map_or_else(|_| String::new(), |bytes| lossy(&bytes))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Ok(mut kept) = self.0.lock() {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
