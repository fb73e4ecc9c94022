//! `vm run`: results, exit codes, limits, linking and statistics.

use crate::programs::{ARGS, CAT, CHAIN, ENDLESS, EXIT, HELLO, HUNGRY, SEVEN};
use crate::support::{Scratch, vm, vm_with};
use serde_json::Value;

#[test]
fn modules_and_texts_are_run() {
    let scratch = Scratch::new();
    let module = scratch.module("hello", HELLO);
    assert_eq!(vm(["run", &module]).good().out, "hello, wörld\n");
    assert_eq!(vm(["run", &scratch.path("hello.vasm")]).good().out, "hello, wörld\n");
}

#[test]
fn a_module_is_known_by_its_contents() {
    let scratch = Scratch::new();
    let bytes = std::fs::read(scratch.module("hello", HELLO)).unwrap();
    vm(["run", &scratch.write("named.vasm", &bytes)]).good();
    vm(["run", &scratch.write("nameless", &bytes)]).good();
    vm(["run", &scratch.write("text.bc", HELLO)]).ended(3).told("text");
    vm(["run", &scratch.write("text", HELLO)]).ended(3).told(".vasm");
}

#[test]
fn the_program_chooses_its_exit_code() {
    let scratch = Scratch::new();
    vm(["run", &scratch.module("seven", SEVEN)]).ended(7);
    let exit = scratch.module("exit", EXIT);
    for (code, ended) in [("0", 0), ("1", 1), ("42", 42), ("255", 255), ("256", 0), ("-1", 255)] {
        let ran = vm(["run", &exit, code]).ended(ended);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), (code, ""), "output is written before the end, and no handler runs");
    }
}

#[test]
fn all_behind_the_file_is_the_programs() {
    let scratch = Scratch::new();
    let args = scratch.module("args", ARGS);
    let ran = vm(["run", "--heap=8M", &args, "--fuel=1", "-h", "--help", "--", "-", "a b", "", "ü"]).good();
    assert_eq!(ran.out, "--fuel=1\n-h\n--help\n--\n-\na b\n\nü\n");
    assert_eq!(vm(["run", &args]).good().out, "");
    assert_eq!(vm(["run", "--", &args, "x"]).good().out, "x\n");
}

#[test]
fn uncaught_exceptions_tell_class_message_cause_and_trace() {
    let scratch = Scratch::new();
    let chain = scratch.module("chain", CHAIN);
    for path in [chain, scratch.path("chain.vasm")] {
        let ran = vm(["run", &path]).ended(1);
        assert_eq!(ran.out, "");
        assert_eq!(
            ran.err,
            "uncaught HostError: could not compute\n    at chain.main (chain.vasm:20)\ncaused by DivisionError: division by zero\n"
        );
    }
    let text = CHAIN.replace("    throw e\n", "    call r, divide(0)\n    ret\n");
    let ran = vm(["run", &scratch.write("deep.vasm", text)]).ended(1);
    assert_eq!(ran.err, "uncaught DivisionError: division by zero\n    at chain.divide (deep.vasm:5)\n    at chain.main (deep.vasm:20)\n");
}

#[test]
fn a_program_without_debug_section_names_instructions() {
    let scratch = Scratch::new();
    let text = vm(["dis", "--no-debug", &scratch.module("chain", CHAIN)]).good().out;
    let module = scratch.module("bare", &format!(".nodebug\n{}", text.replace(".nodebug\n", "")));
    vm(["run", &module]).ended(1).told("at chain.main (instruction 6)");
}

#[test]
fn limits_end_with_code_4_and_the_place() {
    let scratch = Scratch::new();
    let endless = scratch.module("endless", ENDLESS);
    vm(["run", "--fuel=100000", &endless]).ended(4).told("fuel of 100000").told("at endless.main (endless.vasm:5)");
    vm(["run", "--fuel=0", &endless]).ended(4).told("--fuel");
    vm(["run", "--deadline=20", &endless]).ended(4).told("20 ms").told("at endless.main");
    vm(["run", "--deadline=0", &endless]).ended(4);
    vm(["run", "--heap=1", &endless]).ended(4).told("heap");
    vm(["run", "--heap=1000G", &endless]).ended(4).told("heap");
    vm(["run", "--stack=1000000G", &endless]).ended(4).told("stack");
}

#[test]
fn exhausted_memory_and_stack_are_exceptions() {
    let scratch = Scratch::new();
    let hungry = scratch.module("hungry", HUNGRY);
    vm(["run", "--heap=2M", &hungry]).ended(1).told("uncaught OutOfMemory").told("at hungry.main");
    let deep = "module deep\nentry f\nfunc f() {\n    call f()\n    ret\n}\n";
    vm(["run", "--stack=10K", &scratch.write("deep.vasm", deep)]).ended(1).told("uncaught StackOverflow").told("(deep.vasm:4)");
}

