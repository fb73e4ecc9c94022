//! Which instructions are run by one handler. Each pair here has earned its place on a program that was measured.

use crate::interp::Handler;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{Acc, B, C, Immediate, ShortImmediate};
use crate::interp::ops::compare::{self, Test};
use crate::interp::ops::float::{AddF64, MulF64, SubF64};
use crate::interp::ops::fuse::{Compute, Load, Step, Store, count_and_branch, pair};
use crate::interp::ops::int::{AddI32, AddI64};
use crate::prepare::emit::Emitter;
use limosa_spec::{Opcode, Type};

/// The handlers that end a counted loop with a test, by whether the step and the bound are immediate.
pub(super) trait LoopTest: Test {
    /// The handler, if the test has one.
    fn loop_end<D: Dispatch>(_step: bool, _bound: bool) -> Option<Handler> {
        None
    }
}

macro_rules! loop_tests {
    (ends { $($test:ident: $add:ident;)* } none { $($none:ty),* }) => {
        $(impl LoopTest for compare::$test {
            fn loop_end<D: Dispatch>(step: bool, bound: bool) -> Option<Handler> {
                Some(match (step, bound) {
                    (true, true) => count_and_branch::<D, $add, Immediate, compare::$test, ShortImmediate>,
                    (true, false) => count_and_branch::<D, $add, Immediate, compare::$test, B>,
                    (false, true) => count_and_branch::<D, $add, C, compare::$test, ShortImmediate>,
                    (false, false) => count_and_branch::<D, $add, C, compare::$test, B> as Handler,
                })
            }
        })*
        $(impl LoopTest for $none {})*
    };
}
loop_tests! {
    ends {
    LtI64: AddI64;
    LeI64: AddI64;
    GtI64: AddI64;
    GeI64: AddI64;
    NeI64: AddI64;
    LtI32: AddI32;
    LeI32: AddI32;
    GtI32: AddI32;
    GeI32: AddI32;
    NeI32: AddI32;
    }
    none { compare::EqI64, compare::LtuI64, compare::LeuI64, compare::GtuI64, compare::GeuI64,
        compare::EqI32, compare::LtuI32, compare::LeuI32, compare::GtuI32, compare::GeuI32,
        compare::EqF32, compare::NeF32, compare::LtF32, compare::LeF32, compare::GtF32, compare::GeF32,
        compare::Not<compare::LtF32>, compare::Not<compare::LeF32>, compare::Not<compare::GtF32>, compare::Not<compare::GeF32>
    }
}

/// Where the second instruction of a pair has the first one's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Its left operand.
    Left,
    /// Its right operand.
    Right,
}

impl<D: Dispatch> Emitter<'_, D> {
    /// The instruction before this one, if it is one word right before the words so far and nothing jumps between the two.
    fn before(&self, words_since: usize) -> Option<(usize, Opcode)> {
        self.previous.filter(|&(word, _)| word + 1 + words_since == self.words.len())
    }

    /// The instruction before is a `get` of an f64.
    fn loaded_float(&self) -> bool {
        let destination = self.body.code.raw_operands(self.pc - 1)[0];
        self.register_type(destination) == Type::F64
    }

    fn fuse(&mut self, word: usize, handler: Handler) {
        self.words[word].head = handler as usize as u64;
        self.fused = true;
    }

    /// Before a backward branch on the accumulator is appended: lets the addition before it do both.
    pub fn fuse_loop_end<T: LoopTest>(&mut self, bound: bool) {
        let Some((word, Opcode::AddI64 | Opcode::AddI32)) = self.before(0) else { return };
        let operands = self.body.code.raw_operands(self.pc - 1);
        let step = operands[1..].iter().any(|&operand| operand >= self.info.registers);
        if let Some(handler) = T::loop_end::<D>(step, bound) {
            self.fuse(word, handler);
        }
    }

    /// After an f64 operation of one word with the float accumulator on one side was appended: lets the instruction before it do both.
    pub fn fuse_compute(&mut self, side: Side) {
        let Some((word, first)) = self.before(1) else { return };
        let opcode = self.body.code.instructions[self.pc].opcode;
        let handler = match first {
            Opcode::MulF64 => second::<D, Compute<MulF64, B, C>>(opcode, side),
            Opcode::Get if self.loaded_float() => second::<D, Load>(opcode, side),
            _ => None,
        };
        if let Some(handler) = handler {
            self.fuse(word, handler);
        }
    }

    /// After a store of the float accumulator to a field was appended: lets the operation before it do both.
    pub fn fuse_store(&mut self) {
        let Some((word, first)) = self.before(1) else { return };
        let handler: Handler = match first {
            Opcode::AddF64 => pair::<D, Compute<AddF64, B, C>, Store>,
            Opcode::SubF64 => pair::<D, Compute<SubF64, B, C>, Store>,
            Opcode::MulF64 => pair::<D, Compute<MulF64, B, C>, Store>,
            _ => return,
        };
        self.fuse(word, handler);
    }
}

/// The handler of a pair by its second instruction.
fn second<D: Dispatch, F: Step>(opcode: Opcode, side: Side) -> Option<Handler> {
    Some(match (opcode, side) {
        (Opcode::AddF64, Side::Left) => pair::<D, F, Compute<AddF64, Acc, C>>,
        (Opcode::AddF64, Side::Right) => pair::<D, F, Compute<AddF64, B, Acc>>,
        (Opcode::SubF64, Side::Left) => pair::<D, F, Compute<SubF64, Acc, C>>,
        (Opcode::SubF64, Side::Right) => pair::<D, F, Compute<SubF64, B, Acc>>,
        (Opcode::MulF64, Side::Left) => pair::<D, F, Compute<MulF64, Acc, C>>,
        (Opcode::MulF64, Side::Right) => pair::<D, F, Compute<MulF64, B, Acc>>,
        _ => return None,
    })
}
