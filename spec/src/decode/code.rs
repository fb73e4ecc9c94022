//! The bodies of functions. Each can be decoded on its own: all it needs of the module is its size and its number of parameters.

use super::error::{DecodeError, DecodeRule, Fault};
use super::items;
use super::reader::Reader;
use crate::canonical::Check;
use crate::format::Section;
use crate::instruction::{Code, Instruction};
use crate::limits;
use crate::module::{Body, Constant, Handler, Module};
use crate::opcodes::{Opcode, SECOND_PAGE};
use crate::shape::{SHAPES, Shape, Slot};
use crate::types::{Signature, Type};

/// Reads the bodies of all functions, one after the other, and checks their numbering.
pub(super) fn bodies(reader: &mut Reader<'_>, sizes: &[usize], module: &mut Module, check: &mut Check) -> Result<(), Fault> {
    let mut bodies = Bodies { locals_left: limits::LOCALS, scratch: Vec::new() };
    for (index, &size) in sizes.iter().enumerate() {
        let function = &module.functions[index];
        let (mut body, registers) =
            bodies.function(reader, size, module.function_type(function.signature)).map_err(|fault| named(fault, module, index))?;
        let start = reader.offset() - size;
        check.body(&mut body, index, registers).map_err(|broken| {
            let offset = start + broken.instruction.map_or(0, |instruction| instruction_offset(reader.read_before(size), instruction));
            let fault = DecodeError::new(broken.rule, Some(broken.section), offset, broken.message);
            named(fault, module, index)
        })?;
        module.functions[index].body = body;
    }
    Ok(())
}

/// Puts the name of a function into an error.
#[cold]
fn named(mut fault: Fault, module: &Module, index: usize) -> Fault {
    let name = module.strings.get(module.functions[index].name as usize).cloned();
    fault.function = Some(name.unwrap_or_else(|| format!("#{index}").into()));
    fault
}

/// What the bodies of a module share while they are read.
struct Bodies {
    /// The locals that the limit of the module still allows.
    locals_left: u32,
    /// Constants being checked for duplicates.
    scratch: Vec<(Type, u64)>,
}

impl Bodies {
    /// Reads a body of `size` bytes; gives the function's number of registers too.
    fn function(&mut self, reader: &mut Reader<'_>, size: usize, signature: Option<&Signature>) -> Result<(Body, u32), Fault> {
        let Some(signature) = signature else {
            return Err(reader.fail(DecodeRule::FunctionSignature, "the signature is not a function type of the table"));
        };
        if size > reader.remaining() {
            let message = format!("a body of {size} bytes, {} are left in the section", reader.remaining());
            return Err(reader.fail(DecodeRule::BodySize, message));
        }
        let base = reader.offset();
        let mut reader = Reader::new(reader.bytes(size)?, base, Section::Code);
        let parameters = signature.parameters.len();
        let body = Body {
            locals: self.locals(&mut reader, parameters)?,
            constants: self.constants(&mut reader)?,
            handlers: handlers(&mut reader)?,
            code: code(&mut reader)?,
        };
        reader.finish(DecodeRule::BodySize)?;
        let registers = (parameters + body.locals.len()) as u32;
        Ok((body, registers))
    }

    /// Reads the types of the locals: runs of a count and a type.
    fn locals(&mut self, reader: &mut Reader<'_>, parameters: usize) -> Result<Vec<Type>, Fault> {
        let runs = reader.u32()?;
        let runs = reader.fits(runs, "runs of locals", 2)?;
        let mut locals = Vec::new();
        for _ in 0..runs {
            let start = reader.clone();
            let (count, ty) = (reader.u32()?, Type::from_code(reader.u32()?));
            if count == 0 || locals.last() == Some(&ty) {
                return Err(start.fail(DecodeRule::LocalsRuns, "an empty run of locals, or two neighbours that are one"));
            }
            let registers = parameters as u64 + locals.len() as u64 + u64::from(count);
            if registers > u64::from(limits::REGISTERS) {
                let message = format!("{registers} registers, at most {} are allowed", limits::REGISTERS);
                return Err(start.fail(DecodeRule::LimitRegisters, message));
            }
            self.locals_left = self
                .locals_left
                .checked_sub(count)
                .ok_or_else(|| start.fail(DecodeRule::LimitLocals, format!("more than {} locals in the module", limits::LOCALS)))?;
            locals.resize(locals.len() + count as usize, ty);
        }
        Ok(locals)
    }

