//! References to objects of a program that host code may keep: for the length of a host function, or for as long as it likes.

use crate::api::context::FullCx;
use crate::runtime::access::{Element, ObjectRef, RawHandle, Value};
use std::fmt;
use std::marker::PhantomData;

/// An object of an isolate, kept alive by the host for as long as it likes.
///
/// A handle belongs to the isolate it came from; another refuses it. It can be sent to other threads and dropped there. To look at
/// the object, see [`Isolate::text`](crate::Isolate::text) and its neighbours, or [`FullCx::object`] in a host function.
#[derive(Debug)]
pub struct Handle {
    raw: RawHandle,
}

impl Handle {
    pub(crate) fn new(raw: RawHandle) -> Handle {
        Handle { raw }
    }

    pub(crate) fn raw(&self) -> &RawHandle {
        &self.raw
    }
}

/// A closure of a program whose signature was checked; see [`Isolate::closure`](crate::Isolate::closure).
pub struct Closure<A, R> {
    pub(crate) handle: Handle,
    pub(crate) signature: PhantomData<fn(A) -> R>,
}

impl<A, R> fmt::Debug for Closure<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Closure").field(&self.handle).finish()
    }
}

/// A string that a host function was given or made, for the time it runs.
///
/// Unlike `&str` it stays valid when the function makes objects or calls back, so its text is borrowed anew each time.
#[derive(Debug, Clone, Copy)]
pub struct Str<'c> {
    pub(crate) kept: usize,
    pub(crate) call: PhantomData<&'c ()>,
}

/// An array of numbers that a host function was given or made, for the time it runs.
#[derive(Debug)]
pub struct Array<'c, E> {
    pub(crate) kept: usize,
    pub(crate) call: PhantomData<&'c [E]>,
}

impl<E> Clone for Array<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Array<'_, E> {}

/// Any object that a host function was given, for the time it runs.
#[derive(Debug, Clone, Copy)]
pub struct Object<'c> {
    pub(crate) kept: usize,
    pub(crate) call: PhantomData<&'c ()>,
}

impl<'c> Str<'c> {
    pub(crate) fn new(kept: usize) -> Str<'c> {
        Str { kept, call: PhantomData }
    }

    /// The text.
    #[must_use]
    pub fn get<'a, T>(&self, cx: &'a FullCx<'_, T>) -> &'a str {
        cx.kept(self.kept).and_then(ObjectRef::text).unwrap_or_default()
    }

    /// The same as an object.
    #[must_use]
    pub fn object(self) -> Object<'c> {
        Object::new(self.kept)
    }
}

impl<'c, E: Element> Array<'c, E> {
    pub(crate) fn new(kept: usize) -> Array<'c, E> {
        Array { kept, call: PhantomData }
    }

    /// The elements.
    #[must_use]
    pub fn get<'a, T>(&self, cx: &'a FullCx<'_, T>) -> &'a [E] {
        cx.kept(self.kept).and_then(ObjectRef::elements).unwrap_or_default()
    }

    /// The elements, to be written.
    #[must_use]
    pub fn get_mut<'a, T>(&self, cx: &'a mut FullCx<'_, T>) -> &'a mut [E] {
        cx.vm().elements_of_mut(Value::Kept(self.kept)).unwrap_or_default()
    }

    /// The same as an object.
    #[must_use]
    pub fn object(self) -> Object<'c> {
        Object::new(self.kept)
    }
}

impl<'c> Object<'c> {
    pub(crate) fn new(kept: usize) -> Object<'c> {
        Object { kept, call: PhantomData }
    }

    /// Its type, as the text form spells it: `geo.Point`, `[u8]`.
    #[must_use]
    pub fn type_name<'a, T>(&self, cx: &'a FullCx<'_, T>) -> &'a str {
        cx.kept(self.kept).map_or("null", ObjectRef::type_name)
    }

    /// The string it is, if it is one.
    #[must_use]
    pub fn to_str<T>(&self, cx: &FullCx<'_, T>) -> Option<Str<'c>> {
        cx.kept(self.kept)?.text().map(|_| Str::new(self.kept))
    }

    /// The array of this element type it is, if it is one.
    #[must_use]
    pub fn to_array<E: Element, T>(&self, cx: &FullCx<'_, T>) -> Option<Array<'c, E>> {
        cx.kept(self.kept)?.elements::<E>().map(|_| Array::new(self.kept))
    }

    /// A handle of it that outlives the host function.
    #[must_use]
    pub fn handle<T>(&self, cx: &mut FullCx<'_, T>) -> Handle {
        Handle::new(cx.vm().handle_of_kept(self.kept))
    }
}
