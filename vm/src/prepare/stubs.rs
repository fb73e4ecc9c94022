//! The little pieces of code that belong to no function of the bytecode.

use crate::interp::dispatch::{Dispatch as Way, Trampoline};
use crate::interp::ops::{entry, fiber, ret};
use crate::interp::slow::slow;
use crate::interp::{Handler, Word};
use crate::prepare::{CodeWords, PreparedFunction};
use crate::program::FunctionId;
use crate::runtime::{Dispatch, HostEntry};
use std::sync::OnceLock;

/// Results a signature can have, and one more.
const COUNTS: usize = limosa_spec::limits::PARAMETERS as usize + 1;

/// Where calls from the host and fibers return to, and where functions start that were not prepared yet.
pub(crate) struct Stubs {
    /// For each function the entry it has until it is prepared.
    entries: Box<[[Word; 2]]>,
    exit: Handler,
    finish: Handler,
    exits: Box<[OnceLock<Box<[Word]>>]>,
    finishes: Box<[OnceLock<Box<[Word]>>]>,
}

impl Stubs {
    /// The stubs for a dispatch.
    pub fn new(dispatch: Dispatch, functions: usize) -> Stubs {
        match dispatch {
            #[cfg(not(debug_assertions))]
            Dispatch::Direct => Stubs::of::<crate::interp::dispatch::Direct>(functions),
            #[cfg(debug_assertions)]
            Dispatch::Direct => Stubs::of::<Trampoline>(functions),
            Dispatch::Trampoline => Stubs::of::<Trampoline>(functions),
        }
    }

    fn of<D: Way>(functions: usize) -> Stubs {
        let table = || (0..COUNTS).map(|_| OnceLock::new()).collect();
        Stubs {
            entries: (0..functions as FunctionId).map(|index| [word(slow::<D, entry::Prepare>), never(index)]).collect(),
            exit: ret::exit,
            finish: slow::<D, fiber::Finish>,
            exits: table(),
            finishes: table(),
        }
    }

    /// The entry of a function that was not prepared yet.
    pub fn prepare_entry(&self, function: FunctionId) -> *const Word {
        self.entries[function as usize].as_ptr()
    }

    /// Where a call from the host with so many results returns to.
    pub fn exit(&self, results: usize) -> *const Word {
        landing(&self.exits[results], results, self.exit)
    }

    /// The results of the call from the host that returns to a word, if one does.
    #[cfg(feature = "checked")]
    pub fn exit_results(&self, word: *const Word) -> Option<usize> {
        lands_at(&self.exits, word)
    }

    /// The results of the fiber whose function returns to a word, if one does.
    #[cfg(feature = "checked")]
    pub fn finish_results(&self, word: *const Word) -> Option<usize> {
        lands_at(&self.finishes, word)
    }

    /// Where a fiber's function with so many results returns to.
    pub fn finish(&self, results: usize) -> *const Word {
        landing(&self.finishes[results], results, self.finish)
    }
}

fn word(handler: Handler) -> Word {
    Word { head: handler as usize as u64, a: 0, b: 0, c: 0, d: 0 }
}

/// The second word of an entry: what it charges and whose it is.
pub(super) fn second_word(charge: u64, function: FunctionId) -> Word {
    Word { head: charge, a: 0, b: 0, c: function as u16, d: (function >> 16) as u16 }
}

/// The second word of an entry that calls may not go in past.
fn never(function: FunctionId) -> Word {
    second_word(entry::NEVER, function)
}

/// The end of a call whose results go to registers 0, 1, …, and what is done behind it.
fn landing(slot: &OnceLock<Box<[Word]>>, results: usize, behind: Handler) -> *const Word {
    let words = slot.get_or_init(|| {
        let further: Vec<u16> = (1..results as u16).collect();
        let mut words: Vec<Word> = further.chunks(8).map(pack).collect();
        words.push(Word { head: 0, a: 0, b: 0, c: results as u16, d: 0 });
        words.push(word(behind));
        words.into_boxed_slice()
    });
    &raw const words[words.len() - 1]
}

#[cfg(feature = "checked")]
fn lands_at(landings: &[OnceLock<Box<[Word]>>], word: *const Word) -> Option<usize> {
    landings.iter().position(|landing| landing.get().is_some_and(|words| std::ptr::eq(&raw const words[words.len() - 1], word)))
}

/// Up to eight slots in a word.
pub(super) fn pack(slots: &[u16]) -> Word {
    let slot = |index: usize| slots.get(index).copied().unwrap_or(0);
    let head = (0..4).fold(0, |head, index| head | u64::from(slot(index)) << (16 * index));
    Word { head, a: slot(4), b: slot(5), c: slot(6), d: slot(7) }
}

/// The code of a host function. Behind its entry stands what calls of it need.
pub(super) fn host_function<D: Way>(function: FunctionId, called: *const HostEntry) -> PreparedFunction {
    let called = Word { head: called as u64, a: 0, b: 0, c: 0, d: 0 };
    PreparedFunction {
        words: CodeWords::new(vec![word(slow::<D, entry::HostCall>), never(function), called]),
        bytecode: Box::new([0, 0, 0]),
        first_word: Box::new([0]),
        handlers: Box::new([]),
        #[cfg(feature = "checked")]
        notes: Box::new([Some(super::notes::Note::default()), None, None]),
    }
}
