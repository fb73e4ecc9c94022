//! The bodies of functions.

use super::EncodeError;
use super::items::constant;
use super::writer::Writer;
use crate::instruction::Code;
use crate::module::{Body, Function};
use crate::opcodes::SECOND_PAGE;
use crate::shape::{Slot, shape_of};

/// Writes all bodies, one after the other; gives their sizes too.
pub(super) fn bodies(functions: &[Function]) -> Result<(Writer, Vec<usize>), EncodeError> {
    let mut w = Writer::default();
    let mut sizes = Vec::with_capacity(functions.len());
    for (index, function) in functions.iter().enumerate() {
        let start = w.bytes.len();
        body(&mut w, &function.body).map_err(|instruction| EncodeError::Operands { function: index, instruction })?;
        sizes.push(w.bytes.len() - start);
    }
    Ok((w, sizes))
}

/// Writes a body; fails with the index of an instruction whose operands do not fit it.
fn body(w: &mut Writer, body: &Body) -> Result<(), usize> {
    let runs = || body.locals.chunk_by(|left, right| left == right);
    w.count(runs().count());
    for run in runs() {
        w.count(run.len());
        w.u32(run[0].code());
    }
    w.count(body.constants.len());
    body.constants.iter().for_each(|&value| constant(w, value));
    w.count(body.handlers.len());
    for handler in &body.handlers {
        for number in [handler.start, handler.end, handler.class.code(), handler.target, handler.register] {
            w.u32(number);
        }
    }
    code(w, &body.code)
}

fn code(w: &mut Writer, code: &Code) -> Result<(), usize> {
    w.count(code.len());
    let mut position = 0;
    for (index, instruction) in code.instructions.iter().enumerate() {
        if instruction.start as usize != position {
            return Err(index);
        }
        let opcode = instruction.opcode.code();
        if opcode > 0xff {
            w.byte(SECOND_PAGE);
        }
        w.byte(opcode as u8);
        let operands = &code.operands[position..];
        let left = operands_of(w, shape_of(instruction.opcode).slots(), operands, index).ok_or(index)?;
        position = code.operands.len() - left;
    }
    if position == code.operands.len() { Ok(()) } else { Err(code.len()) }
}

/// Writes the operands of an instruction and gives the number of raw operands after them; nothing if there are too few.
fn operands_of(w: &mut Writer, slots: &[Slot], mut operands: &[u32], index: usize) -> Option<usize> {
    let label = |w: &mut Writer, target: u32| w.i64(i64::from(target) - index as i64);
    for slot in slots {
        let (&first, rest) = operands.split_first()?;
        operands = rest;
        match slot {
            Slot::Plain | Slot::Use | Slot::Type | Slot::String => w.u32(first),
            Slot::Label => label(w, first),
            Slot::PlainList | Slot::UseList | Slot::LabelList => {
                let (list, rest) = operands.split_at_checked(first as usize)?;
                operands = rest;
                w.u32(first);
                for &item in list {
                    if *slot == Slot::LabelList { label(w, item) } else { w.u32(item) }
                }
            }
        }
    }
    Some(operands.len())
}
