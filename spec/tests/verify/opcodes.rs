//! Every instruction, from the table: an accepted use, and for each operand one with a wrong type and one out of range.

use super::sample::*;
use limosa_spec::module::Constant;
use limosa_spec::opcodes::RegisterKind;
use limosa_spec::types::Parameter;
use limosa_spec::verify::{Rule, VerifyError, verify};
use limosa_spec::{Opcode, OperandRole, Type, TypingRule};

/// The registers of the functions tried, by the types [`register_types`] gives them.
mod register {
    pub const I32: u32 = 0;
    pub const I64: u32 = 1;
    pub const F32: u32 = 2;
    pub const F64: u32 = 3;
    pub const STR: u32 = 4;
    pub const ANY: u32 = 5;
    pub const POINT: u32 = 6;
    pub const LEAF: u32 = 7;
    pub const ERROR: u32 = 8;
    pub const LONGS: u32 = 9;
    pub const BYTES: u32 = 10;
    pub const STEP: u32 = 11;
    pub const FIBER: u32 = 12;
    pub const SHAPE: u32 = 13;
    /// The constant null.
    pub const NULL: u32 = 14;
}

fn register_types(s: &mut Sample) -> Vec<Type> {
    let long = [value(Type::I64)];
    let (longs, bytes, step, fiber) = (s.array(Type::I64), s.array(Type::U8), s.function_type(&long, &long), s.fiber_type(&long, &long));
    vec![Type::I32, Type::I64, Type::F32, Type::F64, Type::STR, Type::ANY, POINT, LEAF, ERROR, longs, bytes, step, fiber, SHAPE]
}

fn register_of(kind: RegisterKind, reference: u32) -> u32 {
    match kind {
        RegisterKind::I32 => register::I32,
        RegisterKind::I64 | RegisterKind::Any => register::I64,
        RegisterKind::F32 => register::F32,
        RegisterKind::F64 => register::F64,
        RegisterKind::Ref => reference,
    }
}

/// Operands by the roles alone, with this register for the references.
fn by_roles(opcode: Opcode, reference: u32) -> Vec<u32> {
    let mut words = Vec::new();
    for role in opcode.roles() {
        match role {
            OperandRole::Def(kind) | OperandRole::Use(kind) => words.push(register_of(*kind, reference)),
            OperandRole::Label => words.push(0),
            OperandRole::Labels => words.extend([2, 1, 0]),
            other => panic!("{opcode:?} has {other:?}"),
        }
    }
    words
}

/// Operands with which an instruction is accepted.
fn example(opcode: Opcode, types: &[Type]) -> Vec<u32> {
    use register::*;
    let (longs, bytes, fiber) = (types[LONGS as usize].code(), types[BYTES as usize].code(), types[FIBER as usize].code());
    match opcode.typing() {
        TypingRule::Fixed | TypingRule::IdentityHash => by_roles(opcode, POINT),
        TypingRule::Move => vec![POINT, POINT],
        TypingRule::DefStr => vec![STR, 0],
        TypingRule::TypeTest => vec![I32, ANY, Type::STR.code()],
        TypingRule::Cast => vec![STR, ANY, Type::STR.code()],
        TypingRule::New => vec![POINT, super::sample::POINT.code()],
        TypingRule::FieldGet => vec![I64, POINT, BASE.code(), 0],
        TypingRule::FieldSet => vec![POINT, BASE.code(), 0, I64],
        TypingRule::ArrayNew => vec![LONGS, longs, I64],
        TypingRule::ArrayLen => vec![I64, LONGS],
        TypingRule::ArrayGet => vec![I64, LONGS, I64],
        TypingRule::ArraySet => vec![LONGS, I64, I64],
        TypingRule::ArrayCopy => vec![LONGS, I64, LONGS, I64, I64],
        TypingRule::ArrayFill => vec![LONGS, I64, I64, I64],
        TypingRule::ArrayData => vec![BYTES, bytes, 0],
        TypingRule::ByteLoad | TypingRule::ByteStore => by_roles(opcode, BYTES),
        TypingRule::UseStr | TypingRule::StrToStr => by_roles(opcode, STR),
        TypingRule::StrToBytes => vec![BYTES, STR],
        TypingRule::StrFromBytes => vec![STR, BYTES, I64, I64],
        TypingRule::Box | TypingRule::Unbox => by_roles(opcode, ANY),
        TypingRule::GlobalGet => vec![I64, COUNT],
        TypingRule::GlobalSet => vec![COUNT, I64],
        TypingRule::Call => vec![1, I64, ADD, 2, I64, I64],
        TypingRule::CallVirtual => vec![1, I64, BASE.code(), 1, 1, POINT],
        TypingRule::CallInterface => vec![1, F64, super::sample::SHAPE.code(), 0, 1, SHAPE],
        TypingRule::CallClosure => vec![1, I64, STEP, 1, I64],
        TypingRule::Tail => vec![ADD, 2, I64, I64],
        TypingRule::TailVirtual => vec![BASE.code(), 1, 1, POINT],
        TypingRule::TailInterface => vec![super::sample::SHAPE.code(), 0, 1, SHAPE],
        TypingRule::TailClosure => vec![STEP, 1, I64],
        TypingRule::Closure => vec![STEP, ADD, 1, I64],
        TypingRule::Ret => vec![1, I64],
        TypingRule::Throw => vec![ERROR],
        TypingRule::FiberNew => vec![FIBER, fiber, STEP],
        TypingRule::FiberResume => vec![1, I64, FIBER, 1, I64],
        TypingRule::FiberYield => vec![1, I64, fiber, 1, I64],
        TypingRule::FiberDone => vec![I32, FIBER],
    }
}

