//! `vm run`: loads, links and runs a program.

use crate::args::RunArguments;
use crate::commands::asm::shown;
use crate::commands::report;
use crate::commands::stats::{self, Times};
use crate::exit::{Failure, REFUSED, SUCCESS};
use crate::input::{self, Kind};
use crate::terminal::{self, system_error};
use limosa::{Engine, EngineOptions, Host, Isolate, Limits, LoadError, Module, Program, spec};
use limosa_stdlib::{Capabilities, Std, Streams};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Runs a program; gives the code it ended with.
pub fn run(arguments: &RunArguments) -> Result<i32, Failure> {
    let start = Instant::now();
    let std = library(arguments)?;
    let engine = engine(arguments)?;
    let mut modules = vec![load(&engine, &arguments.file())?];
    for file in &arguments.link {
        modules.push(load(&engine, file)?);
    }
    let program = link(&modules, &arguments.file())?;
    let mut isolate = program.isolate(std, limits(arguments)).map_err(Failure::limit)?;
    let linked = Instant::now();
    let result = isolate.run();
    let ended = Instant::now();
    let flushed = flush(&mut isolate);
    let code = match result {
        Ok(code) => code,
        Err(trap) => report::trap(&trap, arguments),
    };
    if let Some(file) = &arguments.stats {
        stats::write(file, code, &modules, &Times { start, linked, ended }, &isolate)?;
    }
    flushed?;
    // The process ends: the system takes everything back faster than it could be dropped.
    std::mem::forget((isolate, program, modules));
    Ok(code)
}

/// What the program may do beyond computing.
fn library(arguments: &RunArguments) -> Result<Std, Failure> {
    let mut capabilities = Capabilities::none();
    for path in &arguments.allow_read {
        capabilities.allow_read(path).map_err(|error| not_allowed("--allow-read", path, &error))?;
    }
    for path in &arguments.allow_write {
        capabilities.allow_write(path).map_err(|error| not_allowed("--allow-write", path, &error))?;
    }
    if arguments.allow_env {
        capabilities.allow_env();
    }
    if arguments.allow_clock {
        capabilities.allow_clock();
    }
    if arguments.allow_random {
        capabilities.allow_random();
    }
    let mut args = Vec::with_capacity(arguments.args().len());
    for (index, arg) in arguments.args().iter().enumerate() {
        match arg.to_str() {
            Some(arg) => args.push(arg),
            None => return Err(Failure::usage(format!("argument {} of the program is not UTF-8", index + 1))),
        }
    }
    let std = Std::new(capabilities, Streams::process()).with_args(args);
    Ok(std.with_longest(arguments.heap).exit_on_broken_pipe(SUCCESS))
}

fn not_allowed(option: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("{option}={}: {}", path.display(), system_error(error)))
}

fn engine(arguments: &RunArguments) -> Result<Engine, Failure> {
    let options = match arguments.dispatch {
        Some(dispatch) => EngineOptions::new().dispatch(dispatch),
        None => EngineOptions::new(),
    };
    Engine::with_options(options).map_err(Failure::usage)
}

/// Loads a module, or assembles a text.
fn load(engine: &Engine, file: &Path) -> Result<Module, Failure> {
    match input::read_program(file)? {
        (Kind::Module, bytes) => engine.module(&bytes).map_err(|error| Failure::refused(format!("{}: {error}", file.display()))),
        (Kind::Text, source) => assemble(engine, &file.display().to_string(), &source),
    }
}

fn assemble(engine: &Engine, name: &str, source: &[u8]) -> Result<Module, Failure> {
    let told = |diagnostics: &limosa_assembler::Diagnostics| {
        terminal::tell(&shown(diagnostics));
        Failure::told(REFUSED)
    };
    let assembly = limosa_assembler::assemble_bytes(name, source).map_err(|diagnostics| told(&diagnostics))?;
    let bytes = spec::encode(&assembly.module).map_err(|error| Failure::refused(format!("{name}: {error}")))?;
    engine.module(&bytes).map_err(|error| match error {
        LoadError::Verify(error) => told(&assembly.map.explain(&error, name, &String::from_utf8_lossy(source))),
        other => Failure::refused(format!("{name}: {other}")),
    })
}

fn link(modules: &[Module], file: &Path) -> Result<Program<Std>, Failure> {
    let mut host = Host::<Std>::new();
    limosa_stdlib::install(&mut host).map_err(Failure::refused)?;
    let program = host.link(modules).map_err(|error| Failure::refused(format!("{}: {error}", file.display())))?;
    if !program.has_entry() {
        return Err(Failure::refused(format!("{}: no function to start with; `entry NAME` in the text names one", file.display())));
    }
    Ok(program)
}

fn limits(arguments: &RunArguments) -> Limits {
    let limits = Limits::new()
        .heap(arguments.heap)
        .stack(arguments.stack)
        .gc_stress(arguments.gc_stress)
        .gc_log(arguments.gc_log)
        .verify_heap(arguments.verify_heap);
    let limits = if let Some(fuel) = arguments.fuel { limits.fuel(fuel) } else { limits };
    if let Some(time) = arguments.deadline { limits.deadline(Duration::from_millis(time)) } else { limits }
}

/// Writes out what the program left.
fn flush(isolate: &mut Isolate<Std>) -> Result<(), Failure> {
    match isolate.data_mut().streams.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::output(format!("cannot write to the standard output: {}", system_error(&error))))
        }
        _ => Ok(()),
    }
}
