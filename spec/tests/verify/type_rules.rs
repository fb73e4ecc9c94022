//! Cases for the type table: order, structural types, classes, interfaces and methods.

use super::Case;
use super::sample::*;
use limosa_spec::types::{ClassDefinition, MethodDefinition, Signature};
use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, Type, TypeDefinition, WellKnown};

pub fn cases() -> Vec<Case> {
    [table(), structural(), named(), hierarchy(), methods(), interfaces(), bodies()].into_iter().flatten().collect()
}

fn table() -> Vec<Case> {
    vec![
        Case::new(Rule::TypeNamedFirst, "a class after structural types", |s, good| {
            let class = TypeDefinition::Class(s.plain_class("Late"));
            if good {
                s.add_named(|_| class);
            } else {
                s.0.types.push(class);
            }
        }),
        Case::new(Rule::TypeNamedFirst, "an interface after structural types", |s, good| {
            let mut interface = s.interface(SHAPE).clone();
            interface.name = s.string("Late");
            if good {
                s.add_named(|_| TypeDefinition::Interface(interface));
            } else {
                s.0.types.push(TypeDefinition::Interface(interface));
            }
        }),
        Case::new(Rule::TypeDuplicate, "arrays", |s, good| {
            s.array(Type::F64);
            s.0.types.push(TypeDefinition::Array(if good { Type::F32 } else { Type::F64 }));
        }),
        Case::new(Rule::TypeDuplicate, "functions", |s, good| {
            let signature = Signature { parameters: vec![], results: vec![value(Type::STR)] };
            s.0.types.push(if good { TypeDefinition::Fiber(signature) } else { TypeDefinition::Function(signature) });
        }),
        Case::new(Rule::TypeDuplicate, "fibers", |s, good| {
            s.fiber_type(&[value(Type::STR)], &[]);
            let parameter = if good { non_null(Type::STR) } else { value(Type::STR) };
            s.0.types.push(TypeDefinition::Fiber(Signature { parameters: vec![parameter], results: vec![] }));
        }),
        Case::new(Rule::DuplicateName, "a class and an interface", |s, good| {
            s.class(LEAF).name = s.string(if good { "Leaf2" } else { "Shape" });
        }),
        Case::new(Rule::DuplicateName, "two imports", |s, good| {
            s.class(LEAF).name = s.string("Far");
            s.class(LEAF).import = Some(s.string(if good { "geo2" } else { "geo" }));
        }),
        Case::new(Rule::StringIndex, "a class's name", |s, good| {
            s.class(LEAF).name = if good { s.string("X") } else { s.0.strings.len() as u32 }
        }),
        Case::new(Rule::StringIndex, "a class's origin", |s, good| {
            s.class(FAR).import = Some(if good { 0 } else { s.0.strings.len() as u32 });
        }),
        Case::new(Rule::StringIndex, "a field's name", |s, good| {
            s.class(BASE).fields[0].name = if good { 0 } else { u32::MAX };
        }),
        Case::new(Rule::StringIndex, "a method's name", |s, good| {
            s.class(FAR).methods[0].name = if good { 0 } else { u32::MAX };
        }),
    ]
}

fn structural() -> Vec<Case> {
    let next = |s: &Sample, ahead: u32| Type::defined(s.0.types.len() as u32 + ahead);
    vec![
        Case::new(Rule::TypeIndex, "an element beyond the table", move |s, good| {
            let element = if good { POINT } else { next(s, 1) };
            s.0.types.push(TypeDefinition::Array(element));
        }),
        Case::new(Rule::TypeIndex, "a reserved element", |s, good| {
            s.0.types.push(TypeDefinition::Array(Type::from_code(if good { 9 } else { 11 })));
        }),
        Case::new(Rule::TypeIndex, "a well-known class that does not exist", |s, good| {
            let count = WellKnown::ALL.len() as u32;
            s.array(Type::from_code(Type::FIRST_WELL_KNOWN + if good { count - 1 } else { count }));
        }),
        Case::new(Rule::TypeIndex, "a parameter", move |s, good| {
            let parameter = value(if good { POINT } else { next(s, 1) });
            s.function_type(&[parameter], &[]);
        }),
        Case::new(Rule::TypeCycle, "an array of itself", move |s, good| {
            let element = if good { Type::ANY } else { next(s, 0) };
            s.0.types.push(TypeDefinition::Array(element));
        }),
        Case::new(Rule::TypeCycle, "two that contain each other", move |s, good| {
            let (first, second) = (next(s, 0), next(s, 1));
            s.0.types.push(TypeDefinition::Array(second));
            s.fiber_type(&[], &[value(if good { Type::I64 } else { first })]);
        }),
        Case::new(Rule::TypeCycle, "through a class it is none", |s, good| {
            let points = s.array(POINT);
            s.class(POINT).fields[1].ty = points;
            if !good {
                let own = Type::defined(s.0.types.len() as u32);
                s.fiber_type(&[value(points), value(own)], &[]);
            }
        }),
        Case::new(Rule::ElementType, "an array of null", |s, good| {
            s.array(if good { Type::U16 } else { Type::NULL });
        }),
        Case::new(Rule::ElementType, "a field of null", |s, good| {
            s.class(POINT).fields[0].ty = if good { Type::U8 } else { Type::NULL };
        }),
        Case::new(Rule::TypeIndex, "a field", |s, good| s.class(POINT).fields[0].ty = Type::from_code(if good { 3 } else { 12 })),
        Case::new(Rule::RegisterType, "a byte as a parameter", |s, good| {
            s.function_type(&[value(if good { Type::I32 } else { Type::U8 })], &[]);
        }),
        Case::new(Rule::RegisterType, "null as a result", |s, good| {
            s.fiber_type(&[], &[value(if good { Type::ANY } else { Type::NULL })]);
        }),
        Case::new(Rule::NonNull, "a number", |s, good| {
            s.function_type(&[], &[if good { value(Type::F64) } else { non_null(Type::F64) }]);
        }),
    ]
}

