//! Whatever the encoder writes, the decoder gives back, and the other way round.

mod common;

use common::arbitrary::Choices;
use common::meaning::meaning;
use common::sample::sample;
use limosa_spec::{EncodeError, Module, Opcode, canonicalize, decode, encode, hash_of};
use proptest::prelude::*;

#[test]
fn the_sample_survives_the_round_trip() {
    let module = sample();
    let bytes = encode(&module).expect("the sample encodes");
    assert_eq!(decode(&bytes).expect("the sample decodes"), module);
    assert_eq!(encode(&decode(&bytes).expect("the sample decodes")).as_deref(), Ok(&bytes[..]));
}

#[test]
fn canonicalizing_twice_changes_nothing() {
    let module = sample();
    let mut again = module.clone();
    canonicalize(&mut again).expect("the sample is well-formed");
    assert_eq!(again, module);
}

#[test]
fn debug_information_does_not_change_the_hash() {
    let module = sample();
    let stripped = Module { debug: None, ..module.clone() };
    assert_ne!(encode(&module).map(|bytes| bytes.len()), encode(&stripped).map(|bytes| bytes.len()));
    assert_eq!(hash_of(&module), hash_of(&stripped));
    let mut other = module.clone();
    other.manifest.version[0] += 1;
    assert_ne!(hash_of(&module), hash_of(&other));
}

#[test]
fn a_module_that_is_not_canonical_does_not_encode() {
    let mut unused = sample();
    unused.strings.push("not used by anything".into());
    assert!(matches!(encode(&unused), Err(EncodeError::Refused(error)) if error.rule.id() == "string-unused"));
    let mut repeated = sample();
    let lines = &mut repeated.debug.as_mut().expect("the sample has debug information").functions[0].lines;
    lines.swap(0, 1);
    assert_eq!(encode(&repeated), Err(EncodeError::NotCanonical));
    let mut files = sample();
    files.debug.as_mut().expect("the sample has debug information").files.swap(0, 1);
    assert_eq!(encode(&files), Err(EncodeError::NotCanonical));
}

#[test]
fn operands_that_do_not_fit_their_instruction_do_not_encode() {
    for operands in [&[][..], &[0], &[0, 1], &[0, 1, 2, 3]] {
        let mut module = sample();
        let code = &mut module.functions[1].body.code;
        let instruction = code.len();
        code.push(Opcode::AddI32, operands);
        // One operand too many is noticed where the next instruction would start.
        let instruction = if operands.len() > 3 { instruction + 1 } else { instruction };
        assert_eq!(encode(&module), Err(EncodeError::Operands { function: 1, instruction }), "{operands:?}");
    }
    let mut module = sample();
    module.functions[1].body.code.push(Opcode::Call, &[u32::MAX, 0]);
    assert!(matches!(encode(&module), Err(EncodeError::Operands { .. })));
    assert!(canonicalize(&mut module).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn arbitrary_modules_survive_the_round_trip(choices in proptest::collection::vec(any::<u32>(), 0..400)) {
        let original = Choices(&choices).module();
        let mut module = original.clone();
        canonicalize(&mut module).expect("the module is well-formed");
        prop_assert_eq!(meaning(&module), meaning(&original));

        let bytes = encode(&module).expect("a canonical module encodes");
        prop_assert_eq!(&decode(&bytes).expect("what was encoded decodes"), &module);

        let mut again = module.clone();
        canonicalize(&mut again).expect("the module is well-formed");
        prop_assert_eq!(again, module);
    }

    #[test]
    fn the_order_of_tables_does_not_matter(choices in proptest::collection::vec(any::<u32>(), 0..400), rotation in 1..9u32) {
        let original = Choices(&choices).module();
        let mut rotated = original.clone();
        rotated.strings.rotate_left(rotation as usize);
        let count = rotated.strings.len() as u32;
        rename_strings(&mut rotated, |index| (index + count - rotation) % count);
        let mut module = original;
        canonicalize(&mut module).expect("the module is well-formed");
        canonicalize(&mut rotated).expect("the module is well-formed");
        prop_assert_eq!(rotated, module);
    }
}

/// Applies a new numbering to all strings of a module.
fn rename_strings(module: &mut Module, new: impl Fn(u32) -> u32) {
    use limosa_spec::module::Constant;
    use limosa_spec::{OperandRole, TypeDefinition};
    let each = |index: &mut u32| *index = new(*index);
    each(&mut module.manifest.name);
    module.manifest.capabilities.iter_mut().for_each(each);
    for definition in &mut module.types {
        let methods = match definition {
            TypeDefinition::Class(class) => {
                each(&mut class.name);
                class.import.iter_mut().for_each(each);
                class.fields.iter_mut().for_each(|field| each(&mut field.name));
                &mut class.methods
            }
            TypeDefinition::Interface(interface) => {
                each(&mut interface.name);
                interface.import.iter_mut().for_each(each);
                &mut interface.methods
            }
            _ => continue,
        };
        methods.iter_mut().for_each(|method| each(&mut method.name));
    }
    module.imports.iter_mut().for_each(|import| {
        each(&mut import.module);
        each(&mut import.name);
    });
    module.data.iter_mut().for_each(|data| each(&mut data.name));
    module.exports.iter_mut().for_each(|export| each(&mut export.name));
    for global in &mut module.globals {
        each(&mut global.name);
        if let Constant::Str(index) = &mut global.initial {
            each(index);
        }
    }
    for function in &mut module.functions {
        each(&mut function.name);
        let code = &mut function.body.code;
        for instruction in &code.instructions {
            if let [OperandRole::Def(_), OperandRole::String] = instruction.opcode.roles() {
                each(&mut code.operands[instruction.start as usize + 1]);
            }
        }
    }
}
