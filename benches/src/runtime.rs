//! The runtimes that programs are measured on.

use crate::error::Error;
use std::process::Command;

/// Something that runs programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runtime {
    /// This VM.
    Limosa,
    /// LuaJIT's interpreter.
    LuaJitInterpreter,
    /// HotSpot's interpreter.
    JavaInterpreter,
    /// The reference implementation of Lua.
    Lua,
    /// LuaJIT with its compiler.
    LuaJit,
    /// HotSpot with its compilers.
    Java,
    /// Native code.
    C,
}

impl Runtime {
    /// All others, for `--peers=all`.
    pub const PEERS: [Runtime; 6] =
        [Runtime::LuaJitInterpreter, Runtime::JavaInterpreter, Runtime::Lua, Runtime::LuaJit, Runtime::Java, Runtime::C];

    /// The interpreters: what Limosa's is compared with, without `--peers`.
    pub const INTERPRETERS: [Runtime; 3] = [Runtime::LuaJitInterpreter, Runtime::JavaInterpreter, Runtime::Lua];

    /// The name in `--peers` and in the figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Runtime::Limosa => "limosa",
            Runtime::LuaJitInterpreter => "luajit-joff",
            Runtime::JavaInterpreter => "java-xint",
            Runtime::Lua => "lua5.4",
            Runtime::LuaJit => "luajit",
            Runtime::Java => "java",
            Runtime::C => "gcc",
        }
    }

    /// The name in the table.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Runtime::LuaJitInterpreter => "luajit -joff",
            Runtime::JavaInterpreter => "java -Xint",
            Runtime::C => "gcc -O2",
            other => other.name(),
        }
    }

    /// Whether it interprets; the sizes are made for those.
    #[must_use]
    pub fn interprets(self) -> bool {
        self == Runtime::Limosa || Runtime::INTERPRETERS.contains(&self)
    }

    /// The programs it needs, with the option that makes them tell their version.
    fn needs(self) -> &'static [[&'static str; 2]] {
        match self {
            Runtime::Limosa => &[],
            Runtime::LuaJit | Runtime::LuaJitInterpreter => &[["luajit", "-v"]],
            Runtime::Java | Runtime::JavaInterpreter => &[["javac", "-version"], ["java", "-version"]],
            Runtime::Lua => &[["lua5.4", "-v"]],
            Runtime::C => &[["gcc", "--version"]],
        }
    }

    /// What it says it is; None if it is not installed.
    #[must_use]
    pub fn version(self) -> Option<String> {
        let mut version = String::new();
        for [program, option] in self.needs() {
            let output = Command::new(program).arg(option).output().ok().filter(|output| output.status.success())?;
            let told = if output.stdout.is_empty() { output.stderr } else { output.stdout };
            version = String::from_utf8_lossy(&told).lines().next().unwrap_or_default().trim().to_owned();
        }
        Some(version)
    }

    /// The peers named, separated by commas, or `all`.
    pub fn peers(names: &[String]) -> Result<Vec<Runtime>, Error> {
        match names {
            [] => Ok(Runtime::INTERPRETERS.to_vec()),
            [all] if all == "all" => Ok(Runtime::PEERS.to_vec()),
            names => names.iter().map(|name| Runtime::named(name)).collect(),
        }
    }

    fn named(name: &str) -> Result<Runtime, Error> {
        Runtime::PEERS.into_iter().find(|peer| peer.name() == name).ok_or_else(|| {
            let known = Runtime::PEERS.map(Runtime::name).join(", ");
            Error::Unknown { kind: "peer", name: name.to_owned(), known }
        })
    }
}
