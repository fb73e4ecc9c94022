//! The standard streams of programs, and of the commands themselves, when all is well and when nobody reads.

use crate::programs::{CAT, HELLO, YES};
use crate::support::{Scratch, command, vm, vm_with};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

#[test]
fn input_is_copied() {
    let scratch = Scratch::new();
    let cat = scratch.module("cat", CAT);
    for input in ["", "a", "a\n", "ä\nb\n\nc\n"] {
        let expected = if input.is_empty() || input.ends_with('\n') { input.to_owned() } else { format!("{input}\n") };
        assert_eq!(vm_with(["run", &cat], input.as_bytes()).good().out, expected);
    }
    let long = format!("{}\n", "x".repeat(1 << 20)).repeat(3);
    assert!(vm_with(["run", &cat], long.as_bytes()).good().out == long);
    vm_with(["run", &cat], b"ok\n\xff\n").ended(1).told("EncodingError").told("byte 0");
    vm_with(["run", "--heap=4M", &cat], &vec![b'x'; 10 << 20]).ended(1).told("HostError").told("4194304");
}

#[test]
fn nobody_reading_ends_a_program_quietly() {
    let scratch = Scratch::new();
    let yes = scratch.module("yes", YES);
    let mut child = command().args(["run", &yes]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 8];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn nobody_reading_ends_commands_quietly() {
    let scratch = Scratch::new();
    // More than a pipe holds.
    let functions: String = (0..5000).map(|number| format!("func function_{number}(n: i64) -> i64 {{\n    ret n\n}}\n")).collect();
    let many = scratch.module("many", &format!("module many\n{functions}"));
    for args in [&["dis", &many][..], &["inspect", &many], &["inspect", "--json", &many]] {
        let mut child = command().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn a_question_is_seen_before_the_answer_is_read() {
    let scratch = Scratch::new();
    let ask = scratch.module("ask", &CAT.replace("next:\n", "next:\n    const.str line, \"> \"\n    call std.io.println(line)\n"));
    let mut child = command().args(["run", &ask]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for answer in ["one\n", "two\n"] {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "> \n");
        input.write_all(answer.as_bytes()).unwrap();
        line.clear();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, answer);
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_was_printed_precedes_the_error() {
    let scratch = Scratch::new();
    let source = HELLO.replace("    ret\n", "    unreachable\n");
    let both = scratch.path("both");
    let file = std::fs::File::create(&both).unwrap();
    let mut child = command();
    child.args(["run", &scratch.write("fails.vasm", source)]).stdout(file.try_clone().unwrap()).stderr(file);
    assert_eq!(child.status().unwrap().code(), Some(1));
    let written = std::fs::read_to_string(both).unwrap();
    assert!(written.starts_with("hello, wörld\nuncaught UnreachableError"), "{written}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_does_not_fit_is_told() {
    let scratch = Scratch::new();
    let (hello, yes) = (scratch.module("hello", HELLO), scratch.module("yes", YES));
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for (args, told) in [
        (&["run", &hello][..], "cannot write to the standard output: No space left on device"),
        (&["run", &yes], "uncaught HostError: cannot write output"),
        (&["dis", &hello], "No space left on device"),
        (&["verify", &hello], "No space left on device"),
        (&["inspect", "--json", &hello], "No space left on device"),
        (&["asm", &scratch.path("hello.vasm"), "-o", "-"], "No space left on device"),
    ] {
        let output = command().args(args).stdout(full()).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && err.contains(told), "{args:?}: {output:?}");
    }
    vm(["asm", &scratch.path("hello.vasm"), "-o", "/dev/full"]).ended(1).told("/dev/full");
}
