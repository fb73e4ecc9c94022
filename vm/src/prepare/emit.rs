//! The emitter: words, labels, constants and what the accumulators hold.

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{Immediate, Wide};
use crate::interp::ops::entry::{CLEARED_ON_ENTRY, MASKED, check_argument, clear_many, clear_more, enter};
use crate::interp::ops::moves;
use crate::interp::slow::{SlowOp, slow};
use crate::interp::{Handler, Word};
use crate::prepare::fuse::{Fusions, Start};
use crate::prepare::stubs::second_word;
use crate::prepare::uses::Uses;
use crate::prepare::{CodeWords, PreparedFunction, PreparedHandler};
use crate::program::{FunctionId, FunctionInfo, Linked, LinkedModule};
use limosa_abi::frame::HEADER_SLOTS;
use limosa_spec::module::{Body, Constant};
use limosa_spec::{Opcode, OperandRole, Type};
use std::marker::PhantomData;

/// An operand as the emitter sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// A register or scratch slot.
    Slot(u16),
    /// A constant's slot value.
    Constant(u64),
}

/// Translates one function.
pub(super) struct Emitter<'a, D> {
    pub linked: &'a Linked,
    pub module: &'a LinkedModule,
    pub info: &'a FunctionInfo,
    /// Its number in the program.
    function: FunctionId,
    pub body: &'a Body,
    /// The instruction being translated.
    pub pc: usize,
    /// The register whose value the accumulator holds.
    pub acc: Option<u16>,
    /// The register whose value the float accumulator holds.
    pub facc: Option<u16>,
    pub words: Vec<Word>,
    bytecode: Vec<u32>,
    first_word: Vec<u32>,
    /// Words whose head is the address of an instruction, and which.
    targets: Vec<(usize, u32)>,
    /// Instructions that are reached otherwise than from the one before.
    is_target: Vec<bool>,
    /// Forward branches with what they become if they are short.
    skips: Vec<ShortBranch>,
    scratch_used: u16,
    /// Where instructions begin, in order.
    starts: Vec<Start>,
    #[cfg(feature = "checked")]
    notes: Vec<Option<crate::prepare::notes::Note>>,
    dispatch: PhantomData<D>,
}

/// A forward branch that may turn out to be short.
struct ShortBranch {
    word: usize,
    target: u32,
    /// Its handlers for targets three and four words on.
    handlers: [Handler; 2],
}

