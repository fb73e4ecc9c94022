//! Which types are assignable to which, from the definitions of the module.

use limosa_spec::{Module, Type, TypeDefinition, TypeKind};

/// Whether a register of type `to` may receive a value of type `from`.
pub fn is_assignable(module: &Module, from: Type, to: Type) -> bool {
    from == to || to == Type::ANY && from.is_reference() || from == Type::NULL && to.is_reference() || above(module, from).contains(&to)
}

/// The classes above a class, and the interfaces of it, or of an interface.
pub fn above(module: &Module, ty: Type) -> Vec<Type> {
    let mut found = Vec::new();
    let mut waiting = vec![ty];
    while let Some(ty) = waiting.pop() {
        if found.contains(&ty) {
            continue;
        }
        found.push(ty);
        match (ty.kind(), module.definition(ty)) {
            (TypeKind::WellKnown(class), _) => waiting.extend(class.superclass().map(Type::well_known)),
            (_, Some(TypeDefinition::Class(class))) => {
                waiting.extend(class.superclass);
                waiting.extend(&class.interfaces);
            }
            (_, Some(TypeDefinition::Interface(interface))) => waiting.extend(&interface.extends),
            _ => {}
        }
    }
    found.remove(0);
    found
}
