//! From one handler to the next: where control may go, and which registers may change.
#![allow(unsafe_code, reason = "reads frames")]

use super::calls;
use super::effect::Expected;
use super::place::{LARGE_FRAME, Place, View};
use super::values::Kind;
use super::{State, ensure};
use crate::interp::Word;
use crate::program::ClassId;
use crate::runtime::Vm;
use limosa_abi::frame::RETURN_SLOT;
use limosa_spec::{Effects, Opcode, Operand, OperandRole, TypingRule, WellKnown};

/// What was known before a handler was called.
pub(super) struct Step<'p> {
    pub place: Place<'p>,
    pub fp: *mut u64,
    pub pc: *const Word,
    pub fiber: u32,
    /// The registers, unless there are very many.
    pub frame: Vec<u64>,
    pub collections: u64,
    pub expected: Expected,
}

impl<'p> Step<'p> {
    /// Takes down what must hold after the handler about to be called.
    ///
    /// # Safety
    /// The machine is at this place, whose values are in order.
    pub unsafe fn new(vm: &Vm, place: Place<'p>, state: &State) -> Step<'p> {
        let frame = match &place {
            Place::Instruction { view, .. } if view.kinds.len() <= LARGE_FRAME => {
                // SAFETY: the registers lie in the stack.
                unsafe { std::slice::from_raw_parts(state.fp, view.kinds.len()) }.to_vec()
            }
            _ => Vec::new(),
        };
        // SAFETY: caller.
        let expected = unsafe { Expected::at(vm, &place, state.fp) };
        let collections = vm.checks.objects.borrow().collections();
        Step { place, fp: state.fp, pc: state.pc, fiber: vm.roots.current, frame, collections, expected }
    }

    /// Whether the collector ran since.
    pub fn collected(&self, vm: &Vm) -> bool {
        vm.checks.objects.borrow().collections() != self.collections
    }

    /// Checks what the handler left, now that the machine is at another place.
    ///
    /// # Safety
    /// The machine is at the place `now`.
    pub unsafe fn check(self, vm: &Vm, now: &Place<'_>, state: &State, thrown: Option<ClassId>) {
        self.check_thrown(vm, thrown);
        // SAFETY: caller.
        unsafe {
            if thrown.is_some() {
                self.check_caught(vm, now, state);
                return;
            }
            match &self.place {
                Place::Instruction { view, pc, last: true, .. } => self.check_instruction(vm, view, *pc, now, state),
                Place::Instruction { view, pc, word, .. } => {
                    let next = (word + 1..view.prepared.words_of(*pc).end).find(|&later| view.prepared.note(later).is_some());
                    ensure!(
                        self.same_frame(vm, state) && next == self.word_of(now),
                        self.place,
                        "went on at {now} instead of its next word"
                    );
                    self.check_unchanged(vm, state, &[]);
                }
                Place::Entry { view, word } => self.check_entry(view, *word, now, state),
                Place::Prepare { id, .. } => {
                    let entered = matches!(now, Place::Entry { view, word: 0 } if view.id == *id)
                        || matches!(now, Place::Host { id: host, .. } if host == id);
                    ensure!(entered && state.fp == self.fp, self.place, "went on at {now}");
                }
                Place::Host { .. } => self.check_returned(now, state),
                Place::Finish(_) => calls::check_delivered(vm, &self, now, state),
                Place::Exit(_) => ensure!(false, self.place, "went on at {now}"),
            }
        }
    }

    fn same_frame(&self, vm: &Vm, state: &State) -> bool {
        state.fp == self.fp && vm.roots.current == self.fiber
    }

    /// The index of the word at `now` if that is in the function of this step.
    fn word_of(&self, now: &Place<'_>) -> Option<usize> {
        let (Place::Entry { view, .. } | Place::Instruction { view, .. }) = &self.place else { return None };
        match now {
            Place::Entry { view: there, word } | Place::Instruction { view: there, word, .. } if there.id == view.id => Some(*word),
            _ => None,
        }
    }

    /// An instruction's work was done without an exception.
    unsafe fn check_instruction(&self, vm: &Vm, view: &View<'_>, pc: usize, now: &Place<'_>, state: &State) {
        let opcode = view.opcode(pc);
        // SAFETY: caller.
        unsafe {
            match opcode.typing() {
                TypingRule::Ret => {
                    self.check_returned(now, state);
                    calls::check_delivered(vm, self, now, state);
                }
                TypingRule::FiberResume | TypingRule::FiberYield => {
                    ensure!(vm.roots.current != self.fiber, self.place, "the running fiber is still the same");
                    self.check_unchanged(vm, state, &[]);
                    calls::check_delivered(vm, self, now, state);
                }
                _ if opcode.effects().contains(Effects::CALLS) => calls::check_entered(vm, self, view, pc, now, state),
                _ => {
                    self.check_next(vm, view, pc, now, state);
                    let again = std::ptr::eq(self.pc, state.pc);
                    self.check_unchanged(vm, state, &view.defines(pc));
                    if !again || !has_label(view, pc) {
                        self.expected.check(vm, self, view);
                    }
                }
            }
        }
    }

    /// Control went on behind the instruction or at one of its labels; or it polled and runs again.
    fn check_next(&self, vm: &Vm, view: &View<'_>, pc: usize, now: &Place<'_>, state: &State) {
        let opcode = view.opcode(pc);
        let there = self.word_of(now);
        let first = |pc: usize| Some(view.prepared.words_of(pc).start);
        let behind = !opcode.effects().contains(Effects::ENDS_BLOCK) && there == first(pc + 1);
        let label = view.body.code.operands_of(pc).any(|operand| match operand {
            Operand::One(OperandRole::Label, target) => there == first(target as usize),
            Operand::List(OperandRole::Labels, targets) => targets.iter().any(|&target| there == first(target as usize)),
            _ => false,
        });
        let again = std::ptr::eq(self.pc, state.pc) && has_label(view, pc);
        ensure!(self.same_frame(vm, state) && (behind || label || again), self.place, "went on at {now}");
    }

    /// Registers of the frame changed only where they may.
    ///
    /// # Safety
    /// The frame still exists.
    pub unsafe fn check_unchanged(&self, vm: &Vm, state: &State, defined: &[u32]) {
        let Place::Instruction { view, .. } = &self.place else { return };
        let collected = self.collected(vm);
        for (register, &before) in self.frame.iter().enumerate() {
            // SAFETY: caller.
            let after = unsafe { *self.fp.add(register) };
            let moved = collected && matches!(view.kinds[register], Kind::Reference(_)) && (before == 0) == (after == 0);
            ensure!(
                after == before || moved || defined.contains(&(register as u32)),
                self.place,
                "register {register}, which it does not define, changed from {before:#x} to {after:#x} (frame now {:p})",
                state.fp
            );
        }
    }

    /// The words of an entry are run one after the other; behind them all locals are zero.
    unsafe fn check_entry(&self, view: &View<'_>, word: usize, now: &Place<'_>, state: &State) {
        let next = (word + 1..).find(|&later| later >= view.prepared.word_count() || view.prepared.note(later).is_some());
        let there = self.word_of(now);
        ensure!(state.fp == self.fp && (there == next || there == Some(word)), self.place, "went on at {now}");
        // SAFETY: the frame is the running one.
        unsafe { calls::check_begun(now, state) };
    }

    /// The frame was left for its caller's, behind the call.
    unsafe fn check_returned(&self, now: &Place<'_>, state: &State) {
        let (caller, back) = self.expected.caller;
        ensure!(state.fp == caller, self.place, "returned to the frame {:p} instead of {caller:p}", state.fp);
        ensure!(std::ptr::eq(state.pc, back), self.place, "returned to {now} instead of the place in the return word");
        if let Place::Instruction { view, pc, word, .. } = now {
            let behind_call = *pc > 0 && view.prepared.words_of(*pc).start == *word && {
                let call = view.opcode(*pc - 1).effects();
                call.contains(Effects::CALLS) && !call.contains(Effects::ENDS_BLOCK)
            };
            ensure!(behind_call, self.place, "returned to {now}, which no call is before");
        }
    }

    /// What was thrown is what must be, or may be, thrown.
    pub fn check_thrown(&self, vm: &Vm, thrown: Option<ClassId>) {
        let classes = &vm.program().linked.classes;
        let is = |class: WellKnown| thrown == Some(classes.well_known(class));
        let name = |thrown: Option<ClassId>| match thrown {
            Some(class) => &*vm.program().linked.types[classes.get(class).type_id as usize].name,
            None => "nothing",
        };
        if let Some(trap) = self.expected.trap {
            ensure!(is(trap) || is(WellKnown::OutOfMemory), self.place, "must throw {}, threw {}", trap.name(), name(thrown));
            return;
        }
        if thrown.is_none() || is(WellKnown::OutOfMemory) {
            return;
        }
        let allowed = match &self.place {
            Place::Host { .. } => true,
            Place::Entry { .. } => is(WellKnown::StackOverflow) || is(WellKnown::NullError),
            Place::Instruction { view, pc, last, .. } => {
                let opcode = view.opcode(*pc);
                opcode == Opcode::Throw || (!self.expected.modelled || !last) && opcode.traps().into_iter().any(is)
            }
            Place::Prepare { .. } | Place::Exit(_) | Place::Finish(_) => false,
        };
        ensure!(allowed, self.place, "threw {}, which it cannot", name(thrown));
    }

    /// An exception is at its handler.
    unsafe fn check_caught(&self, vm: &Vm, now: &Place<'_>, state: &State) {
        let Place::Instruction { view, pc, word, .. } = now else {
            ensure!(false, self.place, "what was thrown went on at {now}");
            return;
        };
        let registers: Vec<u32> =
            view.prepared.handlers.iter().filter(|handler| handler.target as usize == *pc).map(|handler| handler.register).collect();
        let at_target = view.prepared.words_of(*pc).start == *word && !registers.is_empty();
        ensure!(at_target, self.place, "what was thrown went on at {now}, where no handler begins");
        // SAFETY: caller.
        let caught = registers.iter().any(|&register| unsafe { *state.fp.add(register as usize) } != 0);
        ensure!(caught, self.place, "{now} is handed null as the exception");
        if self.same_frame(vm, state) {
            // SAFETY: caller.
            unsafe { self.check_unchanged(vm, state, &registers) };
        }
    }

    /// The return word of the frame.
    ///
    /// # Safety
    /// `fp` is a frame.
    pub unsafe fn return_word(fp: *mut u64) -> *const Word {
        // SAFETY: caller.
        unsafe { *fp.offset(RETURN_SLOT) as *const Word }
    }
}

fn has_label(view: &View<'_>, pc: usize) -> bool {
    view.opcode(pc).roles().iter().any(|role| matches!(role, OperandRole::Label | OperandRole::Labels))
}
