//! Cases for the limits: what is at the limit is accepted, one more is refused.

use super::Case;
use super::sample::*;
use limosa_spec::limits;
use limosa_spec::module::{Constant, Data, Export, ExportItem, Function, Global, Handler};
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter};
use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, Type, TypeDefinition};

const RET: (Opcode, &[u32]) = (Opcode::Ret, &[0]);

/// A case that has the limit of something when good and one more when bad.
fn limit(what: &'static str, limit: u32, change: fn(&mut Sample, u32)) -> Case {
    Case::new(Rule::Limit, what, move |s, good| change(s, if good { limit } else { limit + 1 }))
}

pub fn cases() -> Vec<Case> {
    [tables(), signatures_and_functions(), classes(), interfaces()].into_iter().flatten().collect()
}

/// Adds strings that nothing else uses; gives the index of the first.
fn add_strings(s: &mut Sample, count: u32) -> u32 {
    let first = s.0.strings.len() as u32;
    s.0.strings.extend((0..count).map(|index| format!("#{index}").into_boxed_str()));
    first
}

/// Those whose modules are so large that they take seconds.
pub fn large_cases() -> Vec<Case> {
    vec![
        limit("strings", limits::STRINGS, |s, count| {
            let count = count - s.0.strings.len() as u32;
            add_strings(s, count);
        }),
        limit("types", limits::TYPES, |s, count| {
            let numbers = [Type::I32, Type::I64, Type::F32, Type::F64, Type::STR, Type::ANY, ERROR, POINT];
            for index in s.0.types.len() as u32..count {
                let parameters: Vec<Parameter> = (0..7).map(|digit| value(numbers[(index >> (3 * digit)) as usize % 8])).collect();
                s.0.types.push(TypeDefinition::Fiber(limosa_spec::types::Signature { parameters, results: vec![] }));
            }
        }),
        limit("functions", limits::FUNCTIONS, |s, count| {
            let more = count - (s.0.functions.len() + s.0.imports.len()) as u32;
            let first = add_strings(s, more);
            let function = Function { name: 0, signature: s.function_type(&[], &[]), body: body(&[], &[], &[RET]) };
            s.0.functions.extend((0..more).map(|index| Function { name: first + index, ..function.clone() }));
        }),
        limit("exports", limits::EXPORTS, |s, count| {
            let first = add_strings(s, count);
            s.0.exports = (0..count).map(|index| Export { name: first + index, item: ExportItem::Function(MAIN) }).collect();
        }),
        limit("locals of all functions", limits::LOCALS, |s, count| {
            let present: u32 = s.0.functions.iter().map(|function| function.body.locals.len() as u32).sum();
            let functions = (count - present).div_ceil(limits::REGISTERS);
            let (first, signature) = (add_strings(s, functions), s.function_type(&[], &[]));
            let mut left = count - present;
            for name in first..first + functions {
                let locals = left.min(limits::REGISTERS);
                left -= locals;
                let body = body(&vec![Type::I32; locals as usize], &[], &[RET]);
                s.0.functions.push(Function { name, signature, body });
            }
        }),
        limit("instructions", limits::INSTRUCTIONS, |s, count| {
            let body = s.probe(&[], &[], &[], &[]);
            (0..count).for_each(|_| body.code.push(Opcode::Unreachable, &[]));
        }),
    ]
}

fn tables() -> Vec<Case> {
    vec![
        limit("capabilities", limits::CAPABILITIES, |s, count| {
            let first = add_strings(s, count);
            s.0.manifest.capabilities = (first..first + count).collect();
        }),
        limit("bytes of a string", limits::STRING_BYTES, |s, count| s.0.strings.push("x".repeat(count as usize).into())),
        limit("globals", limits::GLOBALS, |s, count| {
            let first = add_strings(s, count);
            s.0.globals.clear();
            s.0.globals.extend((0..count).map(|index| Global { name: first + index, ty: Type::I32, initial: Constant::I32(0) }));
        }),
        limit("data segments", limits::DATA_SEGMENTS, |s, count| {
            let first = add_strings(s, count);
            s.0.data = (0..count).map(|index| Data { name: first + index, bytes: vec![] }).collect();
        }),
        limit("source files", limits::SOURCE_FILES, |s, count| {
            let mut section = debug(&s.0);
            section.files = vec![0; count as usize];
            s.0.debug = Some(section);
        }),
    ]
}

