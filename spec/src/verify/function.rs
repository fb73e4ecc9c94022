//! One function: registers, constants, handlers, then every instruction once, in one pass without data flow.
//!
//! Each operand is checked by its role from the row of `table`; what the types of several operands have to do with one another is
//! for the typing rules, one file per subject.

use super::common::{function_index, register_type, string_index, type_index};
use super::declarations::is_canonical;
use super::error::{Check, FunctionPlace, Section, VerifyError, fault};
use super::hierarchy::Hierarchy;
use super::names::{name, type_name};
use super::offset;
use super::rule::Rule;
use super::table::{ROWS, SPECIAL_ROLES, bits};
use crate::instruction::{Code, Instruction};
use crate::limits;
use crate::module::{Body, Constant, Function, FunctionIndex, Module};
use crate::opcodes::{Effects, Opcode, OperandRole, RegisterKind};
use crate::types::{Signature, Type};

/// Memory that is used again from function to function.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The [`bits`] of each register, then each constant.
    kinds: Vec<u8>,
    /// The type of each register, then each constant.
    types: Vec<Type>,
    /// For each register the number of the list of results it was last seen in.
    lists: Vec<u32>,
    /// The number of lists of results seen.
    list: u32,
    /// What the `closure` instructions of all functions make: function and number of captures.
    pub(super) closures: Vec<(FunctionIndex, u32)>,
}

/// The function being checked.
pub(super) struct Checker<'m> {
    pub(super) module: &'m Module,
    pub(super) hierarchy: &'m Hierarchy,
    pub(super) function: &'m Function,
    pub(super) signature: &'m Signature,
    pub(super) scratch: &'m mut Scratch,
    pub(super) registers: usize,
}

/// Checks the function that is `index`th of those the module defines.
pub(super) fn check(module: &Module, hierarchy: &Hierarchy, index: usize, scratch: &mut Scratch) -> Check {
    let function = &module.functions[index];
    let Some(signature) = module.function_type(function.signature) else {
        return fault(Rule::Signature, Section::Functions, "the signature is no function type");
    };
    let registers = signature.parameters.len() + function.body.locals.len();
    let mut checker = Checker { module, hierarchy, function, signature, scratch, registers };
    checker.check().map_err(|mut error| {
        let index = (module.imports.len() + index) as FunctionIndex;
        error.function = Some(FunctionPlace { index, name: name(module, function.name) });
        error
    })
}

impl<'m> Checker<'m> {
    fn check(&mut self) -> Check {
        let body = &self.function.body;
        self.check_counts(body)?;
        self.check_operands(body)?;
        for (index, handler) in body.handlers.iter().enumerate() {
            self.check_handler(index, handler)?;
        }
        self.check_code(&body.code)
    }

    fn check_counts(&self, body: &Body) -> Check {
        let counts = [
            (Section::Functions, "registers, parameters included", self.registers, limits::REGISTERS),
            (Section::Code, "constants", body.constants.len(), limits::CONSTANTS),
            (Section::Code, "handlers", body.handlers.len(), limits::HANDLERS),
            (Section::Code, "instructions", body.code.len(), limits::INSTRUCTIONS),
        ];
        for (section, what, count, limit) in counts {
            if count > limit as usize {
                return fault(Rule::Limit, section, format!("the function has {count} {what}; the limit is {limit}"));
            }
        }
        if body.code.is_empty() {
            return fault(Rule::EmptyFunction, Section::Code, "the function has no instructions; it needs at least one that ends it");
        }
        Ok(())
    }

    /// Checks locals and constants and lays out the types of all operands.
    fn check_operands(&mut self, body: &Body) -> Check {
        let module = self.module;
        let scratch = &mut *self.scratch;
        scratch.types.clear();
        scratch.kinds.clear();
        scratch.types.extend(self.signature.parameters.iter().map(|parameter| parameter.ty));
        let mut known = Type::I32;
        for (position, &local) in body.locals.iter().enumerate() {
            if local != known {
                register_type(module, Section::Functions, local, || format!("local {position}"))?;
                known = local;
            }
        }
        scratch.types.extend_from_slice(&body.locals);
        scratch.kinds.extend(scratch.types.iter().map(|&ty| kind(ty) | bits::REGISTER));
        scratch.lists.resize(scratch.lists.len().max(self.registers), 0);
        for (position, &constant) in body.constants.iter().enumerate() {
            let problem = match constant {
                Constant::Str(_) => "is a string; load it with `const.str`",
                _ if !is_canonical(constant) => "is a NaN other than the canonical one",
                _ => {
                    scratch.types.push(constant.ty());
                    scratch.kinds.push(kind(constant.ty()));
                    continue;
                }
            };
            return fault(Rule::Constant, Section::Code, format!("constant {position} {problem}"));
        }
        Ok(())
    }

