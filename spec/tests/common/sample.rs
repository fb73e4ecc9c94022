//! A module with something of everything the format has. It is well-formed, not meaningful.

use limosa_spec::canonicalize;
use limosa_spec::instruction::Code;
use limosa_spec::module::{
    Body, Constant, Data, Debug, Export, ExportItem, Function, FunctionDebug, FunctionImport, Global, Handler, LineEntry, Manifest, Module,
    RegisterName,
};
use limosa_spec::opcodes::{Opcode, OperandRole};
use limosa_spec::types::{
    ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature, Type, TypeDefinition,
};
use limosa_spec::well_known::WellKnown;

/// Collects strings.
#[derive(Default)]
pub struct Names(pub Vec<Box<str>>);

impl Names {
    pub fn add(&mut self, name: &str) -> u32 {
        let found = self.0.iter().position(|known| &**known == name);
        found.unwrap_or_else(|| {
            self.0.push(name.into());
            self.0.len() - 1
        }) as u32
    }
}

pub fn nullable(ty: Type) -> Parameter {
    Parameter { ty, non_null: false }
}

pub fn non_null(ty: Type) -> Parameter {
    Parameter { ty, non_null: true }
}

/// A function type or fiber type's signature.
pub fn signature(parameters: &[Parameter], results: &[Parameter]) -> Signature {
    Signature { parameters: parameters.to_vec(), results: results.to_vec() }
}

/// Types of the sample's table before it is canonicalized; named ones are not first on purpose.
mod ty {
    use super::Type;
    pub const PAIR: Type = Type::defined(0);
    pub const SHAPE: Type = Type::defined(1);
    pub const BYTES: Type = Type::defined(2);
    pub const GRID: Type = Type::defined(3);
    pub const POINT: Type = Type::defined(4);
    pub const MEASURE: Type = Type::defined(5);
    pub const GENERATOR: Type = Type::defined(6);
    pub const FAR: Type = Type::defined(7);
    pub const MAIN: Type = Type::defined(8);
}

fn types(names: &mut Names) -> Vec<TypeDefinition> {
    let method = |name, body| MethodDefinition { name, signature: ty::MEASURE, body, is_final: false };
    let area = names.add("area");
    vec![
        TypeDefinition::Function(signature(&[non_null(ty::POINT), nullable(Type::I64)], &[nullable(Type::I64), non_null(Type::STR)])),
        TypeDefinition::Interface(InterfaceDefinition {
            name: names.add("Shape"),
            import: None,
            extends: vec![ty::FAR],
            methods: vec![method(area, None)],
        }),
        TypeDefinition::Array(Type::U8),
        TypeDefinition::Array(ty::BYTES),
        TypeDefinition::Class(ClassDefinition {
            name: names.add("Point"),
            import: None,
            is_final: true,
            is_abstract: false,
            superclass: Some(Type::well_known(WellKnown::Error)),
            interfaces: vec![ty::SHAPE],
            fields: vec![
                FieldDefinition { name: names.add("x"), ty: Type::I16 },
                FieldDefinition { name: names.add("next"), ty: ty::POINT },
            ],
            methods: vec![method(area, Some(2)), MethodDefinition { is_final: true, ..method(names.add("other"), Some(2)) }],
        }),
        TypeDefinition::Function(signature(&[], &[nullable(Type::F64)])),
        TypeDefinition::Fiber(signature(&[nullable(Type::I32)], &[nullable(ty::GRID)])),
        TypeDefinition::Interface(InterfaceDefinition {
            name: names.add("Far"),
            import: Some(names.add("geo")),
            extends: vec![],
            methods: vec![],
        }),
        TypeDefinition::Function(signature(&[], &[])),
    ]
}

/// One instruction of each kind, with operands below 200 that vary.
fn all_instructions(code: &mut Code) {
    for (index, &opcode) in Opcode::ALL.iter().enumerate() {
        let mut operands = Vec::new();
        for (place, role) in opcode.roles().iter().enumerate() {
            let number = ((index * 7 + place * 3) % 6) as u32;
            match role {
                OperandRole::Type => operands.push(ty::GRID.code()),
                OperandRole::Field | OperandRole::Method => operands.extend([ty::POINT.code(), number % 2]),
                OperandRole::String => operands.push(0),
                OperandRole::Label => operands.push((index as u32 * 37) % 300),
                OperandRole::Defs => operands.extend([2, 0, 1]),
                OperandRole::Uses => operands.extend([3, number, 1, 200]),
                OperandRole::Labels => operands.extend([3, 0, index as u32, 299]),
                _ => operands.push(number),
            }
        }
        code.push(opcode, &operands);
    }
}

