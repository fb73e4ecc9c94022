//! The code of generated modules: instructions at random whose operands have the kinds their rows ask for.

use limosa_spec::module::{Constant, Handler};
use limosa_spec::types::{Parameter, Signature, Type, TypeDefinition};
use limosa_spec::{Module, Opcode, OperandRole, RegisterKind, TypingRule, WellKnown};

use crate::module::Generator;

/// The types of the registers of a function defined.
pub fn registers(module: &Module, index: usize) -> Vec<Type> {
    let function = &module.functions[index];
    let parameters = module.function_type(function.signature).map_or(&[][..], |signature| &signature.parameters);
    parameters.iter().map(|parameter| parameter.ty).chain(function.body.locals.iter().copied()).collect()
}

/// Makes the body of a function defined.
pub fn body(generator: &mut Generator<'_, '_>, index: usize) {
    for _ in 0..generator.choices.below(12) {
        let ty = generator.register_type();
        generator.module.functions[index].body.locals.push(ty);
    }
    let registers = registers(&generator.module, index);
    let results = generator.module.function_type(generator.module.functions[index].signature).map(|s| s.results.clone());
    let length = generator.choices.below(20);
    let mut body = Body { generator, registers, results: results.unwrap_or_default(), constants: Vec::new(), length };
    let mut made = Vec::new();
    while made.len() < length {
        let code = usize::from(body.generator.choices.byte()) | usize::from(body.generator.choices.byte()) << 8;
        let opcode = Opcode::ALL[code % Opcode::ALL.len()];
        made.push(body.instruction(opcode).map_or((Opcode::Unreachable, Vec::new()), |operands| (opcode, operands)));
    }
    let handlers = body.handlers();
    let constants = body.constants;
    let body = &mut generator.module.functions[index].body;
    for (opcode, operands) in made {
        body.code.push(opcode, &operands);
    }
    (body.handlers, body.constants) = (handlers, constants);
}

struct Body<'g, 'c, 'a> {
    generator: &'g mut Generator<'c, 'a>,
    registers: Vec<Type>,
    results: Vec<Parameter>,
    constants: Vec<Constant>,
    length: usize,
}

/// Whether a register of type `found` may stand where `wanted` is assigned to, as far as the assembler looks.
fn fits(found: Type, wanted: Type) -> bool {
    found == wanted || found.is_reference() && wanted.is_reference()
}

fn of_kind(kind: RegisterKind) -> Option<Type> {
    match kind {
        RegisterKind::I32 => Some(Type::I32),
        RegisterKind::I64 => Some(Type::I64),
        RegisterKind::F32 => Some(Type::F32),
        RegisterKind::F64 => Some(Type::F64),
        RegisterKind::Ref => Some(Type::ANY),
        RegisterKind::Any => None,
    }
}

