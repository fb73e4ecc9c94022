//! `vm dis`: module to text.

use crate::args::DisArguments;
use crate::exit::{Failure, SUCCESS};
use crate::{input, output};
use limosa::spec;

/// Shows a module as text.
pub fn run(arguments: &DisArguments) -> Result<i32, Failure> {
    let refused = |error: &dyn std::fmt::Display| Failure::refused(format!("{}: {error}", input::name(&arguments.file)));
    let bytes = input::read_module(&arguments.file)?;
    let module = spec::decode(&bytes).map_err(|error| refused(&error))?;
    let text = spec::disassemble::disassemble(&module, spec::disassemble::Options { debug: !arguments.no_debug })
        .map_err(|error| refused(&error))?;
    output::print(text)?;
    Ok(SUCCESS)
}
