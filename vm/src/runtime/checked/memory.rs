//! What instructions that read and write registers, objects and globals must do, worked out from the linker's tables.
#![allow(unsafe_code, reason = "reads objects")]

use super::effect::{Effect, Expected};
use super::place::{Place, View};
use super::{broken, ensure};
use crate::program::{ClassId, RuntimeTypeKind, TypeId};
use crate::runtime::Vm;
use limosa_abi::object::{HEADER_BYTES, STRING_BYTES_OFFSET};
use limosa_abi::{ObjectKind, Reference};
use limosa_spec::{Opcode, Type, TypeDefinition, TypeKind, TypingRule, WellKnown};

/// Objects of more bytes than this are compared around the place written only.
const WINDOW: usize = 256;
/// New arrays of more bytes than this are compared at their start only.
const NEW: usize = 4096;

/// An instruction at work.
struct Work<'a> {
    vm: &'a Vm,
    place: &'a Place<'a>,
    view: &'a View<'a>,
    fp: *mut u64,
    raw: &'a [u32],
}

/// What an instruction other than calls and returns must do.
///
/// # Safety
/// The machine is at the place, and its values are in order.
pub(super) unsafe fn expected(vm: &Vm, place: &Place<'_>, view: &View<'_>, pc: usize, fp: *mut u64) -> Expected {
    let work = Work { vm, place, view, fp, raw: view.body.code.raw_operands(pc) };
    let opcode = view.opcode(pc);
    // SAFETY: caller.
    let found = unsafe {
        match opcode.typing() {
            TypingRule::FieldGet => work.field_get(),
            TypingRule::FieldSet => work.field_set(),
            TypingRule::ArrayLen => work.length(),
            TypingRule::ArrayGet => work.array_get(),
            TypingRule::ArraySet => work.array_set(),
            TypingRule::ByteLoad => work.byte_load(opcode),
            TypingRule::ByteStore => work.byte_store(opcode),
            TypingRule::GlobalGet => Ok(work.register(vm.roots.globals[(view.module.first_global + work.raw[1]) as usize])),
            TypingRule::GlobalSet => Ok(Effect::Global(work.raw[0] as usize, work.value(1))),
            TypingRule::Move => Ok(work.register(work.value(1))),
            TypingRule::DefStr => Ok(work.text()),
            TypingRule::TypeTest => Ok(work.register(u64::from(work.value(1) != 0 && work.is_instance(1, 2)))),
            TypingRule::Cast if work.value(1) == 0 || work.is_instance(1, 2) => Ok(work.register(work.value(1))),
            TypingRule::Cast => Err(WellKnown::CastError),
            TypingRule::New => Ok(work.fresh(work.class(1), 0, None)),
            TypingRule::ArrayNew => work.array_new(),
            TypingRule::Box => Ok(work.boxed(opcode)),
            TypingRule::Unbox => work.unboxed(opcode),
            TypingRule::UseStr if opcode == Opcode::StrLen => work.length(),
            TypingRule::UseStr if opcode == Opcode::StrByte => work.string_byte(),
            TypingRule::Fixed => match opcode {
                Opcode::MovI32 | Opcode::MovI64 | Opcode::MovF32 | Opcode::MovF64 => Ok(work.register(work.value(1))),
                Opcode::EqRef => Ok(work.register(u64::from(work.value(1) == work.value(2)))),
                Opcode::IsNull => Ok(work.register(u64::from(work.value(1) == 0))),
                _ => return Expected::default(),
            },
            _ => return Expected::default(),
        }
    };
    match found {
        Ok(effect) => Expected { modelled: true, effect, ..Expected::default() },
        Err(trap) => Expected { modelled: true, trap: Some(trap), ..Expected::default() },
    }
}

/// What an instruction does, or what it throws.
type Found = Result<Effect, WellKnown>;

