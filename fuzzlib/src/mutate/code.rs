//! Changes to functions: operands, operations, registers, constants, handlers.

use super::{number, pick, rearrange, ty};
use crate::choices::Choices;
use limosa_spec::module::{Constant, Function, Handler};
use limosa_spec::{Code, Module, Opcode, OperandRole, Type, WellKnown};

/// An instruction on its own.
type Row = (Opcode, Vec<u32>);

fn function<'a>(choices: &mut Choices<'_>, functions: &'a mut [Function]) -> Option<&'a mut Function> {
    // Long functions are as likely as short ones; most have few instructions.
    pick(choices, functions)
}

fn rows(code: &Code) -> Vec<Row> {
    (0..code.len()).map(|index| (code.instructions[index].opcode, code.raw_operands(index).to_vec())).collect()
}

fn set_rows(code: &mut Code, rows: &[Row]) {
    *code = Code::default();
    for (opcode, operands) in rows {
        code.push(*opcode, operands);
    }
}

/// Changes the instructions of a function.
pub fn change_code(choices: &mut Choices<'_>, module: &mut Module) {
    let tables = Tables::of(module);
    let ty = ty(choices, module);
    let Some(function) = function(choices, &mut module.functions) else { return };
    let mut rows = rows(&function.body.code);
    let end = tables.end_of(function);
    let length = rows.len();
    match choices.below(16) {
        0 => rearrange(choices, &mut rows),
        1 => rows.truncate(choices.below(length + 1)),
        2..=4 => {
            if let Some((opcode, _)) = pick(choices, &mut rows) {
                *opcode = alike(choices, *opcode);
            }
        }
        5 => {
            let opcode = choices.pick(Opcode::ALL).unwrap_or(Opcode::Unreachable);
            let operands = operands(choices, opcode, &tables, end, length, ty);
            let at = choices.below(length + 1);
            rows.insert(at, (opcode, operands));
        }
        _ => {
            if let Some((opcode, operands)) = pick(choices, &mut rows) {
                change_operand(choices, *opcode, operands, &tables, end, length, ty);
            }
        }
    }
    set_rows(&mut function.body.code, &rows);
}

/// An instruction of the same operands, or any.
fn alike(choices: &mut Choices<'_>, opcode: Opcode) -> Opcode {
    let rows: Vec<Opcode> = Opcode::ALL.iter().copied().filter(|other| other.roles() == opcode.roles()).collect();
    if choices.chance(7, 8) { choices.pick(&rows).unwrap_or(opcode) } else { choices.pick(Opcode::ALL).unwrap_or(opcode) }
}

/// The sizes of the tables that operands name entries of.
struct Tables {
    functions: usize,
    globals: usize,
    strings: usize,
    data: usize,
    parameters: Vec<usize>,
}

impl Tables {
    fn of(module: &Module) -> Tables {
        let parameters = |function: &Function| module.function_type(function.signature).map_or(0, |signature| signature.parameters.len());
        Tables {
            functions: module.imports.len() + module.functions.len(),
            globals: module.globals.len(),
            strings: module.strings.len(),
            data: module.data.len(),
            parameters: module.functions.iter().map(parameters).collect(),
        }
    }

    /// The end of the operands that a function may read; that of the largest function's parameters counts for all.
    fn end_of(&self, function: &Function) -> usize {
        let parameters = self.parameters.iter().max().copied().unwrap_or(0);
        parameters + function.body.locals.len() + function.body.constants.len()
    }
}

fn one(choices: &mut Choices<'_>, role: OperandRole, tables: &Tables, end: usize, length: usize, ty: Type) -> u32 {
    match role {
        OperandRole::Def(_) | OperandRole::Use(_) | OperandRole::Defs | OperandRole::Uses => number(choices, end),
        OperandRole::Label | OperandRole::Labels => number(choices, length),
        OperandRole::Type | OperandRole::Field | OperandRole::Method => ty.code(),
        OperandRole::Function => number(choices, tables.functions),
        OperandRole::Global => number(choices, tables.globals),
        OperandRole::String => number(choices, tables.strings),
        OperandRole::Data => number(choices, tables.data),
    }
}

fn operands(choices: &mut Choices<'_>, opcode: Opcode, tables: &Tables, end: usize, length: usize, ty: Type) -> Vec<u32> {
    let mut operands = Vec::new();
    for &role in opcode.roles() {
        match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => {
                let count = choices.below(4);
                operands.push(count as u32);
                (0..count).for_each(|_| operands.push(one(choices, role, tables, end, length, ty)));
            }
            OperandRole::Field | OperandRole::Method => operands.extend([ty.code(), choices.below(3) as u32]),
            _ => operands.push(one(choices, role, tables, end, length, ty)),
        }
    }
    operands
}

