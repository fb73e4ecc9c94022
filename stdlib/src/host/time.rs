//! `std.time`: the clock. Capability `clock`.
//!
//! | function | what it does |
//! |---|---|
//! | `now() -> i64` | nanoseconds since the beginning of 1970, universal time |
//! | `monotonic() -> i64` | nanoseconds since the program was started; never goes back |

use super::Installed;
use crate::state::HasStd;
use limosa::{Cx, Host, HostError};
use std::time::{Duration, SystemTime};

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.time", "now", |cx: &mut Cx<T>| -> Result<i64, HostError> {
        cx.data().std().capabilities.check_clock()?;
        Ok(since_1970(SystemTime::now()))
    })?;
    host.func("std.time", "monotonic", |cx: &mut Cx<T>| -> Result<i64, HostError> {
        let std = cx.data().std();
        std.capabilities.check_clock()?;
        Ok(nanoseconds(std.started().elapsed()))
    })?;
    Ok(())
}

fn since_1970(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => nanoseconds(after),
        Err(before) => -nanoseconds(before.duration()),
    }
}

/// Up to 292 years.
fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_are_negative_and_far_ones_cut() {
        let epoch = SystemTime::UNIX_EPOCH;
        assert_eq!(since_1970(epoch + Duration::from_nanos(5)), 5);
        assert_eq!(since_1970(epoch - Duration::from_secs(1)), -1_000_000_000);
        assert_eq!(nanoseconds(Duration::from_secs(1 << 40)), i64::MAX);
    }
}
