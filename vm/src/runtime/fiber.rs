//! Fibers: their states, and the switches between them.
//!
//! A fiber's first frame is no function's: it receives the results of the fiber's function, and behind the call stands
//! [`Finish`](crate::interp::ops::fiber::Finish). The fibers that wait for the running one form a chain through `resumer`, which ends
//! at the main fiber.
#![allow(unsafe_code, reason = "moves values between frames")]

use crate::interp::Word;
use crate::interp::ops::call::link_of;
use crate::interp::ops::closure::closure_entry;
use crate::interp::ops::ret::further_results;
use crate::program::ClassId;
use crate::runtime::roots::{FIBER_FRAME, RootSet};
use crate::runtime::stack::Stack;
use crate::runtime::{Raise, Vm};
use limosa_abi::Reference;
use limosa_abi::frame::{HEADER_SLOTS, LINK_SLOT, RETURN_SLOT};
use limosa_abi::object::{Flags, HEADER_BYTES, header_word};
use limosa_spec::WellKnown;

/// The number of the main fiber, which has no object.
pub(crate) const MAIN: u32 = 0;

/// Where a fiber is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FiberState {
    /// Not resumed yet.
    New,
    /// Waits in a yield.
    Suspended,
    /// Runs.
    Running,
    /// Waits for a fiber it resumed.
    Resuming,
    /// Returned or threw.
    Done,
}

/// A fiber.
pub(crate) struct Fiber {
    pub state: FiberState,
    /// Its object, forgotten when that dies; null for the main fiber.
    pub object: Reference,
    /// The class of its object.
    pub class: ClassId,
    /// What it will run; null once it started.
    pub closure: Reference,
    /// Its stack; None once it is done.
    stack: Option<Stack>,
    /// Its topmost frame while it does not run.
    pub fp: *mut u64,
    /// The last word of the `fiber.resume` or `fiber.yield` it waits in.
    pub waits_at: *const Word,
    /// The fiber that resumed it.
    pub resumer: u32,
    /// Calls from the host on its stack.
    pub host_calls: u32,
}

impl Fiber {
    /// Where a fiber's object holds its number.
    pub const NUMBER_OFFSET: usize = HEADER_BYTES;
    /// Bytes of a fiber's object.
    pub const OBJECT_BYTES: usize = 16;

    /// The main fiber.
    pub fn main(stack: Stack) -> Fiber {
        Fiber::on(stack, FiberState::Running, u32::MAX)
    }

    fn on(stack: Stack, state: FiberState, class: ClassId) -> Fiber {
        Fiber {
            state,
            object: Reference::NULL,
            class,
            closure: Reference::NULL,
            stack: Some(stack),
            fp: std::ptr::null_mut(),
            waits_at: std::ptr::null(),
            resumer: MAIN,
            host_calls: 0,
        }
    }

    /// The stack of a fiber that is not done.
    pub fn stack(&self) -> &Stack {
        self.stack.as_ref().expect("a fiber that is not done has a stack")
    }

    /// The stack of a fiber that is not done.
    pub fn stack_mut(&mut self) -> &mut Stack {
        self.stack.as_mut().expect("a fiber that is not done has a stack")
    }

    /// What its stack counts against the heap's limit.
    pub fn charged_bytes(&self) -> usize {
        self.stack.as_ref().map_or(0, Stack::charged_bytes)
    }
}

impl RootSet {
    /// Forgets a fiber whose object died.
    pub fn drop_fiber(&mut self, number: u32) {
        if let Some(stack) = self.fibers[number as usize].take().and_then(|fiber| fiber.stack) {
            self.pool.give_back(stack);
        }
        self.free_fibers.push(number);
    }

    /// Takes a fiber's stack from it, because it is done; gives what the stack counted.
    pub fn finish(&mut self, number: u32) -> usize {
        let fiber = self.fiber_mut(number);
        let bytes = fiber.charged_bytes();
        fiber.state = FiberState::Done;
        fiber.closure = Reference::NULL;
        fiber.fp = std::ptr::null_mut();
        if let Some(stack) = fiber.stack.take() {
            self.pool.give_back(stack);
        }
        bytes
    }

    fn add(&mut self, fiber: Fiber) -> u32 {
        if let Some(number) = self.free_fibers.pop() {
            self.fibers[number as usize] = Some(fiber);
            return number;
        }
        self.fibers.push(Some(fiber));
        self.fibers.len() as u32 - 1
    }
}

