//! What host functions may return.

use super::error::HostError;
use super::function::{Failure, RawCall, failure, finish};
use super::values::{ToGuest, WriteError};
use crate::link::HostSlot;

/// A Rust type that a host function may return: nothing, a [`ToGuest`], a tuple of up to eight of them, or a `Result` of these whose
/// error can be made a [`HostError`].
pub trait Return {
    #[doc(hidden)]
    fn slots() -> Vec<HostSlot>;

    #[doc(hidden)]
    fn give(self, call: &mut RawCall<'_, '_>) -> Result<(), Failure>;
}

/// Why there is no result.
pub enum ReturnError {
    /// The host function said so.
    Host(HostError),
    /// The result could not be made.
    Write(WriteError),
}

impl<R: Return, E: Into<HostError>> Return for Result<R, E> {
    fn slots() -> Vec<HostSlot> {
        R::slots()
    }

    #[inline]
    fn give(self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
        match self {
            Ok(results) => results.give(call),
            Err(error) => Err(failure(ReturnError::Host(error.into()), call)),
        }
    }
}

impl<V: ToGuest> Return for V {
    fn slots() -> Vec<HostSlot> {
        vec![V::slot()]
    }

    #[inline]
    fn give(self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
        ToGuest::give(self, call)
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: ToGuest),*> Return for ($($name,)*) {
            fn slots() -> Vec<HostSlot> {
                vec![$($name::slot()),*]
            }

            #[inline]
            #[allow(unused_variables, reason = "the empty list writes nothing")]
            fn give(self, call: &mut RawCall<'_, '_>) -> Result<(), Failure> {
                finish(call, |writer| {
                    $(
                        let value = self.$index.write(writer)?;
                        writer.push(value);
                    )*
                    Ok(())
                })
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
