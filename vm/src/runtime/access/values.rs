//! Values on their way into the program: made, kept where the collector finds them, and checked against the type asked for.

use super::objects::{Element, ObjectRef, is_reference};
use crate::program::{SlotType, TypeId};
use crate::runtime::{Raise, Vm};
use limosa_abi::Reference;
use limosa_abi::object::{HEADER_BYTES, store_reference};

/// A value on its way into the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A number as it stands in a slot.
    Bits(u64),
    /// The null reference.
    Null,
    /// The reference kept among the temporaries under this number.
    Kept(usize),
    /// The reference of the handle with this number.
    Handle(u32),
}

impl Vm {
    /// A new string. May collect.
    pub fn value_of_text(&mut self, text: &str) -> Result<Value, Raise> {
        let string = self.new_string(text)?;
        Ok(Value::Kept(self.keep(string)))
    }

    /// A new array of numbers. May collect.
    pub fn value_of_elements<E: Element>(&mut self, elements: &[E]) -> Result<Value, Raise> {
        let class = self.program().linked.classes.arrays[E::TYPE.code() as usize];
        // SAFETY: a class of arrays of this element type; the copy fills the array; callers keep no references.
        unsafe {
            let array = self.allocate_array(class, elements.len() as u64)?;
            std::ptr::copy_nonoverlapping(elements.as_ptr(), array.at(self.context(), HEADER_BYTES), elements.len());
            Ok(Value::Kept(self.keep(array)))
        }
    }

    /// A new array of strings. May collect.
    pub fn value_of_texts<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t str>) -> Result<Value, Raise> {
        let class = self.program().linked.classes.strings;
        // SAFETY: the class of `[str]`; the array is kept while strings are made, and written with the barrier.
        unsafe {
            let count = texts.len();
            let array = self.allocate_array(class, count as u64)?;
            let array = self.keep(array);
            for (index, text) in texts.enumerate().take(count) {
                let string = self.new_string(text)?;
                let holder = self.kept(array);
                self.before_writes(holder, index, 1);
                store_reference(self.context(), holder, HEADER_BYTES + 4 * index, string);
            }
            Ok(Value::Kept(array))
        }
    }

    /// How many temporaries are kept, for [`Vm::release_temporaries`].
    pub fn temporaries(&self) -> usize {
        self.roots.temporaries.len()
    }

    /// Forgets the temporaries kept since.
    pub fn release_temporaries(&mut self, count: usize) {
        self.roots.temporaries.truncate(count);
    }

    /// The object a value names; None for null and numbers.
    pub fn object_of(&self, value: Value) -> Option<ObjectRef<'_>> {
        let slot = match value {
            Value::Bits(_) | Value::Null => None,
            Value::Kept(index) => self.roots.temporaries.get(index),
            Value::Handle(index) => self.roots.handles.get(index as usize),
        };
        let reference = Reference(*slot?);
        (!reference.is_null()).then_some(ObjectRef { roots: &self.roots, reference })
    }

    /// The elements of an array, to be written.
    pub fn elements_of_mut<E: Element>(&mut self, value: Value) -> Option<&mut [E]> {
        // SAFETY: the VM is borrowed mutably.
        unsafe { self.object_of(value)?.elements_mut() }
    }

    /// The slot value of a value that is to have a type, or what it is instead.
    fn slot_value(&self, value: Value, ty: TypeId) -> Result<u64, String> {
        match (value, is_reference(ty)) {
            (Value::Bits(bits), false) => Ok(bits),
            (Value::Bits(_), true) => Err("a number".to_owned()),
            (_, false) => Err("a reference".to_owned()),
            (_, true) => match self.object_of(value) {
                Some(object) if object.is_instance(ty) => Ok(object.reference.to_slot()),
                Some(object) => Err(object.type_name().to_owned()),
                None => Ok(0),
            },
        }
    }

    /// Writes the slot values of values that are to have these types.
    pub(super) fn slot_values(&self, values: &[Value], slots: &[SlotType], buffer: &mut [u64]) -> Result<(), Mismatch> {
        if values.len() != slots.len() || values.len() > buffer.len() {
            return Err(Mismatch::Count { expected: slots.len(), found: values.len() });
        }
        for (index, (&value, slot)) in values.iter().zip(slots).enumerate() {
            buffer[index] = self.slot_value(value, slot.ty).map_err(|found| {
                let expected = self.program().linked.types[slot.ty as usize].name.to_string();
                Mismatch::Type { index, expected, found }
            })?;
        }
        Ok(())
    }
}

/// Why values cannot be passed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mismatch {
    /// There are too many or too few.
    #[error("{found} values where {expected} are asked for")]
    Count {
        /// How many are asked for.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// One is of another type.
    #[error("value {} is {found}; {expected} is asked for", index + 1)]
    Type {
        /// Which one, from 0.
        index: usize,
        /// The type asked for.
        expected: String,
        /// What it is.
        found: String,
    },
    /// What was to be called is no closure.
    #[error("{found} cannot be called")]
    NoClosure {
        /// What it is.
        found: String,
    },
    /// No call waits to be gone on with.
    #[error("no call of this function is suspended")]
    NotSuspended,
}
