//! The type table.

use super::writer::Writer;
use crate::format::{flag, tag};
use crate::types::{ClassDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature, Type, TypeDefinition};

pub(super) fn types(types: &[TypeDefinition]) -> Writer {
    let mut w = Writer::default();
    w.count(types.len());
    for definition in types {
        match definition {
            TypeDefinition::Class(definition) => class(&mut w, definition),
            TypeDefinition::Interface(definition) => interface(&mut w, definition),
            TypeDefinition::Array(element) => {
                w.byte(tag::ARRAY);
                w.u32(element.code());
            }
            TypeDefinition::Function(definition) => signature(&mut w, tag::FUNCTION, definition),
            TypeDefinition::Fiber(definition) => signature(&mut w, tag::FIBER, definition),
        }
    }
    w
}

fn class(w: &mut Writer, class: &ClassDefinition) {
    let mut flags = 0;
    flags |= if class.import.is_some() { flag::IMPORTED } else { 0 };
    flags |= if class.is_final { flag::CLASS_FINAL } else { 0 };
    flags |= if class.is_abstract { flag::CLASS_ABSTRACT } else { 0 };
    flags |= if class.superclass.is_some() { flag::CLASS_SUPERCLASS } else { 0 };
    w.byte(tag::CLASS);
    w.byte(flags);
    w.u32(class.name);
    class.import.iter().for_each(|&module| w.u32(module));
    class.superclass.iter().for_each(|ty| w.u32(ty.code()));
    types_list(w, &class.interfaces);
    w.count(class.fields.len());
    for field in &class.fields {
        w.u32(field.name);
        w.u32(field.ty.code());
    }
    methods(w, &class.methods);
}

fn interface(w: &mut Writer, interface: &InterfaceDefinition) {
    w.byte(tag::INTERFACE);
    w.byte(if interface.import.is_some() { flag::IMPORTED } else { 0 });
    w.u32(interface.name);
    interface.import.iter().for_each(|&module| w.u32(module));
    types_list(w, &interface.extends);
    methods(w, &interface.methods);
}

fn types_list(w: &mut Writer, types: &[Type]) {
    w.count(types.len());
    types.iter().for_each(|ty| w.u32(ty.code()));
}

fn methods(w: &mut Writer, methods: &[MethodDefinition]) {
    w.count(methods.len());
    for method in methods {
        w.u32(method.name);
        w.u32(method.signature.code());
        let mut flags = 0;
        flags |= if method.is_final { flag::METHOD_FINAL } else { 0 };
        flags |= if method.body.is_some() { flag::METHOD_BODY } else { 0 };
        w.byte(flags);
        method.body.iter().for_each(|&function| w.u32(function));
    }
}

fn signature(w: &mut Writer, tag: u8, signature: &Signature) {
    w.byte(tag);
    parameters(w, &signature.parameters);
    parameters(w, &signature.results);
}

fn parameters(w: &mut Writer, parameters: &[Parameter]) {
    w.count(parameters.len());
    for parameter in parameters {
        w.u64(u64::from(parameter.ty.code()) << 1 | u64::from(parameter.non_null));
    }
}
