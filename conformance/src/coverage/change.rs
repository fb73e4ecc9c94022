//! Changes of a module that show what a program depends on. The module that comes out is one that the verifier accepts.

use limosa_spec::module::{Body, Handler};
use limosa_spec::{Code, Effects, Module, Opcode, OperandRole, Type, WellKnown};

/// An instruction of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The function, as an index into those defined.
    pub function: usize,
    /// The instruction.
    pub instruction: usize,
}

/// The module without what an instruction does: control goes on with the next one, or if there is none ends in `unreachable`.
pub fn without(module: &Module, place: Place) -> Module {
    let mut changed = module.clone();
    let code = &mut changed.functions[place.function].body.code;
    let ends = code.instructions[place.instruction].opcode.effects().contains(Effects::ENDS_BLOCK);
    let is_jump = code.instructions[place.instruction].opcode == Opcode::Jump;
    let next = place.instruction as u32 + 1;
    let instead = match (next as usize) < code.len() && (!ends || is_jump) {
        true => (Opcode::Jump, vec![next]),
        false => (Opcode::Unreachable, vec![]),
    };
    *code = rebuilt(code, |index, opcode, operands| if index == place.instruction { instead.clone() } else { (opcode, operands.to_vec()) });
    changed
}

/// The module with another instruction in place of each of one kind in a function.
pub fn swapped(module: &Module, function: usize, from: Opcode, to: Opcode) -> Module {
    let mut changed = module.clone();
    for instruction in &mut changed.functions[function].body.code.instructions {
        if instruction.opcode == from {
            instruction.opcode = to;
        }
    }
    changed
}

/// The module that never ends if the instruction itself throws an exception of the class. What a callee throws does not count: for calls,
/// no exception of the class leaves any function.
pub fn with_trap_door(module: &Module, place: Place, class: WellKnown) -> Module {
    let mut changed = module.clone();
    let opcode = module.functions[place.function].body.code.instructions[place.instruction].opcode;
    let is_call = opcode.effects().contains(Effects::CALLS);
    for index in 0..changed.functions.len() {
        let parameters = module.function_type(module.functions[index].signature).map_or(0, |signature| signature.parameters.len());
        let body = &mut changed.functions[index].body;
        if index == place.function {
            add_trap_door(body, parameters, place.instruction as u32, class, is_call);
        } else if is_call {
            let (_, elsewhere) = add_landings(body, parameters, class);
            body.handlers.push(elsewhere);
        }
    }
    changed
}

fn add_trap_door(body: &mut Body, parameters: usize, instruction: u32, class: WellKnown, is_call: bool) {
    let (door, elsewhere) = add_landings(body, parameters, class);
    let here = Handler { start: instruction, end: instruction + 1, ..door };
    body.handlers.insert(0, here);
    if class == WellKnown::Error {
        // What `throw` throws may be of any class but that of its own failure.
        body.handlers.insert(0, Handler { class: Type::well_known(WellKnown::NullError), target: elsewhere.target, ..here });
    }
    if is_call {
        body.handlers.push(elsewhere);
    }
}

/// Appends two places for exceptions of the class: one that never ends, and one that ends the function with another exception. Gives
/// handlers for the whole body that lead there.
fn add_landings(body: &mut Body, parameters: usize, class: WellKnown) -> (Handler, Handler) {
    let register = (parameters + body.locals.len()) as u32;
    body.locals.push(Type::well_known(class));
    let end = body.code.len() as u32;
    body.code = rebuilt(&body.code, |_, opcode, operands| (opcode, with_constants_moved(opcode, operands, register)));
    body.code.push(Opcode::Jump, &[end]);
    body.code.push(Opcode::Unreachable, &[]);
    let door = Handler { start: 0, end, class: Type::well_known(class), target: end, register };
    (door, Handler { target: end + 1, ..door })
}

/// Operands in which the constants follow one more register.
fn with_constants_moved(opcode: Opcode, operands: &[u32], registers: u32) -> Vec<u32> {
    let mut moved = operands.to_vec();
    let mut at = 0;
    for role in opcode.roles() {
        let (items, next) = match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => {
                (at + 1..at + 1 + operands[at] as usize, at + 1 + operands[at] as usize)
            }
            OperandRole::Field | OperandRole::Method => (at..at + 2, at + 2),
            _ => (at..at + 1, at + 1),
        };
        if matches!(role, OperandRole::Use(_) | OperandRole::Uses) {
            moved[items].iter_mut().filter(|operand| **operand >= registers).for_each(|operand| *operand += 1);
        }
        at = next;
    }
    moved
}

