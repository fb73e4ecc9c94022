//! Errors that the checking modes find: the heap's users, or the collector, broke an invariant.
//!
//! They say that the VM is wrong, not the program, so none can be caught by a program. A heap that has found one neither collects nor
//! allocates any more: every allocation comes to [`Heap::allocate`](crate::Heap::allocate), which fails, and the VM ends the run with
//! the violation as its diagnosis. A run that allocates nothing more is to ask for it at its end.

use limosa_abi::Reference;
use thiserror::Error;

/// A broken invariant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Violation {
    /// A reference was written into an old object without the barrier.
    #[error(
        "missed write barrier before collection {collection}: offset {offset} of an object of class {class} changed from {before:#x} \
         to {after:#x} and was not logged"
    )]
    MissedBarrier {
        /// The collection that found it.
        collection: u64,
        /// The object written to.
        holder: Reference,
        /// Its class.
        class: u32,
        /// The slot, in bytes from the start of the object.
        offset: usize,
        /// The slot's value after the previous collection, as a reference.
        before: u32,
        /// Its value now.
        after: u32,
    },
    /// An old object lost the mark that the barrier tests without being logged.
    #[error("before collection {collection} an old object of class {class} lost the barrier's mark and was not logged")]
    LostMark {
        /// The collection that found it.
        collection: u64,
        /// The object.
        holder: Reference,
        /// Its class.
        class: u32,
    },
    /// The verifier found the heap or a root damaged.
    #[error("damaged heap {phase} collection {collection}: {damage}")]
    Damaged {
        /// The collection before or after which it was found.
        collection: u64,
        /// Before or after.
        phase: Phase,
        /// What was found.
        damage: Damage,
    },
}

/// When the verifier looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Phase {
    /// Before a collection: the heap's users did it.
    #[error("before")]
    Before,
    /// After a collection: the collector did it.
    #[error("after")]
    After,
}

/// What the verifier finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Damage {
    /// No class has the id in an object's header.
    #[error("the object at {object:#x} has the header {word0:#010x}, which names no class")]
    Class {
        /// Where the object should start, as a reference.
        object: u32,
        /// Its header's first word.
        word0: u32,
    },
    /// A header has flags that no object may have there, or lacks those of its class.
    #[error("the object at {object:#x} has the header {word0:#010x}, whose flags are not possible")]
    Flags {
        /// The object, as a reference.
        object: u32,
        /// Its header's first word.
        word0: u32,
    },
    /// An object reaches beyond the memory in use.
    #[error("the object of class {class} at {object:#x} with word 1 = {word1:#x} reaches beyond the end of the heap")]
    Size {
        /// The object, as a reference.
        object: u32,
        /// Its class.
        class: u32,
        /// Its header's second word.
        word1: u32,
    },
    /// A reference in an object is to no object.
    #[error("offset {offset} of the object of class {class} at {object:#x} holds {value:#x}, which is no object")]
    Slot {
        /// The object, as a reference.
        object: u32,
        /// Its class.
        class: u32,
        /// The slot, in bytes from the start of the object.
        offset: usize,
        /// What it holds.
        value: u32,
    },
    /// A root is to no object.
    #[error("a root holds {value:#x}, which is no object")]
    Root {
        /// What it holds.
        value: u64,
    },
    /// Memory about to be handed out is not zero.
    #[error("free memory at {offset:#x} is not zero")]
    NotZero {
        /// Where, in bytes from the heap base.
        offset: usize,
    },
}