impl Body<'_, '_, '_> {
    fn module(&self) -> &Module {
        &self.generator.module
    }

    fn register(&mut self, wanted: impl Fn(Type) -> bool) -> Option<u32> {
        let candidates: Vec<u32> = (0..self.registers.len() as u32).filter(|&index| wanted(self.registers[index as usize])).collect();
        self.generator.choices.pick(&candidates)
    }

    /// A register or constant that is assigned to `ty`.
    fn value(&mut self, ty: Type) -> u32 {
        if self.generator.choices.chance(2, 3)
            && let Some(register) = self.register(|found| fits(found, ty))
        {
            return register;
        }
        let constant = self.generator.constant(ty);
        self.constants.push(constant);
        (self.registers.len() + self.constants.len() - 1) as u32
    }

    fn list(&mut self, operands: &mut Vec<u32>, types: &[Type]) {
        operands.push(types.len() as u32);
        for &ty in types {
            let value = self.value(ty);
            operands.push(value);
        }
    }

    fn label(&mut self) -> u32 {
        self.generator.choices.below(self.length) as u32
    }

    /// The operands of an instruction, if the function and module have what it needs.
    fn instruction(&mut self, opcode: Opcode) -> Option<Vec<u32>> {
        let roles = opcode.roles();
        if roles.contains(&OperandRole::Uses) {
            return self.with_list(opcode);
        }
        let mut operands = Vec::new();
        let mut element = None;
        for (place, &role) in roles.iter().enumerate() {
            match role {
                OperandRole::Def(kind) => operands.push(self.register(|ty| of_kind(kind).is_none_or(|wanted| fits(ty, wanted)))?),
                OperandRole::Use(RegisterKind::Any) => {
                    let value = self.value(element?);
                    operands.push(value);
                }
                OperandRole::Use(_) if place == 0 && matches!(opcode.typing(), TypingRule::ArraySet | TypingRule::ArrayFill) => {
                    let (register, ty) = self.array()?;
                    element = Some(ty.register_type());
                    operands.push(register);
                }
                OperandRole::Use(kind) => {
                    let value = self.value(of_kind(kind)?);
                    operands.push(value);
                }
                OperandRole::Label => operands.push(self.label()),
                OperandRole::Labels => {
                    let count = self.generator.choices.below(5);
                    operands.push(count as u32);
                    for _ in 0..count {
                        operands.push(self.label());
                    }
                }
                OperandRole::Type => operands.push(self.generator.field_type().code()),
                OperandRole::Field => {
                    let (class, index, ty) = self.field()?;
                    operands.extend([class.code(), index]);
                    element = Some(ty.register_type());
                }
                OperandRole::Global => {
                    let count = self.module().globals.len();
                    let index = (count > 0).then(|| self.generator.choices.below(count))?;
                    operands.push(index as u32);
                    element = Some(self.module().globals[index].ty);
                }
                OperandRole::Data => {
                    let count = self.module().data.len();
                    operands.push((count > 0).then(|| self.generator.choices.below(count))? as u32);
                }
                OperandRole::String => {
                    let text = self.generator.any_name();
                    operands.push(self.generator.string(&text));
                }
                OperandRole::Function | OperandRole::Method | OperandRole::Defs | OperandRole::Uses => return None,
            }
        }
        Some(operands)
    }

    fn array(&mut self) -> Option<(u32, Type)> {
        let module = self.module();
        let arrays: Vec<(u32, Type)> = (0..self.registers.len())
            .filter_map(|index| match module.definition(self.registers[index])? {
                TypeDefinition::Array(element) => Some((index as u32, *element)),
                _ => None,
            })
            .collect();
        self.generator.choices.pick(&arrays)
    }

    fn field(&mut self) -> Option<(Type, u32, Type)> {
        let error = WellKnown::Error.fields().iter().enumerate();
        let mut fields: Vec<(Type, u32, Type)> =
            error.map(|(index, field)| (Type::well_known(WellKnown::Error), index as u32, field.ty)).collect();
        for (index, definition) in self.module().types.iter().enumerate() {
            if let TypeDefinition::Class(class) = definition {
                let own = class.fields.iter().enumerate();
                fields.extend(own.map(|(field, definition)| (Type::defined(index as u32), field as u32, definition.ty)));
            }
        }
        self.generator.choices.pick(&fields)
    }

    fn definitions(&mut self, operands: &mut Vec<u32>, count: usize) -> Option<()> {
        operands.push(count as u32);
        for _ in 0..count {
            operands.push(self.register(|_| true)?);
        }
        Some(())
    }

    /// Instructions that end in a list of values.
    fn with_list(&mut self, opcode: Opcode) -> Option<Vec<u32>> {
        let mut operands = Vec::new();
        let (head, receiver, signature) = self.callee(opcode)?;
        let mut wanted: Vec<Type> = receiver.into_iter().chain(signature.parameters.iter().map(|parameter| parameter.ty)).collect();
        let mut results = signature.results.len();
        match opcode {
            Opcode::Closure => {
                operands.push(self.register(Type::is_reference)?);
                wanted.truncate(self.generator.choices.below(wanted.len() + 1));
            }
            Opcode::FiberYield => {
                results = wanted.len();
                wanted = signature.results.iter().map(|result| result.ty).collect();
            }
            _ => {}
        }
        if opcode.roles().contains(&OperandRole::Defs) {
            self.definitions(&mut operands, results)?;
        }
        operands.extend(head);
        self.list(&mut operands, &wanted);
        Some(operands)
    }

    /// The operands that name what is called, the type of the receiver, and parameters and results.
    fn callee(&mut self, opcode: Opcode) -> Option<(Vec<u32>, Option<Type>, Signature)> {
        let module = &self.generator.module;
        let mut found: Vec<(Vec<u32>, Option<Type>, Signature)> = Vec::new();
        match opcode.typing() {
            TypingRule::Ret => found.push((Vec::new(), None, Signature { parameters: self.results.clone(), results: Vec::new() })),
            TypingRule::Call | TypingRule::Tail | TypingRule::Closure => {
                for index in 0..(module.imports.len() + module.functions.len()) as u32 {
                    found.push((vec![index], None, module.signature(index)?.clone()));
                }
            }
            TypingRule::CallClosure | TypingRule::TailClosure | TypingRule::FiberResume => {
                let fiber = opcode == Opcode::FiberResume;
                for (index, &ty) in self.registers.iter().enumerate() {
                    match module.definition(ty) {
                        Some(TypeDefinition::Function(signature)) if !fiber => found.push((vec![index as u32], None, signature.clone())),
                        Some(TypeDefinition::Fiber(signature)) if fiber => found.push((vec![index as u32], None, signature.clone())),
                        _ => {}
                    }
                }
            }
            TypingRule::FiberYield => {
                for (index, definition) in module.types.iter().enumerate() {
                    if let TypeDefinition::Fiber(signature) = definition {
                        found.push((vec![Type::defined(index as u32).code()], None, signature.clone()));
                    }
                }
            }
            _ => {
                let of_interface = matches!(opcode, Opcode::CallInterface | Opcode::TailInterface);
                for (index, definition) in module.types.iter().enumerate() {
                    let methods = match definition {
                        TypeDefinition::Class(class) if !of_interface => &class.methods,
                        TypeDefinition::Interface(interface) if of_interface => &interface.methods,
                        _ => continue,
                    };
                    let owner = Type::defined(index as u32);
                    for (method, definition) in methods.iter().enumerate() {
                        let signature = module.function_type(definition.signature)?.clone();
                        found.push((vec![owner.code(), method as u32], Some(owner), signature));
                    }
                }
            }
        }
        let chosen = self.generator.choices.below(found.len());
        found.into_iter().nth(chosen)
    }

    fn handlers(&mut self) -> Vec<Handler> {
        let mut handlers = Vec::new();
        for _ in 0..self.generator.choices.below(3) {
            let [start, end, target] = [self.label(), self.label() + 1, self.label()];
            let Some(register) = self.register(|_| true) else { break };
            let mut class = self.generator.register_type();
            if class.is_number() || class == Type::STR || class == Type::ANY {
                class = Type::well_known(WellKnown::DivisionError);
            }
            if self.length > 0 && start < end {
                handlers.push(Handler { start, end, class, target, register });
            }
        }
        handlers
    }
}
