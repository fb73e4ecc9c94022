//! Cases for functions: registers, constants, handlers, and instructions that call nothing.

use super::Case;
use super::sample::*;
use limosa_spec::instruction::Instruction;
use limosa_spec::module::{Constant, Handler};
use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, Type, WellKnown};

const RET: (Opcode, &[u32]) = (Opcode::Ret, &[0]);

pub fn cases() -> Vec<Case> {
    [bodies(), shapes(), operands(), labels(), handlers(), references(), objects(), read_only(), arrays(), strings(), indices()]
        .into_iter()
        .flatten()
        .collect()
}

/// A case whose function has the parameters and, when good or bad, the code.
fn probe(
    rule: Rule,
    what: &'static str,
    parameters: &'static [Type],
    good_code: &'static [(Opcode, &'static [u32])],
    bad_code: &'static [(Opcode, &'static [u32])],
) -> Case {
    Case::new(rule, what, move |s, good| {
        s.probe(parameters, &[], &[Constant::I64(1), Constant::Null], if good { good_code } else { bad_code });
    })
}

fn bodies() -> Vec<Case> {
    vec![
        Case::new(Rule::EmptyFunction, "no instruction", |s, good| {
            s.probe(&[], &[], &[], if good { &[RET] } else { &[] });
        }),
        probe(Rule::FallOff, "a move", &[Type::I64], &[(Opcode::MovI64, &[0, 0]), RET], &[(Opcode::MovI64, &[0, 0])]).at(0, None),
        probe(
            Rule::FallOff,
            "a branch",
            &[Type::I64],
            &[(Opcode::BrEqI64, &[0, 0, 0]), (Opcode::Jump, &[0])],
            &[(Opcode::Jump, &[1]), (Opcode::BrEqI64, &[0, 0, 0])],
        )
        .at(1, None),
        Case::new(Rule::RegisterType, "a short as a local", |s, good| {
            s.probe(&[], &[], &[], &[RET]).locals = vec![Type::I32, if good { Type::I32 } else { Type::I16 }];
        }),
        Case::new(Rule::RegisterType, "null as a local", |s, good| {
            s.probe(&[], &[], &[], &[RET]).locals = vec![if good { Type::ANY } else { Type::NULL }];
        }),
        Case::new(Rule::TypeIndex, "a local", |s, good| {
            s.probe(&[], &[], &[], &[RET]).locals = vec![Type::I32, Type::I32, if good { ERROR } else { Type::from_code(60) }];
        }),
        Case::new(Rule::Constant, "a string in the pool", |s, good| {
            s.probe(&[], &[], &[if good { Constant::Null } else { Constant::Str(0) }], &[RET]);
        }),
        Case::new(Rule::Constant, "a NaN in the pool", |s, good| {
            s.probe(&[], &[], &[Constant::F64(if good { f64::NAN.abs() } else { -f64::NAN.abs() })], &[RET]);
        }),
    ]
}

fn shapes() -> Vec<Case> {
    let edit = |what, change: fn(&mut limosa_spec::Code)| {
        Case::new(Rule::OperandShape, what, move |s, good| {
            let switch = (Opcode::Switch, &[2, 2, 0, 1, 1][..]);
            let code: &[(Opcode, &[u32])] = &[(Opcode::AddI64, &[0, 0, 0]), (Opcode::Call, &[1, 0, ADD, 2, 0, 0]), switch, RET];
            let body = s.probe(&[Type::I64, POINT, Type::I32], &[], &[], code);
            if !good {
                change(&mut body.code);
            }
        })
    };
    vec![
        edit("an operand missing at the end", |code| {
            code.operands.pop();
        })
        .at(3, None),
        edit("an operand too many at the end", |code| code.operands.push(0)),
        edit("an operand too many in the middle", |code| code.instructions[1].start += 1).at(1, None),
        edit("no operand at the start", |code| code.instructions[0].start = 1).at(0, None),
        edit("an instruction out of order", |code| code.instructions.swap(0, 1)).at(0, None),
        edit("a list longer than the rest", |code| set_operand(code, 1, 3, u32::MAX)).at(1, None),
        edit("a list shorter than its items", |code| set_operand(code, 2, 1, 1)).at(3, None),
        edit("a member cut in two", |code| {
            code.instructions.truncate(2);
            code.instructions[1] = Instruction { opcode: Opcode::Set, start: 3 };
            code.operands.truncate(5);
        })
        .at(1, None),
    ]
}

