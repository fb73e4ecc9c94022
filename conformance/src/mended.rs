//! Refused programs say how they are mended: a line that ends in `//=> TEXT` is replaced by the text. The mended module is accepted, so
//! the program breaks no rule but the one it names.

const MARK: &str = "//=>";

/// The program with each marked line replaced; None if no line is marked.
pub fn mend(text: &str) -> Option<String> {
    let mut marked = false;
    let lines = text.lines().map(|line| match line.split_once(MARK) {
        Some((_, mended)) => {
            marked = true;
            format!("{}\n", mended.trim_start())
        }
        None => format!("{line}\n"),
    });
    let mended = lines.collect();
    marked.then_some(mended)
}

/// The same as a command for a shell; the file is quoted.
pub fn command(file: &str) -> String {
    format!("sed 's|.*{MARK} *||' {file}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_lines_are_replaced() {
        assert_eq!(mend("a\n  ret 1  //=> ret\n//=>\n").as_deref(), Some("a\nret\n\n"));
        assert_eq!(mend("a // = > b\n"), None);
    }
}
