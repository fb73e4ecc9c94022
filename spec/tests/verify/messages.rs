//! What refusals say: the place, and messages that tell what was expected, what was found and what to do.

use super::sample::*;
use limosa_spec::format::Section;
use limosa_spec::module::Constant;
use limosa_spec::verify::{DeclaredModule, signature_name, type_name, verify};
use limosa_spec::{Layout, Module, Opcode, Type, TypeDefinition, canonicalize, encode};

fn refusal(sample: Sample) -> String {
    verify(sample.0).map(|_| ()).expect_err("the module is refused").to_string()
}

#[test]
fn a_refusal_in_code_names_module_function_instruction_and_operand() {
    let mut s = sample();
    let longs = s.array(Type::I64);
    let code: &[(Opcode, &[u32])] = &[(Opcode::MovI64, &[1, 1]), (Opcode::Call, &[1, 1, ADD, 2, 1, 0]), (Opcode::Ret, &[0])];
    s.probe(&[longs, Type::I64], &[], &[], code);
    assert_eq!(
        refusal(s),
        "module `sample`, section code, function `probe` (index 7), instruction 1 at byte 3, operand 3: \
         a `i64` is expected; register 0 is a `[i64]` [operand-type]"
    );
}

#[test]
fn a_refusal_in_the_type_table_names_the_types() {
    let mut s = sample();
    s.class(POINT).methods.remove(0);
    assert_eq!(
        refusal(s),
        "module `sample`, section types: class `Point` leaves method `area` without a body; \
         give it one or make the class abstract [unimplemented]"
    );
}

#[test]
fn types_are_spelled_as_in_the_text_form() {
    let mut s = sample();
    let longs = s.array(Type::I64);
    let grid = s.array(longs);
    let function = s.function_type(&[non_null(Type::STR), value(grid)], &[value(POINT), non_null(FAR)]);
    let fiber = s.fiber_type(&[value(function)], &[value(ERROR)]);
    let names = [grid, function, fiber, Type::ANY, Type::NULL].map(|ty| type_name(&s.0, ty));
    let function = "fn(str!, [[i64]]) -> (Point, geo.Far!)";
    assert_eq!(names, ["[[i64]]", function, &format!("fiber({function}) -> Error"), "any", "null"]);
    assert_eq!(s.0.signature(MAIN).map(|signature| signature_name(&s.0, signature)).as_deref(), Some("()"));
}

#[test]
fn names_stay_short_whatever_the_module_says() {
    // Types that spelled out would have 2^60 parts, a type that contains itself, and a name of a megabyte with control characters.
    let mut s = sample();
    let wide = (0..60).fold(Type::I64, |inner, _| s.function_type(&[value(inner), value(inner)], &[value(inner)]));
    assert!(type_name(&s.0, wide).len() < 2000);
    let own = Type::defined(s.0.types.len() as u32);
    s.0.types.push(TypeDefinition::Array(own));
    assert!(type_name(&s.0, own).len() < 500);
    s.class(LEAF).name = s.string(&"\u{7}x".repeat(500_000));
    let name = type_name(&s.0, LEAF);
    assert!(name.len() < 500 && !name.contains('\u{7}'), "{name}");
}

#[test]
fn offsets_are_those_of_the_encoder() {
    // Labels in both directions, lists, members, both pages; no constants, so that any beginning of it is canonical.
    let code: &[(Opcode, &[u32])] = &[
        (Opcode::Jump, &[300]),
        (Opcode::AddI64, &[200, 1, 0]),
        (Opcode::MinI64, &[0, 1, 1]),
        (Opcode::BrLtI64, &[0, 150, 0]),
        (Opcode::Switch, &[2, 3, 0, 70, 1000, 66]),
        (Opcode::Get, &[0, 3, BASE.code(), 0]),
        (Opcode::Call, &[2, 0, 1, DIVIDE, 2, 130, 1]),
        (Opcode::CallVirtual, &[1, 0, BASE.code(), 1, 1, 3]),
        (Opcode::Ret, &[0]),
    ];
    let file_with = |instructions: usize| {
        let mut s = sample();
        s.probe(&[], &[], &[], &code[..instructions]).locals = locals();
        canonicalize(&mut s.0).expect("the module is well-formed");
        encode(&s.0).expect("the module is canonical")
    };
    let code_bytes = |file: Vec<u8>| Layout::read(&file).expect("a good file").section(Section::Code).map_or(0, |entry| entry.length);
    let none = code_bytes(file_with(0));
    for instructions in 0..code.len() {
        let mut s = sample();
        let mut broken = code[..instructions].to_vec();
        broken.push((Opcode::MovI64, &[9999, 0]));
        broken.resize(1001, (Opcode::Ret, &[0]));
        s.probe(&[], &[], &[], &broken).locals = locals();
        let error = verify(s.0).map(|_| ()).expect_err("the module is refused");
        assert_eq!(error.instruction, Some(instructions as u32), "{error}");
        assert_eq!(error.offset, Some((code_bytes(file_with(instructions)) - none) as u64), "{instructions}");
    }
}

fn locals() -> Vec<Type> {
    let mut locals = vec![Type::I64; 202];
    (locals[2], locals[3]) = (Type::I32, POINT);
    locals
}

#[test]
fn the_verifier_hands_out_what_it_learned() {
    let mut s = sample();
    let step = s.function_type(&[value(Type::I64)], &[value(Type::I64)]);
    let both = s.function_type(&[value(Type::I64); 2], &[value(Type::I64)]);
    let code: &[(Opcode, &[u32])] =
        &[(Opcode::Closure, &[0, ADD, 1, 2]), (Opcode::Closure, &[1, ADD, 0]), (Opcode::Closure, &[0, ADD, 1, 3]), (Opcode::Ret, &[0])];
    s.probe(&[step], &[], &[Constant::I64(1)], code).locals = vec![both, Type::I64];
    let verified = verify(s.0).unwrap_or_else(|error| panic!("{error}"));
    let shapes: Vec<(u32, u32)> = verified.closures().iter().map(|shape| (shape.function, shape.captures)).collect();
    assert_eq!(shapes, [(ADD, 0), (ADD, 1)]);
    let captures = verified.function(PROBE).map(|function| function.closures().map(|shape| shape.captures).collect());
    assert_eq!(captures, Some(vec![1, 0, 1]));
    let registers = verified.registers(PROBE);
    assert_eq!((registers.len(), registers.iter().collect::<Vec<_>>()), (3, vec![step, both, Type::I64]));
    assert_eq!([0, 2, 3, 4].map(|operand| registers.operand(operand)), [Some(step), Some(Type::I64), Some(Type::I64), None]);
    assert_eq!(registers.constant(3), Some(Constant::I64(1)));
    assert!(verified.registers(PRINT).is_empty() && verified.function(PRINT).is_none());
    assert!(verified.is_assignable(POINT, SHAPE) && !verified.is_assignable(BASE, SHAPE));
    assert_eq!((verified.interfaces(POINT), verified.superclass(FAILURE)), (&[0, 1][..], Some(ERROR)));
    assert_eq!(verified.verified_functions().len(), 7);
    let _: Module = verified.into_module();
}

#[test]
fn functions_can_be_verified_one_by_one() {
    let mut s = sample();
    s.probe(&[], &[], &[], &[]);
    let declared = DeclaredModule::new(s.0).unwrap_or_else(|error| panic!("{error}"));
    assert!(declared.verify_function(ADD).is_ok_and(|function| function.index() == ADD && function.registers().len() == 2));
    assert!(declared.verify_function(PROBE).is_err());
    assert!(declared.verify().is_err());
}
