//! Rust closures as host functions: how their parameters are read and their results given back.

use super::context::{Cx, FullCx};
use super::error::HostError;
use super::handle::{Array, Object, Str};
use super::returns::{Return, ReturnError};
use super::values::{ANY, FromSlots, STR, WriteError, WriteFailure, Writer, nullable, reference};
use crate::link::{HostSignature, HostSlot, HostType};
use crate::runtime::access::{Element, Slots};
use crate::runtime::{HostCall, HostFailure};
use limosa_spec::WellKnown;

/// A call of a host function.
pub struct RawCall<'a, 'b>(pub(crate) &'a mut HostCall<'b>);

/// Why a host function has no result.
pub struct Failure(pub(crate) Box<HostFailure>);

/// A parameter of a host function with a [`Cx`]: what [`FromGuest`](crate::FromGuest) lists, and `&str`, slices and their `Option`s.
pub trait Parameter {
    /// The type of the argument itself.
    type At<'a>;

    #[doc(hidden)]
    fn slot() -> HostSlot;

    #[doc(hidden)]
    fn get(slots: Slots<'_>, index: usize) -> Option<Self::At<'_>>;
}

impl<V: FromSlots> Parameter for V {
    type At<'a> = V;

    fn slot() -> HostSlot {
        V::slot()
    }

    #[inline]
    fn get(slots: Slots<'_>, index: usize) -> Option<V> {
        V::from_slots(slots, index)
    }
}

impl Parameter for &str {
    type At<'a> = &'a str;

    fn slot() -> HostSlot {
        reference(STR)
    }

    #[inline]
    fn get(slots: Slots<'_>, index: usize) -> Option<&str> {
        slots.object(index)?.text()
    }
}

impl Parameter for Option<&str> {
    type At<'a> = Option<&'a str>;

    fn slot() -> HostSlot {
        nullable(reference(STR))
    }

    #[inline]
    fn get(slots: Slots<'_>, index: usize) -> Option<Option<&str>> {
        Some(slots.object(index).and_then(|object| object.text()))
    }
}

impl<E: Element> Parameter for &[E] {
    type At<'a> = &'a [E];

    fn slot() -> HostSlot {
        reference(HostType::Array(E::TYPE))
    }

    #[inline]
    fn get(slots: Slots<'_>, index: usize) -> Option<&[E]> {
        slots.object(index)?.elements()
    }
}

impl<E: Element> Parameter for Option<&[E]> {
    type At<'a> = Option<&'a [E]>;

    fn slot() -> HostSlot {
        nullable(reference(HostType::Array(E::TYPE)))
    }

    #[inline]
    fn get(slots: Slots<'_>, index: usize) -> Option<Option<&[E]>> {
        Some(slots.object(index).and_then(|object| object.elements()))
    }
}

/// A parameter of a host function with a [`FullCx`]: what [`FromGuest`](crate::FromGuest) lists, and [`Str`], [`Array`], [`Object`]
/// and their `Option`s.
pub trait FullParameter {
    /// The type of the argument itself.
    type At<'a>;

    #[doc(hidden)]
    fn slot() -> HostSlot;

    #[doc(hidden)]
    fn get<'a>(call: &mut RawCall<'_, '_>, index: usize) -> Option<Self::At<'a>>;
}

impl<V: FromSlots> FullParameter for V {
    type At<'a> = V;

    fn slot() -> HostSlot {
        V::slot()
    }

    #[inline]
    fn get<'a>(call: &mut RawCall<'_, '_>, index: usize) -> Option<Self::At<'a>> {
        V::from_slots(call.0.arguments(), index)
    }
}

macro_rules! local_parameters {
    ($([$($generics:tt)*] $name:ident $(<$element:ident>)? = $ty:expr;)*) => {$(
        impl<'x, $($generics)*> FullParameter for $name<'x $(, $element)?> {
            type At<'a> = $name<'a $(, $element)?>;

            fn slot() -> HostSlot {
                reference($ty)
            }

            #[inline]
            fn get<'a>(call: &mut RawCall<'_, '_>, index: usize) -> Option<Self::At<'a>> {
                call.0.keep_argument(index).map($name::new)
            }
        }

        impl<'x, $($generics)*> FullParameter for Option<$name<'x $(, $element)?>> {
            type At<'a> = Option<$name<'a $(, $element)?>>;

            fn slot() -> HostSlot {
                nullable(reference($ty))
            }

            #[inline]
            fn get<'a>(call: &mut RawCall<'_, '_>, index: usize) -> Option<Self::At<'a>> {
                Some(call.0.keep_argument(index).map($name::new))
            }
        }
    )*};
}
local_parameters! {
    [] Str = STR;
    [E: Element] Array<E> = HostType::Array(E::TYPE);
    [] Object = ANY;
}

/// A Rust function that can be a host function: its first parameter is `&mut Cx<T>` or `&mut FullCx<T>`, up to eight others are
/// [`Parameter`]s or [`FullParameter`]s, and its result is a [`Return`].
///
/// `Marker` is for the compiler to tell the two kinds apart.
pub trait HostFunction<T, Marker>: Send + Sync + 'static {
    #[doc(hidden)]
    fn signature() -> HostSignature;

