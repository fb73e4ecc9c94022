//! Calls, returns, closures, fibers and throwing.

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, Acc};
use crate::interp::ops::call::{self, Callee, Interface, MakeClosure, Static, Virtual};
use crate::interp::ops::{exception, fiber, ret};
use crate::interp::{Handler, Word};
use crate::prepare::emit::{Emitter, Value};
use crate::prepare::stubs::pack;
use limosa_abi::frame::HEADER_SLOTS;
use limosa_abi::object::header_word;
use limosa_spec::{Operand, OperandRole, Type};

/// The parts of a call-like instruction.
struct Parts<'a> {
    results: &'a [u32],
    /// The operands between results and arguments.
    what: [u32; 2],
    arguments: &'a [u32],
}

impl<'a, D: Dispatch> Emitter<'a, D> {
    fn parts(&self) -> Parts<'a> {
        let mut parts = Parts { results: &[], what: [0; 2], arguments: &[] };
        for operand in self.body.code.operands_of(self.pc) {
            match operand {
                Operand::List(OperandRole::Defs, list) => parts.results = list,
                Operand::List(_, list) => parts.arguments = list,
                Operand::Member(_, ty, index) => parts.what = [ty, index],
                Operand::One(_, number) => parts.what[0] = number,
            }
        }
        parts
    }

    /// The cell of a function operand.
    fn cell(&self, function: u32) -> u64 {
        let id = self.module.functions[function as usize];
        &raw const self.linked.cells[id as usize] as u64
    }

    /// The vtable slot or program-wide id of a method operand.
    fn method(&self, what: [u32; 2]) -> u64 {
        let index = Type::from_code(what[0]).defined_index().unwrap_or(0);
        u64::from(self.module.members[index as usize].methods[what[1] as usize])
    }

    /// The slots of arguments. Constants are put in their places in the callee's window.
    fn arguments(&mut self, operands: &[u32]) -> Vec<u16> {
        let window = self.window();
        operands
            .iter()
            .enumerate()
            .map(|(index, &operand)| match self.value(operand) {
                Value::Slot(slot) => slot,
                Value::Constant(bits) => {
                    let slot = window + index as u16;
                    self.constant(slot, bits);
                    slot
                }
            })
            .collect()
    }

    /// Appends the last word of a call.
    fn last_word(&mut self, head: u64, results: &[u32], arguments: usize) {
        let word = Word {
            head,
            a: results.first().map_or(0, |&result| result as u16),
            b: self.info.registers as u16 + HEADER_SLOTS as u16,
            c: results.len() as u16,
            d: arguments as u16,
        };
        self.push(word);
    }

    /// Appends a call in the form for any number of arguments and results.
    fn long_form(&mut self, handler: Handler, head: u64, results: &[u32], arguments: &[u16]) {
        let further: Vec<u16> = results.iter().skip(1).map(|&result| result as u16).collect();
        let words = 2 + arguments.len().div_ceil(8) + further.len().div_ceil(8);
        self.emit(handler, words as u16, 0, 0, 0);
        for chunk in arguments.chunks(8).chain(further.chunks(8)) {
            self.push(pack(chunk));
        }
        self.last_word(head, results, arguments.len());
    }

    fn call_form<T: Callee>(&mut self, head: u64, parts: &Parts<'_>) {
        let slots = self.arguments(parts.arguments);
        let in_acc = slots.first().is_some_and(|&first| self.acc == Some(first));
        let short: Option<Handler> = match (slots.len(), in_acc) {
            (0, _) => Some(call::call::<D, T, A, 0>),
            (1, false) => Some(call::call::<D, T, A, 1>),
            (1, true) => Some(call::call::<D, T, Acc, 1>),
            (2, false) => Some(call::call::<D, T, A, 2>),
            (2, true) => Some(call::call::<D, T, Acc, 2>),
            (3, false) => Some(call::call::<D, T, A, 3>),
            (3, true) => Some(call::call::<D, T, Acc, 3>),
            (4, false) => Some(call::call::<D, T, A, 4>),
            (4, true) => Some(call::call::<D, T, Acc, 4>),
            _ => None,
        };
        self.short_or_long(short, call::call_any::<D, T>, head, parts.results, &slots);
    }

    /// Appends a call in its short form, if it has one and not more than one result.
    fn short_or_long(&mut self, short: Option<Handler>, long: Handler, head: u64, results: &[u32], slots: &[u16]) {
        match short {
            Some(handler) if results.len() <= 1 => {
                let slot = |index: usize| slots.get(index).copied().unwrap_or(0);
                self.emit(handler, slot(0), slot(1), slot(2), slot(3));
                self.last_word(head, results, slots.len());
            }
            _ => self.long_form(long, head, results, slots),
        }
        self.after_call(results);
    }

    /// A return leaves its only result in an accumulator.
    fn after_call(&mut self, results: &[u32]) {
        self.forget();
        if let &[result] = results {
            if self.register_type(result) == Type::F64 {
                self.facc = Some(result as u16);
            } else {
                self.acc = Some(result as u16);
            }
        }
    }

    /// `call`
    pub fn call(&mut self) {
        let parts = self.parts();
        self.call_form::<Static>(self.cell(parts.what[0]), &parts);
    }

    /// `call.virtual`
    pub fn call_virtual(&mut self) {
        let parts = self.parts();
        self.call_form::<Virtual>(self.method(parts.what), &parts);
    }

    /// `call.interface`
    pub fn call_interface(&mut self) {
        let parts = self.parts();
        self.call_form::<Interface>(self.method(parts.what), &parts);
    }

    /// `call.closure`
    pub fn call_closure(&mut self) {
        let parts = self.parts();
        let slots = self.arguments(parts.arguments);
        let closure = self.closure_slot(parts.what[0], slots.len());
        let short: Option<Handler> = match slots.len() {
            0 => Some(call::call_closure::<D, 0>),
            1 => Some(call::call_closure::<D, 1>),
            2 => Some(call::call_closure::<D, 2>),
            3 => Some(call::call_closure::<D, 3>),
            4 => Some(call::call_closure::<D, 4>),
            _ => None,
        };
        self.short_or_long(short, call::call_closure_any::<D>, u64::from(closure), parts.results, &slots);
    }

    /// The slot of a closure or fiber; a constant null goes behind the arguments' window.
    fn closure_slot(&mut self, operand: u32, arguments: usize) -> u16 {
        match self.value(operand) {
            Value::Slot(slot) => slot,
            Value::Constant(bits) => {
                let slot = self.window() + arguments as u16;
                self.constant(slot, bits);
                slot
            }
        }
    }

    fn tail_form<T: Callee>(&mut self, head: u64, parts: &Parts<'_>) {
        let slots = self.arguments(parts.arguments);
        let short: Option<Handler> = match slots.len() {
            0 => Some(call::tail::<D, T, 0>),
            1 => Some(call::tail::<D, T, 1>),
            2 => Some(call::tail::<D, T, 2>),
            3 => Some(call::tail::<D, T, 3>),
            4 => Some(call::tail::<D, T, 4>),
            _ => None,
        };
        match short {
            Some(handler) => {
                let slot = |index: usize| slots.get(index).copied().unwrap_or(0);
                self.emit(handler, slot(0), slot(1), slot(2), slot(3));
                self.data(head, 0, 0);
            }
            None => self.long_form(call::tail_any::<D, T>, head, &[], &slots),
        }
        self.forget();
    }

    /// `tail`
    pub fn tail(&mut self) {
        let parts = self.parts();
        self.tail_form::<Static>(self.cell(parts.what[0]), &parts);
    }

    /// `tail.virtual`
    pub fn tail_virtual(&mut self) {
        let parts = self.parts();
        self.tail_form::<Virtual>(self.method(parts.what), &parts);
    }

    /// `tail.interface`
    pub fn tail_interface(&mut self) {
        let parts = self.parts();
        self.tail_form::<Interface>(self.method(parts.what), &parts);
    }

    /// `tail.closure`
    pub fn tail_closure(&mut self) {
        let parts = self.parts();
        let slots = self.arguments(parts.arguments);
        let closure = self.closure_slot(parts.what[0], slots.len());
        self.long_form(call::tail_closure::<D>, u64::from(closure), &[], &slots);
        self.forget();
    }

    /// `closure`
    pub fn closure(&mut self) {
        let destination = self.def(0);
        let (function, count) = (self.operand(1), self.operand(2) as usize);
        let captures = &self.body.code.raw_operands(self.pc)[3..];
        let class = self.module.closures[&(function, count as u32)];
        let slots = self.arguments(captures);
        let units = self.linked.classes.get(class).size / 8;
        self.slow_immediate::<MakeClosure>(destination, count as u16, units);
        self.data(u64::from(header_word(class)), 0, 0);
        for chunk in slots.chunks(8) {
            self.push(pack(chunk));
        }
    }

    /// `ret`
    pub fn ret(&mut self) {
        let values = &self.body.code.raw_operands(self.pc)[1..];
        let mut slots = Vec::with_capacity(values.len());
        let float = matches!(values, &[value] if self.is_f64(value));
        for &operand in values {
            let value = self.value(operand);
            slots.push(match value {
                Value::Constant(_) if float => self.float_slot(value),
                _ => self.ret_slot(value, slots.len()),
            });
        }
        let results = std::sync::Arc::clone(&self.info.results);
        for (&slot, result) in slots.iter().zip(results.iter()) {
            if result.non_null {
                self.emit(ret::check_result::<D>, slot, 0, 0, 0);
            }
        }
        match *slots {
            [] => self.emit(ret::ret0::<D>, 0, 0, 0, 0),
            [slot] if float => {
                let handler = if self.facc == Some(slot) { ret::ret1_float::<D, Acc> } else { ret::ret1_float::<D, A> as Handler };
                self.emit(handler, slot, 0, 0, 0);
            }
            [slot] => {
                let handler = if self.acc == Some(slot) { ret::ret1::<D, Acc> } else { ret::ret1::<D, A> as Handler };
                self.emit(handler, slot, 0, 0, 0);
            }
            [first, second] => self.emit(ret::ret2::<D>, first, second, 0, 0),
            _ => {
                self.emit(ret::ret_any::<D>, 0, 0, 0, 0);
                for chunk in slots.chunks(8) {
                    self.push(pack(chunk));
                }
            }
        }
        self.forget();
    }

    /// The slot of a returned value; a constant goes behind the frame.
    fn ret_slot(&mut self, value: Value, index: usize) -> u16 {
        match value {
            Value::Slot(slot) => slot,
            Value::Constant(bits) => {
                let slot = self.window() + index as u16;
                self.constant(slot, bits);
                slot
            }
        }
    }

    /// `throw`
    pub fn throw(&mut self) {
        let operand = self.use_(0);
        let operand = self.slot(operand);
        self.slow::<exception::Throw>(operand, 0, 0, 0);
    }

    /// `fiber.new`
    pub fn fiber_new(&mut self) {
        let (destination, closure) = (self.def(0), self.use_(2));
        let ty = self.linked.runtime_type(self.module, Type::from_code(self.operand(1)));
        let Some(class) = self.linked.class_of(ty) else { return };
        let closure = self.slot(closure);
        self.slow_immediate::<fiber::NewFiber>(destination, closure, class);
    }

    /// `fiber.resume`
    pub fn fiber_resume(&mut self) {
        let parts = self.parts();
        let slots = self.arguments(parts.arguments);
        let fiber = self.closure_slot(parts.what[0], slots.len());
        self.long_form(crate::interp::slow::slow::<D, fiber::Resume>, u64::from(fiber), parts.results, &slots);
        self.forget();
    }

    /// `fiber.yield`
    pub fn fiber_yield(&mut self) {
        let parts = self.parts();
        let slots = self.arguments(parts.arguments);
        let ty = self.linked.runtime_type(self.module, Type::from_code(parts.what[0]));
        let Some(class) = self.linked.class_of(ty) else { return };
        self.long_form(crate::interp::slow::slow::<D, fiber::Yield>, u64::from(class), parts.results, &slots);
        self.forget();
    }
}
