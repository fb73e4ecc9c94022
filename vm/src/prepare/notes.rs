//! What the preparer knew at each word, kept for the checked build.
#![allow(unsafe_code, reason = "reads prepared code")]

use crate::interp::Word;
use crate::prepare::PreparedFunction;

/// What the preparer knew where it wrote a handler's word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Note {
    /// The slot whose value the accumulator holds.
    pub acc: Option<u16>,
    /// The slot whose value the float accumulator holds.
    pub facc: Option<u16>,
}

impl PreparedFunction {
    /// The index of a word, if it is one of the function's.
    pub fn index_of(&self, word: *const Word) -> Option<usize> {
        let bytes = (word as usize).checked_sub(self.words.as_ptr() as usize)?;
        let index = bytes / size_of::<Word>();
        (bytes.is_multiple_of(size_of::<Word>()) && index < self.notes.len()).then_some(index)
    }

    /// How many words there are.
    pub fn word_count(&self) -> usize {
        self.notes.len()
    }

    /// A word to be damaged.
    #[cfg(test)]
    pub fn word_mut(&mut self, index: usize) -> &mut Word {
        self.words.0[index].get_mut()
    }

    /// What was known at a word; None where no handler starts.
    pub fn note(&self, index: usize) -> Option<Note> {
        self.notes[index]
    }

    /// The indices of an instruction's words.
    pub fn words_of(&self, pc: usize) -> std::ops::Range<usize> {
        let end = self.first_word.get(pc + 1).map_or(self.notes.len(), |&next| next as usize);
        self.first_word[pc] as usize..end
    }

    /// The instruction a word belongs to; None for the words of the entry.
    pub fn instruction_of(&self, index: usize) -> Option<usize> {
        let entry = self.first_word.first().map_or(self.notes.len(), |&first| first as usize);
        (index >= entry).then(|| self.bytecode[index] as usize)
    }
}
