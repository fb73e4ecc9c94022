//! What the embedding API may do with an isolate: everything here is safe to call, because it checks what it relies on.
//!
//! References do not leave this module. A value on its way into the program is a [`Value`], which names a root slot; a value on its
//! way out is read through [`Slots`], which borrow the roots, so that nothing can move while an [`ObjectRef`] is in use.
#![allow(unsafe_code, reason = "reads objects and slots after checking their types")]

mod calls;
mod handles;
mod objects;
mod short_text;
mod values;

pub(crate) use calls::{Failed, HostData, MAX_TYPED, Returned};
pub(crate) use handles::{HandleOwner, RawHandle};
pub use objects::{Element, ObjectRef, Slots};
pub use short_text::ShortText;
pub use values::Value;

use crate::runtime::Vm;

// SAFETY: an isolate is used by one thread at a time, and nothing of it belongs to the thread that made it: its heap and stacks are
// mappings of the process, and what it shares with others is the program, which is `Sync`. Its data is `Send`.
unsafe impl Send for Vm {}
