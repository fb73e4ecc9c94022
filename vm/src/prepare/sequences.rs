//! The superinstructions. Each has earned its place on programs that were measured.

use crate::interp::Handler;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{A, Acc, B, ShortImmediate, Source, Wide};
use crate::interp::ops::branch::{Backward, Direction, Forward, Skip};
use crate::interp::ops::compare::{EqI64, GeF64, GeI64, GtF64, GtI64, LeF64, LeI64, LtF64, LtI64, NeI64};
use crate::interp::ops::float::{AddF64, SubF64};
use crate::interp::parts::*;
use crate::interp::sequence::{Feeds, Part, Then};
use crate::prepare::fuse::{Fused, Fusions};

fn address(handler: Handler) -> u64 {
    handler as usize as u64
}

/// Each of the first parts with each of the second.
macro_rules! pairs {
    ($table:ident, $dispatch:ty; [$($first:ident)*] $seconds:tt) => { $(pairs!(@ $table, $dispatch; $first $seconds);)* };
    (@ $table:ident, $dispatch:ty; $first:ident [$($second:ident)*]) => { $($table.pair::<$dispatch, $first, $second>();)* };
}

impl Fusions {
    fn pair<D: Dispatch, F: Part, S: Part>(&mut self) {
        let hands_on = S::TAKES.then(|| address(F::handler::<Feeds<D, S>>()));
        let fused = Fused { stores: address(F::handler::<Then<D, S>>()), hands_on };
        self.pairs.insert((address(F::handler::<D>()), address(S::handler::<D>())), fused);
    }

    /// Three, each of which takes the result of the one before.
    fn chain<D: Dispatch, F: Part, S: Part, T: Part>(&mut self) {
        self.pair::<D, F, S>();
        let fused =
            Fused { stores: address(F::handler::<Then<Then<D, T>, S>>()), hands_on: Some(address(F::handler::<Then<Feeds<D, T>, S>>())) };
        self.pairs.insert((address(F::handler::<Then<D, S>>()), address(T::handler::<D>())), fused);
        let fused =
            Fused { stores: address(F::handler::<Feeds<Then<D, T>, S>>()), hands_on: Some(address(F::handler::<Feeds<Feeds<D, T>, S>>())) };
        self.pairs.insert((address(F::handler::<Feeds<D, S>>()), address(T::handler::<D>())), fused);
    }

    /// Two, and a third that takes the results of both.
    fn triple<D: Dispatch, F: Part, S: Part, T: Part>(&mut self) {
        self.pair::<D, F, S>();
        let fused =
            Fused { stores: address(F::handler::<Then<Then<D, T>, S>>()), hands_on: Some(address(F::handler::<Feeds<Feeds<D, T>, S>>())) };
        self.both.insert((address(F::handler::<Then<D, S>>()), address(T::handler::<D>())), fused);
    }

    /// A [`triple`](Fusions::triple), and a fourth that takes its result.
    fn quadruple<D: Dispatch, F: Part, S: Part, T: Part, U: Part>(&mut self) {
        self.triple::<D, F, S, T>();
        let fused = Fused { stores: address(F::handler::<Then<Then<Then<D, U>, T>, S>>()), hands_on: None };
        self.pairs.insert((address(F::handler::<Then<Then<D, T>, S>>()), address(U::handler::<D>())), fused);
        let fused = Fused {
            stores: address(F::handler::<Feeds<Feeds<Then<D, U>, T>, S>>()),
            hands_on: Some(address(F::handler::<Feeds<Feeds<Feeds<D, U>, T>, S>>())),
        };
        self.pairs.insert((address(F::handler::<Feeds<Feeds<D, T>, S>>()), address(U::handler::<D>())), fused);
    }

    /// The table for a dispatch.
    pub(super) fn of<D: Dispatch>() -> Fusions {
        let mut table = Fusions::default();
        table.loops::<D>();
        table.arrays::<D>();
        table.tests::<D>();
        table.arithmetic::<D>();
        table.floats::<D>();
        table.calls::<D>();
        table
    }

