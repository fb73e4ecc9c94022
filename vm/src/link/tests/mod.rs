//! Linking of modules built by hand.

pub(crate) mod build;
mod classes;
mod functions;
mod hostile;
mod imports;