fn operands() -> Vec<Case> {
    let two = &[Type::I64, POINT];
    vec![
        probe(Rule::OperandIndex, "a plain operand", &[Type::I64], &[(Opcode::MovI64, &[0, 1]), RET], &[(Opcode::MovI64, &[0, 3]), RET])
            .at(0, 1),
        probe(
            Rule::OperandIndex,
            "an operand after a member",
            two,
            &[(Opcode::Set, &[1, code::BASE, 0, 2]), RET],
            &[(Opcode::Set, &[1, code::BASE, 0, 4]), RET],
        )
        .at(0, 2),
        probe(
            Rule::OperandIndex,
            "an item of a list",
            two,
            &[(Opcode::Call, &[1, 0, ADD, 2, 0, 2]), RET],
            &[(Opcode::Call, &[1, 0, ADD, 2, 0, 4]), RET],
        )
        .at(0, 3),
        probe(Rule::ResultIndex, "a constant", &[Type::I64], &[(Opcode::MovI64, &[0, 0]), RET], &[(Opcode::MovI64, &[1, 0]), RET]).at(0, 0),
        probe(
            Rule::ResultIndex,
            "a constant in a list",
            two,
            &[(Opcode::Call, &[1, 0, ADD, 2, 0, 0]), RET],
            &[(Opcode::Call, &[1, 2, ADD, 2, 0, 0]), RET],
        )
        .at(0, 0),
        probe(Rule::ResultIndex, "beyond the constants", two, &[(Opcode::MovRef, &[1, 3]), RET], &[(Opcode::MovRef, &[9, 3]), RET])
            .at(0, 0),
        probe(
            Rule::OperandType,
            "a number of another width",
            &[Type::I64, Type::I32],
            &[(Opcode::WidenI64, &[0, 1]), RET],
            &[(Opcode::WidenI64, &[0, 0]), RET],
        )
        .at(0, 1),
        probe(
            Rule::ResultType,
            "a result of another width",
            &[Type::I64, Type::I32],
            &[(Opcode::EqI64, &[1, 0, 0]), RET],
            &[(Opcode::EqI64, &[0, 0, 0]), RET],
        )
        .at(0, 0),
    ]
}

fn labels() -> Vec<Case> {
    vec![
        probe(Rule::Label, "a jump", &[], &[(Opcode::Jump, &[1]), RET], &[(Opcode::Jump, &[2]), RET]).at(0, 0),
        probe(Rule::Label, "a branch", &[Type::I64], &[(Opcode::BrLtI64, &[0, 1, 1]), RET], &[(Opcode::BrLtI64, &[0, 1, u32::MAX]), RET])
            .at(0, 2),
        probe(
            Rule::Label,
            "a switch's list",
            &[Type::I32],
            &[(Opcode::Switch, &[0, 2, 0, 1, 1]), RET],
            &[(Opcode::Switch, &[0, 2, 0, 2, 1]), RET],
        )
        .at(0, 2),
        probe(Rule::Label, "a switch's last", &[Type::I32], &[(Opcode::Switch, &[0, 0, 1]), RET], &[(Opcode::Switch, &[0, 0, 2]), RET])
            .at(0, 1),
    ]
}

