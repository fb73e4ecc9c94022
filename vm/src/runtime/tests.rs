//! Running functions built by hand, below the public interface.
#![allow(unsafe_code, reason = "calls the runtime")]

use crate::limits::RunLimits;
use crate::link::tests::build::{Build, link_all};
use crate::runtime::access::HostData;
use crate::runtime::{Dispatch, Outcome, ProgramCode, Reason, Vm};
use limosa_spec::instruction::Code;
use limosa_spec::module::Constant;
use limosa_spec::{Opcode, Type};
use std::sync::Arc;

fn limits() -> RunLimits {
    RunLimits {
        heap_bytes: 64 << 20,
        stack_slots: 1 << 20,
        fuel: None,
        deadline: None,
        cancelled: Arc::default(),
        gc_stress: limosa_gc::Stress::None,
        verify_heap: true,
        gc_log: false,
    }
}

fn fibonacci() -> Build {
    let mut build = Build::new("fib");
    let mut code = Code::default();
    // r0 = n, r1 = a, r2 = b; constants 3 = 2, 4 = 1
    code.push(Opcode::BrGeI64, &[0, 3, 2]);
    code.push(Opcode::Ret, &[1, 0]);
    code.push(Opcode::SubI64, &[1, 0, 4]);
    code.push(Opcode::Call, &[1, 1, 0, 1, 1]);
    code.push(Opcode::SubI64, &[2, 0, 3]);
    code.push(Opcode::Call, &[1, 2, 0, 1, 2]);
    code.push(Opcode::AddI64, &[1, 1, 2]);
    code.push(Opcode::Ret, &[1, 1]);
    let function = build.function_of("fib", &[Type::I64], &[Type::I64], vec![Type::I64, Type::I64], code);
    build.module.functions[function as usize].body.constants = vec![Constant::I64(2), Constant::I64(1)];
    build
}

fn run(build: Build, dispatch: Dispatch, arguments: &[u64], results: &mut [u64]) -> (Outcome, u64) {
    run_with(build, dispatch, &limits(), arguments, results)
}

fn run_with(build: Build, dispatch: Dispatch, limits: &RunLimits, arguments: &[u64], results: &mut [u64]) -> (Outcome, u64) {
    let linked = link_all(vec![build]).expect("links");
    let program = Arc::new(ProgramCode::new(linked, Vec::new(), dispatch));
    let mut vm = Vm::new(program, limits, HostData::new(())).expect("starts");
    // SAFETY: the tests' arguments and results fit their functions.
    let outcome = unsafe { vm.call(0, arguments, results) };
    (outcome, vm.fuel_used())
}

#[test]
fn calls_return_and_charge() {
    for dispatch in [Dispatch::Direct, Dispatch::Trampoline] {
        let mut results = [0];
        let (outcome, fuel) = run(fibonacci(), dispatch, &[20], &mut results);
        assert_eq!(outcome, Outcome::Returned);
        assert_eq!(results, [6765]);
        assert_eq!(fuel, 21_891 * 8);
    }
}

/// `f(n) = n == 0 ? 0 : f(n - 1) + 1`, a frame of four slots.
fn depth() -> Build {
    let mut build = Build::new("depth");
    let mut code = Code::default();
    code.push(Opcode::BrNeI64, &[0, 2, 2]);
    code.push(Opcode::Ret, &[1, 2]);
    code.push(Opcode::SubI64, &[1, 0, 3]);
    code.push(Opcode::Call, &[1, 1, 0, 1, 1]);
    code.push(Opcode::AddI64, &[1, 1, 3]);
    code.push(Opcode::Ret, &[1, 1]);
    let function = build.function_of("depth", &[Type::I64], &[Type::I64], vec![Type::I64], code);
    build.module.functions[function as usize].body.constants = vec![Constant::I64(0), Constant::I64(1)];
    build
}

fn on_a_small_native_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(test).expect("a thread starts");
    thread.join().expect("the test passes");
}

#[test]
fn a_million_frames_need_no_native_stack() {
    on_a_small_native_stack(|| {
        for dispatch in [Dispatch::Direct, Dispatch::Trampoline] {
            let mut results = [0];
            let slots = RunLimits { stack_slots: 5 << 20, heap_bytes: 128 << 20, ..limits() };
            let (outcome, _) = run_with(depth(), dispatch, &slots, &[1_000_000], &mut results);
            assert_eq!(outcome, Outcome::Returned);
            assert_eq!(results, [1_000_000]);
        }
    });
}

#[test]
fn a_guest_stack_ends_at_its_limit_and_the_isolate_goes_on() {
    on_a_small_native_stack(|| {
        let linked = link_all(vec![depth()]).expect("links");
        let program = Arc::new(ProgramCode::new(linked, Vec::new(), Dispatch::default()));
        let mut vm = Vm::new(program, &limits(), HostData::new(())).expect("starts");
        let mut results = [0];
        for _ in 0..3 {
            // SAFETY: arguments and results fit the function.
            unsafe {
                assert_eq!(vm.call(0, &[u64::MAX >> 1], &mut results), Outcome::Threw);
                let exception = vm.take_thrown();
                assert_eq!(vm.type_name(exception), "StackOverflow");
                assert_eq!(vm.trace_of(exception).len(), 64);
                assert_eq!(vm.call(0, &[1000], &mut results), Outcome::Returned);
            }
            assert_eq!(results, [1000]);
        }
    });
}

/// Hundreds of millions of instructions: one handler that does not jump to the next would end this.
#[test]
#[cfg(not(debug_assertions))]
fn handlers_jump() {
    on_a_small_native_stack(|| {
        let mut results = [0];
        let (outcome, fuel) = run(fibonacci(), Dispatch::Direct, &[34], &mut results);
        assert_eq!(outcome, Outcome::Returned);
        assert_eq!(results, [5_702_887]);
        assert!(fuel > 140_000_000);
    });
}

#[test]
fn fuel_ends_to_the_unit_and_can_be_granted() {
    let linked = link_all(vec![fibonacci()]).expect("links");
    let program = Arc::new(ProgramCode::new(linked, Vec::new(), Dispatch::default()));
    let needed = 21_891 * 8;
    for granted in [0, 7, 8, 1000, needed - 1] {
        let mut vm = Vm::new(Arc::clone(&program), &RunLimits { fuel: Some(granted), ..limits() }, HostData::new(())).expect("starts");
        let mut results = [0];
        // SAFETY: arguments and results fit the function.
        unsafe {
            assert_eq!(vm.call(0, &[20], &mut results), Outcome::Suspended(Reason::Fuel), "{granted}");
            assert_eq!(vm.fuel_used(), granted / 8 * 8);
            vm.add_fuel(needed - granted);
            assert_eq!(vm.resume(&mut results), Outcome::Returned);
        }
        assert_eq!(results, [6765]);
        assert_eq!(vm.fuel_left(), Some(0));
    }
}
