//! What came of it: failures as they happen, totals, and everything as JSON.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::coverage::Coverage;

/// What came of one run.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// The program.
    pub program: String,
    /// The case; empty for the only or first one.
    pub case: String,
    /// The column of the matrix, or `round-trip`, or `header`.
    pub column: String,
    /// Whether everything was as it should be.
    pub ok: bool,
    /// What was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What repeats it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The rule or limit it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
}

impl Verdict {
    /// Made of what was wrong, if anything was, and the command that repeats it.
    pub fn new(program: &str, case: &str, column: &str, result: Result<(), String>, command: impl FnOnce() -> String) -> Verdict {
        let (ok, message) = (result.is_ok(), result.err());
        let command = (!ok).then(command);
        Verdict { program: program.to_owned(), case: case.to_owned(), column: column.to_owned(), ok, message, command, covers: None }
    }

    /// The same, about a rule or limit.
    pub fn covering(self, what: String) -> Verdict {
        Verdict { covers: Some(what), ..self }
    }
}

/// All verdicts.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// How many were good.
    pub passed: usize,
    /// How many were not.
    pub failed: usize,
    /// All of them.
    pub results: Vec<Verdict>,
    /// What the programs cover, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

impl Report {
    /// Adds verdicts and prints the bad ones.
    pub fn add(&mut self, verdicts: Vec<Verdict>) {
        for verdict in verdicts {
            if verdict.ok {
                self.passed += 1;
            } else {
                self.failed += 1;
                print_failure(&verdict);
            }
            self.results.push(verdict);
        }
    }

    /// Brings the verdicts into an order that does not depend on who was first.
    pub fn sort(&mut self) {
        self.results.sort_by(|a, b| a.program.cmp(&b.program));
    }

    /// The programs that failed in any way.
    pub fn failed_programs(&self) -> BTreeSet<String> {
        self.results.iter().filter(|verdict| !verdict.ok).map(|verdict| verdict.program.clone()).collect()
    }

    /// Whether everything was as it should be, and nothing is missing.
    pub fn is_good(&self) -> bool {
        self.failed == 0 && self.coverage.as_ref().is_none_or(|coverage| coverage.missing.is_empty())
    }

    /// The closing line.
    pub fn summary(&self) -> String {
        let coverage = self.coverage.as_ref().map_or(String::new(), |coverage| format!(", {} not covered", coverage.missing.len()));
        format!("{} passed, {} failed{coverage}", self.passed, self.failed)
    }

    /// Writes everything as JSON.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
    }
}

fn print_failure(verdict: &Verdict) {
    let case = if verdict.case.is_empty() { String::new() } else { format!(" ({})", verdict.case) };
    println!("FAILED {}{case} [{}]", verdict.program, verdict.column);
    for line in verdict.message.as_deref().unwrap_or_default().lines() {
        println!("    {line}");
    }
    if let Some(command) = &verdict.command {
        println!("    repeat: {command}");
    }
}
