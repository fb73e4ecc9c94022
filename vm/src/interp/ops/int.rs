//! Integer arithmetic, and `f32` arithmetic, whose values travel in the same accumulator.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::Source;
use crate::interp::slow::{SlowOp, slow};

/// An operation on two slot values that cannot fail.
pub(crate) trait Binary: 'static {
    /// The result as a slot value.
    fn eval(x: u64, y: u64) -> u64;
}

/// An operation on one slot value that cannot fail.
pub(crate) trait Unary: 'static {
    /// The result as a slot value.
    fn eval(x: u64) -> u64;
}

/// An operation on two slot values that throws where it has no result.
pub(crate) trait Fallible: 'static {
    /// What it throws.
    type Throws: SlowOp;
    /// The result as a slot value.
    fn eval(x: u64, y: u64) -> Option<u64>;
}

/// A Rust number as it stands in a slot.
pub(crate) trait SlotValue {
    /// From a slot.
    fn from_slot(slot: u64) -> Self;
    /// To a slot.
    fn to_slot(self) -> u64;
}

macro_rules! slot_values {
    ($($ty:ty, $slot:ident => $from:expr, $value:ident => $to:expr;)*) => {$(
        impl SlotValue for $ty {
            #[inline(always)]
            fn from_slot($slot: u64) -> $ty { $from }
            #[inline(always)]
            fn to_slot(self) -> u64 { let $value = self; $to }
        }
    )*};
}
slot_values! {
    i32, slot => slot as i32, value => u64::from(value as u32);
    u32, slot => slot as u32, value => u64::from(value);
    i64, slot => slot as i64, value => value as u64;
    u64, slot => slot, value => value;
    f32, slot => f32::from_bits(slot as u32), value => u64::from(value.to_bits());
    f64, slot => f64::from_bits(slot), value => value.to_bits();
    bool, slot => slot as u32 != 0, value => u64::from(value);
}

handler! {
    /// `a = L op R`
    pub(crate) fn binary[D: Dispatch, O: Binary, L: Source, R: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, acc), R::get(pc, fp, acc));
            if D::STORES { *fp.add((*pc).a as usize) = value; }
            D::next(pc.add(1 + L::WORDS + R::WORDS), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = op L`
    pub(crate) fn unary[D: Dispatch, O: Unary, L: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = O::eval(L::get(pc, fp, acc));
            if D::STORES { *fp.add((*pc).a as usize) = value; }
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = L op R`, or throws.
    pub(crate) fn fallible[D: Dispatch, O: Fallible, L: Source, R: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let Some(value) = O::eval(L::get(pc, fp, acc), R::get(pc, fp, acc)) else {
                return slow::<D::Plain, O::Throws>(pc, fp, cx, fuel, acc, facc);
            };
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1 + L::WORDS + R::WORDS), fp, cx, fuel, value, facc)
        }
    }
}

macro_rules! binary_ops {
    ($($name:ident($x:ident, $y:ident: $ty:ty) => $value:expr;)*) => {$(
        pub(crate) struct $name;
        impl Binary for $name {
            #[inline(always)]
            fn eval(x: u64, y: u64) -> u64 {
                let ($x, $y) = (<$ty>::from_slot(x), <$ty>::from_slot(y));
                ($value).to_slot()
            }
        }
    )*};
}
binary_ops! {
    AddI32(x, y: i32) => x.wrapping_add(y);
    AddI64(x, y: i64) => x.wrapping_add(y);
    SubI32(x, y: i32) => x.wrapping_sub(y);
    SubI64(x, y: i64) => x.wrapping_sub(y);
    MulI32(x, y: i32) => x.wrapping_mul(y);
    MulI64(x, y: i64) => x.wrapping_mul(y);
    AndI32(x, y: u32) => x & y;
    AndI64(x, y: u64) => x & y;
    OrI32(x, y: u32) => x | y;
    OrI64(x, y: u64) => x | y;
    XorI32(x, y: u32) => x ^ y;
    XorI64(x, y: u64) => x ^ y;
    ShlI32(x, y: u32) => x.wrapping_shl(y);
    ShlI64(x, y: u64) => x.wrapping_shl(y as u32);
    ShrI32(x, y: i32) => x.wrapping_shr(y as u32);
    ShrI64(x, y: i64) => x.wrapping_shr(y as u32);
    ShruI32(x, y: u32) => x.wrapping_shr(y);
    ShruI64(x, y: u64) => x.wrapping_shr(y as u32);
    RotlI32(x, y: u32) => x.rotate_left(y & 31);
    RotlI64(x, y: u64) => x.rotate_left(y as u32 & 63);
    RotrI32(x, y: u32) => x.rotate_right(y & 31);
    RotrI64(x, y: u64) => x.rotate_right(y as u32 & 63);
    MinI32(x, y: i32) => x.min(y);
    MinI64(x, y: i64) => x.min(y);
    MaxI32(x, y: i32) => x.max(y);
    MaxI64(x, y: i64) => x.max(y);
    MinuI32(x, y: u32) => x.min(y);
    MinuI64(x, y: u64) => x.min(y);
    MaxuI32(x, y: u32) => x.max(y);
    MaxuI64(x, y: u64) => x.max(y);
    MulhiI32(x, y: i32) => ((i64::from(x) * i64::from(y)) >> 32) as i32;
    MulhiI64(x, y: i64) => ((i128::from(x) * i128::from(y)) >> 64) as i64;
    MulhiuI32(x, y: u32) => ((u64::from(x) * u64::from(y)) >> 32) as u32;
    MulhiuI64(x, y: u64) => ((u128::from(x) * u128::from(y)) >> 64) as u64;
}

