//! Compiles the programs, before anything is measured, and knows the command lines that run them.

use crate::error::{Error, shown};
use crate::programs::Program;
use crate::runtime::Runtime;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A temporary folder with what was compiled.
#[derive(Debug)]
pub struct Workshop {
    vm: PathBuf,
    folder: TempDir,
}

impl Workshop {
    /// An empty one, for this binary of the VM.
    pub fn new(vm: &Path) -> Result<Workshop, Error> {
        let folder = TempDir::with_prefix("limosa-benches-").map_err(|error| Error::file(&std::env::temp_dir(), error))?;
        Ok(Workshop { vm: vm.to_owned(), folder })
    }

    /// The path of a file in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path of something compiled.
    fn built(&self, name: &str, extension: &str) -> PathBuf {
        self.path(name).with_extension(extension)
    }

    /// Assembles a text into a module; gives its path.
    pub fn assemble(&self, name: &str, text: &Path) -> Result<PathBuf, Error> {
        let module = self.built(name, "bc");
        must_succeed(&[self.vm.clone().into(), "asm".into(), text.into(), "-o".into(), module.clone().into()])?;
        Ok(module)
    }

    /// Compiles the programs for the runtimes.
    pub fn compile(&self, programs: &[&Program], runtimes: &[Runtime]) -> Result<(), Error> {
        if runtimes.contains(&Runtime::Limosa) {
            for program in programs {
                self.assemble(program.name, &program.text())?;
            }
        }
        if runtimes.contains(&Runtime::Java) || runtimes.contains(&Runtime::JavaInterpreter) {
            let mut command: Vec<OsString> = vec!["javac".into(), "-encoding".into(), "UTF-8".into(), "-d".into()];
            command.push(self.folder.path().into());
            command.extend(programs.iter().filter_map(|program| program.java()).map(OsString::from));
            must_succeed(&command)?;
        }
        if runtimes.contains(&Runtime::C) {
            for program in programs {
                let Some(source) = program.c() else { continue };
                // All others round after each operation, so C must not fuse them where the processor could.
                let mut command: Vec<OsString> = ["gcc", "-O2", "-ffp-contract=off", "-o"].map(OsString::from).to_vec();
                command.extend([self.built(program.name, "out").into(), source.into(), "-lm".into()]);
                must_succeed(&command)?;
            }
        }
        Ok(())
    }

    /// The command line that runs a compiled program; None if it does not exist for the runtime.
    #[must_use]
    pub fn command(&self, program: &Program, runtime: Runtime, size: u64) -> Option<Vec<OsString>> {
        let classes = self.folder.path().as_os_str().to_owned();
        let mut command: Vec<OsString> = match runtime {
            Runtime::Limosa => vec![self.vm.clone().into(), "run".into(), self.built(program.name, "bc").into()],
            Runtime::LuaJitInterpreter => vec!["luajit".into(), "-joff".into(), program.luajit()?.into()],
            Runtime::LuaJit => vec!["luajit".into(), program.luajit()?.into()],
            Runtime::Lua => vec!["lua5.4".into(), program.lua()?.into()],
            Runtime::JavaInterpreter => {
                // By default each call touches 20 pages below the stack (JDK-8072070), which would flatter us.
                let mut command = ["java", "-Xint", "-XX:StackShadowPages=10", "-cp"].map(OsString::from).to_vec();
                command.push(classes);
                command
            }
            Runtime::Java => vec!["java".into(), "-cp".into(), classes],
            Runtime::C => {
                program.c()?;
                vec![self.built(program.name, "out").into()]
            }
        };
        if matches!(runtime, Runtime::Java | Runtime::JavaInterpreter) {
            program.java()?;
            command.push(program.class.into());
        }
        command.push(size.to_string().into());
        Some(command)
    }
}

fn must_succeed(command: &[OsString]) -> Result<(), Error> {
    let [program, arguments @ ..] = command else { return Ok(()) };
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status().map_err(|error| Error::start(command, error))?;
    if status.success() { Ok(()) } else { Err(Error::Failed { command: shown(command), status }) }
}
