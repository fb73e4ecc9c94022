//! Typed calls, the same from outside and from host functions.

use super::handle::{Closure, Handle};
use super::program::{Func, FuncError};
use super::signature::{Direction, fits, spell};
use super::trap::{Trap, TrapKind};
use super::values::{Reader, WriteError, WriteFailure, Writer};
use super::{Arguments, Results};
use crate::link::{clip, signature_name, similar};
use crate::program::{FunctionId, RuntimeTypeKind, SlotType};
use crate::runtime::access::{Failed, Returned, Value};
use crate::runtime::{ProgramCode, Vm};
use limosa_spec::module::ExportItem;
use std::marker::PhantomData;
use std::sync::Arc;

/// Finds an exported function and checks its signature.
pub(super) fn func<A: Arguments, R: Results>(program: &Arc<ProgramCode>, name: &str) -> Result<Func<A, R>, FuncError> {
    let Some(function) = find(program, name) else {
        let suggestion = similar(name, exported(program).map(|(_, name, _)| name));
        return Err(FuncError::Missing { name: clip(name), suggestion });
    };
    let info = &program.linked.functions[function as usize];
    check::<A, R>(program, name, &info.parameters, &info.results)?;
    Ok(Func { program: Arc::clone(program), function, signature: PhantomData })
}

fn check<A: Arguments, R: Results>(
    program: &ProgramCode,
    name: &str,
    parameters: &[SlotType],
    results: &[SlotType],
) -> Result<(), FuncError> {
    let (given, taken) = (A::slots(), R::slots());
    let linked = &program.linked;
    if fits(linked, parameters, &given, Direction::In) && fits(linked, results, &taken, Direction::Out) {
        return Ok(());
    }
    let found = signature_name(&linked.types, parameters, results);
    Err(FuncError::Signature { name: clip(name), expected: spell(&given, &taken), found })
}

/// All exported functions: module, name, number.
fn exported(program: &ProgramCode) -> impl Iterator<Item = (&str, &str, FunctionId)> {
    program.linked.modules.iter().flat_map(|linked| {
        let module = &linked.module;
        module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(index) => {
                Some((module.string(module.manifest.name), module.string(export.name), linked.functions[index as usize]))
            }
            ExportItem::Type(_) => None,
        })
    })
}

fn find(program: &ProgramCode, name: &str) -> Option<FunctionId> {
    let is_qualified = |(module, export, _): &(&str, &str, FunctionId)| {
        name.strip_prefix(*module).and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| rest == *export)
    };
    let plain = exported(program).find(|(_, export, _)| *export == name);
    plain.or_else(|| exported(program).find(is_qualified)).map(|(_, _, function)| function)
}

/// Checks the signature of a closure.
pub(super) fn closure<A: Arguments, R: Results>(vm: &Vm, handle: Handle) -> Result<Closure<A, R>, FuncError> {
    let no_closure = |found: &str| FuncError::NoClosure { found: found.to_owned() };
    let number = handle.raw().number_in(vm).ok_or_else(|| no_closure("an object of another isolate"))?;
    let object = vm.object_of(Value::Handle(number)).ok_or_else(|| no_closure("null"))?;
    let (ty, _, _) = object.closure().ok_or_else(|| no_closure(object.type_name()))?;
    let program = &vm.roots.program;
    if let RuntimeTypeKind::Function { parameters, results } = &program.linked.types[ty as usize].kind {
        check::<A, R>(program, "closure", parameters, results)?;
    }
    Ok(Closure { handle, signature: PhantomData })
}

/// Calls a function.
#[inline]
pub(super) fn call<A: Arguments, R: Results>(vm: &mut Vm, function: &Func<A, R>, arguments: A::At<'_>) -> Result<R, Trap> {
    if !Arc::ptr_eq(&function.program, &vm.roots.program) {
        return Err(Trap::misuse("the function belongs to another program"));
    }
    with_arguments::<A, R>(vm, arguments, |vm, values| vm.invoke(function.function, values))
}

/// Calls a closure.
pub(super) fn call_closure<A: Arguments, R: Results>(vm: &mut Vm, closure: &Closure<A, R>, arguments: A::At<'_>) -> Result<R, Trap> {
    let Some(number) = closure.handle.raw().number_in(vm) else {
        return Err(Trap::misuse("the closure belongs to another isolate"));
    };
    with_arguments::<A, R>(vm, arguments, |vm, values| vm.invoke_closure(Value::Handle(number), values))
}

/// Goes on with a suspended call.
pub(super) fn resume<A: Arguments, R: Results>(vm: &mut Vm, function: &Func<A, R>) -> Result<R, Trap> {
    if !Arc::ptr_eq(&function.program, &vm.roots.program) {
        return Err(Trap::misuse("the function belongs to another program"));
    }
    match vm.resume_call(function.function) {
        Ok(returned) => read(returned),
        Err(failed) => Err(trap(vm, *failed)),
    }
}

#[inline]
fn with_arguments<A: Arguments, R: Results>(
    vm: &mut Vm,
    arguments: A::At<'_>,
    enter: impl for<'v> FnOnce(&'v mut Vm, &[Value]) -> Result<Returned<'v>, Box<Failed>>,
) -> Result<R, Trap> {
    let kept = vm.temporaries();
    let mut writer = Writer::new(vm);
    if let Err(error) = A::write(arguments, &mut writer) {
        vm.release_temporaries(kept);
        return Err(write_trap(vm, error));
    }
    let (values, count) = writer.finish();
    let result = match enter(vm, &values[..count]) {
        Ok(returned) => read(returned),
        Err(failed) => Err(trap(vm, *failed)),
    };
    vm.release_temporaries(kept);
    result
}

#[inline]
fn read<R: Results>(mut returned: Returned<'_>) -> Result<R, Trap> {
    R::read(&mut Reader(&mut returned)).ok_or_else(|| Trap::misuse("a result is not of the type asked for"))
}

/// Starts the program at its entry point; gives its exit code.
pub(super) fn run(vm: &mut Vm) -> Result<i32, Trap> {
    let Some(entry) = vm.program().linked.entry else { return Err(Trap::misuse("the program has no entry point")) };
    match vm.invoke(entry, &[]) {
        Ok(returned) => Ok(returned.slots().bits(0) as i32),
        Err(failed) => exit_code(trap(vm, *failed)),
    }
}

/// Goes on with a suspended [`run`].
pub(super) fn resume_run(vm: &mut Vm) -> Result<i32, Trap> {
    let Some(entry) = vm.program().linked.entry else { return Err(Trap::misuse("the program has no entry point")) };
    match vm.resume_call(entry) {
        Ok(returned) => Ok(returned.slots().bits(0) as i32),
        Err(failed) => exit_code(trap(vm, *failed)),
    }
}

fn exit_code(trap: Trap) -> Result<i32, Trap> {
    match trap.kind() {
        TrapKind::Exit(code) => Ok(*code),
        _ => Err(trap),
    }
}

#[cold]
fn trap(vm: &mut Vm, failed: Failed) -> Trap {
    match failed {
        Failed::Mismatch(mismatch) => Trap::misuse(mismatch.to_string()),
        Failed::Outcome(outcome) => Trap::new(vm, outcome),
    }
}

#[cold]
fn write_trap(vm: &mut Vm, error: WriteError) -> Trap {
    match error.0 {
        WriteFailure::Raise(raise) => {
            let outcome = vm.refused(raise);
            Trap::new(vm, outcome)
        }
        WriteFailure::ForeignHandle => Trap::misuse("a handle belongs to another isolate"),
    }
}
