//! Running texts.

use limosa_reference::{Ending, Options, Outcome, Refused, run};
use limosa_spec::verify::VerifiedModule;

/// A text as a verified module.
pub fn module(text: &str) -> VerifiedModule {
    let module = limosa_assembler::assemble("test.vasm", text).unwrap_or_else(|error| panic!("{error}"));
    limosa_spec::verify(module).unwrap_or_else(|error| panic!("{error}"))
}

/// What comes of texts that are modules of one program.
pub fn run_all(texts: &[&str], options: Options) -> Result<Outcome, Refused> {
    run(texts.iter().map(|text| module(text)).collect(), options)
}

/// What comes of a module's text.
pub fn outcome(text: &str, options: Options) -> Outcome {
    run_all(&[text], options).unwrap_or_else(|error| panic!("{error}"))
}

/// How a module's text ends without limits out of the ordinary.
pub fn ending(text: &str) -> Ending {
    outcome(text, Options::default()).ending
}

/// The class of the exception that ends a run.
pub fn class(ending: &Ending) -> &str {
    match ending {
        Ending::Uncaught(exception) => &exception.class,
        other => panic!("{other:?}"),
    }
}
