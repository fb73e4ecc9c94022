//! Decoded instructions: a flat arena of operands, so that a function of any size is two allocations.
//!
//! All operands are `u32`: wide immediates live in the constant pool. A branch target is the *index* of an instruction, never a
//! byte offset, so "a branch to the middle of an instruction" cannot be expressed. Lists are a count followed by their items.

use crate::opcodes::{Opcode, OperandRole};

/// One decoded instruction: its operation and where its operands start in [`Code::operands`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction {
    /// The operation.
    pub opcode: Opcode,
    /// Index of the first operand in the arena.
    pub start: u32,
}

/// The instructions of one function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The instructions in order.
    pub instructions: Vec<Instruction>,
    /// The operands of all instructions, one after the other.
    pub operands: Vec<u32>,
}

/// One operand with its role, as [`Code::operands_of`] gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand<'a> {
    /// A single number.
    One(OperandRole, u32),
    /// A class or interface and the index of a field or method.
    Member(OperandRole, u32, u32),
    /// A list of registers, constants or labels.
    List(OperandRole, &'a [u32]),
}

impl Code {
    /// The number of instructions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Whether there are no instructions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// Appends an instruction with its raw operands: lists as a count followed by the items.
    pub fn push(&mut self, opcode: Opcode, operands: &[u32]) {
        let start = self.operands.len() as u32;
        self.operands.extend_from_slice(operands);
        self.instructions.push(Instruction { opcode, start });
    }

    /// The raw operands of the instruction at `index`: lists as a count followed by the items.
    ///
    /// # Panics
    /// If `index` is not below [`Code::len`].
    #[must_use]
    pub fn raw_operands(&self, index: usize) -> &[u32] {
        let start = self.instructions[index].start as usize;
        let end = self.instructions.get(index + 1).map_or(self.operands.len(), |next| next.start as usize);
        &self.operands[start..end]
    }

    /// The operands of the instruction at `index` with their roles.
    ///
    /// # Panics
    /// If `index` is not below [`Code::len`], or, while iterating, if the operands do not have the shape the table gives.
    pub fn operands_of(&self, index: usize) -> impl Iterator<Item = Operand<'_>> {
        let mut rest = self.raw_operands(index);
        self.instructions[index].opcode.roles().iter().map(move |&role| match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => {
                let (list, after) = rest[1..].split_at(rest[0] as usize);
                rest = after;
                Operand::List(role, list)
            }
            OperandRole::Field | OperandRole::Method => {
                let member = Operand::Member(role, rest[0], rest[1]);
                rest = &rest[2..];
                member
            }
            _ => {
                let one = Operand::One(role, rest[0]);
                rest = &rest[1..];
                one
            }
        })
    }
}
