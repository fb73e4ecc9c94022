//! A linked program and the typed functions it exports.

use super::call;
use super::engine::Engine;
use super::isolate::Isolate;
use super::limits::Limits;
use super::{Arguments, Results};
use crate::program::{FunctionId, Linked};
use crate::runtime::{HostFunction, ProgramCode, StartError};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A linked program, which any number of isolates run, on any threads. Cheap to clone.
pub struct Program<T> {
    code: Arc<ProgramCode>,
    data: PhantomData<fn(T)>,
}

/// A function of a program whose signature was checked: `A` is a tuple of the argument types, `R` the result or a tuple of them.
///
/// It can be called in every isolate of the program.
pub struct Func<A, R> {
    pub(crate) program: Arc<ProgramCode>,
    pub(crate) function: FunctionId,
    pub(crate) signature: PhantomData<fn(A) -> R>,
}

/// A function cannot be called in the way asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FuncError {
    /// No module exports it.
    #[error("the program exports no function `{name}`{}", suggestion.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    Missing {
        /// The name asked for.
        name: String,
        /// The most similar name there is.
        suggestion: Option<String>,
    },
    /// It has another signature.
    #[error(
        "the Rust types asked for stand for `{name}{expected}`, but the program declares `{name}{found}`; a result without `!` may be null and needs an `Option`"
    )]
    Signature {
        /// The function.
        name: String,
        /// The signature that the Rust types stand for.
        expected: String,
        /// The signature it is declared with.
        found: String,
    },
    /// The handle is of no closure of the isolate.
    #[error("the handle is of {found}, not of a closure of this isolate")]
    NoClosure {
        /// What it is of.
        found: String,
    },
}

impl<T: Send + 'static> Program<T> {
    pub(crate) fn new(linked: Linked, host: Vec<HostFunction>, engine: &Engine) -> Program<T> {
        Program { code: Arc::new(ProgramCode::new(linked, host, engine.dispatch())), data: PhantomData }
    }

    /// Makes an isolate: a heap of its own, with the program's globals at their initial values.
    ///
    /// # Errors
    /// If the limits are too small to start with, or the system has no memory.
    pub fn isolate(&self, data: T, limits: Limits) -> Result<Isolate<T>, StartError> {
        Isolate::new(&self.code, data, &limits)
    }

    /// A function that a module of the program exports, with its signature checked once.
    ///
    /// The name is that of the export; if several modules export it, that of the first. `module.name` names a certain module's.
    ///
    /// # Errors
    /// If there is none of this name, or it has another signature.
    pub fn func<A: Arguments, R: Results>(&self, name: &str) -> Result<Func<A, R>, FuncError> {
        call::func(&self.code, name)
    }

    /// Whether it can be started: whether a module names an entry point.
    #[must_use]
    pub fn has_entry(&self) -> bool {
        self.code.linked.entry.is_some()
    }
}

impl<T> Clone for Program<T> {
    fn clone(&self) -> Program<T> {
        Program { code: Arc::clone(&self.code), data: PhantomData }
    }
}

impl<T> fmt::Debug for Program<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.code.linked.modules.iter().map(|module| module.module.string(module.module.manifest.name));
        f.debug_struct("Program").field("modules", &names.collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

impl<A, R> Clone for Func<A, R> {
    fn clone(&self) -> Func<A, R> {
        Func { program: Arc::clone(&self.program), function: self.function, signature: PhantomData }
    }
}

impl<A, R> fmt::Debug for Func<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = &self.program.linked.functions[self.function as usize];
        write!(f, "Func({}.{})", info.module_name, info.name)
    }
}
