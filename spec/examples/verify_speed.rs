//! How fast decoder and verifier are: `cargo run --release -p limosa-spec --example verify_speed [FUNCTIONS]`.
//!
//! Makes a module of many functions with the mix of instructions that compiled programs have, and prints megabytes of code section per
//! second for each stage, the best of 25 runs.

use limosa_spec::format::Section;
use limosa_spec::module::{Body, Constant, Function, Global, Manifest};
use limosa_spec::types::{ClassDefinition, FieldDefinition, Parameter, Signature};
use limosa_spec::{Code, Layout, Module, Opcode, Type, TypeDefinition, canonicalize, decode, encode, verify};
use std::hint::black_box;
use std::time::{Duration, Instant};

const RUNS: usize = 25;
const NODE: Type = Type::defined(0);
const BASE: Type = Type::defined(1);
const LONGS: Type = Type::defined(2);
const STEP: Type = Type::defined(3);
/// Parameters and locals of each function.
const REGISTERS: u32 = 12;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let functions = std::env::args().nth(1).map_or(Ok(20_000), |count| count.parse())?;
    let module = module(functions)?;
    let bytes = encode(&module)?;
    let code = Layout::read(&bytes)?.section(Section::Code).map_or(0, |entry| entry.length);
    let instructions: usize = module.functions.iter().map(|function| function.body.code.len()).sum();
    println!("{functions} functions, {instructions} instructions, {code} bytes of code, {} of file", bytes.len());
    let decoding = best(|| (), |()| decode(&bytes));
    let verifying = best(|| module.clone(), verify);
    for (stage, time) in [("decode", decoding), ("verify", verifying), ("both", decoding + verifying)] {
        println!("{stage:7} {:8.2} ms {:8.0} MB/s", time.as_secs_f64() * 1e3, code as f64 / time.as_secs_f64() / 1e6);
    }
    Ok(())
}

/// The shortest time `work` takes for what `prepare` gives it.
fn best<T, R, E>(mut prepare: impl FnMut() -> T, mut work: impl FnMut(T) -> Result<R, E>) -> Duration {
    let mut run = || {
        let input = prepare();
        let start = Instant::now();
        let outcome = black_box(work(black_box(input)));
        let time = start.elapsed();
        assert!(outcome.is_ok());
        time
    };
    (0..RUNS).map(|_| run()).min().unwrap_or_default()
}

fn module(functions: u32) -> Result<Module, Box<dyn std::error::Error>> {
    let value = |ty| Parameter { ty, non_null: false };
    let strings = ["bench", "Node", "Base", "next", "value", "total"];
    let class = |name, superclass, fields| {
        let class = ClassDefinition {
            name,
            import: None,
            is_final: false,
            is_abstract: false,
            superclass,
            interfaces: Vec::new(),
            fields,
            methods: Vec::new(),
        };
        TypeDefinition::Class(class)
    };
    let mut module = Module {
        manifest: Manifest { name: 0, ..Manifest::default() },
        strings: strings.map(Box::from).to_vec(),
        types: vec![
            class(2, None, vec![FieldDefinition { name: 4, ty: Type::I64 }]),
            class(1, Some(NODE), vec![FieldDefinition { name: 3, ty: BASE }]),
            TypeDefinition::Array(Type::I64),
            TypeDefinition::Function(Signature {
                parameters: vec![value(Type::I64), value(BASE), value(LONGS)],
                results: vec![value(Type::I64)],
            }),
        ],
        globals: vec![Global { name: 5, ty: Type::I64, initial: Constant::I64(0) }],
        ..Module::default()
    };
    for index in 0..functions {
        module.strings.push(format!("function{index}").into());
        let name = module.strings.len() as u32 - 1;
        module.functions.push(Function { name, signature: STEP, body: body(index, functions) });
    }
    canonicalize(&mut module)?;
    Ok(module)
}

/// Registers: 0 i64, 1 Base, 2 [i64], 3–6 i64, 7 i32, 8 f64, 9 Base, 10 Node, 11 i32; constants follow.
fn body(index: u32, functions: u32) -> Body {
    let mut code = Code::default();
    let (one, two, null) = (REGISTERS, REGISTERS + 1, REGISTERS + 2);
    for round in 0..8 {
        let start = code.len() as u32;
        let callee = (index * 7 + round * 131) % functions;
        code.push(Opcode::MovI64, &[3, one]);
        code.push(Opcode::AddI64, &[4, 3, 0]);
        code.push(Opcode::MulI64, &[4, 4, two]);
        code.push(Opcode::ArrayGet, &[5, 2, 4]);
        code.push(Opcode::BrLtI64, &[5, 4, start + 8]);
        code.push(Opcode::Get, &[9, 1, BASE.code(), 0]);
        code.push(Opcode::Get, &[6, 9, NODE.code(), 0]);
        code.push(Opcode::SubI64, &[5, 5, 6]);
        code.push(Opcode::ArraySet, &[2, 4, 5]);
        code.push(Opcode::MovRef, &[10, 9]);
        code.push(Opcode::BrNull, &[10, start + 13]);
        code.push(Opcode::Call, &[1, 6, callee, 3, 5, 9, 2]);
        code.push(Opcode::Set, &[1, BASE.code(), 0, null]);
        code.push(Opcode::GlobalGet, &[5, 0]);
        code.push(Opcode::XorI64, &[5, 5, 6]);
        code.push(Opcode::GlobalSet, &[0, 5]);
        code.push(Opcode::WrapI32, &[7, 5]);
        code.push(Opcode::FloatF64I64, &[8, 5]);
        code.push(Opcode::AddF64, &[8, 8, 8]);
        code.push(Opcode::LtF64, &[11, 8, 8]);
        code.push(Opcode::BrEqI32, &[7, 11, start]);
    }
    code.push(Opcode::Ret, &[1, 6]);
    let i64s = std::iter::repeat_n(Type::I64, 4);
    let locals = i64s.chain([Type::I32, Type::F64, BASE, NODE, Type::I32]).collect();
    Body { locals, constants: vec![Constant::I64(1), Constant::I64(2), Constant::Null], handlers: Vec::new(), code }
}
