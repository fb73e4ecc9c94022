//! What an oracle says when something is wrong.

use serde::{Deserialize, Serialize};

/// Characters that are told of a find.
const LONGEST: usize = 3000;

/// The kinds of finds; each is a promise that was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something panicked.
    Panic,
    /// The process was ended by a signal.
    Crash,
    /// A case did not end in time.
    Hang,
    /// A case took more memory than any may.
    Memory,
    /// Bytes that were decoded are encoded to others.
    RoundTrip,
    /// What was disassembled does not assemble to the same bytes.
    TextRoundTrip,
    /// The verifier says one thing of a module in memory and another of its file.
    Verdict,
    /// A program that is right by construction was refused.
    Refused,
    /// Two ways to run a program differ.
    Difference,
    /// The reference interpreter, or a check of the VM on itself, found what cannot be.
    Violation,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Find {
    /// Which promise was broken.
    pub kind: Kind,
    /// What happened, in words; the first line tells finds apart.
    pub detail: String,
}

impl Find {
    /// A find.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Find {
        let mut detail = detail.into();
        if let Some((end, _)) = detail.char_indices().nth(LONGEST) {
            detail.truncate(end);
            detail.push('\u{2026}');
        }
        Find { kind, detail }
    }

    /// What finds that are probably the same have in common: the kind and the first line, its digits left out.
    #[must_use]
    pub fn class(&self) -> String {
        let line = self.detail.lines().next().unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_ascii_digit()).take(60).collect();
        format!("{:?} {line}", self.kind)
    }
}

impl std::fmt::Display for Find {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.detail)
    }
}