impl Vm {
    /// A new fiber that will run the closure in a register slot.
    ///
    /// # Safety
    /// The slot is a reference register of a live frame and holds a closure of the type that goes with the fiber class.
    pub unsafe fn new_fiber(&mut self, class: ClassId, closure: *const u64) -> Result<Reference, Raise> {
        let stack = self.roots.pool.take().map_err(|_| Raise::well_known(WellKnown::OutOfMemory))?;
        let bytes = stack.charged_bytes();
        // SAFETY: every reference is in a root slot.
        if unsafe { self.heap.charge(bytes, &mut self.roots) }.is_err() {
            self.roots.pool.give_back(stack);
            return Err(self.out_of_memory());
        }
        let header = u64::from(header_word(class) | Flags::SPECIAL.bits());
        // SAFETY: the header is a fiber's; the slot is read after the allocation. The fiber is entered before anything can collect.
        unsafe {
            let object = match self.allocate(Fiber::OBJECT_BYTES, header) {
                Ok(object) => object,
                Err(raise) => {
                    self.heap.release(bytes);
                    self.roots.pool.give_back(stack);
                    return Err(raise);
                }
            };
            let fiber = Fiber { object, closure: Reference::from_slot(*closure), ..Fiber::on(stack, FiberState::New, class) };
            let number = self.roots.add(fiber);
            *object.at::<u32>(self.context(), Fiber::NUMBER_OFFSET) = number;
            Ok(object)
        }
    }

    /// The number of the fiber whose object this is.
    ///
    /// # Safety
    /// A live fiber object.
    unsafe fn fiber_number(&self, fiber: Reference) -> u32 {
        // SAFETY: caller.
        unsafe { *fiber.at::<u32>(self.context(), Fiber::NUMBER_OFFSET) }
    }

    /// Whether a fiber returned or threw.
    ///
    /// # Safety
    /// A live fiber object.
    pub unsafe fn is_done(&self, fiber: Reference) -> bool {
        // SAFETY: caller.
        unsafe { self.roots.fiber(self.fiber_number(fiber)).state == FiberState::Done }
    }

    /// Makes another fiber the running one.
    fn switch_to(&mut self, number: u32, fp: *mut u64, pc: *const Word) {
        self.roots.current = number;
        self.roots.fiber_mut(number).state = FiberState::Running;
        let limit = self.roots.fiber(number).stack().limit();
        let cx = self.context();
        // SAFETY: the context is ours.
        unsafe {
            (*cx).stack_limit = limit;
            (*cx).fp = fp;
            (*cx).pc = pc.cast();
        }
    }

    /// Sets the running fiber's state to wait at an instruction.
    fn leave_current(&mut self, state: FiberState, fp: *mut u64, last: *const Word) {
        let current = self.roots.current;
        let fiber = self.roots.fiber_mut(current);
        fiber.state = state;
        fiber.fp = fp;
        fiber.waits_at = last;
    }

    /// `fiber.resume`: leaves the running frame waiting and goes on in the fiber.
    ///
    /// # Safety
    /// `last` is the instruction's last word, `arguments` its argument slots, `fp` the running frame; types fit the fiber's.
    pub unsafe fn resume_fiber(&mut self, fiber: Reference, last: *const Word, arguments: *const u16, fp: *mut u64) -> Result<(), Raise> {
        // SAFETY: caller.
        unsafe {
            let number = self.fiber_number(fiber);
            let state = self.roots.fiber(number).state;
            match state {
                FiberState::New => {
                    let (pc, callee) = self.first_frames(number, last, arguments, fp);
                    self.enter_fiber(number, last, fp, callee, pc);
                }
                FiberState::Suspended => {
                    let target = self.roots.fiber(number).fp;
                    let waits_at = self.roots.fiber(number).waits_at;
                    deliver(waits_at, target, |index| *fp.add(*arguments.add(index) as usize));
                    self.enter_fiber(number, last, fp, target, waits_at.add(1));
                }
                FiberState::Running | FiberState::Resuming => {
                    return Err(Raise::New { class: WellKnown::FiberError, message: "fiber is already running".into() });
                }
                FiberState::Done => {
                    return Err(Raise::New { class: WellKnown::FiberError, message: "fiber has already ended".into() });
                }
            }
        }
        Ok(())
    }

    fn enter_fiber(&mut self, number: u32, last: *const Word, fp: *mut u64, target: *mut u64, pc: *const Word) {
        let resumer = self.roots.current;
        self.leave_current(FiberState::Resuming, fp, last);
        self.roots.fiber_mut(number).resumer = resumer;
        self.switch_to(number, target, pc);
    }

