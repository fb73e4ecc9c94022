//! `std.random`: numbers from the system that nobody can predict.

use super::Shape::{Bytes, F64, I64};
use super::{Call, Given, HostFunction, failed, thrown};
use crate::capabilities::Wish;
use crate::failure::Stop;
use limosa_spec::WellKnown;

/// The functions of the module.
pub static FUNCTIONS: &[HostFunction] = &[
    HostFunction {
        module: "std.random",
        name: "i64",
        parameters: &[],
        results: &[I64],
        run: |call| Ok(vec![Given::I64(any_number(call)? as i64)]),
    },
    HostFunction {
        module: "std.random",
        name: "f64",
        parameters: &[],
        results: &[F64],
        run: |call| Ok(vec![Given::F64((any_number(call)? >> 11) as f64 / (1_u64 << 53) as f64)]),
    },
    HostFunction { module: "std.random", name: "bytes", parameters: &[I64], results: &[Bytes], run: bytes },
];

fn any_number(call: &mut Call<'_, '_>) -> Result<u64, Stop> {
    call.host().capabilities.check(Wish::Random)?;
    getrandom::u64().map_err(|error| failed(error.to_string()))
}

fn bytes(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    call.host().capabilities.check(Wish::Random)?;
    let (count, longest): (i64, _) = (call.number(0)?, call.host().longest);
    let Ok(wanted) = usize::try_from(count) else { return thrown(WellKnown::NegativeSizeError, format!("{count} bytes")) };
    if wanted > longest {
        return thrown(WellKnown::OutOfMemory, format!("{count} bytes do not fit; there is room for {longest}"));
    }
    call.charge(wanted)?;
    let mut bytes = vec![0; wanted];
    getrandom::fill(&mut bytes).map_err(|error| failed(error.to_string()))?;
    Ok(vec![Given::Bytes(bytes)])
}
