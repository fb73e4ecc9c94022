//! How a run that did not return is told.

use crate::args::RunArguments;
use crate::exit::{INTERNAL, LIMIT, UNCAUGHT};
use crate::terminal::{bold, red, tell};
use limosa::{Trap, TrapKind};
use std::fmt::Write;

/// Tells what ended the program; gives the code to end with.
pub fn trap(trap: &Trap, arguments: &RunArguments) -> i32 {
    match trap.kind() {
        TrapKind::Exit(code) => *code,
        TrapKind::Exception { class } => {
            tell(&exception(trap, class));
            UNCAUGHT
        }
        TrapKind::Fuel => {
            let fuel = arguments.fuel.unwrap_or_default();
            limit(trap, &format!("the program used up its fuel of {fuel}; --fuel=N gives it more"))
        }
        TrapKind::Deadline => {
            let time = arguments.deadline.unwrap_or_default();
            limit(trap, &format!("the program was stopped after {time} ms; --deadline=MS gives it more time"))
        }
        TrapKind::Cancelled => limit(trap, "the program was stopped"),
        _ => {
            tell(&format!("{} internal error: {trap}\nPlease report it with the command that led to it.\n", red("error:")));
            INTERNAL
        }
    }
}

fn limit(trap: &Trap, message: &str) -> i32 {
    let mut text = format!("{} {message}\n", red("error:"));
    write_trace(&mut text, trap);
    tell(&text);
    LIMIT
}

fn exception(trap: &Trap, class: &str) -> String {
    let mut text = String::new();
    write_exception(&mut text, &red("uncaught"), class, trap.message());
    write_trace(&mut text, trap);
    for (class, message) in trap.causes() {
        write_exception(&mut text, &bold("caused by"), class, message);
    }
    text
}

fn write_exception(text: &mut String, prefix: &str, class: &str, message: &str) {
    let colon = if message.is_empty() { "" } else { ": " };
    let _ = writeln!(text, "{prefix} {}{colon}{message}", bold(class));
}

fn write_trace(text: &mut String, trap: &Trap) {
    if !trap.trace().frames().is_empty() {
        let _ = writeln!(text, "{}", trap.trace());
    }
}