#[test]
fn modules_are_linked() {
    let scratch = Scratch::new();
    let library = scratch.module("library", "module lib\nexport func seven\nfunc seven() -> i32 {\n    ret 7\n}\n");
    let source = "module main\nimport func lib.seven() -> i32\nentry main\nfunc main() -> i32 {\n    var r: i32\n    call r, lib.seven()\n    ret r\n}\n";
    let main = scratch.module("main", source);
    vm(["run", &format!("--link={library}"), &main]).ended(7);
    vm(["run", "--link", &scratch.path("library.vasm"), &main]).ended(7);
    vm(["run", &main]).ended(3).told("lib").told("seven");
    vm(["run", "--link", &scratch.path("none.bc"), &main]).ended(3).told("none.bc");
    vm(["run", "--link", &library, "--link", &library, &main]).ended(3);
}

#[test]
fn what_cannot_be_linked_or_started_is_refused() {
    let scratch = Scratch::new();
    let unknown = HELLO.replace("println", "printn");
    vm(["run", &scratch.write("unknown.vasm", &unknown)]).ended(3).told("printn");
    let wrong =
        HELLO.replace("import func std.io.println(str!)", "import func std.io.println(str!) -> i32").replace("call std", "call n, std");
    let wrong = wrong.replace("var text: str", "var text: str, n: i32");
    vm(["run", &scratch.write("wrong.vasm", &wrong)]).ended(3).told("println");
    vm(["run", &scratch.write("start.vasm", HELLO.replace("entry main\n", ""))]).ended(3).told("entry");
}

#[test]
fn texts_with_errors_are_shown_with_excerpts() {
    let scratch = Scratch::new();
    let bad = scratch.write("bad.vasm", HELLO.replace("const.str text", "const.st text").replace("println(text)", "println(texts)"));
    let ran = vm(["run", &bad]).ended(3);
    assert!(ran.err.contains("    const.st text, \"hello, wörld\"\n  |     ^^^^^^^^"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `text`?"), "{}", ran.err);
    assert!(!ran.err.contains('\x1b'));
    let refused = scratch.write("refused.vasm", "module a\nentry main\nfunc main() {\n    var n: i64\n    add.i64 n, n, 1\n}\n");
    vm(["run", &refused]).ended(3).told("fall-off").told("refused.vasm:");
}

#[test]
fn statistics_are_written() {
    let scratch = Scratch::new();
    let stats = scratch.path("stats.json");
    vm(["run", &format!("--stats=json:{stats}"), &scratch.module("hello", HELLO)]).good();
    let read = |path: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let value = read(&stats);
    assert_eq!(value["exit_code"], 0);
    assert_eq!(value["modules"][0]["name"], "hello");
    assert_eq!(value["modules"][0]["hash"].as_str().map(str::len), Some(64));
    assert!(value["fuel_used"].as_u64().is_some_and(|fuel| (3..10).contains(&fuel)), "{value}");
    assert!(value["run_ns"].is_u64() && value["load_ns"].is_u64());
    for key in [
        "limit",
        "used_bytes",
        "live_bytes",
        "external_bytes",
        "peak_bytes",
        "allocated_bytes",
        "copied_bytes",
        "collections",
        "barrier_logs",
        "pause_total_ns",
        "pause_max_ns",
    ] {
        assert!(value["heap"][key].is_u64(), "{key} in {value}");
    }
    vm(["run", "--fuel=1000", &format!("--stats=json:{stats}"), &scratch.module("endless", ENDLESS)]).ended(4);
    let value = read(&stats);
    assert_eq!(value["exit_code"], 4);
    assert_eq!(value["fuel_used"], 1000);
    let nowhere = format!("--stats=json:{}", scratch.path("none/stats"));
    vm(["run", &nowhere, &scratch.path("hello.bc")]).ended(1).told("none/stats");
}

#[test]
fn every_mode_of_the_collector_gives_the_same_result() {
    let scratch = Scratch::new();
    let cat = scratch.module("cat", CAT);
    let input: String = (0..200).map(|line| format!("line {line}\n")).collect();
    for mode in ["--gc-stress=always", "--gc-stress=alloc:7", "--gc-stress=barrier", "--gc-stress=none", "--verify-heap", "--jit=off"] {
        let ran = vm_with(["run", "--heap=1M", mode, &cat], input.as_bytes()).good();
        assert!(ran.out == input, "{mode}");
    }
    let ran = vm_with(["run", "--gc-stress=alloc:50", "--gc-log", &cat], input.as_bytes()).ended(0);
    assert!(ran.out == input);
    assert!(ran.err.lines().count() >= 4 && ran.err.lines().all(|line| line.starts_with("gc ")), "{}", ran.err);
}

#[test]
fn both_dispatchers_are_there() {
    let scratch = Scratch::new();
    let hello = scratch.module("hello", HELLO);
    vm(["run", "--dispatch=trampoline", &hello]).good();
    // Tests and the program under test are built alike.
    match cfg!(debug_assertions) {
        true => vm(["run", "--dispatch=direct", &hello]).ended(2).told("trampoline"),
        false => vm(["run", "--dispatch=direct", &hello]).good(),
    };
}
