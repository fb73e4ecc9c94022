//! The embedding API as its users see it.

mod calls;
mod handles;
mod hosts;
mod native_stack;
mod suspension;
mod traps;
mod values;

use limosa::{Engine, Host, Isolate, Limits, Module, Program};

/// A module from its text.
fn module(text: &str) -> Module {
    let assembled = limosa_assembler::assemble("test.vasm", text).unwrap_or_else(|error| panic!("{error}"));
    Engine::new().unwrap().verify(assembled).unwrap_or_else(|error| panic!("{error}"))
}

/// A program of one module and no host functions.
fn program(text: &str) -> Program<()> {
    Host::new().link(&module(text)).unwrap()
}

/// An isolate of such a program.
fn isolate(text: &str) -> Isolate<()> {
    program(text).isolate((), Limits::new()).unwrap()
}

/// An isolate with host functions.
fn hosted<T: Send + 'static>(host: &Host<T>, data: T, text: &str) -> Isolate<T> {
    host.link(&module(text)).unwrap().isolate(data, Limits::new()).unwrap()
}
