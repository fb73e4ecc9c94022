//! `std.process`: the program as a process.
//!
//! | function | what it does |
//! |---|---|
//! | `exit(i32)` | ends the program with an exit code; no handler runs. Of the code the system keeps the lowest eight bits |

use super::Installed;
use crate::state::HasStd;
use limosa::{Cx, Host, HostError};

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.process", "exit", |_: &mut Cx<T>, code: i32| -> Result<(), HostError> { Err(HostError::exit(code)) })?;
    Ok(())
}
