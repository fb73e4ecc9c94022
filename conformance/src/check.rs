//! Comparing what a run left with what was said of it.

use crate::command::{Output, ending};
use crate::expect::{Case, Ending};

/// What is wrong with a run, if anything is.
pub fn check(case: &Case, wanted_stdout: &[u8], output: &Output) -> Result<(), String> {
    let mut wrong = Vec::new();
    let wanted_code = match case.ending {
        Ending::Exit(code) => code,
        Ending::Throws(_) => 1,
        Ending::Rejected(_) => 3,
    };
    if output.code != Some(wanted_code) {
        wrong.push(format!("it ended with {} instead of {}", ending(output.code), ending(Some(wanted_code))));
    }
    if let Some(difference) = difference("standard output", wanted_stdout, &output.stdout) {
        wrong.push(difference);
    }
    let stderr = output.stderr_text();
    match (&case.ending, &case.stderr) {
        (_, Some(wanted)) => wrong.extend(difference("standard error", wanted.as_bytes(), &output.stderr)),
        (Ending::Exit(0), None) => wrong.extend(difference("standard error", b"", &output.stderr)),
        (Ending::Throws(class), None) if !names(&stderr, class) => {
            wrong.push(format!("`{class}` should have been thrown; standard error does not say so:"));
            wrong.push(stderr.clone());
        }
        _ => {}
    }
    if wrong.is_empty() {
        return Ok(());
    }
    // What a program that failed says of itself often tells most.
    if case.stderr.is_none() && output.code != Some(wanted_code) {
        wrong.push(excerpt(&stderr, 12));
    }
    Err(wrong.join("\n"))
}

/// Whether the first line of a text has a word; classes may be qualified by their module.
fn names(text: &str, word: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').any(|found| {
        let found = found.trim_end_matches('.');
        found == word || found.strip_suffix(word).is_some_and(|module| module.ends_with('.'))
    })
}

/// The first line at which two outputs differ.
pub fn difference(what: &str, wanted: &[u8], found: &[u8]) -> Option<String> {
    if wanted == found {
        return None;
    }
    let (wanted, found) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(found));
    let mut lines = (wanted.split('\n'), found.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        match (lines.0.next(), lines.1.next()) {
            (Some(wanted), Some(found)) if wanted == found => {}
            (None, None) => return Some(format!("{what} differs in bytes that are no text")),
            (wanted, found) => {
                let show = |line: Option<&str>| line.map_or("nothing more".to_owned(), |line| format!("`{}`", excerpt(line, 1)));
                return Some(format!("{what}, line {number}: {} instead of {}", show(found), show(wanted)));
            }
        }
    }
}

/// The first lines of a text, none very long.
fn excerpt(text: &str, lines: usize) -> String {
    let cut = |line: &str| line.chars().take(200).collect::<String>();
    text.lines().take(lines).map(cut).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(code: i32, stdout: &str, stderr: &str) -> Output {
        Output { code: Some(code), stdout: stdout.into(), stderr: stderr.into() }
    }

    #[test]
    fn each_part_of_an_output_counts() {
        let case = Case::default();
        assert!(check(&case, b"ok\n", &output(0, "ok\n", "")).is_ok());
        assert!(check(&case, b"ok\n", &output(1, "ok\n", "")).is_err());
        assert!(check(&case, b"ok\n", &output(0, "ok", "")).is_err());
        assert!(check(&case, b"ok\n", &output(0, "ok\n", "x")).is_err());
        let message = check(&case, b"a\nb\nc\n", &output(0, "a\nx\nc\n", "")).unwrap_err();
        assert_eq!(message, "standard output, line 2: `x` instead of `b`");
    }

    #[test]
    fn an_exception_is_known_by_its_class() {
        let case = Case { ending: Ending::Throws("IndexError".into()), ..Case::default() };
        assert!(check(&case, b"", &output(1, "", "uncaught IndexError: index 3\n")).is_ok());
        assert!(check(&case, b"", &output(1, "", "uncaught m.IndexError\n")).is_ok());
        assert!(check(&case, b"", &output(1, "", "uncaught MyIndexError: x\n")).is_err());
        assert!(check(&case, b"", &output(1, "", "uncaught Error\nIndexError\n")).is_err());
        assert!(check(&case, b"", &output(3, "", "uncaught IndexError\n")).is_err());
    }
}
