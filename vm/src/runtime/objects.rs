//! Making and reading objects.
#![allow(unsafe_code, reason = "object memory")]

use crate::program::{ClassId, RuntimeTypeKind, TypeId};
use crate::runtime::roots::RootSet;
use crate::runtime::{Raise, Vm};
use limosa_abi::copy::copy_short;
use limosa_abi::object::{
    Flags, HEADER_BYTES, STRING_BYTES_OFFSET, STRING_HASH_OFFSET, array_bytes, header_word, load_reference, store_reference, string_bytes,
};
use limosa_abi::{ObjectKind, Reference, needs_log, try_allocate};
use limosa_spec::WellKnown;

/// Where an `Error`'s fields lie; the linker checks it.
pub(crate) const ERROR_MESSAGE: usize = 8;
/// Where an `Error`'s cause lies.
pub(crate) const ERROR_CAUSE: usize = 12;
/// Where an `Error`'s trace lies.
pub(crate) const ERROR_TRACE: usize = 16;

impl Vm {
    /// The reference in a slot, or the exception if it is null.
    #[inline]
    pub fn non_null(&self, slot: u64) -> Result<Reference, Raise> {
        if slot == 0 { Err(Raise::well_known(WellKnown::NullError)) } else { Ok(Reference::from_slot(slot)) }
    }

    /// An object of so many bytes with this header, the rest zero.
    ///
    /// # Safety
    /// The header is one of a class whose objects have this size; no reference outside root slots is used afterwards.
    #[inline]
    pub unsafe fn allocate(&mut self, bytes: usize, header: u64) -> Result<Reference, Raise> {
        let (word0, word1) = (header as u32, (header >> 32) as u32);
        // SAFETY: caller; the context is this heap's.
        unsafe {
            match try_allocate(self.context(), bytes, word0, word1) {
                Some(object) => Ok(object),
                None => self.allocate_elsewhere(bytes, word0, word1),
            }
        }
    }

    /// An object that does not fit the allocation buffer.
    ///
    /// # Safety
    /// As for [`Vm::allocate`].
    #[cold]
    unsafe fn allocate_elsewhere(&mut self, bytes: usize, word0: u32, word1: u32) -> Result<Reference, Raise> {
        // SAFETY: caller.
        unsafe { self.heap.allocate(bytes, word0, word1, &mut self.roots) }.ok_or_else(|| self.out_of_memory())
    }

    /// The exception that says that memory ended, or the end of everything if the heap was found broken.
    #[cold]
    pub fn out_of_memory(&self) -> Raise {
        match self.heap.violation() {
            Some(&violation) => Raise::End(super::execute::Ending::Violation(violation)),
            None if self.roots.out_of_memory.is_null() => Raise::well_known(WellKnown::OutOfMemory),
            None => Raise::Object(self.roots.out_of_memory),
        }
    }

    /// An array of zeros or nulls.
    ///
    /// # Safety
    /// The class is an array's; no reference outside root slots is used afterwards.
    pub unsafe fn allocate_array(&mut self, class: ClassId, length: u64) -> Result<Reference, Raise> {
        let shift = self.program().linked.classes.get(class).element_shift;
        let bytes = array_bytes(length, shift).ok_or_else(|| self.out_of_memory())?;
        // SAFETY: caller.
        unsafe { self.allocate(bytes, u64::from(header_word(class)) | length << 32) }
    }

    /// `array.new`
    ///
    /// # Safety
    /// As for [`Vm::allocate_array`].
    pub unsafe fn new_array(&mut self, class: ClassId, length: i64) -> Result<Reference, Raise> {
        let Ok(length) = u64::try_from(length) else {
            return Err(Raise::New { class: WellKnown::NegativeSizeError, message: format!("array size {length} is negative").into() });
        };
        let shift = self.program().linked.classes.get(class).element_shift;
        let bytes = array_bytes(length, shift).ok_or_else(|| self.out_of_memory())?;
        self.charge_bytes((bytes - HEADER_BYTES) as u64)?;
        // SAFETY: caller.
        unsafe { self.allocate_array(class, length) }
    }

