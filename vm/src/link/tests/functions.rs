//! Function imports, closures, strings and globals.

use super::build::{Build, Host, host_slot, link_all, link_error, link_with, type_name};
use crate::link::{HostSignature, HostType, LinkError};
use crate::program::FunctionKind;
use limosa_abi::ObjectKind;
use limosa_spec::instruction::Code;
use limosa_spec::module::Constant;
use limosa_spec::{Opcode, Type, TypeDefinition};

/// A module `user` that imports one function.
fn user(module: &str, name: &str, parameters: &[Type], results: &[Type]) -> Build {
    let mut user = Build::new("user");
    let signature = user.signature(parameters, results);
    user.import(module, name, signature);
    user.function("main", &[], &[]);
    user
}

/// A module `lib` that exports `twice`.
fn library() -> Build {
    let mut library = Build::new("lib");
    let function = library.function("double", &[Type::I64], &[Type::I64]);
    library.export_function("twice", function);
    library
}

#[test]
fn an_import_is_the_function_another_module_exports() {
    let mut main = user("lib", "twice", &[Type::I64], &[Type::I64]);
    main.module.manifest.entry = Some(1);
    let linked = link_all(vec![main, library()]).unwrap();
    assert_eq!(linked.modules[0].functions, [1, 0]);
    assert_eq!(linked.modules[1].functions, [1]);
    assert_eq!(linked.entry, Some(0));
    assert_eq!(linked.functions[1].kind, FunctionKind::Guest { module: 1, index: 0 });
    assert_eq!((&*linked.functions[1].module_name, &*linked.functions[1].name), ("lib", "double"));
    assert_eq!(linked.functions[1].registers, 2);
}

#[test]
fn the_host_is_asked_after_the_modules() {
    let signature = HostSignature {
        parameters: vec![host_slot(HostType::Plain(Type::I64), false)],
        results: vec![host_slot(HostType::Plain(Type::I64), false)],
    };
    let host = Host(vec![("lib", "other", signature.clone()), ("lib", "twice", signature)]);
    let users = || vec![user("lib", "twice", &[Type::I64], &[Type::I64]), library()];
    let linked = link_with(users(), &host).unwrap();
    assert_eq!(linked.functions.len(), 2);
    let alone = link_with(vec![user("lib", "twice", &[Type::I64], &[Type::I64])], &host).unwrap();
    assert_eq!(alone.functions[1].kind, FunctionKind::Host { index: 1 });
    assert_eq!((alone.functions.len(), alone.functions[1].registers), (2, 1));
}

#[test]
fn host_signatures_with_arrays_and_null_flags_must_be_equal() {
    let slot = |non_null| vec![host_slot(HostType::Array(Type::U8), non_null)];
    let host = |non_null| Host(vec![("io", "write", HostSignature { parameters: slot(non_null), results: vec![] })]);
    let importer = || {
        let mut user = Build::new("user");
        let bytes = user.array(Type::U8);
        let signature = user.signature(&[bytes], &[]);
        user.import("io", "write", signature);
        user
    };
    let linked = link_with(vec![importer()], &host(false)).unwrap();
    assert_eq!(linked.functions[0].reference_registers, [0]);
    let error = link_with(vec![importer()], &host(true)).err().unwrap();
    assert_eq!(error.to_string(), "module `user` needs the function `io.write([u8])`, but the host offers `io.write([u8]!)`");
}

#[test]
fn what_is_missing_is_named_with_a_suggestion() {
    let missing = |module, name| link_error(vec![user(module, name, &[], &[]), library()]).to_string();
    assert_eq!(
        missing("lib", "twce"),
        "module `user` needs the function `lib.twce()`, which that module does not export; did you mean `lib.twice`?"
    );
    assert_eq!(
        missing("lob", "twice"),
        "module `user` needs the function `lob.twice()`, which is in no module given and not offered by the host; did you mean `lib`?"
    );
    let host = Host(vec![("io", "print", HostSignature::default())]);
    let error = link_with(vec![user("io", "prinl", &[], &[])], &host).err().unwrap();
    assert_eq!(error.to_string(), "module `user` needs the function `io.prinl()`, which the host does not offer; did you mean `io.print`?");
}

#[test]
fn an_export_of_another_signature_is_said_to_be_one() {
    let error = link_error(vec![user("lib", "twice", &[Type::I32], &[]), library()]);
    let expected = LinkError::FunctionSignature {
        importer: "user".into(),
        name: "lib.twice".into(),
        provider: "module",
        expected: "(i32)".into(),
        found: "(i64) -> i64".into(),
    };
    assert_eq!(error, expected);
}

