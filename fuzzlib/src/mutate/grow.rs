//! Growth up to and past the limits that a small module can reach.

use crate::choices::Choices;
use limosa_spec::types::{ClassDefinition, InterfaceDefinition, Parameter};
use limosa_spec::{Module, Type, TypeDefinition, limits};

/// Makes something large.
pub fn change(choices: &mut Choices<'_>, module: &mut Module) {
    let past = choices.below(4) as u32;
    match choices.below(6) {
        0 => chain_of_classes(module, limits::SUPERCLASS_DEPTH - 1 + past),
        1 => chain_of_interfaces(module, limits::INTERFACES - 1 + past),
        2 => nest(module, limits::TYPE_NESTING - 2 + past),
        3 => parameters(choices, module, limits::PARAMETERS - 1 + past),
        4 => {
            if let Some(function) = super::pick(choices, &mut module.functions) {
                let wanted = (limits::REGISTERS - 2 + past) as usize;
                function.body.locals.resize(wanted.max(function.body.locals.len()), Type::I64);
            }
        }
        _ => {
            let name = module.manifest.name;
            module.manifest.capabilities.resize((limits::CAPABILITIES - 1 + past) as usize, name);
        }
    }
}

fn name(module: &mut Module, name: String) -> u32 {
    module.strings.push(name.into());
    module.strings.len() as u32 - 1
}

fn chain_of_classes(module: &mut Module, length: u32) {
    for index in 0..length {
        let name = name(module, format!("Grown{index}"));
        let superclass = (index > 0).then(|| Type::defined(module.types.len() as u32 - 1));
        module.types.push(TypeDefinition::Class(ClassDefinition {
            name,
            import: None,
            is_final: false,
            is_abstract: false,
            superclass,
            interfaces: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
        }));
    }
}

fn chain_of_interfaces(module: &mut Module, length: u32) {
    for index in 0..length {
        let name = name(module, format!("Grown{index}"));
        let extends = if index > 0 { vec![Type::defined(module.types.len() as u32 - 1)] } else { Vec::new() };
        module.types.push(TypeDefinition::Interface(InterfaceDefinition { name, import: None, extends, methods: Vec::new() }));
    }
}

fn nest(module: &mut Module, depth: u32) {
    let mut ty = Type::I64;
    for _ in 0..depth {
        module.types.push(TypeDefinition::Array(ty));
        ty = Type::defined(module.types.len() as u32 - 1);
    }
    if let Some(function) = module.functions.first_mut() {
        function.body.locals.push(ty);
    }
}

fn parameters(choices: &mut Choices<'_>, module: &mut Module, count: u32) {
    let signatures = module.types.iter_mut().filter_map(|definition| match definition {
        TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => Some(signature),
        _ => None,
    });
    let mut signatures: Vec<_> = signatures.collect();
    if let Some(signature) = super::pick(choices, &mut signatures) {
        let list = if choices.chance(1, 2) { &mut signature.parameters } else { &mut signature.results };
        list.resize(count as usize, Parameter { ty: Type::I32, non_null: false });
    }
}
