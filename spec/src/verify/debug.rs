//! The debug section: it may not describe what is not there, so that traces can be printed without looking twice.

use super::error::{Check, Section, fault};
use super::rule::Rule;
use crate::limits;
use crate::module::{Debug, FunctionDebug, Module};

/// Checks the debug section, if there is one. Signatures of functions must have been checked.
pub(super) fn check(module: &Module) -> Check {
    let Some(debug) = &module.debug else { return Ok(()) };
    if debug.files.len() > limits::SOURCE_FILES as usize {
        let message = format!("the debug section has {} source files; the limit is {}", debug.files.len(), limits::SOURCE_FILES);
        return fault(Rule::Limit, Section::Debug, message);
    }
    for &file in &debug.files {
        check_string(debug, file, "the name of a source file")?;
    }
    if debug.functions.len() != module.functions.len() {
        let (found, wanted) = (debug.functions.len(), module.functions.len());
        return fault(Rule::DebugFunctions, Section::Debug, format!("{found} functions are described; the module defines {wanted}"));
    }
    for (index, function) in debug.functions.iter().enumerate() {
        check_lines(module, debug, index, function)?;
        check_registers(module, debug, index, function)?;
    }
    Ok(())
}

fn check_string(debug: &Debug, index: u32, what: &str) -> Check {
    let strings = debug.strings.len();
    if (index as usize) < strings {
        return Ok(());
    }
    fault(Rule::DebugString, Section::Debug, format!("{what} is string {index} of the debug section, which has {strings}"))
}

fn check_lines(module: &Module, debug: &Debug, index: usize, function: &FunctionDebug) -> Check {
    let instructions = module.functions[index].body.code.len();
    let mut next = 0;
    for line in &function.lines {
        let message = if line.start < next {
            "does not start after the one before it".into()
        } else if line.start as usize >= instructions {
            format!("starts at instruction {}; the function has {instructions}", line.start)
        } else if line.file as usize >= debug.files.len() {
            format!("names file {}; there are {}", line.file, debug.files.len())
        } else if line.line == 0 {
            "names line 0; lines count from 1".into()
        } else {
            next = line.start + 1;
            continue;
        };
        return fault(Rule::DebugLine, Section::Debug, format!("a line entry of defined function {index} {message}"));
    }
    Ok(())
}

fn check_registers(module: &Module, debug: &Debug, index: usize, function: &FunctionDebug) -> Check {
    let parameters = module.function_type(module.functions[index].signature).map_or(0, |signature| signature.parameters.len());
    let registers = parameters + module.functions[index].body.locals.len();
    let mut next = 0;
    for register in &function.registers {
        check_string(debug, register.name, "the name of a register")?;
        if register.register < next || register.register as usize >= registers {
            let message = format!(
                "register {} of defined function {index} is named; names go up from register {next} and the function has {registers}",
                register.register
            );
            return fault(Rule::DebugRegister, Section::Debug, message);
        }
        next = register.register + 1;
    }
    Ok(())
}
