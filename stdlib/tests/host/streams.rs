//! `std.io`, `std.env`, `std.process`, `std.time` and `std.random` as programs see them.

use crate::support::{Tester, Written};
use limosa::{Limits, TrapKind};
use limosa_stdlib::{Capabilities, Std, Streams};
use std::io;

#[test]
fn output_and_errors_are_written() {
    let mut tester = Tester::new();
    tester.call::<&str, ()>("std.io.print", "a").unwrap();
    tester.call::<&str, ()>("std.io.println", "b").unwrap();
    assert_eq!(tester.output.text(), "");
    tester.call::<&str, ()>("std.io.eprint", "c").unwrap();
    assert_eq!((tester.output.text(), tester.errors.text()), ("ab\n".into(), "c".into()));
    tester.call::<&str, ()>("std.io.eprintln", "d").unwrap();
    assert_eq!(tester.errors.text(), "cd\n");
    tester.call::<(&[u8], i64, i64), ()>("std.io.write_bytes", (b"hello", 1, 3)).unwrap();
    tester.call::<(), ()>("std.io.flush", ()).unwrap();
    assert_eq!(tester.output.text(), "ab\nel");
    for (from, to) in [(0, 6), (-1, 2), (3, 2), (i64::MAX, i64::MIN)] {
        assert_eq!(tester.class::<(&[u8], i64, i64), ()>("std.io.write_bytes", (b"hello", from, to)), "IndexError");
    }
}

#[test]
fn input_is_read_by_lines_bytes_and_the_rest() {
    let mut tester = Tester::with(Capabilities::none(), "erste\r\n\nab\0crest\nü".as_bytes());
    let t = &mut tester;
    assert_eq!(t.call::<(), Option<String>>("std.io.read_line", ()).unwrap().as_deref(), Some("erste"));
    assert_eq!(t.call::<(), Option<String>>("std.io.read_line", ()).unwrap().as_deref(), Some(""));
    assert_eq!(t.call::<i64, Vec<u8>>("std.io.read_bytes", 4).unwrap(), b"ab\0c");
    assert_eq!(t.class::<i64, Vec<u8>>("std.io.read_bytes", -1), "NegativeSizeError");
    assert_eq!(t.call::<(), String>("std.io.read_all", ()).unwrap(), "rest\nü");
    assert_eq!(t.call::<(), String>("std.io.read_all", ()).unwrap(), "");
    assert_eq!(t.call::<(), Option<String>>("std.io.read_line", ()).unwrap(), None);
    assert_eq!(t.call::<i64, Vec<u8>>("std.io.read_bytes", i64::MAX).unwrap(), b"");
}

#[test]
fn input_that_is_not_text_is_told_and_skipped() {
    let mut tester = Tester::with(Capabilities::none(), b"ab\xff\nnext\n\xc3");
    let (class, message) = tester.thrown::<(), Option<String>>("std.io.read_line", ());
    assert_eq!((class.as_str(), message.as_str()), ("EncodingError", "the line is not UTF-8 at byte 2"));
    assert_eq!(tester.call::<(), Option<String>>("std.io.read_line", ()).unwrap().as_deref(), Some("next"));
    assert_eq!(tester.class::<(), String>("std.io.read_all", ()), "EncodingError");
}

#[test]
fn more_input_than_fits_is_an_error_and_not_a_loss_of_memory() {
    let endless = || Streams::new(io::repeat(b'a'), io::sink(), io::sink());
    for name in ["std.io.read_line", "std.io.read_all"] {
        let std = Std::new(Capabilities::none(), endless()).with_longest(1 << 20);
        let mut tester = Tester::of(std, Limits::new(), Written::default(), Written::default());
        let (class, message) = match name {
            "std.io.read_line" => tester.thrown::<(), Option<String>>(name, ()),
            _ => tester.thrown::<(), String>(name, ()),
        };
        assert_eq!(class, "HostError");
        assert!(message.contains("1048576"), "{message}");
    }
    let std = Std::new(Capabilities::none(), endless()).with_longest(1 << 20);
    let mut tester = Tester::of(std, Limits::new(), Written::default(), Written::default());
    assert_eq!(tester.class::<i64, Vec<u8>>("std.io.read_bytes", i64::MAX), "HostError");
    assert_eq!(tester.call::<i64, Vec<u8>>("std.io.read_bytes", 1 << 20).unwrap().len(), 1 << 20);
}

/// Takes nothing.
struct Broken(io::ErrorKind);

