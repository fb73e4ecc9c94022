//! Values and their types (chapter *Types and values*). A value carries its type with it, so that nothing is ever taken for what it is not.

use crate::heap::ObjectId;
use crate::program::{Kind, TypeId, Types};

/// What a register, field, element or global holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// An IEEE 754 binary32.
    F32(f32),
    /// An IEEE 754 binary64.
    F64(f64),
    /// A reference; None is null.
    Reference(Option<ObjectId>),
}

/// The Rust types of the numbers, so that an instruction says once which ones it works on.
pub trait Number: Copy {
    /// The name of the type in the text form.
    const NAME: &'static str;
    /// The number in a value, if it is one of this type.
    fn of(value: Value) -> Option<Self>;
    /// The number as a value.
    fn value(self) -> Value;
}

macro_rules! numbers {
    ($($ty:ident $name:literal $variant:ident;)*) => {$(
        impl Number for $ty {
            const NAME: &'static str = $name;
            fn of(value: Value) -> Option<$ty> {
                match value {
                    Value::$variant(number) => Some(number),
                    _ => None,
                }
            }
            fn value(self) -> Value {
                Value::$variant(self)
            }
        }
    )*};
}
numbers! {
    i32 "i32" I32;
    i64 "i64" I64;
    f32 "f32" F32;
    f64 "f64" F64;
}

/// Comparisons give the `i32` values 0 and 1.
#[must_use]
pub fn truth(is: bool) -> i32 {
    i32::from(is)
}

/// The bits of a float where they become observable: every NaN looks like the canonical one.
#[must_use]
pub fn bits_f32(value: f32) -> u32 {
    if value.is_nan() { 0x7fc0_0000 } else { value.to_bits() }
}

/// Likewise for an `f64`.
#[must_use]
pub fn bits_f64(value: f64) -> u64 {
    if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() }
}

/// The value that registers, fields, elements and globals of a type start with: 0, 0.0 or null.
#[must_use]
pub fn default(types: &Types, ty: TypeId) -> Value {
    match types.kind(ty) {
        Kind::I64 => Value::I64(0),
        Kind::F32 => Value::F32(0.0),
        Kind::F64 => Value::F64(0.0),
        Kind::I32 | Kind::I8 | Kind::U8 | Kind::I16 | Kind::U16 => Value::I32(0),
        _ => Value::Reference(None),
    }
}

/// A stored value as it is read again: storage types keep the low bits, which are extended by their sign or by zeros. None if the value is
/// no `i32` where one is asked for.
#[must_use]
pub fn through_storage(types: &Types, ty: TypeId, value: Value) -> Option<Value> {
    let Value::I32(number) = value else { return (!types.kind(ty).is_storage()).then_some(value) };
    Some(Value::I32(match types.kind(ty) {
        Kind::I8 => i32::from(number as i8),
        Kind::U8 => i32::from(number as u8),
        Kind::I16 => i32::from(number as i16),
        Kind::U16 => i32::from(number as u16),
        _ => number,
    }))
}
