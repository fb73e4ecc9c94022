//! The type table.

use super::error::{DecodeRule, Fault};
use super::reader::Reader;
use crate::format::{flag, tag};
use crate::limits;
use crate::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature, Type, TypeDefinition};

pub(super) fn types(reader: &mut Reader<'_>) -> Result<Vec<TypeDefinition>, Fault> {
    let count = reader.count(limits::TYPES, DecodeRule::LimitTypes, "types", 2)?;
    let mut types = Vec::with_capacity(count);
    let mut ancestry = Ancestry::default();
    for _ in 0..count {
        let start = reader.clone();
        let definition = definition(reader)?;
        ancestry.add(&definition, &start)?;
        types.push(definition);
    }
    Ok(types)
}

fn definition(reader: &mut Reader<'_>) -> Result<TypeDefinition, Fault> {
    let before = reader.clone();
    Ok(match reader.byte()? {
        tag::CLASS => TypeDefinition::Class(class(reader)?),
        tag::INTERFACE => TypeDefinition::Interface(interface(reader)?),
        tag::ARRAY => TypeDefinition::Array(ty(reader)?),
        tag::FUNCTION => TypeDefinition::Function(signature(reader)?),
        tag::FIBER => TypeDefinition::Fiber(signature(reader)?),
        other => return Err(before.fail(DecodeRule::Tag, format!("{other} is not the tag of a type"))),
    })
}

fn ty(reader: &mut Reader<'_>) -> Result<Type, Fault> {
    reader.u32().map(Type::from_code)
}

fn class(reader: &mut Reader<'_>) -> Result<ClassDefinition, Fault> {
    let flags = reader.flags(flag::CLASS_ALL)?;
    Ok(ClassDefinition {
        name: reader.u32()?,
        import: optional(reader, flags & flag::IMPORTED != 0, Reader::u32)?,
        is_final: flags & flag::CLASS_FINAL != 0,
        is_abstract: flags & flag::CLASS_ABSTRACT != 0,
        superclass: optional(reader, flags & flag::CLASS_SUPERCLASS != 0, ty)?,
        interfaces: interfaces(reader)?,
        fields: fields(reader)?,
        methods: methods(reader)?,
    })
}

fn interface(reader: &mut Reader<'_>) -> Result<InterfaceDefinition, Fault> {
    let flags = reader.flags(flag::IMPORTED)?;
    Ok(InterfaceDefinition {
        name: reader.u32()?,
        import: optional(reader, flags & flag::IMPORTED != 0, Reader::u32)?,
        extends: interfaces(reader)?,
        methods: methods(reader)?,
    })
}

fn optional<'a, T>(
    reader: &mut Reader<'a>,
    present: bool,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    if present { read(reader).map(Some) } else { Ok(None) }
}

fn interfaces(reader: &mut Reader<'_>) -> Result<Vec<Type>, Fault> {
    let count = reader.count(limits::INTERFACES, DecodeRule::LimitInterfaces, "interfaces", 1)?;
    (0..count).map(|_| ty(reader)).collect()
}

fn fields(reader: &mut Reader<'_>) -> Result<Vec<FieldDefinition>, Fault> {
    let count = reader.count(limits::FIELDS, DecodeRule::LimitFields, "fields", 2)?;
    (0..count).map(|_| Ok(FieldDefinition { name: reader.u32()?, ty: ty(reader)? })).collect()
}

fn methods(reader: &mut Reader<'_>) -> Result<Vec<MethodDefinition>, Fault> {
    let count = reader.count(limits::METHODS, DecodeRule::LimitMethods, "methods", 3)?;
    let mut methods = Vec::with_capacity(count);
    for _ in 0..count {
        let (name, signature) = (reader.u32()?, ty(reader)?);
        let flags = reader.flags(flag::METHOD_ALL)?;
        let body = optional(reader, flags & flag::METHOD_BODY != 0, Reader::u32)?;
        methods.push(MethodDefinition { name, signature, body, is_final: flags & flag::METHOD_FINAL != 0 });
    }
    Ok(methods)
}

fn signature(reader: &mut Reader<'_>) -> Result<Signature, Fault> {
    Ok(Signature { parameters: parameters(reader, "parameters")?, results: parameters(reader, "results")? })
}

/// Reads parameters or results: the type's number doubled, plus one if null is refused.
fn parameters(reader: &mut Reader<'_>, what: &str) -> Result<Vec<Parameter>, Fault> {
    let count = reader.count(limits::PARAMETERS, DecodeRule::LimitParameters, what, 1)?;
    (0..count)
        .map(|_| {
            let code = reader.u32()?;
            Ok(Parameter { ty: Type::from_code(code >> 1), non_null: code & 1 != 0 })
        })
        .collect()
}

/// The limits that run down a line of inheritance. A superclass that does not stand earlier in the table is the verifier's to refuse.
#[derive(Default)]
struct Ancestry {
    /// Classes above, and fields with the inherited ones, of each type so far.
    types: Vec<(u32, u32)>,
}

impl Ancestry {
    fn add(&mut self, definition: &TypeDefinition, at: &Reader<'_>) -> Result<(), Fault> {
        let mut depth = 0;
        let mut fields = 0;
        if let TypeDefinition::Class(class) = definition {
            if let Some(superclass) = class.superclass {
                let above = superclass.defined_index().and_then(|index| self.types.get(index as usize));
                let (above_depth, above_fields) = above.copied().unwrap_or_else(|| well_known_ancestry(superclass));
                (depth, fields) = (above_depth + 1, above_fields);
            }
            fields += class.fields.len() as u32;
        }
        if depth > limits::SUPERCLASS_DEPTH {
            let message = format!("a class with {depth} classes above it, at most {} are allowed", limits::SUPERCLASS_DEPTH);
            return Err(at.fail(DecodeRule::LimitSuperclassDepth, message));
        }
        if fields > limits::FIELDS {
            let message = format!("an object of {fields} fields, at most {} are allowed", limits::FIELDS);
            return Err(at.fail(DecodeRule::LimitFields, message));
        }
        self.types.push((depth, fields));
        Ok(())
    }
}

/// The classes above a well-known class, and its fields with the inherited ones.
fn well_known_ancestry(ty: Type) -> (u32, u32) {
    let crate::types::TypeKind::WellKnown(mut class) = ty.kind() else {
        return (0, 0);
    };
    let (mut depth, mut fields) = (0, class.fields().len() as u32);
    while let Some(superclass) = class.superclass() {
        class = superclass;
        depth += 1;
        fields += class.fields().len() as u32;
    }
    (depth, fields)
}
