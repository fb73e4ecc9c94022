//! Calls: which function must be entered, with what, and what is handed back.
#![allow(unsafe_code, reason = "reads frames")]

use super::effect::Expected;
use super::memory::is_function;
use super::place::{Place, View};
use super::step::Step;
use super::{State, broken, ensure};
use crate::interp::Word;
use crate::interp::ops::call::link_of;
use crate::interp::ops::closure::closure_entry;
use crate::interp::ops::entry::{ENTER_WORDS, MASKED};
use crate::program::FunctionId;
use crate::runtime::Vm;
use limosa_abi::class::{NEAR_METHODS, NO_METHOD};
use limosa_abi::frame::{HEADER_SLOTS, LINK_SLOT, link_delta, link_function};
use limosa_abi::object::HEADER_BYTES;
use limosa_abi::{ObjectKind, Reference};
use limosa_spec::{Effects, Operand, OperandRole, Type, TypingRule, WellKnown};

/// A function that must be entered.
pub(super) struct Call {
    function: FunctionId,
    arguments: Vec<u64>,
}

/// The values of an instruction's list of arguments.
///
/// # Safety
/// `fp` is the running frame.
pub(super) unsafe fn arguments(view: &View<'_>, pc: usize, fp: *mut u64) -> Vec<u64> {
    let list = view.body.code.operands_of(pc).find_map(|operand| match operand {
        Operand::List(OperandRole::Uses, list) => Some(list),
        _ => None,
    });
    // SAFETY: caller.
    list.unwrap_or_default().iter().map(|&operand| unsafe { view.operand(fp, operand) }).collect()
}

/// What a call must do.
///
/// # Safety
/// The machine is at the place, and its values are in order.
pub(super) unsafe fn expected(vm: &Vm, place: &Place<'_>, view: &View<'_>, pc: usize, fp: *mut u64) -> Expected {
    // SAFETY: caller.
    match unsafe { find(vm, place, view, pc, fp) } {
        Ok(call) => {
            check_signature(place, view, pc, &call);
            Expected { modelled: true, call: Some(call), ..Expected::default() }
        }
        Err(trap) => Expected { modelled: true, trap: Some(trap), ..Expected::default() },
    }
}

unsafe fn find(vm: &Vm, place: &Place<'_>, view: &View<'_>, pc: usize, fp: *mut u64) -> Result<Call, WellKnown> {
    // SAFETY: caller.
    let arguments = unsafe { arguments(view, pc, fp) };
    for operand in view.body.code.operands_of(pc) {
        match operand {
            Operand::One(OperandRole::Function, index) => {
                return Ok(Call { function: view.module.functions[index as usize], arguments });
            }
            Operand::Member(OperandRole::Method, owner, index) => {
                let receiver = arguments.first().copied().unwrap_or_default();
                // SAFETY: caller.
                let function = unsafe { method(vm, place, view, Type::from_code(owner), index as usize, receiver)? };
                return Ok(Call { function, arguments });
            }
            Operand::One(OperandRole::Use(_), closure) => {
                // SAFETY: caller.
                return unsafe { closure_call(vm, place, view.operand(fp, closure), arguments) };
            }
            _ => {}
        }
    }
    broken(place, &"a call of nothing")
}

/// The method of a receiver's class, looked for in its tables from end to end.
unsafe fn method(vm: &Vm, place: &Place<'_>, view: &View<'_>, owner: Type, index: usize, receiver: u64) -> Result<FunctionId, WellKnown> {
    if receiver == 0 {
        return Err(WellKnown::NullError);
    }
    let receiver = Reference::from_slot(receiver);
    let members = &view.module.members[owner.defined_index().unwrap_or_default() as usize];
    let number = members.methods[index];
    let Place::Instruction { pc, .. } = place else { broken(place, &"a call outside instructions") };
    // SAFETY: a live object; its class is found to be of the owner's type before its tables are read, which the linker fills.
    let entry = unsafe {
        let ty = view.linked.runtime_type(view.module, owner);
        ensure!(vm.is_instance(receiver, ty), place, "the receiver is no instance of the method's type");
        let class = receiver.class(vm.context());
        match view.opcode(*pc).typing() {
            TypingRule::CallVirtual | TypingRule::TailVirtual => match (number as usize).checked_sub(NEAR_METHODS) {
                None => class.near_methods[number as usize].load(),
                Some(far) => (*class.far_methods.add(far)).load(),
            },
            _ => {
                let entries = std::slice::from_raw_parts(class.itable, class.itable_mask as usize + 1);
                let mut found = entries.iter().filter(|entry| entry.method == number && entry.method != NO_METHOD);
                match (found.next(), found.next()) {
                    (Some(entry), None) => entry.entry.load(),
                    _ => broken(place, &"the receiver's interface table does not have the method once"),
                }
            }
        }
    };
    // SAFETY: tables hold entries.
    Ok(unsafe { function_of(vm, place, entry.cast()) })
}

