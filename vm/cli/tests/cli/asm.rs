//! `vm asm` and `vm dis`.

use crate::programs::{ARGS, CAT, CHAIN, ENDLESS, EXIT, HELLO, HUNGRY, SEVEN, YES};
use crate::support::{Scratch, command, vm, vm_with};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

const BAD: &str = "module bad\nfunc main() -> i32 {\n    var a: i32\n    ad.i32 a, a, 1\n    ret b\n}\n";

#[test]
fn text_and_module_are_each_others_image() {
    let scratch = Scratch::new();
    for (index, source) in [HELLO, SEVEN, ENDLESS, ARGS, CHAIN, CAT, YES, HUNGRY, EXIT].iter().enumerate() {
        let module = scratch.module(&format!("m{index}"), source);
        let text = vm(["dis", &module]).good().out;
        let again = scratch.path("again.bc");
        vm_with(["asm", "-", "-o", &again], text.as_bytes()).good();
        assert!(fs::read(&module).unwrap() == fs::read(&again).unwrap(), "{text}");
        assert_eq!(vm(["dis", &again]).good().out, text);
        let bare = vm(["dis", "--no-debug", &module]).good().out;
        assert!(!bare.contains(".line") && !bare.contains(".file"), "{bare}");
    }
}

#[test]
fn dis_reads_the_standard_input_and_asm_writes_the_output() {
    let scratch = Scratch::new();
    let module = fs::read(scratch.module("hello", HELLO)).unwrap();
    let text = vm_with(["dis", "-"], &module).good().out;
    assert_eq!(text, vm(["dis", &scratch.path("hello.bc")]).good().out);
    let mut child = command();
    child.args(["asm", &scratch.path("hello.vasm"), "-o", "-"]).stdout(Stdio::piped());
    assert!(child.spawn().unwrap().wait_with_output().unwrap().stdout == module);
}

#[test]
fn errors_are_shown_and_nothing_is_written() {
    let scratch = Scratch::new();
    let bad = scratch.write("bad.vasm", BAD);
    let out = scratch.write("bad.bc", "old");
    let ran = vm(["asm", &bad, "-o", &out]).ended(3);
    assert!(ran.out.is_empty());
    assert!(ran.err.contains("no instruction `ad.i32`") && ran.err.contains("no register `b`"), "{}", ran.err);
    assert!(ran.err.contains(&format!("{bad}:4:5")), "{}", ran.err);
    assert_eq!(fs::read_to_string(out).unwrap(), "old");
    assert_eq!(fs::read_dir(scratch.root()).unwrap().count(), 2);
    vm_with(["asm", "-", "-o", "-"], BAD.as_bytes()).ended(3).told("stdin:4:5");
}

#[test]
fn errors_are_json_if_asked_for() {
    let scratch = Scratch::new();
    let bad = scratch.write("bad.vasm", BAD);
    let ran = vm(["asm", "--json", &bad, "-o", &scratch.path("bad.bc")]).ended(3);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let mut keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["code", "col", "file", "line", "message", "severity", "suggestion"]);
    assert_eq!((&lines[0]["line"], &lines[0]["col"], &lines[0]["severity"]), (&4.into(), &5.into(), &"error".into()));
    assert_eq!(lines[0]["file"], bad);
    vm(["asm", "--json", &scratch.write("good.vasm", SEVEN), "-o", &scratch.path("good.bc")]).good();
}

#[test]
fn many_errors_are_counted() {
    let scratch = Scratch::new();
    let lines: String = (0..200).map(|number| format!("    wrong.{number} a\n")).collect();
    let bad = scratch.write("many.vasm", format!("module many\nfunc main() {{\n{lines}    ret\n}}\n"));
    let ran = vm(["asm", &bad, "-o", &scratch.path("many.bc")]).ended(3);
    assert_eq!(ran.err.matches("error[").count(), 50);
    assert!(ran.err.contains("150 more"), "{}", ran.err);
    assert!(ran.err.lines().all(|line| line.chars().count() <= 160));
}

#[test]
fn what_will_be_refused_is_warned_of() {
    let scratch = Scratch::new();
    let source = scratch.write("falls.vasm", "module falls\nfunc main() {\n    var n: i64\n    add.i64 n, n, 1\n}\n");
    let module = scratch.path("falls.bc");
    let ran = vm(["asm", &source, "-o", &module]).ended(0).told("warning").told("fall-off");
    assert!(ran.err.contains("falls.vasm:4"), "{}", ran.err);
    vm(["verify", &module]).ended(3).told("fall-off");
    let ran = vm(["asm", "--json", &source, "-o", &module]).ended(0);
    assert_eq!(ran.json()["severity"], "warning");
}

#[test]
fn what_cannot_be_written_is_told() {
    let scratch = Scratch::new();
    let source = scratch.write("seven.vasm", SEVEN);
    vm(["asm", &source, "-o", &scratch.path("none/seven.bc")]).ended(1).told("none/seven.bc");
    vm(["asm", &source, "-o", scratch.root().to_str().unwrap()]).ended(1).told("cannot write");
}

#[test]
fn files_of_the_wrong_kind_are_refused() {
    let scratch = Scratch::new();
    let module = scratch.module("seven", SEVEN);
    vm(["asm", &module, "-o", &scratch.path("x.bc")]).ended(3).told("vm dis");
    vm(["dis", &scratch.path("seven.vasm")]).ended(3).told("text");
    vm(["asm", &scratch.path("none.vasm"), "-o", &scratch.path("x.bc")]).ended(3).told("none.vasm");
    vm(["asm", &scratch.write("latin.vasm", b"module a // \xe4\n"), "-o", &scratch.path("x.bc")]).ended(3).told("UTF-8");
    vm(["asm", &scratch.write("empty.vasm", ""), "-o", &scratch.path("x.bc")]).ended(3).told("module");
}