fn functions(names: &mut Names) -> Vec<Function> {
    let mut everything = Code::default();
    all_instructions(&mut everything);
    let constants: Vec<Constant> = (0..12).map(|value| Constant::I64(value * 1_000_003 - 6_000_000)).collect();
    let every_use: Vec<u32> = std::iter::once(12).chain(200..212).collect();
    everything.push(Opcode::Ret, &every_use);
    let mut tail = Code::default();
    tail.push(Opcode::ConstStr, &[1, names.add("a constant: žluťoučký kůň")]);
    tail.push(Opcode::AddI64, &[0, 2, 3]);
    tail.push(Opcode::BrLtI64, &[0, 4, 0]);
    tail.push(Opcode::Ret, &[5, 4, 5, 6, 7, 8]);
    let handlers = vec![
        Handler { start: 0, end: 300, class: Type::well_known(WellKnown::Error), target: 4, register: 5 },
        Handler { start: 3, end: 4, class: ty::POINT, target: 0, register: 2 },
    ];
    let locals = |runs: &[(usize, Type)]| runs.iter().flat_map(|&(count, ty)| std::iter::repeat_n(ty, count)).collect();
    vec![
        Function {
            name: names.add("everything"),
            signature: ty::PAIR,
            body: Body { locals: locals(&[(150, Type::I64), (1, ty::GENERATOR), (47, Type::STR)]), constants, handlers, code: everything },
        },
        Function {
            name: names.add("tail"),
            signature: ty::MAIN,
            body: Body {
                locals: locals(&[(1, Type::I64), (2, Type::STR)]),
                constants: vec![
                    Constant::I64(i64::MIN),
                    Constant::I32(-1),
                    Constant::F32(f32::NAN),
                    Constant::F64(-f64::NAN),
                    Constant::Null,
                    Constant::F64(-0.0),
                ],
                handlers: vec![],
                code: tail,
            },
        },
    ]
}

fn debug() -> Debug {
    let strings = ["limit", "b.lim", "a.lim", "x", "b.lim"].map(Box::from).to_vec();
    let line = |start, file, line| LineEntry { start, file, line };
    let name = |register, name| RegisterName { register, name };
    Debug {
        strings,
        files: vec![2, 1, 4],
        functions: vec![
            FunctionDebug {
                lines: vec![line(0, 1, 10), line(1, 2, 10), line(5, 0, 4_000_000), line(200, 2, 1)],
                registers: vec![name(0, 3), name(150, 0), name(151, 2)],
            },
            FunctionDebug { lines: vec![], registers: vec![name(2, 3)] },
        ],
    }
}

/// The sample, canonical.
pub fn sample() -> Module {
    let mut names = Names::default();
    names.add("not used");
    let types = types(&mut names);
    let functions = functions(&mut names);
    let mut module = Module {
        manifest: Manifest {
            name: names.add("sample"),
            version: [1, 200, 70_000],
            entry: Some(2),
            capabilities: vec![names.add("read"), names.add("clock")],
        },
        types,
        imports: vec![FunctionImport { module: names.add("std.io"), name: names.add("print"), signature: ty::PAIR }],
        functions,
        globals: vec![
            Global { name: names.add("count"), ty: Type::I64, initial: Constant::I64(-300) },
            Global { name: names.add("title"), ty: Type::STR, initial: Constant::Str(names.add("hi")) },
            Global { name: names.add("grid"), ty: ty::GRID, initial: Constant::Null },
            Global { name: names.add("ratio"), ty: Type::F32, initial: Constant::F32(1.5) },
            Global { name: names.add("nothing"), ty: Type::F64, initial: Constant::F64(f64::from_bits(0xfff0_0000_0000_0001)) },
        ],
        data: vec![Data { name: names.add("primes"), bytes: vec![2, 3, 5, 7, 11] }, Data { name: names.add("zeros"), bytes: vec![0; 200] }],
        exports: vec![
            Export { name: names.add("main"), item: ExportItem::Function(2) },
            Export { name: names.add("Point"), item: ExportItem::Type(ty::POINT) },
        ],
        debug: Some(debug()),
        strings: names.0,
    };
    canonicalize(&mut module).expect("the sample is well-formed");
    module
}
