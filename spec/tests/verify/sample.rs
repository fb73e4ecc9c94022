//! A module with something of everything, which the tests change in one place each.

use limosa_spec::module::{Body, Constant, Function, Manifest};
use limosa_spec::types::{Parameter, Signature};
use limosa_spec::{Code, Module, Opcode, Type, TypeDefinition};

/// Adds a string if it is new; gives its index.
pub fn string(module: &mut Module, text: &str) -> u32 {
    if let Some(index) = module.strings.iter().position(|string| &**string == text) {
        return index as u32;
    }
    module.strings.push(text.into());
    module.strings.len() as u32 - 1
}

pub fn module() -> Module {
    let mut module = Module::default();
    let name = string(&mut module, "sample");
    module.manifest = Manifest { name, ..Manifest::default() };
    let value = |ty| Parameter { ty, non_null: false };
    module.types.push(TypeDefinition::Function(Signature { parameters: vec![value(Type::I64)], results: vec![value(Type::I64)] }));
    let mut code = Code::default();
    code.push(Opcode::BrGeI64, &[0, 4, 2]);
    code.push(Opcode::Ret, &[1, 0]);
    code.push(Opcode::SubI64, &[1, 0, 3]);
    code.push(Opcode::Call, &[1, 1, 0, 1, 1]);
    code.push(Opcode::SubI64, &[2, 0, 4]);
    code.push(Opcode::Call, &[1, 2, 0, 1, 2]);
    code.push(Opcode::AddI64, &[1, 1, 2]);
    code.push(Opcode::Ret, &[1, 1]);
    let name = string(&mut module, "fib");
    let constants = vec![Constant::I64(1), Constant::I64(2)];
    let body = Body { locals: vec![Type::I64; 2], constants, handlers: Vec::new(), code };
    module.functions.push(Function { name, signature: Type::defined(0), body });
    module
}
