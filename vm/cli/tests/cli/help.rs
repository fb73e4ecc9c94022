//! Help, and commands that are not understood.

use crate::programs::HELLO;
use crate::support::{Scratch, vm};

#[test]
fn every_command_has_help_with_examples() {
    for command in [&[][..], &["run"], &["asm"], &["dis"], &["verify"], &["inspect"]] {
        for help in ["--help", "-h"] {
            let ran = vm(command.iter().chain([&help])).good();
            assert!(ran.out.contains("Usage: vm"), "{}", ran.out);
            assert!(ran.out.contains("Examples:\n  vm "), "{}", ran.out);
            assert!(!ran.out.contains('\x1b'), "no colour in a pipe");
            assert!(ran.out.lines().all(|line| line.chars().count() <= 100), "{}", ran.out);
        }
    }
}

#[test]
fn the_help_of_run_names_all_options() {
    let help = vm(["run", "--help"]).good().out;
    for option in [
        "--fuel",
        "--heap",
        "--stack",
        "--deadline",
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "--allow-clock",
        "--allow-random",
        "--gc-stress",
        "--gc-log",
        "--verify-heap",
        "--dispatch",
        "--jit",
        "--stats",
        "--link",
    ] {
        assert!(help.contains(option), "{option}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(vm(["--version"]).good().out, format!("vm {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn nothing_at_all_shows_the_help() {
    vm::<&str>([]).ended(2).told("Usage: vm");
}

#[test]
fn wrong_usage_is_told_with_code_2() {
    for (args, told) in [
        (&["fly"][..], "fly"),
        (&["rum", "x.bc"], "run"),
        (&["run"], "FILE"),
        (&["run", "--fule=1", "x.bc"], "--fuel"),
        (&["run", "--fuel=x", "x.bc"], "--fuel"),
        (&["run", "--fuel=-1", "x.bc"], "--fuel"),
        (&["run", "--heap=1.5M", "x.bc"], "64M"),
        (&["run", "--heap=99999999999G", "x.bc"], "too large"),
        (&["run", "--stack", "x.bc"], "--stack"),
        (&["run", "--deadline=soon", "x.bc"], "--deadline"),
        (&["run", "--gc-stress=much", "x.bc"], "barrier"),
        (&["run", "--gc-stress=alloc:0", "x.bc"], "alloc:N"),
        (&["run", "--dispatch=fast", "x.bc"], "trampoline"),
        (&["run", "--jit=always", "x.bc"], "off"),
        (&["run", "--stats=FILE", "x.bc"], "json:FILE"),
        (&["run", "--stats=json:", "x.bc"], "json:FILE"),
        (&["run", "--allow-read=", "x.bc"], "--allow-read"),
        (&["asm", "x.vasm"], "--output"),
        (&["asm", "-o", "x.bc"], "FILE.vasm"),
        (&["dis"], "FILE.bc"),
        (&["dis", "a.bc", "b.bc"], "b.bc"),
        (&["verify"], "FILE.bc"),
        (&["inspect", "--jsn", "x.bc"], "--json"),
    ] {
        let ran = vm(args).ended(2).told(told);
        assert!(ran.out.is_empty(), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn arguments_need_not_be_text_unless_the_program_gets_them() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::new();
    let hello = scratch.write("hello.vasm", HELLO);
    let odd = OsStr::from_bytes(b"a\xffb");
    vm([OsStr::new("run"), odd]).ended(3);
    vm([OsStr::new("verify"), odd]).ended(3);
    vm([OsStr::new("run"), OsStr::new(&hello), odd]).ended(2).told("argument 1");
    vm([odd]).ended(2);
    let file = scratch.root().join(OsStr::from_bytes(b"\xff.vasm"));
    std::fs::write(&file, HELLO).unwrap();
    vm([OsStr::new("run"), file.as_os_str()]).good();
}