fn handlers() -> Vec<Case> {
    let plain = Handler { start: 0, end: 1, class: ERROR, target: 0, register: 0 };
    let handler = move |rule, what, good_one: Handler, bad_one: Handler| {
        Case::new(rule, what, move |s, good| {
            let body = s.probe(&[ERROR, Type::ANY, FAILURE, Type::I64], &[], &[], &[RET]);
            body.handlers = vec![plain, if good { good_one } else { bad_one }];
        })
    };
    let (runtime, boxed) = (Type::well_known(WellKnown::CapabilityError), Type::well_known(WellKnown::Int32));
    vec![
        handler(Rule::HandlerRange, "empty", plain, Handler { end: 0, ..plain }),
        handler(Rule::HandlerRange, "backwards", plain, Handler { start: 1, ..plain }),
        handler(Rule::HandlerRange, "beyond the end", plain, Handler { end: 2, ..plain }),
        handler(Rule::HandlerTarget, "beyond the end", plain, Handler { target: 1, ..plain }),
        handler(Rule::HandlerClass, "a class that is no error", Handler { class: FAILURE, ..plain }, Handler { class: POINT, ..plain }),
        handler(Rule::HandlerClass, "a box", Handler { class: runtime, ..plain }, Handler { class: boxed, ..plain }),
        handler(Rule::HandlerClass, "any", plain, Handler { class: Type::ANY, register: 1, ..plain }),
        handler(Rule::HandlerClass, "null", plain, Handler { class: Type::NULL, ..plain }),
        handler(Rule::TypeIndex, "a handler's class", plain, Handler { class: Type::from_code(40), ..plain }),
        handler(Rule::HandlerRegister, "a constant", Handler { register: 1, ..plain }, Handler { register: 4, ..plain }),
        handler(Rule::HandlerRegister, "a subclass", Handler { class: FAILURE, register: 2, ..plain }, Handler { register: 2, ..plain }),
        handler(Rule::HandlerRegister, "a number", plain, Handler { register: 3, ..plain }),
    ]
}

fn references() -> Vec<Case> {
    const TYPES: &[Type] = &[POINT, BASE, SHAPE, Type::ANY, Type::STR, ERROR, FAILURE, NAMED, FAR, Type::I32];
    let moves = |what, good_code: &'static [u32], bad_code: &'static [u32]| {
        Case::new(Rule::ResultType, what, move |s, good| {
            s.probe(TYPES, &[], &[Constant::Null], &[(Opcode::MovRef, if good { good_code } else { bad_code }), RET]);
        })
        .at(0, 0)
    };
    let test = |what, good_type: Type, bad_type: Type| {
        Case::new(Rule::TypeOperand, what, move |s, good| {
            let ty = if good { good_type } else { bad_type };
            s.probe(TYPES, &[], &[], &[(Opcode::Is, &[9, 3, ty.code()]), RET]);
        })
        .at(0, 2)
    };
    vec![
        moves("a superclass from its subclass only", &[1, 0], &[0, 1]),
        moves("a class is not its interface", &[2, 0], &[0, 2]),
        moves("a class that does not implement the interface", &[2, 7], &[2, 8]),
        moves("an interface from one that extends it only", &[2, 7], &[7, 2]),
        moves("any from everything only", &[3, 4], &[4, 3]),
        moves("a well-known class from its subclass only", &[5, 6], &[6, 5]),
        moves("null to anything, a string not to a class", &[0, 10], &[0, 4]),
        moves("an abstract superclass does not have its subclass's interface", &[2, 0], &[2, 1]),
        test("a number", Type::STR, Type::I64),
        test("null", Type::ANY, Type::NULL),
        test("a byte", NAMED, Type::U8),
        probe(
            Rule::ResultType,
            "a cast's target must fit its register",
            &[POINT, BASE],
            &[(Opcode::Cast, &[0, 1, code::POINT]), RET],
            &[(Opcode::Cast, &[0, 1, code::BASE]), RET],
        )
        .at(0, 0),
        probe(
            Rule::TypeOperand,
            "a cast to a number",
            &[Type::ANY],
            &[(Opcode::Cast, &[0, 0, code::STR]), RET],
            &[(Opcode::Cast, &[0, 0, code::F64]), RET],
        )
        .at(0, 2),
    ]
}

