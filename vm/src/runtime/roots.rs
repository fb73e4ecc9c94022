//! Everything outside the heap that refers into it, and how the collector visits it.
//!
//! The frames of the running fiber and of those that wait for it are roots. A suspended fiber's frames are visited when its object is
//! reached, so a generator nobody holds dies with its stack.
#![allow(unsafe_code, reason = "visits slots of frames")]

use crate::program::FunctionId;
use crate::runtime::ProgramCode;
use crate::runtime::fiber::{Fiber, FiberState, MAIN};
use crate::runtime::stack::StackPool;
use limosa_abi::frame::{LINK_SLOT, link_delta, link_function};
use limosa_abi::{Context, Reference};
use limosa_gc::{Liveness, Roots, Tracer};
use std::sync::Arc;

/// The function index in the link word of the frame below a call from the host.
pub(crate) const ENTRY_FRAME: FunctionId = u32::MAX;
/// The function index in the link word of a fiber's first frame.
pub(crate) const FIBER_FRAME: FunctionId = u32::MAX - 1;

/// The roots of one isolate.
pub(crate) struct RootSet {
    pub program: Arc<ProgramCode>,
    pub cx: *mut Context,
    /// One slot per global of the program.
    pub globals: Box<[u64]>,
    /// One reference per string constant of the program; 0 until it is made.
    pub strings: Box<[u32]>,
    /// References the host holds; freed entries are null and listed in `free_handles`.
    pub handles: Vec<u32>,
    pub free_handles: Vec<u32>,
    /// References that Rust code holds over an allocation.
    pub temporaries: Vec<u32>,
    /// The exception on its way.
    pub thrown: Reference,
    /// What is thrown where no memory is left to say so.
    pub out_of_memory: Reference,
    /// By number; the main fiber is number [`MAIN`].
    pub fibers: Vec<Option<Fiber>>,
    pub free_fibers: Vec<u32>,
    /// The fiber that runs.
    pub current: u32,
    pub pool: StackPool,
    /// The running frame's parameters are in place, its locals not yet cleared.
    pub entering: bool,
}

impl RootSet {
    /// Empty roots; the main fiber is still missing.
    pub fn new(program: Arc<ProgramCode>, cx: *mut Context, pool: StackPool) -> RootSet {
        let globals = vec![0; program.linked.globals.len()].into_boxed_slice();
        let strings = vec![0; program.linked.strings.len()].into_boxed_slice();
        RootSet {
            program,
            cx,
            globals,
            strings,
            handles: Vec::new(),
            free_handles: Vec::new(),
            temporaries: Vec::new(),
            thrown: Reference::NULL,
            out_of_memory: Reference::NULL,
            fibers: Vec::new(),
            free_fibers: Vec::new(),
            current: MAIN,
            pool,
            entering: false,
        }
    }

    /// The fiber with this number.
    pub fn fiber(&self, number: u32) -> &Fiber {
        self.fibers[number as usize].as_ref().expect("a fiber's object names a fiber that exists")
    }

    /// The fiber with this number.
    pub fn fiber_mut(&mut self, number: u32) -> &mut Fiber {
        self.fibers[number as usize].as_mut().expect("a fiber's object names a fiber that exists")
    }

    /// Visits the reference registers of a frame and those below it in the same stack.
    ///
    /// # Safety
    /// `fp` is null or a frame of a stack in order.
    unsafe fn trace_frames(&self, mut fp: *mut u64, mut entering: bool, tracer: &mut Tracer) {
        while !fp.is_null() {
            // SAFETY: every frame has a header (calls), and its registers are in its function's order (verifier); reference registers
            // hold references since `enter` cleared them.
            unsafe {
                let link = *fp.offset(LINK_SLOT);
                let function = link_function(link);
                if function < FIBER_FRAME {
                    let info = &self.program.linked.functions[function as usize];
                    let known = if entering { info.parameters.len() } else { usize::MAX };
                    for &register in info.reference_registers.iter().take_while(|&&register| usize::from(register) < known) {
                        tracer.slot64(fp.add(register as usize));
                    }
                }
                entering = false;
                let delta = link_delta(link) as usize;
                fp = if delta == 0 { std::ptr::null_mut() } else { fp.sub(delta) };
            }
        }
    }
}

impl Roots for RootSet {
    fn trace(&mut self, tracer: &mut Tracer) {
        let program = Arc::clone(&self.program);
        // SAFETY: all of these hold references of this heap or null.
        unsafe {
            for (slot, info) in self.globals.iter_mut().zip(&program.linked.globals) {
                if info.is_reference {
                    tracer.slot64(slot);
                }
            }
            for slot in self.strings.iter_mut().chain(&mut self.handles).chain(&mut self.temporaries) {
                tracer.slot32(slot);
            }
            tracer.slot32(&raw mut self.thrown.0);
            tracer.slot32(&raw mut self.out_of_memory.0);
            self.trace_frames((*self.cx).fp, self.entering, tracer);
            let mut number = self.current;
            while number != MAIN {
                tracer.slot32(&raw mut self.fiber_mut(number).object.0);
                number = self.fiber(number).resumer;
                if number == MAIN {
                    self.trace_frames(self.fiber(MAIN).fp, false, tracer);
                }
            }
        }
    }

    fn trace_special(&mut self, object: Reference, tracer: &mut Tracer) {
        // SAFETY: a fiber's object holds its number; a fiber that does not run has its frame in `fp`.
        unsafe {
            let number = *object.at::<u32>(self.cx, Fiber::NUMBER_OFFSET);
            if number == self.current {
                return;
            }
            tracer.slot32(&raw mut self.fiber_mut(number).closure.0);
            if matches!(self.fiber(number).state, FiberState::Suspended | FiberState::Resuming) {
                self.trace_frames(self.fiber(number).fp, false, tracer);
            }
        }
    }

    fn after_trace(&mut self, liveness: &Liveness) {
        for number in 1..self.fibers.len() as u32 {
            let Some(fiber) = &mut self.fibers[number as usize] else { continue };
            match liveness.forwarded(fiber.object) {
                Some(object) => fiber.object = object,
                None => {
                    liveness.release(fiber.charged_bytes());
                    self.drop_fiber(number);
                }
            }
        }
    }
}