macro_rules! fallible_ops {
    ($($name:ident($x:ident, $y:ident: $ty:ty) throws $throws:ident => $value:expr;)*) => {$(
        pub(crate) struct $name;
        impl Fallible for $name {
            type Throws = crate::interp::slow::$throws;
            #[inline(always)]
            fn eval(x: u64, y: u64) -> Option<u64> {
                let ($x, $y) = (<$ty>::from_slot(x), <$ty>::from_slot(y));
                Some(($value?).to_slot())
            }
        }
    )*};
}
fallible_ops! {
    DivI32(x, y: i32) throws ThrowDivision => (y != 0).then(|| x.wrapping_div(y));
    DivI64(x, y: i64) throws ThrowDivision => (y != 0).then(|| x.wrapping_div(y));
    RemI32(x, y: i32) throws ThrowDivision => (y != 0).then(|| x.wrapping_rem(y));
    RemI64(x, y: i64) throws ThrowDivision => (y != 0).then(|| x.wrapping_rem(y));
    DivuI32(x, y: u32) throws ThrowDivision => x.checked_div(y);
    DivuI64(x, y: u64) throws ThrowDivision => x.checked_div(y);
    RemuI32(x, y: u32) throws ThrowDivision => x.checked_rem(y);
    RemuI64(x, y: u64) throws ThrowDivision => x.checked_rem(y);
    AddCheckedI32(x, y: i32) throws ThrowOverflow => x.checked_add(y);
    AddCheckedI64(x, y: i64) throws ThrowOverflow => x.checked_add(y);
    SubCheckedI32(x, y: i32) throws ThrowOverflow => x.checked_sub(y);
    SubCheckedI64(x, y: i64) throws ThrowOverflow => x.checked_sub(y);
    MulCheckedI32(x, y: i32) throws ThrowOverflow => x.checked_mul(y);
    MulCheckedI64(x, y: i64) throws ThrowOverflow => x.checked_mul(y);
}

macro_rules! unary_ops {
    ($($name:ident($x:ident: $ty:ty) => $value:expr;)*) => {$(
        pub(crate) struct $name;
        impl $crate::interp::ops::int::Unary for $name {
            #[inline(always)]
            fn eval(x: u64) -> u64 {
                use $crate::interp::ops::int::SlotValue;
                let $x = <$ty>::from_slot(x);
                ($value).to_slot()
            }
        }
    )*};
}
pub(crate) use unary_ops;
unary_ops! {
    NegI32(x: i32) => x.wrapping_neg();
    NegI64(x: i64) => x.wrapping_neg();
    ClzI32(x: u32) => x.leading_zeros();
    ClzI64(x: u64) => u64::from(x.leading_zeros());
    CtzI32(x: u32) => x.trailing_zeros();
    CtzI64(x: u64) => u64::from(x.trailing_zeros());
    PopcntI32(x: u32) => x.count_ones();
    PopcntI64(x: u64) => u64::from(x.count_ones());
    Ext8I32(x: i32) => i32::from(x as i8);
    Ext8I64(x: i64) => i64::from(x as i8);
    Ext16I32(x: i32) => i32::from(x as i16);
    Ext16I64(x: i64) => i64::from(x as i16);
    Ext32I64(x: i64) => i64::from(x as i32);
    IsNull(x: u32) => x == 0;
}
