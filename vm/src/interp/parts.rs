//! Handlers as types, under short names: what superinstructions are made of. Names say the operation and where its operands come from:
//! `S` a slot, `A` the accumulator, `I` an immediate.
#![allow(unsafe_code, reason = "handlers as types")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, Acc, B, C, FloatSource, Immediate, Source, Wide};
use crate::interp::ops::branch::{Backward, Direction};
use crate::interp::ops::compare::{FloatTest, Test};
use crate::interp::ops::float::FloatBinary;
use crate::interp::ops::object::{U8, W32, W64};
use crate::interp::ops::{array, branch, convert, float, int, moves, object, ret};
use crate::interp::sequence::Part;
use crate::interp::{Handler, Status, Word};
use limosa_abi::Context;

/// Names for handlers.
macro_rules! parts {
    ($takes:literal; $($name:ident = $module:ident :: $handler:ident [$($argument:ty),*];)*) => {$(
        pub(crate) struct $name;
        impl Part for $name {
            const TAKES: bool = $takes;
            fn handler<D: Dispatch>() -> Handler {
                $module::$handler::<D, $($argument),*>
            }
            #[inline(always)]
            unsafe fn run<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
                // SAFETY: forwarded.
                unsafe { $module::$handler::<D, $($argument),*>(pc, fp, cx, fuel, acc, facc) }
            }
        }
    )*};
}

// These take an operand from an accumulator.
parts! {
    true;
    AddAI = int::binary[int::AddI64, Acc, Immediate];
    AddAS = int::binary[int::AddI64, Acc, C];
    SubAS = int::binary[int::SubI64, Acc, C];
    SubSA = int::binary[int::SubI64, B, Acc];
    MulAS = int::binary[int::MulI64, Acc, C];
    ShrAI = int::binary[int::ShrI64, Acc, Immediate];
    ShruAI = int::binary[int::ShruI64, Acc, Immediate];
    MulAI = int::binary[int::MulI64, Acc, Immediate];
    AndAI = int::binary[int::AndI64, Acc, Immediate];
    AndAS = int::binary[int::AndI64, Acc, C];
    XorAS = int::binary[int::XorI64, Acc, C];
    ShlAI = int::binary[int::ShlI64, Acc, Immediate];
    MulFloatAW = float::binary[float::MulF64, Acc, Wide];
    AddFloatAW = float::binary[float::AddF64, Acc, Wide];
    SubFloatAW = float::binary[float::SubF64, Acc, Wide];
    DivFloatWA = float::binary[float::DivF64, Wide, Acc];
    ToFloatA = convert::to_float[convert::FloatF64I64, Acc];
    ReturnFloatA = ret::ret1_float[Acc];
    MulFloatAS = float::binary[float::MulF64, Acc, C];
    MulFloatSA = float::binary[float::MulF64, B, Acc];
    MulFloatAA = float::binary[float::MulF64, Acc, Acc];
    AddFloatAS = float::binary[float::AddF64, Acc, C];
    SubFloatAS = float::binary[float::SubF64, Acc, C];
    SubFloatSA = float::binary[float::SubF64, B, Acc];
    DivFloatSA = float::binary[float::DivF64, B, Acc];
    SqrtFloatA = float::unary[float::SqrtF64, Acc];
    MoveA = moves::mov[Acc];
    FieldA = object::get[W64, Acc];
    ReferenceFieldA = object::get[W32, Acc];
    FloatFieldA = object::get_float[Acc];
    SetFieldA = object::set[W64, Acc];
    SetFloatFieldA = object::set_float[Acc];
    LengthA = array::len[Acc];
    ElementA = array::get[W64, Acc];
    ReferenceElementA = array::get[W32, Acc];
    ByteElementA = array::get[U8, Acc];
    FloatElementA = array::get_float[Acc];
    SetElementSA = array::set[W64, B, Acc];
    SetElementAS = array::set[W64, Acc, C];
    SetFloatElementA = array::set_float[Acc];
    ReturnA = ret::ret1[Acc];
}

