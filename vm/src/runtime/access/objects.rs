//! Reading what is in slots: numbers, and objects that stay where they are as long as they are looked at.

use crate::interp::ops::call::link_of;
use crate::interp::ops::closure::closure_entry;
use crate::program::{FunctionId, SlotType, TypeId};
use crate::runtime::objects::{ERROR_CAUSE, ERROR_MESSAGE};
use crate::runtime::roots::RootSet;
use limosa_abi::frame::link_function;
use limosa_abi::object::{HEADER_BYTES, STRING_BYTES_OFFSET, load_reference};
use limosa_abi::{ClassInfo, ObjectKind, Reference};
use limosa_spec::{Type, WellKnown};
use std::marker::PhantomData;

/// Types of array elements that host code can see as slices: all integers of 8 to 64 bits that bytecode knows, `f32` and `f64`.
pub trait Element: Copy + Send + Sync + 'static + sealed::Sealed {
    /// The element type.
    #[doc(hidden)]
    const TYPE: Type;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! elements {
    ($($rust:ty = $code:ident),*) => {$(
        impl sealed::Sealed for $rust {}
        impl Element for $rust {
            const TYPE: Type = Type::$code;
        }
    )*};
}
elements!(i8 = I8, u8 = U8, i16 = I16, u16 = U16, i32 = I32, i64 = I64, f32 = F32, f64 = F64);

/// Whether a runtime type is a reference type.
#[inline]
pub(super) fn is_reference(ty: TypeId) -> bool {
    ty >= Type::ANY.code()
}

/// Typed slots that are not written while this lives: the arguments of a host function, or the results of a call.
#[derive(Clone, Copy)]
pub struct Slots<'a> {
    pub(super) roots: &'a RootSet,
    pub(super) types: &'a [SlotType],
    pub(super) slots: *const u64,
    pub(super) borrow: PhantomData<&'a u64>,
}

impl<'a> Slots<'a> {
    /// A number; 0 where there is none.
    #[inline]
    pub fn bits(&self, index: usize) -> u64 {
        match self.types.get(index) {
            // SAFETY: there is a slot for each type.
            Some(slot) if !is_reference(slot.ty) => unsafe { *self.slots.add(index) },
            _ => 0,
        }
    }

    /// An object; None for null, and where there is none.
    #[inline]
    pub fn object(&self, index: usize) -> Option<ObjectRef<'a>> {
        let reference = self.reference(index);
        (!reference.is_null()).then_some(ObjectRef { roots: self.roots, reference })
    }

    /// A reference; null where there is none.
    #[inline]
    pub(super) fn reference(&self, index: usize) -> Reference {
        match self.types.get(index) {
            // SAFETY: there is a slot for each type; one of a reference type holds null or a live object.
            Some(slot) if is_reference(slot.ty) => Reference::from_slot(unsafe { *self.slots.add(index) }),
            _ => Reference::NULL,
        }
    }
}

/// An object that does not move while this lives.
#[derive(Clone, Copy)]
pub struct ObjectRef<'a> {
    pub(super) roots: &'a RootSet,
    pub(super) reference: Reference,
}

