//! Every program, with its small size, prints what its folder says: on the VM, and on all peers that are installed.
//!
//! `BLESS=1 cargo test -p benches --test programs` writes down what the VM prints.

use benches::measure;
use benches::programs::{PROGRAMS, Program};
use benches::runtime::Runtime;
use benches::workshop::Workshop;
use libtest_mimic::{Arguments, Failed, Trial};
use limosa::{Engine, Host, Limits};
use limosa_stdlib::{Capabilities, Std, Streams};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let workshop = Arc::new(OnceLock::new());
    let mut trials = Vec::new();
    for program in PROGRAMS {
        trials.push(Trial::test(format!("limosa::{}", program.name), || runs_here(program)));
    }
    for peer in Runtime::PEERS.into_iter().filter(|&peer| peer.interprets() || peer == Runtime::C) {
        let is_installed = peer.version().is_some();
        for program in PROGRAMS {
            let workshop = Arc::clone(&workshop);
            let trial = Trial::test(format!("{}::{}", peer.name(), program.name), move || runs_there(program, peer, &workshop));
            trials.push(trial.with_ignored_flag(!is_installed));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Collects what a program prints.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::ErrorKind::Other)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn runs_here(program: &Program) -> Result<(), Failed> {
    let path = program.text();
    let text = std::fs::read_to_string(&path)?;
    let engine = Engine::new()?;
    let module = engine.verify(limosa_assembler::assemble(&path.display().to_string(), &text)?)?;
    let mut host = Host::<Std>::new();
    limosa_stdlib::install(&mut host)?;
    let output = Output::default();
    let streams = Streams::new(io::empty(), output.clone(), io::sink());
    let std = Std::new(Capabilities::none(), streams).with_args([program.small.to_string()]);
    let mut isolate = host.link(&module)?.isolate(std, Limits::new())?;
    let code = isolate.run()?;
    isolate.data_mut().streams.flush()?;
    if code != 0 {
        return Err(format!("ended with {code}").into());
    }
    let printed = output.0.lock().map_err(|error| error.to_string())?;
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(program.expected(), &*printed)?;
    }
    compare(&printed, program)
}

fn runs_there(program: &Program, peer: Runtime, workshop: &OnceLock<Result<Workshop, String>>) -> Result<(), Failed> {
    let workshop = workshop.get_or_init(|| compiled().map_err(|error| error.to_string())).as_ref()?;
    let Some(command) = workshop.command(program, peer, program.small) else { return Ok(()) };
    let (_, printed) = measure::run(&command)?;
    compare(&printed, program)
}

/// All programs for all compilers that are installed.
fn compiled() -> Result<Workshop, benches::error::Error> {
    let workshop = Workshop::new(Path::new("vm"))?;
    let compilers: Vec<Runtime> = [Runtime::Java, Runtime::C].into_iter().filter(|compiler| compiler.version().is_some()).collect();
    workshop.compile(&PROGRAMS.iter().collect::<Vec<_>>(), &compilers)?;
    Ok(workshop)
}

fn compare(printed: &[u8], program: &Program) -> Result<(), Failed> {
    let path = program.expected();
    let expected = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if printed == expected {
        return Ok(());
    }
    let [printed, expected] = [printed, &expected].map(String::from_utf8_lossy);
    Err(format!("printed\n{printed}\ninstead of\n{expected}").into())
}
