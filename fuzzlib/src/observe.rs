//! What a run has seen: how cases ended, which rules refused modules, which instructions were executed.

use limosa_spec::verify::Rule;
use limosa_spec::{DecodeRule, Opcode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counters of a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Observations {
    /// Cases, and programs run in one column, by what became of them.
    pub outcomes: BTreeMap<String, u64>,
    /// Refusals of files, by the rule: of the format or of the verifier.
    pub rules: BTreeMap<String, u64>,
    /// Programs that executed an instruction to its end, by its mnemonic.
    pub instructions: BTreeMap<String, u64>,
}

impl Observations {
    /// Counts an outcome.
    pub fn outcome(&mut self, what: &str) {
        count(&mut self.outcomes, what);
    }

    /// Counts a refusal.
    pub fn refused(&mut self, rule: &str) {
        count(&mut self.rules, rule);
    }

    /// Counts a program that executed an instruction.
    pub fn executed(&mut self, opcode: Opcode) {
        count(&mut self.instructions, opcode.mnemonic());
    }

    /// Adds others.
    pub fn add(&mut self, other: &Observations) {
        let pairs = [(&mut self.outcomes, &other.outcomes), (&mut self.rules, &other.rules), (&mut self.instructions, &other.instructions)];
        for (into, from) in pairs {
            for (name, number) in from {
                *into.entry(name.clone()).or_default() += number;
            }
        }
    }

    /// The rules of the verifier that no file was refused by. A rule that every file breaks only together with an earlier one of the
    /// format counts as that one.
    #[must_use]
    pub fn missing_rules(&self) -> Vec<&'static str> {
        let is_hit = |id: &str| self.rules.contains_key(id);
        let missing = |rule: &&Rule| !is_hit(rule.id()) && !rule.anticipated_by().map(DecodeRule::id).is_some_and(is_hit);
        Rule::ALL.iter().filter(missing).map(|rule| rule.id()).collect()
    }

    /// The instructions that no program executed.
    #[must_use]
    pub fn missing_instructions(&self) -> Vec<&'static str> {
        Opcode::ALL.iter().map(|opcode| opcode.mnemonic()).filter(|name| !self.instructions.contains_key(*name)).collect()
    }
}

fn count(into: &mut BTreeMap<String, u64>, what: &str) {
    match into.get_mut(what) {
        Some(number) => *number += 1,
        None => {
            into.insert(what.to_owned(), 1);
        }
    }
}
