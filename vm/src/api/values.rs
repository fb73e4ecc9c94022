//! Which Rust types stand for which types of a program, and how values cross over.

use super::function::{Failure, RawCall, failure};
use super::returns::ReturnError;
use crate::api::Handle;
use crate::link::{HostSlot, HostType};
use crate::runtime::access::{Element, MAX_TYPED, RawHandle, Returned, ShortText, Slots, Value};
use crate::runtime::{Raise, Vm};
use limosa_spec::Type;

/// Where values that go into a program are put together.
pub struct Writer<'a> {
    pub(crate) vm: &'a mut Vm,
    values: [Value; MAX_TYPED],
    count: usize,
}

impl Writer<'_> {
    #[inline]
    pub(crate) fn new(vm: &mut Vm) -> Writer<'_> {
        Writer { vm, values: [Value::Null; MAX_TYPED], count: 0 }
    }

    /// Appends a value. Rust types have fewer parts than there are places.
    #[inline]
    pub(crate) fn push(&mut self, value: Value) {
        if let Some(place) = self.values.get_mut(self.count) {
            *place = value;
            self.count += 1;
        }
    }

    /// The values, of which so many count.
    #[inline]
    pub(crate) fn finish(self) -> ([Value; MAX_TYPED], usize) {
        (self.values, self.count)
    }
}

/// Why a value could not be made.
pub struct WriteError(pub(crate) WriteFailure);

/// What [`WriteError`] hides.
pub(crate) enum WriteFailure {
    /// The program gets an exception.
    Raise(Raise),
    /// A handle of another isolate was given.
    ForeignHandle,
}

impl From<Raise> for WriteError {
    fn from(raise: Raise) -> WriteError {
        WriteError(WriteFailure::Raise(raise))
    }
}

/// The results of a call while they are read.
pub struct Reader<'a, 'v>(pub(crate) &'a mut Returned<'v>);

/// A Rust type whose values can be given to a program: arguments of its functions, and results of host functions.
///
/// | Rust | program |
/// |---|---|
/// | `i32`, `u32` (by bits), `bool` (0 and 1) | `i32` |
/// | `i64`, `u64` (by bits) | `i64` |
/// | `f32`, `f64` | `f32`, `f64` |
/// | `&str`, `String`, [`ShortText`] | `str!`, a new string |
/// | `&[u8]`, `Vec<u8>`, and so for other numbers | `[u8]!`, a new array |
/// | `Vec<String>` | `[str]!` |
/// | [`Handle`], `&Handle` | any reference type, non-null |
/// | `Option` of the last four | the same, nullable |
pub trait ToGuest: Sized {
    /// The type.
    #[doc(hidden)]
    fn slot() -> HostSlot;

    /// Makes the value.
    #[doc(hidden)]
    fn write(self, writer: &mut Writer<'_>) -> Result<Value, WriteError>;

    /// Makes the value the only result of a host function.
    #[doc(hidden)]
    #[inline]
    fn give(self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
        match self.write(&mut Writer::new(call.0.vm)) {
            Ok(value) => call.0.finish(&[value]).map_err(Failure),
            Err(error) => Err(failure(ReturnError::Write(error), call)),
        }
    }
}

/// A Rust type that values of a program can be copied to: results of its functions.
///
/// The correspondence is that of [`ToGuest`] without the borrowed types. A result that may be null needs an `Option`.
pub trait FromGuest: Sized {
    /// The type.
    #[doc(hidden)]
    fn slot() -> HostSlot;

    /// Reads the value; None if it is of another type, which linking rules out.
    #[doc(hidden)]
    fn read(reader: &mut Reader<'_, '_>, index: usize) -> Option<Self>;
}

/// Types that are copied out of slots.
pub trait FromSlots: Sized {
    /// The type.
    fn slot() -> HostSlot;

    /// Reads the value; None if it is of another type.
    fn from_slots(slots: Slots<'_>, index: usize) -> Option<Self>;
}

impl<V: FromSlots> FromGuest for V {
    fn slot() -> HostSlot {
        V::slot()
    }

