//! Where the machine is, as the frame's link word and the code say, and whether what is there is in order.
#![allow(unsafe_code, reason = "reads frames")]

use super::values::Kind;
use super::{State, broken, ensure};
use crate::interp::Word;
use crate::prepare::PreparedFunction;
use crate::program::{FunctionId, FunctionInfo, FunctionKind, Linked, LinkedModule};
use crate::runtime::Vm;
use crate::runtime::roots::{ENTRY_FRAME, FIBER_FRAME};
use limosa_abi::frame::{HEADER_SLOTS, LINK_SLOT, RED_ZONE_SLOTS, link_function};
use limosa_spec::module::Body;
use limosa_spec::{Opcode, Operand, OperandRole};
use std::fmt;
use std::sync::Arc;

/// Frames of more registers than this are checked at the operands of each instruction only.
pub(super) const LARGE_FRAME: usize = 256;

/// A guest function.
#[derive(Clone)]
pub(super) struct View<'p> {
    pub id: FunctionId,
    pub linked: &'p Linked,
    pub module: &'p LinkedModule,
    pub info: &'p FunctionInfo,
    pub body: &'p Body,
    pub prepared: &'p PreparedFunction,
    pub kinds: Arc<[Kind]>,
}

/// A word that a handler is called at.
#[derive(Clone)]
pub(super) enum Place<'p> {
    /// One of the words with which a function starts, before its first instruction.
    Entry { view: View<'p>, word: usize },
    /// A word of an instruction; `last` if it is the one that does the instruction's work.
    Instruction { view: View<'p>, pc: usize, word: usize, last: bool },
    /// The code of a host function.
    Host { id: FunctionId, info: &'p FunctionInfo },
    /// The stub that prepares a function.
    Prepare { id: FunctionId, info: &'p FunctionInfo },
    /// Behind a call from the host with so many results.
    Exit(usize),
    /// Behind the call of a fiber's function with so many results.
    Finish(usize),
}

impl<'p> View<'p> {
    /// A guest function of the program, if it was prepared.
    ///
    /// # Safety
    /// The program lives as long as it is said to.
    unsafe fn new(vm: &Vm, id: FunctionId) -> Option<View<'p>> {
        // SAFETY: caller.
        let program = unsafe { &*Arc::as_ptr(&vm.roots.program) };
        let info = &program.linked.functions[id as usize];
        let FunctionKind::Guest { module, index } = info.kind else { return None };
        let module = &program.linked.modules[module as usize];
        let mut known = vm.checks.registers.borrow_mut();
        let kinds = Arc::clone(known.entry(id).or_insert_with(|| Kind::of_registers(&program.linked, id)));
        Some(View {
            id,
            linked: &program.linked,
            module,
            info,
            body: &module.module.functions[index as usize].body,
            prepared: program.prepared_if_any(id)?,
            kinds,
        })
    }

    /// The operation of an instruction.
    pub fn opcode(&self, pc: usize) -> Opcode {
        self.body.code.instructions[pc].opcode
    }

    /// The value of an operand of role use.
    ///
    /// # Safety
    /// `fp` is a frame of the function.
    pub unsafe fn operand(&self, fp: *mut u64, operand: u32) -> u64 {
        match (operand as usize).checked_sub(self.kinds.len()) {
            // SAFETY: caller.
            None => unsafe { *fp.add(operand as usize) },
            Some(constant) => self.body.constants[constant].bits(),
        }
    }

    /// The registers an instruction defines.
    pub fn defines(&self, pc: usize) -> Vec<u32> {
        let registers = self.body.code.operands_of(pc).flat_map(|operand| match operand {
            Operand::One(OperandRole::Def(_), register) => vec![register],
            Operand::List(OperandRole::Defs, registers) => registers.to_vec(),
            _ => Vec::new(),
        });
        registers.collect()
    }

    /// The registers an instruction reads.
    pub fn reads(&self, pc: usize) -> Vec<u32> {
        let registers = self.body.code.operands_of(pc).flat_map(|operand| match operand {
            Operand::One(OperandRole::Use(_), register) => vec![register],
            Operand::List(OperandRole::Uses, registers) => registers.to_vec(),
            _ => Vec::new(),
        });
        registers.filter(|&register| (register as usize) < self.kinds.len()).collect()
    }
}

impl<'p> Place<'p> {
    /// Finds out where the machine is; ends everything if it is nowhere.
    ///
    /// # Safety
    /// The VM runs, and the program lives as long as it is said to.
    pub unsafe fn locate(vm: &Vm, state: &State) -> Place<'p> {
        // SAFETY: the frame is found to lie in the stack before it is read; the rest is the caller's.
        unsafe {
            let bounds = check_frame(vm, state.fp);
            let function = link_function(*state.fp.offset(LINK_SLOT));
            let place = match function {
                ENTRY_FRAME => vm.program().stubs.exit_results(state.pc).map(Place::Exit),
                FIBER_FRAME => vm.program().stubs.finish_results(state.pc).map(Place::Finish),
                id if (id as usize) < vm.program().linked.functions.len() => Place::in_function(vm, id, state.pc),
                _ => None,
            };
            let Some(place) = place else {
                broken(
                    &format_args!("function {function} of the link word at {:p}", state.fp),
                    &format_args!("its code is not at {:p}", state.pc),
                );
            };
            place.check_room(state.fp, bounds);
            place
        }
    }

    unsafe fn in_function(vm: &Vm, id: FunctionId, pc: *const Word) -> Option<Place<'p>> {
        // SAFETY: caller.
        let program = unsafe { &*Arc::as_ptr(&vm.roots.program) };
        let info = &program.linked.functions[id as usize];
        if std::ptr::eq(pc, program.stubs.prepare_entry(id)) {
            return Some(Place::Prepare { id, info });
        }
        if program.is_host(id) {
            let index = program.prepared_if_any(id)?.index_of(pc)?;
            return (index == 0).then_some(Place::Host { id, info });
        }
        // SAFETY: caller.
        let view = unsafe { View::new(vm, id) }?;
        let word = view.prepared.index_of(pc)?;
        view.prepared.note(word)?;
        Some(match view.prepared.instruction_of(word) {
            None => Place::Entry { view, word },
            Some(pc) => {
                let last = (word + 1..view.prepared.words_of(pc).end).all(|later| view.prepared.note(later).is_none());
                Place::Instruction { view, pc, word, last }
            }
        })
    }

    /// Checks that the registers lie below the stack's limit; those of a function not entered yet, below the end of its red zone.
    fn check_room(&self, fp: *mut u64, (limit, end): (*mut u64, *mut u64)) {
        let (registers, end) = match self {
            Place::Entry { word: 0, view } => (view.info.parameters.len(), end),
            Place::Prepare { info, .. } | Place::Host { info, .. } => (info.parameters.len(), end),
            Place::Entry { view, .. } | Place::Instruction { view, .. } => (view.kinds.len(), limit),
            &Place::Exit(results) | &Place::Finish(results) => (results, limit),
        };
        ensure!(fp.wrapping_add(registers) <= end, self, "its {registers} registers reach beyond the stack");
    }

    /// Checks the registers.
    ///
    /// # Safety
    /// This is where the machine is.
    pub unsafe fn check_values(&self, vm: &Vm, state: &State) {
        // SAFETY: caller; the registers lie in the stack.
        unsafe {
            match self {
                Place::Entry { view, .. } => self.check_registers(vm, state.fp, &view.kinds[..view.info.parameters.len()]),
                Place::Instruction { view, pc, .. } if view.kinds.len() > LARGE_FRAME => {
                    for register in view.reads(*pc) {
                        self.check_register(vm, state.fp, register as usize, view.kinds[register as usize]);
                    }
                }
                Place::Instruction { view, .. } => self.check_registers(vm, state.fp, &view.kinds),
                Place::Host { info, .. } | Place::Prepare { info, .. } => {
                    for (register, parameter) in info.parameters.iter().enumerate() {
                        self.check_register(vm, state.fp, register, Kind::of_runtime(&vm.program().linked, parameter.ty));
                    }
                }
                Place::Exit(_) | Place::Finish(_) => {}
            }
        }
    }

    unsafe fn check_registers(&self, vm: &Vm, fp: *mut u64, kinds: &[Kind]) {
        for (register, &kind) in kinds.iter().enumerate() {
            // SAFETY: caller.
            unsafe { self.check_register(vm, fp, register, kind) };
        }
    }

    unsafe fn check_register(&self, vm: &Vm, fp: *mut u64, register: usize, kind: Kind) {
        // SAFETY: caller.
        if let Some(fault) = unsafe { kind.fault(vm, *fp.add(register)) } {
            broken(self, &format_args!("register {register}: {fault}"));
        }
    }

    /// Checks that the accumulators hold the slots that the preparer believed they would.
    ///
    /// # Safety
    /// This is where the machine is.
    pub unsafe fn check_accumulators(&self, state: &State) {
        let (Place::Entry { view, word } | Place::Instruction { view, word, .. }) = self else { return };
        let Some(note) = view.prepared.note(*word) else { return };
        // SAFETY: the slots are registers, or scratch slots right behind them.
        let slot = |slot: u16| unsafe { *state.fp.add(slot as usize) };
        if let Some(of) = note.acc {
            ensure!(state.acc == slot(of), self, "the accumulator holds {:#x}, slot {of} {:#x}", state.acc, slot(of));
        }
        if let Some(of) = note.facc {
            let held = state.facc.to_bits();
            ensure!(held == slot(of), self, "the float accumulator holds {held:#x}, slot {of} {:#x}", slot(of));
        }
    }
}

