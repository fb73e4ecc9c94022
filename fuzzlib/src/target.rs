//! The targets: a generator each, and the oracles for what it makes.

use crate::choices::Choices;
use crate::corpus::Corpus;
use crate::find::{Find, Kind};
use crate::observe::Observations;
use crate::{bytes, mutate, oracle, text, valid};
use limosa_spec::{decode, encode};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is fuzzed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Files that are nearly modules.
    Bytes,
    /// Modules with changed fields and a true hash.
    Mutate,
    /// Texts.
    Text,
    /// Programs that are right by construction.
    Valid,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 4] = [Target::Bytes, Target::Mutate, Target::Text, Target::Valid];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Target::Bytes => "bytes",
            Target::Mutate => "mutate",
            Target::Text => "text",
            Target::Valid => "valid",
        }
    }

    /// The extension of files that hold an artifact.
    #[must_use]
    pub fn extension(self) -> &'static str {
        if self == Target::Text { "vasm" } else { "bc" }
    }

    /// The most bytes of choices that are of use.
    #[must_use]
    pub fn most_choices(self) -> usize {
        match self {
            Target::Bytes | Target::Mutate | Target::Text => 256,
            Target::Valid => 8192,
        }
    }
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> Result<Target, String> {
        let names: Vec<&str> = Target::ALL.iter().map(|target| target.name()).collect();
        let found = Target::ALL.into_iter().find(|target| target.name() == name);
        found.ok_or_else(|| format!("no target `{name}`; there are {}", names.join(", ")))
    }
}

thread_local! {
    /// What the last panic of this thread said, and where it was.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps quiet about panics and remembers what they say: they are finds.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| PANIC.with_borrow_mut(|panic| *panic = Some(info.to_string()))));
}

/// All that cases need and that is made once.
#[derive(Debug)]
pub struct Fuzzer {
    corpus: Corpus,
    columns: oracle::Columns,
}

impl Fuzzer {
    /// With the programs of the repository to start from.
    #[must_use]
    pub fn new() -> Fuzzer {
        Fuzzer { corpus: Corpus::of_repository(), columns: oracle::Columns::new() }
    }

    /// Makes an artifact.
    #[must_use]
    pub fn generate(&self, target: Target, choices: &[u8]) -> Vec<u8> {
        let mut choices = Choices::new(choices);
        match target {
            Target::Bytes => bytes::generate(&mut choices, &self.corpus.files),
            Target::Text => text::generate(&mut choices, &self.corpus.texts),
            Target::Mutate if choices.chance(1, 4) => {
                let length = choices.below(1024);
                let mut random = crate::random::Random::new(choices.u64());
                let made: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
                mutate::mutate(&mut choices, valid::module(&mut Choices::new(&made)))
            }
            Target::Mutate => mutate::generate(&mut choices, &self.corpus.files),
            // What cannot be encoded is refused, which is a find.
            Target::Valid => encode(&valid::module(&mut choices)).unwrap_or_default(),
        }
    }

    /// Looks whether all is right with an artifact.
    ///
    /// # Errors
    /// If it is not.
    pub fn check(&self, target: Target, artifact: &[u8], seen: &mut Observations) -> Result<(), Find> {
        let file: Vec<u8>;
        let bytes = match target {
            Target::Text => match oracle::check_text(artifact, seen)? {
                Some(assembled) => {
                    file = assembled;
                    &file
                }
                None => return Ok(()),
            },
            _ => artifact,
        };
        let verified = match target {
            Target::Valid => Some(oracle::accept(bytes, seen)?),
            _ => oracle::check_file(bytes, seen)?,
        };
        match verified {
            Some(module) => {
                // The way through text takes as long as all runs together.
                if oracle::fingerprint(bytes).is_multiple_of(4) {
                    oracle::check_file_text(&module)?;
                }
                self.columns.check(bytes, module, seen)
            }
            None => {
                if let Ok(module) = decode(bytes) {
                    oracle::show(&module);
                }
                Ok(())
            }
        }
    }

    /// Makes an artifact and looks at it. A panic is a find like any other.
    ///
    /// # Errors
    /// The artifact, empty if it was not made, and what is wrong.
    pub fn case(&self, target: Target, choices: &[u8], seen: &mut Observations) -> Result<(), (Vec<u8>, Find)> {
        let artifact = caught(|| Ok(self.generate(target, choices))).map_err(|find| (Vec::new(), find))?;
        self.checked(target, &artifact, seen).map_err(|find| (artifact, find))
    }

    /// [`Fuzzer::check`], where a panic is a find.
    ///
    /// # Errors
    /// As there.
    pub fn checked(&self, target: Target, artifact: &[u8], seen: &mut Observations) -> Result<(), Find> {
        caught(|| self.check(target, artifact, seen))
    }
}

impl Default for Fuzzer {
    fn default() -> Fuzzer {
        Fuzzer::new()
    }
}

fn caught<T>(run: impl FnOnce() -> Result<T, Find>) -> Result<T, Find> {
    // Nothing that a panic leaves half done is used again but counters.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let said = PANIC.with_borrow_mut(Option::take).unwrap_or_else(|| "panicked".to_owned());
        Err(Find::new(Kind::Panic, said))
    })
}
