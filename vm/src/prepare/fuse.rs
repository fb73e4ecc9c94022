//! Which instructions are run by one handler: superinstructions.
//!
//! A handler is generic over what comes after it ([`Then`](crate::interp::sequence::Then)), so a superinstruction is an instantiation, not
//! another piece of code. [`sequences`](crate::prepare::sequences) names them. The preparer gives every instruction its own handler first,
//! and then lets the first of a sequence do the work of all.
//!
//! Only direct dispatch has them: under the trampoline every instruction is run by itself, and so the two check one another.

use crate::interp::Word;
use crate::prepare::uses::Uses;
use std::collections::HashMap;

/// Where an instruction begins.
pub(super) struct Start {
    /// Its first word.
    pub word: u32,
    /// The instruction of the bytecode.
    pub pc: u32,
    /// How often, of all times, the instruction behind it is run next.
    pub goes_on: f32,
}

/// The handler of one and the next instruction, in two forms.
#[derive(Clone, Copy)]
pub(super) struct Fused {
    /// Results are stored in their slots.
    pub stores: u64,
    /// Those that the last instruction takes are not, for where nobody else uses them.
    pub hands_on: Option<u64>,
}

/// From a handler and the one of the next instruction to the one that does the work of both. The first may itself be of that kind.
#[derive(Default)]
pub(crate) struct Fusions {
    pub(super) pairs: HashMap<(u64, u64), Fused>,
    /// Likewise where the next takes its operands from the last two.
    pub(super) both: HashMap<(u64, u64), Fused>,
}

impl Fusions {
    /// The table for a dispatch, made when it is first asked for.
    #[cfg(not(any(debug_assertions, feature = "checked")))]
    pub fn for_dispatch(dispatch: crate::runtime::Dispatch) -> Option<&'static Fusions> {
        static DIRECT: std::sync::OnceLock<Fusions> = std::sync::OnceLock::new();
        match dispatch {
            crate::runtime::Dispatch::Direct => Some(DIRECT.get_or_init(Fusions::of::<crate::interp::dispatch::Direct>)),
            crate::runtime::Dispatch::Trampoline => None,
        }
    }

    /// None: this build has the trampoline only.
    #[cfg(any(debug_assertions, feature = "checked"))]
    pub fn for_dispatch(_dispatch: crate::runtime::Dispatch) -> Option<&'static Fusions> {
        None
    }

    /// Gives every instruction the handler with which the fewest handlers are expected to run from there to the end. One in the middle
    /// of a sequence has its own, for those who jump there.
    pub(super) fn fuse(&self, words: &mut [Word], starts: &[Start], uses: &Uses) {
        // For each instruction, how many handlers run from it on, and its own.
        let mut best = vec![(0.0_f32, 0); starts.len() + 1];
        for first in (0..starts.len()).rev() {
            let mut handler = words[starts[first].word as usize].head;
            let mut next = first + 1;
            let mut goes_on = starts[first].goes_on;
            best[first] = (1.0 + goes_on * best[next].0, handler);
            while let Some(start) = starts.get(next)
                && let Some(fused) = self.longer(words, &starts[first..next], handler, start, uses)
            {
                handler = fused;
                next += 1;
                goes_on *= start.goes_on;
                let expected = 1.0 + goes_on * best[next].0;
                if expected < best[first].0 {
                    best[first] = (expected, handler);
                }
            }
        }
        for (start, &(_, handler)) in starts.iter().zip(&best) {
            words[start.word as usize].head = handler;
        }
    }

    /// The handler for a sequence and one instruction more.
    fn longer(&self, words: &[Word], sequence: &[Start], handler: u64, next: &Start, uses: &Uses) -> Option<u64> {
        let word = &words[next.word as usize];
        let key = (handler, word.head);
        let only_here = |start: &Start| uses.only_use(start.pc) == Some(next.pc);
        if let [.., before, last] = sequence
            && let Some(fused) = self.both.get(&key)
        {
            let (first, second) = (words[before.word as usize].a, words[last.word as usize].a);
            if first != second && (word.b == first || word.c == first) {
                let hands_on = fused.hands_on.filter(|_| only_here(before) && only_here(last));
                return Some(hands_on.unwrap_or(fused.stores));
            }
        }
        let fused = self.pairs.get(&key)?;
        let hands_on = fused.hands_on.filter(|_| sequence.last().is_some_and(only_here));
        Some(hands_on.unwrap_or(fused.stores))
    }

    /// All handlers that are in the table.
    #[cfg(all(test, not(debug_assertions)))]
    pub fn handlers(&self) -> impl Iterator<Item = u64> {
        self.pairs.values().chain(self.both.values()).flat_map(|fused| [Some(fused.stores), fused.hands_on]).flatten()
    }
}
