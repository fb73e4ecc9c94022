//! Which instructions a run executed: what tests are asked that should execute all.

use crate::failure::Stop;
use crate::machine::Flow;
use limosa_spec::{Effects, Opcode};

const WORDS: usize = 0x200 / 64;

/// A set of instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Executed([u64; WORDS]);

impl Executed {
    /// Adds an instruction that came to this: one that threw counts only if that is all it ever does.
    pub(crate) fn note(&mut self, opcode: Opcode, flow: &Result<Flow, Stop>) {
        let always_throws = opcode.effects().intersects(Effects::THROWS | Effects::UNREACHABLE);
        if flow.is_ok() || always_throws {
            let code = usize::from(opcode.code());
            if let Some(word) = self.0.get_mut(code / 64) {
                *word |= 1 << (code % 64);
            }
        }
    }

    /// Whether an instruction is in the set.
    #[must_use]
    pub fn contains(&self, opcode: Opcode) -> bool {
        let code = usize::from(opcode.code());
        self.0.get(code / 64).is_some_and(|word| word & (1 << (code % 64)) != 0)
    }

    /// The instructions in the set, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = Opcode> {
        Opcode::ALL.iter().copied().filter(|&opcode| self.contains(opcode))
    }
}
