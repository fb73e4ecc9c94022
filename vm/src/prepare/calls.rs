//! Calls, returns, closures, fibers and throwing.

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, Acc};
use crate::interp::ops::call::{self, Tested, Untested};
use crate::interp::ops::callee::{Callee, Cell, FarVirtual, Interface, Static, Virtual, interface_head, virtual_head};
use crate::interp::ops::closure::{self, MakeClosure};
use crate::interp::ops::{exception, fiber, ret};
use crate::interp::{Handler, Word};
use crate::prepare::emit::{Emitter, Value};
use crate::prepare::stubs::pack;
use limosa_abi::frame::HEADER_SLOTS;
use limosa_abi::object::header_word;
use limosa_spec::{Operand, OperandRole, Type, TypeDefinition};

/// The parts of a call-like instruction.
struct Parts<'a> {
    results: &'a [u32],
    /// The operands between results and arguments.
    what: [u32; 2],
    arguments: &'a [u32],
}

/// The handler for a number of arguments, where the short form takes so many.
macro_rules! by_count {
    ($count:expr, |$number:ident| $handler:expr) => {
        by_count!(@ $count, $number, $handler, 0 1 2 3 4)
    };
    (@ $count:expr, $number:ident, $handler:expr, $($value:literal)*) => {
        match $count {
            $($value => {
                const $number: usize = $value;
                let handler: Handler = $handler;
                Some(handler)
            })*
            _ => None,
        }
    };
}