    /// The ends of counted loops.
    fn loops<D: Dispatch>(&mut self) {
        self.before_tests::<D, AddSI, Backward, Acc>();
        self.before_tests::<D, AddSI, Backward, A>();
        self.before_tests::<D, AddSS, Backward, Acc>();
        self.before_tests::<D, AddSS, Backward, A>();
        self.before_tests::<D, ElementS, Backward, Acc>();
        self.before_tests::<D, ElementA, Backward, Acc>();
        self.before_tests::<D, ByteElementS, Backward, Acc>();
        self.before_tests::<D, ByteElementA, Backward, Acc>();
        pairs!(self, D; [AddSI AddSS MoveS MoveI SetElementSS SetElementSA SetElementAS SetFloatElementA] [JumpBack]);
    }

    /// A handler before all tests of its result, or of a slot, in one direction.
    fn before_tests<D: Dispatch, F: Part, W: Direction, L: Source>(&mut self) {
        self.pair::<D, F, Branch<W, EqI64, L, B>>();
        self.pair::<D, F, Branch<W, NeI64, L, B>>();
        self.pair::<D, F, Branch<W, LtI64, L, B>>();
        self.pair::<D, F, Branch<W, LeI64, L, B>>();
        self.pair::<D, F, Branch<W, GtI64, L, B>>();
        self.pair::<D, F, Branch<W, GeI64, L, B>>();
        self.pair::<D, F, Branch<W, EqI64, L, ShortImmediate>>();
        self.pair::<D, F, Branch<W, NeI64, L, ShortImmediate>>();
        self.pair::<D, F, Branch<W, LtI64, L, ShortImmediate>>();
        self.pair::<D, F, Branch<W, LeI64, L, ShortImmediate>>();
        self.pair::<D, F, Branch<W, GtI64, L, ShortImmediate>>();
        self.pair::<D, F, Branch<W, GeI64, L, ShortImmediate>>();
    }

    /// A handler before all tests of its result, an `f64`.
    fn before_float_tests<D: Dispatch, F: Part>(&mut self) {
        self.pair::<D, F, FloatBranch<Forward, LtF64, B>>();
        self.pair::<D, F, FloatBranch<Forward, LeF64, B>>();
        self.pair::<D, F, FloatBranch<Forward, GtF64, B>>();
        self.pair::<D, F, FloatBranch<Forward, GeF64, B>>();
        self.pair::<D, F, FloatBranch<Forward, LtF64, Wide>>();
        self.pair::<D, F, FloatBranch<Forward, LeF64, Wide>>();
        self.pair::<D, F, FloatBranch<Forward, GtF64, Wide>>();
        self.pair::<D, F, FloatBranch<Forward, GeF64, Wide>>();
        self.pair::<D, F, FloatBranch<Backward, LtF64, B>>();
        self.pair::<D, F, FloatBranch<Backward, LeF64, B>>();
        self.pair::<D, F, FloatBranch<Backward, GtF64, B>>();
        self.pair::<D, F, FloatBranch<Backward, GeF64, B>>();
    }

    /// A handler behind all tests of the accumulator in one direction.
    fn behind_tests<D: Dispatch, S: Part, W: Direction>(&mut self) {
        self.pair::<D, Branch<W, EqI64, Acc, B>, S>();
        self.pair::<D, Branch<W, NeI64, Acc, B>, S>();
        self.pair::<D, Branch<W, LtI64, Acc, B>, S>();
        self.pair::<D, Branch<W, LeI64, Acc, B>, S>();
        self.pair::<D, Branch<W, GtI64, Acc, B>, S>();
        self.pair::<D, Branch<W, GeI64, Acc, B>, S>();
        self.pair::<D, Branch<W, EqI64, Acc, ShortImmediate>, S>();
        self.pair::<D, Branch<W, NeI64, Acc, ShortImmediate>, S>();
        self.pair::<D, Branch<W, LtI64, Acc, ShortImmediate>, S>();
        self.pair::<D, Branch<W, LeI64, Acc, ShortImmediate>, S>();
        self.pair::<D, Branch<W, GtI64, Acc, ShortImmediate>, S>();
        self.pair::<D, Branch<W, GeI64, Acc, ShortImmediate>, S>();
    }

