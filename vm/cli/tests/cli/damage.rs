//! Input that is damaged, oversized or hostile: always an answer, never a signal, a panic or much time.

use crate::programs::{CHAIN, HUNGRY};
use crate::support::{Ran, Scratch, vm};
use limosa::spec;
use std::fs;

/// All commands that read modules, on one file; what `run` and `verify` ended with.
fn all(path: &str) -> (Ran, Ran) {
    for command in [&["dis", path][..], &["inspect", path], &["inspect", "--json", path], &["verify", path]] {
        let ran = vm(command);
        assert!(ran.code == 0 || ran.code == 3, "{command:?}: {ran:?}");
        assert!(ran.code == 0 || ran.err.starts_with("error: "), "{ran:?}");
    }
    let verified = vm(["verify", "--json", path]);
    assert!(verified.json()["ok"].is_boolean());
    let ran = vm(["run", "--fuel=1000", "--heap=1M", path]);
    assert!([0, 1, 3, 4].contains(&ran.code), "{ran:?}");
    assert_eq!(ran.code == 3, verified.code == 3 || ran.code == 3, "{ran:?}");
    (ran, verified)
}

#[test]
fn truncated_modules_are_refused() {
    let scratch = Scratch::new();
    let bytes = fs::read(scratch.module("chain", CHAIN)).unwrap();
    for length in (0..bytes.len()).step_by(17).chain([1, 3, 4, 47, 48, bytes.len() - 1]) {
        let (ran, verified) = all(&scratch.write("cut.bc", &bytes[..length]));
        assert_eq!((ran.code, verified.code), (3, 3), "{length} bytes");
    }
    let longer = [&bytes[..], b"\0"].concat();
    assert_eq!(all(&scratch.write("longer.bc", longer)).0.code, 3);
}

#[test]
fn flipped_bits_are_found() {
    let scratch = Scratch::new();
    let bytes = fs::read(scratch.module("hungry", HUNGRY)).unwrap();
    for index in (0..bytes.len()).step_by(11) {
        let mut damaged = bytes.clone();
        damaged[index] ^= 1 << (index % 8);
        let path = scratch.write("flipped.bc", &damaged);
        let code = vm(["run", "--fuel=1000", "--heap=1M", &path]).code;
        assert!([1, 3, 4].contains(&code), "byte {index}: {code}");
        if spec::reseal(&mut damaged).is_ok() {
            all(&scratch.write("resealed.bc", &damaged));
        }
    }
}

#[test]
fn other_files_are_refused() {
    let scratch = Scratch::new();
    for path in [scratch.write("empty.bc", ""), scratch.write("zeros.bc", [0; 5000]), scratch.write("noise.bc", vec![0xa5; 100_000])] {
        let (ran, _) = all(&path);
        assert_eq!(ran.code, 3, "{ran:?}");
    }
    for path in [scratch.root().to_str().unwrap(), &scratch.path("none.bc")] {
        assert_eq!(vm(["run", path]).code, 3);
        assert_eq!(vm(["verify", path]).code, 3);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn huge_and_endless_files_are_refused_at_once() {
    let scratch = Scratch::new();
    let huge = scratch.path("huge.bc");
    fs::File::create(&huge).unwrap().set_len(5 << 30).unwrap();
    for command in ["run", "verify", "dis", "inspect"] {
        vm([command, &huge]).ended(3).told("larger than 1073741824 bytes");
        vm([command, "/dev/zero"]).ended(3).told("not a Limosa module");
    }
    let text = scratch.path("huge.vasm");
    fs::File::create(&text).unwrap().set_len(5 << 30).unwrap();
    vm(["asm", &text, "-o", "/dev/null"]).ended(3).told("larger than");
    vm(["run", &text]).ended(3).told("larger than");
}

#[test]
fn deeply_nested_text_is_refused() {
    let scratch = Scratch::new();
    let deep = 100_000;
    for (name, text) in [
        ("types", format!("module m\nglobal g: {}i32{} = null\n", "[".repeat(deep), "]".repeat(deep))),
        ("open", format!("module m\nglobal g: {}", "[".repeat(deep))),
        ("groups", format!("module m\nglobal g: {}i32{}\n", "(".repeat(deep), ")".repeat(deep))),
        ("functions", format!("module m\nglobal g: {}i32{}\n", "fn(".repeat(deep), ")".repeat(deep))),
        ("braces", format!("module m\n{}", "func f() {\n".repeat(deep))),
        ("backticks", format!("module {}", "`".repeat(deep))),
        ("name", format!("module {}", "a.".repeat(deep))),
        ("line", format!("module m\nfunc f() {{ {} }}\n", "ret ".repeat(deep))),
        ("quote", format!("module m\ndata d = \"{}", "\\".repeat(deep))),
        ("control", "module \x1b[31m\u{202e}\0\x07".to_owned()),
    ] {
        let path = scratch.write(&format!("{name}.vasm"), text);
        let ran = vm(["asm", &path, "-o", &scratch.path("out.bc")]);
        assert_eq!(ran.code, 3, "{name}: {:.500}", ran.err);
        assert!(ran.err.lines().all(|line| line.chars().count() <= 200), "{name}");
        assert!(!ran.err.contains(['\x1b', '\0', '\x07', '\u{202e}']), "{name}");
        assert_eq!(vm(["run", &path]).code, 3, "{name}");
    }
}
