//! Linking of modules built by hand.

mod build;
mod classes;
mod functions;
mod hostile;
mod imports;
