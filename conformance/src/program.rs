//! One program under all columns: its binary form is made, taken apart, and made again; then each case is run.

use std::path::{Path, PathBuf};

use crate::check::{check, difference};
use crate::command::{Binary, Machine, Output, quote};
use crate::expect::{self, Case, Ending, Source};
use crate::matrix::Column;
use crate::mended;
use crate::report::Verdict;

/// A program while it is run.
struct Program<'a> {
    machine: &'a Machine,
    /// The file, and its path as it is shown.
    file: &'a Path,
    shown: String,
    /// Where files are kept meanwhile.
    scratch: &'a Path,
    /// The binary form, if there is one.
    binary: Option<PathBuf>,
}

/// Runs a program under all columns.
pub fn run(machine: &Machine, file: &Path, columns: &[Column], scratch: &Path) -> Vec<Verdict> {
    let shown = machine.path(file);
    let cases = match read_cases(file) {
        Ok(cases) => cases,
        Err(message) => return vec![Verdict::new(&shown, "", "header", Err(message), || format!("head {}", quote(&shown)))],
    };
    let mut program = Program { machine, file, shown, scratch, binary: None };
    if let Some(Case { ending: Ending::Rejected(rule), .. }) = cases.first() {
        return vec![program.rejected(rule)];
    }
    let mut verdicts = vec![program.round_trip()];
    for case in &cases {
        let mut first = None;
        for column in columns {
            verdicts.push(program.case(case, column, &mut first));
        }
    }
    verdicts
}

/// What a run left beside what its header tells: it must be the same in all columns.
struct Trace {
    column: &'static str,
    stderr: Vec<u8>,
    fuel_used: u64,
}

/// The cases of a program: in its header, or in the file beside it that ends in `.expect`.
pub fn read_cases(file: &Path) -> Result<Vec<Case>, String> {
    let beside = file.with_extension("expect");
    let header = if beside.is_file() { beside } else { file.to_path_buf() };
    let text = std::fs::read_to_string(&header).map_err(|error| format!("{}: {error}", header.display()))?;
    expect::parse(&text)
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

impl Program<'_> {
    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("."))
    }

    fn is_text(&self) -> bool {
        self.file.extension().is_some_and(|extension| extension == "vasm")
    }

    /// Assembles, disassembles and assembles again: the two binary files must be the same.
    fn round_trip(&mut self) -> Verdict {
        let name = self.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let first = self.scratch.join(format!("{name}.bc"));
        let second = self.scratch.join(format!("{name}.again.bc"));
        let result = self.make(&first, &second);
        if result.is_ok() {
            self.binary = Some(first);
        }
        let shown = self.shown.clone();
        let vm = self.machine.vm.line(&[]);
        Verdict::new(&self.shown, "", "round-trip", result, || {
            format!(
                "{vm} asm {0} -o /tmp/a.bc && {vm} dis /tmp/a.bc > /tmp/a.vasm && {vm} asm /tmp/a.vasm -o /tmp/b.bc && cmp /tmp/a.bc /tmp/b.bc",
                quote(&shown)
            )
        })
    }

    fn make(&self, first: &Path, second: &Path) -> Result<(), String> {
        std::fs::create_dir_all(self.scratch).map_err(|error| format!("{}: {error}", self.scratch.display()))?;
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
        if self.is_text() {
            self.command(&["asm", &self.shown, "-o", &path(first)], Vec::new())?;
        } else {
            std::fs::copy(self.file, first).map_err(|error| error.to_string())?;
        }
        let text = self.command(&["dis", &path(first)], Vec::new())?;
        self.command(&["asm", "-", "-o", &path(second)], text)?;
        if read(first)? == read(second)? { Ok(()) } else { Err("disassembled and assembled again it is another file".to_owned()) }
    }

    /// Runs a command that must succeed; gives its output.
    fn command(&self, words: &[&str], stdin: Vec<u8>) -> Result<Vec<u8>, String> {
        self.machine.run(&self.machine.vm, &strings(words), stdin)?.succeeded(&format!("vm {}", words[0]))
    }

    /// The words of a run: the program is the binary form, or for people and for want of it the file itself.
    fn words(&self, case: &Case, column: &Column, program: String, stats: &Path) -> Vec<String> {
        let mut words = strings(&["run"]);
        words.extend(column.flags(case.stress.as_deref()));
        words.extend(case.flags.iter().cloned());
        words.push(format!("--stats=json:{}", stats.display()));
        words.push(program);
        words.extend(case.args.iter().cloned());
        words
    }

    fn binary(&self, column: &Column) -> &Binary {
        if column.is_reference { &self.machine.reference } else { &self.machine.vm }
    }

    /// Runs a case; what it left is compared with what the first column left that was good.
    fn case(&self, case: &Case, column: &Column, first: &mut Option<Trace>) -> Verdict {
        let result = self.run_case(case, column).and_then(|trace| match first {
            Some(first) => first.agrees(&trace, case),
            None => {
                *first = Some(trace);
                Ok(())
            }
        });
        Verdict::new(&self.shown, &case.name, column.name, result, || {
            let line = self.binary(column).line(&self.words(case, column, self.shown.clone(), Path::new("/dev/stderr")));
            match &case.stdin {
                Source::Empty => format!("{line} < /dev/null"),
                Source::File(path) => format!("{line} < {}", quote(&self.machine.path(&self.folder().join(path)))),
                Source::Lines(lines) => {
                    let lines: Vec<String> = lines.iter().map(|line| quote(line)).collect();
                    format!("printf '%s\\n' {} | {line}", lines.join(" "))
                }
            }
        })
    }

    fn run_case(&self, case: &Case, column: &Column) -> Result<Trace, String> {
        let (stdin, stdout) = (case.stdin.bytes(self.folder())?, case.stdout.bytes(self.folder())?);
        let program = self.binary.as_ref().map_or(self.shown.clone(), |path| path.to_string_lossy().into_owned());
        let stats = self.scratch.join("stats.json");
        let output = self.machine.run(self.binary(column), &self.words(case, column, program, &stats), stdin)?;
        check(case, &stdout, &output)?;
        let fuel_used = fuel_used(&stats)?;
        match case.fuel_used {
            Some(wanted) if wanted != fuel_used => Err(format!("it used {fuel_used} units of fuel instead of {wanted}")),
            _ => Ok(Trace { column: column.name, stderr: output.stderr, fuel_used }),
        }
    }

    /// The program must be refused by the rule, by the verifier or by what reads the binary form, and accepted when it is mended.
    fn rejected(&self, rule: &str) -> Verdict {
        let result = self.refused(rule).and_then(|()| self.accepted_when_mended());
        let (vm, shown) = (self.machine.vm.line(&[]), quote(&self.shown));
        let verdict = Verdict::new(&self.shown, "", "verify", result, || match self.is_text() {
            true => format!(
                "{vm} asm {shown} -o /tmp/a.bc; {vm} verify --json /tmp/a.bc; {} | {vm} asm - -o /tmp/b.bc; {vm} verify --json /tmp/b.bc",
                mended::command(&shown)
            ),
            false => format!("{vm} verify --json {shown}"),
        });
        verdict.covering(format!("rule {rule}"))
    }

    fn refused(&self, rule: &str) -> Result<(), String> {
        let binary = match self.is_text() {
            true => self.assembled(&self.shown, Vec::new())?,
            false => self.file.to_path_buf(),
        };
        check_rule(rule, &self.verify(&binary)?)
    }

    /// Each line that says what should stand in its place is replaced: then the module breaks no rule, so it broke only that one.
    fn accepted_when_mended(&self) -> Result<(), String> {
        if !self.is_text() {
            return Ok(());
        }
        let text = std::fs::read_to_string(self.file).map_err(|error| format!("{}: {error}", self.shown))?;
        let mended = mended::mend(&text).ok_or("no line says `//=> …`, what should stand in its place")?;
        check_accepted(&self.verify(&self.assembled("-", mended.into_bytes())?)?)
    }

    fn verify(&self, binary: &Path) -> Result<Output, String> {
        self.machine.run(&self.machine.vm, &strings(&["verify", "--json", &binary.to_string_lossy()]), Vec::new())
    }

    /// The binary form. The assembler writes also what the verifier refuses.
    fn assembled(&self, text: &str, stdin: Vec<u8>) -> Result<PathBuf, String> {
        std::fs::create_dir_all(self.scratch).map_err(|error| format!("{}: {error}", self.scratch.display()))?;
        let binary = self.scratch.join("rejected.bc");
        self.command(&["asm", text, "-o", &binary.to_string_lossy()], stdin)?;
        Ok(binary)
    }
}

