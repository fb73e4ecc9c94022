//! Cases for calls, tail calls, returns, closures, exceptions and fibers.

use super::Case;
use super::sample::*;
use limosa_spec::module::Constant;
use limosa_spec::types::Parameter;
use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, Type};

const RET: (Opcode, &[u32]) = (Opcode::Ret, &[0]);

pub fn cases() -> Vec<Case> {
    [calls(), methods(), returns(), tails(), closures(), exceptions(), fibers()].into_iter().flatten().collect()
}

/// Registers: 0 and 1 i64, 2 Point, 3 any, 4 f64, 5 str, 6 Shape, 7 Far, 8 fn(i64) -> i64, 9 fiber(i64) -> str, 10 fn(i64) -> str,
/// 11 Base, 12 Named; constant 13 is null.
fn code(rule: Rule, what: &'static str, good_code: (Opcode, &'static [u32]), bad_code: (Opcode, &'static [u32])) -> Case {
    Case::new(rule, what, move |s, good| {
        let types = registers(s);
        s.probe(&types, &[], &[Constant::Null], &[if good { good_code } else { bad_code }, RET]);
    })
}

fn registers(s: &mut Sample) -> Vec<Type> {
    let step = s.function_type(&[value(Type::I64)], &[value(Type::I64)]);
    let fiber = s.fiber_type(&[value(Type::I64)], &[value(Type::STR)]);
    let show = s.function_type(&[value(Type::I64)], &[value(Type::STR)]);
    vec![Type::I64, Type::I64, POINT, Type::ANY, Type::F64, Type::STR, SHAPE, FAR, step, fiber, show, BASE, NAMED]
}

fn calls() -> Vec<Case> {
    let call = Opcode::Call;
    vec![
        code(Rule::ArgumentCount, "too few", (call, &[1, 0, ADD, 2, 0, 1]), (call, &[1, 0, ADD, 1, 0])).at(0, 1),
        code(Rule::ArgumentCount, "too many", (call, &[1, 0, ADD, 2, 0, 1]), (call, &[1, 0, ADD, 3, 0, 1, 1])).at(0, 1),
        code(Rule::ArgumentCount, "none for a closure", (Opcode::CallClosure, &[1, 0, 8, 1, 1]), (Opcode::CallClosure, &[1, 0, 8, 0])),
        code(Rule::ResultCount, "too few", (call, &[1, 0, ADD, 2, 0, 1]), (call, &[0, ADD, 2, 0, 1])).at(0, 0),
        code(Rule::ResultCount, "too many", (call, &[0, PRINT, 1, 5]), (call, &[1, 3, PRINT, 1, 5])).at(0, 1),
        code(Rule::DuplicateResult, "two", (call, &[2, 0, 1, DIVIDE, 2, 0, 1]), (call, &[2, 1, 1, DIVIDE, 2, 0, 1])).at(0, 1),
        code(Rule::OperandType, "an argument", (call, &[0, PRINT, 1, 13]), (call, &[0, PRINT, 1, 3])).at(0, 1),
        code(Rule::OperandType, "the second argument", (call, &[1, 0, ADD, 2, 0, 1]), (call, &[1, 0, ADD, 2, 0, 4])).at(0, 3),
        code(Rule::ResultType, "a result", (call, &[1, 4, AREA, 1, 2]), (call, &[1, 0, AREA, 1, 2])).at(0, 0),
        code(Rule::ResultType, "a result that any takes", (call, &[1, 3, LABEL, 1, 2]), (call, &[1, 2, LABEL, 1, 2])).at(0, 0),
        code(Rule::OperandType, "a closure that is any", (Opcode::CallClosure, &[1, 0, 8, 1, 1]), (Opcode::CallClosure, &[1, 0, 3, 1, 1]))
            .at(0, 1),
        code(
            Rule::OperandType,
            "a closure that is null",
            (Opcode::CallClosure, &[1, 0, 8, 1, 1]),
            (Opcode::CallClosure, &[1, 0, 13, 1, 1]),
        )
        .at(0, 1),
    ]
}