    /// A string of so many bytes, which the caller fills with UTF-8 at once.
    ///
    /// # Safety
    /// As for [`Vm::allocate`].
    #[inline]
    pub unsafe fn allocate_string(&mut self, length: u64) -> Result<Reference, Raise> {
        let class = self.program().linked.classes.string;
        let bytes = string_bytes(length).ok_or_else(|| self.out_of_memory())?;
        // SAFETY: caller.
        unsafe { self.allocate(bytes, u64::from(header_word(class)) | length << 32) }
    }

    /// A string with this text. May collect.
    pub fn new_string(&mut self, text: &str) -> Result<Reference, Raise> {
        // SAFETY: root slots hold all references (callers keep none over this, as documented); the copy fills the string.
        unsafe {
            let string = self.allocate_string(text.len() as u64)?;
            copy_short(text.as_ptr(), string.at(self.context(), STRING_BYTES_OFFSET), text.len());
            Ok(string)
        }
    }

    /// The text of a string.
    ///
    /// # Safety
    /// A live string, which the borrow does not outlive: nothing may allocate while it is used.
    pub unsafe fn str(&self, string: Reference) -> &str {
        let cx = self.context();
        // SAFETY: strings are valid UTF-8 (all makers check).
        unsafe {
            let length = string.word1(cx) as usize;
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(string.at(cx, STRING_BYTES_OFFSET), length))
        }
    }

    /// The contents of a byte array.
    ///
    /// # Safety
    /// As for [`Vm::str`], for an array of one-byte elements.
    pub unsafe fn bytes(&self, array: Reference) -> &[u8] {
        let cx = self.context();
        // SAFETY: caller.
        unsafe { std::slice::from_raw_parts(array.at(cx, HEADER_BYTES), array.word1(cx) as usize) }
    }

    /// The program's string constant with this number, made now if need be.
    pub fn constant_string(&mut self, index: u32) -> Result<Reference, Raise> {
        let made = self.roots.strings[index as usize];
        if made != 0 {
            return Ok(Reference(made));
        }
        let text = std::sync::Arc::clone(&self.program().linked.strings[index as usize]);
        let string = self.new_string(&text)?;
        self.roots.strings[index as usize] = string.0;
        Ok(string)
    }

    /// A string's hash, cached in it.
    ///
    /// # Safety
    /// A live string.
    pub unsafe fn string_hash(&self, string: Reference) -> u32 {
        // SAFETY: caller; the cache is no reference.
        unsafe {
            let cache = string.at::<u32>(self.context(), STRING_HASH_OFFSET);
            if *cache == 0 {
                *cache = twox_hash::XxHash32::oneshot(0, self.str(string).as_bytes());
            }
            *cache
        }
    }

    /// An object's identity hash, given now if it has none.
    ///
    /// # Safety
    /// A live instance of a guest class.
    pub unsafe fn identity_hash(&mut self, object: Reference) -> u32 {
        let cx = self.context();
        // SAFETY: word 1 of an instance is its identity hash.
        unsafe {
            if object.word1(cx) == 0 {
                self.identity = self.identity.checked_add(1).unwrap_or(1);
                object.set_word1(cx, self.identity);
                *object.at::<u32>(cx, 0) |= Flags::HASHED.bits();
            }
            object.word1(cx)
        }
    }

    /// Whether an object is an instance of a type.
    ///
    /// # Safety
    /// A live object; a type of the program.
    pub unsafe fn is_instance(&self, object: Reference, ty: TypeId) -> bool {
        // SAFETY: caller.
        unsafe { self.roots.is_instance(object, ty) }
    }

    /// The name of an object's type, as the text form spells it.
    ///
    /// # Safety
    /// A live object.
    pub unsafe fn type_name(&self, object: Reference) -> &str {
        // SAFETY: caller.
        let class = unsafe { object.class(self.context()) };
        &self.program().linked.types[class.type_id as usize].name
    }

    /// The exception of a cast that failed.
    ///
    /// # Safety
    /// A live object.
    pub unsafe fn cast_failure(&self, object: Reference, ty: TypeId) -> Raise {
        // SAFETY: caller.
        let found = unsafe { self.type_name(object) };
        let wanted = &self.program().linked.types[ty as usize].name;
        Raise::New { class: WellKnown::CastError, message: format!("expected {wanted}, found {found}").into() }
    }

    /// The exception of an unboxing that failed.
    ///
    /// # Safety
    /// A live object.
    pub unsafe fn unbox_failure(&self, object: Reference, class: WellKnown) -> Raise {
        // SAFETY: caller.
        let found = unsafe { self.type_name(object) };
        Raise::New { class: WellKnown::CastError, message: format!("expected {}, found {found}", class.name()).into() }
    }

    /// The cold side of the write barrier for a whole object.
    ///
    /// # Safety
    /// A live object.
    pub unsafe fn log_object(&mut self, holder: Reference) {
        // SAFETY: caller.
        unsafe { self.heap.log_object(holder) }
    }

    /// The cold side of the write barrier for some slots of an array, by their byte offsets.
    ///
    /// # Safety
    /// A live reference array.
    pub unsafe fn log_slots(&mut self, holder: Reference, bytes: std::ops::Range<usize>) {
        // SAFETY: caller.
        unsafe { self.heap.log_range(holder, bytes) }
    }

    /// The write barrier before some elements of a reference array change.
    ///
    /// # Safety
    /// A live reference array that has these elements.
    pub unsafe fn before_writes(&mut self, array: Reference, start: usize, count: usize) {
        // SAFETY: caller.
        unsafe {
            if needs_log(self.context(), array) {
                self.heap.log_range(array, HEADER_BYTES + 4 * start..HEADER_BYTES + 4 * (start + count));
            }
        }
    }

    /// A reference field of an object, written with the barrier.
    ///
    /// # Safety
    /// A live object with a reference at this offset, and a value of its type.
    pub unsafe fn write_reference(&mut self, holder: Reference, offset: usize, value: Reference) {
        // SAFETY: caller.
        unsafe {
            if needs_log(self.context(), holder) {
                self.heap.log_object(holder);
            }
            store_reference(self.context(), holder, offset, value);
        }
    }

    /// A new exception object with a message. May collect.
    pub fn new_error_object(&mut self, class: ClassId, message: &str) -> Result<Reference, Raise> {
        let size = self.program().linked.classes.get(class).size as usize;
        let text = self.new_string(message)?;
        self.roots.temporaries.push(text.0);
        // SAFETY: the class is `Error` or below it, with the layout that `ERROR_MESSAGE` stands for.
        unsafe {
            let object = self.allocate(size, u64::from(header_word(class)));
            let text = Reference(self.roots.temporaries.pop().unwrap_or_default());
            let object = object?;
            self.write_reference(object, ERROR_MESSAGE, text);
            Ok(object)
        }
    }

    /// A reference field of an object.
    ///
    /// # Safety
    /// A live object with a reference at this offset.
    pub unsafe fn read_reference(&self, object: Reference, offset: usize) -> Reference {
        // SAFETY: caller.
        unsafe { load_reference(self.context(), object, offset) }
    }
}

impl RootSet {
    /// Whether an object is an instance of a type.
    ///
    /// # Safety
    /// A live object; a type of the program.
    pub unsafe fn is_instance(&self, object: Reference, ty: TypeId) -> bool {
        // SAFETY: caller; displays and interface lists have the lengths their records say (linker).
        unsafe {
            let class = object.class(self.cx);
            match self.program.linked.types[ty as usize].kind {
                RuntimeTypeKind::Any => true,
                RuntimeTypeKind::Number(_) => false,
                RuntimeTypeKind::Class { class: wanted, depth } => {
                    class.kind == ObjectKind::Instance && class.depth >= depth && *class.display.add(depth as usize) == wanted
                }
                RuntimeTypeKind::Interface => {
                    class.interface_count > 0
                        && std::slice::from_raw_parts(class.interfaces, class.interface_count as usize).binary_search(&ty).is_ok()
                }
                RuntimeTypeKind::Str { .. }
                | RuntimeTypeKind::Array { .. }
                | RuntimeTypeKind::Function { .. }
                | RuntimeTypeKind::Fiber { .. } => class.type_id == ty,
            }
        }
    }
}