fn objects() -> Vec<Case> {
    const TYPES: &[Type] = &[POINT, Type::ANY, Type::I32, Type::I64, BASE, LEAF, ERROR, FAR];
    let code = |rule, what, good_code: (Opcode, &'static [u32]), bad_code: (Opcode, &'static [u32])| {
        Case::new(rule, what, move |s, good| {
            s.probe(TYPES, &[], &[Constant::Null], &[if good { good_code } else { bad_code }, RET]);
        })
    };
    let (get, set) = (Opcode::Get, Opcode::Set);
    vec![
        code(Rule::AbstractNew, "an abstract class", (Opcode::New, &[1, code::POINT]), (Opcode::New, &[1, code::BASE])).at(0, 1),
        code(Rule::TypeOperand, "new of an interface", (Opcode::New, &[1, code::FAR]), (Opcode::New, &[1, code::SHAPE])).at(0, 1),
        code(Rule::TypeOperand, "new of a string", (Opcode::New, &[1, code::ERROR]), (Opcode::New, &[1, code::STR])).at(0, 1),
        code(Rule::ResultType, "new of another class", (Opcode::New, &[0, code::POINT]), (Opcode::New, &[0, code::LEAF])).at(0, 0),
        code(Rule::Field, "one too many", (get, &[2, 0, code::POINT, 0]), (get, &[2, 0, code::POINT, 2])).at(0, 2),
        code(Rule::Field, "an inherited one under the subclass's name", (get, &[3, 0, code::BASE, 0]), (get, &[3, 0, code::FAILURE, 1])),
        code(Rule::Field, "of an interface", (get, &[3, 0, code::BASE, 0]), (get, &[3, 0, code::SHAPE, 0])).at(0, 2),
        code(Rule::Field, "of a well-known class", (get, &[1, 6, code::ERROR, 2]), (get, &[1, 6, code::ERROR, 3])).at(0, 2),
        code(Rule::Field, "of any", (get, &[2, 7, code::FAR, 0]), (get, &[2, 7, code::ANY, 0])),
        code(Rule::TypeIndex, "a field's class", (get, &[2, 7, code::FAR, 0]), (get, &[2, 7, 63, 0])).at(0, 2),
        code(Rule::OperandType, "a field of another object", (get, &[2, 0, code::POINT, 0]), (get, &[2, 4, code::POINT, 0])).at(0, 1),
        code(Rule::ResultType, "a byte field is an i32", (get, &[2, 0, code::POINT, 0]), (get, &[3, 0, code::POINT, 0])).at(0, 0),
        code(Rule::OperandType, "setting a field to another class", (set, &[0, code::POINT, 1, 8]), (set, &[0, code::POINT, 1, 5]))
            .at(0, 2),
        code(Rule::OperandType, "setting a field of another object", (set, &[0, code::POINT, 0, 2]), (set, &[5, code::POINT, 0, 2]))
            .at(0, 0),
        code(Rule::OperandType, "the identity of any", (Opcode::HashRef, &[2, 4]), (Opcode::HashRef, &[2, 1])).at(0, 1),
        code(Rule::OperandType, "the identity of null", (Opcode::HashRef, &[2, 6]), (Opcode::HashRef, &[2, 8])).at(0, 1),
        code(Rule::ResultType, "a box in another class", (Opcode::BoxI64, &[1, 3]), (Opcode::BoxI64, &[0, 3])).at(0, 0),
    ]
}

fn read_only() -> Vec<Case> {
    let boxed = Type::well_known(WellKnown::Int64);
    vec![
        Case::new(Rule::ReadOnlyField, "an error's trace", |s, good| {
            s.probe(&[FAILURE], &[], &[Constant::Null], &[(Opcode::Set, &[0, code::ERROR, if good { 1 } else { 2 }, 1]), RET]);
        })
        .at(0, 1),
        Case::new(Rule::ReadOnlyField, "a box's value", move |s, good| {
            let code: (Opcode, &[u32]) =
                if good { (Opcode::Get, &[1, 0, boxed.code(), 0]) } else { (Opcode::Set, &[0, boxed.code(), 0, 1]) };
            s.probe(&[boxed, Type::I64], &[], &[], &[code, RET]);
        })
        .at(0, 1),
    ]
}