fn methods() -> Vec<Case> {
    let (class, interface) = (Opcode::CallVirtual, Opcode::CallInterface);
    // The operands of calls of `area` and `label`.
    const AREA_OF_POINT: &[u32] = &[1, 4, code::POINT, 0, 1, 2];
    const AREA_OF_SHAPE: &[u32] = &[1, 4, code::SHAPE, 0, 1, 6];
    vec![
        code(Rule::Method, "one too many", (class, AREA_OF_POINT), (class, &[1, 4, code::POINT, 2, 1, 2])).at(0, 1),
        code(
            Rule::Method,
            "inherited, under the subclass's name",
            (class, &[1, 0, code::BASE, 1, 1, 2]),
            (class, &[1, 0, code::LEAF, 0, 1, 2]),
        ),
        code(Rule::Method, "of a well-known class", (class, AREA_OF_POINT), (class, &[1, 4, code::ERROR, 0, 1, 13])).at(0, 1),
        code(Rule::Method, "an interface's by call.virtual", (class, AREA_OF_POINT), (class, AREA_OF_SHAPE)).at(0, 1),
        code(Rule::Method, "a class's by call.interface", (interface, AREA_OF_SHAPE), (interface, AREA_OF_POINT)).at(0, 1),
        code(Rule::Method, "an extended interface's", (interface, AREA_OF_SHAPE), (interface, &[1, 4, code::NAMED, 1, 1, 2])).at(0, 1),
        code(Rule::TypeIndex, "a method's class", (class, AREA_OF_POINT), (class, &[1, 4, 50, 0, 1, 2])).at(0, 1),
        code(Rule::ArgumentCount, "no receiver", (class, AREA_OF_POINT), (class, &[1, 4, code::POINT, 0, 0])).at(0, 1),
        code(Rule::ArgumentCount, "an argument too many", (class, AREA_OF_POINT), (class, &[1, 4, code::POINT, 0, 2, 2, 2])).at(0, 1),
        code(Rule::OperandType, "a receiver of the superclass", (class, AREA_OF_POINT), (class, &[1, 4, code::POINT, 0, 1, 11])).at(0, 2),
        code(
            Rule::OperandType,
            "a receiver without the interface",
            (interface, &[1, 4, code::SHAPE, 0, 1, 12]),
            (interface, &[1, 4, code::SHAPE, 0, 1, 11]),
        )
        .at(0, 2),
        code(Rule::ResultType, "a virtual call's", (class, AREA_OF_POINT), (class, &[1, 5, code::POINT, 0, 1, 2])).at(0, 0),
        code(Rule::ResultCount, "an interface call's", (interface, AREA_OF_SHAPE), (interface, &[0, code::SHAPE, 0, 1, 2])).at(0, 0),
    ]
}

