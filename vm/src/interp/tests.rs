//! The machine code of hot handlers, as the compiler made it: it must hold neither calls nor pushes, and end in a jump.
#![allow(unsafe_code, reason = "reads machine code")]

use crate::interp::Handler;
use crate::interp::dispatch::Direct;
use crate::interp::operand::{A, Acc, B, C, Immediate, ShortImmediate, Wide};
use crate::interp::ops::branch::{Backward, Forward};
use crate::interp::ops::call::{Tested, Untested};
use crate::interp::ops::callee::{FarInterface, FarVirtual, Interface, Static, Virtual};
use crate::interp::ops::object::{U8, W32, W64};
use crate::interp::ops::{array, branch, call, closure, compare, convert, entry, float, global, int, moves, object, ret, string};
use iced_x86::{Decoder, DecoderOptions, FlowControl, Mnemonic};

/// Instructions that a handler has at most on any path; more means that something was inlined that should not be.
const MOST: usize = 200;

/// Whether a handler may save registers of its caller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pushes {
    None,
    Some,
}

/// Follows the code from an address along fall-through and conditional jumps within the function's vicinity.
fn check(name: &str, handler: Handler, pushes: Pushes) {
    let start = handler as usize as u64;
    let mut open = vec![start];
    let mut seen = std::collections::HashSet::new();
    while let Some(at) = open.pop() {
        // SAFETY: code is readable; a handler is followed by others or by padding, and its paths end in jumps.
        let bytes = unsafe { std::slice::from_raw_parts(at as *const u8, 16) };
        let mut decoder = Decoder::with_ip(64, bytes, at, DecoderOptions::NONE);
        let instruction = decoder.decode();
        if !seen.insert(at) {
            continue;
        }
        assert!(seen.len() <= MOST, "{name}: more than {MOST} instructions");
        assert!(
            pushes == Pushes::Some || instruction.mnemonic() != Mnemonic::Push,
            "{name}: push at +{:#x} of\n{}",
            at - start,
            listing(start)
        );
        match instruction.flow_control() {
            FlowControl::Next => open.push(instruction.next_ip()),
            FlowControl::ConditionalBranch => {
                open.push(instruction.next_ip());
                // Far targets are the cold handlers, jumped to in tail position.
                let target = instruction.near_branch_target();
                if target.abs_diff(start) < 0x400 && target >= start {
                    open.push(target);
                }
            }
            FlowControl::IndirectBranch => {}
            FlowControl::UnconditionalBranch => {}
            other => panic!("{name}: {other:?} ({instruction}) at +{:#x}", at - start),
        }
    }
}

/// The code at an address, for a message.
fn listing(start: u64) -> String {
    // SAFETY: as in `check`.
    let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, 128) };
    Decoder::with_ip(64, bytes, start, DecoderOptions::NONE)
        .iter()
        .map(|instruction| format!("+{:#x} {instruction}\n", instruction.ip() - start))
        .collect()
}

macro_rules! check_all {
    ($pushes:expr, $($handler:expr;)*) => { $(check(stringify!($handler), $handler, $pushes);)* };
}

#[test]
fn hot_handlers_neither_call_nor_push() {
    type D = Direct;
    check_all! { Pushes::None,
        int::binary::<D, int::AddI64, B, C>;
        int::binary::<D, int::AddI64, Acc, C>;
        int::binary::<D, int::AddI64, B, Immediate>;
        int::binary::<D, int::MulI64, Acc, Wide>;
        int::binary::<D, int::ShruI32, Acc, Immediate>;
        int::fallible::<D, int::DivI64, B, C>;
        int::fallible::<D, int::AddCheckedI64, Acc, C>;
        int::unary::<D, int::NegI64, Acc>;
        float::binary::<D, float::MulF64, B, C>;
        float::binary::<D, float::AddF64, Acc, C>;
        float::binary::<D, float::SubF64, B, Acc>;
        float::binary::<D, float::DivF64, Wide, Acc>;
        float::unary::<D, float::SqrtF64, Acc>;
        compare::compare::<D, compare::LtI64, B, C>;
        compare::float_compare::<D, compare::LtF64, B, C>;
        branch::jump::<D, Forward>;
        branch::jump::<D, Backward>;
        branch::branch::<D, Forward, compare::LtI64, A, B>;
        branch::branch::<D, Backward, compare::LtI64, Acc, B>;
        branch::branch::<D, Backward, compare::NeI32, Acc, ShortImmediate>;
        branch::float_branch::<D, Forward, compare::GtF64, Acc, Wide>;
        branch::switch::<D>;
        convert::to_float::<D, convert::FloatF64I64, Acc>;
        convert::from_float::<D, convert::TruncI64F64, Acc>;
        moves::mov::<D, B>;
        moves::mov_float::<D, Wide>;
        moves::const_str::<D>;
        global::get::<D>;
        global::set::<D>;
        object::new::<D>;
        object::get::<D, W32, Acc>;
        object::get::<D, W64, B>;
        object::get_float::<D, B>;
        object::set::<D, W64, Acc>;
        object::set_float::<D, Acc>;
        object::set_reference::<D, Acc>;
        object::class_test::<D, object::IsTest>;
        array::len::<D, B>;
        array::get::<D, U8, C>;
        array::get::<D, W32, Acc>;
        array::get_float::<D, C>;
        array::set::<D, U8, B, C>;
        array::set::<D, W64, B, Acc>;
        array::set_float::<D, Acc>;
        array::set_reference::<D, C>;
        array::load::<D, array::Bits64>;
        array::store::<D, array::Bits32>;
        string::byte::<D, C>;
        string::hash::<D>;
        call::call::<D, Static, A, Untested, 0>;
        call::call::<D, Static, Acc, Tested, 4>;
        call::call::<D, Virtual, A, Tested, 2>;
        call::call::<D, FarVirtual, Acc, Untested, 1>;
        call::call::<D, Interface, Acc, Untested, 1>;
        call::call::<D, FarInterface, A, Untested, 2>;
        closure::call_closure::<D, 0>;
        closure::call_closure::<D, 2>;
        closure::call_closure::<D, 4>;
        call::tail::<D, Static, 2>;
        closure::tail_closure::<D, 1>;
        entry::enter::<D>;
        entry::clear_more::<D, 16>;
        ret::ret0::<D>;
        ret::ret1::<D, Acc>;
        ret::ret1_float::<D, A>;
        ret::ret2::<D>;
    }
}

#[test]
fn work_on_short_strings_does_not_call() {
    type D = Direct;
    check_all! { Pushes::Some,
        string::slice::<D>;
        string::concat::<D>;
        string::equal::<D>;
    }
}

#[test]
fn superinstructions_neither_call_nor_push() {
    let fusions = crate::prepare::Fusions::for_dispatch(crate::runtime::Dispatch::Direct).expect("direct dispatch has them");
    for address in fusions.handlers() {
        // SAFETY: the table holds the addresses of handlers.
        let handler = unsafe { std::mem::transmute::<u64, Handler>(address) };
        check("superinstruction", handler, Pushes::None);
    }
}
