//! What a program may have at most, all its modules together, and the budget that keeps the tables in proportion.

use super::LinkError;

/// Functions of a program.
pub(crate) const FUNCTIONS: usize = 1 << 24;
/// Types of a program.
pub(crate) const TYPES: usize = 1 << 24;
/// Classes of a program: an object's header has 24 bits for its class.
pub(crate) const CLASSES: usize = 1 << 24;
/// Strings that are constants of a program.
pub(crate) const STRINGS: usize = 1 << 26;
/// Globals of a program.
pub(crate) const GLOBALS: usize = 1 << 24;
/// Methods of a class, inherited ones included.
pub(crate) const VTABLE_SLOTS: usize = 1 << 16;
/// Methods of all interfaces together.
pub(crate) const INTERFACE_METHODS: usize = 1 << 24;
/// Bytes of the tables made for all classes together. Inheritance multiplies: a few bytes of module can stand for a method table of a
/// hundred kilobytes.
pub(crate) const TABLE_BYTES: usize = 1 << 28;

/// The error that something is over its limit.
pub(super) fn exceeded(what: &'static str, limit: usize) -> LinkError {
    LinkError::Limit { what, limit: limit as u64 }
}

/// Refuses a count over its limit.
pub(super) fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), LinkError> {
    if count > limit { Err(exceeded(what, limit)) } else { Ok(()) }
}

/// What is left of [`TABLE_BYTES`].
pub(super) struct Budget {
    left: usize,
}

impl Budget {
    /// All of it.
    pub fn new() -> Budget {
        Budget { left: TABLE_BYTES }
    }

    /// Takes the bytes of a table about to be made.
    pub fn take<T>(&mut self, entries: usize) -> Result<(), LinkError> {
        let bytes = entries.saturating_mul(size_of::<T>());
        self.left = self.left.checked_sub(bytes).ok_or_else(|| exceeded("bytes in its class tables", TABLE_BYTES))?;
        Ok(())
    }
}
