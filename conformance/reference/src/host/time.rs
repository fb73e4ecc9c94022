//! `std.time`: the clock.

use super::Shape::I64;
use super::{Given, HostFunction};
use crate::capabilities::Wish;
use std::time::{Duration, SystemTime};

/// The functions of the module.
pub static FUNCTIONS: &[HostFunction] = &[
    HostFunction {
        module: "std.time",
        name: "now",
        parameters: &[],
        results: &[I64],
        run: |call| {
            call.host().capabilities.check(Wish::Clock)?;
            let now = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
                Ok(since) => nanoseconds(since),
                Err(before) => -nanoseconds(before.duration()),
            };
            Ok(vec![Given::I64(now)])
        },
    },
    HostFunction {
        module: "std.time",
        name: "monotonic",
        parameters: &[],
        results: &[I64],
        run: |call| {
            call.host().capabilities.check(Wish::Clock)?;
            Ok(vec![Given::I64(nanoseconds(call.host().started.elapsed()))])
        },
    },
];

fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