fn named() -> Vec<Case> {
    vec![
        Case::new(Rule::DuplicateName, "fields of one class", |s, good| {
            s.class(POINT).fields[1].name = s.string(if good { "x" } else { "tag" });
        }),
        Case::new(Rule::DuplicateName, "methods of one class", |s, good| {
            let method = MethodDefinition { name: s.string(if good { "far2" } else { "far" }), ..s.class(FAR).methods[0] };
            s.class(FAR).methods.push(method);
        }),
        Case::new(Rule::DuplicateName, "methods of one interface", |s, good| {
            let method = MethodDefinition { name: s.string(if good { "id" } else { "label" }), ..s.interface(NAMED).methods[0] };
            s.class(POINT).is_abstract = true;
            s.interface(NAMED).methods.push(method);
        }),
        Case::new(Rule::Signature, "an interface's method's is a class", |s, good| {
            s.class(POINT).is_abstract = true;
            s.interface(NAMED).methods[0].signature = if good { Type::defined(NAMED_TYPES) } else { POINT };
        }),
        Case::new(Rule::FinalAbstract, "a class", |s, good| s.class(LEAF).is_abstract = !good),
        Case::new(Rule::FinalAbstract, "a method", |s, good| {
            // Nothing may override it then, so the subclass goes without.
            s.class(POINT).methods.remove(0);
            s.class(POINT).is_abstract = true;
            s.class(BASE).methods[0].is_final = !good;
        }),
        Case::new(Rule::FinalAbstract, "a method of an interface", |s, good| s.interface(NAMED).methods[0].is_final = !good),
        Case::new(Rule::Signature, "a method's is no function type", |s, good| {
            let fiber = s.fiber_type(&[], &[value(Type::F64)]);
            let function = s.function_type(&[], &[value(Type::STR)]);
            s.class(FAR).methods[0].signature = if good { function } else { fiber };
        }),
        Case::new(Rule::TypeIndex, "a method's signature", |s, good| {
            let end = Type::defined(s.0.types.len() as u32);
            s.class(FAR).methods[0].signature = if good { Type::defined(NAMED_TYPES) } else { end };
        }),
    ]
}

