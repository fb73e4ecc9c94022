//! What a run says at its end.

use fuzzlib::{Find, Observations};
use serde::Serialize;
use std::fmt;

/// A report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The target.
    pub target: String,
    /// The seed.
    pub seed: u64,
    /// Cases run.
    pub cases: u64,
    /// Seconds taken.
    pub seconds: f64,
    /// Cases a second.
    pub per_second: f64,
    /// What was found.
    pub finds: Vec<Found>,
    /// What was seen.
    pub seen: Observations,
    /// Rules of the verifier that no file was refused by.
    pub missing_rules: Vec<&'static str>,
    /// Instructions that no program executed.
    pub missing_instructions: Vec<&'static str>,
}

/// A find in a report.
#[derive(Debug, Serialize)]
pub struct Found {
    /// The case that led to it.
    pub case: u64,
    /// What is wrong.
    pub find: Find,
    /// Where the artifact was written.
    pub file: String,
    /// The command that repeats it.
    pub command: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { target, seed, cases, seconds, per_second, .. } = self;
        writeln!(f, "{target}: seed {seed}, {cases} cases in {seconds:.1} s, {per_second:.0} a second, {} finds", self.finds.len())?;
        for (what, count) in &self.seen.outcomes {
            writeln!(f, "  {count:>10}  {what}")?;
        }
        if !self.seen.rules.is_empty() {
            writeln!(f, "  {} rules hit; of the verifier's not: {}", self.seen.rules.len(), list(&self.missing_rules))?;
        }
        if !self.seen.instructions.is_empty() {
            writeln!(f, "  {} instructions executed; not: {}", self.seen.instructions.len(), list(&self.missing_instructions))?;
        }
        for found in &self.finds {
            writeln!(f, "found in case {}: {}\n  repeat: {}", found.case, found.find, found.command)?;
        }
        Ok(())
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(" ") }
}
