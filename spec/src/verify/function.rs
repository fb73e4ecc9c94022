//! One function: its registers, constants and handlers, and what the checks of its instructions share.

use super::common::register_type;
use super::declarations::is_canonical;
use super::error::{Check, FunctionPlace, Section, VerifyError, fault};
use super::hierarchy::Hierarchy;
use super::names::{name, type_name};
use super::rule::Rule;
use super::table::bits;
use crate::limits;
use crate::module::{Body, Constant, Function, FunctionIndex, Module};
use crate::types::{Signature, Type};

/// Memory that is used again from function to function, and what is learned from all of them.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The [`bits`] of each register, then each constant.
    kinds: Vec<u8>,
    /// The type of each register, then each constant.
    types: Vec<Type>,
    results: Results,
    /// What the `closure` instructions of all functions make: function and number of captures.
    pub(super) closures: Vec<(FunctionIndex, u32)>,
}

/// Tells in constant time whether a register occurs twice in one list of results.
#[derive(Debug, Default)]
pub(super) struct Results {
    /// For each register the number of the list it was last seen in.
    seen: Vec<u32>,
    /// The number of the list being looked at.
    list: u32,
}

impl Results {
    fn reserve(&mut self, registers: usize) {
        if self.seen.len() < registers {
            self.seen.resize(registers, 0);
        }
    }

    /// Starts a list.
    pub(super) fn start(&mut self) {
        self.list = self.list.wrapping_add(1);
        if self.list == 0 {
            self.seen.fill(0);
            self.list = 1;
        }
    }

    /// Whether the register is new to the list.
    pub(super) fn insert(&mut self, register: u32) -> bool {
        std::mem::replace(&mut self.seen[register as usize], self.list) != self.list
    }
}

/// The function being checked.
pub(super) struct Checker<'m> {
    pub(super) module: &'m Module,
    pub(super) hierarchy: &'m Hierarchy,
    pub(super) function: &'m Function,
    pub(super) signature: &'m Signature,
    /// The number of registers.
    pub(super) registers: usize,
    /// The [`bits`] of each register, then each constant.
    pub(super) kinds: &'m [u8],
    /// The type of each register, then each constant.
    pub(super) types: &'m [Type],
    pub(super) results: &'m mut Results,
    pub(super) closures: &'m mut Vec<(FunctionIndex, u32)>,
}

/// Checks the function that is `index`th of those the module defines.
pub(super) fn check(module: &Module, hierarchy: &Hierarchy, index: usize, scratch: &mut Scratch) -> Check {
    let function = &module.functions[index];
    check_function(module, hierarchy, function, scratch).map_err(|mut error| {
        let index = (module.imports.len() + index) as FunctionIndex;
        error.function = Some(FunctionPlace { index, name: name(module, function.name) });
        error
    })
}

fn check_function(module: &Module, hierarchy: &Hierarchy, function: &Function, scratch: &mut Scratch) -> Check {
    let Some(signature) = module.function_type(function.signature) else {
        return fault(Rule::Signature, Section::Functions, "the signature is no function type");
    };
    let body = &function.body;
    let registers = signature.parameters.len() + body.locals.len();
    check_counts(body, registers)?;
    scratch.lay_out(module, signature, body)?;
    let Scratch { kinds, types, results, closures } = scratch;
    let mut checker = Checker { module, hierarchy, function, signature, registers, kinds, types, results, closures };
    for (index, handler) in body.handlers.iter().enumerate() {
        checker.check_handler(index, handler)?;
    }
    checker.check_code(&body.code)
}

fn check_counts(body: &Body, registers: usize) -> Check {
    let counts = [
        (Section::Functions, "registers, parameters included", registers, limits::REGISTERS),
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

impl Scratch {
    /// Checks locals and constants and lays out the types of all operands.
    fn lay_out(&mut self, module: &Module, signature: &Signature, body: &Body) -> Check {
        self.types.clear();
        self.kinds.clear();
        self.types.extend(signature.parameters.iter().map(|parameter| parameter.ty));
        let mut known = Type::I32;
        for (position, &local) in body.locals.iter().enumerate() {
            if local != known {
                register_type(module, Section::Functions, local, || format!("local {position}"))?;
                known = local;
            }
        }
        self.types.extend_from_slice(&body.locals);
        self.kinds.extend(self.types.iter().map(|&ty| kind(ty) | bits::REGISTER));
        self.results.reserve(self.types.len());
        for (position, &constant) in body.constants.iter().enumerate() {
            if let Some(problem) = constant_problem(constant) {
                return fault(Rule::Constant, Section::Code, format!("constant {position} {problem}"));
            }
            self.types.push(constant.ty());
            self.kinds.push(kind(constant.ty()));
        }
        Ok(())
    }
}

fn constant_problem(constant: Constant) -> Option<&'static str> {
    match constant {
        Constant::Str(_) => Some("is a string; load it with `const.str`"),
        _ if !is_canonical(constant) => Some("is a NaN other than the canonical one"),
        _ => None,
    }
}

impl Checker<'_> {
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
        self.types[operand as usize]
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

/// A refusal because of the operand that starts with the instruction's word `word`.
#[cold]
pub(super) fn refuse<T>(rule: Rule, word: usize, message: String) -> Check<T> {
    fault(rule, Section::Code, message).map_err(|error| at_word(error, word))
}

pub(super) fn at_word(mut error: Box<VerifyError>, word: usize) -> Box<VerifyError> {
    error.operand = Some(word as u32);
    error
}
