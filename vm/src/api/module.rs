//! A module that was loaded and verified.

use super::engine::Engine;
use limosa_spec::module::ExportItem;
use limosa_spec::verify::VerifiedModule;
use limosa_spec::{ContentHash, TypeDefinition};
use std::fmt;
use std::iter;
use std::sync::Arc;

/// A verified module, ready to be linked. Cheap to clone and shared by threads.
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    verified: Arc<VerifiedModule>,
    hash: ContentHash,
}

/// What an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportKind {
    /// A function.
    Function,
    /// A class.
    Class,
    /// An interface.
    Interface,
}

impl Module {
    pub(crate) fn new(engine: Engine, verified: VerifiedModule, hash: ContentHash) -> Module {
        Module { inner: Arc::new(Inner { engine, verified: Arc::new(verified), hash }) }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn verified(&self) -> &Arc<VerifiedModule> {
        &self.inner.verified
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        let verified = self.verified();
        verified.string(verified.manifest.name)
    }

    /// Its own version: major, minor, patch.
    #[must_use]
    pub fn version(&self) -> [u32; 3] {
        self.verified().manifest.version
    }

    /// The hash of everything but its debug section: its identity.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        self.inner.hash
    }

    /// Whether a program can start with it.
    #[must_use]
    pub fn has_entry(&self) -> bool {
        self.verified().manifest.entry.is_some()
    }

    /// The capabilities it asks for. It is for the host to decide what it offers to whom.
    pub fn capabilities(&self) -> impl Iterator<Item = &str> {
        let verified = self.verified();
        verified.manifest.capabilities.iter().map(|&name| verified.string(name))
    }

    /// What it exports.
    pub fn exports(&self) -> impl Iterator<Item = (&str, ExportKind)> {
        let verified = self.verified();
        verified.exports.iter().map(|export| {
            let kind = match export.item {
                ExportItem::Function(_) => ExportKind::Function,
                ExportItem::Type(ty) => match verified.definition(ty) {
                    Some(TypeDefinition::Interface(_)) => ExportKind::Interface,
                    _ => ExportKind::Class,
                },
            };
            (verified.string(export.name), kind)
        })
    }

    /// The functions it imports, as module and name.
    pub fn imports(&self) -> impl Iterator<Item = (&str, &str)> {
        let verified = self.verified();
        verified.imports.iter().map(|import| (verified.string(import.module), verified.string(import.name)))
    }

    /// All that it consists of, for tools.
    #[must_use]
    pub fn definition(&self) -> &limosa_spec::Module {
        self.verified()
    }
}

/// A single module, where several may stand: `host.link(&module)`.
impl<'m> IntoIterator for &'m Module {
    type Item = &'m Module;
    type IntoIter = iter::Once<&'m Module>;

    fn into_iter(self) -> Self::IntoIter {
        iter::once(self)
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module").field("name", &self.name()).field("hash", &self.hash()).finish_non_exhaustive()
    }
}
