//! Cases about single instructions of every kind that the assembler would refuse.

use limosa_spec::verify::Rule;
use limosa_spec::{Module, Opcode};

use crate::built::Case;
use crate::built::probe::{ANY, BASE, BYTES, CLOSURE, ERROR, F32, FIBER, I32, I64, STR, function, named, type_of, with_code};

type Operands = fn(&Module) -> Vec<u32>;

/// An instruction with operands that fit, and with others that do not.
fn case(rule: Rule, what: &str, opcode: Opcode, good: Operands, bad: Operands) -> Case {
    let make = move |base: &Module, is_good: bool| with_code(base, &[(opcode, if is_good { good(base) } else { bad(base) })]);
    Case::of_rule(rule, &format!("{}.{what}", opcode.mnemonic()), Box::new(make))
}

pub fn cases() -> Vec<Case> {
    [indices(), references(), arrays(), calls(), closures(), fibers()].into_iter().flatten().collect()
}

/// `l = twice(o, l)`
fn call(m: &Module) -> Vec<u32> {
    vec![1, I64, function(m, "Base.twice"), 2, BASE, I64]
}

fn call_virtual(m: &Module) -> Vec<u32> {
    vec![1, I64, named(m, "Base").code(), 0, 2, BASE, I64]
}

fn call_closure(_: &Module) -> Vec<u32> {
    vec![1, I64, CLOSURE, 1, I64]
}

fn closure(m: &Module) -> Vec<u32> {
    vec![CLOSURE, function(m, "Base.twice"), 1, BASE]
}

fn resume(_: &Module) -> Vec<u32> {
    vec![1, I64, FIBER, 1, I64]
}

fn fiber_yield(m: &Module) -> Vec<u32> {
    vec![1, I64, type_of(m, FIBER).code(), 1, I64]
}

fn fiber_new(m: &Module) -> Vec<u32> {
    vec![FIBER, type_of(m, FIBER).code(), CLOSURE]
}

fn array_data(m: &Module) -> Vec<u32> {
    vec![BYTES, type_of(m, BYTES).code(), 0]
}

fn get(m: &Module) -> Vec<u32> {
    vec![I64, BASE, named(m, "Base").code(), 0]
}

fn set(m: &Module) -> Vec<u32> {
    vec![BASE, named(m, "Base").code(), 0, I64]
}

/// What is not there.
fn indices() -> Vec<Case> {
    use Opcode as O;
    use Rule as R;
    vec![
        case(R::FunctionIndex, "index", O::Call, call, |_| vec![1, I64, 99, 2, BASE, I64]),
        case(R::FunctionIndex, "index", O::Closure, closure, |_| vec![CLOSURE, 99, 1, BASE]),
        case(R::FunctionIndex, "index", O::Tail, |m| vec![function(m, "main"), 0], |_| vec![99, 0]),
        case(R::GlobalIndex, "index", O::GlobalGet, |_| vec![I64, 0], |_| vec![I64, 2]),
        case(R::GlobalIndex, "index", O::GlobalSet, |_| vec![0, I64], |_| vec![u32::MAX, I64]),
        case(R::DataIndex, "index", O::ArrayData, array_data, |m| vec![BYTES, type_of(m, BYTES).code(), 1]),
        case(R::StringIndex, "index", O::ConstStr, |_| vec![STR, 0], |_| vec![STR, 9999]),
        case(R::TypeIndex, "index", O::Is, |m| vec![I32, ANY, type_of(m, ERROR).code()], |_| vec![I32, ANY, 5000]),
        case(R::TypeIndex, "reserved", O::Cast, |m| vec![ERROR, ANY, type_of(m, ERROR).code()], |_| vec![ERROR, ANY, 12]),
        case(R::Field, "index", O::Get, get, |m| vec![I64, BASE, named(m, "Base").code(), 2]),
        case(R::Field, "inherited", O::Get, get, |m| vec![I64, BASE, named(m, "Derived").code(), 1]),
        case(R::Field, "interface", O::Set, set, |m| vec![BASE, named(m, "Named").code(), 0, I64]),
        case(R::Field, "array", O::Set, set, |m| vec![BASE, type_of(m, BYTES).code(), 0, I64]),
        case(R::Method, "index", O::CallVirtual, call_virtual, |m| vec![1, I64, named(m, "Base").code(), 1, 2, BASE, I64]),
        case(R::Method, "interface", O::CallVirtual, call_virtual, |m| vec![1, I64, named(m, "Named").code(), 0, 1, BASE]),
        case(R::ResultIndex, "register", O::Call, call, |m| vec![1, 11, function(m, "Base.twice"), 2, BASE, I64]),
        case(R::OperandIndex, "register", O::Call, call, |m| vec![1, I64, function(m, "Base.twice"), 2, BASE, 11]),
        case(R::ResultIndex, "register", O::Get, get, |m| vec![11, BASE, named(m, "Base").code(), 0]),
    ]
}

