//! The choice among the forms of arithmetic, comparisons and branches.

use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, Acc, B, C, FloatSource, Immediate, ShortImmediate, Wide};
use crate::interp::ops::branch::{self, Backward, Direction, Forward, Skip};
use crate::interp::ops::compare::{self, FloatTest, Test};
use crate::interp::ops::convert::{self, FromFloat, ToFloat};
use crate::interp::ops::float::{self, FloatBinary, FloatUnary};
use crate::interp::ops::int::{self, Binary, Fallible, Unary};
use crate::interp::ops::moves;
use crate::interp::{Handler, Word};
use crate::prepare::emit::{Emitter, Value};

/// How many bits of an operand an operation looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bits {
    /// The low half of the slot.
    Low,
    /// The whole slot.
    All,
}

/// Whether the operands of an operation may be exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// They may.
    Free,
    /// They may not.
    Fixed,
}

impl Bits {
    /// The constant as a sign-extended immediate of 32 bits, if it has that form.
    fn immediate(self, constant: u64) -> Option<i32> {
        match self {
            Bits::Low => Some(constant as u32 as i32),
            Bits::All => i32::try_from(constant as i64).ok(),
        }
    }
}

/// The handlers of a two-operand operation by where its operands are.
pub(super) struct Forms {
    slot_slot: Handler,
    acc_slot: Handler,
    slot_acc: Handler,
    acc_acc: Handler,
    slot_immediate: Handler,
    acc_immediate: Handler,
    slot_wide: Handler,
    acc_wide: Handler,
}

macro_rules! forms {
    ($handler:path, $dispatch:ty, $op:ty) => {{
        use $handler as handler;
        Forms {
            slot_slot: handler::<$dispatch, $op, B, C>,
            acc_slot: handler::<$dispatch, $op, Acc, C>,
            slot_acc: handler::<$dispatch, $op, B, Acc>,
            acc_acc: handler::<$dispatch, $op, Acc, Acc>,
            slot_immediate: handler::<$dispatch, $op, B, Immediate>,
            acc_immediate: handler::<$dispatch, $op, Acc, Immediate>,
            slot_wide: handler::<$dispatch, $op, B, Wide>,
            acc_wide: handler::<$dispatch, $op, Acc, Wide>,
        }
    }};
}