// These do not.
parts! {
    false;
    AddSI = int::binary[int::AddI64, B, Immediate];
    AddSS = int::binary[int::AddI64, B, C];
    SubSS = int::binary[int::SubI64, B, C];
    MulSS = int::binary[int::MulI64, B, C];
    MulSI = int::binary[int::MulI64, B, Immediate];
    AndSI = int::binary[int::AndI64, B, Immediate];
    ShlSI = int::binary[int::ShlI64, B, Immediate];
    ShrSI = int::binary[int::ShrI64, B, Immediate];
    ShruSI = int::binary[int::ShruI64, B, Immediate];
    MulFloatSW = float::binary[float::MulF64, B, Wide];
    ToFloatS = convert::to_float[convert::FloatF64I64, B];
    MulFloatSS = float::binary[float::MulF64, B, C];
    AddFloatSS = float::binary[float::AddF64, B, C];
    SubFloatSS = float::binary[float::SubF64, B, C];
    MoveS = moves::mov[B];
    MoveI = moves::mov[Immediate];
    FieldS = object::get[W64, B];
    ReferenceFieldS = object::get[W32, B];
    FloatFieldS = object::get_float[B];
    LengthS = array::len[B];
    ElementS = array::get[W64, C];
    ReferenceElementS = array::get[W32, C];
    ByteElementS = array::get[U8, C];
    FloatElementS = array::get_float[C];
    SetElementSS = array::set[W64, B, C];
    JumpBack = branch::jump[Backward];
    Switch = branch::switch[];
    ReturnS = ret::ret1[A];
    ReturnNothing = ret::ret0[];
    CheckResult = ret::check_result[];
}

/// A branch, as a type.
pub(crate) struct Branch<W, T, L, R>(std::marker::PhantomData<(W, T, L, R)>);
impl<W: Direction, T: Test, L: Source, R: Source> Part for Branch<W, T, L, R> {
    // The end of a loop may be run again after a poll, with what is in the slots.
    const TAKES: bool = L::IS_ACCUMULATOR && !W::IS_LOOP;
    fn handler<D: Dispatch>() -> Handler {
        branch::branch::<D, W, T, L, R>
    }
    #[inline(always)]
    unsafe fn run<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: forwarded.
        unsafe { branch::branch::<D, W, T, L, R>(pc, fp, cx, fuel, acc, facc) }
    }
}

/// A branch on a test of the float accumulator, as a type.
pub(crate) struct FloatBranch<W, T, R>(std::marker::PhantomData<(W, T, R)>);
impl<W: Direction, T: FloatTest, R: FloatSource> Part for FloatBranch<W, T, R> {
    const TAKES: bool = !W::IS_LOOP;
    fn handler<D: Dispatch>() -> Handler {
        branch::float_branch::<D, W, T, Acc, R>
    }
    #[inline(always)]
    unsafe fn run<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: forwarded.
        unsafe { branch::float_branch::<D, W, T, Acc, R>(pc, fp, cx, fuel, acc, facc) }
    }
}

/// The float operation `O` of the accumulator and what it held before the instruction before, which is where its other operand is from.
/// `LEFT` tells which of its operands that is.
pub(crate) struct Both<O, const LEFT: bool>(std::marker::PhantomData<O>);
impl<O: FloatBinary, const LEFT: bool> Part for Both<O, LEFT> {
    const TAKES: bool = true;
    fn handler<D: Dispatch>() -> Handler {
        if LEFT { float::binary::<D, O, B, Acc> } else { float::binary::<D, O, Acc, C> }
    }
    #[inline(always)]
    unsafe fn run<D: Dispatch>(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
        // SAFETY: forwarded.
        unsafe {
            if LEFT {
                float::binary::<D, O, B, Acc>(pc, fp, cx, fuel, acc, facc)
            } else {
                float::binary::<D, O, Acc, C>(pc, fp, cx, fuel, acc, facc)
            }
        }
    }
    #[inline(always)]
    unsafe fn run_float<D: Dispatch>(
        pc: *const Word,
        fp: *mut u64,
        cx: *mut Context,
        fuel: i64,
        acc: u64,
        facc: f64,
        before: f64,
    ) -> Status {
        // SAFETY: frame, types.
        unsafe {
            let value = if LEFT { O::eval(before, facc) } else { O::eval(facc, before) };
            if D::STORES {
                *fp.add((*pc).a as usize).cast::<f64>() = value;
            }
            D::next_float(pc.add(1), fp, cx, fuel, acc, value, facc)
        }
    }
}
