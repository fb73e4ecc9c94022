//! The host: the functions it offers to programs.

use super::function::{HostFunction, RawCall};
use super::module::Module;
use super::program::Program;
use crate::link::{self, HostSignature, HostSignatures, LinkError};
use crate::runtime;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The functions that programs may import, over data of type `T` that each isolate has.
///
/// A host offers nothing until told otherwise: a program that imports what it does not offer is not linked.
///
/// ```
/// use limosa::{Cx, Host};
///
/// struct App {
///     lines: Vec<String>,
/// }
///
/// let mut host = Host::<App>::new();
/// host.func("app", "log", |cx: &mut Cx<App>, line: &str| cx.data().lines.push(line.to_owned()))?;
/// host.func("app", "count", |cx: &mut Cx<App>| cx.data().lines.len() as i64)?;
/// # Ok::<(), limosa::DuplicateFunction>(())
/// ```
pub struct Host<T> {
    functions: Vec<Registered>,
    by_name: HashMap<String, HashMap<String, u32>>,
    data: PhantomData<fn(T)>,
}

struct Registered {
    signature: HostSignature,
    function: runtime::HostFunction,
}

/// Two host functions have the same module and name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the host already offers a function `{module}.{name}`")]
pub struct DuplicateFunction {
    /// The module.
    pub module: String,
    /// The name.
    pub name: String,
}

impl<T: Send + 'static> Host<T> {
    /// A host that offers nothing.
    #[must_use]
    pub fn new() -> Host<T> {
        Host { functions: Vec::new(), by_name: HashMap::new(), data: PhantomData }
    }

    /// Offers a function under a module's name and its own.
    ///
    /// Its signature is that of the Rust function; see [`ToGuest`](crate::ToGuest) for the types. `&str` is a non-null string,
    /// `Option<&str>` one that may be null. A program must import it with exactly this signature.
    ///
    /// If the function panics, the program gets a `HostError` exception.
    ///
    /// # Errors
    /// If there is one of this name already.
    pub fn func<Marker>(
        &mut self,
        module: &str,
        name: &str,
        function: impl HostFunction<T, Marker>,
    ) -> Result<&mut Host<T>, DuplicateFunction> {
        let number = self.functions.len() as u32;
        let names = self.by_name.entry(module.to_owned()).or_default();
        if names.contains_key(name) {
            return Err(DuplicateFunction { module: module.to_owned(), name: name.to_owned() });
        }
        names.insert(name.to_owned(), number);
        self.functions.push(register(function));
        Ok(self)
    }

    /// Links modules with one another and with what this host offers: one module, or several.
    ///
    /// Every import is looked for among the exports of the other modules first, then in the host. The program starts at the entry
    /// point of the first module that has one.
    ///
    /// ```no_run
    /// use limosa::{Engine, Host};
    ///
    /// let engine = Engine::new()?;
    /// let (main, library) = (engine.load("main.bc")?, engine.load("library.bc")?);
    /// let host = Host::<()>::new();
    /// let alone = host.link(&library)?;
    /// let program = host.link([&main, &library])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What is missing, or not what an importer was compiled against.
    pub fn link<'m>(&self, modules: impl IntoIterator<Item = &'m Module>) -> Result<Program<T>, LinkError> {
        let modules: Vec<&Module> = modules.into_iter().collect();
        let Some(first) = modules.first() else { return Err(LinkError::NoModules) };
        let verified: Vec<_> = modules.iter().map(|module| Arc::clone(module.verified())).collect();
        let linked = link::link(&verified, self)?;
        let functions = self.functions.iter().map(|registered| Arc::clone(&registered.function)).collect();
        Ok(Program::new(linked, functions, first.engine()))
    }
}

fn register<T, Marker, F: HostFunction<T, Marker>>(function: F) -> Registered {
    let run: runtime::HostFunction = Arc::new(move |call| function.run(&mut RawCall(call)).map_err(|failure| failure.0));
    Registered { signature: F::signature(), function: run }
}

impl<T> HostSignatures for Host<T> {
    fn find(&self, module: &str, name: &str) -> Option<(u32, &HostSignature)> {
        let number = *self.by_name.get(module)?.get(name)?;
        Some((number, &self.functions[number as usize].signature))
    }

    fn names<'a>(&'a self, module: &str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        let mut names: Vec<&str> = self.by_name.get(module).into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        Box::new(names.into_iter())
    }
}

impl<T: Send + 'static> Default for Host<T> {
    fn default() -> Host<T> {
        Host::new()
    }
}

impl<T> fmt::Debug for Host<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("functions", &self.functions.len()).finish_non_exhaustive()
    }
}