/// A function with the results and the last instruction.
fn ending(
    rule: Rule,
    what: &'static str,
    results: &'static [Parameter],
    good_code: (Opcode, &'static [u32]),
    bad_code: (Opcode, &'static [u32]),
) -> Case {
    Case::new(rule, what, move |s, good| {
        let types = registers(s);
        s.probe(&types, results, &[Constant::Null], &[if good { good_code } else { bad_code }]);
    })
}

const fn result(ty: Type) -> Parameter {
    Parameter { ty, non_null: false }
}

const fn sure(ty: Type) -> Parameter {
    Parameter { ty, non_null: true }
}

const FLOAT: &[Parameter] = &[result(Type::F64)];
const LONG: &[Parameter] = &[result(Type::I64)];
const ANYTHING: &[Parameter] = &[result(Type::ANY)];
const LONG_AND_SHAPE: &[Parameter] = &[result(Type::I64), sure(SHAPE)];

fn returns() -> Vec<Case> {
    let ret = Opcode::Ret;
    vec![
        ending(Rule::ResultCount, "too few", LONG_AND_SHAPE, (ret, &[2, 0, 2]), (ret, &[1, 0])).at(0, 0),
        ending(Rule::ResultCount, "too many", &[], (ret, &[0]), (ret, &[1, 0])).at(0, 0),
        ending(Rule::OperandType, "the second", LONG_AND_SHAPE, (ret, &[2, 0, 13]), (ret, &[2, 0, 11])).at(0, 1),
    ]
}

fn tails() -> Vec<Case> {
    let (tail, class, interface, closure) = (Opcode::Tail, Opcode::TailVirtual, Opcode::TailInterface, Opcode::TailClosure);
    const AREA_OF_POINT: &[u32] = &[code::POINT, 0, 1, 2];
    const AREA_OF_SHAPE: &[u32] = &[code::SHAPE, 0, 1, 2];
    vec![
        ending(Rule::TailResults, "another type", FLOAT, (tail, &[AREA, 1, 2]), (tail, &[ADD, 2, 0, 0])).at(0, 0),
        ending(Rule::TailResults, "a result that the function lacks", &[], (tail, &[PRINT, 1, 5]), (tail, &[ADD, 2, 0, 0])),
        ending(Rule::TailResults, "a type that any takes", ANYTHING, (tail, &[LABEL, 1, 2]), (tail, &[ADD, 2, 0, 0])),
        Case::new(Rule::TailResults, "a result that may be null", |s, good| {
            s.probe(&[POINT], &[if good { result(Type::STR) } else { sure(Type::STR) }], &[], &[(Opcode::Tail, &[LABEL, 1, 0])]);
        }),
        ending(Rule::TailResults, "a method", FLOAT, (class, AREA_OF_POINT), (class, &[code::POINT, 1, 1, 2])),
        ending(Rule::TailResults, "an interface's", FLOAT, (interface, AREA_OF_SHAPE), (interface, &[code::NAMED, 0, 1, 2])),
        ending(Rule::TailResults, "a closure", LONG, (closure, &[8, 1, 0]), (closure, &[10, 1, 0])),
        ending(Rule::ArgumentCount, "a tail call", LONG, (tail, &[ADD, 2, 0, 0]), (tail, &[ADD, 1, 0])).at(0, 0),
        ending(Rule::OperandType, "a tail call", LONG, (tail, &[ADD, 2, 0, 0]), (tail, &[ADD, 2, 0, 5])).at(0, 2),
        ending(Rule::OperandType, "a method's", FLOAT, (class, AREA_OF_POINT), (class, &[code::POINT, 0, 1, 3])).at(0, 1),
        ending(Rule::Method, "a class's by tail.interface", FLOAT, (interface, AREA_OF_SHAPE), (interface, AREA_OF_POINT)),
        ending(Rule::OperandType, "a closure's", LONG, (closure, &[8, 1, 0]), (closure, &[8, 1, 4])).at(0, 1),
        ending(Rule::OperandType, "no closure", LONG, (closure, &[8, 1, 0]), (closure, &[9, 1, 0])).at(0, 0),
    ]
}

fn closures() -> Vec<Case> {
    let closure = Opcode::Closure;
    vec![
        code(Rule::ArgumentCount, "too many bound", (closure, &[8, ADD, 1, 0]), (closure, &[8, ADD, 3, 0, 0, 0])).at(0, 1),
        code(Rule::ResultType, "too few bound", (closure, &[8, ADD, 1, 0]), (closure, &[8, ADD, 0])).at(0, 0),
        code(Rule::ResultType, "another result", (closure, &[8, ADD, 1, 0]), (closure, &[10, ADD, 1, 0])).at(0, 0),
        code(Rule::ResultType, "any", (closure, &[8, ADD, 1, 0]), (closure, &[3, ADD, 1, 0])).at(0, 0),
        code(Rule::OperandType, "a bound value", (closure, &[8, ADD, 1, 0]), (closure, &[8, ADD, 1, 4])).at(0, 2),
        Case::new(Rule::ResultType, "non-null parameters are part of the type", |s, good| {
            let ty = s.function_type(&[if good { non_null(Type::STR) } else { value(Type::STR) }], &[]);
            s.probe(&[ty], &[], &[], &[(Opcode::Closure, &[0, PRINT, 0]), RET]);
        })
        .at(0, 0),
    ]
}

fn exceptions() -> Vec<Case> {
    let throw = |what, good_type: Type, bad_type: Type| {
        Case::new(Rule::OperandType, what, move |s, good| {
            s.probe(&[if good { good_type } else { bad_type }], &[], &[], &[(Opcode::Throw, &[0])]);
        })
        .at(0, 0)
    };
    vec![throw("a class that is no error", FAILURE, POINT), throw("any", ERROR, Type::ANY), throw("a string", FAILURE, Type::STR)]
}

fn fibers() -> Vec<Case> {
    let (resume, new, done) = (Opcode::FiberResume, Opcode::FiberNew, Opcode::FiberDone);
    // The type operand is the fiber type of register 9.
    let typed = |rule, what, opcode: Opcode, good_code: fn(u32) -> Vec<u32>, bad_code: fn(u32) -> Vec<u32>| {
        Case::new(rule, what, move |s, good| {
            let types = registers(s);
            let operands = if good { good_code(types[9].code()) } else { bad_code(types[9].code()) };
            s.probe(&types, &[], &[Constant::Null], &[(opcode, &operands), RET]);
        })
    };
    let fiber_yield = Opcode::FiberYield;
    vec![
        typed(Rule::TypeOperand, "a fiber of a function type", new, |t| vec![9, t, 10], |t| vec![9, t + 1, 10]).at(0, 1),
        typed(Rule::OperandType, "a fiber of another closure", new, |t| vec![9, t, 10], |t| vec![9, t, 8]).at(0, 2),
        typed(Rule::OperandType, "a fiber of null", new, |t| vec![9, t, 10], |t| vec![9, t, 13]).at(0, 2),
        typed(Rule::ResultType, "a fiber in another register", new, |t| vec![3, t, 10], |t| vec![10, t, 10]).at(0, 0),
        typed(Rule::TypeOperand, "yielding as a class", fiber_yield, |t| vec![1, 0, t, 1, 5], |_| vec![1, 0, code::POINT, 1, 5]).at(0, 1),
        typed(Rule::OperandType, "yielding a number", fiber_yield, |t| vec![1, 0, t, 1, 5], |t| vec![1, 0, t, 1, 0]).at(0, 2),
        typed(Rule::ResultType, "taking a string", fiber_yield, |t| vec![1, 0, t, 1, 5], |t| vec![1, 5, t, 1, 5]).at(0, 0),
        typed(Rule::ArgumentCount, "yielding nothing", fiber_yield, |t| vec![1, 0, t, 1, 5], |t| vec![1, 0, t, 0]).at(0, 1),
        typed(Rule::ResultCount, "taking nothing", fiber_yield, |t| vec![1, 0, t, 1, 5], |t| vec![0, t, 1, 5]).at(0, 0),
        code(Rule::OperandType, "resuming a closure", (resume, &[1, 5, 9, 1, 0]), (resume, &[1, 5, 10, 1, 0])).at(0, 1),
        code(Rule::OperandType, "giving a string", (resume, &[1, 5, 9, 1, 0]), (resume, &[1, 5, 9, 1, 5])).at(0, 2),
        code(Rule::ResultType, "taking a number", (resume, &[1, 3, 9, 1, 0]), (resume, &[1, 0, 9, 1, 0])).at(0, 0),
        code(Rule::ArgumentCount, "giving nothing", (resume, &[1, 5, 9, 1, 0]), (resume, &[1, 5, 9, 0])).at(0, 1),
        Case::new(Rule::OperandType, "whether any is done", move |s, good| {
            let types: Vec<Type> = registers(s).into_iter().chain([Type::I32]).collect();
            s.probe(&types, &[], &[], &[(done, &[13, if good { 9 } else { 3 }]), RET]);
        })
        .at(0, 1),
    ]
}