impl<'a> ObjectRef<'a> {
    #[inline]
    pub(super) fn class(self) -> &'a ClassInfo {
        // SAFETY: a live object; class records live as long as the program, which the roots hold.
        unsafe { self.reference.class(self.roots.cx) }
    }

    #[inline]
    fn length(self) -> usize {
        // SAFETY: a live object; asked for only where word 1 is a length.
        unsafe { self.reference.word1(self.roots.cx) as usize }
    }

    /// The text, if it is a string.
    #[inline]
    pub fn text(self) -> Option<&'a str> {
        // SAFETY: a string.
        (self.class().kind == ObjectKind::String).then(|| unsafe { self.text_of_string() })
    }

    /// The text of a string.
    ///
    /// # Safety
    /// It is one.
    #[inline]
    unsafe fn text_of_string(self) -> &'a str {
        // SAFETY: its bytes are UTF-8 (all makers check), and nothing writes or moves them while the roots are borrowed.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.reference.at(self.roots.cx, STRING_BYTES_OFFSET), self.length());
            std::str::from_utf8_unchecked(bytes)
        }
    }

    /// The elements, if it is an array of this element type.
    #[inline]
    pub fn elements<E: Element>(self) -> Option<&'a [E]> {
        let elements = self.elements_pointer::<E>()?;
        // SAFETY: as `elements_pointer` says; nothing writes or moves them while the roots are borrowed.
        Some(unsafe { std::slice::from_raw_parts(elements, self.length()) })
    }

    /// Where the elements are, if it is an array of this element type: aligned, and any bits are a value.
    #[inline]
    fn elements_pointer<E: Element>(self) -> Option<*mut E> {
        let class = self.roots.program.linked.classes.arrays[E::TYPE.code() as usize];
        (self.class().id == class).then(|| self.reference.at(self.roots.cx, HEADER_BYTES))
    }

    /// The elements of an array to be written.
    ///
    /// # Safety
    /// Nothing else reads or writes the array, or moves it, while the result lives.
    pub(super) unsafe fn elements_mut<E: Element>(self) -> Option<&'a mut [E]> {
        let elements = self.elements_pointer::<E>()?;
        // SAFETY: caller, and as `elements_pointer` says. There is no barrier, because the elements are numbers.
        Some(unsafe { std::slice::from_raw_parts_mut(elements, self.length()) })
    }

    /// The elements, if it is an array of references; null ones are None.
    pub fn objects(self) -> Option<impl ExactSizeIterator<Item = Option<ObjectRef<'a>>>> {
        if self.class().kind != ObjectKind::ReferenceArray {
            return None;
        }
        // SAFETY: the elements of a reference array, all in it.
        let element = move |index| unsafe { load_reference(self.roots.cx, self.reference, HEADER_BYTES + 4 * index) };
        Some((0..self.length()).map(element).map(move |reference| self.other(reference)))
    }

    /// The elements, if it is an array of strings; null ones are None.
    #[inline]
    pub fn texts(self) -> Option<impl ExactSizeIterator<Item = Option<&'a str>>> {
        if self.class().id != self.roots.program.linked.classes.strings {
            return None;
        }
        // SAFETY: the elements of an array of references, which nothing writes or moves while the roots are borrowed.
        let elements = unsafe { std::slice::from_raw_parts(self.reference.at::<u32>(self.roots.cx, HEADER_BYTES), self.length()) };
        // SAFETY: the elements of an array of strings are strings or null (verifier).
        Some(elements.iter().map(move |&element| self.other(Reference(element)).map(|string| unsafe { string.text_of_string() })))
    }

    #[inline]
    fn other(self, reference: Reference) -> Option<ObjectRef<'a>> {
        (!reference.is_null()).then_some(ObjectRef { roots: self.roots, reference })
    }

    /// Its type as the text form spells it.
    pub fn type_name(self) -> &'a str {
        &self.roots.program.linked.types[self.class().type_id as usize].name
    }

    /// Whether it is an instance of a type.
    pub fn is_instance(self, ty: TypeId) -> bool {
        // SAFETY: a live object.
        unsafe { self.roots.is_instance(self.reference, ty) }
    }

    /// Message and cause, if it is an `Error`.
    pub fn error(self) -> Option<(Option<&'a str>, Option<ObjectRef<'a>>)> {
        let classes = &self.roots.program.linked.classes;
        if !self.is_instance(classes.get(classes.well_known(WellKnown::Error)).type_id) {
            return None;
        }
        // SAFETY: an `Error` has these fields.
        let field = |offset| unsafe { load_reference(self.roots.cx, self.reference, offset) };
        Some((self.other(field(ERROR_MESSAGE)).and_then(ObjectRef::text), self.other(field(ERROR_CAUSE))))
    }

    /// The function type, the function and its bound arguments, if it is a closure.
    pub fn closure(self) -> Option<(TypeId, FunctionId, &'a [u64])> {
        let class = self.class();
        if class.kind != ObjectKind::Closure {
            return None;
        }
        // SAFETY: a closure's class has its function's entry, and its captures are slots from the header on.
        let (link, captures) = unsafe {
            let captures = self.reference.at::<u64>(self.roots.cx, HEADER_BYTES);
            (link_of(closure_entry(class)), std::slice::from_raw_parts(captures, class.captures as usize))
        };
        Some((class.type_id, link_function(link), captures))
    }
}
