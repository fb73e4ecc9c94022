//! A program of the suite whose changes are tried: its module, and the cases it passed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use limosa_spec::{Module, Opcode, canonicalize, decode, encode};

use crate::check::check;
use crate::command::{Machine, Output};
use crate::coverage::change::Place;
use crate::expect::{Case, Ending};
use crate::program::fuel_used;

/// Fuel beyond twice what a case uses, after which a changed program is taken to run for ever.
const SPARE_FUEL: u64 = 100_000;

/// A program that passed.
pub struct Subject {
    /// Its path as it is shown.
    pub shown: String,
    folder: PathBuf,
    /// What it was assembled to.
    pub module: Module,
    /// Its cases, as far as changes of it can be run.
    pub cases: Vec<Sample>,
    places: HashMap<Opcode, Vec<Place>>,
}

/// A case with the fuel it is given when it is run with a change.
pub struct Sample {
    /// The case.
    pub case: Case,
    fuel: u64,
}

/// What became of a changed program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what the unchanged one has to do.
    Same,
    /// It did so, with other fuel than the case says.
    OtherFuel,
    /// It did something else.
    Different,
    /// It went on for ever.
    Endless,
    /// It could not be run.
    Refused,
    /// The machine under test broke.
    Broken,
}

impl Subject {
    /// Assembles the program and runs its cases for the fuel they use. None if it is refused, as a program may have to be.
    pub fn read(machine: &Machine, file: &Path, cases: &[Case], scratch: &Path) -> Result<Option<Subject>, String> {
        if cases.iter().any(|case| matches!(case.ending, Ending::Rejected(_))) || file.extension().is_none_or(|it| it != "vasm") {
            return Ok(None);
        }
        let shown = machine.path(file);
        let binary = scratch.join("subject.bc");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        machine.run(&machine.vm, &["asm".to_owned(), shown.clone(), "-o".to_owned(), text(&binary)], Vec::new())?.succeeded("vm asm")?;
        let bytes = std::fs::read(&binary).map_err(|error| format!("{}: {error}", binary.display()))?;
        let module = decode(&bytes).map_err(|error| format!("{shown}: {error}"))?;
        let folder = file.parent().unwrap_or(Path::new(".")).to_path_buf();
        let places = places(&module);
        let mut subject = Subject { shown, folder, module, cases: Vec::new(), places };
        // A case that says how much fuel there is has none to spare.
        for case in cases.iter().filter(|case| !case.flags.iter().any(|flag| flag.starts_with("--fuel"))) {
            let stats = scratch.join("stats.json");
            let flags = vec![format!("--stats=json:{}", text(&stats))];
            let output = subject.run(machine, case, flags, &binary)?;
            if subject.is_as_expected(case, &output)? {
                let used = fuel_used(&stats)?;
                let sample = Sample { case: case.clone(), fuel: used.saturating_mul(2).saturating_add(SPARE_FUEL) };
                // Without any change it does what it should; otherwise no change would show anything.
                if subject.try_change(machine, &sample, subject.module.clone(), scratch)? == Outcome::Same {
                    subject.cases.push(sample);
                }
            }
        }
        Ok(Some(subject))
    }

    /// Runs a changed form of the module in place of the program.
    pub fn try_change(&self, machine: &Machine, sample: &Sample, mut changed: Module, scratch: &Path) -> Result<Outcome, String> {
        if canonicalize(&mut changed).is_err() {
            return Ok(Outcome::Refused);
        }
        let Ok(bytes) = encode(&changed) else { return Ok(Outcome::Refused) };
        let binary = scratch.join("changed.bc");
        std::fs::write(&binary, bytes).map_err(|error| format!("{}: {error}", binary.display()))?;
        let stats = scratch.join("changed.json");
        let flags = vec![format!("--fuel={}", sample.fuel), format!("--stats=json:{}", stats.display())];
        let output = self.run(machine, &sample.case, flags, &binary)?;
        Ok(match output.code {
            None | Some(70..) => Outcome::Broken,
            Some(3) => Outcome::Refused,
            Some(4) => Outcome::Endless,
            _ if self.is_as_expected(&sample.case, &output)? => match sample.case.fuel_used {
                Some(wanted) if fuel_used(&stats)? != wanted => Outcome::OtherFuel,
                _ => Outcome::Same,
            },
            _ => Outcome::Different,
        })
    }

    fn run(&self, machine: &Machine, case: &Case, mut flags: Vec<String>, binary: &Path) -> Result<Output, String> {
        let mut words = vec!["run".to_owned()];
        words.append(&mut flags);
        words.extend(case.flags.iter().cloned());
        words.push(binary.to_string_lossy().into_owned());
        words.extend(case.args.iter().cloned());
        machine.run(&machine.vm, &words, case.stdin.bytes(&self.folder)?)
    }

    fn is_as_expected(&self, case: &Case, output: &Output) -> Result<bool, String> {
        Ok(check(case, &case.stdout.bytes(&self.folder)?, output).is_ok())
    }

    /// All places of an instruction, function by function.
    pub fn places(&self, opcode: Opcode) -> &[Place] {
        self.places.get(&opcode).map_or(&[], Vec::as_slice)
    }

    /// A place as file and line, with the case if it has a name.
    pub fn describe(&self, place: Place, case: &Case) -> String {
        let function = self.module.debug.as_ref().and_then(|debug| debug.functions.get(place.function));
        let entry = function.and_then(|function| function.lines.iter().rev().find(|entry| entry.start as usize <= place.instruction));
        let line = entry.map_or(String::new(), |entry| format!(":{}", entry.line));
        let case = if case.name.is_empty() { String::new() } else { format!(" ({})", case.name) };
        format!("{}{line}{case}", self.shown)
    }
}

fn places(module: &Module) -> HashMap<Opcode, Vec<Place>> {
    let mut places: HashMap<Opcode, Vec<Place>> = HashMap::new();
    for (function, defined) in module.functions.iter().enumerate() {
        for (instruction, found) in defined.body.code.instructions.iter().enumerate() {
            places.entry(found.opcode).or_default().push(Place { function, instruction });
        }
    }
    places
}