/// References where numbers are needed, numbers where references are.
fn references() -> Vec<Case> {
    use Opcode as O;
    use Rule as R;
    vec![
        case(R::OperandType, "number", O::MovRef, |_| vec![ANY, STR], |_| vec![ANY, I64]),
        case(R::ResultType, "number", O::MovRef, |_| vec![ANY, STR], |_| vec![I64, STR]),
        case(R::OperandType, "number", O::Is, |m| vec![I32, ANY, type_of(m, ERROR).code()], |m| vec![I32, I32, type_of(m, ERROR).code()]),
        case(
            R::OperandType,
            "number",
            O::Cast,
            |m| vec![ERROR, ANY, type_of(m, ERROR).code()],
            |m| vec![ERROR, I64, type_of(m, ERROR).code()],
        ),
        case(R::OperandType, "number", O::UnboxI64, |_| vec![I64, ANY], |_| vec![I64, I64]),
        case(R::ResultType, "other", O::UnboxI64, |_| vec![I64, ANY], |_| vec![I32, ANY]),
        case(R::OperandType, "other", O::BoxF32, |_| vec![ANY, F32], |_| vec![ANY, I32]),
        case(R::OperandType, "number", O::HashRef, |_| vec![I32, ERROR], |_| vec![I32, I64]),
        case(R::ResultType, "number", O::ConstStr, |_| vec![STR, 0], |_| vec![I32, 0]),
        case(R::OperandType, "number", O::StrLen, |_| vec![I64, STR], |_| vec![I64, I64]),
        case(R::ResultType, "other", O::StrLen, |_| vec![I64, STR], |_| vec![I32, STR]),
        case(R::OperandType, "index", O::StrByte, |_| vec![I32, STR, I64], |_| vec![I32, STR, I32]),
        case(R::OperandType, "end", O::StrSlice, |_| vec![STR, STR, I64, I64], |_| vec![STR, STR, I64, I32]),
        case(R::OperandType, "number", O::Get, get, |m| vec![I64, I64, named(m, "Base").code(), 0]),
        case(R::OperandType, "number", O::Set, set, |m| vec![I64, named(m, "Base").code(), 0, I64]),
        case(R::OperandType, "value", O::Set, set, |m| vec![BASE, named(m, "Base").code(), 0, I32]),
        case(R::OperandType, "value", O::GlobalSet, |_| vec![0, I64], |_| vec![0, I32]),
        case(R::OperandType, "null", O::GlobalSet, |_| vec![1, STR], |_| vec![1, ERROR]),
    ]
}

fn arrays() -> Vec<Case> {
    use Opcode as O;
    use Rule as R;
    vec![
        case(
            R::OperandType,
            "length",
            O::ArrayNew,
            |m| vec![BYTES, type_of(m, BYTES).code(), I64],
            |m| vec![BYTES, type_of(m, BYTES).code(), I32],
        ),
        case(R::OperandType, "index", O::ArrayGet, |_| vec![I32, BYTES, I64], |_| vec![I32, BYTES, I32]),
        case(R::OperandType, "number", O::ArrayGet, |_| vec![I32, BYTES, I64], |_| vec![I32, I64, I64]),
        case(R::OperandType, "value", O::ArraySet, |_| vec![BYTES, I64, I32], |_| vec![BYTES, I64, I64]),
        case(R::OperandType, "start", O::ArrayCopy, |_| vec![BYTES, I64, BYTES, I64, I64], |_| vec![BYTES, I32, BYTES, I64, I64]),
        case(R::OperandType, "from", O::ArrayCopy, |_| vec![BYTES, I64, BYTES, I64, I64], |_| vec![BYTES, I64, BYTES, I32, I64]),
        case(R::OperandType, "count", O::ArrayCopy, |_| vec![BYTES, I64, BYTES, I64, I64], |_| vec![BYTES, I64, BYTES, I64, I32]),
        case(R::OperandType, "value", O::ArrayFill, |_| vec![BYTES, I64, I32, I64], |_| vec![BYTES, I64, I64, I64]),
        case(R::OperandType, "count", O::ArrayFill, |_| vec![BYTES, I64, I32, I64], |_| vec![BYTES, I64, I32, I32]),
        case(R::OperandType, "value", O::StoreI64, |_| vec![BYTES, I64, I64], |_| vec![BYTES, I64, I32]),
        case(R::OperandType, "index", O::LoadI64, |_| vec![I64, BYTES, I64], |_| vec![I64, BYTES, I32]),
        case(R::ResultType, "other", O::LoadI64, |_| vec![I64, BYTES, I64], |_| vec![I32, BYTES, I64]),
    ]
}

