//! The type table by itself: order, indices, which types stand where, names, and structural types that repeat or contain themselves.
//! How classes and interfaces relate is for `hierarchy` and `methods`.

use super::common::{duplicate, register_type, signature_parameters, string_index, type_index};
use super::error::{Check, Section, fault};
use super::names::{name, type_name};
use super::rule::Rule;
use crate::limits;
use crate::module::{Module, StringIndex};
use crate::types::{ClassDefinition, MethodDefinition, Signature, Type, TypeDefinition, TypeKind};
use std::collections::HashMap;

/// Checks every entry of the type table on its own, then the table as a whole.
pub(super) fn check(module: &Module) -> Check {
    let mut structural = None;
    let mut named = HashMap::new();
    for (index, definition) in module.types.iter().enumerate() {
        match definition {
            TypeDefinition::Class(class) => {
                check_order(module, structural, class.name)?;
                check_name(module, &mut named, class.import, class.name)?;
                check_class(module, class)?;
            }
            TypeDefinition::Interface(interface) => {
                check_order(module, structural, interface.name)?;
                check_name(module, &mut named, interface.import, interface.name)?;
                check_interfaces_named(module, interface.name, &interface.extends)?;
                check_methods(module, interface.name, &interface.methods)?;
            }
            TypeDefinition::Array(element) => check_element(module, *element, || "an array's elements".into())?,
            TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => check_signature(module, signature)?,
        }
        if !is_named(definition) {
            structural.get_or_insert(index);
        }
    }
    check_duplicates(module)?;
    check_nesting(module)
}

fn is_named(definition: &TypeDefinition) -> bool {
    matches!(definition, TypeDefinition::Class(_) | TypeDefinition::Interface(_))
}

fn check_order(module: &Module, structural: Option<usize>, own: StringIndex) -> Check {
    let Some(first) = structural else { return Ok(()) };
    let message = format!(
        "`{}` stands after type {first}, a structural type; classes and interfaces come first in the type table",
        name(module, own)
    );
    fault(Rule::TypeNamedFirst, Section::Types, message)
}

fn check_name(
    module: &Module,
    named: &mut HashMap<(Option<StringIndex>, StringIndex), ()>,
    import: Option<StringIndex>,
    own: StringIndex,
) -> Check {
    string_index(module, Section::Types, own, "a type's name")?;
    if let Some(import) = import {
        string_index(module, Section::Types, import, "the module a type is imported from")?;
    }
    if named.insert((import, own), ()).is_none() {
        return Ok(());
    }
    let message = match import {
        None => format!("the module defines two types named `{}`; rename one", name(module, own)),
        Some(import) => format!("`{}` is imported twice from `{}`; import it once", name(module, own), name(module, import)),
    };
    fault(Rule::DuplicateName, Section::Types, message)
}

fn check_class(module: &Module, class: &ClassDefinition) -> Check {
    if class.is_final && class.is_abstract {
        let message = format!("class `{}` is both final and abstract, so it could have no instances; drop one", name(module, class.name));
        return fault(Rule::FinalAbstract, Section::Types, message);
    }
    if let Some(superclass) = class.superclass {
        type_index(module, Section::Types, superclass)?;
    }
    check_interfaces_named(module, class.name, &class.interfaces)?;
    for field in &class.fields {
        string_index(module, Section::Types, field.name, "a field's name")?;
        check_element(module, field.ty, || format!("field `{}` of `{}`", name(module, field.name), name(module, class.name)))?;
    }
    if let Some(second) = duplicate(class.fields.iter().map(|field| field.name)) {
        let field = name(module, class.fields[second].name);
        let message = format!("class `{}` declares two fields named `{field}`; rename one", name(module, class.name));
        return fault(Rule::DuplicateName, Section::Types, message);
    }
    check_methods(module, class.name, &class.methods)
}

fn check_interfaces_named(module: &Module, own: StringIndex, interfaces: &[Type]) -> Check {
    if interfaces.len() > limits::INTERFACES as usize {
        let message = format!("`{}` names {} interfaces; the limit is {}", name(module, own), interfaces.len(), limits::INTERFACES);
        return fault(Rule::Limit, Section::Types, message);
    }
    for &interface in interfaces {
        type_index(module, Section::Types, interface)?;
        if !matches!(module.definition(interface), Some(TypeDefinition::Interface(_))) {
            let found = type_name(module, interface);
            let message = format!("`{}` names `{found}` as an interface, which is none; name an interface", name(module, own));
            return fault(Rule::Interface, Section::Types, message);
        }
    }
    match duplicate(interfaces.iter().copied()) {
        None => Ok(()),
        Some(second) => {
            let found = type_name(module, interfaces[second]);
            let message = format!("`{}` names interface `{found}` twice; name it once", name(module, own));
            fault(Rule::DuplicateInterface, Section::Types, message)
        }
    }
}

