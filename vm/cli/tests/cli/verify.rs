//! `vm verify`.

use crate::programs::HELLO;
use crate::support::{Scratch, vm};
use limosa::spec;
use serde_json::{Value, json};
use std::fs;

/// The keys of the result, sorted.
const KEYS: [&str; 7] = ["function", "message", "offset", "ok", "operand", "rule", "section"];

fn verdict(path: &str, code: i32) -> Value {
    let ran = vm(["verify", "--json", path]).ended(code);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let value = ran.json();
    let mut keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, KEYS);
    assert_eq!(value["ok"], code == 0);
    assert_eq!(value["message"].is_string(), code != 0);
    value
}

#[test]
fn a_good_module_is_good() {
    let scratch = Scratch::new();
    let hello = scratch.module("hello", HELLO);
    assert_eq!(vm(["verify", &hello]).good().out, format!("{hello}: ok, module `hello` with 1 function\n"));
    let null = Value::Null;
    let expected = json!({"ok": true, "rule": null, "section": null, "function": null, "offset": null, "operand": null, "message": null});
    assert_eq!(verdict(&hello, 0), expected);
    let _ = null;
}

#[test]
fn a_broken_rule_of_the_verifier_is_named_with_its_place() {
    let scratch = Scratch::new();
    let source = "module m\nfunc good() {\n    ret\n}\nfunc wrong(a: i64) -> i64 {\n    var b: i64\n    add.i64 b, a, 1\n    ret b\n}\n";
    let mut module = spec::decode(&fs::read(scratch.module("m", source)).unwrap()).unwrap();
    // The sum goes to a register that is a float.
    module.functions[1].body.locals = vec![spec::Type::F64];
    let path = scratch.write("wrong.bc", spec::encode(&module).unwrap());
    let value = verdict(&path, 3);
    assert_eq!(value["rule"], "result-type");
    assert_eq!(value["section"], "code");
    assert_eq!(value["function"], "wrong");
    assert_eq!(value["operand"], 0);
    assert!(value["offset"].is_u64());
    let ran = vm(["verify", &path]).ended(3).told("result-type").told("`wrong`");
    assert!(ran.out.is_empty());
    vm(["run", &path]).ended(3).told("result-type");
    vm(["dis", &path]).ended(0);
    vm(["inspect", &path]).ended(0);
}

#[test]
fn a_broken_rule_of_the_format_is_named_with_its_place() {
    let scratch = Scratch::new();
    let mut bytes = fs::read(scratch.module("hello", HELLO)).unwrap();
    let last = bytes.len() - 60;
    bytes[last] ^= 1;
    let value = verdict(&scratch.write("flipped.bc", &bytes), 3);
    assert_eq!(value["rule"], "hash");
    bytes[4] = 9;
    let value = verdict(&scratch.write("version.bc", &bytes), 3);
    assert_eq!((&value["rule"], &value["offset"]), (&"version-major".into(), &4.into()));
}

#[test]
fn what_cannot_be_read_is_told_in_the_same_shape() {
    let scratch = Scratch::new();
    for path in
        [scratch.path("none.bc"), scratch.write("empty.bc", ""), scratch.write("text.bc", "hello"), scratch.root().to_str().unwrap().into()]
    {
        assert_eq!(verdict(&path, 3)["rule"], Value::Null);
        vm(["verify", &path]).ended(3).told(&path);
    }
}
