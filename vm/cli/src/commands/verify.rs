//! `vm verify`: whether a module keeps all rules.

use crate::args::VerifyArguments;
use crate::exit::{Failure, REFUSED, SUCCESS};
use crate::{input, output};
use limosa::spec::{self, DecodeError, VerifyError};
use serde::Serialize;

/// The result as JSON; what does not apply is null.
#[derive(Debug, Default, Serialize)]
struct Verdict {
    ok: bool,
    rule: Option<&'static str>,
    section: Option<&'static str>,
    function: Option<String>,
    offset: Option<u64>,
    operand: Option<u32>,
    message: Option<String>,
}

/// A refusal for programs and for people.
struct Refused {
    verdict: Verdict,
    text: String,
}

/// Checks a module and tells the result.
pub fn run(arguments: &VerifyArguments) -> Result<i32, Failure> {
    let name = input::name(&arguments.file);
    match check(arguments, &name) {
        Ok(summary) => {
            let verdict = Verdict { ok: true, ..Verdict::default() };
            output::print(if arguments.json { json(&verdict)? } else { format!("{name}: {summary}\n") })?;
            Ok(SUCCESS)
        }
        Err(refused) if arguments.json => {
            output::print(json(&refused.verdict)?)?;
            Ok(REFUSED)
        }
        Err(refused) => Err(Failure::refused(refused.text)),
    }
}

fn check(arguments: &VerifyArguments, name: &str) -> Result<String, Box<Refused>> {
    let refused = |verdict, text| Box::new(Refused { verdict, text });
    let bytes = input::read_module(&arguments.file).map_err(|failure| refused(unread(arguments, &failure.message), failure.message))?;
    let module = spec::decode(&bytes).map_err(|error| refused(of_format(&error), format!("{name}: {error}")))?;
    let module = spec::verify(module).map_err(|error| refused(of_verifier(&error), format!("{name}: {error}")))?;
    let count = module.functions.len();
    let plural = if count == 1 { "" } else { "s" };
    Ok(format!("ok, module `{}` with {count} function{plural}", module.string(module.manifest.name)))
}

/// A file that cannot be read breaks no rule, unless it is too long.
fn unread(arguments: &VerifyArguments, message: &str) -> Verdict {
    let is_too_long = std::fs::metadata(&arguments.file).is_ok_and(|metadata| metadata.len() > spec::limits::MODULE_BYTES as u64);
    let rule = is_too_long.then(|| spec::DecodeRule::LimitModuleBytes.id());
    Verdict { rule, message: Some(message.to_owned()), ..Verdict::default() }
}

fn of_format(error: &DecodeError) -> Verdict {
    Verdict {
        ok: false,
        rule: Some(error.rule.id()),
        section: error.section.map(spec::format::Section::name),
        function: error.function.as_ref().map(ToString::to_string),
        offset: Some(error.offset as u64),
        operand: None,
        message: Some(error.message.clone()),
    }
}

fn of_verifier(error: &VerifyError) -> Verdict {
    Verdict {
        ok: false,
        rule: Some(error.rule.id()),
        section: Some(error.section.name()),
        function: error.function.as_ref().map(|function| function.name.clone()),
        offset: error.offset,
        operand: error.operand,
        message: Some(error.message.clone()),
    }
}

/// One line of JSON.
pub fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::output(error.to_string()))?;
    Ok(text + "\n")
}
