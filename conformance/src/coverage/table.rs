//! The result as a table for people and as JSON.

use limosa_spec::{Opcode, WellKnown};
use serde::Serialize;

use crate::coverage::item::Item;
use crate::coverage::prove::Proof;

/// What is covered, by which programs, and what is not.
#[derive(Debug, Default, Serialize)]
pub struct Coverage {
    /// One entry for each instruction, in the order of the table.
    pub instructions: Vec<OfInstruction>,
    /// One entry for each rule of the verifier.
    pub rules: Vec<Shown>,
    /// One entry for each limit of the format.
    pub limits: Vec<Shown>,
    /// What no program shows.
    pub missing: Vec<String>,
    /// How many instructions programs fail without, and how many there are to ask for.
    #[serde(skip)]
    works: (usize, usize),
    /// The same of what they charge.
    #[serde(skip)]
    charges: (usize, usize),
}

/// What is covered of an instruction.
#[derive(Debug, Serialize)]
pub struct OfInstruction {
    /// The instruction.
    pub instruction: &'static str,
    /// A place without which a program fails; null for what always throws.
    pub works: Option<String>,
    /// A place without which a program uses other fuel; null for what charges nothing of its own.
    pub charges: Option<String>,
    /// How many instructions could stand in its place, and of how many programs tell it.
    pub told_from: (usize, usize),
    /// One entry for each exception it raises.
    pub traps: Vec<Trap>,
}

/// What is covered of an exception of an instruction.
#[derive(Debug, Serialize)]
pub struct Trap {
    /// Its class.
    pub class: &'static str,
    /// Where it goes to a handler.
    pub caught: Option<String>,
    /// Where it ends the program.
    pub uncaught: Option<String>,
}

/// A rule or limit and the program that shows it.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// The program.
    pub program: Option<String>,
}

impl Coverage {
    /// Gathers proofs; they stand in the order of [`Item::all`].
    pub fn new(proofs: impl Iterator<Item = (Item, Proof)>) -> Coverage {
        let mut coverage = Coverage::default();
        for (item, proof) in proofs {
            coverage.add(item, proof);
        }
        coverage
    }

    fn add(&mut self, item: Item, proof: Proof) {
        let program = match proof {
            Proof::At(program) => Some(program),
            Proof::None => {
                self.missing.push(item.describe());
                None
            }
            Proof::Broken(place) => {
                self.missing.push(format!("{} (the machine broke when {place} was changed)", item.describe()));
                None
            }
        };
        match item {
            Item::Works(opcode) => {
                self.works.0 += usize::from(program.is_some());
                self.works.1 += 1;
                self.of(opcode).works = program;
            }
            Item::Charges(opcode) => {
                self.charges.0 += usize::from(program.is_some());
                self.charges.1 += 1;
                self.of(opcode).charges = program;
            }
            Item::Differs(opcode, _) => {
                let (told, all) = &mut self.of(opcode).told_from;
                *told += usize::from(program.is_some());
                *all += 1;
            }
            Item::Caught(opcode, class) => self.trap(opcode, class).caught = program,
            Item::Uncaught(opcode, class) => self.trap(opcode, class).uncaught = program,
            Item::Rule(rule) => self.rules.push(Shown { name: rule.to_string(), program }),
            Item::Limit(name) => self.limits.push(Shown { name: name.to_owned(), program }),
        }
    }

    fn of(&mut self, opcode: Opcode) -> &mut OfInstruction {
        let instruction = opcode.mnemonic();
        if self.instructions.last().is_none_or(|last| last.instruction != instruction) {
            self.instructions.push(OfInstruction { instruction, works: None, charges: None, told_from: (0, 0), traps: Vec::new() });
        }
        let last = self.instructions.len() - 1;
        &mut self.instructions[last]
    }

    fn trap(&mut self, opcode: Opcode, class: WellKnown) -> &mut Trap {
        let (traps, class) = (&mut self.of(opcode).traps, class.name());
        if traps.last().is_none_or(|last| last.class != class) {
            traps.push(Trap { class, caught: None, uncaught: None });
        }
        let last = traps.len() - 1;
        &mut traps[last]
    }

    /// The table, and below it what is missing.
    pub fn text(&self) -> String {
        let mut rows = vec![
            ("instructions that do their work".to_owned(), self.works.0, self.works.1),
            self.differences(),
            ("instructions that charge for bytes".to_owned(), self.charges.0, self.charges.1),
        ];
        for class in WellKnown::ALL.iter().map(|class| class.name()) {
            let traps: Vec<&Trap> = self.instructions.iter().flat_map(|of| &of.traps).filter(|trap| trap.class == class).collect();
            if !traps.is_empty() {
                let of = traps.len();
                rows.push((format!("{class}, caught"), traps.iter().filter(|trap| trap.caught.is_some()).count(), of));
                rows.push((format!("{class}, uncaught"), traps.iter().filter(|trap| trap.uncaught.is_some()).count(), of));
            }
        }
        for (what, shown) in [("rules", &self.rules), ("limits", &self.limits)] {
            rows.push((what.to_owned(), shown.iter().filter(|entry| entry.program.is_some()).count(), shown.len()));
        }
        let mut text = format!("{:<40}{:>8}{:>8}\n", "coverage", "shown", "of");
        for (what, shown, of) in rows {
            text += &format!("{what:<40}{shown:>8}{of:>8}\n");
        }
        for missing in &self.missing {
            text += &format!("MISSING {missing}\n");
        }
        text
    }

    fn differences(&self) -> (String, usize, usize) {
        let sum = |part: fn(&OfInstruction) -> usize| self.instructions.iter().map(part).sum();
        ("instructions told from others".to_owned(), sum(|of| of.told_from.0), sum(|of| of.told_from.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_listed() {
        let shown = |item: &Item| match item {
            Item::Caught(Opcode::DivI64, _) => Proof::None,
            _ => Proof::At("x.vasm:1".to_owned()),
        };
        let coverage = Coverage::new(Item::all().into_iter().map(|item| (item, shown(&item))));
        assert_eq!(coverage.missing, ["div.i64: DivisionError within a handler"]);
        assert_eq!(coverage.instructions.len(), Opcode::ALL.len());
        let text = coverage.text();
        assert!(text.ends_with("MISSING div.i64: DivisionError within a handler\n"), "{text}");
        let row = text.lines().find(|line| line.starts_with("DivisionError, caught")).unwrap();
        assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["DivisionError,", "caught", "7", "8"]);
    }
}