    /// Lays out a fiber's first two frames and gives where to start and the frame of its function.
    ///
    /// # Safety
    /// As for [`Vm::resume_fiber`]; the fiber is new.
    unsafe fn first_frames(&mut self, number: u32, last: *const Word, arguments: *const u16, fp: *mut u64) -> (*const Word, *mut u64) {
        let cx = self.context();
        // SAFETY: a stack's first slots hold two headers, results and parameters (limits: 255 of each; stack: size, red zone).
        unsafe {
            let results = (*last).c as usize;
            let closure = std::mem::take(&mut self.roots.fiber_mut(number).closure);
            let class = closure.class(cx);
            let entry = closure_entry(class);
            let first = self.roots.fiber(number).stack().base().add(HEADER_SLOTS);
            *first.offset(LINK_SLOT) = u64::from(FIBER_FRAME) << 32;
            *first.offset(RETURN_SLOT) = 0;
            let delta = results + HEADER_SLOTS;
            let callee = first.add(delta);
            *callee.offset(LINK_SLOT) = link_of(entry) | delta as u64;
            *callee.offset(RETURN_SLOT) = self.program().stubs.finish(results) as u64;
            let captures = class.captures as usize;
            for index in 0..captures {
                *callee.add(index) = *closure.at::<u64>(cx, HEADER_BYTES + 8 * index);
            }
            for index in 0..(*last).d as usize {
                *callee.add(captures + index) = *fp.add(*arguments.add(index) as usize);
            }
            (entry, callee)
        }
    }

    /// `fiber.yield`: leaves the fiber waiting and hands values to its resumer.
    ///
    /// # Safety
    /// As for [`Vm::resume_fiber`].
    pub unsafe fn yield_fiber(&mut self, class: ClassId, last: *const Word, arguments: *const u16, fp: *mut u64) -> Result<(), Raise> {
        let current = self.roots.current;
        let refuse = |message: &'static str| Err(Raise::New { class: WellKnown::FiberError, message: message.into() });
        if current == MAIN {
            return refuse("yield outside a fiber");
        }
        let fiber = self.roots.fiber(current);
        if fiber.class != class {
            return refuse("yield of another type than the running fiber's");
        }
        if fiber.host_calls > 0 {
            return refuse("yield across a host function");
        }
        let resumer = fiber.resumer;
        self.leave_current(FiberState::Suspended, fp, last);
        // SAFETY: the resumer waits in a `fiber.resume` of the fiber's type (verifier; class compared above).
        unsafe { self.hand_over(resumer, |index| *fp.add(*arguments.add(index) as usize)) };
        Ok(())
    }

    /// Ends the running fiber and hands its function's results, in the first registers of its first frame, to its resumer.
    ///
    /// # Safety
    /// `fp` is the fiber's first frame.
    pub unsafe fn finish_fiber(&mut self, fp: *mut u64) {
        let current = self.roots.current;
        let resumer = self.roots.fiber(current).resumer;
        // SAFETY: as in `yield_fiber`.
        unsafe { self.hand_over(resumer, |index| *fp.add(index)) };
        let bytes = self.roots.finish(current);
        self.heap.release(bytes);
    }

    /// Goes on in a fiber that waits in a resume, with its results.
    ///
    /// # Safety
    /// `values` gives as many values as the resume has results.
    unsafe fn hand_over(&mut self, resumer: u32, values: impl Fn(usize) -> u64) {
        let (fp, waits_at) = (self.roots.fiber(resumer).fp, self.roots.fiber(resumer).waits_at);
        // SAFETY: caller.
        unsafe {
            deliver(waits_at, fp, values);
            self.switch_to(resumer, fp, waits_at.add(1));
        }
    }

    /// Drops a running fiber and those that wait for it, up to one that stays; the next to run is that one.
    pub fn finish_fibers_up_to(&mut self, stays: u32) {
        if self.roots.current == stays {
            return;
        }
        while self.roots.current != stays {
            let number = self.roots.current;
            self.roots.current = self.roots.fiber(number).resumer;
            let bytes = self.roots.finish(number);
            self.heap.release(bytes);
        }
        self.roots.fiber_mut(stays).state = FiberState::Running;
        let limit = self.roots.fiber(stays).stack().limit();
        // SAFETY: the context is ours.
        unsafe { (*self.context()).stack_limit = limit };
    }
}

/// Writes values to the results of an instruction that waited.
///
/// # Safety
/// `last` is its last word, `fp` its frame, and `values` gives a value for each result.
unsafe fn deliver(last: *const Word, fp: *mut u64, values: impl Fn(usize) -> u64) {
    // SAFETY: caller.
    unsafe {
        let count = (*last).c as usize;
        if count == 0 {
            return;
        }
        *fp.add((*last).a as usize) = values(0);
        let further = further_results(last);
        for index in 1..count {
            *fp.add(*further.add(index - 1) as usize) = values(index);
        }
    }
}
