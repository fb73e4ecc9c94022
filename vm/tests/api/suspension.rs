//! Fuel, deadlines, cancellation.

use crate::{hosted, module, program};
use limosa::{FullCx, Host, HostError, Limits, TrapKind};
use std::time::{Duration, Instant};

const LOOP: &str = "module m
export func count
export func forever
func count(n: i64) -> i64 {
    var i: i64
again:
    add.i64 i, i, 1
    br.lt.i64 i, n, again
    ret i
}
func forever() {
again:
    jump again
}
";

#[test]
fn a_call_without_fuel_is_suspended_and_goes_on() {
    let mut isolate = program(LOOP).isolate((), Limits::new().fuel(1000)).unwrap();
    let count = isolate.func::<i64, i64>("count").unwrap();
    let trap = isolate.call(&count, 10_000).unwrap_err();
    assert_eq!((trap.kind(), trap.is_suspended()), (&TrapKind::Fuel, true));
    assert_eq!(trap.trace().to_string(), "    at m.count (test.vasm:8)");
    assert!(isolate.fuel_left().unwrap() < 2);
    let mut rounds = 0;
    let result = loop {
        isolate.add_fuel(1000);
        match isolate.resume(&count) {
            Ok(result) => break result,
            Err(trap) => assert!(trap.is_suspended()),
        }
        rounds += 1;
    };
    assert_eq!((result, rounds), (10_000, 19));
    let mut whole = program(LOOP).isolate((), Limits::new()).unwrap();
    let count = whole.func::<i64, i64>("count").unwrap();
    whole.call(&count, 10_000).unwrap();
    assert_eq!(whole.fuel_used(), isolate.fuel_used(), "suspending costs nothing");
    assert_eq!(whole.fuel_left(), None);
}

#[test]
fn a_suspended_call_can_be_given_up() {
    let mut isolate = program(LOOP).isolate((), Limits::new().fuel(100)).unwrap();
    let count = isolate.func::<i64, i64>("count").unwrap();
    assert!(isolate.call(&count, 10_000).unwrap_err().is_suspended());
    isolate.abandon();
    let trap = isolate.resume(&count).unwrap_err();
    assert_eq!((trap.kind(), trap.message()), (&TrapKind::Misuse, "no call of this function is suspended"));
    isolate.add_fuel(1000);
    assert_eq!(isolate.call(&count, 10).unwrap(), 10);
    assert!(isolate.call(&count, 10_000).unwrap_err().is_suspended());
    isolate.add_fuel(1000);
    assert_eq!(isolate.call(&count, 10).unwrap(), 10, "a new call gives up the suspended one");
    assert_eq!(*isolate.resume(&count).unwrap_err().kind(), TrapKind::Misuse);
}

#[test]
fn only_the_function_that_was_called_is_resumed() {
    let mut isolate = program(LOOP).isolate((), Limits::new().fuel(100)).unwrap();
    let (count, forever) = (isolate.func::<i64, i64>("count").unwrap(), isolate.func::<(), ()>("forever").unwrap());
    assert!(isolate.call(&count, 10_000).unwrap_err().is_suspended());
    assert_eq!(*isolate.resume(&forever).unwrap_err().kind(), TrapKind::Misuse);
    isolate.add_fuel(100_000);
    assert_eq!(isolate.resume(&count).unwrap(), 10_000);
}

#[test]
fn a_deadline_suspends() {
    let mut isolate = program(LOOP).isolate((), Limits::new().deadline(Duration::ZERO)).unwrap();
    let (count, forever) = (isolate.func::<i64, i64>("count").unwrap(), isolate.func::<(), ()>("forever").unwrap());
    let trap = isolate.call(&forever, ()).unwrap_err();
    assert_eq!((trap.kind(), trap.is_suspended()), (&TrapKind::Deadline, true));
    assert_eq!(*isolate.resume(&forever).unwrap_err().kind(), TrapKind::Deadline);
    isolate.set_deadline(None);
    assert_eq!(isolate.call(&count, 1_000_000).unwrap(), 1_000_000);
    isolate.set_deadline(Some(Instant::now()));
    assert_eq!(*isolate.call(&forever, ()).unwrap_err().kind(), TrapKind::Deadline);
}

#[test]
fn a_canceller_suspends_from_another_thread() {
    let mut isolate = program(LOOP).isolate((), Limits::new()).unwrap();
    let forever = isolate.func::<(), ()>("forever").unwrap();
    for _ in 0..3 {
        let stop = isolate.canceller();
        let thread = std::thread::spawn(move || stop.cancel());
        let trap = isolate.call(&forever, ()).unwrap_err();
        assert_eq!((trap.kind(), trap.is_suspended()), (&TrapKind::Cancelled, true));
        thread.join().unwrap();
    }
}

#[test]
fn a_suspension_inside_a_host_function_ends_the_outer_call() {
    let text = "module m
import func app.back(i32) -> i32
export func outer
export func forever
func forever() {
again:
    jump again
}
func outer(n: i32) -> i32 {
    call n, app.back(n)
    ret n
}
";
    let mut host = Host::<()>::new();
    host.func("app", "back", |cx: &mut FullCx<()>, n: i32| -> Result<i32, HostError> {
        let forever = cx.func::<(), ()>("forever")?;
        match cx.call(&forever, ()) {
            Ok(()) => Ok(1),
            Err(trap) if n == 0 => Err(trap.into()),
            Err(_) => Ok(2),
        }
    })
    .unwrap();
    let program = host.link(&module(text)).unwrap();
    for swallow in [0, 1] {
        let mut isolate = program.isolate((), Limits::new().fuel(10_000)).unwrap();
        let outer = isolate.func::<i32, i32>("outer").unwrap();
        let trap = isolate.call(&outer, swallow).unwrap_err();
        assert_eq!((trap.kind(), trap.is_suspended()), (&TrapKind::Fuel, false));
        assert_eq!(*isolate.resume(&outer).unwrap_err().kind(), TrapKind::Misuse);
    }
}

#[test]
fn a_run_is_suspended_and_goes_on() {
    let text = "module m
import func app.exit(i32)
entry main
func main() {
    var i: i64
again:
    add.i64 i, i, 1
    br.lt.i64 i, 10_000, again
    call app.exit(3)
    ret
}
";
    let mut host = Host::<()>::new();
    host.func("app", "exit", |_: &mut limosa::Cx<()>, code: i32| Err::<(), _>(HostError::exit(code))).unwrap();
    let mut isolate = hosted(&host, (), text);
    assert_eq!(isolate.run().unwrap(), 3);
    let mut isolate = host.link(&module(text)).unwrap().isolate((), Limits::new().fuel(1000)).unwrap();
    assert!(isolate.run().unwrap_err().is_suspended());
    isolate.add_fuel(100_000);
    assert_eq!(isolate.resume_run().unwrap(), 3);
    let mut library = crate::isolate(LOOP);
    assert_eq!(library.run().unwrap_err().message(), "the program has no entry point");
}