    fn constants(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Constant>, Fault> {
        let count = reader.count(limits::CONSTANTS, DecodeRule::LimitConstants, "constants", 1)?;
        let mut constants = Vec::with_capacity(count);
        for _ in 0..count {
            let start = reader.clone();
            let Some(constant) = items::constant(reader)? else {
                return Err(start.fail(DecodeRule::Tag, "a string cannot stand in a constant pool"));
            };
            constants.push(constant);
        }
        if self.has_duplicates(&constants) {
            return Err(reader.fail(DecodeRule::ConstantDuplicate, "a constant stands in the pool before this place twice"));
        }
        Ok(constants)
    }

    fn has_duplicates(&mut self, constants: &[Constant]) -> bool {
        if constants.len() <= 8 {
            return constants.iter().enumerate().any(|(index, constant)| constants[..index].contains(constant));
        }
        self.scratch.clear();
        self.scratch.extend(constants.iter().map(|constant| (constant.ty(), constant.bits())));
        self.scratch.sort_unstable();
        self.scratch.windows(2).any(|pair| pair[0] == pair[1])
    }
}

fn handlers(reader: &mut Reader<'_>) -> Result<Vec<Handler>, Fault> {
    let count = reader.count(limits::HANDLERS, DecodeRule::LimitHandlers, "handlers", 5)?;
    let mut handlers = Vec::with_capacity(count);
    for _ in 0..count {
        handlers.push(Handler {
            start: reader.u32()?,
            end: reader.u32()?,
            class: Type::from_code(reader.u32()?),
            target: reader.u32()?,
            register: reader.u32()?,
        });
    }
    Ok(handlers)
}

/// Reads the instructions up to the end of the body.
fn code(reader: &mut Reader<'_>) -> Result<Code, Fault> {
    let count = reader.count(limits::INSTRUCTIONS, DecodeRule::LimitInstructions, "instructions", 2)?;
    // Every opcode and every raw operand takes at least a byte, so these never grow; `short_instruction` wants some room to spare.
    let mut instructions = Vec::with_capacity(count);
    let mut operands = Vec::with_capacity(reader.remaining() - count + 3);
    for index in 0..count as u32 {
        let start = operands.len() as u32;
        let opcode = match short_instruction(reader, index, &mut operands) {
            Some(opcode) => opcode,
            None => instruction(reader, index, &mut operands)?,
        };
        instructions.push(Instruction { opcode, start });
    }
    Ok(Code { instructions, operands })
}

/// Reads an instruction of the first page with up to three operands of a byte each, which most are. Others it leaves alone.
#[inline(always)]
fn short_instruction(reader: &mut Reader<'_>, index: u32, operands: &mut Vec<u32>) -> Option<Opcode> {
    let bytes = reader.peek::<4>()?;
    let shape = &SHAPES[usize::from(bytes[0])];
    if u32::from_le_bytes(bytes) & shape.long != 0 {
        return None;
    }
    let opcode = shape.opcode?;
    let len = usize::from(shape.len);
    let start = operands.len();
    operands.extend_from_slice(&[u32::from(bytes[1]), u32::from(bytes[2]), u32::from(bytes[3])]);
    operands.truncate(start + len);
    if shape.branch
        && let Some(label) = operands.last_mut()
    {
        let distance = (*label << 25) as i32 >> 25;
        let Some(target) = index.checked_add_signed(distance) else {
            operands.truncate(start);
            return None;
        };
        *label = target;
    }
    reader.skip_peeked(1 + len);
    Some(opcode)
}

/// Reads one instruction and appends its raw operands.
fn instruction(reader: &mut Reader<'_>, index: u32, operands: &mut Vec<u32>) -> Result<Opcode, Fault> {
    let first = reader.byte()?;
    let shape = match first {
        SECOND_PAGE => &SHAPES[0x100 | usize::from(reader.byte()?)],
        _ => &SHAPES[usize::from(first)],
    };
    let Some(opcode) = shape.opcode else {
        return Err(unknown_opcode(reader, first));
    };
    if shape.simple {
        for _ in 0..shape.len {
            operands.push(reader.u32()?);
        }
    } else {
        odd_operands(reader, shape, index, operands)?;
    }
    Ok(opcode)
}

/// The error for an opcode that was just read.
#[cold]
fn unknown_opcode(reader: &Reader<'_>, first: u8) -> Fault {
    let opcode = reader.read_before(if first == SECOND_PAGE { 2 } else { 1 });
    let digits: String = opcode.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut fault = reader.fail(DecodeRule::Opcode, format!("0x{digits} is not an opcode"));
    fault.offset -= opcode.len();
    fault
}

/// Reads operands with labels or lists among them.
fn odd_operands(reader: &mut Reader<'_>, shape: &Shape, index: u32, operands: &mut Vec<u32>) -> Result<(), Fault> {
    for &slot in shape.slots() {
        match slot {
            Slot::Plain | Slot::Use | Slot::Type | Slot::String => operands.push(reader.u32()?),
            Slot::Label => operands.push(label(reader, index)?),
            Slot::PlainList | Slot::UseList => {
                let count = reader.u32()?;
                operands.push(count);
                for _ in 0..reader.fits(count, "operands", 1)? {
                    operands.push(reader.u32()?);
                }
            }
            Slot::LabelList => {
                let limit = limits::SWITCH_LABELS;
                let count = reader.count(limit, DecodeRule::LimitSwitchLabels, "labels", 1)?;
                operands.push(count as u32);
                for _ in 0..count {
                    operands.push(label(reader, index)?);
                }
            }
        }
    }
    Ok(())
}

/// Reads a branch target: the distance from the instruction itself.
#[inline]
fn label(reader: &mut Reader<'_>, index: u32) -> Result<u32, Fault> {
    let before = reader.clone();
    let distance = reader.i64()?;
    i64::from(index)
        .checked_add(distance)
        .and_then(|target| u32::try_from(target).ok())
        .ok_or_else(|| before.fail(DecodeRule::LabelRange, format!("instruction {index} branches by {distance}")))
}

/// Where an instruction of a body that was decoded before lies in it.
#[cold]
fn instruction_offset(body: &[u8], instruction: usize) -> usize {
    let mut reader = Reader::new(body, 0, Section::Code);
    let mut bodies = Bodies { locals_left: limits::LOCALS, scratch: Vec::new() };
    let skip = |reader: &mut Reader<'_>, bodies: &mut Bodies| {
        bodies.locals(reader, 0)?;
        bodies.constants(reader)?;
        handlers(reader)?;
        reader.u32()?;
        let mut operands = Vec::new();
        for index in 0..instruction {
            operands.clear();
            self::instruction(reader, index as u32, &mut operands)?;
        }
        Ok::<_, Fault>(())
    };
    match skip(&mut reader, &mut bodies) {
        Ok(()) => reader.offset(),
        Err(_) => 0,
    }
}
