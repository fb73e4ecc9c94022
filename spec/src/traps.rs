//! Which exceptions an instruction raises itself, read off its row of the instruction table.

use crate::opcodes::{Effects, Opcode, TypingRule};
use crate::well_known::WellKnown;

/// The effects that stand for one class of exception each.
const CLASSES: [(Effects, WellKnown); 11] = [
    (Effects::NULL, WellKnown::NullError),
    (Effects::INDEX, WellKnown::IndexError),
    (Effects::DIVISION, WellKnown::DivisionError),
    (Effects::OVERFLOW, WellKnown::OverflowError),
    (Effects::CAST, WellKnown::CastError),
    (Effects::NEGATIVE_SIZE, WellKnown::NegativeSizeError),
    (Effects::ENCODING, WellKnown::EncodingError),
    (Effects::FIBER, WellKnown::FiberError),
    (Effects::UNREACHABLE, WellKnown::UnreachableError),
    (Effects::THROWS, WellKnown::Error),
    (Effects::ALLOCATES, WellKnown::OutOfMemory),
];

impl Opcode {
    /// The classes of the exceptions the instruction raises itself; what a callee throws is not among them. [`WellKnown::Error`] is that
    /// of `throw`, whatever it throws.
    ///
    /// ```
    /// use limosa_spec::{Opcode, WellKnown};
    ///
    /// assert_eq!(Opcode::DivI32.traps(), [WellKnown::DivisionError]);
    /// assert_eq!(Opcode::CallVirtual.traps(), [WellKnown::NullError, WellKnown::StackOverflow]);
    /// assert_eq!(Opcode::TailVirtual.traps(), [WellKnown::NullError]);
    /// ```
    #[must_use]
    pub fn traps(self) -> Vec<WellKnown> {
        let effects = self.effects();
        let mut traps: Vec<WellKnown> = CLASSES.iter().filter(|(effect, _)| effects.contains(*effect)).map(|&(_, class)| class).collect();
        if self.makes_a_frame() {
            traps.push(WellKnown::StackOverflow);
        }
        traps
    }

    /// Whether a frame that does not fit is noticed at this instruction: the frame of a tail call is noticed where the frame it replaces was
    /// called, and a yield goes back to a frame that is there.
    fn makes_a_frame(self) -> bool {
        let effects = self.effects();
        effects.contains(Effects::CALLS) && !effects.contains(Effects::ENDS_BLOCK) && self.typing() != TypingRule::FiberYield
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_of_the_table_is_an_exception_or_known_to_be_none() {
        let others = Effects::CALLS | Effects::CHARGES | Effects::ENDS_BLOCK;
        let known = CLASSES.iter().fold(others, |known, (effect, _)| known | *effect);
        assert_eq!(known, Effects::all());
    }

    #[test]
    fn only_what_makes_a_frame_overflows_the_stack() {
        let overflows: Vec<&str> = Opcode::ALL
            .iter()
            .filter(|opcode| opcode.traps().contains(&WellKnown::StackOverflow))
            .map(|opcode| opcode.mnemonic())
            .collect();
        assert_eq!(overflows, ["call", "call.virtual", "call.interface", "call.closure", "fiber.resume"]);
    }
}