/// The code with each instruction as the function gives it.
fn rebuilt(code: &Code, change: impl Fn(usize, Opcode, &[u32]) -> (Opcode, Vec<u32>)) -> Code {
    let mut rebuilt = Code::default();
    for (index, instruction) in code.instructions.iter().enumerate() {
        let (opcode, operands) = change(index, instruction.opcode, code.raw_operands(index));
        rebuilt.push(opcode, &operands);
    }
    rebuilt
}

/// Whether a handler of the function takes exceptions of the class that the instruction throws.
pub fn is_handled(body: &Body, instruction: usize, class: WellKnown) -> bool {
    let takes = |handler: &Handler| match handler.class.kind() {
        limosa_spec::TypeKind::WellKnown(caught) => class.is_subclass_of(caught),
        // `throw` may throw objects of the module's own classes.
        _ => class == WellKnown::Error,
    };
    body.handlers.iter().any(|handler| (handler.start as usize..handler.end as usize).contains(&instruction) && takes(handler))
}

#[cfg(test)]
mod tests {
    use super::*;
    use limosa_spec::module::{Constant, Function};
    use limosa_spec::types::{Signature, TypeDefinition};
    use limosa_spec::{canonicalize, verify};

    /// `x = 5 / x; [x] = call f(); ret`
    fn module() -> Module {
        let signature = Type::defined(0);
        let mut code = Code::default();
        code.push(Opcode::DivI32, &[0, 1, 0]);
        code.push(Opcode::Call, &[0, 0, 0]);
        code.push(Opcode::Ret, &[0]);
        let body = Body { locals: vec![Type::I32], constants: vec![Constant::I32(5)], handlers: vec![], code };
        Module {
            strings: vec!["m".into(), "f".into()],
            types: vec![TypeDefinition::Function(Signature::default())],
            functions: vec![Function { name: 1, signature, body }],
            ..Module::default()
        }
    }

    fn accepted(mut module: Module) -> bool {
        canonicalize(&mut module).is_ok() && verify(module).is_ok()
    }

    #[test]
    fn an_instruction_is_taken_out() {
        let changed = without(&module(), Place { function: 0, instruction: 0 });
        let code = &changed.functions[0].body.code;
        assert_eq!((code.instructions[0].opcode, code.raw_operands(0)), (Opcode::Jump, &[1][..]));
        assert_eq!(code.raw_operands(1), [0, 0, 0]);
        assert!(accepted(changed));
        let changed = without(&module(), Place { function: 0, instruction: 2 });
        assert_eq!(changed.functions[0].body.code.instructions[2].opcode, Opcode::Unreachable);
        assert!(accepted(changed));
    }

    #[test]
    fn one_instruction_stands_in_for_another() {
        let changed = swapped(&module(), 0, Opcode::DivI32, Opcode::AddI32);
        assert_eq!(changed.functions[0].body.code.instructions[0].opcode, Opcode::AddI32);
        assert!(accepted(changed));
    }

    #[test]
    fn a_trap_door_is_the_first_handler_and_constants_stay_constants() {
        let place = Place { function: 0, instruction: 0 };
        let changed = with_trap_door(&module(), place, WellKnown::DivisionError);
        let body = &changed.functions[0].body;
        assert_eq!(body.code.raw_operands(0), [0, 2, 0]);
        assert_eq!(body.handlers.len(), 1);
        assert_eq!((body.handlers[0].start, body.handlers[0].end, body.handlers[0].target), (0, 1, 3));
        assert_eq!((body.code.instructions[3].opcode, body.code.raw_operands(3)), (Opcode::Jump, &[3][..]));
        assert!(is_handled(body, 0, WellKnown::DivisionError) && !is_handled(body, 1, WellKnown::DivisionError));
        assert!(accepted(changed));
    }

    #[test]
    fn behind_the_trap_door_of_a_call_what_callees_throw_becomes_another_exception() {
        let changed = with_trap_door(&module(), Place { function: 0, instruction: 1 }, WellKnown::StackOverflow);
        let handlers = &changed.functions[0].body.handlers;
        assert_eq!(handlers.iter().map(|handler| (handler.start, handler.target)).collect::<Vec<_>>(), [(1, 3), (0, 4)]);
        assert!(accepted(changed));
    }
}
