//! For each instruction whose operands have fixed types, made from the instruction table: it is accepted, and refused with a register of
//! another type, one that is not there, or a label beyond the function as each of its operands.

use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, OperandRole, TypingRule};

use crate::built::Case;
use crate::built::probe::{self, I32, I64, REGISTERS, with_code};

pub fn cases() -> Vec<Case> {
    let fixed = Opcode::ALL.iter().filter(|opcode| opcode.typing() == TypingRule::Fixed);
    fixed.flat_map(|&opcode| opcode.roles().iter().enumerate().flat_map(move |(index, &role)| of_operand(opcode, index, role))).collect()
}

/// Operands that fit, each as a list of numbers.
fn good(opcode: Opcode) -> Vec<Vec<u32>> {
    let operand = |role: &OperandRole| match *role {
        OperandRole::Def(kind) | OperandRole::Use(kind) => vec![probe::register(kind)],
        OperandRole::Labels => vec![1, 0],
        // Labels, the only other operands of such instructions.
        _ => vec![0],
    };
    opcode.roles().iter().map(operand).collect()
}

/// The cases for one operand.
fn of_operand(opcode: Opcode, index: usize, role: OperandRole) -> Vec<Case> {
    let case = |rule: Rule, bad: Vec<u32>| {
        let make = move |base: &limosa_spec::Module, is_good: bool| {
            let mut operands = good(opcode);
            if !is_good {
                operands[index].clone_from(&bad);
            }
            with_code(base, &[(opcode, operands.concat())])
        };
        Case::of_rule(rule, &format!("{}.{index}", opcode.mnemonic()), Box::new(make))
    };
    let other = |kind| if probe::register(kind) == I32 { I64 } else { I32 };
    match role {
        OperandRole::Def(kind) => vec![case(Rule::ResultType, vec![other(kind)]), case(Rule::ResultIndex, vec![REGISTERS])],
        OperandRole::Use(kind) => vec![case(Rule::OperandType, vec![other(kind)]), case(Rule::OperandIndex, vec![REGISTERS])],
        OperandRole::Label => vec![case(Rule::Label, vec![2])],
        OperandRole::Labels => vec![case(Rule::Label, vec![2, 0, 2])],
        _ => Vec::new(),
    }
}