impl Work<'_> {
    unsafe fn value(&self, operand: usize) -> u64 {
        // SAFETY: caller.
        unsafe { self.view.operand(self.fp, self.raw[operand]) }
    }

    fn register(&self, value: u64) -> Effect {
        Effect::Register(self.raw[0], value)
    }

    unsafe fn object(&self, operand: usize) -> Result<Reference, WellKnown> {
        // SAFETY: caller.
        let object = Reference::from_slot(unsafe { self.value(operand) });
        if object.is_null() { Err(WellKnown::NullError) } else { Ok(object) }
    }

    fn runtime_type(&self, operand: usize) -> TypeId {
        self.view.linked.runtime_type(self.view.module, Type::from_code(self.raw[operand]))
    }

    fn class(&self, operand: usize) -> ClassId {
        let ty = self.runtime_type(operand);
        self.view.linked.class_of(ty).unwrap_or_else(|| broken(self.place, &"its type has no class"))
    }

    unsafe fn is_instance(&self, operand: usize, ty: usize) -> bool {
        // SAFETY: caller; the object is not null.
        unsafe { self.vm.is_instance(Reference::from_slot(self.value(operand)), self.runtime_type(ty)) }
    }

    /// The place and type of the field of an object, of which the field is found to be one.
    unsafe fn field(&self, object: Reference, operand: usize) -> (usize, Type) {
        let (class, field) = (Type::from_code(self.raw[operand]), self.raw[operand + 1] as usize);
        let linked = self.view.linked;
        let members = match class.kind() {
            TypeKind::WellKnown(class) => &linked.well_known_members[class as usize],
            _ => &self.view.module.members[class.defined_index().unwrap_or_default() as usize],
        };
        let (offset, ty) = members.fields[field];
        // SAFETY: a live object (values).
        let (is_instance, record) = unsafe { (self.vm.is_instance(object, self.runtime_type(operand)), object.class(self.vm.context())) };
        ensure!(is_instance, self.place, "the object {:#x} is not of the field's class", object.0);
        let end = offset as usize + size(ty);
        let fits = record.kind == ObjectKind::Instance && offset as usize >= HEADER_BYTES && end <= record.size as usize;
        ensure!(fits, self.place, "the field ends at byte {end}, the object {:#x} at {}", object.0, record.size);
        (offset as usize, ty)
    }

    unsafe fn field_get(&self) -> Found {
        // SAFETY: caller; the field lies in the object.
        unsafe {
            let object = self.object(1)?;
            let (offset, ty) = self.field(object, 2);
            Ok(self.register(load(self.vm, object, offset, ty)))
        }
    }

    unsafe fn field_set(&self) -> Found {
        // SAFETY: as for `field_get`.
        unsafe {
            let object = self.object(0)?;
            let (offset, ty) = self.field(object, 1);
            let end = object.class(self.vm.context()).size as usize;
            Ok(self.stored(object, offset, end, &self.value(3).to_le_bytes()[..size(ty)]))
        }
    }

    unsafe fn length(&self) -> Found {
        // SAFETY: caller.
        unsafe { Ok(self.register(u64::from(self.object(1)?.word1(self.vm.context())))) }
    }

    /// The element type of an array operand, which the array's class is found to have.
    unsafe fn element(&self, array: Reference, operand: usize) -> Type {
        let ty = self.view.kinds.len();
        ensure!((self.raw[operand] as usize) < ty, self.place, "a constant that is no null");
        let registers = self.view.module.module.registers(self.view.module.module.imports.len() as u32 + self.index());
        let declared = registers.get(self.raw[operand]).and_then(|ty| self.view.module.module.definition(ty));
        let Some(&TypeDefinition::Array(element)) = declared else { broken(self.place, &"the register's type is no array") };
        // SAFETY: a live object (values).
        let class = unsafe { array.class(self.vm.context()) };
        let kind = if element.is_reference() { ObjectKind::ReferenceArray } else { ObjectKind::NumberArray };
        let width = 1 << class.element_shift == size(element);
        ensure!(class.kind == kind && width, self.place, "the array {:#x} has elements of another kind or width", array.0);
        element
    }

    fn index(&self) -> u32 {
        match self.view.info.kind {
            crate::program::FunctionKind::Guest { index, .. } | crate::program::FunctionKind::Host { index } => index,
        }
    }

    /// The index in an operand, if that many bytes from it on are in the object.
    unsafe fn index_in(&self, object: Reference, operand: usize, count: u64) -> Result<usize, WellKnown> {
        // SAFETY: caller.
        let (index, length) = unsafe { (self.value(operand) as i64, object.word1(self.vm.context())) };
        let inside = u64::try_from(index).is_ok_and(|index| index + count <= u64::from(length));
        if inside { Ok(index as usize) } else { Err(WellKnown::IndexError) }
    }

    unsafe fn array_get(&self) -> Found {
        // SAFETY: caller; the element lies in the array.
        unsafe {
            let array = self.object(1)?;
            let element = self.element(array, 1);
            let index = self.index_in(array, 2, 1)?;
            Ok(self.register(load(self.vm, array, HEADER_BYTES + index * size(element), element)))
        }
    }

    unsafe fn array_set(&self) -> Found {
        // SAFETY: as for `array_get`.
        unsafe {
            let array = self.object(0)?;
            let element = self.element(array, 0);
            let index = self.index_in(array, 1, 1)?;
            let end = HEADER_BYTES + array.word1(self.vm.context()) as usize * size(element);
            Ok(self.stored(array, HEADER_BYTES + index * size(element), end, &self.value(2).to_le_bytes()[..size(element)]))
        }
    }

    unsafe fn byte_load(&self, opcode: Opcode) -> Found {
        let ty = accessed(opcode);
        // SAFETY: as for `array_get`.
        unsafe {
            let array = self.object(1)?;
            self.element(array, 1);
            let index = self.index_in(array, 2, size(ty) as u64)?;
            Ok(self.register(load(self.vm, array, HEADER_BYTES + index, ty)))
        }
    }

    unsafe fn byte_store(&self, opcode: Opcode) -> Found {
        let ty = accessed(opcode);
        // SAFETY: as for `array_get`.
        unsafe {
            let array = self.object(0)?;
            self.element(array, 0);
            let index = self.index_in(array, 1, size(ty) as u64)?;
            let mut value = self.value(2);
            if ty == Type::F64 && f64::from_bits(value).is_nan() {
                value = 0x7ff8_0000_0000_0000;
            } else if ty == Type::F32 && f32::from_bits(value as u32).is_nan() {
                value = 0x7fc0_0000;
            }
            let end = HEADER_BYTES + array.word1(self.vm.context()) as usize;
            Ok(self.stored(array, HEADER_BYTES + index, end, &value.to_le_bytes()[..size(ty)]))
        }
    }

    unsafe fn string_byte(&self) -> Found {
        // SAFETY: as for `array_get`.
        unsafe {
            let string = self.object(1)?;
            let index = self.index_in(string, 2, 1)?;
            Ok(self.register(u64::from(bytes(self.vm, string, STRING_BYTES_OFFSET + index, 1)[0])))
        }
    }

    fn text(&self) -> Effect {
        let string = self.view.module.strings[self.raw[1] as usize];
        Effect::Text(self.raw[0], self.view.linked.strings[string as usize].clone())
    }

    /// A new object with these bytes behind its header, or zeros.
    fn fresh(&self, class: ClassId, word1: u32, content: Option<Vec<u8>>) -> Effect {
        let record = self.view.linked.classes.get(class);
        let size = limosa_abi::object::object_size(record, word1).min(NEW);
        let mut bytes = content.unwrap_or_default();
        bytes.resize(size - HEADER_BYTES, 0);
        Effect::Fresh { register: self.raw[0], class, word1, bytes, before: self.vm.checks.objects.borrow().end() }
    }

    unsafe fn array_new(&self) -> Found {
        // SAFETY: caller.
        let length = unsafe { self.value(2) } as i64;
        match u32::try_from(length) {
            Ok(length) if length <= i32::MAX as u32 => Ok(self.fresh(self.class(1), length, None)),
            _ if length < 0 => Err(WellKnown::NegativeSizeError),
            _ => Err(WellKnown::OutOfMemory),
        }
    }

    unsafe fn boxed(&self, opcode: Opcode) -> Effect {
        let (class, ty) = boxed(opcode);
        // SAFETY: caller.
        let value = unsafe { self.value(1) };
        self.fresh(self.view.linked.classes.well_known(class), 0, Some(value.to_le_bytes()[..size(ty)].to_vec()))
    }

    unsafe fn unboxed(&self, opcode: Opcode) -> Found {
        let (class, ty) = boxed(opcode);
        // SAFETY: caller; the object is found to be the box.
        unsafe {
            let object = self.object(1)?;
            if object.class_id(self.vm.context()) != self.view.linked.classes.well_known(class) {
                return Err(WellKnown::CastError);
            }
            Ok(self.register(load(self.vm, object, HEADER_BYTES, ty)))
        }
    }

    /// The object as it must be once these bytes were stored, as far as it is near them.
    unsafe fn stored(&self, object: Reference, at: usize, end: usize, value: &[u8]) -> Effect {
        let (from, to) = if end <= WINDOW { (0, end) } else { (at.saturating_sub(WINDOW), end.min(at + value.len() + WINDOW)) };
        // SAFETY: the bytes lie in the object (caller).
        let mut bytes = unsafe { bytes(self.vm, object, from, to - from) };
        bytes[at - from..at - from + value.len()].copy_from_slice(value);
        Effect::Memory { object, from, bytes }
    }
}