/// Changes one operand, or the length of one list.
fn change_operand(
    choices: &mut Choices<'_>,
    opcode: Opcode,
    operands: &mut Vec<u32>,
    tables: &Tables,
    end: usize,
    length: usize,
    ty: Type,
) {
    let roles = opcode.roles();
    let chosen = choices.below(roles.len());
    let mut at = 0;
    for (place, &role) in roles.iter().enumerate() {
        let size = match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => 1 + operands.get(at).map_or(0, |&count| count as usize),
            OperandRole::Field | OperandRole::Method => 2,
            _ => 1,
        };
        if place == chosen {
            let new = one(choices, role, tables, end, length, ty);
            match role {
                OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => change_list(choices, operands, at, new),
                OperandRole::Field | OperandRole::Method if choices.chance(1, 2) => set(operands, at + 1, choices.below(4) as u32),
                _ => set(operands, at, new),
            }
            return;
        }
        at += size;
    }
}

fn set(operands: &mut [u32], at: usize, value: u32) {
    if let Some(operand) = operands.get_mut(at) {
        *operand = value;
    }
}

fn change_list(choices: &mut Choices<'_>, operands: &mut Vec<u32>, at: usize, new: u32) {
    let Some(&count) = operands.get(at) else { return };
    let place = at + 1 + choices.below(count as usize);
    match choices.below(4) {
        0 => {
            operands.insert(at + 1, new);
            operands[at] += 1;
        }
        1 if count > 0 => {
            operands.remove(place);
            operands[at] -= 1;
        }
        2 if count > 1 => operands[at + 2] = operands[at + 1],
        _ if count > 0 => set(operands, place, new),
        _ => {}
    }
}

/// Changes what belongs to a function beside its instructions.
pub fn change_body(choices: &mut Choices<'_>, module: &mut Module) {
    let ty = ty(choices, module);
    let types = module.types.len();
    let Some(function) = function(choices, &mut module.functions) else { return };
    let body = &mut function.body;
    let length = body.code.len();
    match choices.below(8) {
        0 => rearrange(choices, &mut body.locals),
        1 => {
            if let Some(local) = pick(choices, &mut body.locals) {
                *local = ty;
            }
        }
        2 => rearrange(choices, &mut body.constants),
        3 => {
            if let Some(constant) = pick(choices, &mut body.constants) {
                *constant = self::constant(choices);
            }
        }
        4 => {
            let handler = Handler {
                start: number(choices, length),
                end: number(choices, length + 1),
                class: if choices.chance(1, 2) { Type::well_known(WellKnown::Error) } else { ty },
                target: number(choices, length),
                register: number(choices, 8),
            };
            body.handlers.push(handler);
        }
        5 => rearrange(choices, &mut body.handlers),
        6 => {
            if let Some(handler) = pick(choices, &mut body.handlers) {
                match choices.below(5) {
                    0 => handler.start = number(choices, length),
                    1 => handler.end = number(choices, length + 1),
                    2 => handler.class = ty,
                    3 => handler.target = number(choices, length),
                    _ => handler.register = number(choices, 8),
                }
            }
        }
        _ => function.signature = if choices.chance(1, 2) { ty } else { Type::defined(choices.below(types) as u32) },
    }
}

/// Makes the first float constant a NaN that is not the canonical one; false if there is none.
pub fn strange_nan(module: &mut Module) -> bool {
    let constants = module.functions.iter_mut().flat_map(|function| function.body.constants.iter_mut());
    for constant in constants {
        match constant {
            Constant::F32(value) => *value = f32::from_bits(f32::NAN.to_bits() | 1),
            Constant::F64(value) => *value = f64::from_bits(f64::NAN.to_bits() | 1),
            _ => continue,
        }
        return true;
    }
    false
}

/// A constant, strings and NaNs among them.
pub fn constant(choices: &mut Choices<'_>) -> Constant {
    let bits = match choices.below(4) {
        0 => choices.below(10) as u64,
        1 => [i64::MIN as u64, i64::MAX as u64, u64::from(u32::MAX), 1 << 31][choices.below(4)],
        2 => choices.pick(&[f64::NAN, f64::INFINITY, -0.0, 1e300]).unwrap_or(0.0).to_bits() ^ choices.below(2) as u64,
        _ => choices.u64(),
    };
    match choices.below(6) {
        0 => Constant::I32(bits as i32),
        1 => Constant::I64(bits as i64),
        2 => Constant::F32(f32::from_bits(bits as u32)),
        3 => Constant::F64(f64::from_bits(bits)),
        4 => Constant::Null,
        _ => Constant::Str(choices.below(8) as u32),
    }
}
