//! What host functions get as their first argument.

use super::call;
use super::error::HostError;
use super::handle::{Array, Closure, Handle, Object, Str};
use super::program::{Func, FuncError};
use super::trap::Trap;
use super::{Arguments, Results};
use crate::runtime::access::{Element, ObjectRef, Value};
use crate::runtime::{Meter, Raise, Vm};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;

/// The context of a host function that only looks at its arguments.
///
/// Such a function may take `&str` and slices, which point straight into the program's memory. So it can neither make objects nor
/// call back while it runs: its results are made after it returned. A function that needs either takes a [`FullCx`].
///
/// ```
/// use limosa::{Cx, Host};
///
/// let mut host = Host::<Vec<String>>::new();
/// host.func("app", "log", |cx: &mut Cx<Vec<String>>, line: &str| cx.data().push(line.to_owned()))?;
/// # Ok::<(), limosa::DuplicateFunction>(())
/// ```
pub struct Cx<'c, T> {
    data: &'c mut T,
    meter: Meter<'c>,
    charged: &'c mut i64,
}

impl<'c, T> Cx<'c, T> {
    #[inline]
    pub(crate) fn new(data: &'c mut T, meter: Meter<'c>, charged: &'c mut i64) -> Cx<'c, T> {
        Cx { data, meter, charged }
    }

    /// What the host gave the isolate.
    #[inline]
    pub fn data(&mut self) -> &mut T {
        self.data
    }

    /// Whether somebody asked the isolate to stop; a function that takes long should then give up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.meter.is_cancelled()
    }

    /// Charges fuel for work on so many bytes that is about to be done: a unit for 16 bytes.
    ///
    /// If it does not fit, the program is suspended before the call of the host function, which is made again when the program goes on.
    /// So charge before anything that should not be done twice, and hand the error on.
    ///
    /// # Errors
    /// If the fuel does not suffice, or the isolate is to stop.
    pub fn charge_bytes(&mut self, bytes: usize) -> Result<(), HostError> {
        *self.charged += self.meter.charge_bytes(bytes as u64).map_err(HostError::raised)?;
        Ok(())
    }

    /// Charges fuel for work on so many bytes that was done, where nobody could know before how many they are. What does not fit is
    /// owed: the program is suspended soon after the call.
    pub fn charge_done(&mut self, bytes: usize) {
        self.meter.owe_bytes(bytes as u64);
    }
}

/// The context of a host function that makes objects or calls back into the program.
///
/// Objects it is given come as [`Str`], [`Array`] and [`Object`], which stay valid while others are made.
///
/// ```
/// use limosa::{FullCx, Host, HostError, Str};
///
/// let mut host = Host::<()>::new();
/// host.func("app", "twice", |cx: &mut FullCx<()>, text: Str| -> Result<String, HostError> {
///     let copy = cx.string(text.get(cx).to_owned())?;
///     Ok(format!("{}{}", text.get(cx), copy.get(cx)))
/// })?;
/// # Ok::<(), limosa::DuplicateFunction>(())
/// ```
pub struct FullCx<'c, T> {
    vm: &'c mut Vm,
    charged: &'c mut i64,
    data: PhantomData<T>,
}

impl<'c, T> FullCx<'c, T> {
    #[inline]
    pub(crate) fn new(vm: &'c mut Vm, charged: &'c mut i64) -> FullCx<'c, T> {
        FullCx { vm, charged, data: PhantomData }
    }

    pub(crate) fn vm(&mut self) -> &mut Vm {
        self.vm
    }

    pub(crate) fn kept(&self, kept: usize) -> Option<ObjectRef<'_>> {
        self.vm.object_of(Value::Kept(kept))
    }

    /// Whether somebody asked the isolate to stop; a function that takes long should then give up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.vm.fuel.cancelled.load(Ordering::Relaxed)
    }

    /// Charges fuel for work on so many bytes that is about to be done; see [`Cx::charge_bytes`].
    ///
    /// # Errors
    /// If the fuel does not suffice, or the isolate is to stop.
    pub fn charge_bytes(&mut self, bytes: usize) -> Result<(), HostError> {
        *self.charged += self.vm.meter().charge_bytes(bytes as u64).map_err(HostError::raised)?;
        Ok(())
    }

    /// Charges fuel for work on so many bytes that was done; see [`Cx::charge_done`].
    pub fn charge_done(&mut self, bytes: usize) {
        self.vm.meter().owe_bytes(bytes as u64);
    }

    /// Makes a string.
    ///
    /// # Errors
    /// If the heap is exhausted.
    pub fn string(&mut self, text: impl AsRef<str>) -> Result<Str<'c>, HostError> {
        let value = self.vm.value_of_text(text.as_ref());
        self.kept_value(value).map(Str::new)
    }

    /// Makes an array of numbers.
    ///
    /// # Errors
    /// If the heap is exhausted.
    pub fn array<E: Element>(&mut self, elements: &[E]) -> Result<Array<'c, E>, HostError> {
        let value = self.vm.value_of_elements(elements);
        self.kept_value(value).map(Array::new)
    }

    fn kept_value(&self, value: Result<Value, Raise>) -> Result<usize, HostError> {
        match value {
            Ok(Value::Kept(kept)) => Ok(kept),
            Ok(_) => Err(HostError::new("the object was not kept")),
            Err(raise) => Err(HostError::raised(raise)),
        }
    }

    /// The object of a handle, if it is one of this isolate.
    pub fn object(&mut self, handle: &Handle) -> Option<Object<'c>> {
        let number = handle.raw().number_in(self.vm)?;
        Some(Object::new(self.vm.keep_handle(number)))
    }

    /// A function that the program exports, with its signature checked; see [`Program::func`](crate::Program::func).
    ///
    /// # Errors
    /// If there is none of this name, or it has another signature.
    pub fn func<A: Arguments, R: Results>(&self, name: &str) -> Result<Func<A, R>, FuncError> {
        call::func(&self.vm.roots.program, name)
    }

    /// Calls back into the program.
    ///
    /// # Errors
    /// What ended the call. Returned from the host function with `?`, an exception goes on as the same exception; a suspension or an
    /// exit inside ends the outer call in any case.
    pub fn call<A: Arguments, R: Results>(&mut self, function: &Func<A, R>, arguments: A::At<'_>) -> Result<R, Trap> {
        call::call(self.vm, function, arguments)
    }

    /// Checks the signature of a closure; see [`Isolate::closure`](crate::Isolate::closure).
    ///
    /// # Errors
    /// If it is no closure of this isolate, or has another signature.
    pub fn closure<A: Arguments, R: Results>(&self, handle: Handle) -> Result<Closure<A, R>, FuncError> {
        call::closure(self.vm, handle)
    }

    /// Calls a closure.
    ///
    /// # Errors
    /// As for [`FullCx::call`].
    pub fn call_closure<A: Arguments, R: Results>(&mut self, closure: &Closure<A, R>, arguments: A::At<'_>) -> Result<R, Trap> {
        call::call_closure(self.vm, closure, arguments)
    }
}

impl<T: Any> FullCx<'_, T> {
    /// What the host gave the isolate.
    pub fn data(&mut self) -> &mut T {
        self.vm.data_mut().expect("an isolate's data has the type of its host")
    }
}