impl io::Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn broken(kind: io::ErrorKind, code: Option<i32>) -> Tester {
    let std = Std::new(Capabilities::none(), Streams::new(io::empty(), Broken(kind), io::sink()));
    let std = if let Some(code) = code { std.exit_on_broken_pipe(code) } else { std };
    Tester::of(std, Limits::new(), Written::default(), Written::default())
}

#[test]
fn output_nobody_takes_is_an_error_or_the_end() {
    let mut tester = broken(io::ErrorKind::BrokenPipe, None);
    tester.call::<&str, ()>("std.io.print", "a").unwrap();
    assert_eq!(tester.class::<(), ()>("std.io.flush", ()), "HostError");
    let mut tester = broken(io::ErrorKind::BrokenPipe, Some(0));
    tester.call::<&str, ()>("std.io.print", "a").unwrap();
    assert_eq!(tester.call::<(), ()>("std.io.flush", ()).unwrap_err().kind(), &TrapKind::Exit(0));
    let mut tester = broken(io::ErrorKind::BrokenPipe, Some(0));
    tester.call::<&str, ()>("std.io.print", "a").unwrap();
    assert_eq!(tester.call::<(), String>("std.io.read_all", ()).unwrap_err().kind(), &TrapKind::Exit(0));
    let mut tester = broken(io::ErrorKind::StorageFull, Some(0));
    let long = "a".repeat(100_000);
    assert_eq!(tester.class::<&str, ()>("std.io.print", &long), "HostError");
}

#[test]
fn arguments_and_variables() {
    let mut tester = Tester::new();
    assert_eq!(tester.call::<(), Vec<String>>("std.env.args", ()).unwrap(), ["one", "zwei ü", ""]);
    let (class, message) = tester.thrown::<&str, Option<String>>("std.env.var", "PATH");
    assert_eq!(class, "CapabilityError");
    assert!(message.contains("--allow-env") && message.contains("PATH"), "{message}");
    let mut allowed = Capabilities::none();
    allowed.allow_env();
    let mut tester = Tester::with(allowed, b"");
    assert_eq!(tester.call::<&str, Option<String>>("std.env.var", "PATH").unwrap(), std::env::var("PATH").ok());
    for odd in ["LIMOSA_NO_SUCH_VARIABLE", "", "=", "A=B", "A\0B"] {
        assert_eq!(tester.call::<&str, Option<String>>("std.env.var", odd).unwrap(), None, "{odd}");
    }
}

#[test]
fn exit_ends_the_program() {
    let mut tester = Tester::new();
    assert_eq!(tester.call::<i32, ()>("std.process.exit", 7).unwrap_err().exit_code(), Some(7));
}

#[test]
fn time_and_chance_are_denied_until_allowed() {
    let mut tester = Tester::new();
    for (name, flag) in [("std.time.now", "--allow-clock"), ("std.time.monotonic", "--allow-clock"), ("std.random.i64", "--allow-random")] {
        let (class, message) = tester.thrown::<(), i64>(name, ());
        assert_eq!(class, "CapabilityError");
        assert!(message.contains(flag), "{message}");
    }
    assert_eq!(tester.class::<(), f64>("std.random.f64", ()), "CapabilityError");
    assert_eq!(tester.class::<i64, Vec<u8>>("std.random.bytes", 4), "CapabilityError");

    let mut allowed = Capabilities::none();
    allowed.allow_clock().allow_random();
    let mut tester = Tester::with(allowed, b"");
    let t = &mut tester;
    assert!(t.call::<(), i64>("std.time.now", ()).unwrap() > 1_500_000_000_000_000_000);
    let first = t.call::<(), i64>("std.time.monotonic", ()).unwrap();
    assert!(first >= 0 && t.call::<(), i64>("std.time.monotonic", ()).unwrap() >= first);
    assert_ne!(t.call::<(), i64>("std.random.i64", ()).unwrap(), t.call::<(), i64>("std.random.i64", ()).unwrap());
    let float = t.call::<(), f64>("std.random.f64", ()).unwrap();
    assert!((0.0..1.0).contains(&float));
    let bytes = t.call::<i64, Vec<u8>>("std.random.bytes", 1000).unwrap();
    assert!(bytes.len() == 1000 && bytes.iter().any(|&byte| byte != bytes[0]));
    assert_eq!(t.call::<i64, Vec<u8>>("std.random.bytes", 0).unwrap(), b"");
    assert_eq!(t.class::<i64, Vec<u8>>("std.random.bytes", -1), "NegativeSizeError");
    assert_eq!(t.class::<i64, Vec<u8>>("std.random.bytes", i64::MAX), "OutOfMemory");
}
