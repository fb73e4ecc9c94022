//! How runs end, and what is told of them.

use crate::support::{ending, outcome};
use limosa_reference::{Ending, Options, Refused};

const ENDLESS: &str = "module endless\nentry main\nfunc main() {\n    var i: i32\nagain:\n    add.i32 i, i, 1\n    jump again\n}\n";

#[test]
fn a_run_without_end_is_bounded_by_steps() {
    let outcome = outcome(ENDLESS, Options { steps: Some(1000), ..Options::default() });
    assert_eq!(outcome.ending, Ending::StepLimit);
    // A step for entering `main`, two for each turn.
    assert_eq!(outcome.fuel_used, 2 + 2 * 499);
}

#[test]
fn a_run_without_end_is_bounded_by_fuel() {
    let outcome = outcome(ENDLESS, Options { fuel: Some(101), ..Options::default() });
    let Ending::Suspended(trace) = outcome.ending else { panic!("{outcome:?}") };
    assert_eq!(trace.iter().map(ToString::to_string).collect::<Vec<_>>(), ["endless.main (test.vasm:7)"]);
    assert_eq!(outcome.fuel_used, 100);
}

#[test]
fn exit_codes_are_what_the_entry_point_returns_or_the_program_asks_for() {
    assert_eq!(ending("module m\nentry main\nfunc main() { ret }\n"), Ending::Exit(0));
    assert_eq!(ending("module m\nentry main\nfunc main() -> i32 { ret -7 }\n"), Ending::Exit(-7));
    let text =
        "module m\nentry main\nimport func std.process.exit(i32)\nfunc main() -> i32 {\n    call std.process.exit(9)\n    ret 1\n}\n";
    assert_eq!(ending(text), Ending::Exit(9));
}

#[test]
fn a_program_needs_an_entry_point() {
    let nothing = limosa_reference::run(vec![crate::support::module("module m\n")], Options::default());
    assert_eq!(nothing.unwrap_err(), Refused::NoEntry);
}

#[test]
fn an_exception_is_told_with_its_trace_and_causes() {
    let text = "module m\nentry main\nclass Wrong extends Error {}\nfunc inner() {\n    unreachable\n}\nfunc main() {\n    \
                var e: Error, w: Wrong\n    catch Error e from begin to end goto caught\nbegin:\n    call inner()\nend:\n    ret\ncaught:\n    \
                new w, Wrong\n    set w, Error.cause, e\n    throw w\n}\n";
    let Ending::Uncaught(exception) = ending(text) else { panic!() };
    assert_eq!(
        exception.to_string(),
        "uncaught m.Wrong\n    at m.main (test.vasm:17)\ncaused by UnreachableError: unreachable instruction reached\n"
    );
}

#[test]
fn streams_are_kept_apart_and_read_to_their_end() {
    let text = "module m\nentry main\nimport func std.io.print(str!)\nimport func std.io.eprint(str!)\nimport func std.io.read_line() -> str\n\
                func main() {\n    var line: str\nagain:\n    call line, std.io.read_line()\n    br.null line, end\n    call std.io.print(line)\n    \
                call std.io.eprint(line)\n    jump again\nend:\n    ret\n}\n";
    let outcome = outcome(text, Options { stdin: b"a\r\nb\n\nc\r".to_vec(), ..Options::default() });
    assert_eq!((outcome.ending, &outcome.stdout[..], &outcome.stderr[..]), (Ending::Exit(0), &b"abc\r"[..], &b"abc\r"[..]));
}

#[test]
fn a_heap_without_room_is_told() {
    assert_eq!(outcome(ENDLESS, Options { heap: 8, ..Options::default() }).ending, Ending::HeapTooSmall);
}
