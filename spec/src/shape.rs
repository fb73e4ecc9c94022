//! The raw operands of each instruction, laid out for the loops that go over all code: one table entry per opcode, made from the
//! instruction table when the crate is compiled.

use crate::opcodes::{Opcode, OperandRole, RegisterKind};

/// What one raw operand of an instruction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A number without meaning to encoding and numbering: a register that is written, a function, a member's index, …
    Plain,
    /// A register or constant.
    Use,
    /// A type.
    Type,
    /// A string.
    String,
    /// A branch target.
    Label,
    /// A count and that many registers that are written.
    PlainList,
    /// A count and that many registers or constants.
    UseList,
    /// A count and that many branch targets.
    LabelList,
}

/// What makes an operand need no visit when references are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glance {
    /// It refers to nothing that is numbered.
    Any,
    /// It is a register.
    Register,
    /// It is a type that was seen before.
    KnownType,
    /// Only a closer look can tell.
    Look,
}

/// Operands that are looked at at once.
pub(crate) const GLANCE: usize = 4;

/// The most raw operands a row of the table has, lists counted once.
const MAX_SLOTS: usize = 6;

/// The raw operands of one instruction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The instruction; none at codes without one.
    pub opcode: Option<Opcode>,
    /// Whether there are no lists: then there are as many raw operands as slots.
    pub fixed: bool,
    /// Whether there are neither lists nor labels: then the raw operands are unsigned numbers.
    pub simple: bool,
    /// Whether there is exactly one label, in the last slot, and no list.
    pub branch: bool,
    /// How to look at the first operands at once; [`Glance::Look`] in the first place if that is not enough.
    pub glance: [Glance; GLANCE],
    /// The number of slots.
    pub len: u8,
    /// In a little-endian word of the instruction's first four bytes, the bits that are clear if all operands take one byte each.
    /// All ones if there may be more than three operands.
    pub long: u32,
    slots: [Slot; MAX_SLOTS],
}

impl Shape {
    const NONE: Shape = Shape {
        opcode: None,
        fixed: true,
        simple: true,
        branch: false,
        glance: [Glance::Any; GLANCE],
        len: 0,
        long: u32::MAX,
        slots: [Slot::Plain; MAX_SLOTS],
    };

    const fn new(opcode: Opcode, roles: &[OperandRole]) -> Shape {
        let mut shape = Shape { opcode: Some(opcode), ..Shape::NONE };
        let mut index = 0;
        while index < roles.len() {
            match roles[index] {
                OperandRole::Def(_) | OperandRole::Function | OperandRole::Global | OperandRole::Data => shape.push(Slot::Plain),
                OperandRole::Use(_) => shape.push(Slot::Use),
                OperandRole::Type => shape.push(Slot::Type),
                OperandRole::String => shape.push(Slot::String),
                OperandRole::Label => shape.push(Slot::Label),
                OperandRole::Defs => shape.push(Slot::PlainList),
                OperandRole::Uses => shape.push(Slot::UseList),
                OperandRole::Labels => shape.push(Slot::LabelList),
                OperandRole::Field | OperandRole::Method => {
                    shape.push(Slot::Type);
                    shape.push(Slot::Plain);
                }
            }
            index += 1;
        }
        shape.set_glance();
        shape.branch = shape.fixed && matches!(roles, [.., OperandRole::Label]);
        shape.long = match shape.len {
            0 => 0,
            1 => 0x0000_8000,
            2 => 0x0080_8000,
            3 => 0x8080_8000,
            _ => u32::MAX,
        };
        if !shape.simple && !shape.branch {
            shape.long = u32::MAX;
        }
        shape
    }

    const fn push(&mut self, slot: Slot) {
        match slot {
            Slot::Label => self.simple = false,
            Slot::PlainList | Slot::UseList | Slot::LabelList => (self.fixed, self.simple) = (false, false),
            Slot::Plain | Slot::Use | Slot::Type | Slot::String => {}
        }
        self.slots[self.len as usize] = slot;
        self.len += 1;
    }

    const fn set_glance(&mut self) {
        let mut index = 0;
        while index < self.len as usize {
            let glance = match self.slots[index] {
                Slot::Plain | Slot::Label => Glance::Any,
                Slot::Use => Glance::Register,
                Slot::Type => Glance::KnownType,
                Slot::String | Slot::PlainList | Slot::UseList | Slot::LabelList => Glance::Look,
            };
            match glance {
                Glance::Any => {}
                Glance::Look => self.glance[0] = Glance::Look,
                _ if index >= GLANCE => self.glance[0] = Glance::Look,
                _ => self.glance[index] = glance,
            }
            index += 1;
        }
    }

    /// The raw operands in order, lists counted once.
    pub fn slots(&self) -> &[Slot] {
        &self.slots[..usize::from(self.len)]
    }
}

/// Entries of [`SHAPES`]: both pages.
pub(crate) const CODES: usize = 0x200;

macro_rules! define_shapes {
    ($($variant:ident = $code:literal, $mnemonic:literal, [$($role:ident $(($kind:ident))?),*], $typing:ident, $($effect:ident)|+, $meaning:literal;)*) => {
        /// The shapes of all instructions by code.
        pub(crate) static SHAPES: [Shape; CODES] = {
            let mut shapes = [Shape::NONE; CODES];
            $(shapes[$code] = Shape::new(Opcode::$variant, &[$(OperandRole::$role $((RegisterKind::$kind))?),*]);)*
            shapes
        };
    };
}
crate::for_each_opcode!(define_shapes);

/// The shape of an instruction.
#[inline(always)]
pub(crate) fn shape_of(opcode: Opcode) -> &'static Shape {
    &SHAPES[opcode as usize & (CODES - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_has_a_shape_of_its_own_code() {
        for &opcode in Opcode::ALL {
            assert_eq!(shape_of(opcode).opcode, Some(opcode));
        }
        assert_eq!(SHAPES.iter().filter(|shape| shape.opcode.is_some()).count(), Opcode::ALL.len());
    }

    #[test]
    fn a_glance_misses_nothing() {
        use Glance::{Any, KnownType, Look, Register};
        assert_eq!(shape_of(Opcode::BrLtI64).glance, [Register, Register, Any, Any]);
        assert_eq!(shape_of(Opcode::Set).glance, [Register, KnownType, Any, Register]);
        assert_eq!(shape_of(Opcode::ConstStr).glance[0], Look);
        assert_eq!(shape_of(Opcode::Ret).glance[0], Look);
        assert_eq!(shape_of(Opcode::ArrayCopy).glance[0], Look);
    }

    #[test]
    fn a_branch_has_one_label_and_it_comes_last() {
        for shape in SHAPES.iter().filter(|shape| shape.branch) {
            assert_eq!(shape.slots().iter().filter(|&&slot| slot == Slot::Label).count(), 1);
            assert_eq!(shape.slots().last(), Some(&Slot::Label));
        }
    }

    #[test]
    fn slots_follow_the_roles() {
        let shape = shape_of(Opcode::CallClosure);
        assert_eq!(shape.slots(), [Slot::PlainList, Slot::Use, Slot::UseList]);
        assert!(!shape.simple && !shape.fixed);
        let branch = shape_of(Opcode::BrLtI64);
        assert!(!branch.simple && branch.fixed && branch.branch);
        assert!(!shape_of(Opcode::Switch).branch);
        assert_eq!(shape_of(Opcode::Set).slots(), [Slot::Use, Slot::Type, Slot::Plain, Slot::Use]);
    }
}
