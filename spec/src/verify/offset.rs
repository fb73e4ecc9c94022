//! Where things are in the encoded form, for messages only: found again by counting, so that the good case carries no positions.

use crate::instruction::Code;
use crate::opcodes::{Opcode, OperandRole};

/// Where an instruction of the function starts in its encoded code. The instructions before it must have the shape of the table; what
/// comes after is not looked at.
pub(super) fn of_instruction(code: &Code, index: usize) -> Option<u64> {
    let mut words = code.operands.iter().copied();
    let mut length = 0;
    for (before, instruction) in code.instructions[..index].iter().enumerate() {
        length += if instruction.opcode.code() > 0xff { 2 } else { 1 };
        for &role in instruction.opcode.roles() {
            length += encoded_length(role, before, &mut words)?;
        }
    }
    Some(length)
}

fn encoded_length(role: OperandRole, index: usize, words: &mut impl Iterator<Item = u32>) -> Option<u64> {
    let label = |target: u32| signed_length(i64::from(target) - index as i64);
    let first = words.next()?;
    Some(match role {
        OperandRole::Label => label(first),
        OperandRole::Labels => unsigned_length(first) + words.take(first as usize).map(label).sum::<u64>(),
        OperandRole::Defs | OperandRole::Uses => unsigned_length(first) + words.take(first as usize).map(unsigned_length).sum::<u64>(),
        OperandRole::Field | OperandRole::Method => unsigned_length(first) + unsigned_length(words.next()?),
        _ => unsigned_length(first),
    })
}

/// Bytes of an unsigned number in LEB128.
fn unsigned_length(value: u32) -> u64 {
    u64::from((32 - (value | 1).leading_zeros()).div_ceil(7))
}

/// Bytes of a signed number in LEB128: its magnitude's bits and one for the sign.
fn signed_length(value: i64) -> u64 {
    let magnitude = if value < 0 { !value } else { value };
    u64::from((64 - magnitude.leading_zeros() + 1).div_ceil(7))
}

/// The number of the operand that the `word`th of an instruction's raw operands belongs to: a member counts as one, the length of a
/// list not at all.
pub(super) fn operand_of_word(opcode: Opcode, words: &[u32], word: usize) -> u32 {
    let (mut at, mut operand) = (0, 0);
    for &role in opcode.roles() {
        let (skipped, count, width) = match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => (1, words.get(at).copied().unwrap_or(0) as usize, 1),
            OperandRole::Field | OperandRole::Method => (0, 1, 2),
            _ => (0, 1, 1),
        };
        at += skipped;
        if word < at + count * width {
            return operand + (word.saturating_sub(at) / width) as u32;
        }
        at += count * width;
        operand += count as u32;
    }
    operand
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_counted_as_they_are_written() {
        // call a, b, f(x, y)
        let words = [2, 10, 11, 7, 2, 20, 21];
        let numbers: Vec<u32> = [1, 2, 3, 5, 6].iter().map(|&word| operand_of_word(Opcode::Call, &words, word)).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
        // set obj, Point.x, v
        assert_eq!([0, 1, 2, 3].map(|word| operand_of_word(Opcode::Set, &[5, 64, 0, 6], word)), [0, 1, 1, 2]);
    }

    #[test]
    fn lengths_are_those_of_leb128() {
        assert_eq!([0, 127, 128, 16383, 16384, u32::MAX].map(unsigned_length), [1, 1, 2, 2, 3, 5]);
        assert_eq!([0, 63, 64, -64, -65, 8191, 8192, -8192, -8193].map(signed_length), [1, 1, 2, 1, 2, 2, 3, 2, 3]);
    }
}