    fn read(reader: &mut Reader<'_, '_>, index: usize) -> Option<V> {
        V::from_slots(reader.0.slots(), index)
    }
}

/// Types that stand for references, so that `Option` of them means nullable.
pub trait ReferenceType {}

/// A number's slot.
pub(crate) const fn number(ty: Type) -> HostSlot {
    HostSlot { ty: HostType::Plain(ty), non_null: false }
}

/// A non-null reference's slot.
pub(crate) const fn reference(ty: HostType) -> HostSlot {
    HostSlot { ty, non_null: true }
}

/// The same slot, nullable.
pub(crate) const fn nullable(slot: HostSlot) -> HostSlot {
    HostSlot { ty: slot.ty, non_null: false }
}

macro_rules! numbers {
    ($($rust:ty = $code:ident, $value:ident => $bits:expr, $slot:ident => $number:expr;)*) => {$(
        impl ToGuest for $rust {
            fn slot() -> HostSlot {
                number(Type::$code)
            }

            #[inline]
            fn write(self, _: &mut Writer<'_>) -> Result<Value, WriteError> {
                let $value = self;
                Ok(Value::Bits($bits))
            }
        }

        impl FromSlots for $rust {
            fn slot() -> HostSlot {
                number(Type::$code)
            }

            #[inline]
            fn from_slots(slots: Slots<'_>, index: usize) -> Option<$rust> {
                let $slot = slots.bits(index);
                Some($number)
            }
        }
    )*};
}
numbers! {
    i32 = I32, value => u64::from(value as u32), bits => bits as i32;
    u32 = I32, value => u64::from(value), bits => bits as u32;
    bool = I32, value => u64::from(value), bits => bits as u32 != 0;
    i64 = I64, value => value as u64, bits => bits as i64;
    u64 = I64, value => value, bits => bits;
    f32 = F32, value => u64::from(value.to_bits()), bits => f32::from_bits(bits as u32);
    f64 = F64, value => value.to_bits(), bits => f64::from_bits(bits);
}

macro_rules! texts {
    ($([$($generics:tt)*] $rust:ty;)*) => {$(
        impl<$($generics)*> ReferenceType for $rust {}

        impl<$($generics)*> ToGuest for $rust {
            fn slot() -> HostSlot {
                reference(STR)
            }

            #[inline]
            fn write(self, writer: &mut Writer<'_>) -> Result<Value, WriteError> {
                let text: &str = &self;
                Ok(writer.vm.value_of_text(text)?)
            }

            #[inline]
            fn give(self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
                call.0.finish_text(&self).map_err(Failure)
            }
        }
    )*};
}
texts! {
    ['a] &'a str; [] String; [] ShortText;
}

macro_rules! references {
    ($([$($generics:tt)*] $rust:ty = $ty:expr, ($value:ident, $writer:ident) => $write:expr;)*) => {$(
        impl<$($generics)*> ReferenceType for $rust {}

        impl<$($generics)*> ToGuest for $rust {
            fn slot() -> HostSlot {
                reference($ty)
            }

            fn write(self, $writer: &mut Writer<'_>) -> Result<Value, WriteError> {
                let $value = self;
                $write
            }
        }
    )*};
}
references! {
    ['a, E: Element] &'a [E] = HostType::Array(E::TYPE), (elements, writer) => Ok(writer.vm.value_of_elements(elements)?);
    [E: Element] Vec<E> = HostType::Array(E::TYPE), (elements, writer) => Ok(writer.vm.value_of_elements(&elements)?);
    [] Vec<String> = STRINGS, (texts, writer) => Ok(writer.vm.value_of_texts(texts.iter().map(String::as_str))?);
    ['a] &'a Handle = ANY, (handle, writer) => handle_value(handle.raw(), writer);
    [] Handle = ANY, (handle, writer) => kept_handle_value(handle.raw(), writer);
}

/// `str`
pub(crate) const STR: HostType = HostType::Plain(Type::STR);
/// `[str]`
pub(crate) const STRINGS: HostType = HostType::Array(Type::STR);
/// Any reference type.
pub(crate) const ANY: HostType = HostType::Plain(Type::ANY);

fn handle_value(handle: &RawHandle, writer: &mut Writer<'_>) -> Result<Value, WriteError> {
    handle.number_in(writer.vm).map(Value::Handle).ok_or(WriteError(WriteFailure::ForeignHandle))
}

/// For handles that are dropped before the value is used.
fn kept_handle_value(handle: &RawHandle, writer: &mut Writer<'_>) -> Result<Value, WriteError> {
    let number = handle.number_in(writer.vm).ok_or(WriteError(WriteFailure::ForeignHandle))?;
    Ok(Value::Kept(writer.vm.keep_handle(number)))
}

impl<V: ToGuest + ReferenceType> ToGuest for Option<V> {
    fn slot() -> HostSlot {
        nullable(V::slot())
    }

    fn write(self, writer: &mut Writer<'_>) -> Result<Value, WriteError> {
        self.map_or(Ok(Value::Null), |value| value.write(writer))
    }
}

impl FromSlots for String {
    fn slot() -> HostSlot {
        reference(STR)
    }

    fn from_slots(slots: Slots<'_>, index: usize) -> Option<String> {
        slots.object(index)?.text().map(str::to_owned)
    }
}

impl<E: Element> FromSlots for Vec<E> {
    fn slot() -> HostSlot {
        reference(HostType::Array(E::TYPE))
    }

    fn from_slots(slots: Slots<'_>, index: usize) -> Option<Vec<E>> {
        slots.object(index)?.elements().map(<[E]>::to_vec)
    }
}

/// Null elements become empty strings.
impl FromSlots for Vec<String> {
    fn slot() -> HostSlot {
        reference(STRINGS)
    }

    fn from_slots(slots: Slots<'_>, index: usize) -> Option<Vec<String>> {
        let texts = slots.object(index)?.objects()?;
        Some(texts.map(|text| text.and_then(|text| text.text()).unwrap_or_default().to_owned()).collect())
    }
}

impl<V: FromSlots + ReferenceType> FromSlots for Option<V> {
    fn slot() -> HostSlot {
        nullable(V::slot())
    }

    fn from_slots(slots: Slots<'_>, index: usize) -> Option<Option<V>> {
        match slots.object(index) {
            None => Some(None),
            Some(_) => V::from_slots(slots, index).map(Some),
        }
    }
}

impl FromGuest for Handle {
    fn slot() -> HostSlot {
        reference(ANY)
    }

    fn read(reader: &mut Reader<'_, '_>, index: usize) -> Option<Handle> {
        reader.0.handle(index).map(Handle::new)
    }
}

impl FromGuest for Option<Handle> {
    fn slot() -> HostSlot {
        nullable(reference(ANY))
    }

    fn read(reader: &mut Reader<'_, '_>, index: usize) -> Option<Option<Handle>> {
        Some(reader.0.handle(index).map(Handle::new))
    }
}