fn calls() -> Vec<Case> {
    use Opcode as O;
    use Rule as R;
    vec![
        case(R::ArgumentCount, "few", O::Call, call, |m| vec![1, I64, function(m, "Base.twice"), 1, BASE]),
        case(R::ArgumentCount, "many", O::Call, call, |m| vec![1, I64, function(m, "Base.twice"), 3, BASE, I64, I64]),
        case(R::ResultCount, "few", O::Call, call, |m| vec![0, function(m, "Base.twice"), 2, BASE, I64]),
        case(R::ResultCount, "many", O::Call, call, |m| vec![2, I64, I32, function(m, "Base.twice"), 2, BASE, I64]),
        case(R::ResultType, "other", O::Call, call, |m| vec![1, I32, function(m, "Base.twice"), 2, BASE, I64]),
        case(R::OperandType, "argument", O::Call, call, |m| vec![1, I64, function(m, "Base.twice"), 2, BASE, I32]),
        case(R::ArgumentCount, "receiver", O::CallVirtual, call_virtual, |m| vec![1, I64, named(m, "Base").code(), 0, 0]),
        case(R::ArgumentCount, "few", O::CallVirtual, call_virtual, |m| vec![1, I64, named(m, "Base").code(), 0, 1, BASE]),
        case(R::OperandType, "receiver", O::CallVirtual, call_virtual, |m| vec![1, I64, named(m, "Base").code(), 0, 2, ANY, I64]),
        case(R::OperandType, "argument", O::CallVirtual, call_virtual, |m| vec![1, I64, named(m, "Base").code(), 0, 2, BASE, I32]),
        case(R::ResultCount, "few", O::CallVirtual, call_virtual, |m| vec![0, named(m, "Base").code(), 0, 2, BASE, I64]),
        case(R::ResultCount, "one", O::Ret, |_| vec![0], |_| vec![1, I64]),
        case(R::ArgumentCount, "few", O::Tail, |m| vec![function(m, "main"), 0], |m| vec![function(m, "main"), 1, I64]),
        case(R::TailResults, "one", O::Tail, |m| vec![function(m, "main"), 0], |m| vec![function(m, "Base.twice"), 2, BASE, I64]),
        case(R::OperandType, "number", O::Throw, |_| vec![ERROR], |_| vec![I64]),
    ]
}

fn closures() -> Vec<Case> {
    use Opcode as O;
    use Rule as R;
    vec![
        case(R::OperandType, "any", O::CallClosure, call_closure, |_| vec![1, I64, ANY, 1, I64]),
        case(R::OperandType, "fiber", O::CallClosure, call_closure, |_| vec![1, I64, FIBER, 1, I64]),
        case(R::OperandType, "argument", O::CallClosure, call_closure, |_| vec![1, I64, CLOSURE, 1, I32]),
        case(R::ArgumentCount, "few", O::CallClosure, call_closure, |_| vec![1, I64, CLOSURE, 0]),
        case(R::ResultCount, "few", O::CallClosure, call_closure, |_| vec![0, CLOSURE, 1, I64]),
        case(R::ResultType, "other", O::CallClosure, call_closure, |_| vec![1, I32, CLOSURE, 1, I64]),
        case(R::ArgumentCount, "many", O::Closure, closure, |m| vec![CLOSURE, function(m, "Base.twice"), 3, BASE, I64, I64]),
        case(R::OperandType, "bound", O::Closure, closure, |m| vec![CLOSURE, function(m, "Base.twice"), 1, STR]),
        case(R::ResultType, "other", O::Closure, closure, |m| vec![CLOSURE, function(m, "Base.twice"), 2, BASE, I64]),
        case(R::ResultType, "number", O::Closure, closure, |m| vec![I64, function(m, "Base.twice"), 1, BASE]),
    ]
}

fn fibers() -> Vec<Case> {
    use Opcode as O;
    use Rule as R;
    vec![
        case(R::OperandType, "any", O::FiberResume, resume, |_| vec![1, I64, ANY, 1, I64]),
        case(R::OperandType, "closure", O::FiberResume, resume, |_| vec![1, I64, CLOSURE, 1, I64]),
        case(R::OperandType, "argument", O::FiberResume, resume, |_| vec![1, I64, FIBER, 1, I32]),
        case(R::ArgumentCount, "few", O::FiberResume, resume, |_| vec![1, I64, FIBER, 0]),
        case(R::ResultCount, "few", O::FiberResume, resume, |_| vec![0, FIBER, 1, I64]),
        case(R::ResultType, "other", O::FiberResume, resume, |_| vec![1, I32, FIBER, 1, I64]),
        case(R::TypeOperand, "closure", O::FiberYield, fiber_yield, |m| vec![1, I64, type_of(m, CLOSURE).code(), 1, I64]),
        case(R::OperandType, "value", O::FiberYield, fiber_yield, |m| vec![1, I64, type_of(m, FIBER).code(), 1, I32]),
        case(R::ResultType, "other", O::FiberYield, fiber_yield, |m| vec![1, I32, type_of(m, FIBER).code(), 1, I64]),
        case(R::TypeOperand, "closure", O::FiberNew, fiber_new, |m| vec![FIBER, type_of(m, CLOSURE).code(), CLOSURE]),
        case(R::OperandType, "any", O::FiberNew, fiber_new, |m| vec![FIBER, type_of(m, FIBER).code(), ANY]),
        case(R::ResultType, "closure", O::FiberNew, fiber_new, |m| vec![CLOSURE, type_of(m, FIBER).code(), CLOSURE]),
        case(R::OperandType, "any", O::FiberDone, |_| vec![I32, FIBER], |_| vec![I32, ANY]),
        case(R::ResultType, "other", O::FiberDone, |_| vec![I32, FIBER], |_| vec![I64, FIBER]),
    ]
}
