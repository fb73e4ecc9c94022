//! What an instruction must have done.
#![allow(unsafe_code, reason = "reads frames and objects")]

use super::calls::{self, Call};
use super::ensure;
use super::memory;
use super::place::{Place, View};
use super::step::Step;
use super::values::check_global;
use crate::interp::Word;
use crate::program::ClassId;
use crate::runtime::Vm;
use limosa_abi::Reference;
use limosa_abi::frame::{LINK_SLOT, link_delta};
use limosa_abi::object::HEADER_BYTES;
use limosa_spec::{TypingRule, WellKnown};
use std::sync::Arc;

/// What the next handler must do.
#[derive(Default)]
pub(super) struct Expected {
    /// Whether `trap` says all about what it throws.
    pub modelled: bool,
    /// What it must throw.
    pub trap: Option<WellKnown>,
    /// What it must do if it throws nothing.
    pub effect: Effect,
    /// The function to be entered.
    pub call: Option<Call>,
    /// What is handed to a caller or another fiber.
    pub delivered: Option<Vec<u64>>,
    /// The frame that a return goes to, and where.
    pub caller: (*mut u64, *const Word),
}

/// What an instruction does to registers, objects and globals.
#[derive(Default)]
pub(super) enum Effect {
    /// Whatever its row says, of which only the types are checked.
    #[default]
    Any,
    /// A register has this value.
    Register(u32, u64),
    /// Bytes of an object, from an offset on, are these; of the first word the collector's byte may differ.
    Memory { object: Reference, from: usize, bytes: Vec<u8> },
    /// A global of the module has this value.
    Global(usize, u64),
    /// A register has a string with this text.
    Text(u32, Arc<str>),
    /// A register has an object that was not there before, of this class, with this second word and these bytes behind its header.
    /// Bytes that are references may have changed if the collector ran.
    Fresh { register: u32, class: ClassId, word1: u32, bytes: Vec<u8>, before: u32 },
}

impl Expected {
    /// What the handler at a place must do.
    ///
    /// # Safety
    /// The machine is there, and its values are in order.
    pub unsafe fn at(vm: &Vm, place: &Place<'_>, fp: *mut u64) -> Expected {
        // SAFETY: caller.
        unsafe {
            match place {
                Place::Instruction { view, pc, last: true, .. } => Expected::of_instruction(vm, place, view, *pc, fp),
                Place::Host { .. } => Expected { caller: caller(fp), ..Expected::default() },
                &Place::Finish(results) => {
                    Expected { delivered: Some((0..results).map(|index| *fp.add(index)).collect()), ..Expected::default() }
                }
                _ => Expected::default(),
            }
        }
    }

    unsafe fn of_instruction(vm: &Vm, place: &Place<'_>, view: &View<'_>, pc: usize, fp: *mut u64) -> Expected {
        let opcode = view.opcode(pc);
        // SAFETY: caller.
        unsafe {
            match opcode.typing() {
                TypingRule::Ret => {
                    let values = calls::arguments(view, pc, fp);
                    Expected { delivered: Some(values), caller: caller(fp), ..Expected::default() }
                }
                TypingRule::FiberResume | TypingRule::FiberYield => {
                    Expected { delivered: Some(calls::arguments(view, pc, fp)), ..Expected::default() }
                }
                TypingRule::Call
                | TypingRule::CallVirtual
                | TypingRule::CallInterface
                | TypingRule::CallClosure
                | TypingRule::Tail
                | TypingRule::TailVirtual
                | TypingRule::TailInterface
                | TypingRule::TailClosure => calls::expected(vm, place, view, pc, fp),
                _ => memory::expected(vm, place, view, pc, fp),
            }
        }
    }

    /// Checks that it was done.
    ///
    /// # Safety
    /// The instruction is done, and the machine still in its frame.
    pub unsafe fn check(&self, vm: &Vm, step: &Step<'_>, view: &View<'_>) {
        // SAFETY: the frame is still there; objects are where they were unless the collector ran, and those read were checked.
        unsafe {
            let register = |register: u32| *step.fp.add(register as usize);
            match &self.effect {
                Effect::Any => {}
                &Effect::Register(number, value) => {
                    ensure!(register(number) == value, step.place, "register {number} has {:#x} instead of {value:#x}", register(number));
                }
                Effect::Memory { object, from, bytes } => {
                    ensure!(!step.collected(vm), step.place, "the collector ran");
                    let now = memory::bytes(vm, *object, *from, bytes.len());
                    if let Some(index) = (0..now.len()).find(|&index| now[index] != bytes[index] && (from + index != 0)) {
                        let (offset, is, wanted) = (from + index, now[index], bytes[index]);
                        ensure!(false, step.place, "byte {offset} of the object {:#x} is {is:#04x} instead of {wanted:#04x}", object.0);
                    }
                }
                &Effect::Global(index, value) => {
                    check_global(vm, view.module, index);
                    let now = vm.roots.globals[view.module.first_global as usize + index];
                    ensure!(now == value, step.place, "the global is {now:#x} instead of {value:#x}");
                }
                Effect::Text(number, text) => {
                    let string = Reference::from_slot(register(*number));
                    ensure!(!string.is_null() && vm.str(string) == &**text, step.place, "register {number} has another string");
                }
                Effect::Fresh { register: number, class, word1, bytes, before } => {
                    let object = Reference::from_slot(register(*number));
                    ensure!(!object.is_null(), step.place, "register {number} is null");
                    let found = (object.class_id(vm.context()), object.word1(vm.context()));
                    ensure!(
                        found == (*class, *word1),
                        step.place,
                        "the object has class and length {found:?} instead of {:?}",
                        (class, word1)
                    );
                    ensure!(step.collected(vm) || object.0 >= *before, step.place, "the object {:#x} was there before", object.0);
                    let now = memory::bytes(vm, object, HEADER_BYTES, bytes.len());
                    ensure!(step.collected(vm) || now == *bytes, step.place, "the object has {now:x?} instead of {bytes:x?}");
                }
            }
        }
    }
}

/// The caller's frame and where it goes on.
unsafe fn caller(fp: *mut u64) -> (*mut u64, *const Word) {
    // SAFETY: `fp` is a frame with a header (caller).
    unsafe { (fp.sub(link_delta(*fp.offset(LINK_SLOT)) as usize), Step::return_word(fp)) }
}
