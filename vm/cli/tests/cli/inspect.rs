//! `vm inspect`.

use crate::programs::{CHAIN, HELLO, HUNGRY};
use crate::support::{Scratch, vm};
use std::fs;

#[test]
fn json_tells_all_parts() {
    let scratch = Scratch::new();
    let hello = scratch.module("hello", HELLO);
    let value = vm(["inspect", "--json", &hello]).good().json();
    assert_eq!(value["module"], "hello");
    assert_eq!(value["version"], "1.0.0");
    assert_eq!(value["format"], "1.0");
    assert_eq!(value["bytes"], fs::metadata(&hello).unwrap().len());
    assert_eq!(value["hash"].as_str().map(str::len), Some(64));
    assert_eq!(value["entry"], "main");
    assert_eq!((&value["debug"], &value["verified"], &value["refusal"]), (&true.into(), &true.into(), &serde_json::Value::Null));
    assert_eq!(value["imports"][0]["module"], "std.io");
    assert_eq!(value["imports"][0]["name"], "println");
    assert_eq!(value["imports"][0]["signature"], "(str!)");
    assert_eq!(value["functions"][0]["name"], "main");
    assert_eq!(value["functions"][0]["instructions"], 3);
    assert_eq!(value["sections"][0]["name"], "manifest");
    for key in ["capabilities", "types", "globals", "data", "exports"] {
        assert!(value[key].is_array(), "{key}");
    }
}

#[test]
fn people_get_lines() {
    let scratch = Scratch::new();
    let source = format!(
        "{}\nglobal count: i64 = 1\ndata digits = \"0123\"\nexport type Node\nexport func main as \"start\"\n",
        HUNGRY.replace("module hungry", "module hungry 2.1.0\ncapability read\ncapability clock")
    );
    let source = source
        .replace("    mov.ref", "    array.data bytes, [u8], digits\n    global.set count, 2\n    mov.ref")
        .replace("data: [i64]\nagain", "data: [i64], bytes: [u8]\nagain");
    let ran = vm(["inspect", &scratch.module("hungry", &source)]).good();
    for line in [
        "module    hungry 2.1.0",
        "entry     main",
        "asks for  read, clock",
        "verified  yes",
        "  class Node: 2 fields, 0 methods",
        "  count: i64",
        "  digits: 4 bytes",
        "  type Node as Node",
        "  function main as start",
    ] {
        assert!(ran.out.lines().any(|shown| shown == line), "{line:?} is not in\n{}", ran.out);
    }
}

#[test]
fn the_hash_does_not_cover_the_debug_section() {
    let scratch = Scratch::new();
    let module = scratch.module("chain", CHAIN);
    let bare = scratch.module(
        "bare",
        &vm(["dis", "--no-debug", &module]).good().out.replacen("module", ".nodebug\nmodule", 1).replacen(
            ".nodebug\n.nodebug",
            ".nodebug",
            1,
        ),
    );
    let hash = |path: &str| vm(["inspect", "--json", path]).good().json()["hash"].clone();
    assert_eq!(hash(&module), hash(&bare));
    assert!(fs::metadata(bare).unwrap().len() < fs::metadata(module).unwrap().len());
}

#[test]
fn what_is_no_module_is_refused() {
    let scratch = Scratch::new();
    vm(["inspect", &scratch.path("none.bc")]).ended(3).told("none.bc");
    vm(["inspect", "--json", &scratch.write("text.bc", "text")]).ended(3).told("text.bc");
}
