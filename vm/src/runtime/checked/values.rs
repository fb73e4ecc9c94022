//! Whether a slot holds a value of its type.
#![allow(unsafe_code, reason = "looks at objects")]

use super::broken;
use super::objects::class_record;
use crate::program::{FunctionId, FunctionKind, Linked, LinkedModule, RuntimeTypeKind, TypeId};
use crate::runtime::Vm;
use limosa_abi::Reference;
use limosa_spec::Type;
use std::fmt::Display;
use std::sync::Arc;

/// What a slot may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An `i32` or `f32`: the upper half is zero.
    Half,
    /// An `i64` or `f64`.
    Whole,
    /// Null or an instance of the type.
    Reference(TypeId),
}

impl Kind {
    /// The kind of a register of a runtime type.
    pub fn of_runtime(linked: &Linked, ty: TypeId) -> Kind {
        match linked.types[ty as usize].kind {
            RuntimeTypeKind::Number(Type::I64 | Type::F64) => Kind::Whole,
            RuntimeTypeKind::Number(_) => Kind::Half,
            _ => Kind::Reference(ty),
        }
    }

    /// The kind of a register of a module's type.
    pub fn of(linked: &Linked, module: &LinkedModule, ty: Type) -> Kind {
        match ty.register_type() {
            Type::I64 | Type::F64 => Kind::Whole,
            Type::I32 | Type::F32 => Kind::Half,
            ty => Kind::Reference(linked.runtime_type(module, ty)),
        }
    }

    /// The kinds of a function's registers; of a host function its parameters.
    pub fn of_registers(linked: &Linked, function: FunctionId) -> Arc<[Kind]> {
        let info = &linked.functions[function as usize];
        match info.kind {
            FunctionKind::Guest { module, index } => {
                let module = &linked.modules[module as usize];
                let index = module.module.imports.len() as u32 + index;
                module.module.registers(index).iter().map(|ty| Kind::of(linked, module, ty)).collect()
            }
            FunctionKind::Host { .. } => info.parameters.iter().map(|parameter| Kind::of_runtime(linked, parameter.ty)).collect(),
        }
    }

    /// What is wrong with a slot of this kind, if anything is.
    ///
    /// # Safety
    /// The VM runs, and its objects are up to date.
    pub unsafe fn fault(self, vm: &Vm, slot: u64) -> Option<String> {
        match self {
            Kind::Whole => None,
            Kind::Half => (slot >> 32 != 0).then(|| format!("the upper half of {slot:#x} is not zero")),
            // SAFETY: caller.
            Kind::Reference(ty) => unsafe { reference_fault(vm, slot, Some(ty)) },
        }
    }
}

/// What is wrong with a slot that holds null or an object of a type, if one is asked for.
///
/// # Safety
/// As for [`Kind::fault`].
unsafe fn reference_fault(vm: &Vm, slot: u64, ty: Option<TypeId>) -> Option<String> {
    if slot == 0 {
        return None;
    }
    let Ok(reference) = u32::try_from(slot) else { return Some(format!("the upper half of the reference {slot:#x} is not zero")) };
    if !vm.checks.objects.borrow().is_object(reference) {
        return Some(format!("no object is at {reference:#x}"));
    }
    // SAFETY: an object starts there.
    unsafe {
        let Some(class) = class_record(vm.context(), Reference(reference)) else {
            return Some(format!("the object at {reference:#x} has no class"));
        };
        let ty = ty?;
        let types = &vm.program().linked.types;
        (!vm.is_instance(Reference(reference), ty)).then(|| {
            format!("the object at {reference:#x} is of type {}, not of {}", types[class.type_id as usize].name, types[ty as usize].name)
        })
    }
}

/// Globals beyond this number are checked when they are accessed only.
const MANY: usize = 256;

/// Checks what the heap is referred to from besides frames: what is thrown, handles, temporaries and string constants, and the globals.
/// All of them where a run begins, else the few that may change often.
///
/// # Safety
/// As for [`Kind::fault`].
pub(super) unsafe fn check_roots(vm: &Vm, all: bool) {
    let roots = &vm.roots;
    // SAFETY: caller.
    let check = |what: &dyn Display, slot: u64, ty: Option<TypeId>| unsafe {
        if let Some(fault) = reference_fault(vm, slot, ty) {
            broken(what, &fault);
        }
    };
    check(&"the exception on its way", u64::from(roots.thrown.0), None);
    for &kept in &roots.temporaries {
        check(&"a temporary of a host function", u64::from(kept), None);
    }
    if !all {
        return;
    }
    for (index, &handle) in roots.handles.iter().enumerate() {
        check(&format_args!("handle {index}"), u64::from(handle), None);
    }
    for (index, &string) in roots.strings.iter().enumerate() {
        check(&format_args!("string constant {index}"), u64::from(string), Some(Type::STR.code()));
    }
    let linked = &vm.program().linked;
    for module in &linked.modules {
        for index in 0..module.module.globals.len().min(MANY) {
            // SAFETY: caller.
            unsafe { check_global(vm, module, index) };
        }
    }
}

/// Checks the value of a module's global.
///
/// # Safety
/// As for [`Kind::fault`].
pub(super) unsafe fn check_global(vm: &Vm, module: &LinkedModule, index: usize) {
    let kind = Kind::of(&vm.program().linked, module, module.module.globals[index].ty);
    let slot = vm.roots.globals[module.first_global as usize + index];
    // SAFETY: caller.
    if let Some(fault) = unsafe { kind.fault(vm, slot) } {
        let name = &module.module.strings[module.module.globals[index].name as usize];
        broken(&format_args!("global {name}"), &fault);
    }
}
