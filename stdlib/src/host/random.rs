//! `std.random`: numbers that nobody can predict, from the system. Capability `random`.
//!
//! | function | what it does |
//! |---|---|
//! | `i64() -> i64` | any number, all equally likely |
//! | `f64() -> f64` | a number from 0 to below 1 |
//! | `bytes(i64) -> [u8]!` | so many bytes |

use super::Installed;
use crate::random::RandomBytes;
use crate::state::HasStd;
use limosa::spec::WellKnown;
use limosa::{Cx, Host, HostError};

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.random", "i64", |cx: &mut Cx<T>| -> Result<u64, HostError> { Ok(source(cx)?.next_u64()?) })?;
    host.func("std.random", "f64", |cx: &mut Cx<T>| -> Result<f64, HostError> { Ok(source(cx)?.next_f64()?) })?;
    host.func("std.random", "bytes", |cx: &mut Cx<T>, count: i64| -> Result<Vec<u8>, HostError> {
        source(cx)?;
        let longest = cx.data().std().longest();
        let wanted = usize::try_from(count).map_err(|_| HostError::throw(WellKnown::NegativeSizeError, format!("{count} bytes")))?;
        if wanted > longest {
            return Err(HostError::throw(WellKnown::OutOfMemory, format!("{count} bytes do not fit; there is room for {longest}")));
        }
        cx.charge_bytes(wanted)?;
        let mut bytes = vec![0; wanted];
        getrandom::fill(&mut bytes)?;
        Ok(bytes)
    })?;
    Ok(())
}

fn source<'a, T: HasStd>(cx: &'a mut Cx<'_, T>) -> Result<&'a mut RandomBytes, HostError> {
    let std = cx.data().std();
    std.capabilities.check_random()?;
    Ok(&mut std.random)
}
