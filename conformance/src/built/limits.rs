//! Modules at the limits of the format and one past them, as far as they are made in a moment.

use limosa_spec::limits::ALL;
use limosa_spec::module::{Constant, Data, Global, Handler};
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Code, Module, Opcode, Type, TypeDefinition, WellKnown};

use crate::built::probe::{ERROR, I32, body};
use crate::built::{Case, File};

const ERROR_TYPE: Type = Type::well_known(WellKnown::Error);

/// The case for a limit of the list, by its name: a module that has so many of something, or one more.
pub fn limit(name: &'static str, rule: &'static str, change: fn(&mut Module, u64)) -> Case {
    with_most(name, rule, move |base, count| {
        let mut module = base.clone();
        change(&mut module, count);
        File::of(module)
    })
}

/// The case for a limit of the list, by its name, and what makes a file that has so many of something.
pub fn with_most(
    name: &'static str,
    rule: &'static str,
    make: impl Fn(&Module, u64) -> Result<File, String> + Send + Sync + 'static,
) -> Case {
    let most = ALL.iter().find(|limit| limit.name == name).map_or(0, |limit| limit.most);
    Case::of_limit(name, rule, Box::new(move |base, good| make(base, most + u64::from(!good))))
}

/// Adds names that nothing has yet; gives the index of the first.
pub fn add_names(module: &mut Module, count: u64) -> u32 {
    let first = module.strings.len() as u32;
    module.strings.extend((0..count).map(|index| format!("n{index}").into_boxed_str()));
    first
}

/// A module without anything but the functions of the base module that need no classes.
pub fn bare(module: &mut Module) {
    let functions = std::mem::take(&mut module.functions);
    let is_main = |name: u32| &*module.strings[name as usize] == "main";
    let main = functions.into_iter().find(|function| is_main(function.name));
    let mut bare = Module { strings: vec!["built.limit".into(), "main".into()], ..Module::default() };
    bare.types.push(TypeDefinition::Function(Signature::default()));
    bare.functions.extend(main.map(|main| limosa_spec::module::Function { name: 1, signature: Type::defined(0), ..main }));
    bare.manifest.entry = Some(0);
    *module = bare;
}

pub fn cases() -> Vec<Case> {
    [tables(), types(), functions(), classes()].into_iter().flatten().collect()
}

fn tables() -> Vec<Case> {
    vec![
        limit("CAPABILITIES", "limit-capabilities", |m, count| {
            let first = add_names(m, count);
            m.manifest.capabilities = (first..first + count as u32).collect();
        }),
        limit("STRING_BYTES", "limit-string-bytes", |m, count| {
            let index = m.strings.len() as u32;
            m.strings.push("x".repeat(count as usize).into());
            m.globals[1].initial = Constant::Str(index);
        }),
        limit("GLOBALS", "limit-globals", |m, count| {
            let first = add_names(m, count);
            m.globals = (0..count as u32).map(|index| Global { name: first + index, ty: Type::I32, initial: Constant::I32(0) }).collect();
        }),
        limit("DATA_SEGMENTS", "limit-data-segments", |m, count| {
            let first = add_names(m, count);
            m.data = (0..count as u32).map(|index| Data { name: first + index, bytes: vec![] }).collect();
        }),
    ]
}

/// Adds a structural type and a register of `probe` that has it.
fn use_type(module: &mut Module, definition: TypeDefinition) {
    let ty = Type::defined(module.types.len() as u32);
    module.types.push(definition);
    body(module).locals.push(ty);
}

fn numbers(count: u64) -> Vec<Parameter> {
    vec![Parameter { ty: Type::I64, non_null: false }; count as usize]
}

/// Adds a type of so many nested ones; gives the outermost.
fn nest(module: &mut Module, count: u64, outer: impl Fn(Type) -> TypeDefinition) -> Type {
    (0..count).fold(Type::F32, |inner, _| {
        module.types.push(outer(inner));
        Type::defined(module.types.len() as u32 - 1)
    })
}

fn types() -> Vec<Case> {
    vec![
        limit("PARAMETERS", "limit-parameters", |m, count| {
            use_type(m, TypeDefinition::Function(Signature { parameters: numbers(count), results: vec![] }));
        }),
        limit("PARAMETERS", "limit-parameters", |m, count| {
            use_type(m, TypeDefinition::Fiber(Signature { parameters: vec![], results: numbers(count) }));
        })
        .called("results"),
        limit("TYPE_NESTING", "limit-type-nesting", |m, count| {
            let outermost = nest(m, count, TypeDefinition::Array);
            body(m).locals.push(outermost);
        }),
        limit("TYPE_NESTING", "limit-type-nesting", |m, count| {
            let outermost = nest(m, count, |ty| {
                TypeDefinition::Function(Signature { parameters: vec![], results: vec![Parameter { ty, non_null: ty.is_reference() }] })
            });
            body(m).locals.push(outermost);
        })
        .called("functions"),
    ]
}