    #[doc(hidden)]
    fn run(&self, call: &mut RawCall<'_, '_>) -> Result<(), Failure>;
}

/// Gives results to the program that are written one after the other.
#[inline]
pub(super) fn finish(call: &mut RawCall<'_, '_>, write: impl FnOnce(&mut Writer<'_>) -> Result<(), WriteError>) -> Result<(), Failure> {
    let mut writer = Writer::new(call.0.vm);
    match write(&mut writer) {
        Ok(()) => {
            let (values, count) = writer.finish();
            call.0.finish(&values[..count]).map_err(Failure)
        }
        Err(error) => Err(failure(ReturnError::Write(error), call)),
    }
}

#[cold]
pub(super) fn failure(error: ReturnError, call: &mut RawCall<'_, '_>) -> Failure {
    let failure = match error {
        ReturnError::Host(error) => error.into_failure(call.0.vm),
        ReturnError::Write(WriteError(WriteFailure::Raise(raise))) => HostFailure::Raised(raise),
        ReturnError::Write(WriteError(WriteFailure::ForeignHandle)) => {
            HostError::new("the handle belongs to another isolate").into_failure(call.0.vm)
        }
    };
    Failure(Box::new(failure))
}

/// An argument that is not what linking proved it to be.
#[cold]
fn mistyped() -> Failure {
    Failure(Box::new(HostFailure::Error { class: WellKnown::HostError, message: "an argument is of another type".to_owned() }))
}

macro_rules! host_functions {
    ($(($($name:ident $argument:ident $index:tt),*))*) => {$(
        impl<T, Function, R, $($name),*> HostFunction<T, fn(Cx<'static, T>, $($name),*) -> R> for Function
        where
            T: Send + 'static,
            Function: Fn(&mut Cx<'_, T>, $($name),*) -> R + Send + Sync + 'static,
            Function: for<'a> Fn(&mut Cx<'_, T>, $($name::At<'a>),*) -> R,
            R: Return,
            $($name: Parameter,)*
        {
            fn signature() -> HostSignature {
                HostSignature { parameters: vec![$($name::slot()),*], results: R::slots() }
            }

            #[inline]
            #[allow(unused_variables, reason = "the empty list reads nothing")]
            fn run(&self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
                let result = {
                    let Some((data, slots, meter, charged)) = call.0.split::<T>() else { return Err(mistyped()) };
                    $(let Some($argument) = $name::get(slots, $index) else { return Err(mistyped()) };)*
                    self(&mut Cx::new(data, meter, charged), $($argument),*)
                };
                result.give(call)
            }
        }

        impl<T, Function, R, $($name),*> HostFunction<T, fn(FullCx<'static, T>, $($name),*) -> R> for Function
        where
            T: Send + 'static,
            Function: Fn(&mut FullCx<'_, T>, $($name),*) -> R + Send + Sync + 'static,
            Function: for<'a> Fn(&mut FullCx<'_, T>, $($name::At<'a>),*) -> R,
            R: Return,
            $($name: FullParameter,)*
        {
            fn signature() -> HostSignature {
                HostSignature { parameters: vec![$($name::slot()),*], results: R::slots() }
            }

            #[inline]
            fn run(&self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
                $(let Some($argument) = $name::get(call, $index) else { return Err(mistyped()) };)*
                let (vm, charged) = call.0.charging();
                let result = self(&mut FullCx::new(vm, charged), $($argument),*);
                result.give(call)
            }
        }
    )*};
}
host_functions! {
    ()
    (A a 0)
    (A a 0, B b 1)
    (A a 0, B b 1, C c 2)
    (A a 0, B b 1, C c 2, D d 3)
    (A a 0, B b 1, C c 2, D d 3, E e 4)
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5)
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6)
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7)
}
