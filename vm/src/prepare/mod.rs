//! From verified bytecode to prepared code, one function at a time, at its first call.
//!
//! One pass in order. The [`Emitter`](emit::Emitter) knows which register the accumulators hold at each point, so every instruction is
//! given the form whose operands are nearest: accumulator, immediate, slot. Labels, handler targets and safepoints forget the
//! accumulators. Constants that no form takes are put in scratch slots behind the frame, in the red zone.
//!
//! Prepared code never leaves the interpreter. All that changes in it, once and atomically, is where static calls lead: to the stub that
//! prepares their function, later to its entry. `pc` means an instruction index of the bytecode everywhere else, and
//! the maps here lead from one to the other.

#![allow(unsafe_code, reason = "shares code that links itself")]

mod calls;
mod emit;
mod forms;
mod fuse;
#[cfg(feature = "checked")]
mod notes;
mod objects;
mod select;
#[cfg(not(any(debug_assertions, feature = "checked")))]
mod sequences;
mod stubs;
mod uses;

pub(crate) use fuse::Fusions;
pub(crate) use stubs::Stubs;

use crate::interp::Word;
use crate::interp::dispatch::{Dispatch as Way, Trampoline};
use crate::program::{FunctionId, FunctionKind, TypeId};
use crate::runtime::ProgramCode;
use std::cell::UnsafeCell;

/// The code of a function.
pub(crate) struct PreparedFunction {
    /// The instructions.
    pub words: CodeWords,
    /// For each word the instruction it belongs to.
    bytecode: Box<[u32]>,
    /// For each instruction its first word.
    first_word: Box<[u32]>,
    /// The handler table.
    pub handlers: Box<[PreparedHandler]>,
    /// For each word that a handler is called at, what the preparer knew there.
    #[cfg(feature = "checked")]
    notes: Box<[Option<notes::Note>]>,
}

/// Words of code. They never move, and nothing in them changes but where calls go, as an atomic.
pub(crate) struct CodeWords(Box<[UnsafeCell<Word>]>);

// SAFETY: what changes is read and written as an atomic by all threads (`link_call`).
unsafe impl Sync for CodeWords {}

impl CodeWords {
    /// Takes them.
    pub fn new(words: Vec<Word>) -> CodeWords {
        CodeWords(words.into_iter().map(UnsafeCell::new).collect())
    }

    /// Lets the head of a word be the address of another.
    pub fn point(&mut self, word: usize, target: usize) {
        let address = self.at(target) as u64;
        self.0[word].get_mut().head = address;
    }

    /// The first word.
    pub fn as_ptr(&self) -> *const Word {
        self.0.as_ptr().cast()
    }

    /// A word by its index.
    pub fn at(&self, index: usize) -> *const Word {
        self.0[index].get()
    }
}

/// An entry of a handler table, in instruction indices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PreparedHandler {
    /// The first instruction covered.
    pub start: u32,
    /// The first instruction no longer covered.
    pub end: u32,
    /// The runtime type it takes.
    pub class: TypeId,
    /// Where to go on.
    pub target: u32,
    /// Where the exception goes.
    pub register: u32,
}

impl PreparedFunction {
    /// The instruction that a word belongs to.
    #[inline]
    pub fn bytecode_pc(&self, word: *const Word) -> u32 {
        let index = (word as usize).wrapping_sub(self.words.as_ptr() as usize) / size_of::<Word>();
        self.bytecode.get(index).copied().unwrap_or(0)
    }

    /// The first word of an instruction.
    pub fn word(&self, pc: u32) -> *const Word {
        self.words.at(self.first_word[pc as usize] as usize)
    }
}

/// Prepares a function of the program.
pub(crate) fn prepare(program: &ProgramCode, function: FunctionId) -> PreparedFunction {
    match program.dispatch {
        #[cfg(not(debug_assertions))]
        crate::runtime::Dispatch::Direct => prepare_for::<crate::interp::dispatch::Direct>(program, function),
        #[cfg(debug_assertions)]
        crate::runtime::Dispatch::Direct => prepare_for::<Trampoline>(program, function),
        crate::runtime::Dispatch::Trampoline => prepare_for::<Trampoline>(program, function),
    }
}

fn prepare_for<D: Way>(program: &ProgramCode, function: FunctionId) -> PreparedFunction {
    match program.linked.functions[function as usize].kind {
        FunctionKind::Host { index } => stubs::host_function::<D>(function, program.host_entry(index)),
        FunctionKind::Guest { module, index } => {
            let mut emitter = emit::Emitter::<D>::new(&program.linked, module, index, function);
            emitter.function();
            emitter.finish(Fusions::for_dispatch(program.dispatch))
        }
    }
}
