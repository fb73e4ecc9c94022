//! Stack traces: an exception carries one as an array of function numbers and instruction indices, two elements a frame, innermost
//! first; the names are looked up when somebody asks.
#![allow(unsafe_code, reason = "walks frames")]

use crate::interp::Word;
use crate::program::{FunctionId, FunctionKind};
use crate::runtime::Vm;
use crate::runtime::objects::ERROR_TRACE;
use crate::runtime::roots::{ENTRY_FRAME, FIBER_FRAME};
use limosa_abi::Reference;
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT, link_delta, link_function};
use limosa_abi::object::HEADER_BYTES;
use std::sync::Arc;

/// Frames that a trace holds at most.
const MAX_FRAMES: usize = 64;

/// One frame of a stack trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceFrame {
    /// The module's name.
    pub module: Arc<str>,
    /// The function's name.
    pub function: Arc<str>,
    /// The index of the instruction; None in a host function.
    pub instruction: Option<u32>,
    /// The source file's base name, if the module says.
    pub file: Option<Arc<str>>,
    /// The line, from 1, if the module says.
    pub line: Option<u32>,
}

impl Vm {
    /// Fills in the trace of the exception in `thrown` unless it has one. Goes without where memory is short.
    pub fn capture_trace(&mut self) {
        // SAFETY: `thrown` is an `Error`, with the layout that `ERROR_TRACE` stands for.
        unsafe {
            let exhausted = self.roots.thrown == self.roots.out_of_memory;
            if !exhausted && !self.read_reference(self.roots.thrown, ERROR_TRACE).is_null() {
                return;
            }
            let mut frames = std::mem::take(&mut self.trace_buffer);
            self.walk(&mut frames);
            let class = self.program().linked.classes.trace;
            let array = self.allocate_array(class, 2 * frames.len() as u64).unwrap_or(Reference::NULL);
            if !array.is_null() {
                let elements = array.at::<[u32; 2]>(self.context(), HEADER_BYTES);
                elements.copy_from_nonoverlapping(frames.as_ptr(), frames.len());
            }
            self.trace_buffer = frames;
            self.write_reference(self.roots.thrown, ERROR_TRACE, array);
        }
    }

    /// The running frames, innermost first, through fibers and host functions: the function, and the instruction in it.
    fn walk(&self, frames: &mut Vec<[u32; 2]>) {
        frames.clear();
        let program = self.program();
        let mut fiber = self.roots.current;
        // SAFETY: as for unwinding; below a call from the host the host function's frame goes on.
        unsafe {
            let mut fp = (*self.context()).fp;
            let mut pc = (*self.context()).pc.cast::<Word>();
            while frames.len() < MAX_FRAMES && !fp.is_null() {
                let link = *fp.offset(LINK_SLOT);
                match link_function(link) {
                    FIBER_FRAME => {
                        fiber = self.roots.fiber(fiber).resumer;
                        fp = self.roots.fiber(fiber).fp;
                        pc = self.roots.fiber(fiber).waits_at;
                        continue;
                    }
                    ENTRY_FRAME => {
                        if link_delta(link) == 0 {
                            break;
                        }
                    }
                    // A host function's code is its first instruction.
                    function => frames.push([function, program.prepared_if_any(function).map_or(0, |prepared| prepared.bytecode_pc(pc))]),
                }
                pc = (*fp.offset(RETURN_SLOT) as *const Word).wrapping_sub(1);
                fp = fp.sub(link_delta(link) as usize);
            }
        }
    }

    /// The trace an exception carries.
    ///
    /// # Safety
    /// A live `Error`.
    pub unsafe fn trace_of(&self, exception: Reference) -> Vec<TraceFrame> {
        // SAFETY: caller; the trace is an array of `i32`, or something else a program put there.
        unsafe {
            let trace = self.read_reference(exception, ERROR_TRACE);
            if trace.is_null() || trace.class_id(self.context()) != self.program().linked.classes.trace {
                return Vec::new();
            }
            let count = trace.word1(self.context()) as usize / 2;
            let elements = trace.at::<u32>(self.context(), HEADER_BYTES);
            (0..count).filter_map(|index| self.describe(*elements.add(2 * index), *elements.add(2 * index + 1))).collect()
        }
    }

    /// The frames of an isolate that is suspended.
    pub fn current_trace(&self) -> Vec<TraceFrame> {
        let mut frames = Vec::new();
        self.walk(&mut frames);
        frames.into_iter().filter_map(|[function, pc]| self.describe(function, pc)).collect()
    }

    fn describe(&self, function: FunctionId, pc: u32) -> Option<TraceFrame> {
        let info = self.program().linked.functions.get(function as usize)?;
        let (module, name) = (Arc::clone(&info.module_name), Arc::clone(&info.name));
        let FunctionKind::Guest { module: number, index } = info.kind else {
            return Some(TraceFrame { module, function: name, instruction: None, file: None, line: None });
        };
        let debug = self.program().linked.modules[number as usize].module.debug.as_ref();
        let entry = debug.and_then(|debug| {
            let lines = &debug.functions.get(index as usize)?.lines;
            let entry = lines.partition_point(|entry| entry.start <= pc).checked_sub(1).map(|index| lines[index])?;
            let file = *debug.files.get(entry.file as usize)?;
            Some((Arc::from(&*debug.strings[file as usize]), entry.line))
        });
        let (file, line) = entry.unzip();
        Some(TraceFrame { module, function: name, instruction: Some(pc), file, line })
    }
}
