//! The instructions of a function, each once, in one pass without data flow.
//!
//! Each operand is checked by its role from the row of `table`; what the types of several operands have to do with one another is
//! for the typing rules, one file per subject.

use super::common::{function_index, string_index, type_index};
use super::error::{Check, Section, VerifyError, fault};
use super::function::{Checker, at_word, refuse};
use super::names::type_name;
use super::offset;
use super::rule::Rule;
use super::table::{FIRST, ROWS, SPECIAL_ROLES, Tail, bits};
use crate::instruction::{Code, Instruction};
use crate::limits;
use crate::opcodes::{Effects, Opcode, OperandRole, RegisterKind, TypingRule};
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn check_code(&mut self, code: &Code) -> Check {
        let mut start = 0;
        for (index, &instruction) in code.instructions.iter().enumerate() {
            match self.check_instruction(code, instruction, start) {
                Ok(next) => start = next,
                Err(error) => return Err(locate(error, code, index, start)),
            }
        }
        if start != code.operands.len() {
            let message = format!("the instructions have {start} operands; the function has {}", code.operands.len());
            return fault(Rule::OperandShape, Section::Code, message);
        }
        match code.instructions.last() {
            Some(last) if !last.opcode.effects().contains(Effects::ENDS_BLOCK) => {
                let message = format!(
                    "control falls off the end of the function after `{}`; end it with `ret`, `jump` or the like",
                    last.opcode.mnemonic()
                );
                let error = fault(Rule::FallOff, Section::Code, message);
                error.map_err(|error| locate(error, code, code.len() - 1, start))
            }
            _ => Ok(()),
        }
    }

    /// Checks the instruction whose operands start at `start`; gives where they end.
    #[inline]
    fn check_instruction(&mut self, code: &Code, instruction: Instruction, start: usize) -> Check<usize> {
        let row = &ROWS[usize::from(instruction.opcode.code())];
        let operands = &code.operands[..];
        if instruction.start as usize != start {
            return shape();
        }
        if !self.fit(row.first_checks(), first_words(operands, start)) {
            return self.misfit(instruction.opcode, &operands[start..]);
        }
        let mut next = start + row.plain();
        match row.tail {
            Tail::None => {}
            Tail::Label => {
                let Some(&label) = operands.get(next) else { return shape() };
                self.check_label(next - start, label)?;
                next += 1;
            }
            Tail::Others => next = self.check_others(instruction.opcode, operands, start)?,
        }
        if next > operands.len() {
            return shape();
        }
        if row.typing != TypingRule::Fixed {
            self.check_typing(row.typing, instruction.opcode, &operands[start..next])?;
        }
        Ok(next)
    }

    /// Whether an operand has the bits asked for; one out of range has none.
    #[inline]
    fn fits(&self, check: u8, operand: u32) -> bool {
        self.kinds.get(operand as usize).copied().unwrap_or(0) & check == check
    }

    #[inline]
    fn fit(&self, checks: [u8; FIRST], operands: [u32; FIRST]) -> bool {
        self.fits(checks[0], operands[0]) & self.fits(checks[1], operands[1]) & self.fits(checks[2], operands[2])
    }

    /// Why the first operands do not do, one register or constant each.
    #[cold]
    fn misfit(&self, opcode: Opcode, operands: &[u32]) -> Check<usize> {
        let row = &ROWS[usize::from(opcode.code())];
        for (word, (&operand, check)) in operands.iter().zip(row.first_checks()).enumerate().take(row.plain()) {
            if !self.fits(check, operand) {
                return self.operand_fault(opcode.roles()[word], word, operand);
            }
        }
        shape()
    }

    /// Checks the operands of an instruction after the first ones; gives where they end.
    #[inline(never)]
    fn check_others(&mut self, opcode: Opcode, operands: &[u32], start: usize) -> Check<usize> {
        let row = &ROWS[usize::from(opcode.code())];
        let plain = row.plain();
        let mut next = start + plain;
        for (position, &check) in row.checks()[plain..].iter().enumerate() {
            if check & bits::SPECIAL != 0 {
                next = self.check_special(check, operands, start, next)?;
                continue;
            }
            let Some(&operand) = operands.get(next) else { return shape() };
            if !self.fits(check, operand) {
                return self.operand_fault(opcode.roles()[plain + position], next - start, operand);
            }
            next += 1;
        }
        Ok(next)
    }

    /// Checks an operand at `at` that is not one register or constant; gives where the next one starts.
    #[inline]
    fn check_special(&mut self, check: u8, operands: &[u32], start: usize, at: usize) -> Check<usize> {
        let word = at - start;
        let Some((&first, rest)) = operands.get(at..).and_then(<[u32]>::split_first) else { return shape() };
        let role = SPECIAL_ROLES[usize::from(check & !bits::SPECIAL)];
        match role {
            OperandRole::Label => self.check_label(word, first)?,
            OperandRole::Uses | OperandRole::Defs | OperandRole::Labels => {
                let Some(items) = rest.get(..first as usize) else { return shape() };
                self.check_list(role, word + 1, items)?;
                return Ok(at + 1 + items.len());
            }
            OperandRole::Field | OperandRole::Method if rest.is_empty() => return shape(),
            // The typing rule looks the member up.
            OperandRole::Field | OperandRole::Method => return Ok(at + 2),
            _ => self.check_index(role, first).map_err(|error| at_word(error, word))?,
        }
        Ok(at + 1)
    }

    #[inline]
    fn check_label(&self, word: usize, label: u32) -> Check {
        let instructions = self.function.body.code.len();
        if (label as usize) < instructions {
            return Ok(());
        }
        refuse(Rule::Label, word, format!("the label is instruction {label}; the function has {instructions}"))
    }

    #[inline]
    fn check_list(&mut self, role: OperandRole, word: usize, items: &[u32]) -> Check {
        match role {
            OperandRole::Uses => {
                for (position, &item) in items.iter().enumerate() {
                    if item as usize >= self.kinds.len() {
                        return self.operand_fault(OperandRole::Use(RegisterKind::Any), word + position, item);
                    }
                }
                Ok(())
            }
            OperandRole::Defs => self.check_results(word, items),
            _ => self.check_labels(word, items),
        }
    }

    fn check_results(&mut self, word: usize, items: &[u32]) -> Check {
        self.results.start();
        for (position, &item) in items.iter().enumerate() {
            if item as usize >= self.registers {
                return self.operand_fault(OperandRole::Def(RegisterKind::Any), word + position, item);
            }
            if !self.results.insert(item) {
                let message = format!("two results go to register {item}; name a register for each");
                return refuse(Rule::DuplicateResult, word + position, message);
            }
        }
        Ok(())
    }

    fn check_labels(&self, word: usize, items: &[u32]) -> Check {
        if items.len() > limits::SWITCH_LABELS as usize {
            let message = format!("the switch has {} labels; the limit is {}", items.len(), limits::SWITCH_LABELS);
            return refuse(Rule::Limit, word, message);
        }
        items.iter().enumerate().try_for_each(|(position, &label)| self.check_label(word + position, label))
    }

    fn check_index(&self, role: OperandRole, index: u32) -> Check {
        let module = self.module;
        match role {
            OperandRole::Type => type_index(module, Section::Code, Type::from_code(index)),
            OperandRole::Function => function_index(module, Section::Code, index, || "the function named".into()),
            OperandRole::String => string_index(module, Section::Code, index, "the constant"),
            OperandRole::Global if (index as usize) >= module.globals.len() => {
                fault(Rule::GlobalIndex, Section::Code, format!("global {index} is named; the module has {}", module.globals.len()))
            }
            OperandRole::Data if (index as usize) >= module.data.len() => {
                fault(Rule::DataIndex, Section::Code, format!("data segment {index} is named; the module has {}", module.data.len()))
            }
            _ => Ok(()),
        }
    }

    /// Why a register or constant does not do for its role.
    #[cold]
    fn operand_fault<T>(&self, role: OperandRole, word: usize, operand: u32) -> Check<T> {
        let (registers, constants) = (self.registers, self.function.body.constants.len());
        let (is_def, kind) = match role {
            OperandRole::Def(kind) => (true, kind),
            OperandRole::Use(kind) => (false, kind),
            _ => (false, RegisterKind::Any),
        };
        if is_def && operand as usize >= registers {
            let message = format!("operand {operand} is written; the function has {registers} registers, and constants cannot be written");
            return refuse(Rule::ResultIndex, word, message);
        }
        let Some(&found) = self.types.get(operand as usize) else {
            let message = format!("operand {operand} is read; the function has {registers} registers and {constants} constants");
            return refuse(Rule::OperandIndex, word, message);
        };
        let wanted = match kind {
            RegisterKind::I32 => "an `i32`",
            RegisterKind::I64 => "an `i64`",
            RegisterKind::F32 => "an `f32`",
            RegisterKind::F64 => "an `f64`",
            RegisterKind::Ref => "a reference",
            RegisterKind::Any => "a value",
        };
        let found = type_name(self.module, found);
        if is_def {
            let message = format!("the instruction gives {wanted}; register {operand} is a `{found}`");
            return refuse(Rule::ResultType, word, message);
        }
        let message = format!("the instruction takes {wanted}; {} is a `{found}`", self.operand_name(operand));
        refuse(Rule::OperandType, word, message)
    }
}

/// The words at `start`, zeros beyond the last.
#[inline]
fn first_words(operands: &[u32], start: usize) -> [u32; FIRST] {
    let rest = &operands[start..];
    match rest.first_chunk() {
        Some(&words) => words,
        None => std::array::from_fn(|word| rest.get(word).copied().unwrap_or(0)),
    }
}

#[cold]
fn shape<T>() -> Check<T> {
    fault(Rule::OperandShape, Section::Code, "the operands are not those the instruction table lists for this instruction")
}

/// Fills in where an instruction is, and turns its word into the number of its operand.
#[cold]
fn locate(mut error: Box<VerifyError>, code: &Code, index: usize, start: usize) -> Box<VerifyError> {
    error.instruction = Some(index as u32);
    error.offset = offset::of_instruction(code, index);
    let opcode: Opcode = code.instructions[index].opcode;
    error.operand = error.operand.map(|word| offset::operand_of_word(opcode, &code.operands[start..], word as usize));
    error
}