    fn check_code(&mut self, code: &'m Code) -> Check {
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
    fn check_instruction(&mut self, code: &'m Code, instruction: Instruction, start: usize) -> Check<usize> {
        let row = &ROWS[usize::from(instruction.opcode.code())];
        let mut next = start;
        if instruction.start as usize != start {
            return shape();
        }
        for (position, &check) in row.checks().iter().enumerate() {
            if check & bits::SPECIAL != 0 {
                next = self.check_special(check, &code.operands, start, next)?;
                continue;
            }
            let Some(&operand) = code.operands.get(next) else { return shape() };
            let found = self.scratch.kinds.get(operand as usize).copied().unwrap_or(0);
            if found & check != check {
                return self.operand_fault(instruction.opcode.roles()[position], next - start, operand);
            }
            next += 1;
        }
        self.check_typing(row.typing, instruction.opcode, &code.operands[start..next])?;
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
                    if item as usize >= self.scratch.kinds.len() {
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
        self.scratch.list = self.scratch.list.wrapping_add(1);
        if self.scratch.list == 0 {
            self.scratch.lists.fill(0);
            self.scratch.list = 1;
        }
        for (position, &item) in items.iter().enumerate() {
            if item as usize >= self.registers {
                return self.operand_fault(OperandRole::Def(RegisterKind::Any), word + position, item);
            }
            let last = std::mem::replace(&mut self.scratch.lists[item as usize], self.scratch.list);
            if last == self.scratch.list {
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
        let Some(&found) = self.scratch.types.get(operand as usize) else {
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

    /// The operand as messages show it.
    pub(super) fn operand_name(&self, operand: u32) -> String {
        match (operand as usize).checked_sub(self.registers) {
            None => format!("register {operand}"),
            Some(constant) => format!("constant {constant}"),
        }
    }

    /// The type of an operand that is known to be in range.
    #[inline]
    pub(super) fn ty(&self, operand: u32) -> Type {
        self.scratch.types[operand as usize]
    }

    /// Checks that an operand can stand where a value of a type is asked for.
    #[inline]
    pub(super) fn takes(&self, word: usize, operand: u32, wanted: Type) -> Check {
        if self.hierarchy.is_assignable(self.ty(operand), wanted) {
            return Ok(());
        }
        let (wanted, found) = (type_name(self.module, wanted), type_name(self.module, self.ty(operand)));
        let message = format!("a `{wanted}` is expected; {} is a `{found}`", self.operand_name(operand));
        refuse(Rule::OperandType, word, message)
    }

    /// Checks that a register can take a value of a type.
    #[inline]
    pub(super) fn gives(&self, word: usize, register: u32, given: Type) -> Check {
        if self.hierarchy.is_assignable(given, self.ty(register)) {
            return Ok(());
        }
        let (given, found) = (type_name(self.module, given), type_name(self.module, self.ty(register)));
        refuse(Rule::ResultType, word, format!("the result is a `{given}`; register {register} is a `{found}`, which cannot take it"))
    }
}

/// The [`bits`] of a value of a type.
#[inline]
fn kind(ty: Type) -> u8 {
    bits::OPERAND
        | match ty {
            Type::I32 => bits::I32,
            Type::I64 => bits::I64,
            Type::F32 => bits::F32,
            Type::F64 => bits::F64,
            _ => bits::REFERENCE,
        }
}

#[cold]
fn shape<T>() -> Check<T> {
    fault(Rule::OperandShape, Section::Code, "the operands are not those the instruction table lists for this instruction")
}

/// A refusal because of the operand that starts with the instruction's word `word`.
#[cold]
pub(super) fn refuse<T>(rule: Rule, word: usize, message: String) -> Check<T> {
    fault(rule, Section::Code, message).map_err(|error| at_word(error, word))
}

fn at_word(mut error: Box<VerifyError>, word: usize) -> Box<VerifyError> {
    error.operand = Some(word as u32);
    error
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
