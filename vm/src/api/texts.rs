//! Arrays of strings as parameters of host functions.

use super::function::Parameter;
use super::values::{STRINGS, reference};
use crate::link::HostSlot;
use crate::runtime::access::{ObjectRef, Slots};
use std::fmt;

/// A program's array of strings, `[str]!`, as a parameter of a host function with a [`Cx`](crate::Cx). Nothing is copied.
///
/// ```
/// use limosa::{Cx, Host, Texts};
///
/// let mut host = Host::<()>::new();
/// host.func("app", "longest", |_: &mut Cx<()>, texts: Texts| texts.iter().flatten().map(str::len).max().unwrap_or(0) as i64)?;
/// # Ok::<(), limosa::DuplicateFunction>(())
/// ```
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    array: ObjectRef<'a>,
}

impl<'a> Texts<'a> {
    /// How many there are, null ones included.
    #[must_use]
    pub fn len(self) -> usize {
        self.array.texts().map_or(0, |texts| texts.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The strings in order; None for null.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Option<&'a str>> {
        self.array.texts().into_iter().flatten()
    }
}

impl fmt::Debug for Texts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Parameter for Texts<'_> {
    type At<'a> = Texts<'a>;

    fn slot() -> HostSlot {
        reference(STRINGS)
    }

    #[inline]
    fn get(slots: Slots<'_>, index: usize) -> Option<Texts<'_>> {
        slots.object(index).map(|array| Texts { array })
    }
}
