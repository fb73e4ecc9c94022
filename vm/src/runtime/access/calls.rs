//! Calls into the program and out of it, with every value's type checked on the way.

use super::handles::RawHandle;
use super::objects::{Slots, is_reference};
use super::values::{Mismatch, Value};
use crate::program::{FunctionId, SlotType};
use crate::runtime::host::{HostCall, HostFailure};
use crate::runtime::{Meter, Outcome, Vm};
use limosa_spec::{Type, WellKnown};
use std::any::{Any, TypeId};
use std::marker::PhantomData;

/// Parameters, and results, of calls with a Rust type are at most this many.
pub(crate) const MAX_TYPED: usize = 8;

/// Why a call has no results.
#[derive(Debug)]
pub(crate) enum Failed {
    /// It could not be made.
    Mismatch(Mismatch),
    /// It ended otherwise than by returning.
    Outcome(Outcome),
}

impl From<Mismatch> for Box<Failed> {
    fn from(mismatch: Mismatch) -> Box<Failed> {
        Box::new(Failed::Mismatch(mismatch))
    }
}

/// The results of a call that returned. Nothing else can be done with the isolate until they are read.
pub(crate) struct Returned<'v> {
    /// The results are in its `results`.
    vm: &'v mut Vm,
    function: FunctionId,
}

impl Returned<'_> {
    /// The results.
    pub fn slots(&self) -> Slots<'_> {
        let roots = &self.vm.roots;
        let types = &roots.program.linked.functions[self.function as usize].results;
        Slots { roots, types, slots: self.vm.results.as_ptr(), borrow: PhantomData }
    }

    /// A handle of a result; None for null.
    pub fn handle(&mut self, index: usize) -> Option<RawHandle> {
        let reference = self.slots().reference(index);
        (!reference.is_null()).then(|| self.vm.new_handle(reference))
    }
}

impl Vm {
    /// Calls a function.
    pub fn invoke(&mut self, function: FunctionId, values: &[Value]) -> Result<Returned<'_>, Box<Failed>> {
        self.check_ending()?;
        self.free_dropped_handles();
        let mut arguments = [0; MAX_TYPED];
        let info = &self.program().linked.functions[function as usize];
        self.slot_values(values, &info.parameters, &mut arguments)?;
        self.enter_checked(function, &arguments[..values.len()])
    }

    /// Calls a closure.
    pub fn invoke_closure(&mut self, closure: Value, values: &[Value]) -> Result<Returned<'_>, Box<Failed>> {
        self.check_ending()?;
        self.free_dropped_handles();
        let Some(object) = self.object_of(closure) else { return Err(Mismatch::NoClosure { found: "null".to_owned() }.into()) };
        let Some((_, function, captures)) = object.closure() else {
            return Err(Mismatch::NoClosure { found: object.type_name().to_owned() }.into());
        };
        let mut arguments = [0; MAX_TYPED];
        let info = &self.program().linked.functions[function as usize];
        self.slot_values(values, info.parameters.get(captures.len()..).unwrap_or_default(), &mut arguments)?;
        let all = [captures, &arguments[..values.len()]].concat();
        self.enter_checked(function, &all)
    }

    /// After the end was decided inside a host function, it cannot call back any more.
    fn check_ending(&self) -> Result<(), Box<Failed>> {
        match &self.ending {
            Some(ending) => Err(Box::new(Failed::Outcome(Outcome::Ended(ending.clone())))),
            None => Ok(()),
        }
    }

    /// Calls a function with slot values of the parameters' types.
    fn enter_checked(&mut self, function: FunctionId, arguments: &[u64]) -> Result<Returned<'_>, Box<Failed>> {
        let count = self.count_results(function)?;
        let mut slots = [0; MAX_TYPED];
        // SAFETY: the arguments have the parameters' types (callers), and there is a slot for each result.
        let outcome = unsafe { self.call(function, arguments, &mut slots[..count]) };
        self.returned(function, outcome, slots)
    }

    /// Goes on with a suspended call of a function.
    pub fn resume_call(&mut self, function: FunctionId) -> Result<Returned<'_>, Box<Failed>> {
        if !self.is_suspended() || self.pending != Some(function) {
            return Err(Mismatch::NotSuspended.into());
        }
        self.free_dropped_handles();
        let count = self.count_results(function)?;
        let mut slots = [0; MAX_TYPED];
        // SAFETY: a call of this function is suspended, and there is a slot for each of its results.
        let outcome = unsafe { self.resume(&mut slots[..count]) };
        self.returned(function, outcome, slots)
    }

    fn count_results(&self, function: FunctionId) -> Result<usize, Mismatch> {
        let found = self.program().linked.functions[function as usize].results.len();
        if found > MAX_TYPED { Err(Mismatch::Count { expected: MAX_TYPED, found }) } else { Ok(found) }
    }

    fn returned(&mut self, function: FunctionId, outcome: Outcome, slots: [u64; MAX_TYPED]) -> Result<Returned<'_>, Box<Failed>> {
        self.pending = matches!(outcome, Outcome::Suspended(_)).then_some(function);
        match outcome {
            Outcome::Returned => {
                self.results = slots;
                Ok(Returned { vm: self, function })
            }
            other => Err(Box::new(Failed::Outcome(other))),
        }
    }

    /// What the host gave the isolate, if it is of this type.
    pub fn data<T: Any>(&self) -> Option<&T> {
        self.data.downcast_ref()
    }

    /// What the host gave the isolate, if it is of this type.
    #[inline]
    pub fn data_mut<T: Any>(&mut self) -> Option<&mut T> {
        self.data.get_mut()
    }
}