fn hierarchy() -> Vec<Case> {
    let superclass = |rule, what, good_one: Type, bad_one: Type| {
        Case::new(rule, what, move |s, good| {
            s.add_named(|s| {
                let superclass = Some(if good { good_one } else { bad_one });
                TypeDefinition::Class(ClassDefinition { superclass, is_abstract: true, ..s.plain_class("Sub") })
            });
        })
    };
    vec![
        superclass(Rule::FinalClass, "of the module", FAILURE, LEAF),
        superclass(Rule::FinalClass, "well-known", Type::well_known(WellKnown::HostError), Type::well_known(WellKnown::Int64)),
        Case::new(Rule::FinalClass, "imported", |s, good| {
            s.class(FAR).is_final = !good;
            s.add_named(|s| TypeDefinition::Class(ClassDefinition { superclass: Some(FAR), ..s.plain_class("Sub") }));
        }),
        superclass(Rule::Superclass, "an interface", FAR, SHAPE),
        superclass(Rule::Superclass, "any", FAR, Type::ANY),
        superclass(Rule::Superclass, "a structural type", FAR, Type::defined(NAMED_TYPES + 1)),
        Case::new(Rule::Superclass, "itself", |s, good| {
            s.class(FAILURE).is_abstract = true;
            s.class(FAILURE).superclass = Some(if good { BASE } else { FAILURE });
        }),
        Case::new(Rule::Superclass, "a later class", |s, good| s.class(LEAF).superclass = (!good).then_some(FAILURE)),
        superclass(Rule::TypeIndex, "a superclass", FAR, Type::from_code(11)),
        Case::new(Rule::Interface, "a class as an interface", |s, good| {
            s.class(POINT).interfaces.extend((!good).then_some(LEAF));
        }),
        Case::new(Rule::Interface, "any as an interface", |s, good| s.class(POINT).interfaces.extend((!good).then_some(Type::ANY))),
        Case::new(Rule::Interface, "an interface that extends itself", |s, good| {
            s.interface(SHAPE).extends.extend((!good).then_some(SHAPE));
        }),
        Case::new(Rule::Interface, "an interface that extends a later one", |s, good| {
            s.interface(NAMED).extends.clear();
            s.interface(if good { NAMED } else { SHAPE }).extends.push(if good { SHAPE } else { NAMED });
        }),
        Case::new(Rule::TypeIndex, "an interface", |s, good| {
            s.class(POINT).interfaces.push(if good { SHAPE } else { Type::from_code(14) });
        }),
        Case::new(Rule::DuplicateInterface, "a class", |s, good| s.class(POINT).interfaces.push(if good { SHAPE } else { NAMED })),
        Case::new(Rule::DuplicateInterface, "an interface", |s, good| s.interface(NAMED).extends.extend((!good).then_some(SHAPE))),
    ]
}

/// Adds a class `Sub` that extends `Point` and has a method.
fn sub_of_point(s: &mut Sample, name: &str, signature: Type, body: Option<u32>, is_abstract: bool) {
    s.add_named(|s| {
        let method = MethodDefinition { name: s.string(name), signature, body, is_final: false };
        TypeDefinition::Class(ClassDefinition { superclass: Some(POINT), is_abstract, methods: vec![method], ..s.plain_class("Sub") })
    });
}

fn methods() -> Vec<Case> {
    let (area, label, id) = (Type::defined(NAMED_TYPES), Type::defined(NAMED_TYPES + 1), Type::defined(NAMED_TYPES + 2));
    vec![
        Case::new(Rule::OverrideSignature, "another result", move |s, good| {
            let (signature, body) = if good { (area, AREA) } else { (label, LABEL) };
            sub_of_point(s, "area", signature, Some(body), false);
        }),
        Case::new(Rule::OverrideFinal, "two classes up", move |s, good| {
            sub_of_point(s, if good { "id2" } else { "id" }, id, Some(ID), false);
        }),
        Case::new(Rule::OverrideFinal, "of an imported class", move |s, good| {
            s.class(FAR).methods[0].is_final = true;
            s.add_named(|s| {
                let name = s.string(if good { "far2" } else { "far" });
                let method = MethodDefinition { name, signature: area, body: None, is_final: false };
                let class = ClassDefinition { is_abstract: true, methods: vec![method], ..s.plain_class("Sub") };
                TypeDefinition::Class(ClassDefinition { superclass: Some(FAR), ..class })
            });
        }),
        Case::new(Rule::Unimplemented, "an abstract method of its own", move |s, good| sub_of_point(s, "extra", area, None, good)),
        Case::new(Rule::Unimplemented, "a method made abstract again", move |s, good| sub_of_point(s, "area", area, None, good)),
        Case::new(Rule::Unimplemented, "an inherited abstract method", |s, good| {
            s.add_named(|s| TypeDefinition::Class(ClassDefinition { superclass: Some(BASE), is_abstract: good, ..s.plain_class("Sub") }));
        }),
        Case::new(Rule::Unimplemented, "two classes with one abstract superclass, of which the second forgets", |s, good| {
            let area = s.class(POINT).methods[0];
            s.0.functions[AREA as usize - 1].signature = s.function_type(&[value(BASE)], &[value(Type::F64)]);
            s.add_named(|s| {
                let methods = if good { vec![area] } else { vec![] };
                TypeDefinition::Class(ClassDefinition { superclass: Some(BASE), methods, ..s.plain_class("Sub") })
            });
        }),
        Case::new(Rule::UnexpectedBody, "an imported class", move |s, good| {
            s.0.functions[AREA as usize - 1].signature = s.function_type(&[value(Type::ANY)], &[value(Type::F64)]);
            s.class(FAR).methods[0].body = (!good).then_some(AREA);
        }),
        Case::new(Rule::UnexpectedBody, "an interface", |s, good| s.interface(SHAPE).methods[0].body = (!good).then_some(AREA)),
    ]
}