#[test]
fn closures_have_one_class_for_each_function_and_number_of_captures() {
    let mut module = Build::new("m");
    let parameters = [Type::STR, Type::I64, Type::F64];
    let function = module.function("f", &parameters, &[Type::I32]);
    let whole = module.signature(&parameters, &[Type::I32]);
    let rest = module.signature(&[Type::F64], &[Type::I32]);
    let mut code = Code::default();
    code.push(Opcode::Closure, &[2, function, 2, 0, 1]);
    code.push(Opcode::Closure, &[2, function, 2, 0, 1]);
    code.push(Opcode::Closure, &[3, function, 0]);
    code.push(Opcode::Ret, &[0]);
    module.function_of("make", &[Type::STR, Type::I64], &[], vec![rest, whole], code);
    let linked = link_all(vec![module]).unwrap();
    let closures = &linked.modules[0].closures;
    assert_eq!(closures.len(), 2);
    let bound = &linked.classes.records[closures[&(function, 2)] as usize];
    assert_eq!((bound.kind, bound.size, bound.captures, bound.reference_count), (ObjectKind::Closure, 24, 2, 1));
    assert!(linked.classes.storage.numbers.iter().any(|list| list.as_ptr() == bound.references && *list == [8]));
    assert!(linked.entries.places(function).any(|place| std::ptr::eq(place, &raw const bound.near_methods[0])));
    assert_eq!(bound.type_id, linked.modules[0].types[rest.defined_index().unwrap() as usize]);
    let free = &linked.classes.records[closures[&(function, 0)] as usize];
    assert_eq!((free.size, free.captures), (8, 0));
    assert_eq!(free.type_id, linked.modules[0].types[whole.defined_index().unwrap() as usize]);
}

#[test]
fn only_constants_are_program_strings_and_each_once() {
    let module = |name: &str, texts: [&str; 2]| {
        let mut module = Build::new(name);
        let mut code = Code::default();
        let index = module.string(texts[0]);
        code.push(Opcode::ConstStr, &[0, index]);
        code.push(Opcode::ConstStr, &[0, index]);
        code.push(Opcode::Ret, &[0]);
        module.function_of("f", &[], &[], vec![Type::STR], code);
        let index = module.string(texts[1]);
        module.global("g", Type::STR, Constant::Str(index));
        module.global("h", Type::I64, Constant::I64(5));
        module
    };
    let linked = link_all(vec![module("a", ["one", "two"]), module("b", ["two", "three"])]).unwrap();
    let strings: Vec<&str> = linked.strings.iter().map(|text| &**text).collect();
    assert_eq!(strings, ["two", "one", "three"]);
    assert_eq!((linked.modules[0].first_global, linked.modules[1].first_global), (0, 2));
    assert_eq!(linked.globals.len(), 4);
    assert_eq!((linked.globals[2].initial, linked.globals[2].is_reference), (Constant::Str(2), true));
    assert_eq!((linked.globals[3].initial, linked.globals[3].is_reference), (Constant::I64(5), false));
    let used = linked.modules[1].strings.iter().filter(|&&string| string != u32::MAX).count();
    assert_eq!((used, linked.modules[1].strings[0]), (2, u32::MAX));
}

#[test]
fn equal_structural_types_of_two_modules_are_one_type() {
    let module = |name: &str, padding: bool| {
        let mut module = Build::new(name);
        if padding {
            let floats = module.array(Type::F32);
            module.function("p", &[floats], &[]);
        }
        let inner = module.array(Type::STR);
        let callback = module.signature(&[inner], &[Type::I64]);
        let outer = module.array(callback);
        module.function("f", &[outer], &[]);
        module
    };
    let linked = link_all(vec![module("a", false), module("b", true)]).unwrap();
    let outer = |number: usize| {
        let module = &linked.modules[number];
        let is_outer = |definition: &TypeDefinition| match definition {
            TypeDefinition::Array(element) => element.defined_index().is_some(),
            _ => false,
        };
        let index = module.module.types.iter().position(is_outer).unwrap();
        module.types[index]
    };
    assert_eq!(outer(0), outer(1));
    assert_eq!(type_name(&linked, outer(0)), "[fn([str]) -> i64]");
}