/// The verifier's verdict on a function with this instruction.
fn verdict(opcode: Opcode, change: impl FnOnce(&mut Vec<u32>)) -> Result<(), VerifyError> {
    let mut s = sample();
    let types = register_types(&mut s);
    let mut words = example(opcode, &types);
    change(&mut words);
    let result: Parameter = value(if opcode == Opcode::TailInterface { Type::F64 } else { Type::I64 });
    let ret = [1, if opcode == Opcode::TailInterface { register::F64 } else { register::I64 }];
    s.probe(&types, &[result], &[Constant::Null], &[(opcode, &words), (Opcode::Ret, &ret)]);
    verify(s.0).map(|_| ())
}

/// One operand of an example: its number, its word, and the register in it if it is one.
struct Place {
    role: OperandRole,
    operand: u32,
    word: usize,
    register: Option<u32>,
}

fn places(opcode: Opcode) -> Vec<Place> {
    let words = example(opcode, &register_types(&mut sample()));
    let (mut places, mut word, mut operand) = (Vec::new(), 0, 0);
    for &role in opcode.roles() {
        let (count, is_register) = match role {
            OperandRole::Def(_) | OperandRole::Use(_) => (1, true),
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => {
                word += 1;
                (words[word - 1], role != OperandRole::Labels)
            }
            _ => (1, false),
        };
        for _ in 0..count {
            places.push(Place { role, operand, word, register: is_register.then_some(words[word]) });
            word += if matches!(role, OperandRole::Field | OperandRole::Method) { 2 } else { 1 };
            operand += 1;
        }
    }
    places
}

fn is_result(role: OperandRole) -> bool {
    matches!(role, OperandRole::Def(_) | OperandRole::Defs)
}

#[test]
fn every_instruction_is_accepted_with_fitting_operands() {
    for &opcode in Opcode::ALL {
        assert_eq!(verdict(opcode, |_| ()).map_err(|error| error.to_string()), Ok(()), "{opcode:?}");
    }
}

#[test]
fn every_register_operand_is_refused_with_another_kind_of_value() {
    let kinds = [register::I32, register::I64, register::F32, register::F64, register::STR];
    for &opcode in Opcode::ALL {
        for place in places(opcode) {
            let Some(fitting) = place.register else { continue };
            for wrong in kinds {
                if wrong == fitting || (wrong == register::STR && fitting > register::STR) {
                    continue;
                }
                let error = verdict(opcode, |words| words[place.word] = wrong).expect_err(opcode.mnemonic());
                let rule = if is_result(place.role) { Rule::ResultType } else { Rule::OperandType };
                assert_eq!((error.rule, error.instruction, error.operand), (rule, Some(0), Some(place.operand)), "{opcode:?}: {error}");
            }
        }
    }
}

#[test]
fn reference_operands_are_refused_with_another_reference_where_the_typing_rule_asks_for_one() {
    for &opcode in Opcode::ALL {
        for place in places(opcode) {
            if place.register.is_none_or(|register| register < register::STR) {
                continue;
            }
            // Instructions that take any reference there.
            let typing = opcode.typing();
            let takes_all = matches!(typing, TypingRule::TypeTest | TypingRule::Cast | TypingRule::Unbox) && !is_result(place.role);
            let others = [register::STR, register::ANY, register::LEAF, register::LONGS, register::NULL];
            let refused = |&register: &u32| verdict(opcode, |words| words[place.word] = register).is_err();
            let refusals = others.iter().filter(|register| refused(register)).count();
            match typing == TypingRule::Fixed || takes_all {
                true => assert_eq!(refusals, 0, "{opcode:?}, operand {}", place.operand),
                false => assert!(refusals >= 2, "{opcode:?}, operand {}: {refusals} of {others:?}", place.operand),
            }
        }
    }
}

#[test]
fn constants_are_not_written_and_may_be_read() {
    for &opcode in Opcode::ALL {
        for place in places(opcode).iter().filter(|place| is_result(place.role)) {
            let error = verdict(opcode, |words| words[place.word] = register::NULL).expect_err(opcode.mnemonic());
            assert_eq!((error.rule, error.operand), (Rule::ResultIndex, Some(place.operand)), "{opcode:?}");
        }
    }
}

#[test]
fn every_operand_is_refused_out_of_range() {
    for &opcode in Opcode::ALL {
        for place in places(opcode) {
            let rule = match place.role {
                OperandRole::Def(_) | OperandRole::Defs => Rule::ResultIndex,
                OperandRole::Use(_) | OperandRole::Uses => Rule::OperandIndex,
                OperandRole::Label | OperandRole::Labels => Rule::Label,
                OperandRole::Type | OperandRole::Field | OperandRole::Method => Rule::TypeIndex,
                OperandRole::Function => Rule::FunctionIndex,
                OperandRole::Global => Rule::GlobalIndex,
                OperandRole::String => Rule::StringIndex,
                OperandRole::Data => Rule::DataIndex,
            };
            let error = verdict(opcode, |words| words[place.word] = u32::MAX).expect_err(opcode.mnemonic());
            assert_eq!((error.rule, error.instruction, error.operand), (rule, Some(0), Some(place.operand)), "{opcode:?}: {error}");
            let member = match place.role {
                OperandRole::Field => Rule::Field,
                OperandRole::Method => Rule::Method,
                _ => continue,
            };
            let error = verdict(opcode, |words| words[place.word + 1] = u32::MAX).expect_err(opcode.mnemonic());
            assert_eq!((error.rule, error.operand), (member, Some(place.operand)), "{opcode:?}: {error}");
        }
    }
}
