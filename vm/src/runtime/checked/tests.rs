//! What is broken on purpose is noticed: words of prepared code get other operands or handlers with mistakes, and the linker's tables
//! other entries. Each mistake names what the check must say.
#![allow(unsafe_code, reason = "handlers with mistakes")]

use crate::interp::dispatch::{Dispatch as _, Trampoline};
use crate::interp::operand::{A, B, C};
use crate::interp::ops::object::{self, U8, U16, W32};
use crate::interp::ops::{array, call, callee, moves, ret};
use crate::interp::{Handler, Status, Word};
use crate::limits::RunLimits;
use crate::link::link;
use crate::link::tests::build::Host;
use crate::program::Linked;
use crate::runtime::access::HostData;
use crate::runtime::{Dispatch, Outcome, ProgramCode, Vm};
use limosa_abi::frame::{LINK_SLOT, RETURN_SLOT};
use limosa_abi::{Context, Reference};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const PROGRAM: &str = "module broken
    class Animal { legs: i32  weight: i64  next: Animal  method name(i64) -> i64 = plain }
    global count: i64 = 7
    func plain(animal: Animal!, x: i64) -> i64 { ret x }
    func main() -> i64 {
        var animal: Animal, numbers: [i32], small: i32, big: i64, other: i64
        new animal, Animal
        set animal, Animal.weight, 0x1_0000_0002
        set animal, Animal.legs, 0x1_0003
        get small, animal, Animal.legs
        get big, animal, Animal.weight
        array.new numbers, [i32], 3
        array.set numbers, 1, 0x2_0001
        array.get small, numbers, 1
        global.get other, count
        mov.i64 big, other
        call big, add(big, other)
        call big, add(big, other)
        call.virtual big, Animal.name(animal, big)
        ret big
    }
    func beyond() -> i64 {
        var numbers: [i32], small: i32
        array.new numbers, [i32], 3
        array.get small, numbers, 3
        ret 0
    }
    func add(x: i64, y: i64) -> i64 {
        var a: i64, b: i64, c: i64, d: i64, e: Animal
        add.i64 a, x, y
        ret a
    }";

fn linked() -> Linked {
    let module = limosa_assembler::assemble("broken.vasm", PROGRAM).expect("the program assembles");
    let module = Arc::new(limosa_spec::verify::verify(module).expect("the program verifies"));
    link(&[module], &Host::default()).expect("the program links")
}

fn function(linked: &Linked, name: &str) -> u32 {
    linked.functions.iter().position(|function| &*function.name == name).expect("the function is there") as u32
}

/// Runs the program with a change to the words of a function, or to tables. Gives what the checks said.
fn run(name: &str, change: impl FnOnce(&mut ProgramCode, u32)) -> Result<u64, String> {
    let linked = linked();
    let (main, changed) = (function(&linked, if name == "beyond" { name } else { "main" }), function(&linked, name));
    let mut program = ProgramCode::new(linked, Vec::new(), Dispatch::default());
    program.prepared(changed);
    change(&mut program, changed);
    let limits = RunLimits {
        heap_bytes: 1 << 20,
        stack_slots: 1 << 12,
        fuel: None,
        deadline: None,
        cancelled: Arc::default(),
        gc_stress: limosa_gc::Stress::None,
        verify_heap: false,
        gc_log: false,
    };
    let mut vm = Vm::new(Arc::new(program), &limits, HostData::new(())).expect("starts");
    let mut results = [0];
    // SAFETY: arguments and results fit the function.
    let outcome = catch_unwind(AssertUnwindSafe(|| unsafe { vm.call(main, &[], &mut results) }));
    match outcome {
        Ok(Outcome::Returned) => Ok(results[0]),
        Ok(other) => Err(format!("{other:?}")),
        Err(panic) => Err(panic.downcast_ref::<String>().cloned().unwrap_or_default()),
    }
}

/// The word that does an instruction's work is changed, and what the checks say has a certain text in it.
#[track_caller]
fn noticed(name: &str, pc: usize, change: impl FnOnce(&mut Word), says: &str) {
    let said = run(name, |program, id| {
        let prepared = program.prepared_mut(id);
        let words = prepared.words_of(pc);
        let last = words.rev().find(|&word| prepared.note(word).is_some()).expect("an instruction has a handler");
        change(prepared.word_mut(last));
    });
    let said = said.expect_err("the mistake is noticed");
    assert!(said.starts_with("the VM is broken: ") && said.contains(says), "{said}");
}

fn with(handler: Handler) -> impl FnOnce(&mut Word) {
    move |word| word.head = handler as usize as u64
}

/// Returns another slot.
fn returns(slot: u16) -> impl FnOnce(&mut Word) {
    move |word| {
        with(ret::ret1::<Trampoline, A>)(word);
        word.a = slot;
    }
}

#[test]
fn what_is_in_order_is_left_alone() {
    assert_eq!(run("main", |_, _| {}), Ok(21));
}

#[test]
fn fields_of_another_width_or_place_are_noticed() {
    noticed(
        "main",
        3,
        with(object::get::<Trampoline, U16, B>),
        "main, instruction 3, get [2, 0, 64, 0]: register 2 has 0x3 instead of 0x10003",
    );
    noticed("main", 4, with(object::get::<Trampoline, W32, B>), "register 3 has 0x2 instead of 0x100000002");
    noticed("main", 3, |word| word.set_immediate(word.immediate() + 4), "instead of 0x10003");
    noticed("main", 2, |word| word.set_immediate(word.immediate() - 4), "of the object");
}

