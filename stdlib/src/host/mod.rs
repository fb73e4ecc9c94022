//! The modules of the library, one file each. The documentation of a file lists what programs import, with the types in the text form:
//! `!` is what is never null.

pub mod env;
pub mod fmt;
pub mod fs;
pub mod io;
pub mod math;
pub mod process;
pub mod random;
pub mod reflect;
pub mod str;
pub mod time;

use crate::HasStd;
use limosa::{DuplicateFunction, Host};

/// What the functions of a module are registered with.
pub(crate) type Installed = Result<(), DuplicateFunction>;

/// Offers all functions of the library.
///
/// # Errors
/// If the host offers a function of the same name already.
pub fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Result<(), DuplicateFunction> {
    env::install(host)?;
    fmt::install(host)?;
    fs::install(host)?;
    io::install(host)?;
    math::install(host)?;
    process::install(host)?;
    random::install(host)?;
    reflect::install(host)?;
    str::install(host)?;
    time::install(host)
}