/// Checks that a frame lies in the running fiber's stack; gives the stack's limit and the end of its red zone.
fn check_frame(vm: &Vm, fp: *mut u64) -> (*mut u64, *mut u64) {
    let stack = vm.roots.fiber(vm.roots.current).stack();
    let (base, limit) = (stack.base(), stack.limit());
    let end = limit.wrapping_add(RED_ZONE_SLOTS);
    let inside = fp.is_aligned() && (base.wrapping_add(HEADER_SLOTS)..=end).contains(&fp);
    ensure!(inside, "the frame", "{fp:p} is not in the stack of fiber {}, {base:p} to {limit:p}", vm.roots.current);
    // SAFETY: the context is the VM's.
    let published = unsafe { (*vm.context()).stack_limit };
    ensure!(published == limit, "the stack's limit", "the context has {published:p}, the running fiber {limit:p}");
    (limit, end)
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Entry { view, .. } => write!(f, "{}.{}, entry", view.info.module_name, view.info.name),
            Place::Instruction { view, pc, .. } => {
                let (module, name) = (&view.info.module_name, &view.info.name);
                write!(f, "{module}.{name}, instruction {pc}, {} {:?}", view.opcode(*pc).mnemonic(), view.body.code.raw_operands(*pc))
            }
            Place::Host { info, .. } => write!(f, "host function {}.{}", info.module_name, info.name),
            Place::Prepare { info, .. } => write!(f, "{}.{}, not prepared", info.module_name, info.name),
            Place::Exit(_) => write!(f, "return to the host"),
            Place::Finish(_) => write!(f, "end of a fiber"),
        }
    }
}
