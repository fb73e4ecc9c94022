//! Conversions between the number types.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{FloatSource, Source};
use crate::interp::ops::int::{SlotValue, unary_ops};

/// From a slot value to an `f64`.
pub(crate) trait ToFloat: 'static {
    /// The result.
    fn eval(x: u64) -> f64;
}

/// From an `f64` to a slot value.
pub(crate) trait FromFloat: 'static {
    /// The result.
    fn eval(x: f64) -> u64;
}

handler! {
    /// `a = op L`
    pub(crate) fn to_float[D: Dispatch, O: ToFloat, L: Source](pc, fp, cx, fuel, acc, _facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, acc));
            if D::STORES {
                *fp.add((*pc).a as usize).cast::<f64>() = value;
            }
            D::next(pc.add(1), fp, cx, fuel, acc, value)
        }
    }
}

handler! {
    /// `a = op L`
    pub(crate) fn from_float[D: Dispatch, O: FromFloat, L: FloatSource](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, facc));
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

macro_rules! to_float_ops {
    ($($name:ident($x:ident: $ty:ty) => $value:expr;)*) => {$(
        pub(crate) struct $name;
        impl ToFloat for $name {
            #[inline(always)]
            fn eval(x: u64) -> f64 { let $x = <$ty>::from_slot(x); $value }
        }
    )*};
}
to_float_ops! {
    FloatF64I32(x: i32) => f64::from(x);
    FloatF64I64(x: i64) => x as f64;
    FloatuF64I32(x: u32) => f64::from(x);
    FloatuF64I64(x: u64) => x as f64;
    PromoteF64(x: f32) => f64::from(x);
    BitsF64I64(x: u64) => f64::from_bits(x);
}

macro_rules! from_float_ops {
    ($($name:ident($x:ident) => $value:expr;)*) => {$(
        pub(crate) struct $name;
        impl FromFloat for $name {
            #[inline(always)]
            fn eval($x: f64) -> u64 { ($value).to_slot() }
        }
    )*};
}
from_float_ops! {
    TruncI32F64(x) => x as i32;
    TruncI64F64(x) => x as i64;
    TruncuI32F64(x) => x as u32;
    TruncuI64F64(x) => x as u64;
    DemoteF32(x) => x as f32;
    BitsI64F64(x) => canonical_bits_f64(x);
}

unary_ops! {
    WidenI64(x: i32) => i64::from(x);
    WidenuI64(x: u32) => u64::from(x);
    WrapI32(x: i64) => x as i32;
    TruncI32F32(x: f32) => x as i32;
    TruncI64F32(x: f32) => x as i64;
    TruncuI32F32(x: f32) => x as u32;
    TruncuI64F32(x: f32) => x as u64;
    FloatF32I32(x: i32) => x as f32;
    FloatF32I64(x: i64) => x as f32;
    FloatuF32I32(x: u32) => x as f32;
    FloatuF32I64(x: u64) => x as f32;
    BitsI32F32(x: f32) => canonical_bits_f32(x);
    BitsF32I32(x: u32) => f32::from_bits(x);
}

/// The bits of a float where a program can see them: all NaNs look the same.
#[inline(always)]
pub(crate) fn canonical_bits_f64(x: f64) -> u64 {
    if x.is_nan() { 0x7ff8_0000_0000_0000 } else { x.to_bits() }
}

/// The bits of a float where a program can see them: all NaNs look the same.
#[inline(always)]
pub(crate) fn canonical_bits_f32(x: f32) -> u32 {
    if x.is_nan() { 0x7fc0_0000 } else { x.to_bits() }
}
