//! Modules made by changing good ones at random: whatever they say, the verifier answers, and what it accepts is in order.

use super::sample::{debug, sample};
use limosa_spec::instruction::Operand;
use limosa_spec::module::{Constant, ExportItem, Handler};
use limosa_spec::types::{Parameter, Signature};
use limosa_spec::verify::{VerifiedModule, verify};
use limosa_spec::{Effects, Module, Opcode, OperandRole, Type, TypeDefinition, canonicalize, decode, encode, reseal};
use proptest::prelude::*;
use proptest::sample::Index;

/// A number that is often near something: small, near the end of a table, a type, or huge.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0..12u32, 4 => 60..90u32, 1 => 16..40u32, 1 => any::<u32>(), 1 => Just(u32::MAX)]
}

/// One change: what kind, where, and to what.
#[derive(Debug, Clone)]
struct Change {
    kind: u8,
    place: Index,
    within: Index,
    number: u32,
}

fn change() -> impl Strategy<Value = Change> {
    (0..16u8, any::<Index>(), any::<Index>(), number()).prop_map(|(kind, place, within, number)| Change { kind, place, within, number })
}

impl Change {
    fn pick<'a, T>(&self, items: &'a mut [T]) -> Option<&'a mut T> {
        if items.is_empty() { None } else { Some(self.place.get_mut(items)) }
    }

    fn pick_within<'a, T>(&self, items: &'a mut [T]) -> Option<&'a mut T> {
        if items.is_empty() { None } else { Some(self.within.get_mut(items)) }
    }

    fn apply(&self, module: &mut Module) -> Option<()> {
        let (number, ty) = (self.number, Type::from_code(self.number));
        match self.kind {
            0 | 1 => *self.pick_within(&mut self.pick(&mut module.functions)?.body.code.operands)? = number,
            2 => {
                let opcode = Opcode::ALL[number as usize % Opcode::ALL.len()];
                self.pick_within(&mut self.pick(&mut module.functions)?.body.code.instructions)?.opcode = opcode;
            }
            3 => self.pick_within(&mut self.pick(&mut module.functions)?.body.code.instructions)?.start = number,
            4 => {
                let code = &mut self.pick(&mut module.functions)?.body.code;
                code.instructions.truncate(self.within.index(code.instructions.len() + 1));
            }
            5 => *self.pick_within(&mut self.pick(&mut module.functions)?.body.locals)? = ty,
            6 => self.pick(&mut module.functions)?.body.constants.push(Constant::I64(i64::from(number))),
            7 => {
                let handler = Handler { start: number / 3, end: number / 2, class: ty, target: number % 5, register: number % 7 };
                self.pick(&mut module.functions)?.body.handlers.push(handler);
            }
            8 => self.change_type(self.pick(&mut module.types)?)?,
            9 => self.pick(&mut module.functions)?.signature = ty,
            10 => module.types.truncate(self.place.index(module.types.len() + 1)),
            11 => {
                let end = module.types.len().max(1);
                let (one, other) = (self.place.index(end), self.within.index(end));
                if one < module.types.len() && other < module.types.len() {
                    module.types.swap(one, other);
                }
            }
            12 => self.pick(&mut module.exports)?.item = if number % 2 == 0 { ExportItem::Type(ty) } else { ExportItem::Function(number) },
            13 => module.manifest.entry = Some(number),
            14 => self.change_debug(module)?,
            _ => {
                let global = self.pick(&mut module.globals)?;
                (global.ty, global.name) = (ty, number % 40);
            }
        }
        Some(())
    }

    fn change_type(&self, definition: &mut TypeDefinition) -> Option<()> {
        let (number, ty) = (self.number, Type::from_code(self.number));
        match definition {
            TypeDefinition::Class(class) => match self.within.index(6) {
                0 => class.superclass = Some(ty),
                1 => class.interfaces.push(ty),
                2 => self.pick_within(&mut class.fields)?.ty = ty,
                3 => self.pick_within(&mut class.methods)?.signature = ty,
                4 => self.pick_within(&mut class.methods)?.body = Some(number),
                _ => (class.is_abstract, class.is_final) = (number % 2 == 0, number % 3 == 0),
            },
            TypeDefinition::Interface(interface) => interface.extends.push(ty),
            TypeDefinition::Array(element) => *element = ty,
            TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => {
                let Signature { parameters, results } = signature;
                let list = if number % 2 == 0 { parameters } else { results };
                list.push(Parameter { ty, non_null: number % 3 == 0 });
            }
        }
        Some(())
    }

    fn change_debug(&self, module: &mut Module) -> Option<()> {
        let function = self.pick(&mut module.debug.as_mut()?.functions)?;
        match self.number % 4 {
            0 => self.pick_within(&mut function.lines)?.start = self.number,
            1 => self.pick_within(&mut function.lines)?.file = self.number,
            2 => self.pick_within(&mut function.registers)?.register = self.number,
            _ => self.pick_within(&mut function.registers)?.name = self.number,
        }
        Some(())
    }
}

