//! The standard library: the functions that programs import from modules named `std.…`, one file for each module in [`host`].
//!
//! Any host can offer them whose data holds a [`Std`]; what a program may do with them is in its [`Capabilities`].
//!
//! ```
//! use limosa::{Engine, Host, Limits};
//! use limosa_stdlib::{Capabilities, Std, Streams};
//!
//! let mut host = Host::<Std>::new();
//! limosa_stdlib::install(&mut host)?;
//!
//! let mut capabilities = Capabilities::none();
//! capabilities.allow_clock();
//! let std = Std::new(capabilities, Streams::process()).with_args(["one", "two"]);
//! # let _ = std;
//! # Ok::<(), limosa::DuplicateFunction>(())
//! ```
//!
//! All functions work alike: text is UTF-8, and what is not throws an `EncodingError`; positions count bytes; what is not allowed throws a
//! `CapabilityError` that names the option which allows it; what the system refuses throws a `HostError`. Results never depend on language
//! or country settings. Work on long texts costs fuel, a unit for 16 bytes.

#![forbid(unsafe_code)]

mod capabilities;
mod files;
pub mod host;
mod number;
mod paths;
mod random;
mod state;
mod streams;
#[cfg(test)]
mod testing;
mod text;

pub use capabilities::{Capabilities, Denied, PathRefused, Wish};
pub use files::replace as replace_file;
pub use host::install;
pub use state::{HasStd, Std};
pub use streams::Streams;
