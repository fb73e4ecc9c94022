//! The typing rules: how the types of an instruction's operands depend on one another, one file per subject.
//!
//! They are called with operands whose shape, indices and kinds the row of the table has vouched for; members of classes and
//! interfaces they look up themselves.

mod array;
mod call;
mod exception;
mod fiber;
mod global;
mod member;
mod object;
mod reference;
mod string;

use super::error::Check;
use super::function::Checker;
use crate::opcodes::{Opcode, TypingRule};

impl Checker<'_> {
    /// Applies an instruction's typing rule to its raw operands.
    #[inline]
    pub(super) fn check_typing(&mut self, rule: TypingRule, opcode: Opcode, words: &[u32]) -> Check {
        match rule {
            TypingRule::Fixed => Ok(()),
            TypingRule::Move => self.check_move(words),
            TypingRule::TypeTest => self.check_type_test(words),
            TypingRule::Cast => self.check_cast(words),
            TypingRule::Box => self.check_box(words),
            TypingRule::Unbox => Ok(()),
            TypingRule::IdentityHash => self.check_identity_hash(words),
            TypingRule::New => self.check_new(words),
            TypingRule::FieldGet => self.check_field_get(words),
            TypingRule::FieldSet => self.check_field_set(words),
            TypingRule::ArrayNew => self.check_array_new(words),
            TypingRule::ArrayLen => self.check_array_len(words),
            TypingRule::ArrayGet => self.check_array_get(words),
            TypingRule::ArraySet => self.check_array_set(words),
            TypingRule::ArrayCopy => self.check_array_copy(words),
            TypingRule::ArrayFill => self.check_array_fill(words),
            TypingRule::ArrayData => self.check_array_data(words),
            TypingRule::ByteLoad => self.check_byte_array(1, words),
            TypingRule::ByteStore => self.check_byte_array(0, words),
            TypingRule::DefStr => self.check_def_str(words),
            TypingRule::UseStr => self.check_use_str(opcode, words),
            TypingRule::StrToStr => self.check_str_to_str(opcode, words),
            TypingRule::StrToBytes => self.check_str_to_bytes(words),
            TypingRule::StrFromBytes => self.check_str_from_bytes(words),
            TypingRule::GlobalGet => self.check_global_get(words),
            TypingRule::GlobalSet => self.check_global_set(words),
            TypingRule::Call => self.check_call(words),
            TypingRule::CallVirtual => self.check_call_method(words, false),
            TypingRule::CallInterface => self.check_call_method(words, true),
            TypingRule::CallClosure => self.check_call_closure(words),
            TypingRule::Tail => self.check_tail(words),
            TypingRule::TailVirtual => self.check_tail_method(words, false),
            TypingRule::TailInterface => self.check_tail_method(words, true),
            TypingRule::TailClosure => self.check_tail_closure(words),
            TypingRule::Closure => self.check_closure(words),
            TypingRule::Ret => self.check_ret(words),
            TypingRule::Throw => self.check_throw(words),
            TypingRule::FiberNew => self.check_fiber_new(words),
            TypingRule::FiberResume => self.check_fiber_resume(words),
            TypingRule::FiberYield => self.check_fiber_yield(words),
            TypingRule::FiberDone => self.check_fiber_done(words),
        }
    }
}