    /// Elements and fields, with what is done to the index before and to the value after.
    fn arrays<D: Dispatch>(&mut self) {
        pairs!(self, D; [AddSI AddAI AddSS AddAS SubSS] [ElementA ReferenceElementA ByteElementA FloatElementA SetElementAS]);
        pairs!(self, D; [AddSI] [ElementS ReferenceElementS FloatElementS]);
        pairs!(self, D; [ElementS ElementA FieldS FieldA] [AddSI AddAI AddAS SubAS SubSA MulAS ElementS SetElementSA ReturnA]);
        pairs!(self, D; [ReferenceFieldS ReferenceFieldA ReferenceElementS ReferenceElementA] [
            ElementS FloatElementS ReferenceElementS LengthA FieldA ReferenceFieldA FloatFieldA
        ]);
        pairs!(self, D; [SetElementSS SetElementSA SetElementAS SetFloatElementA] [AddSI ElementS SetElementSS]);
        pairs!(self, D; [LengthS LengthA] [AddAI]);
        pairs!(self, D; [AddAS AddAI AddSI AddSS SubAS] [SetFieldA SetElementSA]);
    }

    /// Values that are tested, and what is done where a test does not hold.
    fn tests<D: Dispatch>(&mut self) {
        self.tests_going::<D, Forward>();
        self.tests_going::<D, Skip<3>>();
        self.tests_going::<D, Skip<4>>();
        self.behind_tests::<D, ReturnS, Forward>();
        self.behind_tests::<D, ReturnA, Forward>();
        pairs!(self, D; [AddSI ElementS ByteElementS ElementA ByteElementA] [Switch]);
    }

    fn tests_going<D: Dispatch, W: Direction>(&mut self) {
        self.before_tests::<D, ElementS, W, Acc>();
        self.before_tests::<D, ElementA, W, Acc>();
        self.before_tests::<D, ByteElementS, W, Acc>();
        self.before_tests::<D, ByteElementA, W, Acc>();
        self.before_tests::<D, FieldS, W, Acc>();
        self.before_tests::<D, FieldA, W, Acc>();
        self.before_tests::<D, AddSI, W, Acc>();
        self.before_tests::<D, AddAI, W, Acc>();
        self.before_tests::<D, MulSS, W, Acc>();
        self.before_tests::<D, AndSI, W, Acc>();
        self.before_tests::<D, AndAI, W, Acc>();
        self.behind_tests::<D, AddSI, W>();
    }

    /// Chains of operations on integers.
    fn arithmetic<D: Dispatch>(&mut self) {
        pairs!(self, D; [ShlSI ShruSI ShrSI] [XorAS]);
        pairs!(self, D; [ShlSI ShlAI] [AddAI AddAS]);
        pairs!(self, D; [MulSS MulAS MulSI MulAI] [AddAI AddAS AndAI AndAS SubAS SubSA ShrAI ShruAI]);
        pairs!(self, D; [AddAI AddSI AddSS AddAS] [AndAI AndAS AddAI AddAS MulSI MulAI MulAS AddSI ShrAI]);
        pairs!(self, D; [ShrSI ShrAI ShruSI ShruAI] [AddAI AddAS AndAI]);
        self.chain::<D, ShrAI, AddAS, AddAI>();
        pairs!(self, D; [AndAI AndAS AndSI] [AddAS AddAI ElementA ReferenceElementA ByteElementA]);
        pairs!(self, D; [MoveS MoveA] [MoveS]);
    }

