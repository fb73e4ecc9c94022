//! The text form of modules that cannot be verified: it never panics, and it never hides what is wrong.

mod common;

use common::arbitrary::Choices;
use common::sample::sample;
use limosa_spec::disassemble::{Options, disassemble};
use limosa_spec::module::Constant;
use limosa_spec::{Module, Type, TypeDefinition};
use proptest::prelude::*;

fn text(module: &Module) -> String {
    disassemble(module, Options::default()).expect("the text is short")
}

#[test]
fn leaving_out_debug_information_is_as_if_there_were_none() {
    let stripped = Module { debug: None, ..sample() };
    assert_eq!(disassemble(&sample(), Options { debug: false }), disassemble(&stripped, Options { debug: true }));
}

/// Every number of a module that refers to something.
fn references(module: &mut Module, visit: &mut dyn FnMut(&mut u32)) {
    let ty = |ty: &mut Type, visit: &mut dyn FnMut(&mut u32)| {
        let mut code = ty.code();
        visit(&mut code);
        *ty = Type::from_code(code);
    };
    visit(&mut module.manifest.name);
    module.manifest.entry.iter_mut().for_each(&mut *visit);
    for definition in &mut module.types {
        match definition {
            TypeDefinition::Class(class) => {
                visit(&mut class.name);
                class.import.iter_mut().for_each(&mut *visit);
                class.superclass.iter_mut().for_each(|superclass| ty(superclass, visit));
                for field in &mut class.fields {
                    visit(&mut field.name);
                    ty(&mut field.ty, visit);
                }
                for method in &mut class.methods {
                    visit(&mut method.name);
                    ty(&mut method.signature, visit);
                    method.body.iter_mut().for_each(&mut *visit);
                }
            }
            TypeDefinition::Interface(interface) => {
                visit(&mut interface.name);
                interface.extends.iter_mut().for_each(|other| ty(other, visit));
            }
            TypeDefinition::Array(element) => ty(element, visit),
            TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => {
                signature.parameters.iter_mut().chain(&mut signature.results).for_each(|parameter| ty(&mut parameter.ty, visit));
            }
        }
    }
    for import in &mut module.imports {
        visit(&mut import.module);
        visit(&mut import.name);
        ty(&mut import.signature, visit);
    }
    for global in &mut module.globals {
        visit(&mut global.name);
        ty(&mut global.ty, visit);
    }
    for function in &mut module.functions {
        visit(&mut function.name);
        ty(&mut function.signature, visit);
        function.body.locals.iter_mut().for_each(|local| ty(local, visit));
        for handler in &mut function.body.handlers {
            [&mut handler.start, &mut handler.end, &mut handler.target, &mut handler.register].into_iter().for_each(&mut *visit);
            ty(&mut handler.class, visit);
        }
        function.body.code.operands.iter_mut().for_each(&mut *visit);
        function.body.code.instructions.iter_mut().for_each(|instruction| visit(&mut instruction.start));
    }
    for function in module.debug.iter_mut().flat_map(|debug| &mut debug.functions) {
        for line in &mut function.lines {
            [&mut line.start, &mut line.file, &mut line.line].into_iter().for_each(&mut *visit);
        }
        for register in &mut function.registers {
            visit(&mut register.register);
            visit(&mut register.name);
        }
    }
}

/// Sets one reference of a module, counted through all of them, to a value.
fn damage(module: &mut Module, place: usize, value: u32) {
    let mut count = 0;
    references(module, &mut |_| count += 1);
    let mut at = 0;
    references(module, &mut |reference| {
        if at == place % count {
            *reference = value;
        }
        at += 1;
    });
}

#[test]
fn any_reference_of_the_sample_may_be_wrong() {
    let mut count = 0;
    references(&mut sample(), &mut |_| count += 1);
    assert!(count > 200);
    for place in 0..count {
        let mut module = sample();
        damage(&mut module, place, [0, 7, 63, 64, 70, 1000, u32::MAX][place % 7]);
        text(&module);
    }
}

#[test]
fn constants_of_another_type_than_their_place_are_marked() {
    let module = sample();
    let mut marked = 0;
    for (index, function) in module.functions.iter().enumerate() {
        for constant in 0..function.body.constants.len() {
            let mut damaged = module.clone();
            let slot = &mut damaged.functions[index].body.constants[constant];
            *slot = match slot {
                Constant::I32(_) => Constant::I64(5),
                Constant::I64(_) => Constant::I32(5),
                Constant::F32(_) => Constant::F64(0.5),
                Constant::F64(_) => Constant::F32(0.5),
                Constant::Null | Constant::Str(_) => Constant::I32(0),
            };
            let text = text(&damaged);
            assert!(["<i32 5>", "<i64 5>", "<f32 0.5>", "<f64 0.5>", "<i32 0>"].iter().any(|mark| text.contains(mark)), "{text}");
            marked += 1;
        }
    }
    assert!(marked > 5);
}

#[test]
fn types_that_contain_themselves_end() {
    let mut module = sample();
    let own = Type::defined(module.types.len() as u32);
    module.types.push(TypeDefinition::Array(own));
    module.globals[0].ty = own;
    assert!(text(&module).contains("= ["), "{}", text(&module));
}

#[test]
fn types_whose_text_would_double_with_each_level_get_names() {
    let mut module = sample();
    for _ in 0..60 {
        let below = module.types.len() as u32 - 1;
        let parameter = common::sample::nullable(Type::defined(below));
        module.types.push(TypeDefinition::Function(common::sample::signature(&[parameter, parameter], &[])));
    }
    module.globals[0].ty = Type::defined(module.types.len() as u32 - 1);
    assert!(text(&module).len() < 20_000);
}

proptest! {
    #[test]
    fn any_references_of_any_module_may_be_wrong(
        choices in proptest::collection::vec(any::<u32>(), 0..400),
        changes in proptest::collection::vec((any::<usize>(), prop_oneof![0..200u32, any::<u32>()]), 1..8),
    ) {
        let mut module = Choices(&choices).module();
        for (place, value) in changes {
            damage(&mut module, place, value);
        }
        text(&module);
    }
}