unsafe fn closure_call(vm: &Vm, place: &Place<'_>, closure: u64, arguments: Vec<u64>) -> Result<Call, WellKnown> {
    if closure == 0 {
        return Err(WellKnown::NullError);
    }
    let closure = Reference::from_slot(closure);
    // SAFETY: a live object, found to be a closure before its captures are read.
    unsafe {
        let class = closure.class(vm.context());
        let is_closure = class.kind == ObjectKind::Closure && is_function(&vm.program().linked.types[class.type_id as usize].kind);
        ensure!(is_closure, place, "the object {:#x} is no closure", closure.0);
        let captures = class.captures as usize;
        ensure!(HEADER_BYTES + 8 * captures <= class.size as usize, place, "{captures} captures do not fit the closure");
        let mut all: Vec<u64> = (0..captures).map(|index| *closure.at::<u64>(vm.context(), HEADER_BYTES + 8 * index)).collect();
        all.extend(arguments);
        Ok(Call { function: function_of(vm, place, closure_entry(class)), arguments: all })
    }
}

/// The function an entry is of, which is found to be one of the program's.
///
/// # Safety
/// An entry, or null.
unsafe fn function_of(vm: &Vm, place: &Place<'_>, entry: *const Word) -> FunctionId {
    ensure!(!entry.is_null(), place, "no function is called");
    // SAFETY: caller.
    let function = link_function(unsafe { link_of(entry) });
    let program = vm.program();
    ensure!((function as usize) < program.linked.functions.len(), place, "{entry:p} is no function's entry");
    let prepared = program.prepared_if_any(function).map(|prepared| prepared.words.as_ptr());
    let known = entry == program.stubs.prepare_entry(function) || Some(entry) == prepared;
    ensure!(known, place, "{entry:p} is not the entry of function {function}");
    function
}

/// The function takes as many arguments as there are and gives as many results as are wanted.
fn check_signature(place: &Place<'_>, view: &View<'_>, pc: usize, call: &Call) {
    let info = &view.linked.functions[call.function as usize];
    let (wanted, found) = (info.parameters.len(), call.arguments.len());
    ensure!(wanted == found, place, "{}.{} takes {wanted} arguments, not {found}", info.module_name, info.name);
    let tail = view.opcode(pc).effects().contains(Effects::ENDS_BLOCK);
    let results = if tail { view.info.results.len() } else { view.defines(pc).len() };
    ensure!(info.results.len() == results, place, "{}.{} has {} results, not {results}", info.module_name, info.name, info.results.len());
}

