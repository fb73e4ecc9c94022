//! The function of the base module that has a register of each kind, and what names its registers and the module's types.

use limosa_spec::module::Body;
use limosa_spec::{Code, Module, Opcode, RegisterKind, Type, TypeDefinition};

use crate::built::File;

/// Registers of `probe`, by their types.
pub const I32: u32 = 0;
pub const I64: u32 = 1;
pub const F32: u32 = 2;
pub const F64: u32 = 3;
pub const ANY: u32 = 4;
pub const STR: u32 = 5;
pub const ERROR: u32 = 6;
pub const BASE: u32 = 7;
pub const CLOSURE: u32 = 8;
pub const FIBER: u32 = 9;
pub const BYTES: u32 = 10;
/// How many registers it has: the operand of its first constant.
pub const REGISTERS: u32 = 11;

/// The register of a kind.
pub fn register(kind: RegisterKind) -> u32 {
    match kind {
        RegisterKind::I32 => I32,
        RegisterKind::I64 => I64,
        RegisterKind::F32 => F32,
        RegisterKind::F64 => F64,
        RegisterKind::Ref | RegisterKind::Any => ANY,
    }
}

/// The index of a function of the module, imported ones counted.
pub fn function(module: &Module, name: &str) -> u32 {
    let defined = module.functions.iter().position(|function| module.string(function.name) == name);
    defined.map_or(u32::MAX, |index| (index + module.imports.len()) as u32)
}

/// A class or interface of the module.
pub fn named(module: &Module, name: &str) -> Type {
    let found = module.types.iter().position(|definition| match definition {
        TypeDefinition::Class(class) => module.string(class.name) == name,
        TypeDefinition::Interface(interface) => module.string(interface.name) == name,
        _ => false,
    });
    found.map_or(Type::NULL, |index| Type::defined(index as u32))
}

/// The type of a register of `probe`.
pub fn type_of(module: &Module, register: u32) -> Type {
    let signature = module.functions.last().and_then(|function| module.function_type(function.signature));
    signature.map_or(Type::NULL, |signature| signature.parameters[register as usize].ty)
}

/// The body of `probe`, the last function.
pub fn body(module: &mut Module) -> &mut Body {
    let last = module.functions.len() - 1;
    &mut module.functions[last].body
}

/// The module with some instructions in `probe`. The debug section goes, since its lines are those of other instructions.
pub fn with_code(base: &Module, code: &[(Opcode, Vec<u32>)]) -> Result<File, String> {
    let mut module = base.clone();
    module.debug = None;
    let body = body(&mut module);
    body.code = Code::default();
    for (opcode, operands) in code {
        body.code.push(*opcode, operands);
    }
    body.code.push(Opcode::Ret, &[0]);
    File::of(module)
}
