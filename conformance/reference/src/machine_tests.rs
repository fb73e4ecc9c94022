//! What the verifier should not let through is found, whatever it is, and is no panic: states are made that cannot come up.

use crate::capabilities::Capabilities;
use crate::host::HostState;
use crate::link::link;
use crate::machine::{Ended, Machine};
use crate::program::Program;
use crate::streams::Streams;
use crate::value::Value;
use std::time::Instant;

const TEXT: &str = "module m\nentry main\nclass Point { x: i32 }\nclass Other { x: i32 }\nfunc call(p: Point) -> i32 {\n    var x: i32\n    \
                    get x, p, Point.x\n    ret x\n}\nfunc main() -> i32 {\n    var p: Point, o: Other, x: i32, s: str, a: [i32]\n    new p, Point\n    new o, Other\n    \
                    const.str s, \"text\"\n    array.new a, [i32], 3\n    call x, call(p)\n    add.i32 x, x, 1\n    array.set a, 1, x\n    ret x\n}\n";

fn program() -> Program {
    let module = limosa_assembler::assemble("test.vasm", TEXT).expect("a module");
    link(vec![limosa_spec::verify(module).expect("it keeps the rules")]).expect("a program")
}

fn machine(program: &Program) -> Machine<'_> {
    let streams = Streams::captured(Vec::new()).0;
    let host = HostState { arguments: Vec::new(), streams, capabilities: Capabilities::default(), longest: 100, started: Instant::now() };
    let mut machine = Machine::new(program, 1 << 20, 1000, None, host).expect("there is room");
    machine.start(program.entry.expect("an entry point")).expect("it starts");
    machine
}

/// How a run ends into which something is done after so many steps.
fn tampered(steps: u64, tamper: impl FnOnce(&mut Machine<'_>)) -> String {
    let program = program();
    let mut machine = machine(&program);
    assert!(matches!(machine.run(steps), Ended::Steps));
    tamper(&mut machine);
    match machine.run(1000) {
        Ended::Failed(failure) => failure.message,
        other => panic!("{other:?}"),
    }
}

/// Steps after which `main` is about to call.
const CALL: u64 = 5;
/// Steps after which `call` is about to read the field.
const GET: u64 = 7;
/// Steps after which `main` is about to add.
const ADD: u64 = 9;

fn register<'m>(machine: &'m mut Machine<'_>, register: usize) -> &'m mut Value {
    &mut machine.frame_mut().expect("a frame runs").registers[register]
}

#[test]
fn untampered_it_returns() {
    let program = program();
    assert!(matches!(machine(&program).run(1000), Ended::Returned(values) if values == [Value::I32(1)]));
}

#[test]
fn values_of_other_types_are_found() {
    let message = tampered(ADD, |machine| *register(machine, 2) = Value::I64(1));
    assert_eq!(message, "operand 2 is I64(1) and not of type i32 (in m.main (test.vasm:17))");
    assert!(tampered(ADD, |machine| *register(machine, 2) = Value::Reference(None)).contains("not of type i32"));
    assert!(tampered(GET, |machine| *register(machine, 0) = Value::I32(1)).contains("no reference"));
    assert!(tampered(CALL, |machine| *register(machine, 0) = Value::F64(1.0)).contains("does not fit the type of the argument"));
}

#[test]
fn objects_of_other_classes_are_found() {
    let swap = |machine: &mut Machine<'_>, with: usize| *register(machine, 0) = *register(machine, with);
    assert!(tampered(CALL, |machine| swap(machine, 1)).contains("does not fit the type of the argument"));
    assert!(tampered(CALL, |machine| swap(machine, 3)).contains("does not fit the type of the argument"));
    let other = |machine: &mut Machine<'_>| {
        let waiting = &machine.running().expect("a fiber runs").frames[0];
        let other = waiting.registers[1];
        *register(machine, 0) = other;
    };
    assert!(tampered(GET, other).contains("a field of an object of another class"));
}

#[test]
fn registers_and_instructions_that_are_not_there_are_found() {
    assert!(tampered(ADD, |machine| machine.frame_mut().expect("a frame runs").registers.clear()).contains("register 2 has no value"));
    assert!(tampered(ADD, |machine| machine.frame_mut().expect("a frame runs").pc = 100).contains("control left the function"));
    assert!(tampered(ADD, |machine| machine.running = 7).contains("there is no fiber 7"));
}

#[test]
fn objects_that_are_not_there_are_found() {
    let lost = |machine: &mut Machine<'_>| {
        let array = std::mem::replace(register(machine, 4), Value::Reference(None));
        machine.heap.collect_at = 0;
        machine.make_room(1).expect("there is room");
        *register(machine, 4) = array;
    };
    assert!(tampered(ADD, lost).contains("is not there any more"));
}