/// A function with every instruction of the table, unlikely to be right.
fn every_instruction(module: &mut Module) {
    let mut function = module.functions[0].clone();
    for &opcode in Opcode::ALL {
        let mut words = Vec::new();
        for role in opcode.roles() {
            match role {
                OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => words.extend([1, 0]),
                OperandRole::Field | OperandRole::Method => words.extend([66, 0]),
                _ => words.push(0),
            }
        }
        function.body.code.push(opcode, &words);
    }
    module.strings.push("everything".into());
    function.name = module.strings.len() as u32 - 1;
    module.functions.push(function);
}

/// What anyone who runs verified code relies on, checked in another way than the verifier does.
fn assert_in_order(module: &VerifiedModule) {
    for function in module.verified_functions() {
        let (code, registers) = (&function.definition().body.code, function.registers());
        let last = code.instructions.last().expect("a function has instructions");
        assert!(last.opcode.effects().contains(Effects::ENDS_BLOCK));
        for index in 0..code.len() {
            for operand in code.operands_of(index) {
                match operand {
                    Operand::One(OperandRole::Def(_), register) => assert!(registers.get(register).is_some()),
                    Operand::One(OperandRole::Use(_), operand) => assert!(registers.operand(operand).is_some()),
                    Operand::List(OperandRole::Defs, items) => assert!(items.iter().all(|&item| registers.get(item).is_some())),
                    Operand::List(OperandRole::Uses, items) => assert!(items.iter().all(|&item| registers.operand(item).is_some())),
                    Operand::List(OperandRole::Labels, items) => assert!(items.iter().all(|&item| (item as usize) < code.len())),
                    Operand::One(OperandRole::Label, label) => assert!((label as usize) < code.len()),
                    Operand::One(OperandRole::Function, function) => assert!(module.signature(function).is_some()),
                    _ => {}
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn changed_modules_are_accepted_or_refused(changes in prop::collection::vec(change(), 1..6), with_everything in any::<bool>()) {
        let mut module = sample().0;
        if with_everything {
            every_instruction(&mut module);
        }
        module.debug = Some(debug(&module));
        for change in &changes {
            change.apply(&mut module);
        }
        match verify(module) {
            Ok(verified) => assert_in_order(&verified),
            Err(error) => prop_assert!(error.message.len() < 2000 && !error.to_string().is_empty()),
        }
    }

    #[test]
    fn damaged_files_are_accepted_or_refused(flips in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4)) {
        let mut module = sample().0;
        canonicalize(&mut module).expect("the sample is well-formed");
        let mut bytes = encode(&module).expect("the sample is canonical");
        for (place, byte) in flips {
            let start = limosa_spec::format::HEADER_BYTES;
            let place = start + place.index(bytes.len() - start);
            bytes[place] = byte;
        }
        if reseal(&mut bytes).is_ok() && let Ok(module) = decode(&bytes) && let Ok(verified) = verify(module) {
            assert_in_order(&verified);
        }
    }
}
