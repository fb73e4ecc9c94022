//! Float arithmetic. `f64` travels in the float accumulator; `f32` in slots like an integer.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::FloatSource;
use crate::interp::ops::int::{Binary, SlotValue, unary_ops};

/// An operation on two `f64`.
pub(crate) trait FloatBinary: 'static {
    /// The result.
    fn eval(x: f64, y: f64) -> f64;
}

/// An operation on one `f64`.
pub(crate) trait FloatUnary: 'static {
    /// The result.
    fn eval(x: f64) -> f64;
}

handler! {
    /// `a = L op R`
    pub(crate) fn binary[D: Dispatch, O: FloatBinary, L: FloatSource, R: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, facc), R::get(pc, fp, facc));
            if D::STORES { *fp.add((*pc).a as usize).cast::<f64>() = value; }
            D::next_float(pc.add(1 + L::WORDS + R::WORDS), fp, cx, fuel, acc, value, facc)
        }
    }
}

handler! {
    /// `a = op L`
    pub(crate) fn unary[D: Dispatch, O: FloatUnary, L: FloatSource](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, facc));
            if D::STORES { *fp.add((*pc).a as usize).cast::<f64>() = value; }
            D::next_float(pc.add(1), fp, cx, fuel, acc, value, facc)
        }
    }
}

handler! {
    /// `a = b * c + d`, rounded once.
    pub(crate) fn fma_f64[D: Dispatch](pc, fp, cx, fuel, acc, _facc) {
        // SAFETY: frame, types.
        unsafe {
            let read = |slot: u16| f64::from_bits(*fp.add(slot as usize));
            let value = libm::fma(read((*pc).b), read((*pc).c), read((*pc).d));
            *fp.add((*pc).a as usize).cast::<f64>() = value;
            D::next(pc.add(1), fp, cx, fuel, acc, value)
        }
    }
}

handler! {
    /// `a = b * c + d`, rounded once.
    pub(crate) fn fma_f32[D: Dispatch](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let read = |slot: u16| f32::from_slot(*fp.add(slot as usize));
            let value = libm::fmaf(read((*pc).b), read((*pc).c), read((*pc).d)).to_slot();
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

macro_rules! float_binary_ops {
    ($($wide:ident, $narrow:ident($x:ident, $y:ident) => $wide_value:expr, $narrow_value:expr;)*) => {$(
        pub(crate) struct $wide;
        impl FloatBinary for $wide {
            #[inline(always)]
            fn eval($x: f64, $y: f64) -> f64 { $wide_value }
        }
        pub(crate) struct $narrow;
        impl Binary for $narrow {
            #[inline(always)]
            fn eval(x: u64, y: u64) -> u64 {
                let ($x, $y) = (f32::from_slot(x), f32::from_slot(y));
                ($narrow_value).to_slot()
            }
        }
    )*};
}
float_binary_ops! {
    AddF64, AddF32(x, y) => x + y, x + y;
    SubF64, SubF32(x, y) => x - y, x - y;
    MulF64, MulF32(x, y) => x * y, x * y;
    DivF64, DivF32(x, y) => x / y, x / y;
    RemF64, RemF32(x, y) => libm::fmod(x, y), libm::fmodf(x, y);
    MinF64, MinF32(x, y) => libm::fminimum(x, y), libm::fminimumf(x, y);
    MaxF64, MaxF32(x, y) => libm::fmaximum(x, y), libm::fmaximumf(x, y);
    CopysignF64, CopysignF32(x, y) => x.copysign(if y.is_nan() { 1.0 } else { y }), x.copysign(if y.is_nan() { 1.0 } else { y });
}

macro_rules! float_unary_ops {
    ($($wide:ident($x:ident) => $value:expr;)*) => {$(
        pub(crate) struct $wide;
        impl FloatUnary for $wide {
            #[inline(always)]
            fn eval($x: f64) -> f64 { $value }
        }
    )*};
}
float_unary_ops! {
    SqrtF64(x) => x.sqrt();
    NegF64(x) => -x;
    AbsF64(x) => x.abs();
    FloorF64(x) => libm::floor(x);
    CeilF64(x) => libm::ceil(x);
    TruncF64(x) => libm::trunc(x);
    NearestF64(x) => libm::rint(x);
}
unary_ops! {
    SqrtF32(x: f32) => x.sqrt();
    NegF32(x: f32) => -x;
    AbsF32(x: f32) => x.abs();
    FloorF32(x: f32) => libm::floorf(x);
    CeilF32(x: f32) => libm::ceilf(x);
    TruncF32(x: f32) => libm::truncf(x);
    NearestF32(x: f32) => libm::rintf(x);
}
