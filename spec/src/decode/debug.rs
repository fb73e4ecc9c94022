//! The debug section: its own strings, then per function a line table and register names, all as distances from entry to entry.

use super::error::{DecodeRule, Fault};
use super::reader::Reader;
use crate::limits;
use crate::module::{Debug, Function, FunctionDebug, LineEntry, Module, RegisterName};

pub(super) fn debug(reader: &mut Reader<'_>, module: &Module) -> Result<Debug, Fault> {
    let strings = super::strings(reader)?;
    let files = reader.u32()?;
    if files > limits::SOURCE_FILES {
        let message = format!("{files} source files, at most {} are allowed", limits::SOURCE_FILES);
        return Err(reader.fail(DecodeRule::LimitSourceFiles, message));
    }
    if files as usize > strings.len() {
        return Err(reader.fail(DecodeRule::StringIndex, format!("{files} source files, but {} strings", strings.len())));
    }
    reader.fits(module.functions.len() as u32, "functions", 2)?;
    let functions = module.functions.iter().map(|function| function_debug(reader, function, module)).collect::<Result<_, _>>()?;
    Ok(Debug { strings, files: (0..files).collect(), functions })
}

fn function_debug(reader: &mut Reader<'_>, function: &Function, module: &Module) -> Result<FunctionDebug, Fault> {
    let parameters = module.function_type(function.signature).map_or(0, |signature| signature.parameters.len());
    let named = |mut fault: Fault| {
        fault.function = module.strings.get(function.name as usize).cloned();
        fault
    };
    let lines = lines(reader, function.body.code.len()).map_err(named)?;
    let registers = registers(reader, parameters + function.body.locals.len()).map_err(named)?;
    Ok(FunctionDebug { lines, registers })
}

fn lines(reader: &mut Reader<'_>, instructions: usize) -> Result<Vec<LineEntry>, Fault> {
    let count = reader.u32()?;
    let count = reader.fits(count, "line entries", 3)?;
    let mut lines: Vec<LineEntry> = Vec::with_capacity(count);
    for _ in 0..count {
        let place = reader.clone();
        let (distance, file, line_distance) = (reader.u32()?, reader.u32()?, reader.i64()?);
        let before = lines.last().copied();
        let start = u64::from(distance) + before.map_or(0, |before| u64::from(before.start) + 1);
        let line = i64::from(before.map_or(0, |before| before.line)).checked_add(line_distance);
        let line = line.and_then(|line| u32::try_from(line).ok()).filter(|&line| line > 0);
        let (Some(line), true) = (line, start < instructions as u64) else {
            return Err(place
                .fail(DecodeRule::DebugLine, format!("a line entry for instruction {start} of {instructions}, or a line out of range")));
        };
        if before.is_some_and(|before| before.file == file && before.line == line) {
            return Err(place.fail(DecodeRule::DebugLine, format!("line {line} is entered twice in a row")));
        }
        lines.push(LineEntry { start: start as u32, file, line });
    }
    Ok(lines)
}

fn registers(reader: &mut Reader<'_>, registers: usize) -> Result<Vec<RegisterName>, Fault> {
    let count = reader.u32()?;
    let count = reader.fits(count, "register names", 2)?;
    let mut names: Vec<RegisterName> = Vec::with_capacity(count);
    for _ in 0..count {
        let place = reader.clone();
        let (distance, name) = (reader.u32()?, reader.u32()?);
        let register = u64::from(distance) + names.last().map_or(0, |before| u64::from(before.register) + 1);
        if register >= registers as u64 {
            return Err(place.fail(DecodeRule::DebugRegister, format!("a name for register {register}, the function has {registers}")));
        }
        names.push(RegisterName { register: register as u32, name });
    }
    Ok(names)
}
