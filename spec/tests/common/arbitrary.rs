//! Small modules made from a list of arbitrary numbers: well-formed for the format, mostly nonsense for the verifier, and not canonical.

use limosa_spec::module::{
    Body, Constant, Data, Debug, Export, ExportItem, Function, FunctionDebug, FunctionImport, Global, Handler, LineEntry, Manifest, Module,
    RegisterName,
};
use limosa_spec::opcodes::{Opcode, OperandRole};
use limosa_spec::types::{
    ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature, Type, TypeDefinition,
};
use limosa_spec::{Code, WellKnown};

const STRINGS: u32 = 9;
const TYPES: u32 = 8;

/// Numbers that decide what a module looks like; 0 when they have run out.
pub struct Choices<'a>(pub &'a [u32]);

impl Choices<'_> {
    /// A number below `end`.
    fn below(&mut self, end: u32) -> u32 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                first % end
            }
            None => 0,
        }
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn string(&mut self) -> u32 {
        self.below(STRINGS)
    }

    /// Any type that a structural type numbered `below` may be made of.
    fn ty_before(&mut self, below: u32) -> Type {
        match self.below(4) {
            0 => Type::from_code(self.below(10)),
            1 => Type::well_known(WellKnown::ALL[self.below(WellKnown::ALL.len() as u32) as usize]),
            _ if below > 0 => Type::defined(self.below(below)),
            _ => Type::ANY,
        }
    }

    fn ty(&mut self) -> Type {
        self.ty_before(TYPES)
    }

    fn list<T>(&mut self, most: u32, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| item(self)).collect()
    }

    fn constant(&mut self) -> Constant {
        let bits = u64::from(self.below(u32::MAX)) << (self.below(3) * 16);
        match self.below(5) {
            0 => Constant::I32(bits as i32),
            1 => Constant::I64(bits as i64),
            2 => Constant::F32(f32::from_bits(bits as u32)),
            3 => Constant::F64(f64::from_bits(bits << 32)),
            _ => Constant::Null,
        }
    }

    fn signature(&mut self, below: u32) -> Signature {
        let mut parameter = |choices: &mut Self| Parameter { ty: choices.ty_before(below), non_null: choices.flag() };
        Signature { parameters: self.list(3, &mut parameter), results: self.list(2, &mut parameter) }
    }

    fn methods(&mut self) -> Vec<MethodDefinition> {
        self.list(2, |choices| MethodDefinition {
            name: choices.string(),
            signature: choices.ty(),
            body: choices.flag().then(|| choices.below(300)),
            is_final: choices.flag(),
        })
    }

    /// A definition for the place `index`: structural types refer to those before them only, or to named ones that follow.
    fn definition(&mut self, index: u32) -> TypeDefinition {
        match self.below(5) {
            0 => TypeDefinition::Array(self.ty_before(index)),
            1 => TypeDefinition::Function(self.signature(index)),
            2 => TypeDefinition::Fiber(self.signature(index)),
            3 => TypeDefinition::Interface(InterfaceDefinition {
                name: self.string(),
                import: self.flag().then(|| self.string()),
                extends: self.list(2, Self::ty),
                methods: self.methods(),
            }),
            _ => TypeDefinition::Class(ClassDefinition {
                name: self.string(),
                import: self.flag().then(|| self.string()),
                is_final: self.flag(),
                is_abstract: self.flag(),
                superclass: self.flag().then(|| self.ty()),
                interfaces: self.list(2, Self::ty),
                fields: self.list(3, |choices| FieldDefinition { name: choices.string(), ty: choices.ty() }),
                methods: self.methods(),
            }),
        }
    }

    fn instruction(&mut self, code: &mut Code, operands_end: u32) {
        let opcode = Opcode::ALL[self.below(Opcode::ALL.len() as u32) as usize];
        let mut operands = Vec::new();
        for role in opcode.roles() {
            match role {
                OperandRole::Use(_) => operands.push(self.below(operands_end)),
                OperandRole::Def(_) | OperandRole::Label | OperandRole::Function | OperandRole::Global | OperandRole::Data => {
                    operands.push(self.below(200));
                }
                OperandRole::Type => operands.push(self.ty().code()),
                OperandRole::String => operands.push(self.string()),
                OperandRole::Field | OperandRole::Method => operands.extend([self.ty().code(), self.below(200)]),
                OperandRole::Uses => {
                    let list = self.list(4, |choices| choices.below(operands_end));
                    operands.push(list.len() as u32);
                    operands.extend(list);
                }
                OperandRole::Defs | OperandRole::Labels => {
                    let list = self.list(4, |choices| choices.below(u32::MAX));
                    operands.push(list.len() as u32);
                    operands.extend(list);
                }
            }
        }
        code.push(opcode, &operands);
    }

    fn function(&mut self, types: &[TypeDefinition]) -> Option<Function> {
        let signatures = types.iter().enumerate().filter_map(|(index, definition)| match definition {
            TypeDefinition::Function(signature) => Some((Type::defined(index as u32), signature.parameters.len())),
            _ => None,
        });
        let signatures: Vec<_> = signatures.collect();
        let &(signature, parameters) = signatures.get(self.below(TYPES) as usize % signatures.len().max(1))?;
        let locals: Vec<Type> = self.list(5, Self::ty);
        let constants = self.list(6, Self::constant);
        let operands_end = (parameters + locals.len() + constants.len()).max(1) as u32;
        let mut code = Code::default();
        // Without registers and constants there is nothing to name.
        if parameters + locals.len() + constants.len() > 0 {
            (0..self.below(12)).for_each(|_| self.instruction(&mut code, operands_end));
        }
        let handlers = self.list(2, |choices| Handler {
            start: choices.below(9),
            end: choices.below(9),
            class: choices.ty(),
            target: choices.below(9),
            register: choices.below(9),
        });
        Some(Function { name: self.string(), signature, body: Body { locals, constants, handlers, code } })
    }

    fn debug(&mut self, functions: &[Function], types: &[TypeDefinition]) -> Debug {
        let files: Vec<u32> = (0..3).map(|_| self.below(4)).collect();
        let function = |function: &Function| {
            let instructions = function.body.code.len() as u32;
            let parameters = match &types[function.signature.defined_index().expect("it is of the table") as usize] {
                TypeDefinition::Function(signature) => signature.parameters.len(),
                _ => 0,
            };
            let registers = (parameters + function.body.locals.len()) as u32;
            let mut lines = Vec::new();
            for start in 0..instructions {
                if self.flag() {
                    lines.push(LineEntry { start, file: self.below(3), line: 1 + self.below(5) });
                }
            }
            let mut names = Vec::new();
            for register in 0..registers {
                if self.flag() {
                    names.push(RegisterName { register, name: self.below(4) });
                }
            }
            FunctionDebug { lines, registers: names }
        };
        let functions = functions.iter().map(function).collect();
        Debug { strings: ["a", "b", "a", "c"].map(Box::from).to_vec(), files, functions }
    }

    /// A module. Two of its strings and perhaps some types are equal; what is used is up to the choices.
    pub fn module(&mut self) -> Module {
        let types: Vec<TypeDefinition> = (0..TYPES).map(|index| self.definition(index)).collect();
        let functions: Vec<Function> = (0..self.below(4)).filter_map(|_| self.function(&types)).collect();
        Module {
            manifest: Manifest {
                name: self.string(),
                version: [self.below(u32::MAX), self.below(200), self.below(200)],
                entry: self.flag().then(|| self.below(200)),
                capabilities: self.list(3, Self::string),
            },
            strings: ["", "x", "y", "ž", "x", "a longer name", "\0", "7", "8"].map(Box::from).to_vec(),
            imports: self.list(3, |choices| FunctionImport { module: choices.string(), name: choices.string(), signature: choices.ty() }),
            globals: self.list(3, |choices| {
                let initial = if choices.flag() { Constant::Str(choices.string()) } else { choices.constant() };
                Global { name: choices.string(), ty: choices.ty(), initial }
            }),
            data: self.list(2, |choices| Data { name: choices.string(), bytes: choices.list(5, |choices| choices.below(256) as u8) }),
            exports: self.list(3, |choices| {
                let item = if choices.flag() { ExportItem::Type(choices.ty()) } else { ExportItem::Function(choices.below(200)) };
                Export { name: choices.string(), item }
            }),
            debug: self.flag().then(|| self.debug(&functions, &types)),
            functions,
            types,
        }
    }
}
