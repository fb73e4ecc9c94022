//! Looks for a program that shows an item, by changing programs and running them.

use std::path::Path;

use limosa_spec::{Module, Opcode, WellKnown};

use crate::command::Machine;
use crate::coverage::change::{Place, is_handled, swapped, with_trap_door, without};
use crate::coverage::item::Item;
use crate::coverage::subject::{Outcome, Sample, Subject};
use crate::expect::Ending;

/// Changed programs tried for one item before it counts as not covered.
const MOST_TRIES: usize = 300;
/// Places of one function that are tried.
const PLACES_OF_A_FUNCTION: usize = 4;

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The program, and where in it.
    At(String),
    /// No program shows it.
    None,
    /// A changed program broke the machine under test.
    Broken(String),
}

/// Looks for programs that show items about instructions.
pub struct Prover<'a> {
    pub machine: &'a Machine,
    pub subjects: &'a [Subject],
    pub scratch: &'a Path,
}

/// A change, and what shows that it matters.
struct Attempt {
    place: Place,
    changed: Module,
    wanted: &'static [Outcome],
}

impl Prover<'_> {
    /// The proof of an item.
    pub fn prove(&self, item: Item) -> Result<Proof, String> {
        match item {
            Item::Works(opcode) => self.taken_out(opcode, &[Outcome::Different, Outcome::Endless]),
            Item::Charges(opcode) => self.taken_out(opcode, &[Outcome::OtherFuel]),
            Item::Differs(opcode, other) => self.difference(opcode, other),
            Item::Caught(opcode, class) => self.trap(opcode, class, true),
            Item::Uncaught(opcode, class) => self.trap(opcode, class, false),
            Item::Rule(_) | Item::Limit(_) => Ok(Proof::None),
        }
    }

    /// A program that comes to one of these ends when an instruction is taken out.
    fn taken_out(&self, opcode: Opcode, wanted: &'static [Outcome]) -> Result<Proof, String> {
        let asks_for_fuel = wanted.contains(&Outcome::OtherFuel);
        let places = self.functions_with(opcode).into_iter().flat_map(|(subject, function)| {
            let places = subject.places(opcode).iter().copied().filter(move |place| place.function == function);
            places.take(PLACES_OF_A_FUNCTION).map(move |place| (subject, place))
        });
        self.first(places, |subject, place, sample| {
            let can_tell = !asks_for_fuel || sample.case.fuel_used.is_some();
            can_tell.then(|| Attempt { place, changed: without(&subject.module, place), wanted })
        })
    }

    /// A program that does not do what it should when another instruction stands in for all of one kind in a function.
    fn difference(&self, opcode: Opcode, other: Opcode) -> Result<Proof, String> {
        let functions = self.functions_with(opcode).into_iter();
        let places = functions.filter_map(|(subject, function)| {
            subject.places(opcode).iter().find(|place| place.function == function).map(|&place| (subject, place))
        });
        self.first(places, |subject, place, _| {
            let changed = swapped(&subject.module, place.function, opcode, other);
            Some(Attempt { place, changed, wanted: &[Outcome::Different, Outcome::Endless] })
        })
    }

    /// A program in which the instruction throws: to a handler of its function, or to nobody and so that the program ends by it.
    fn trap(&self, opcode: Opcode, class: WellKnown, caught: bool) -> Result<Proof, String> {
        let mut places: Vec<(&Subject, Place)> =
            self.subjects.iter().flat_map(|subject| subject.places(opcode).iter().map(move |&place| (subject, place))).collect();
        places.retain(|(subject, place)| is_handled(&subject.module.functions[place.function].body, place.instruction, class) == caught);
        places.sort_by_key(|(subject, place)| subject.module.functions[place.function].body.code.len());
        self.first(places.into_iter(), |subject, place, sample| {
            let ends = match &sample.case.ending {
                Ending::Throws(thrown) => class == WellKnown::Error || thrown == class.name(),
                _ => false,
            };
            let changed = || with_trap_door(&subject.module, place, class);
            (caught || ends).then(|| Attempt { place, changed: changed(), wanted: &[Outcome::Endless] })
        })
    }

    /// Tries changes at the places, in all cases, until one matters.
    fn first<'a>(
        &self,
        places: impl Iterator<Item = (&'a Subject, Place)>,
        attempt: impl Fn(&Subject, Place, &Sample) -> Option<Attempt>,
    ) -> Result<Proof, String> {
        let mut tries = 0;
        for (subject, place) in places {
            for sample in &subject.cases {
                let Some(attempt) = attempt(subject, place, sample) else { continue };
                let outcome = subject.try_change(self.machine, sample, attempt.changed, self.scratch)?;
                if outcome == Outcome::Broken {
                    return Ok(Proof::Broken(subject.describe(attempt.place, &sample.case)));
                }
                if attempt.wanted.contains(&outcome) {
                    return Ok(Proof::At(subject.describe(attempt.place, &sample.case)));
                }
                tries += 1;
                if tries == MOST_TRIES {
                    return Ok(Proof::None);
                }
            }
        }
        Ok(Proof::None)
    }

    /// The functions that have the instruction, those with most of it first.
    fn functions_with(&self, opcode: Opcode) -> Vec<(&Subject, usize)> {
        let mut functions = Vec::new();
        for subject in self.subjects {
            let places = subject.places(opcode);
            for group in places.chunk_by(|a, b| a.function == b.function) {
                functions.push((group.len(), subject, group[0].function));
            }
        }
        functions.sort_by_key(|&(count, _, _)| std::cmp::Reverse(count));
        functions.into_iter().map(|(_, subject, function)| (subject, function)).collect()
    }
}