fn arrays() -> Vec<Case> {
    // Registers: 0 [i64], 1 [u8], 2 [Point], 3 [Base], 4 any, 5 i64, 6 i32, 7 Point, 8 Base; constant 9 is null.
    let code = |rule, what, good_code: (Opcode, &'static [u32]), bad_code: (Opcode, &'static [u32])| {
        Case::new(rule, what, move |s, good| {
            let arrays = [Type::I64, Type::U8, POINT, BASE].map(|element| s.array(element));
            let types: Vec<Type> = arrays.into_iter().chain([Type::ANY, Type::I64, Type::I32, POINT, BASE]).collect();
            s.probe(&types, &[], &[Constant::Null], &[if good { good_code } else { bad_code }, RET]);
        })
    };
    let typed =
        |rule, what, opcode: Opcode, result: u32, good_type: fn(&mut Sample) -> Type, bad_type: fn(&mut Sample) -> Type, last: u32| {
            Case::new(rule, what, move |s, good| {
                let types = [s.array(Type::I64), s.array(Type::U8), Type::ANY, Type::I64];
                let ty = if good { good_type(s) } else { bad_type(s) };
                s.probe(&types, &[], &[], &[(opcode, &[result, ty.code(), last]), RET]);
            })
        };
    let (get, set, copy, fill) = (Opcode::ArrayGet, Opcode::ArraySet, Opcode::ArrayCopy, Opcode::ArrayFill);
    vec![
        typed(Rule::TypeOperand, "new of the element type", Opcode::ArrayNew, 2, |s| s.array(Type::I64), |_| Type::I64, 3).at(0, 1),
        typed(Rule::TypeOperand, "new of any", Opcode::ArrayNew, 2, |s| s.array(POINT), |_| Type::ANY, 3).at(0, 1),
        typed(Rule::ResultType, "new of another array", Opcode::ArrayNew, 1, |s| s.array(Type::U8), |s| s.array(Type::I8), 3).at(0, 0),
        typed(Rule::TypeOperand, "data for references", Opcode::ArrayData, 2, |s| s.array(Type::F32), |s| s.array(Type::STR), 0).at(0, 1),
        typed(Rule::DataLength, "four bytes for eight", Opcode::ArrayData, 2, |s| s.array(Type::I16), |s| s.array(Type::I64), 0).at(0, 2),
        typed(Rule::ResultType, "data in another array", Opcode::ArrayData, 1, |s| s.array(Type::U8), |s| s.array(Type::I8), 0).at(0, 0),
        code(Rule::OperandType, "the length of any", (Opcode::ArrayLen, &[5, 2]), (Opcode::ArrayLen, &[5, 4])).at(0, 1),
        code(Rule::OperandType, "the length of null", (Opcode::ArrayLen, &[5, 2]), (Opcode::ArrayLen, &[5, 9])).at(0, 1),
        code(Rule::ResultType, "a byte is an i32", (get, &[6, 1, 5]), (get, &[5, 1, 5])).at(0, 0),
        code(Rule::ResultType, "an element of a subclass", (get, &[8, 2, 5]), (get, &[7, 3, 5])).at(0, 0),
        code(Rule::OperandType, "storing a superclass", (set, &[3, 5, 7]), (set, &[2, 5, 8])).at(0, 2),
        code(Rule::OperandType, "storing to any", (set, &[3, 5, 9]), (set, &[4, 5, 9])).at(0, 0),
        code(Rule::OperandType, "copying numbers of another type", (copy, &[1, 5, 1, 5, 5]), (copy, &[1, 5, 0, 5, 5])).at(0, 2),
        code(Rule::OperandType, "copying to a subclass", (copy, &[3, 5, 2, 5, 5]), (copy, &[2, 5, 3, 5, 5])).at(0, 2),
        code(Rule::OperandType, "copying with short indices", (copy, &[0, 5, 0, 5, 5]), (copy, &[0, 5, 0, 6, 5])).at(0, 3),
        code(Rule::OperandType, "filling bytes with an i64", (fill, &[1, 5, 6, 5]), (fill, &[1, 5, 5, 5])).at(0, 2),
        code(Rule::OperandType, "filling with a short count", (fill, &[1, 5, 6, 5]), (fill, &[1, 5, 6, 6])).at(0, 3),
        code(Rule::OperandType, "loading from longs", (Opcode::LoadI64, &[5, 1, 5]), (Opcode::LoadI64, &[5, 0, 5])).at(0, 1),
        code(Rule::OperandType, "storing to longs", (Opcode::StoreI32, &[1, 5, 6]), (Opcode::StoreI32, &[0, 5, 6])).at(0, 0),
        code(Rule::ResultType, "a string's bytes", (Opcode::StrToBytes, &[1, 9]), (Opcode::StrToBytes, &[4, 9])).at(0, 0),
        code(Rule::OperandType, "a string of longs", (Opcode::StrFromBytes, &[4, 1, 5, 5]), (Opcode::StrFromBytes, &[4, 0, 5, 5])).at(0, 1),
    ]
}