/// Checks that a call entered its function: in the right frame, with its header and arguments in place.
///
/// # Safety
/// The machine is at the place `now`.
pub(super) unsafe fn check_entered(vm: &Vm, step: &Step<'_>, view: &View<'_>, pc: usize, now: &Place<'_>, state: &State) {
    let Some(call) = &step.expected.call else { broken(&step.place, &"no call") };
    let entered = match now {
        Place::Entry { view, word } | Place::Instruction { view, word, .. } => {
            // A call may do the work of `enter` itself.
            view.id == call.function && (*word == 0 || *word == ENTER_WORDS)
        }
        Place::Host { id, .. } | Place::Prepare { id, .. } => *id == call.function,
        Place::Exit(_) | Place::Finish(_) => false,
    };
    let info = &view.linked.functions[call.function as usize];
    ensure!(entered, step.place, "went on at {now} instead of in {}.{}", info.module_name, info.name);
    ensure!(vm.roots.current == step.fiber, step.place, "another fiber runs");
    // SAFETY: caller.
    unsafe {
        if view.opcode(pc).effects().contains(Effects::ENDS_BLOCK) {
            ensure!(state.fp == step.fp, step.place, "a tail call to another frame, {:p}", state.fp);
        } else {
            let delta = view.kinds.len() + HEADER_SLOTS;
            ensure!(state.fp == step.fp.add(delta), step.place, "the frame {:p} is not behind {:p}", state.fp, step.fp);
            let link = link_delta(*state.fp.offset(LINK_SLOT));
            ensure!(link as usize == delta, step.place, "the link word says {link} slots, not {delta}");
            let back = view.prepared.word(pc as u32 + 1);
            ensure!(std::ptr::eq(Step::return_word(state.fp), back), step.place, "the return word is not behind the call");
            step.check_unchanged(vm, state, &[]);
        }
        for (index, &argument) in call.arguments.iter().enumerate() {
            let passed = *state.fp.add(index);
            ensure!(passed == argument, step.place, "argument {index} is {passed:#x} instead of {argument:#x}");
        }
        check_begun(now, state);
    }
}

/// Checks that the parameters that may not be null are not, once they count as checked, and that the locals of a function are zero at
/// its first instruction.
///
/// # Safety
/// The machine is at the place, which it came to from the words of the entry or from a call.
pub(super) unsafe fn check_begun(now: &Place<'_>, state: &State) {
    let (Place::Entry { view, word } | Place::Instruction { view, word, .. }) = now else { return };
    if *word >= ENTER_WORDS {
        let checked = if matches!(now, Place::Entry { .. }) { MASKED } else { usize::MAX };
        for (register, parameter) in view.info.parameters.iter().enumerate().take(checked) {
            // SAFETY: caller.
            let null = parameter.non_null && unsafe { *state.fp.add(register) } == 0;
            ensure!(!null, now, "parameter {register} is null, which it may not be");
        }
    }
    if matches!(now, Place::Entry { .. }) {
        return;
    }
    for register in view.info.parameters.len()..view.kinds.len() {
        // SAFETY: caller.
        let value = unsafe { *state.fp.add(register) };
        ensure!(value == 0, now, "local {register} starts as {value:#x}");
    }
}

/// Checks that values handed over are where the machine now is: in the results of the call, `fiber.resume` or `fiber.yield` before, in
/// the registers of a frame that receives results, or behind the captures of a function that a fiber starts with.
///
/// # Safety
/// The machine is at the place `now`.
pub(super) unsafe fn check_delivered(vm: &Vm, step: &Step<'_>, now: &Place<'_>, state: &State) {
    let Some(values) = &step.expected.delivered else { return };
    let count = |found: usize| ensure!(found == values.len(), step.place, "{} values are handed to {found} results at {now}", values.len());
    let first = match now {
        Place::Instruction { view, pc, .. } if *pc > 0 && !matches!(step.place, Place::Entry { .. }) => {
            let results = view.defines(*pc - 1);
            count(results.len());
            for (index, &register) in results.iter().enumerate() {
                if !results[index + 1..].contains(&register) {
                    // SAFETY: caller.
                    let found = unsafe { *state.fp.add(register as usize) };
                    ensure!(found == values[index], step.place, "result {index} is {found:#x} instead of {:#x}", values[index]);
                }
            }
            return;
        }
        &Place::Exit(results) | &Place::Finish(results) => {
            count(results);
            0
        }
        Place::Entry { view, .. } | Place::Instruction { view, .. } => view.info.parameters.len().saturating_sub(values.len()),
        Place::Host { info, .. } | Place::Prepare { info, .. } => info.parameters.len().saturating_sub(values.len()),
    };
    ensure!(vm.roots.current != step.fiber || first == 0, step.place, "handed to {now}");
    for (index, &value) in values.iter().enumerate() {
        // SAFETY: caller.
        let found = unsafe { *state.fp.add(first + index) };
        ensure!(found == value, step.place, "value {index} is {found:#x} instead of {value:#x} at {now}");
    }
}