fn signatures_and_functions() -> Vec<Case> {
    vec![
        limit("parameters", limits::PARAMETERS, |s, count| {
            s.function_type(&vec![value(Type::I64); count as usize], &[]);
        }),
        limit("results", limits::PARAMETERS, |s, count| {
            s.fiber_type(&[], &vec![value(Type::I64); count as usize]);
        }),
        limit("nesting of types", limits::TYPE_NESTING, |s, count| {
            (0..count).fold(Type::I64, |inner, _| s.array(inner));
        }),
        limit("nesting of types, the outermost first", limits::TYPE_NESTING, |s, count| {
            let first = s.0.types.len() as u32;
            for index in 1..count {
                s.0.types.push(TypeDefinition::Array(Type::defined(first + index)));
            }
            s.array(Type::F64);
        }),
        limit("nesting of types, the inner half met first", limits::TYPE_NESTING, |s, count| {
            let half = (0..count / 2).fold(Type::F32, |inner, _| s.array(inner));
            (count / 2..count).fold(half, |inner, _| s.function_type(&[value(Type::I64), value(inner)], &[]));
        }),
        limit("registers", limits::REGISTERS, |s, count| {
            s.probe(&[Type::I64; 5], &[], &[], &[RET]).locals = vec![Type::ANY; count as usize - 5];
        }),
        limit("constants", limits::CONSTANTS, |s, count| {
            s.probe(&[], &[], &[], &[RET]).constants = (0..i64::from(count)).map(Constant::I64).collect();
        }),
        limit("handlers", limits::HANDLERS, |s, count| {
            let handler = Handler { start: 0, end: 1, class: ERROR, target: 0, register: 0 };
            s.probe(&[ERROR], &[], &[], &[RET]).handlers = vec![handler; count as usize];
        }),
        limit("labels of a switch", limits::SWITCH_LABELS, |s, count| {
            let mut operands = vec![0, count];
            operands.resize(count as usize + 3, 0);
            s.probe(&[Type::I32], &[], &[], &[(Opcode::Switch, &operands)]);
        })
        .at(0, 1),
    ]
}

fn classes() -> Vec<Case> {
    let chain = |s: &mut Sample, first: Option<Type>, count: u32| {
        let names = add_strings(s, count);
        let plain = s.plain_class("Plain");
        prepend_named(s, count, |types| {
            for index in 0..count {
                let superclass = if index == 0 { first } else { Some(Type::defined(NAMED_TYPES + index - 1)) };
                types.push(TypeDefinition::Class(ClassDefinition { name: names + index, superclass, ..plain.clone() }));
            }
        });
    };
    vec![
        Case::new(Rule::Limit, "classes above a class", move |s, good| chain(s, None, limits::SUPERCLASS_DEPTH + if good { 1 } else { 2 })),
        Case::new(Rule::Limit, "well-known classes above a class", move |s, good| {
            // `Error` and `HostError` stand above `CapabilityError`.
            let first = Type::well_known(limosa_spec::WellKnown::CapabilityError);
            chain(s, Some(first), limits::SUPERCLASS_DEPTH - if good { 2 } else { 1 });
        }),
        limit("fields", limits::FIELDS, |s, count| {
            let names = add_strings(s, count);
            s.class(LEAF).fields = (0..count).map(|index| FieldDefinition { name: names + index, ty: Type::U8 }).collect();
        }),
        limit("fields, a well-known superclass's included", limits::FIELDS, |s, count| {
            let names = add_strings(s, count - 3);
            s.class(FAILURE).fields = (0..count - 3).map(|index| FieldDefinition { name: names + index, ty: Type::U8 }).collect();
        }),
        limit("methods", limits::METHODS, |s, count| {
            let names = add_strings(s, count);
            let method = s.class(FAR).methods[0];
            s.class(FAR).methods = (0..count).map(|index| MethodDefinition { name: names + index, ..method }).collect();
        }),
        limit("methods of all classes", limits::METHOD_PAIRS, |s, count| {
            // The sample's classes have 2 + 3 + 0 + 0 + 1 and its interfaces declare 2 that `Point` has.
            let more = count - 8;
            let many = limits::METHODS;
            let (full, rest) = (more / many, more % many);
            let names = add_strings(s, many + full + 2);
            let plain = s.plain_class("Plain");
            let signature = s.class(FAR).methods[0].signature.code() + full + 2;
            let methods = |count: u32| -> Vec<MethodDefinition> {
                let signature = Type::from_code(signature);
                (0..count).map(|index| MethodDefinition { name: names + index, signature, body: None, is_final: false }).collect()
            };
            prepend_named(s, full + 2, |types| {
                let class = |index, superclass, methods| {
                    let class = ClassDefinition { name: names + many + index, superclass, methods, is_abstract: true, ..plain.clone() };
                    TypeDefinition::Class(class)
                };
                types.push(class(0, None, methods(many)));
                types.extend((1..full).map(|index| class(index, Some(Type::defined(NAMED_TYPES)), vec![])));
                types.push(class(full, None, methods(rest)));
                types.push(class(full + 1, None, vec![]));
            });
        }),
    ]
}