impl Trace {
    /// Whether another column left the same: what was written to standard error, stack traces included, and the fuel used.
    fn agrees(&self, other: &Trace, case: &Case) -> Result<(), String> {
        // Without memory, which frames the trace of an exception tells is up to the implementation.
        let shown = |stderr: &[u8]| match case.exhausts_memory {
            true => stderr.split(|&byte| byte == b'\n').next().unwrap_or_default().to_vec(),
            false => stderr.to_vec(),
        };
        if let Some(difference) = difference("standard error", &shown(&self.stderr), &shown(&other.stderr)) {
            return Err(format!("it differs from column {}: {difference}", self.column));
        }
        if self.fuel_used != other.fuel_used && !case.exhausts_memory {
            return Err(format!("it used {} units of fuel, but in column {} {}", other.fuel_used, self.column, self.fuel_used));
        }
        Ok(())
    }
}

/// The fuel that the statistics of a run tell.
pub fn fuel_used(path: &Path) -> Result<u64, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let stats: serde_json::Value = serde_json::from_str(&text).map_err(|error| format!("the statistics are no JSON: {error}"))?;
    stats.get("fuel_used").and_then(serde_json::Value::as_u64).ok_or_else(|| "the statistics do not tell `fuel_used`".to_owned())
}

/// Whether a module was accepted.
pub fn check_accepted(output: &Output) -> Result<(), String> {
    match output.code {
        Some(0) => Ok(()),
        _ => Err(format!("it should be accepted\n{}{}", String::from_utf8_lossy(&output.stdout), output.stderr_text())),
    }
}

/// Whether a refusal, a JSON object, names the rule.
pub fn check_rule(rule: &str, output: &Output) -> Result<(), String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &output.stderr_text();
    if output.code != Some(3) {
        return Err(format!("it ended with {} instead of exit code 3\n{text}", crate::command::ending(output.code)));
    }
    let verdict: serde_json::Value = serde_json::from_str(&text).map_err(|error| format!("the verdict is no JSON: {error}\n{text}"))?;
    match verdict.get("rule").and_then(serde_json::Value::as_str) {
        Some(found) if found == rule => Ok(()),
        found => Err(format!("it was refused by `{}` instead of `{rule}`\n{text}", found.unwrap_or("no rule"))),
    }
}