#[test]
fn stores_that_reach_further_or_less_far_are_noticed() {
    noticed("main", 2, with(wide_set), "is 0xee instead of 0x");
    noticed("main", 6, with(array::set::<Trampoline, U8, B, C>), "of the object");
}

#[test]
fn elements_of_another_width_or_index_are_noticed() {
    noticed("main", 7, with(array::get::<Trampoline, U8, C>), "register 2 has 0x0 instead of 0x20001");
    noticed("beyond", 1, with(lenient_get), "must throw IndexError, threw nothing");
}

#[test]
fn other_registers_are_noticed() {
    noticed("main", 4, |word| word.a += 1, "register 4, which it does not define, changed");
    let first_register = |word: &mut Word| {
        with(moves::mov::<Trampoline, B>)(word);
        word.b = 0;
    };
    noticed("main", 9, first_register, "register 3 has");
    noticed("main", 13, returns(4), "value 0 is 0x7 instead of 0x15");
}

#[test]
fn slots_of_another_type_are_noticed() {
    noticed("main", 3, with(dirty_get), "register 2: the upper half of");
    noticed("main", 0, with(wild_new), "register 0: no object is at 0x4321");
    noticed("main", 0, with(headless_new), "its class does not exist");
    noticed("main", 0, |word| word.a = 1, "register 1: the object at");
}

#[test]
fn accumulators_that_hold_something_else_are_noticed() {
    noticed("main", 3, with(forgetful_get), "the accumulator holds 0x0, slot 2 0x10003");
}

#[test]
fn calls_that_go_elsewhere_are_noticed() {
    noticed("main", 10, |word| word.b = 1, "argument 1 is");
    noticed("main", 10, with(wrong_link), "slots, not");
    noticed("main", 10, with(wrong_return), "the return word is not behind the call");
    noticed("main", 9, with(jump_ahead), "went on at");
}

#[test]
fn functions_that_begin_or_end_wrongly_are_noticed() {
    let clears = |program: &mut ProgramCode, id: u32| program.prepared_mut(id).word_mut(0).b += 4;
    let said = run("add", clears).expect_err("the mistake is noticed");
    assert!(said.contains("starts as"), "{said}");
    noticed("add", 1, returns(0), "result 0 is 0x7 instead of 0xe");
}

#[test]
fn tables_with_other_functions_are_noticed() {
    let exchange = |program: &mut ProgramCode, main: u32| {
        let other = program.prepared(main).words.as_ptr();
        for record in &program.linked.classes.records {
            record.near_methods[0].store(other.cast());
        }
    };
    let said = run("main", exchange).expect_err("the mistake is noticed");
    assert!(said.contains("broken.main takes 0 arguments, not 2"), "{said}");
}

handler! {
    /// Stores eight bytes where four belong.
    fn wide_set[](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: the object is larger than what is written.
        unsafe {
            let object = Reference::from_slot(*fp.add((*pc).a as usize));
            *object.at::<u64>(cx, (*pc).immediate() as usize & !7) = 0xeeee_eeee_eeee_eeee;
            next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// Takes an index equal to the length.
    fn lenient_get[](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: nothing is read.
        unsafe {
            *fp.add((*pc).a as usize) = 0;
            next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}

handler! {
    /// Leaves something in the upper half of an i32.
    fn dirty_get[](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame.
        unsafe {
            *fp.add((*pc).a as usize) = 0x1_0001_0003;
            next(pc.add(1), fp, cx, fuel, 0x1_0001_0003, facc)
        }
    }
}

handler! {
    /// Leaves its result in the register only.
    fn forgetful_get[](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame.
        unsafe {
            *fp.add((*pc).a as usize) = 0x1_0003;
            next(pc.add(1), fp, cx, fuel, 0, facc)
        }
    }
}

handler! {
    /// Makes a reference to nothing.
    fn wild_new[](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame.
        unsafe {
            *fp.add((*pc).a as usize) = 0x4321;
            next(pc.add(2), fp, cx, fuel, 0x4321, facc)
        }
    }
}

handler! {
    /// Makes an object without a header.
    fn headless_new[](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `new`.
        unsafe {
            let object = Reference((*cx).allocation_next);
            let status = object::new::<Trampoline>(pc, fp, cx, fuel, acc, facc);
            *object.at::<u64>(cx, 0) = 0xffff_ff00;
            status
        }
    }
}

handler! {
    /// Goes on one instruction too far.
    fn jump_ahead[](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: a call of two words follows.
        unsafe { next(pc.add(3), fp, cx, fuel, acc, facc) }
    }
}

handler! {
    /// A call that says that the caller's frame is elsewhere.
    fn wrong_link[](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`.
        unsafe {
            let status = call::call::<Trampoline, callee::Static, A, call::Untested, 2>(pc, fp, cx, fuel, acc, facc);
            *(*cx).fp.offset(LINK_SLOT) += 1;
            status
        }
    }
}

handler! {
    /// A call that returns elsewhere.
    fn wrong_return[](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as for `call`.
        unsafe {
            let status = call::call::<Trampoline, callee::Static, A, call::Untested, 2>(pc, fp, cx, fuel, acc, facc);
            *(*cx).fp.offset(RETURN_SLOT) += size_of::<Word>() as u64;
            status
        }
    }
}

/// Goes on to the next handler.
unsafe fn next(pc: *const Word, fp: *mut u64, cx: *mut Context, fuel: i64, acc: u64, facc: f64) -> Status {
    // SAFETY: caller.
    unsafe { Trampoline::next(pc, fp, cx, fuel, acc, facc) }
}