fn strings() -> Vec<Case> {
    const TYPES: &[Type] = &[Type::STR, Type::ANY, POINT, Type::I32, Type::I64];
    let code = |rule, what, good_code: (Opcode, &'static [u32]), bad_code: (Opcode, &'static [u32])| {
        Case::new(rule, what, move |s, good| {
            s.probe(TYPES, &[], &[Constant::Null], &[if good { good_code } else { bad_code }, RET]);
        })
    };
    vec![
        code(Rule::ResultType, "a constant in a class", (Opcode::ConstStr, &[1, 0]), (Opcode::ConstStr, &[2, 0])).at(0, 0),
        code(Rule::OperandType, "the first of two", (Opcode::StrEq, &[3, 0, 5]), (Opcode::StrEq, &[3, 1, 5])).at(0, 1),
        code(Rule::OperandType, "the second of two", (Opcode::StrConcat, &[1, 0, 5]), (Opcode::StrConcat, &[1, 0, 2])).at(0, 2),
        code(Rule::ResultType, "a slice in a class", (Opcode::StrSlice, &[0, 0, 4, 4]), (Opcode::StrSlice, &[2, 0, 4, 4])).at(0, 0),
    ]
}

fn indices() -> Vec<Case> {
    const TYPES: &[Type] = &[Type::I64, Type::STR, Type::ANY];
    let code = |rule, what, good_code: (Opcode, &'static [u32]), bad_code: (Opcode, &'static [u32])| {
        Case::new(rule, what, move |s, good| {
            s.array(Type::U8);
            s.probe(TYPES, &[], &[Constant::Null], &[if good { good_code } else { bad_code }, RET]);
        })
    };
    let data = |what, index: u32| {
        Case::new(Rule::DataIndex, what, move |s, good| {
            let bytes = s.array(Type::U8).code();
            s.probe(TYPES, &[], &[], &[(Opcode::ArrayData, &[2, bytes, if good { 1 } else { index }]), RET]);
        })
        .at(0, 2)
    };
    vec![
        code(Rule::GlobalIndex, "one that is read", (Opcode::GlobalGet, &[0, COUNT]), (Opcode::GlobalGet, &[0, 2])).at(0, 1),
        code(Rule::GlobalIndex, "one that is set", (Opcode::GlobalSet, &[TITLE, 3]), (Opcode::GlobalSet, &[u32::MAX, 3])).at(0, 0),
        code(Rule::ResultType, "a global in another register", (Opcode::GlobalGet, &[2, TITLE]), (Opcode::GlobalGet, &[2, COUNT])).at(0, 0),
        code(Rule::OperandType, "a global set to another type", (Opcode::GlobalSet, &[COUNT, 0]), (Opcode::GlobalSet, &[COUNT, 1]))
            .at(0, 1),
        data("the first beyond", 2),
        data("far beyond", u32::MAX),
        code(Rule::FunctionIndex, "the first beyond", (Opcode::Call, &[0, PROBE, 3, 0, 1, 2]), (Opcode::Call, &[0, PROBE + 1, 3, 0, 1, 2]))
            .at(0, 0),
        code(Rule::TypeIndex, "a type operand", (Opcode::Cast, &[2, 2, code::STR]), (Opcode::Cast, &[2, 2, u32::MAX])).at(0, 2),
    ]
}
