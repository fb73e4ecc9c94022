//! Programs at the limits of the format: a module that is accepted there must also do what it says. Each checks itself, and ends by
//! `unreachable` if something is wrong.

use limosa_spec::limits;
use limosa_spec::module::{Constant, Function};
use limosa_spec::types::{ClassDefinition, FieldDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Code, Module, Opcode, Type, TypeDefinition};

use crate::built::limits::{add_names, bare, of_named, plain};
use crate::built::{Case, File};

pub fn cases() -> Vec<Case> {
    vec![
        case("REGISTERS", registers),
        case("CONSTANTS", constants),
        case("SWITCH_LABELS", switch),
        case("PARAMETERS", parameters),
        case("FIELDS", fields),
        case("METHODS", methods),
        case("SUPERCLASS_DEPTH", superclasses),
        case("INSTRUCTIONS", instructions),
    ]
}

fn case(limit: &str, make: fn(&mut Module)) -> Case {
    let make = move |base: &Module| {
        let mut module = base.clone();
        bare(&mut module);
        make(&mut module);
        File::of(module)
    };
    Case::running(&format!("built/running/{limit}"), make)
}

/// Makes `main` of instructions, with locals and constants. The last instruction is `unreachable`, for checks to go to.
fn main(module: &mut Module, locals: Vec<Type>, constants: Vec<Constant>, instructions: &[(Opcode, Vec<u32>)]) {
    let body = &mut module.functions[0].body;
    body.locals = locals;
    body.constants = constants;
    body.code = Code::default();
    for (opcode, operands) in instructions {
        body.code.push(*opcode, operands);
    }
    body.code.push(Opcode::Ret, &[0]);
    body.code.push(Opcode::Unreachable, &[]);
}

/// The last register keeps its value beside the first.
fn registers(module: &mut Module) {
    let last = limits::REGISTERS - 1;
    let first_constant = limits::REGISTERS;
    let code = [
        (Opcode::MovI64, vec![last, first_constant]),
        (Opcode::MovI64, vec![last - 1, first_constant + 1]),
        (Opcode::AddI64, vec![0, last, last - 1]),
        (Opcode::BrNeI64, vec![0, first_constant + 2, 5]),
    ];
    let constants = [7, 11, 18].map(Constant::I64).to_vec();
    main(module, vec![Type::I64; limits::REGISTERS as usize], constants, &code);
}

/// The last constants are what they are.
fn constants(module: &mut Module) {
    let count = limits::CONSTANTS;
    let mut code: Vec<(Opcode, Vec<u32>)> = (0..count).map(|index| (Opcode::MovI64, vec![0, 1 + index])).collect();
    code.push((Opcode::BrNeI64, vec![0, count, count + 2]));
    main(module, vec![Type::I64], (0..i64::from(count)).map(|value| Constant::I64(value * 3)).collect(), &code);
}

/// The first and the last label of the list, and what is beyond on both sides.
fn switch(module: &mut Module) {
    let count = limits::SWITCH_LABELS;
    // The last label, and the first one, add to register 1; all others and the default do not.
    let mut labels = vec![6; count as usize];
    (labels[0], labels[count as usize - 1]) = (5, 4);
    let mut operands = vec![0, count];
    operands.extend(labels);
    operands.push(6);
    let constant = |index: u32| 3 + index;
    // Register 0 runs through the constants: 0, the last label, one beyond, -1. Each time register 2 says which is next.
    let code = [
        (Opcode::MovI32, vec![0, constant(0)]),
        (Opcode::Jump, vec![3]),
        (Opcode::Unreachable, vec![]),
        (Opcode::Switch, operands),
        (Opcode::AddI32, vec![1, 1, constant(5)]),
        (Opcode::AddI32, vec![1, 1, constant(6)]),
        (Opcode::AddI32, vec![2, 2, constant(4)]),
        (Opcode::MovI32, vec![0, constant(1)]),
        (Opcode::BrEqI32, vec![2, constant(4), 3]),
        (Opcode::MovI32, vec![0, constant(2)]),
        (Opcode::BrEqI32, vec![2, constant(6), 3]),
        (Opcode::MovI32, vec![0, constant(3)]),
        (Opcode::BrEqI32, vec![2, constant(7), 3]),
        // 0 added 2; the last label 10 and then 2; what is beyond nothing.
        (Opcode::BrNeI32, vec![1, constant(8), 15]),
    ];
    let last = count as i32 - 1;
    let constants = [0, last, last + 1, -1, 1, 10, 2, 3, 14].map(Constant::I32).to_vec();
    main(module, vec![Type::I32; 3], constants, &code);
}

/// A function gives all its arguments back in the opposite order.
fn parameters(module: &mut Module) {
    let count = limits::PARAMETERS;
    let numbers = vec![Parameter { ty: Type::I64, non_null: false }; count as usize];
    let signature = Type::defined(module.types.len() as u32);
    module.types.push(TypeDefinition::Function(Signature { parameters: numbers.clone(), results: numbers }));
    let name = add_names(module, 1);
    let mut turn = Function { name, signature, ..module.functions[0].clone() };
    let mut operands = vec![count];
    operands.extend((0..count).rev());
    turn.body.code = Code::default();
    turn.body.code.push(Opcode::Ret, &operands);
    module.functions.push(turn);
    let mut call = vec![count];
    call.extend(0..count);
    call.extend([1, count]);
    call.extend(count..2 * count);
    let mut code = vec![(Opcode::Call, call)];
    let end = count + 2;
    code.extend((0..count).map(|index| (Opcode::BrNeI64, vec![index, 2 * count - 1 - index, end])));
    main(module, vec![Type::I64; count as usize], (0..i64::from(count)).map(Constant::I64).collect(), &code);
}