/// The first few of these as bits, the lowest first: more than a short form has arguments.
fn mask(bits: impl Iterator<Item = bool>) -> u16 {
    bits.take(16).enumerate().fold(0, |mask, (index, bit)| mask | u16::from(bit) << index)
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

    /// The entry that a function has now.
    fn entry_now(&self, function: u32) -> u64 {
        let id = self.module.functions[function as usize];
        self.linked.entries.cell(id).load() as u64
    }

    /// The cell of a function operand.
    fn cell(&self, function: u32) -> u64 {
        let id = self.module.functions[function as usize];
        std::ptr::from_ref(self.linked.entries.cell(id)) as u64
    }

    /// The slot or program-wide id of a method operand.
    fn method(&self, what: [u32; 2]) -> u32 {
        let index = Type::from_code(what[0]).defined_index().unwrap_or(0);
        self.module.members[index as usize].methods[what[1] as usize]
    }

    /// Which arguments of a method must be tested for null: a call finds out itself about the receiver.
    fn non_null_arguments(&self, what: [u32; 2]) -> u16 {
        let methods = match self.module.module.definition(Type::from_code(what[0])) {
            Some(TypeDefinition::Class(class)) => &class.methods,
            Some(TypeDefinition::Interface(interface)) => &interface.methods,
            _ => return 0,
        };
        let signature = self.module.module.function_type(methods[what[1] as usize].signature);
        let parameters = signature.map_or(&[][..], |signature| &signature.parameters);
        mask(std::iter::once(false).chain(parameters.iter().map(|parameter| parameter.non_null)))
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

    /// A call; bit `i` of `non_null` tells that argument `i` must be tested for null.
    fn call_form<T: Callee>(&mut self, head: u64, parts: &Parts<'_>, non_null: u16) {
        let slots = self.arguments(parts.arguments);
        let in_acc = slots.first().is_some_and(|&first| self.acc == Some(first));
        let short = match (in_acc, non_null != 0) {
            (false, false) => by_count!(slots.len(), |N| call::call::<D, T, A, Untested, N>),
            (false, true) => by_count!(slots.len(), |N| call::call::<D, T, A, Tested, N>),
            (true, false) => by_count!(slots.len(), |N| call::call::<D, T, Acc, Untested, N>),
            (true, true) => by_count!(slots.len(), |N| call::call::<D, T, Acc, Tested, N>),
        };
        match short.filter(|_| parts.results.len() <= 1) {
            Some(handler) => self.short_form(handler, head, parts.results, &slots, non_null),
            None => self.long_form(call::call_any::<D, T>, head, parts.results, &slots),
        }
        self.after_call(parts.results);
    }

    /// Appends a call in its short form. `last` is what its kind has in field `d` of the last word.
    fn short_form(&mut self, handler: Handler, head: u64, results: &[u32], slots: &[u16], last: u16) {
        let slot = |index: usize| slots.get(index).copied().unwrap_or(0);
        self.emit(handler, slot(0), slot(1), slot(2), slot(3));
        self.last_word(head, results, usize::from(last));
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
        let function = self.module.functions[parts.what[0] as usize];
        let parameters = self.linked.functions[function as usize].parameters.iter();
        let non_null = mask(parameters.map(|parameter| parameter.non_null));
        self.call_form::<Static>(self.entry_now(parts.what[0]), &parts, non_null);
    }

    /// `call.virtual`
    pub fn call_virtual(&mut self) {
        let parts = self.parts();
        let non_null = self.non_null_arguments(parts.what);
        match virtual_head(self.method(parts.what)) {
            Ok(offset) => self.call_form::<Virtual>(offset, &parts, non_null),
            Err(far) => self.call_form::<FarVirtual>(far, &parts, non_null),
        }
    }

    /// `call.interface`
    pub fn call_interface(&mut self) {
        let parts = self.parts();
        self.call_form::<Interface>(interface_head(self.method(parts.what)), &parts, self.non_null_arguments(parts.what));
    }

    /// `call.closure`
    pub fn call_closure(&mut self) {
        let parts = self.parts();
        let slots = self.arguments(parts.arguments);
        let closure = self.closure_slot(parts.what[0], slots.len());
        let short = by_count!(slots.len(), |N| closure::call_closure::<D, N>);
        match short.filter(|_| parts.results.len() <= 1) {
            Some(handler) => self.short_form(handler, u64::from(closure), parts.results, &slots, 0),
            None => self.long_form(closure::call_closure_any::<D>, u64::from(closure), parts.results, &slots),
        }
        self.after_call(parts.results);
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
        let short = by_count!(slots.len(), |N| call::tail::<D, T, N>);
        self.short_or_long_tail(short, call::tail_any::<D, T>, head, &slots);
    }

    /// Appends a tail call in its short form, if it has one.
    fn short_or_long_tail(&mut self, short: Option<Handler>, long: Handler, head: u64, slots: &[u16]) {
        match short {
            Some(handler) => {
                let slot = |index: usize| slots.get(index).copied().unwrap_or(0);
                self.emit(handler, slot(0), slot(1), slot(2), slot(3));
                self.data(head, 0, 0);
            }
            None => self.long_form(long, head, &[], slots),
        }
        self.forget();
    }

    /// `tail`
    pub fn tail(&mut self) {
        let parts = self.parts();
        self.tail_form::<Cell>(self.cell(parts.what[0]), &parts);
    }

    /// `tail.virtual`
    pub fn tail_virtual(&mut self) {
        let parts = self.parts();
        match virtual_head(self.method(parts.what)) {
            Ok(offset) => self.tail_form::<Virtual>(offset, &parts),
            Err(far) => self.tail_form::<FarVirtual>(far, &parts),
        }
    }

    /// `tail.interface`
    pub fn tail_interface(&mut self) {
        let parts = self.parts();
        self.tail_form::<Interface>(interface_head(self.method(parts.what)), &parts);
    }

    /// `tail.closure`
    pub fn tail_closure(&mut self) {
        let parts = self.parts();
        let slots = self.arguments(parts.arguments);
        let closure = self.closure_slot(parts.what[0], slots.len());
        let short = by_count!(slots.len(), |N| closure::tail_closure::<D, N>);
        self.short_or_long_tail(short, closure::tail_closure_any::<D>, u64::from(closure), &slots);
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
