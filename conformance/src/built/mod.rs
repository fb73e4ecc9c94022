//! Modules that are made while the suite runs: those that no text can say, because the assembler would refuse it, and those at the limits
//! of the format, which are too large for text. Each case has two forms: one is accepted, the other, a single change away, is refused
//! by one rule.

mod declarations;
mod fixed;
mod frame;
mod instructions;
mod large;
mod limits;
mod probe;
mod running;

use std::io::Write;
use std::path::Path;

use limosa_spec::verify::Rule;
use limosa_spec::{DecodeRule, Module, canonicalize, decode, encode_unchecked};

use crate::command::{Machine, Output, quote};
use crate::matrix::Column;
use crate::program::{check_accepted, check_rule};
use crate::report::Verdict;

/// Makes a form of a case out of the base module; the flag says whether the accepted one.
type Make = Box<dyn Fn(&Module, bool) -> Result<File, String> + Send + Sync>;

/// A case.
pub struct Case {
    /// What it is called in reports and for `--only`.
    pub name: String,
    /// The rules and limits it is about.
    covers: Vec<String>,
    /// The rule the second form is refused by; none if there is no second form, and the first is run.
    rule: Option<&'static str>,
    make: Make,
}

/// A module file.
pub struct File {
    bytes: Vec<u8>,
    /// How long the file is; what follows the bytes is zero.
    length: u64,
}

impl File {
    fn new(bytes: Vec<u8>) -> File {
        let length = bytes.len() as u64;
        File { bytes, length }
    }

    /// A module numbered canonically, as far as it can be.
    fn of(module: Module) -> Result<File, String> {
        let mut numbered = module.clone();
        match canonicalize(&mut numbered) {
            Ok(()) => File::unnumbered(&numbered),
            Err(_) => File::unnumbered(&module),
        }
    }

    /// A module exactly as it is.
    fn unnumbered(module: &Module) -> Result<File, String> {
        encode_unchecked(module).map(File::new).map_err(|error| error.to_string())
    }

    fn write(&self, path: &Path) -> Result<(), String> {
        let write = || {
            let mut file = std::fs::File::create(path)?;
            file.write_all(&self.bytes)?;
            file.set_len(self.length)
        };
        write().map_err(|error| format!("{}: {error}", path.display()))
    }
}

impl Case {
    /// A case for a rule of the verifier: the base module, in its second form changed.
    fn rule(rule: Rule, what: &str, change: impl Fn(&mut Module) + Send + Sync + 'static) -> Case {
        let make = move |base: &Module, good: bool| {
            let mut module = base.clone();
            if !good {
                change(&mut module);
            }
            File::of(module)
        };
        Case::of_rule(rule, what, Box::new(make))
    }

    fn of_rule(rule: Rule, what: &str, make: Make) -> Case {
        let refused_by = rule.anticipated_by().map_or(rule.id(), DecodeRule::id);
        Case { name: format!("built/{rule}/{what}"), covers: vec![format!("rule {refused_by}")], rule: Some(refused_by), make }
    }

    /// A case for a limit of the format, in its second form one past it.
    fn of_limit(limit: &'static str, rule: &'static str, make: Make) -> Case {
        Case {
            name: format!("built/limit/{limit}"),
            covers: vec![format!("limit {limit}"), format!("rule {rule}")],
            rule: Some(rule),
            make,
        }
    }

    /// A program that is run and ends with 0.
    fn running(name: &str, make: impl Fn(&Module) -> Result<File, String> + Send + Sync + 'static) -> Case {
        Case { name: name.to_owned(), covers: Vec::new(), rule: None, make: Box::new(move |base, _| make(base)) }
    }

    /// The same with a name of its own, where a limit has several cases.
    fn called(self, name: &str) -> Case {
        Case { name: format!("{}/{name}", self.name), ..self }
    }
}

/// All cases, those that take long first.
pub fn cases() -> Vec<Case> {
    let limits = [large::cases(), frame::cases(), limits::cases(), running::cases()];
    let rules = [declarations::cases(), instructions::cases(), fixed::cases()];
    limits.into_iter().chain(rules).flatten().collect()
}

/// The module that the cases change.
pub fn base(machine: &Machine) -> Result<Module, String> {
    let words = ["asm", "-", "-o", "-"].map(str::to_owned);
    let bytes = machine.run(&machine.vm, &words, include_bytes!("base.vasm").to_vec())?.succeeded("vm asm of the base module")?;
    decode(&bytes).map_err(|error| error.to_string())
}

/// Makes both forms of a case and has them judged.
pub fn run(machine: &Machine, base: &Module, case: &Case, columns: &[Column], scratch: &Path) -> Vec<Verdict> {
    let verdict = |column: &str, result: Result<(), String>| {
        let runner = std::env::args().next().unwrap_or_else(|| "conformance".to_owned());
        Verdict::new(&case.name, "", column, result, || {
            format!("{} --vm {} --only={}", quote(&runner), quote(&machine.vm.shown.to_string_lossy()), quote(&case.name))
        })
    };
    let Some(rule) = case.rule else {
        let wanted = |dispatch: &&str| columns.iter().any(|column| column.name.starts_with(dispatch));
        let dispatches = ["direct", "trampoline"].into_iter().filter(wanted);
        return dispatches.map(|dispatch| verdict(dispatch, runs(machine, base, case, dispatch, scratch))).collect();
    };
    let accepted = with_file(base, case, true, scratch, |file| check_accepted(&verify(machine, file)?));
    let refused = with_file(base, case, false, scratch, |file| check_rule(rule, &verify(machine, file)?));
    let both = accepted.is_ok() && refused.is_ok();
    let mut verdicts = vec![verdict("accepted", accepted), verdict("refused", refused)];
    if both {
        let covering = case.covers.iter().map(|what| verdict("both", Ok(())).covering(what.clone()));
        verdicts.extend(covering);
    }
    verdicts
}

/// Runs the only form of a case with a dispatcher.
fn runs(machine: &Machine, base: &Module, case: &Case, dispatch: &str, scratch: &Path) -> Result<(), String> {
    with_file(base, case, true, scratch, |file| {
        let words = ["run".to_owned(), format!("--dispatch={dispatch}"), "--stack=100000".to_owned(), file.to_owned()];
        machine.run(&machine.vm, &words, Vec::new())?.succeeded("vm run").map(|_| ())
    })
}

fn verify(machine: &Machine, file: &str) -> Result<Output, String> {
    let words = ["verify", "--json", file].map(str::to_owned);
    machine.run(&machine.vm, &words, Vec::new())
}

/// Makes a form of a case and does something with the file.
fn with_file(
    base: &Module,
    case: &Case,
    good: bool,
    scratch: &Path,
    action: impl FnOnce(&str) -> Result<(), String>,
) -> Result<(), String> {
    std::fs::create_dir_all(scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let path = scratch.join("built.bc");
    (case.make)(base, good)?.write(&path)?;
    let result = action(&path.to_string_lossy());
    // A large file is in the way of the next one.
    let _ = std::fs::remove_file(&path);
    result
}

#[cfg(test)]
mod tests {
    #[test]
    fn cases_have_different_names() {
        let mut names: Vec<String> = super::cases().into_iter().map(|case| case.name).collect();
        names.sort();
        let twice: Vec<&[String]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
