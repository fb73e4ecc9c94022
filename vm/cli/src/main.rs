//! The `vm` program. It only talks: reading arguments and files, calling the library crates, and telling what came of it. Whatever input
//! it gets, it ends with one of the codes in [`exit`], never by a panic or a signal.

#![forbid(unsafe_code)]

mod args;
mod commands;
mod exit;
mod input;
mod output;
mod size;
mod terminal;

use args::{Arguments, Command};
use clap::Parser;
use exit::{Failure, INTERNAL};
use std::panic::catch_unwind;
use std::process::exit;

// A checked build takes the system's allocator, which sanitizers watch.
#[cfg(not(feature = "checked"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // Panics of host functions become exceptions of the program; those of our own are told below.
    std::panic::set_hook(Box::new(|_| {}));
    let code = match catch_unwind(|| run(Arguments::parse())) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => {
            terminal::error(&failure.message);
            failure.code
        }
        Err(panic) => {
            let what = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            terminal::error(&format!(
                "internal error: {}\nPlease report it with the command that led to it.",
                what.unwrap_or("no message")
            ));
            INTERNAL
        }
    };
    // Without dropping what the system takes back anyway.
    exit(code);
}

fn run(arguments: Arguments) -> Result<i32, Failure> {
    match arguments.command {
        Command::Run(run) => commands::run::run(&run),
        Command::Asm(asm) => commands::asm::run(&asm),
        Command::Dis(dis) => commands::dis::run(&dis),
        Command::Verify(verify) => commands::verify::run(&verify),
        Command::Inspect(inspect) => commands::inspect::run(&inspect),
    }
}
