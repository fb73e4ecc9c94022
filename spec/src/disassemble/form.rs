//! How the operands of an instruction are written: derived from the roles of the table, shared by disassembler and assembler.

use crate::opcodes::{Opcode, OperandRole};

/// The most operands an instruction is written with, lists counted once.
const MOST: usize = 6;

/// An operand as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A single operand; a list of labels stands in brackets.
    One(OperandRole),
    /// The registers that receive the results, separated by commas; they come first.
    Results,
    /// A function, method or closure with its arguments in parentheses: two roles of the table.
    Callee(OperandRole),
    /// Values in parentheses.
    Group,
    /// Values separated by commas; they come last.
    Values,
}

/// The operands of one instruction as they are written.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    places: [Place; MOST],
    length: usize,
}

impl Form {
    /// The form of an instruction.
    #[must_use]
    pub fn of(opcode: Opcode) -> Form {
        let mut form = Form { places: [Place::Group; MOST], length: 0 };
        let mut roles = opcode.roles().iter().copied().peekable();
        let mut previous = None;
        while let Some(role) = roles.next() {
            let place = match role {
                OperandRole::Defs => Place::Results,
                OperandRole::Uses if previous == Some(OperandRole::Type) => Place::Group,
                OperandRole::Uses => Place::Values,
                OperandRole::Function | OperandRole::Method | OperandRole::Use(_) if roles.peek() == Some(&OperandRole::Uses) => {
                    roles.next();
                    Place::Callee(role)
                }
                role => Place::One(role),
            };
            form.places[form.length] = place;
            form.length += 1;
            previous = Some(role);
        }
        form
    }

    /// The operands in order.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places[..self.length]
    }

    /// The number of operands between the commas of the line, and whether there may be more: results or values.
    #[must_use]
    pub fn count(&self) -> (usize, bool) {
        let fixed = self.places().iter().filter(|place| !matches!(place, Place::Results | Place::Values)).count();
        (fixed, fixed < self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opcodes::RegisterKind;

    #[test]
    fn every_row_of_the_table_has_a_form_that_can_be_read_back() {
        for &opcode in Opcode::ALL {
            let form = Form::of(opcode);
            let lists = form.places().iter().filter(|place| matches!(place, Place::Results | Place::Values)).count();
            assert!(lists <= 1, "{}: it cannot be told where the first list ends", opcode.mnemonic());
            for (index, place) in form.places().iter().enumerate() {
                match place {
                    Place::Results => assert_eq!(index, 0, "{}", opcode.mnemonic()),
                    Place::Values => assert_eq!(index + 1, form.places().len(), "{}", opcode.mnemonic()),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn calls_take_their_arguments_in_parentheses() {
        let callee = Place::Callee(OperandRole::Use(RegisterKind::Ref));
        assert_eq!(Form::of(Opcode::FiberResume).places(), [Place::Results, callee]);
        assert_eq!(Form::of(Opcode::FiberYield).places(), [Place::Results, Place::One(OperandRole::Type), Place::Group]);
        assert_eq!(Form::of(Opcode::Ret).places(), [Place::Values]);
        assert_eq!(Form::of(Opcode::Call).count(), (1, true));
        assert_eq!(Form::of(Opcode::AddI64).count(), (3, false));
    }
}