impl<'a, D: Dispatch> Emitter<'a, D> {
    pub fn new(linked: &'a Linked, module: u32, index: u32, function: FunctionId) -> Emitter<'a, D> {
        let module = &linked.modules[module as usize];
        let body = &module.module.functions[index as usize].body;
        Emitter {
            linked,
            module,
            info: &linked.functions[function as usize],
            function,
            body,
            pc: 0,
            acc: None,
            facc: None,
            words: Vec::with_capacity(body.code.len() * 3 / 2 + 4),
            bytecode: Vec::with_capacity(body.code.len() * 3 / 2 + 4),
            first_word: Vec::with_capacity(body.code.len()),
            targets: Vec::new(),
            is_target: targets(body),
            scratch_used: 0,
            skips: Vec::new(),
            starts: Vec::with_capacity(body.code.len() + 4),
            #[cfg(feature = "checked")]
            notes: Vec::new(),
            dispatch: PhantomData,
        }
    }

    /// Translates the whole function.
    pub fn function(&mut self) {
        self.entry();
        for pc in 0..self.body.code.len() {
            self.pc = pc;
            self.free_scratch();
            if self.is_target[pc] {
                self.forget();
            }
            self.first_word.push(self.words.len() as u32);
            self.instruction(self.body.code.instructions[pc].opcode);
        }
    }

    fn entry(&mut self) {
        let registers = self.info.registers as u16;
        let parameters = self.info.parameters.len() as u16;
        let (masked, further) = self.info.parameters.split_at(self.info.parameters.len().min(MASKED));
        let mask = masked.iter().enumerate().fold(0, |mask, (index, parameter)| mask | i32::from(parameter.non_null) << index);
        self.emit_immediate(enter::<D>, registers, parameters, mask);
        self.push(second_word(self.body.code.len() as u64, self.function));
        for (index, parameter) in further.iter().enumerate() {
            if parameter.non_null {
                self.emit(check_argument::<D>, (MASKED + index) as u16, 0, 0, 0);
            }
        }
        let first = parameters + CLEARED_ON_ENTRY as u16;
        match registers.saturating_sub(first) {
            0 => {}
            1..=4 => self.emit(clear_more::<D, 4>, first, 0, 0, 0),
            5..=8 => self.emit(clear_more::<D, 8>, first, 0, 0, 0),
            9..=16 => self.emit(clear_more::<D, 16>, first, 0, 0, 0),
            more => self.emit(clear_many::<D>, first, more, 0, 0),
        }
        match self.info.parameters.first() {
            Some(_) if self.register_type(0) == Type::F64 => self.facc = Some(0),
            Some(_) => self.acc = Some(0),
            None => {}
        }
    }

    /// The finished function.
    pub fn finish(mut self, fusions: Option<&Fusions>) -> PreparedFunction {
        for branch in &self.skips {
            let distance = self.first_word[branch.target as usize] as usize - branch.word;
            if let Some(&handler) = distance.checked_sub(3).and_then(|index| branch.handlers.get(index)) {
                self.words[branch.word].head = handler as usize as u64;
            }
        }
        if let Some(fusions) = fusions {
            let uses = Uses::of(self.body, self.info.registers, &self.is_target);
            fusions.fuse(&mut self.words, &self.starts, &uses);
        }
        let mut words = CodeWords::new(self.words);
        for (word, target) in self.targets {
            words.point(word, self.first_word[target as usize] as usize);
        }
        let handlers = self.body.handlers.iter().map(|handler| PreparedHandler {
            start: handler.start,
            end: handler.end,
            class: self.linked.runtime_type(self.module, handler.class),
            target: handler.target,
            register: handler.register,
        });
        PreparedFunction {
            handlers: handlers.collect(),
            words,
            bytecode: self.bytecode.into_boxed_slice(),
            first_word: self.first_word.into_boxed_slice(),
            #[cfg(feature = "checked")]
            notes: self.notes.into_boxed_slice(),
        }
    }

    /// Appends an instruction's first word.
    pub fn emit(&mut self, handler: Handler, a: u16, b: u16, c: u16, d: u16) {
        self.starts.push(Start { word: self.words.len() as u32, pc: self.pc as u32, goes_on: 1.0 });
        self.push(Word { head: handler as usize as u64, a, b, c, d });
        self.note();
    }

    /// Appends an instruction's first word with a 32-bit immediate.
    pub fn emit_immediate(&mut self, handler: Handler, a: u16, b: u16, immediate: i32) {
        self.emit(handler, a, b, immediate as u16, (immediate >> 16) as u16);
    }

    /// Appends a word of data.
    pub fn data(&mut self, head: u64, a: u16, b: u16) {
        self.push(Word::data(head, a, b));
    }

    /// Appends any word.
    pub fn push(&mut self, word: Word) {
        self.words.push(word);
        self.bytecode.push(self.pc as u32);
        #[cfg(feature = "checked")]
        self.notes.push(None);
    }

    /// Keeps what is known at a handler's word just appended, in a checked build.
    fn note(&mut self) {
        #[cfg(feature = "checked")]
        if let Some(note) = self.notes.last_mut() {
            *note = Some(crate::prepare::notes::Note { acc: self.acc, facc: self.facc });
        }
    }

    /// Appends a word whose head is the address of an instruction.
    pub fn target(&mut self, target: u32, word: Word) {
        self.targets.push((self.words.len(), target));
        self.push(word);
    }

    /// Tells how often the instruction begun last goes on to the one behind it.
    pub fn goes_on(&mut self, share: f32) {
        if let Some(start) = self.starts.last_mut() {
            start.goes_on = share;
        }
    }

    /// Gives the forward branch begun last other handlers, for a target three or four words from it.
    pub fn if_short(&mut self, target: u32, handlers: [Handler; 2]) {
        self.skips.push(ShortBranch { word: self.words.len() - 1, target, handlers });
    }

    /// The raw operand with this number; only for instructions without lists before it.
    pub fn operand(&self, index: usize) -> u32 {
        self.body.code.raw_operands(self.pc)[index]
    }

    /// A register written by the instruction.
    pub fn def(&self, index: usize) -> u16 {
        self.operand(index) as u16
    }

    /// A register or constant read by the instruction.
    pub fn use_(&self, index: usize) -> Value {
        self.value(self.operand(index))
    }

    /// An operand of role use.
    pub fn value(&self, operand: u32) -> Value {
        match operand.checked_sub(self.info.registers) {
            None => Value::Slot(operand as u16),
            Some(constant) => Value::Constant(self.body.constants[constant as usize].bits()),
        }
    }

    /// The type of an operand of role use.
    pub fn is_f64(&self, operand: u32) -> bool {
        match operand.checked_sub(self.info.registers) {
            None => self.register_type(operand) == Type::F64,
            Some(constant) => matches!(self.body.constants[constant as usize], Constant::F64(_)),
        }
    }

    /// The type of a register.
    pub fn register_type(&self, register: u32) -> Type {
        let signature = self.module.module.function_type(self.signature());
        let parameters = signature.map_or(&[][..], |signature| &signature.parameters);
        match parameters.get(register as usize) {
            Some(parameter) => parameter.ty,
            None => self.body.locals[register as usize - parameters.len()],
        }
    }

    fn signature(&self) -> Type {
        match self.info.kind {
            crate::program::FunctionKind::Guest { index, .. } => self.module.module.functions[index as usize].signature,
            crate::program::FunctionKind::Host { .. } => Type::NULL,
        }
    }

    /// The slot of an operand that has no constant form: constants go to a scratch slot.
    pub fn slot(&mut self, operand: Value) -> u16 {
        match operand {
            Value::Slot(slot) => slot,
            Value::Constant(bits) => {
                let slot = self.scratch();
                self.constant(slot, bits);
                slot
            }
        }
    }

    /// A scratch slot behind the frame, free until the next instruction.
    pub fn scratch(&mut self) -> u16 {
        self.scratch_used += 1;
        self.window() + self.scratch_used - 1
    }

    /// The next instruction uses the scratch slots again, so no accumulator counts as what is in one.
    fn free_scratch(&mut self) {
        self.scratch_used = 0;
        let registers = self.info.registers;
        let is_register = |slot: &u16| u32::from(*slot) < registers;
        self.acc = self.acc.filter(is_register);
        self.facc = self.facc.filter(is_register);
    }

    /// The first slot of a callee's frame.
    pub fn window(&self) -> u16 {
        self.info.registers as u16 + HEADER_SLOTS as u16
    }

    /// Puts a constant in a slot, and in the accumulator.
    pub fn constant(&mut self, slot: u16, bits: u64) {
        match i32::try_from(bits as i64) {
            Ok(immediate) => self.emit_immediate(moves::mov::<D, Immediate>, slot, 0, immediate),
            Err(_) => {
                self.emit(moves::mov::<D, Wide>, slot, 0, 0, 0);
                self.data(bits, 0, 0);
            }
        }
        self.acc = Some(slot);
    }

    /// Puts a float constant in a slot, and in the float accumulator.
    pub fn float_constant(&mut self, slot: u16, bits: u64) {
        self.emit(moves::mov_float::<D, Wide>, slot, 0, 0, 0);
        self.data(bits, 0, 0);
        self.facc = Some(slot);
    }

    /// No accumulator holds anything known.
    pub fn forget(&mut self) {
        self.acc = None;
        self.facc = None;
    }

    /// Appends the first word of a slow operation, after which no accumulator holds anything.
    pub fn slow<O: SlowOp>(&mut self, a: u16, b: u16, c: u16, d: u16) {
        self.emit(slow::<D, O>, a, b, c, d);
        self.forget();
    }

    /// Likewise with an immediate.
    pub fn slow_immediate<O: SlowOp>(&mut self, a: u16, b: u16, immediate: u32) {
        self.emit_immediate(slow::<D, O>, a, b, immediate as i32);
        self.forget();
    }
}

fn targets(body: &Body) -> Vec<bool> {
    let mut targets = vec![false; body.code.len()];
    for handler in &body.handlers {
        targets[handler.target as usize] = true;
    }
    for index in 0..body.code.len() {
        if !has_labels(body.code.instructions[index].opcode) {
            continue;
        }
        for operand in body.code.operands_of(index) {
            match operand {
                limosa_spec::Operand::One(OperandRole::Label, target) => targets[target as usize] = true,
                limosa_spec::Operand::List(OperandRole::Labels, list) => list.iter().for_each(|&target| targets[target as usize] = true),
                _ => {}
            }
        }
    }
    targets
}

fn has_labels(opcode: Opcode) -> bool {
    opcode.roles().iter().any(|role| matches!(role, OperandRole::Label | OperandRole::Labels))
}
