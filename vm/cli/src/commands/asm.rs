//! `vm asm`: text to module.

use crate::args::AsmArguments;
use crate::exit::{Failure, REFUSED, SUCCESS};
use crate::{input, output, terminal};
use limosa::spec;
use limosa_assembler::{Assembly, Diagnostics, Severity, render};

/// Assembles a text and writes the module.
pub fn run(arguments: &AsmArguments) -> Result<i32, Failure> {
    let name = input::name(&arguments.file);
    let source = input::read_text(&arguments.file)?;
    let assembly = match limosa_assembler::assemble_bytes(&name, &source) {
        Ok(assembly) => assembly,
        Err(diagnostics) => {
            tell(arguments, &diagnostics)?;
            return Err(Failure::told(REFUSED));
        }
    };
    let bytes = spec::encode(&assembly.module).map_err(|error| Failure::refused(format!("{name}: {error}")))?;
    output::write(&arguments.output, &bytes)?;
    tell(arguments, &assembly.warnings)?;
    warn_of_refusal(arguments, assembly, &name, &source)?;
    Ok(SUCCESS)
}

/// Tells if the module will be refused when it is run.
fn warn_of_refusal(arguments: &AsmArguments, assembly: Assembly, name: &str, source: &[u8]) -> Result<(), Failure> {
    let Err(error) = spec::verify(assembly.module) else { return Ok(()) };
    let mut diagnostics = assembly.map.explain(&error, name, &String::from_utf8_lossy(source));
    for diagnostic in &mut diagnostics.list {
        diagnostic.severity = Severity::Warning;
    }
    tell(arguments, &diagnostics)
}

fn tell(arguments: &AsmArguments, diagnostics: &Diagnostics) -> Result<(), Failure> {
    if arguments.json && !input::is_stream(&arguments.output) {
        return output::print(render::json(diagnostics));
    }
    terminal::tell(&if arguments.json { render::json(diagnostics) } else { shown(diagnostics) });
    Ok(())
}

/// Diagnostics as they are shown on the error stream.
pub fn shown(diagnostics: &Diagnostics) -> String {
    if terminal::has_colour() { render::colour(diagnostics) } else { render::plain(diagnostics) }
}
