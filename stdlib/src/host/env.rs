//! `std.env`: what the program was started with.
//!
//! | function | what it does |
//! |---|---|
//! | `args() -> [str]!` | the arguments behind the program's name; a new array each time |
//! | `var(str!) -> str` | the value of an environment variable; null if it is not set. Capability `env` |

use super::Installed;
use crate::state::HasStd;
use limosa::spec::WellKnown;
use limosa::{Cx, Host, HostError};
use std::env::VarError;

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.env", "args", |cx: &mut Cx<T>| cx.data().std().args().to_vec())?;
    host.func("std.env", "var", |cx: &mut Cx<T>, name: &str| -> Result<Option<String>, HostError> {
        cx.data().std().capabilities.check_env(name)?;
        variable(name)
    })?;
    Ok(())
}

fn variable(name: &str) -> Result<Option<String>, HostError> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(HostError::throw(WellKnown::EncodingError, format!("the value of the environment variable `{name}` is not UTF-8")))
        }
    }
}