/// What the host gave an isolate, with its type at hand.
pub(crate) struct HostData {
    value: Box<dyn Any + Send>,
    ty: TypeId,
}

impl HostData {
    /// Keeps a value.
    pub fn new<T: Any + Send>(value: T) -> HostData {
        HostData { value: Box::new(value), ty: TypeId::of::<T>() }
    }

    fn downcast_ref<T: Any>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    /// The value, if it is of this type: `downcast_mut` without the call through a table.
    #[inline]
    fn get_mut<T: Any>(&mut self) -> Option<&mut T> {
        if self.ty != TypeId::of::<T>() {
            return None;
        }
        let value: *mut (dyn Any + Send) = &raw mut *self.value;
        // SAFETY: the value was boxed together with its type, which is `T`.
        Some(unsafe { &mut *value.cast::<T>() })
    }
}

impl HostCall<'_> {
    /// The arguments.
    #[inline]
    pub fn arguments(&self) -> Slots<'_> {
        Slots { roots: &self.vm.roots, types: &self.info.parameters, slots: self.fp, borrow: PhantomData }
    }

    /// The host's data, the arguments, the fuel, and what the function charged of it, side by side.
    #[inline]
    pub fn split<T: Any>(&mut self) -> Option<(&mut T, Slots<'_>, Meter<'_>, &mut i64)> {
        let Vm { roots, data, fuel, .. } = &mut *self.vm;
        // SAFETY: both are the isolate's, which is borrowed mutably.
        let meter = unsafe { Meter::new(fuel, roots.cx) };
        let slots = Slots { roots, types: &self.info.parameters, slots: self.fp, borrow: PhantomData };
        Some((data.get_mut()?, slots, meter, &mut self.charged))
    }

    /// The isolate, and what the function charged.
    #[inline]
    pub fn charging(&mut self) -> (&mut Vm, &mut i64) {
        (self.vm, &mut self.charged)
    }

    /// Keeps an argument over allocations until the function returns; None for null.
    #[inline]
    pub fn keep_argument(&mut self, index: usize) -> Option<usize> {
        let reference = self.arguments().reference(index);
        (!reference.is_null()).then(|| self.vm.keep(reference))
    }

    /// Sets the results. The arguments are gone from then on.
    #[inline]
    pub fn finish(&mut self, values: &[Value]) -> Result<(), Box<HostFailure>> {
        match (values, &*self.info.results) {
            ([], []) => Ok(()),
            (&[Value::Bits(bits)], [slot]) if !is_reference(slot.ty) => {
                // SAFETY: the frame has a register for the result, which is a number.
                unsafe { *self.fp = bits };
                Ok(())
            }
            _ => self.finish_any(values),
        }
    }

    /// Sets the result to a new string.
    #[inline]
    pub fn finish_text(&mut self, text: &str) -> Result<(), Box<HostFailure>> {
        let raised = |raise| Box::new(HostFailure::Raised(raise));
        match &*self.info.results {
            [slot] if slot.ty == Type::STR.code() => {
                let string = self.vm.new_string(text).map_err(raised)?;
                // SAFETY: the frame has a register for the result, which is a string.
                unsafe { *self.fp = string.to_slot() };
                Ok(())
            }
            _ => {
                let value = self.vm.value_of_text(text).map_err(raised)?;
                self.finish_any(&[value])
            }
        }
    }

    #[inline(never)]
    fn finish_any(&mut self, values: &[Value]) -> Result<(), Box<HostFailure>> {
        let results: &[SlotType] = &self.info.results;
        let mut slots = [0; MAX_TYPED];
        let failure = |message| Box::new(HostFailure::Error { class: WellKnown::HostError, message });
        self.vm.slot_values(values, results, &mut slots).map_err(|mismatch| failure(format!("result {mismatch}")))?;
        if results.iter().zip(&slots).any(|(result, &slot)| result.non_null && slot == 0) {
            return Err(failure("a result that may not be null is".to_owned()));
        }
        for (index, slot) in slots[..results.len()].iter().enumerate() {
            // SAFETY: the frame has a register for each result, and the value has the result's type.
            unsafe { *self.fp.add(index) = *slot };
        }
        Ok(())
    }
}