fn interfaces() -> Vec<Case> {
    let implementing = |s: &mut Sample, superclass: Option<Type>, interface: Type, is_abstract: bool| {
        s.add_named(|s| {
            let class = ClassDefinition { superclass, is_abstract, interfaces: vec![interface], ..s.plain_class("Sub") };
            TypeDefinition::Class(class)
        });
    };
    vec![
        Case::new(Rule::Unimplemented, "an interface's method", move |s, good| implementing(s, None, SHAPE, good)),
        Case::new(Rule::Unimplemented, "an extended interface's method", move |s, good| {
            if good {
                implementing(s, Some(POINT), NAMED, false);
            } else {
                s.0.types.iter_mut().for_each(|ty| {
                    if let TypeDefinition::Interface(interface) = ty {
                        interface.extends.clear();
                    }
                });
                s.interface(SHAPE).extends.clear();
                implementing(s, Some(FAILURE), NAMED, false);
            }
        }),
        Case::new(Rule::Unimplemented, "an interface's method has another signature", |s, good| {
            let other = s.function_type(&[], &[value(Type::ANY)]);
            if !good {
                s.interface(NAMED).methods[0].signature = other;
            }
        }),
        Case::new(Rule::Unimplemented, "an interface its abstract superclass names", |s, good| {
            s.class(BASE).interfaces.push(NAMED);
            s.class(POINT).interfaces.clear();
            let label = s.class(POINT).methods.pop();
            s.class(POINT).methods.extend(label.filter(|_| good));
        }),
        Case::new(Rule::Unimplemented, "an interface the imported superclass does not state", move |s, good| {
            if good {
                s.class(FAR).interfaces.push(NAMED);
            }
            implementing(s, Some(FAR), NAMED, false);
        }),
        Case::new(Rule::Unimplemented, "an interface whose method the superclass has by chance", move |s, good| {
            let area = s.string("area");
            if good {
                s.class(FAR).methods[0].name = area;
            }
            implementing(s, Some(FAR), SHAPE, false);
        }),
    ]
}

fn bodies() -> Vec<Case> {
    let receiver = |what, good_one: Type, bad_one: Type| {
        Case::new(Rule::MethodBody, what, move |s, good| {
            let receiver = value(if good { good_one } else { bad_one });
            s.0.functions[AREA as usize - 1].signature = s.function_type(&[receiver], &[value(Type::F64)]);
        })
    };
    vec![
        receiver("a receiver that is another class", BASE, LEAF),
        receiver("a receiver that is a string", Type::ANY, Type::STR),
        receiver("a receiver that is a number", SHAPE, Type::I64),
        Case::new(Rule::MethodBody, "another result", |s, good| {
            if !good {
                s.0.functions[AREA as usize - 1].signature = s.function_type(&[value(POINT)], &[value(Type::F32)]);
                s.0.functions[AREA as usize - 1].body.constants[0] = limosa_spec::module::Constant::F32(1.0);
            }
        }),
        Case::new(Rule::MethodBody, "a parameter too many", |s, good| {
            let parameters = [value(POINT), value(Type::F64)];
            s.0.functions[AREA as usize - 1].signature = s.function_type(&parameters[..if good { 1 } else { 2 }], &[value(Type::F64)]);
        }),
        Case::new(Rule::MethodBody, "no receiver", |s, good| {
            if !good {
                s.0.functions[AREA as usize - 1].signature = s.function_type(&[], &[value(Type::F64)]);
                s.0.functions[AREA as usize - 1].body = body(&[Type::F64], &[], &[(Opcode::Ret, &[1, 0])]);
            }
        }),
        Case::new(Rule::MethodBody, "an imported function", |s, good| {
            s.0.imports[0].signature = s.function_type(&[value(POINT)], &[value(Type::F64)]);
            s.0.functions[0].body = body(&[], &[], &[(Opcode::Ret, &[0])]);
            s.class(POINT).methods[0].body = Some(if good { AREA } else { PRINT });
        }),
        Case::new(Rule::FunctionIndex, "a body", |s, good| s.class(POINT).methods[0].body = Some(if good { AREA } else { PROBE })),
        Case::new(Rule::MethodBody, "a non-null result where the method's may be null", |s, good| {
            let result = if good { value(Type::STR) } else { non_null(Type::STR) };
            s.0.functions[LABEL as usize - 1].signature = s.function_type(&[value(NAMED)], &[result]);
        }),
    ]
}
