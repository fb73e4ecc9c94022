//! Changes to the type table: classes, interfaces, their members, structural types.

use super::{number, pick, rearrange, ty};
use crate::choices::Choices;
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Module, Type, TypeDefinition};

/// What definitions refer to.
#[derive(Clone, Copy)]
struct Names {
    ty: Type,
    string: u32,
    function: u32,
}

/// Changes the type table.
pub fn change(choices: &mut Choices<'_>, module: &mut Module) {
    let names = Names {
        ty: ty(choices, module),
        string: number(choices, module.strings.len()),
        function: number(choices, module.imports.len() + module.functions.len()),
    };
    let kind = choices.below(16);
    match kind {
        0 => rearrange(choices, &mut module.types),
        1 => {
            let definition = structural(choices, names.ty);
            let at = if choices.chance(1, 2) { module.types.len() } else { choices.below(module.types.len() + 1) };
            module.types.insert(at, definition);
            // A type that nothing uses would be left out.
            if let Some(function) = pick(choices, &mut module.functions) {
                function.body.locals.push(Type::defined(at as u32));
            }
        }
        2 => body_without_place(choices, &mut module.types, names.function),
        3..=11 => {
            // Classes and interfaces are few and have most of the rules.
            let named =
                module.types.iter_mut().filter(|definition| matches!(definition, TypeDefinition::Class(_) | TypeDefinition::Interface(_)));
            let mut named: Vec<&mut TypeDefinition> = named.collect();
            match pick(choices, &mut named) {
                Some(TypeDefinition::Class(class)) => change_class(choices, class, names),
                Some(TypeDefinition::Interface(interface)) => change_interface(choices, interface, names),
                _ => {}
            }
        }
        _ => match pick(choices, &mut module.types) {
            Some(TypeDefinition::Class(class)) => change_class(choices, class, names),
            Some(TypeDefinition::Interface(interface)) => change_interface(choices, interface, names),
            Some(TypeDefinition::Array(element)) => *element = names.ty,
            Some(TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature)) => change_signature(choices, signature, names.ty),
            None => {}
        },
    }
}

/// Gives a method a body where none may be: in an interface or an imported class.
fn body_without_place(choices: &mut Choices<'_>, types: &mut [TypeDefinition], function: u32) {
    let methods = types.iter_mut().flat_map(|definition| match definition {
        TypeDefinition::Interface(interface) => interface.methods.as_mut_slice(),
        TypeDefinition::Class(class) if class.import.is_some() => class.methods.as_mut_slice(),
        _ => &mut [],
    });
    let mut methods: Vec<&mut MethodDefinition> = methods.collect();
    if let Some(method) = pick(choices, &mut methods) {
        method.body = Some(function);
    }
}

fn structural(choices: &mut Choices<'_>, ty: Type) -> TypeDefinition {
    let mut signature = Signature::default();
    for _ in 0..choices.below(3) {
        change_signature(choices, &mut signature, ty);
    }
    match choices.below(3) {
        0 => TypeDefinition::Array(ty),
        1 => TypeDefinition::Function(signature),
        _ => TypeDefinition::Fiber(signature),
    }
}

fn change_signature(choices: &mut Choices<'_>, signature: &mut Signature, ty: Type) {
    let list = if choices.chance(1, 2) { &mut signature.parameters } else { &mut signature.results };
    match choices.below(5) {
        0 | 1 => list.push(Parameter { ty, non_null: choices.chance(1, 2) }),
        2 => rearrange(choices, list),
        3 => {
            if let Some(parameter) = pick(choices, list) {
                parameter.ty = ty;
            }
        }
        _ => {
            if let Some(parameter) = pick(choices, list) {
                parameter.non_null ^= true;
            }
        }
    }
}

fn change_class(choices: &mut Choices<'_>, class: &mut ClassDefinition, names: Names) {
    match choices.below(12) {
        0 => class.name = names.string,
        1 => class.import = choices.chance(1, 2).then_some(names.string),
        2 => class.is_final ^= true,
        3 => class.is_abstract ^= true,
        4 => class.superclass = choices.chance(3, 4).then_some(names.ty),
        5 => class.interfaces.push(names.ty),
        6 => rearrange(choices, &mut class.interfaces),
        7 => rearrange(choices, &mut class.fields),
        8 => match pick(choices, &mut class.fields) {
            Some(field) if choices.chance(1, 3) => field.name = names.string,
            Some(field) => field.ty = names.ty,
            None => class.fields.push(FieldDefinition { name: names.string, ty: names.ty }),
        },
        9 => rearrange(choices, &mut class.methods),
        _ => change_method(choices, &mut class.methods, names),
    }
}

fn change_interface(choices: &mut Choices<'_>, interface: &mut InterfaceDefinition, names: Names) {
    match choices.below(8) {
        0 => interface.name = names.string,
        1 => interface.import = choices.chance(1, 2).then_some(names.string),
        2 | 3 => interface.extends.push(names.ty),
        4 => rearrange(choices, &mut interface.extends),
        5 => rearrange(choices, &mut interface.methods),
        _ => change_method(choices, &mut interface.methods, names),
    }
}

fn change_method(choices: &mut Choices<'_>, methods: &mut [MethodDefinition], names: Names) {
    let Some(method) = pick(choices, methods) else { return };
    match choices.below(5) {
        0 => method.name = names.string,
        1 => method.signature = names.ty,
        2 => method.body = Some(names.function),
        3 => method.body = None,
        _ => method.is_final ^= true,
    }
}