fn check_methods(module: &Module, own: StringIndex, methods: &[MethodDefinition]) -> Check {
    if methods.len() > limits::METHODS as usize {
        let message = format!("`{}` declares {} methods; the limit is {}", name(module, own), methods.len(), limits::METHODS);
        return fault(Rule::Limit, Section::Types, message);
    }
    for method in methods {
        string_index(module, Section::Types, method.name, "a method's name")?;
        type_index(module, Section::Types, method.signature)?;
        if module.function_type(method.signature).is_none() {
            let (found, method) = (type_name(module, method.signature), name(module, method.name));
            let message = format!("method `{}.{method}` has `{found}` as its signature; a function type is needed", name(module, own));
            return fault(Rule::Signature, Section::Types, message);
        }
    }
    match duplicate(methods.iter().map(|method| method.name)) {
        None => Ok(()),
        Some(second) => {
            let method = name(module, methods[second].name);
            let message = format!("`{}` declares two methods named `{method}`; rename one", name(module, own));
            fault(Rule::DuplicateName, Section::Types, message)
        }
    }
}

fn check_element(module: &Module, ty: Type, what: impl Fn() -> String) -> Check {
    type_index(module, Section::Types, ty)?;
    if ty != Type::NULL {
        return Ok(());
    }
    let message = format!("{} cannot have the type `null`; a number, storage or reference type is needed", what());
    fault(Rule::ElementType, Section::Types, message)
}

fn check_signature(module: &Module, signature: &Signature) -> Check {
    for (what, parameters) in signature_parameters(signature) {
        if parameters.len() > limits::PARAMETERS as usize {
            let message = format!("a signature has {} {what}s; the limit is {}", parameters.len(), limits::PARAMETERS);
            return fault(Rule::Limit, Section::Types, message);
        }
        for (position, parameter) in parameters.iter().enumerate() {
            register_type(module, Section::Types, parameter.ty, || format!("{what} {position} of a signature"))?;
            if parameter.non_null && !parameter.ty.is_reference() {
                let found = type_name(module, parameter.ty);
                let message = format!("{what} {position} of a signature is a non-null `{found}`; only references can be declared non-null");
                return fault(Rule::NonNull, Section::Types, message);
            }
        }
    }
    Ok(())
}

fn check_duplicates(module: &Module) -> Check {
    #[derive(PartialEq, Eq, Hash)]
    enum Key<'m> {
        Array(Type),
        Function(&'m Signature),
        Fiber(&'m Signature),
    }
    let mut seen = HashMap::new();
    for (index, definition) in module.types.iter().enumerate() {
        let key = match definition {
            TypeDefinition::Class(_) | TypeDefinition::Interface(_) => continue,
            TypeDefinition::Array(element) => Key::Array(*element),
            TypeDefinition::Function(signature) => Key::Function(signature),
            TypeDefinition::Fiber(signature) => Key::Fiber(signature),
        };
        if let Some(first) = seen.insert(key, index) {
            let message = format!(
                "types {first} and {index} are both `{}`; structural types stand in the table once",
                type_name(module, Type::defined(index as u32))
            );
            return fault(Rule::TypeDuplicate, Section::Types, message);
        }
    }
    Ok(())
}

/// How far the nesting of a structural type is known.
#[derive(Clone, Copy, PartialEq)]
enum Nesting {
    Unknown,
    /// It is above the type being looked at.
    Open,
    /// So many structural types deep, itself included.
    Known(u32),
}

fn check_nesting(module: &Module) -> Check {
    let mut nesting = vec![Nesting::Unknown; module.types.len()];
    for index in 0..module.types.len() as u32 {
        nesting_of(module, index, 1, &mut nesting)?;
    }
    Ok(())
}

/// The nesting of a type; recursion goes as deep as types may nest.
fn nesting_of(module: &Module, index: u32, level: u32, nesting: &mut [Nesting]) -> Check<u32> {
    let definition = &module.types[index as usize];
    if is_named(definition) {
        return Ok(0);
    }
    match nesting[index as usize] {
        Nesting::Known(depth) if level + depth - 1 <= limits::TYPE_NESTING => return Ok(depth),
        Nesting::Open => {
            let message = format!("type {index} is part of itself; only classes and interfaces can be recursive");
            return fault(Rule::TypeCycle, Section::Types, message);
        }
        Nesting::Unknown if level <= limits::TYPE_NESTING => {}
        Nesting::Known(_) | Nesting::Unknown => {
            let message = format!("structural types are nested more than {} deep", limits::TYPE_NESTING);
            return fault(Rule::Limit, Section::Types, message);
        }
    }
    nesting[index as usize] = Nesting::Open;
    let mut depth = 0;
    let mut visit = |ty: Type| -> Check {
        if let TypeKind::Defined(part) = ty.kind() {
            depth = depth.max(nesting_of(module, part, level + 1, nesting)?);
        }
        Ok(())
    };
    match definition {
        TypeDefinition::Class(_) | TypeDefinition::Interface(_) => {}
        TypeDefinition::Array(element) => visit(*element)?,
        TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => {
            signature.parameters.iter().chain(&signature.results).try_for_each(|parameter| visit(parameter.ty))?;
        }
    }
    nesting[index as usize] = Nesting::Known(depth + 1);
    Ok(depth + 1)
}