/// The bytes of a field or element.
fn size(ty: Type) -> usize {
    match ty {
        Type::I8 | Type::U8 => 1,
        Type::I16 | Type::U16 => 2,
        Type::I64 | Type::F64 => 8,
        _ => 4,
    }
}

/// What an access to bytes reads or writes.
fn accessed(opcode: Opcode) -> Type {
    match opcode {
        Opcode::Load16I32 | Opcode::Store16I32 => Type::I16,
        Opcode::Load16uI32 => Type::U16,
        Opcode::LoadI64 | Opcode::StoreI64 => Type::I64,
        Opcode::LoadF32 | Opcode::StoreF32 => Type::F32,
        Opcode::LoadF64 | Opcode::StoreF64 => Type::F64,
        _ => Type::I32,
    }
}

/// The box that an instruction makes or opens, and what is in it.
fn boxed(opcode: Opcode) -> (WellKnown, Type) {
    match opcode {
        Opcode::BoxI64 | Opcode::UnboxI64 => (WellKnown::Int64, Type::I64),
        Opcode::BoxF32 | Opcode::UnboxF32 => (WellKnown::Float32, Type::F32),
        Opcode::BoxF64 | Opcode::UnboxF64 => (WellKnown::Float64, Type::F64),
        _ => (WellKnown::Int32, Type::I32),
    }
}

/// Bytes of an object.
///
/// # Safety
/// They lie in a live object.
pub(super) unsafe fn bytes(vm: &Vm, object: Reference, from: usize, count: usize) -> Vec<u8> {
    // SAFETY: caller.
    unsafe { std::slice::from_raw_parts(object.at::<u8>(vm.context(), from), count) }.to_vec()
}

/// What a slot holds that was loaded from an object.
unsafe fn load(vm: &Vm, object: Reference, offset: usize, ty: Type) -> u64 {
    let mut slot = [0; 8];
    // SAFETY: caller.
    slot[..size(ty)].copy_from_slice(&unsafe { bytes(vm, object, offset, size(ty)) });
    let value = u64::from_le_bytes(slot);
    match ty {
        Type::I8 => u64::from(i32::from(value as i8) as u32),
        Type::I16 => u64::from(i32::from(value as i16) as u32),
        _ => value,
    }
}

/// Whether the runtime type is that of closures.
pub(super) fn is_function(kind: &RuntimeTypeKind) -> bool {
    matches!(kind, RuntimeTypeKind::Function { .. })
}
