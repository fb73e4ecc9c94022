//! Each instruction of the table, with operands of every kind its row allows, goes through text and bytes and back.

use limosa_assembler::assemble;
use limosa_spec::disassemble::{Form, Options, Place, disassemble};
use limosa_spec::{Module, Opcode, OperandRole, RegisterKind, decode, encode};

const DECLARATIONS: &str = "module m
class C { x: f64  method m(i32) -> i64 = run }
interface I { method m(i32) -> i64 }
global g: f64
data d = \"\\x01\\x02\"
func run(c: C, i: i32) -> i64 {
    ret 0
}
";

/// How an operand can be written: registers first, then literals.
fn operand(place: Place, opcode: Opcode) -> Vec<&'static str> {
    let is_interface = matches!(opcode, Opcode::CallInterface | Opcode::TailInterface);
    match place {
        Place::One(OperandRole::Def(kind)) => vec![register(kind)],
        Place::One(OperandRole::Use(kind)) => match kind {
            RegisterKind::I32 => vec!["i", "-7", "'a'"],
            RegisterKind::I64 => vec!["l", "9223372036854775807", "-1"],
            RegisterKind::F32 => vec!["f", "1.5", "-inf"],
            RegisterKind::F64 => vec!["x", "12.75", "nan"],
            RegisterKind::Ref => vec!["list", "null"],
            RegisterKind::Any => vec!["x", "2.5"],
        },
        Place::One(OperandRole::Label) => vec!["top", "end"],
        Place::One(OperandRole::Labels) => vec!["[]", "[top]", "[end, top, top]"],
        Place::One(OperandRole::Type) => vec!["[f64]", "C", "fn(i32) -> i64", "str"],
        Place::One(OperandRole::Field) => vec!["C.x"],
        Place::One(OperandRole::Global) => vec!["g"],
        Place::One(OperandRole::Data) => vec!["d"],
        Place::One(OperandRole::String) => vec!["\"\"", "\"text\""],
        Place::Callee(OperandRole::Function) => vec!["run(c, 1)", "run(null, i)"],
        Place::Callee(OperandRole::Method) if is_interface => vec!["I.m(c, i)"],
        Place::Callee(OperandRole::Method) => vec!["C.m(c, i)", "C.m(null, 1)"],
        Place::Callee(_) if opcode == Opcode::FiberResume => vec!["fiber_(1)"],
        Place::Callee(_) => vec!["clo(1)", "clo(i)"],
        Place::Group => vec!["(l)", "(1)"],
        Place::Results => vec!["l"],
        Place::Values => vec!["l", "1"],
        Place::One(OperandRole::Function | OperandRole::Method | OperandRole::Defs | OperandRole::Uses) => unreachable!("{place:?}"),
    }
}

fn register(kind: RegisterKind) -> &'static str {
    match kind {
        RegisterKind::I32 => "i",
        RegisterKind::I64 => "l",
        RegisterKind::F32 => "f",
        RegisterKind::F64 | RegisterKind::Any => "x",
        RegisterKind::Ref => "list",
    }
}

/// All the ways to write an instruction.
fn lines(opcode: Opcode) -> Vec<String> {
    let mut lines = vec![String::new()];
    for &place in Form::of(opcode).places() {
        let mut choices = operand(place, opcode);
        match opcode {
            Opcode::FiberYield if place == Place::One(OperandRole::Type) => choices = vec!["fiber(i32) -> i64"],
            // The literal that is set takes its type from the array.
            Opcode::ArraySet | Opcode::ArrayFill => choices.retain(|&choice| choice != "null"),
            _ => {}
        }
        lines = lines.iter().flat_map(|line| choices.iter().map(move |choice| format!("{line}, {choice}"))).collect();
    }
    lines.iter().map(|line| format!("    {} {}\n", opcode.mnemonic(), line.trim_start_matches(", "))).collect()
}

fn assembled(name: &str, text: &str) -> Module {
    assemble(name, text).unwrap_or_else(|diagnostics| panic!("{text}\n{diagnostics}"))
}

#[test]
fn each_instruction_goes_through_text_and_bytes_and_back() {
    for &opcode in Opcode::ALL {
        let lines = lines(opcode);
        let code = lines.concat();
        let text = format!(
            "{DECLARATIONS}func test(i: i32, l: i64, f: f32, x: f64, list: [f64], c: C, clo: fn(i32) -> i64, fiber_: fiber(i32) -> i64) -> i64 {{\n\
             top:\n{code}end:\n    unreachable\n}}\n"
        );
        let module = assembled("m.vasm", &text);
        let made = &module.functions[1].body.code;
        assert_eq!(made.len(), lines.len() + 1);
        assert!(made.instructions[..lines.len()].iter().all(|instruction| instruction.opcode == opcode));

        let bytes = encode(&module).unwrap();
        let printed = disassemble(&decode(&bytes).unwrap(), Options::default()).unwrap();
        assert!(encode(&assembled("other.vasm", &printed)).unwrap() == bytes, "{printed}");
        // What is printed is what was written, but for labels, which have no names in the module, and the form of literals.
        let has_labels = opcode.roles().iter().any(|role| matches!(role, OperandRole::Label | OperandRole::Labels));
        for line in lines.iter().filter(|line| !has_labels && !line.contains('\'')) {
            assert!(printed.contains(line.trim()), "{} in {printed}", line.trim());
        }
    }
}
