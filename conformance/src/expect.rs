//! Header lines: what a program says about itself. They are comments, `//= key: value`, before the first line of code.

use std::path::{Path, PathBuf};

/// One way to run a program, and what must happen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// What it is about; empty for the only or first one.
    pub name: String,
    /// The program's arguments.
    pub args: Vec<String>,
    /// More flags of the VM.
    pub flags: Vec<String>,
    /// Standard input.
    pub stdin: Source,
    /// What must come out at standard output.
    pub stdout: Source,
    /// What must come out at standard error; not looked at if None and the program fails.
    pub stderr: Option<String>,
    /// How it must end.
    pub ending: Ending,
    /// The fuel it must use.
    pub fuel_used: Option<u64>,
    /// The mode of columns that stress the collector, instead of `always`.
    pub stress: Option<String>,
    /// Whether the fuel used depends on the moment at which memory is exhausted, which is up to the implementation.
    pub exhausts_memory: bool,
}

/// Where some bytes come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Source {
    /// There are none.
    #[default]
    Empty,
    /// Lines of the header, each with its end.
    Lines(Vec<String>),
    /// A file, by its path from the program's folder.
    File(PathBuf),
}

/// How a program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With an exit code.
    Exit(i32),
    /// With an uncaught exception of a class.
    Throws(String),
    /// It does not even begin, by a rule of the verifier.
    Rejected(String),
}

impl Default for Ending {
    fn default() -> Ending {
        Ending::Exit(0)
    }
}

impl Source {
    /// The bytes.
    pub fn bytes(&self, folder: &Path) -> Result<Vec<u8>, String> {
        match self {
            Source::Empty => Ok(Vec::new()),
            Source::Lines(lines) => Ok(lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()),
            Source::File(path) => {
                let path = folder.join(path);
                std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
            }
        }
    }

    fn add_line(&mut self, line: &str) -> Result<(), String> {
        match self {
            Source::Empty => *self = Source::Lines(vec![line.to_owned()]),
            Source::Lines(lines) => lines.push(line.to_owned()),
            Source::File(_) => return Err("both lines and a file are given".to_owned()),
        }
        Ok(())
    }

    fn set_file(&mut self, path: &str) -> Result<(), String> {
        if *self != Source::Empty {
            return Err("only one file, and no lines beside it, can be given".to_owned());
        }
        *self = Source::File(PathBuf::from(path));
        Ok(())
    }
}

/// The cases of a program.
pub fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut cases = vec![Case::default()];
    let mut empty = true;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if !line.is_empty() && !line.starts_with("//") {
            break;
        }
        let Some(header) = line.strip_prefix("//=") else { continue };
        let wrong = |message: &str| format!("line {}: {message}", number + 1);
        let (key, value) = header.split_once(':').ok_or_else(|| wrong("a header line is `//= key: value`"))?;
        let (key, value) = (key.trim(), value.strip_prefix(' ').unwrap_or(value));
        if key == "case" {
            if empty {
                cases.clear();
            }
            cases.push(Case { name: value.trim().to_owned(), ..Case::default() });
            empty = false;
            continue;
        }
        empty = false;
        let case = cases.last_mut().ok_or_else(|| wrong("no case"))?;
        set(case, key, value).map_err(|message| wrong(&message))?;
    }
    Ok(cases)
}

fn set(case: &mut Case, key: &str, value: &str) -> Result<(), String> {
    match key {
        "args" => case.args = words(value),
        "flags" => case.flags = words(value),
        "stdin" => case.stdin.add_line(value)?,
        "stdin-file" => case.stdin.set_file(value.trim())?,
        "stdout" => case.stdout.add_line(value)?,
        "stdout-file" => case.stdout.set_file(value.trim())?,
        "stderr" => {
            let stderr = case.stderr.get_or_insert_default();
            stderr.push_str(value);
            stderr.push('\n');
        }
        "exit" => end(case, Ending::Exit(value.trim().parse().map_err(|_| "an exit code is a number".to_owned())?))?,
        "throws" => end(case, Ending::Throws(value.trim().to_owned()))?,
        "rejected" => end(case, Ending::Rejected(value.trim().to_owned()))?,
        "fuel-used" => case.fuel_used = Some(value.trim().parse().map_err(|_| "fuel is a number".to_owned())?),
        "exhausts" if value.trim() == "memory" => case.exhausts_memory = true,
        "stress" => case.stress = Some(value.trim().to_owned()),
        _ => return Err(format!("no key `{key}`")),
    }
    Ok(())
}

fn end(case: &mut Case, ending: Ending) -> Result<(), String> {
    if case.ending != Ending::default() {
        return Err("the case has two endings".to_owned());
    }
    case.ending = ending;
    Ok(())
}

/// The words of a line; those in double quotes may have blanks in them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_make_cases() {
        let text = "// A program.\n//= args: 1 \"two words\" \"\"\n//= stdout: a\n//= stdout:  b \n//= stress: alloc:5\n\n\
                    //= case: other\n//= stdin-file: x\n//= throws: IndexError\n//= fuel-used: 12\nmodule m\n//= exit: 9\n";
        let cases = parse(text).unwrap();
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].args, ["1", "two words", ""]);
        assert_eq!(cases[0].stdout.bytes(Path::new("")).unwrap(), b"a\n b \n");
        assert_eq!((cases[0].ending.clone(), cases[0].stress.as_deref()), (Ending::Exit(0), Some("alloc:5")));
        assert_eq!((cases[1].name.as_str(), &cases[1].stdin), ("other", &Source::File("x".into())));
        assert_eq!((cases[1].ending.clone(), cases[1].fuel_used), (Ending::Throws("IndexError".into()), Some(12)));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert_eq!(parse("//= stdot: x\n").unwrap_err(), "line 1: no key `stdot`");
        assert!(parse("//= exit: 1\n//= throws: E\n").unwrap_err().starts_with("line 2"));
        assert!(parse("//= stdin: 1\n//= stdin-file: E\n").is_err());
        assert!(parse("//= exhausts: time\n").is_err());
        assert!(parse("//= nothing\n").is_err());
        assert_eq!(parse("//= case: only\n//= exit: 3\n").unwrap().len(), 1);
    }
}