    /// Chains of operations on floats.
    fn floats<D: Dispatch>(&mut self) {
        pairs!(self, D; [AddSI AddAI AddSS AddAS] [ToFloatA]);
        pairs!(self, D; [ToFloatS ToFloatA] [MulFloatAS MulFloatAW DivFloatWA]);
        pairs!(self, D; [MulFloatSS MulFloatAS MulFloatSA MulFloatAA MulFloatSW MulFloatAW] [
            AddFloatAS AddFloatAW SubFloatAW SubFloatAS SubFloatSA MulFloatSS MulFloatAS MulFloatSA MulFloatAA DivFloatSA SetFloatFieldA SetFloatElementA
        ]);
        pairs!(self, D; [AddFloatSS AddFloatAS SubFloatSS SubFloatAS SubFloatSA] [
            AddFloatAS SubFloatAS SubFloatSA MulFloatAS MulFloatSA MulFloatAA MulFloatSS SqrtFloatA SetFloatFieldA SetFloatElementA
        ]);
        pairs!(self, D; [AddFloatSS AddFloatAS MulFloatSS MulFloatAS DivFloatWA] [ReturnFloatA]);
        self.chain::<D, MulFloatSS, MulFloatAS, AddFloatAS>();
        self.chain::<D, MulFloatSW, MulFloatAS, AddFloatAS>();
        self.chain::<D, FloatElementS, MulFloatAS, AddFloatAS>();
        self.chain::<D, FloatElementA, MulFloatAS, AddFloatAS>();
        self.before_float_tests::<D, AddFloatSS>();
        self.before_float_tests::<D, AddFloatAS>();
        self.before_float_tests::<D, SubFloatSS>();
        self.before_float_tests::<D, SubFloatAS>();
        self.before_float_tests::<D, FloatElementS>();
        self.before_float_tests::<D, FloatElementA>();
        self.before_float_tests::<D, FloatFieldS>();
        self.before_float_tests::<D, FloatFieldA>();
        pairs!(self, D; [FloatFieldS FloatFieldA FloatElementS FloatElementA] [
            AddFloatAS SubFloatAS SubFloatSA MulFloatAS MulFloatSA MulFloatSS FloatFieldS FloatElementS
        ]);
        self.triple::<D, FloatFieldS, FloatFieldS, Both<SubF64, true>>();
        self.triple::<D, FloatFieldS, FloatFieldA, Both<SubF64, true>>();
        self.triple::<D, FloatFieldA, FloatFieldS, Both<SubF64, true>>();
        self.quadruple::<D, FloatFieldS, MulFloatSS, Both<SubF64, true>, SetFloatFieldA>();
        self.quadruple::<D, FloatFieldS, MulFloatSS, Both<AddF64, false>, SetFloatFieldA>();
        self.quadruple::<D, FloatFieldA, MulFloatSS, Both<SubF64, true>, SetFloatFieldA>();
        self.quadruple::<D, FloatFieldA, MulFloatSS, Both<AddF64, false>, SetFloatFieldA>();
        self.triple::<D, MulFloatSS, MulFloatSS, Both<AddF64, false>>();
        self.triple::<D, AddFloatAS, MulFloatSS, Both<AddF64, false>>();
        pairs!(self, D; [SqrtFloatA] [MulFloatAS DivFloatSA]);
        pairs!(self, D; [AddFloatAS AddFloatSS] [AddSI]);
    }

    /// What stands before returns.
    fn calls<D: Dispatch>(&mut self) {
        pairs!(self, D; [AddSI AddAI AddSS AddAS SubSS SubAS SubSA MulSS MulAS MoveI] [ReturnA]);
        pairs!(self, D; [SetFieldA] [ReturnS ReturnNothing]);
        pairs!(self, D; [CheckResult] [ReturnS ReturnA]);
    }
}
