//! The engine: how programs are run, and the way from a file to a verified module.

use super::module::Module;
use crate::runtime::Dispatch;
use limosa_spec::{DecodeError, EncodeError, VerifyError, limits};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where modules are loaded. Cheap to clone and shared by threads; one per process is enough.
///
/// ```no_run
/// let engine = limosa::Engine::new()?;
/// let module = engine.load("rules.bc")?;
/// println!("{} {}", module.name(), module.hash());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Engine {
    options: Arc<EngineOptions>,
}

/// How an engine runs programs.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    dispatch: Option<Dispatch>,
}

impl EngineOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> EngineOptions {
        EngineOptions::default()
    }

    /// How the interpreter goes from one instruction to the next. The default is the fastest that was built.
    #[must_use]
    pub fn dispatch(mut self, dispatch: Dispatch) -> EngineOptions {
        self.dispatch = Some(dispatch);
        self
    }
}

/// An engine could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Direct dispatch needs an optimised build.
    #[error("direct dispatch was asked for; checked builds and those with debug assertions have the trampoline only")]
    NoDirectDispatch,
}

/// A module could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The bytes are no module.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The module has no encoding.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The module breaks a rule.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

impl Engine {
    /// An engine with the default options.
    ///
    /// # Errors
    /// None with the options of this version.
    pub fn new() -> Result<Engine, EngineError> {
        Engine::with_options(EngineOptions::new())
    }

    /// An engine with these options.
    ///
    /// # Errors
    /// If this build cannot do what the options ask for.
    pub fn with_options(options: EngineOptions) -> Result<Engine, EngineError> {
        if cfg!(any(debug_assertions, feature = "checked")) && options.dispatch == Some(Dispatch::Direct) {
            return Err(EngineError::NoDirectDispatch);
        }
        Ok(Engine { options: Arc::new(options) })
    }

    /// Reads, decodes and verifies a module file.
    ///
    /// # Errors
    /// If it cannot be read, is no module, or breaks a rule.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Module, LoadError> {
        let path = path.as_ref();
        let bytes = read(path).map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        self.module(&bytes)
    }

    /// Decodes and verifies a module.
    ///
    /// # Errors
    /// If the bytes are no module, or one that breaks a rule.
    pub fn module(&self, bytes: &[u8]) -> Result<Module, LoadError> {
        let decoded = limosa_spec::decode(bytes)?;
        let hash = limosa_spec::Layout::read(bytes)?.hash;
        Ok(Module::new(self.clone(), limosa_spec::verify(decoded)?, hash))
    }

    /// Verifies a module that was put together in memory, such as by the assembler.
    ///
    /// # Errors
    /// If it breaks a rule, or has no encoding.
    pub fn verify(&self, module: limosa_spec::Module) -> Result<Module, LoadError> {
        let hash = limosa_spec::hash_of(&module)?;
        Ok(Module::new(self.clone(), limosa_spec::verify(module)?, hash))
    }

    pub(crate) fn dispatch(&self) -> Dispatch {
        self.options.dispatch.unwrap_or_default()
    }
}

/// Reads a file that may be as large as modules may be, and one byte more, which the decoder then refuses.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limits::MODULE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
