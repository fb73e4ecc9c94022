//! The reserved range of a heap: zero memory that is committed when touched and can be given back.
//!
//! On Linux it is a private anonymous mapping. Elsewhere, and under Miri, which has no `mmap`, it is one zeroed allocation, of which
//! nothing can be given back before it is dropped.

#[cfg(all(target_os = "linux", not(miri)))]
mod linux;
#[cfg(any(not(target_os = "linux"), miri))]
mod portable;

#[cfg(all(target_os = "linux", not(miri)))]
pub(crate) use linux::Mapping;
#[cfg(any(not(target_os = "linux"), miri))]
pub(crate) use portable::Mapping;
