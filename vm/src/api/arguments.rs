//! Argument lists and result lists of calls into a program.

use super::values::{FromGuest, Reader, ToGuest, WriteError, Writer};
use crate::api::Handle;
use crate::link::HostSlot;
use crate::runtime::access::{Element, ShortText};

/// A Rust type that can stand in the argument list of a typed function.
///
/// Implemented for the types that [`ToGuest`] lists. A borrowed type stands for itself with any lifetime, so that one
/// [`Func`](crate::Func) can be called with strings that live differently long.
pub trait Argument {
    /// The type of the argument itself.
    type At<'a>: ToGuest;
}

macro_rules! owned_arguments {
    ($([$($generics:tt)*] $rust:ty;)*) => {$(
        impl<$($generics)*> Argument for $rust {
            type At<'a> = $rust;
        }
    )*};
}
owned_arguments! {
    [] i32; [] u32; [] bool; [] i64; [] u64; [] f32; [] f64;
    [] String; [] ShortText; [E: Element] Vec<E>; [] Vec<String>; [] Handle;
    [] Option<String>; [E: Element] Option<Vec<E>>; [] Option<Vec<String>>; [] Option<Handle>;
}

macro_rules! borrowed_arguments {
    ($([$($generics:tt)*] $rust:ty;)*) => {$(
        impl<$($generics)*> Argument for &$rust {
            type At<'a> = &'a $rust;
        }

        impl<$($generics)*> Argument for Option<&$rust> {
            type At<'a> = Option<&'a $rust>;
        }
    )*};
}
borrowed_arguments! {
    [] str; [E: Element] [E]; [] Handle;
}

/// The argument list of a typed function: one [`Argument`], or a tuple of none to eight.
pub trait Arguments {
    /// The type of the list itself.
    type At<'a>;

    #[doc(hidden)]
    fn slots() -> Vec<HostSlot>;

    #[doc(hidden)]
    fn write(arguments: Self::At<'_>, writer: &mut Writer<'_>) -> Result<(), WriteError>;
}

impl<A: Argument> Arguments for A {
    type At<'a> = A::At<'a>;

    fn slots() -> Vec<HostSlot> {
        vec![<A::At<'static> as ToGuest>::slot()]
    }

    #[inline]
    fn write(argument: A::At<'_>, writer: &mut Writer<'_>) -> Result<(), WriteError> {
        let value = argument.write(writer)?;
        writer.push(value);
        Ok(())
    }
}

/// The results of a typed function: one [`FromGuest`], or a tuple of none to eight.
pub trait Results: Sized {
    #[doc(hidden)]
    fn slots() -> Vec<HostSlot>;

    #[doc(hidden)]
    fn read(reader: &mut Reader<'_, '_>) -> Option<Self>;
}

impl<R: FromGuest> Results for R {
    fn slots() -> Vec<HostSlot> {
        vec![R::slot()]
    }

    #[inline]
    fn read(reader: &mut Reader<'_, '_>) -> Option<R> {
        R::read(reader, 0)
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: Argument),*> Arguments for ($($name,)*) {
            type At<'a> = ($($name::At<'a>,)*);

            fn slots() -> Vec<HostSlot> {
                vec![$(<$name::At<'static> as ToGuest>::slot()),*]
            }

            #[inline]
            #[allow(unused_variables, reason = "the empty list writes nothing")]
            fn write(arguments: Self::At<'_>, writer: &mut Writer<'_>) -> Result<(), WriteError> {
                $(
                    let value = arguments.$index.write(writer)?;
                    writer.push(value);
                )*
                Ok(())
            }
        }

        impl<$($name: FromGuest),*> Results for ($($name,)*) {
            fn slots() -> Vec<HostSlot> {
                vec![$($name::slot()),*]
            }

            #[inline]
            #[allow(unused_variables, reason = "the empty list reads nothing")]
            fn read(reader: &mut Reader<'_, '_>) -> Option<Self> {
                Some(($($name::read(reader, $index)?,)*))
            }
        }
    )*};
}
tuples! {
    ()
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
