//! The functions of the library as programs call them.

#[cfg(unix)]
mod files;
mod streams;
mod support;
mod text;