impl<D: Dispatch> Emitter<'_, D> {
    fn in_acc(&self, value: Value) -> bool {
        matches!(value, Value::Slot(slot) if self.acc == Some(slot))
    }

    fn in_facc(&self, value: Value) -> bool {
        matches!(value, Value::Slot(slot) if self.facc == Some(slot))
    }

    /// A subtraction, which of a constant is the addition `A` of its negative.
    pub fn subtraction<S: Binary, A: Binary>(&mut self, bits: Bits) {
        let Value::Constant(constant) = self.use_(2) else { return self.binary::<S>(bits, Order::Fixed) };
        match bits.immediate(constant).and_then(i32::checked_neg) {
            Some(immediate) => {
                let (destination, left) = (self.def(0), self.use_(1));
                let left = self.slot(left);
                let handler =
                    if self.acc == Some(left) { int::binary::<D, A, Acc, Immediate> } else { int::binary::<D, A, B, Immediate> as Handler };
                self.emit_immediate(handler, destination, left, immediate);
                self.acc = Some(destination);
            }
            None => self.binary::<S>(bits, Order::Fixed),
        }
    }

    /// An operation on two slot values.
    pub fn binary<O: Binary>(&mut self, bits: Bits, order: Order) {
        self.two_operands(&forms!(int::binary, D, O), bits, order);
    }

    /// An operation on two slot values that may throw.
    pub fn fallible<O: Fallible>(&mut self, bits: Bits, order: Order) {
        self.two_operands(&forms!(int::fallible, D, O), bits, order);
    }

    /// A comparison of two slot values.
    pub fn compare<T: Test>(&mut self, bits: Bits, order: Order) {
        self.two_operands(&forms!(compare::compare, D, T), bits, order);
    }

    fn two_operands(&mut self, forms: &Forms, bits: Bits, order: Order) {
        let (destination, mut left, mut right) = (self.def(0), self.use_(1), self.use_(2));
        let exchange = matches!(left, Value::Constant(_)) || self.in_acc(right) && !self.in_acc(left);
        if order == Order::Free && exchange {
            std::mem::swap(&mut left, &mut right);
        }
        let left = Value::Slot(self.slot(left));
        let (left_acc, Value::Slot(left)) = (self.in_acc(left), left) else { return };
        let pick = |acc: Handler, slot: Handler| if left_acc { acc } else { slot };
        match right {
            Value::Slot(right) if self.acc == Some(right) => {
                self.emit(pick(forms.acc_acc, forms.slot_acc), destination, left, right, 0);
            }
            Value::Slot(right) => self.emit(pick(forms.acc_slot, forms.slot_slot), destination, left, right, 0),
            Value::Constant(constant) => match bits.immediate(constant) {
                Some(immediate) => self.emit_immediate(pick(forms.acc_immediate, forms.slot_immediate), destination, left, immediate),
                None => {
                    self.emit(pick(forms.acc_wide, forms.slot_wide), destination, left, 0, 0);
                    self.data(constant, 0, 0);
                }
            },
        }
        self.acc = Some(destination);
    }

    /// An operation on one slot value.
    pub fn unary<O: Unary>(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.slot(operand);
        let handler = if self.acc == Some(operand) { int::unary::<D, O, Acc> } else { int::unary::<D, O, B> as Handler };
        self.emit(handler, destination, operand, 0, 0);
        self.acc = Some(destination);
    }

    /// An operation on two f64.
    pub fn float_binary<O: FloatBinary>(&mut self, order: Order) {
        let (destination, mut left, mut right) = (self.def(0), self.use_(1), self.use_(2));
        let exchange = matches!(left, Value::Constant(_)) || self.in_facc(right) && !self.in_facc(left);
        if order == Order::Free && exchange {
            std::mem::swap(&mut left, &mut right);
        }
        match (left, right) {
            (Value::Slot(l), Value::Slot(r)) => {
                let handler = match (self.in_facc(left), self.in_facc(right)) {
                    (true, true) => float::binary::<D, O, Acc, Acc>,
                    (true, false) => float::binary::<D, O, Acc, C>,
                    (false, true) => float::binary::<D, O, B, Acc>,
                    (false, false) => float::binary::<D, O, B, C> as Handler,
                };
                self.emit(handler, destination, l, r, 0);
            }
            (Value::Slot(l), Value::Constant(constant)) => {
                let handler = if self.in_facc(left) { float::binary::<D, O, Acc, Wide> } else { float::binary::<D, O, B, Wide> as Handler };
                self.emit(handler, destination, l, 0, 0);
                self.data(constant, 0, 0);
            }
            (Value::Constant(constant), right) => {
                let in_facc = self.in_facc(right);
                let right = self.float_slot(right);
                let handler = if in_facc { float::binary::<D, O, Wide, Acc> } else { float::binary::<D, O, Wide, C> as Handler };
                self.emit(handler, destination, 0, right, 0);
                self.data(constant, 0, 0);
            }
        }
        self.facc = Some(destination);
    }

    /// An operation on one f64.
    pub fn float_unary<O: FloatUnary>(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.float_slot(operand);
        let handler = if self.facc == Some(operand) { float::unary::<D, O, Acc> } else { float::unary::<D, O, B> as Handler };
        self.emit(handler, destination, operand, 0, 0);
        self.facc = Some(destination);
    }

    /// The slot of a float operand; a constant goes to a scratch slot and the float accumulator.
    pub fn float_slot(&mut self, operand: Value) -> u16 {
        match operand {
            Value::Slot(slot) => slot,
            Value::Constant(bits) => {
                let slot = self.scratch();
                self.float_constant(slot, bits);
                slot
            }
        }
    }

    /// A conversion to f64.
    pub fn convert_to_float<O: ToFloat>(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.slot(operand);
        let handler = if self.acc == Some(operand) { convert::to_float::<D, O, Acc> } else { convert::to_float::<D, O, B> as Handler };
        self.emit(handler, destination, operand, 0, 0);
        self.facc = Some(destination);
    }

    /// A conversion from f64.
    pub fn convert_from_float<O: FromFloat>(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.float_slot(operand);
        let handler = if self.facc == Some(operand) { convert::from_float::<D, O, Acc> } else { convert::from_float::<D, O, B> as Handler };
        self.emit(handler, destination, operand, 0, 0);
        self.acc = Some(destination);
    }

    /// A comparison of two f64.
    pub fn float_compare<T: FloatTest>(&mut self) {
        let (destination, left, right) = (self.def(0), self.use_(1), self.use_(2));
        let left = self.float_slot(left);
        let right = self.float_slot(right);
        let handler = match (self.facc == Some(left), self.facc == Some(right)) {
            (true, false) => compare::float_compare::<D, T, Acc, C>,
            (false, true) => compare::float_compare::<D, T, B, Acc>,
            _ => compare::float_compare::<D, T, B, C> as Handler,
        };
        self.emit(handler, destination, left, right, 0);
        self.acc = Some(destination);
    }

    /// A copy of a slot value.
    pub fn mov(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        match operand {
            Value::Constant(bits) => self.constant(destination, bits),
            Value::Slot(slot) if self.acc == Some(slot) => self.emit(moves::mov::<D, Acc>, destination, slot, 0, 0),
            Value::Slot(slot) => self.emit(moves::mov::<D, B>, destination, slot, 0, 0),
        }
        self.acc = Some(destination);
    }

    /// A copy of an f64.
    pub fn mov_float(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        match operand {
            Value::Constant(bits) => self.float_constant(destination, bits),
            Value::Slot(slot) if self.facc == Some(slot) => self.emit(moves::mov_float::<D, Acc>, destination, slot, 0, 0),
            Value::Slot(slot) => self.emit(moves::mov_float::<D, B>, destination, slot, 0, 0),
        }
        self.facc = Some(destination);
    }

    /// Whether going from this instruction to another is charged.
    fn goes_back(&self, target: u32) -> bool {
        target as usize <= self.pc
    }

    /// What going back to an instruction charges, and nothing for going forward.
    pub fn charge_to(&self, target: u32) -> u32 {
        (self.pc as u32 + 1).saturating_sub(target)
    }

    /// `jump`
    pub fn jump(&mut self) {
        let target = self.operand(0);
        let handler = if self.goes_back(target) { branch::jump::<D, Backward> } else { branch::jump::<D, Forward> as Handler };
        self.emit_branch(handler, 0, 0, target);
        self.goes_on(0.0);
        self.target(target, Word::data(0, 0, 0));
    }

    /// The first word of a branch. Of what they decide nothing is known here but that loops end rarely.
    fn emit_branch(&mut self, handler: Handler, a: u16, b: u16, target: u32) {
        self.emit_immediate(handler, a, b, self.charge_to(target) as i32);
        self.goes_on(if self.goes_back(target) { 0.1 } else { 0.5 });
    }

    /// A branch on a test of two slot values; `M` is the test with its operands exchanged.
    pub fn branch<T: Test, M: Test>(&mut self, bits: Bits) {
        let (left, right, target) = (self.use_(0), self.use_(1), self.operand(2));
        if matches!(left, Value::Constant(_)) || self.in_acc(right) && !self.in_acc(left) {
            self.branch_on::<M>(right, left, target, bits);
        } else {
            self.branch_on::<T>(left, right, target, bits);
        }
    }

    /// A branch on a test of a reference against null. Going back, it takes it from its slot: a poll may collect.
    pub fn branch_null<T: Test>(&mut self) {
        let (operand, target) = (self.use_(0), self.operand(1));
        if self.goes_back(target) {
            self.acc = None;
        }
        self.branch_on::<T>(operand, Value::Constant(0), target, Bits::Low);
    }

    fn branch_on<T: Test>(&mut self, left: Value, right: Value, target: u32, bits: Bits) {
        let left = self.slot(left);
        let short = |constant: u64| bits.immediate(constant).and_then(|immediate| i16::try_from(immediate).ok());
        let (right, immediate) = match right {
            Value::Constant(constant) => match short(constant) {
                Some(immediate) => (immediate as u16, true),
                None => {
                    let keep = self.acc;
                    let slot = self.slot(right);
                    debug_assert_ne!(keep, Some(slot));
                    (slot, false)
                }
            },
            Value::Slot(slot) => (slot, false),
        };
        let in_acc = self.acc == Some(left);
        if self.goes_back(target) {
            self.branch_form::<T, Backward>(left, right, immediate, in_acc, target);
        } else {
            self.branch_form::<T, Forward>(left, right, immediate, in_acc, target);
            let skips = [self.branch_handler::<T, Skip<3>>(immediate, in_acc), self.branch_handler::<T, Skip<4>>(immediate, in_acc)];
            self.if_short(target, skips);
        }
        self.target(target, Word::data(0, left, 0));
    }

    fn branch_handler<T: Test, W: Direction>(&self, immediate: bool, in_acc: bool) -> Handler {
        match (in_acc, immediate) {
            (true, true) => branch::branch::<D, W, T, Acc, ShortImmediate>,
            (true, false) => branch::branch::<D, W, T, Acc, B>,
            (false, true) => branch::branch::<D, W, T, A, ShortImmediate>,
            (false, false) => branch::branch::<D, W, T, A, B> as Handler,
        }
    }

    fn branch_form<T: Test, W: Direction>(&mut self, left: u16, right: u16, immediate: bool, in_acc: bool, target: u32) {
        let handler = self.branch_handler::<T, W>(immediate, in_acc);
        self.emit_branch(handler, left, right, target);
    }

    /// A branch on a test of two references. Going back, it takes them from their slots: a poll may collect.
    pub fn branch_references<T: Test>(&mut self) {
        if self.goes_back(self.operand(2)) {
            self.acc = None;
        }
        self.branch::<T, T>(Bits::Low);
    }

    /// A branch on a test of two f64; `M` is the test with its operands exchanged.
    pub fn float_branch<T: FloatTest, M: FloatTest>(&mut self) {
        let (left, right, target) = (self.use_(0), self.use_(1), self.operand(2));
        if matches!(left, Value::Constant(_)) || self.in_facc(right) && !self.in_facc(left) {
            self.float_branch_on::<M>(right, left, target);
        } else {
            self.float_branch_on::<T>(left, right, target);
        }
    }

    fn float_branch_on<T: FloatTest>(&mut self, left: Value, right: Value, target: u32) {
        let left = self.float_slot(left);
        let in_facc = self.facc == Some(left);
        if self.goes_back(target) {
            let right = self.float_slot(right);
            let in_facc = self.facc == Some(left);
            self.float_branch_form::<T, Backward, B>(left, right, in_facc, target);
            self.target(target, Word::data(0, 0, left));
            return;
        }
        match right {
            Value::Slot(right) => self.float_branch_form::<T, Forward, B>(left, right, in_facc, target),
            Value::Constant(constant) => {
                self.float_branch_form::<T, Forward, Wide>(left, 0, in_facc, target);
                self.data(constant, 0, 0);
            }
        }
        self.target(target, Word::data(0, 0, left));
    }

    fn float_branch_form<T: FloatTest, W: Direction, R: FloatSource>(&mut self, left: u16, right: u16, in_facc: bool, target: u32) {
        let handler = if in_facc { branch::float_branch::<D, W, T, Acc, R> } else { branch::float_branch::<D, W, T, A, R> as Handler };
        self.emit_branch(handler, left, right, target);
    }

    /// `switch`
    pub fn switch(&mut self) {
        let raw = self.body.code.raw_operands(self.pc);
        let (labels, default) = (&raw[2..2 + raw[1] as usize], raw[2 + raw[1] as usize]);
        let index = self.use_(0);
        let index = self.slot(index);
        self.emit(branch::switch::<D>, index, 0, 0, 0);
        self.data(labels.len() as u64, 0, 0);
        for &target in labels.iter().chain([&default]) {
            let mut entry = Word::data(0, 0, 0);
            entry.set_immediate(self.charge_to(target) as i32);
            self.target(target, entry);
        }
    }
}