/// Puts `count` classes and interfaces behind those of the sample; all structural types move up by as many.
fn prepend_named(s: &mut Sample, count: u32, add: impl FnOnce(&mut Vec<TypeDefinition>)) {
    let moved = move |ty: &mut Type| {
        if ty.code() >= Type::defined(NAMED_TYPES).code() {
            *ty = Type::from_code(ty.code() + count);
        }
    };
    let structural = s.0.types.split_off(NAMED_TYPES as usize);
    for definition in &mut s.0.types {
        match definition {
            TypeDefinition::Class(class) => class.methods.iter_mut().for_each(|method| moved(&mut method.signature)),
            TypeDefinition::Interface(interface) => interface.methods.iter_mut().for_each(|method| moved(&mut method.signature)),
            other => panic!("{other:?} before the structural types"),
        }
    }
    add(&mut s.0.types);
    assert_eq!(s.0.types.len(), (NAMED_TYPES + count) as usize);
    s.0.types.extend(structural);
    s.0.imports.iter_mut().for_each(|import| moved(&mut import.signature));
    s.0.functions.iter_mut().for_each(|function| moved(&mut function.signature));
}

fn interfaces() -> Vec<Case> {
    // `count` interfaces of which each extends the one before.
    let chain = |s: &mut Sample, count: u32| {
        let names = add_strings(s, count);
        prepend_named(s, count, |types| {
            for index in 0..count {
                let extends = if index == 0 { vec![] } else { vec![Type::defined(NAMED_TYPES + index - 1)] };
                let interface = InterfaceDefinition { name: names + index, import: None, extends, methods: vec![] };
                types.push(TypeDefinition::Interface(interface));
            }
        });
    };
    vec![
        Case::new(Rule::Limit, "interfaces named", |s, good| {
            let count = limits::INTERFACES + u32::from(!good);
            let names = add_strings(s, count);
            prepend_named(s, count, |types| {
                for index in 0..count {
                    let interface = InterfaceDefinition { name: names + index, import: None, extends: vec![], methods: vec![] };
                    types.push(TypeDefinition::Interface(interface));
                }
            });
            s.class(LEAF).interfaces = (0..count).map(|index| Type::defined(NAMED_TYPES + index)).collect();
        }),
        Case::new(Rule::Limit, "interfaces extended", move |s, good| chain(s, limits::INTERFACES + if good { 1 } else { 2 })),
        Case::new(Rule::Limit, "interfaces of all types", |s, good| {
            // `Named` has 1, `Point` 2; the chain's interfaces up to 1024, then classes with all of them.
            let (deep, all) = (limits::INTERFACES, limits::INTERFACE_PAIRS - 3);
            let in_chain = deep * (deep + 1) / 2;
            let classes = (all - in_chain) / deep;
            let rest = (all - in_chain) % deep + u32::from(!good);
            let count = deep + 1 + classes + 1;
            let names = add_strings(s, count);
            let plain = s.plain_class("Plain");
            prepend_named(s, count, |types| {
                for index in 0..=deep {
                    let extends = if index == 0 { vec![] } else { vec![Type::defined(NAMED_TYPES + index - 1)] };
                    types.push(TypeDefinition::Interface(InterfaceDefinition {
                        name: names + index,
                        import: None,
                        extends,
                        methods: vec![],
                    }));
                }
                for index in 0..=classes {
                    let interface = Type::defined(NAMED_TYPES + if index < classes { deep - 1 } else { rest - 1 });
                    let class = ClassDefinition { name: names + deep + 1 + index, interfaces: vec![interface], ..plain.clone() };
                    types.push(TypeDefinition::Class(class));
                }
            });
        }),
    ]
}
