//! Comparisons into a register, and the tests that fused branches share with them.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{FloatSource, Source};
use crate::interp::ops::int::SlotValue;

/// A test of two slot values.
pub(crate) trait Test: 'static {
    /// Whether it holds.
    fn holds(x: u64, y: u64) -> bool;
}

/// A test of two `f64`.
pub(crate) trait FloatTest: 'static {
    /// Whether it holds.
    fn holds(x: f64, y: f64) -> bool;
}

handler! {
    /// `a = L test R`
    pub(crate) fn compare[D: Dispatch, T: Test, L: Source, R: Source](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = u64::from(T::holds(L::get(pc, fp, acc), R::get(pc, fp, acc)));
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1 + L::WORDS + R::WORDS), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = L test R`
    pub(crate) fn float_compare[D: Dispatch, T: FloatTest, L: FloatSource, R: FloatSource](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, types.
        unsafe {
            let value = u64::from(T::holds(L::get(pc, fp, facc), R::get(pc, fp, facc)));
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1 + L::WORDS + R::WORDS), fp, cx, fuel, value, facc)
        }
    }
}

macro_rules! tests {
    ($($name:ident($x:ident, $y:ident: $ty:ty) => $holds:expr;)*) => {$(
        pub(crate) struct $name;
        impl Test for $name {
            #[inline(always)]
            fn holds(x: u64, y: u64) -> bool {
                let ($x, $y) = (<$ty>::from_slot(x), <$ty>::from_slot(y));
                $holds
            }
        }
    )*};
}
tests! {
    EqI32(x, y: u32) => x == y;
    NeI32(x, y: u32) => x != y;
    LtI32(x, y: i32) => x < y;
    LeI32(x, y: i32) => x <= y;
    GtI32(x, y: i32) => x > y;
    GeI32(x, y: i32) => x >= y;
    LtuI32(x, y: u32) => x < y;
    LeuI32(x, y: u32) => x <= y;
    GtuI32(x, y: u32) => x > y;
    GeuI32(x, y: u32) => x >= y;
    EqI64(x, y: u64) => x == y;
    NeI64(x, y: u64) => x != y;
    LtI64(x, y: i64) => x < y;
    LeI64(x, y: i64) => x <= y;
    GtI64(x, y: i64) => x > y;
    GeI64(x, y: i64) => x >= y;
    LtuI64(x, y: u64) => x < y;
    LeuI64(x, y: u64) => x <= y;
    GtuI64(x, y: u64) => x > y;
    GeuI64(x, y: u64) => x >= y;
    EqF32(x, y: f32) => x == y;
    NeF32(x, y: f32) => x != y;
    LtF32(x, y: f32) => x < y;
    LeF32(x, y: f32) => x <= y;
    GtF32(x, y: f32) => x > y;
    GeF32(x, y: f32) => x >= y;
}

/// The test that holds where `T` does not.
pub(crate) struct Not<T>(std::marker::PhantomData<T>);
impl<T: Test> Test for Not<T> {
    #[inline(always)]
    fn holds(x: u64, y: u64) -> bool {
        !T::holds(x, y)
    }
}
impl<T: FloatTest> FloatTest for Not<T> {
    #[inline(always)]
    fn holds(x: f64, y: f64) -> bool {
        !T::holds(x, y)
    }
}

macro_rules! float_tests {
    ($($name:ident($x:ident, $y:ident) => $holds:expr;)*) => {$(
        pub(crate) struct $name;
        impl FloatTest for $name {
            #[inline(always)]
            fn holds($x: f64, $y: f64) -> bool { $holds }
        }
    )*};
}
float_tests! {
    EqF64(x, y) => x == y;
    NeF64(x, y) => x != y;
    LtF64(x, y) => x < y;
    LeF64(x, y) => x <= y;
    GtF64(x, y) => x > y;
    GeF64(x, y) => x >= y;
}
