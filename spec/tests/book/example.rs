//! The example of the module format.

use crate::common::sample::{nullable, signature};
use limosa_spec::module::{Body, Constant, Export, ExportItem, Function};
use limosa_spec::{Code, Module, Opcode, Type, TypeDefinition, encode};

/// The module that the chapter describes.
fn tiny() -> Module {
    let mut code = Code::default();
    code.push(Opcode::Ret, &[1, 0]);
    let body = Body { constants: vec![Constant::I32(42)], code, ..Body::default() };
    Module {
        strings: vec!["tiny".into(), "answer".into()],
        types: vec![TypeDefinition::Function(signature(&[], &[nullable(Type::I32)]))],
        functions: vec![Function { name: 1, signature: Type::defined(0), body }],
        exports: vec![Export { name: 1, item: ExportItem::Function(0) }],
        ..Module::default()
    }
}

/// The bytes of a listing: pairs of digits up to two spaces, then a remark.
fn bytes_of(listing: &str) -> Vec<u8> {
    let digits = listing.lines().filter_map(|line| line.split("  ").next()).flat_map(str::split_whitespace);
    digits.map(|pair| u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("`{pair}` is a byte"))).collect()
}

#[test]
fn the_example_is_what_the_encoder_writes() {
    let chapter = crate::read("module-format.md");
    let (_, rest) = chapter.split_once("<!-- example -->\n```text\n").expect("the chapter has an example");
    let (listing, _) = rest.split_once("```").expect("the example ends");
    let expected = encode(&tiny()).expect("the example encodes");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    assert_eq!(hex(&bytes_of(listing)), hex(&expected));
}