/// The last field is not the first.
fn fields(module: &mut Module) {
    let count = limits::FIELDS;
    of_named(module, 1, |_, name| TypeDefinition::Class(plain(name)));
    let first = add_names(module, u64::from(count));
    let class = Type::defined(0);
    if let TypeDefinition::Class(definition) = &mut module.types[0] {
        definition.fields = (first..).take(count as usize).map(|name| FieldDefinition { name, ty: Type::I64 }).collect();
    }
    let code = [
        (Opcode::New, vec![0, class.code()]),
        (Opcode::Set, vec![0, class.code(), count - 1, 2]),
        (Opcode::Get, vec![1, 0, class.code(), 0]),
        (Opcode::BrNeI64, vec![1, 3, 9]),
        (Opcode::Get, vec![1, 0, class.code(), count - 2]),
        (Opcode::BrNeI64, vec![1, 3, 9]),
        (Opcode::Get, vec![1, 0, class.code(), count - 1]),
        (Opcode::BrNeI64, vec![1, 2, 9]),
    ];
    main(module, vec![class, Type::I64], vec![Constant::I64(5), Constant::I64(0)], &code);
}

/// The last method runs its own body.
fn methods(module: &mut Module) {
    let count = limits::METHODS;
    let class = Type::defined(0);
    of_named(module, 1, |_, name| TypeDefinition::Class(plain(name)));
    let number = Parameter { ty: Type::I64, non_null: false };
    let (of_method, of_body) = (Type::defined(module.types.len() as u32), Type::defined(module.types.len() as u32 + 1));
    module.types.push(TypeDefinition::Function(Signature { parameters: vec![], results: vec![number] }));
    let receiver = Parameter { ty: class, non_null: true };
    module.types.push(TypeDefinition::Function(Signature { parameters: vec![receiver], results: vec![number] }));
    let first = add_names(module, u64::from(count) + 2);
    // The body of all methods gives 5, that of the last one 6.
    for (index, value) in [(0, 5), (1, 6)] {
        let mut body = Function { name: first + count + index, signature: of_body, ..module.functions[0].clone() };
        body.body.constants = vec![Constant::I64(value)];
        body.body.code = Code::default();
        body.body.code.push(Opcode::Ret, &[1, 1]);
        module.functions.push(body);
    }
    if let TypeDefinition::Class(definition) = &mut module.types[0] {
        let body = |index: u32| Some(if index == count - 1 { 2 } else { 1 });
        let method = |index| MethodDefinition { name: first + index, signature: of_method, body: body(index), is_final: false };
        definition.methods = (0..count).map(method).collect();
    }
    let code = [
        (Opcode::New, vec![0, class.code()]),
        (Opcode::CallVirtual, vec![1, 1, class.code(), count - 1, 1, 0]),
        (Opcode::BrNeI64, vec![1, 3, 6]),
        (Opcode::CallVirtual, vec![1, 1, class.code(), count - 2, 1, 0]),
        (Opcode::BrNeI64, vec![1, 2, 6]),
    ];
    main(module, vec![class, Type::I64], vec![Constant::I64(5), Constant::I64(6)], &code);
}

/// The lowest class has the highest one's field, and is an instance of it.
fn superclasses(module: &mut Module) {
    let depth = limits::SUPERCLASS_DEPTH;
    of_named(module, u64::from(depth) + 1, |index, name| {
        TypeDefinition::Class(ClassDefinition { superclass: index.checked_sub(1).map(Type::defined), ..plain(name) })
    });
    let (highest, lowest, name) = (Type::defined(0), Type::defined(depth), add_names(module, 1));
    if let TypeDefinition::Class(class) = &mut module.types[0] {
        class.fields.push(FieldDefinition { name, ty: Type::I64 });
    }
    let code = [
        (Opcode::New, vec![0, lowest.code()]),
        (Opcode::Set, vec![0, highest.code(), 0, 4]),
        (Opcode::Get, vec![1, 0, highest.code(), 0]),
        (Opcode::BrNeI64, vec![1, 4, 9]),
        (Opcode::Is, vec![2, 0, highest.code()]),
        (Opcode::BrEqI32, vec![2, 5, 9]),
        (Opcode::Is, vec![2, 3, lowest.code()]),
        (Opcode::BrNeI32, vec![2, 5, 9]),
    ];
    main(module, vec![lowest, Type::I64, Type::I32, Type::ANY], vec![Constant::I64(5), Constant::I32(0)], &code);
}

/// From the first instruction to the last but one, and back.
fn instructions(module: &mut Module) {
    let count = limits::INSTRUCTIONS;
    let code = &mut module.functions[0].body.code;
    *code = Code::default();
    code.push(Opcode::Jump, &[count - 1]);
    code.push(Opcode::Ret, &[0]);
    (2..count - 1).for_each(|_| code.push(Opcode::Unreachable, &[]));
    code.push(Opcode::Jump, &[1]);
}