fn functions() -> Vec<Case> {
    vec![
        limit("REGISTERS", "limit-registers", |m, count| {
            let parameters = u64::from(crate::built::probe::REGISTERS);
            body(m).locals = vec![Type::ANY; (count - parameters) as usize];
        }),
        limit("CONSTANTS", "limit-constants", |m, count| {
            m.debug = None;
            let body = body(m);
            let registers = crate::built::probe::REGISTERS;
            body.constants = (0..count as i64).map(Constant::I64).collect();
            body.code = Code::default();
            (0..count as u32).for_each(|index| body.code.push(Opcode::MovI64, &[crate::built::probe::I64, registers + index]));
            body.code.push(Opcode::Ret, &[0]);
        }),
        limit("HANDLERS", "limit-handlers", |m, count| {
            let handler = Handler { start: 0, end: 1, class: ERROR_TYPE, target: 0, register: ERROR };
            body(m).handlers = vec![handler; count as usize];
        }),
        limit("SWITCH_LABELS", "limit-switch-labels", |m, count| {
            m.debug = None;
            let mut operands = vec![I32, count as u32];
            operands.resize(count as usize + 3, 0);
            let body = body(m);
            body.code = Code::default();
            body.code.push(Opcode::Switch, &operands);
        }),
    ]
}

/// A class without anything.
pub fn plain(name: u32) -> ClassDefinition {
    let (interfaces, fields, methods) = (vec![], vec![], vec![]);
    ClassDefinition { name, import: None, is_final: false, is_abstract: false, superclass: None, interfaces, fields, methods }
}

/// An interface without methods.
pub fn plain_interface(name: u32, extends: Vec<Type>) -> TypeDefinition {
    TypeDefinition::Interface(InterfaceDefinition { name, import: None, extends, methods: vec![] })
}

/// A module of nothing but these classes and interfaces, and `main`.
pub fn of_named(module: &mut Module, count: u64, mut definition: impl FnMut(u32, u32) -> TypeDefinition) {
    bare(module);
    let first = add_names(module, count);
    // The signature of `main` comes after the named types.
    module.types = (0..count as u32).map(|index| definition(index, first + index)).collect();
    module.types.push(TypeDefinition::Function(Signature::default()));
    module.functions[0].signature = Type::defined(count as u32);
}

fn classes() -> Vec<Case> {
    vec![
        limit("SUPERCLASS_DEPTH", "limit-superclass-depth", |m, count| {
            of_named(m, count + 1, |index, name| {
                TypeDefinition::Class(ClassDefinition { superclass: index.checked_sub(1).map(Type::defined), ..plain(name) })
            });
        }),
        limit("SUPERCLASS_DEPTH", "limit-superclass-depth", |m, count| {
            // `Error` and `HostError` stand above `CapabilityError`.
            of_named(m, count - 2, |index, name| {
                let above = index.checked_sub(1).map_or(Type::well_known(WellKnown::CapabilityError), Type::defined);
                TypeDefinition::Class(ClassDefinition { superclass: Some(above), ..plain(name) })
            });
        })
        .called("well-known"),
        limit("FIELDS", "limit-fields", |m, count| {
            of_named(m, 1, |_, name| {
                let field = FieldDefinition { name, ty: Type::U8 };
                TypeDefinition::Class(ClassDefinition { fields: vec![field; count as usize], ..plain(name) })
            });
            name_members(m, count, |class, first| (first..).zip(&mut class.fields).for_each(|(name, field)| field.name = name));
        }),
        limit("FIELDS", "limit-fields", |m, count| {
            // `Error` has three.
            of_named(m, 1, |_, name| {
                let field = FieldDefinition { name, ty: Type::I64 };
                TypeDefinition::Class(ClassDefinition {
                    fields: vec![field; count as usize - 3],
                    superclass: Some(ERROR_TYPE),
                    ..plain(name)
                })
            });
            name_members(m, count, |class, first| (first..).zip(&mut class.fields).for_each(|(name, field)| field.name = name));
        })
        .called("inherited"),
        limit("METHODS", "limit-methods", |m, count| {
            of_named(m, 1, |_, name| {
                let method = MethodDefinition { name, signature: Type::defined(1), body: None, is_final: false };
                TypeDefinition::Class(ClassDefinition { methods: vec![method; count as usize], is_abstract: true, ..plain(name) })
            });
            name_members(m, count, |class, first| (first..).zip(&mut class.methods).for_each(|(name, method)| method.name = name));
        }),
        limit("INTERFACES", "limit-interfaces", |m, count| {
            let class = count as u32;
            of_named(m, count + 1, |index, name| match index {
                index if index < class => plain_interface(name, vec![]),
                _ => TypeDefinition::Class(ClassDefinition { interfaces: (0..class).map(Type::defined).collect(), ..plain(name) }),
            });
        }),
        limit("INTERFACES", "limit", |m, count| {
            of_named(m, count + 1, |index, name| plain_interface(name, index.checked_sub(1).map(Type::defined).into_iter().collect()));
        })
        .called("extended"),
    ]
}

fn name_members(module: &mut Module, count: u64, name: impl Fn(&mut ClassDefinition, u32)) {
    let first = add_names(module, count);
    if let Some(TypeDefinition::Class(class)) = module.types.first_mut() {
        name(class, first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_has_a_case() {
        let names: Vec<String> = crate::built::cases().into_iter().map(|case| case.name).collect();
        for limit in ALL {
            let wanted = format!("built/limit/{}", limit.name);
            assert!(names.contains(&wanted), "{wanted}");
        }
    }
}
