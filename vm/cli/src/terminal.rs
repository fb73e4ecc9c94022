//! Messages on the error stream, in colour if it is a terminal and `NO_COLOR` is not set.

use std::env;
use std::io::{self, IsTerminal, Write};

/// Whether the error stream takes colours.
pub fn has_colour() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || env::var_os("TERM").is_some_and(|term| term == "dumb");
    !refused && io::stderr().is_terminal()
}

/// Tells of an error; nothing if there is no message.
pub fn error(message: &str) {
    if !message.is_empty() {
        tell(&format!("{} {message}\n", red("error:")));
    }
}

/// Writes to the error stream. If nobody listens there is nobody to tell.
pub fn tell(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// For what is wrong.
pub fn red(text: &str) -> String {
    styled("1;31", text)
}

/// For what stands out.
pub fn bold(text: &str) -> String {
    styled("1", text)
}

fn styled(style: &str, text: &str) -> String {
    if has_colour() { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
}

/// An error of the system in words, without its number.
pub fn system_error(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
