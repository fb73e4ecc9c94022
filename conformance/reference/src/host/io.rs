//! `std.io`: the standard streams.

use super::Shape::{Bytes, I64, Text, TextOrNull};
use super::{Call, Given, HostFunction, failed, thrown, utf8};
use crate::failure::Stop;
use crate::streams::Streams;
use limosa_spec::WellKnown;
use std::io;

macro_rules! functions {
    ($($name:literal ($($parameter:ident),*) [$($result:ident)?] = $run:expr;)*) => {
        /// The functions of the module.
        pub static FUNCTIONS: &[HostFunction] =
            &[$(HostFunction { module: "std.io", name: $name, parameters: &[$($parameter),*], results: &[$($result)?], run: $run },)*];
    };
}
functions! {
    "print" (Text) [] = |call| write(call, |streams, text| streams.write(text.as_bytes()));
    "println" (Text) [] = |call| write(call, |streams, text| streams.write(format!("{text}\n").as_bytes()));
    "eprint" (Text) [] = |call| write(call, |streams, text| streams.write_error(text.as_bytes()));
    "eprintln" (Text) [] = |call| write(call, |streams, text| streams.write_error(format!("{text}\n").as_bytes()));
    "read_line" () [TextOrNull] = read_line;
    "read_all" () [Text] = read_all;
    "read_bytes" (I64) [Bytes] = read_bytes;
    "write_bytes" (Bytes, I64, I64) [] = write_bytes;
    "flush" () [] = flush;
}

/// The error of a stream as the program gets it. If nobody reads its output any more, it ends as if all were well.
fn stream_error(what: &str, error: &io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Stop::Exit(0),
        _ => failed(format!("cannot {what}: {error}")),
    }
}

fn written(result: io::Result<()>) -> Result<Vec<Given>, Stop> {
    result.map(|()| Vec::new()).map_err(|error| stream_error("write output", &error))
}

fn write(call: &mut Call<'_, '_>, action: impl FnOnce(&mut Streams, &str) -> io::Result<()>) -> Result<Vec<Given>, Stop> {
    let text = call.text(0)?;
    call.charge(text.len())?;
    written(action(&mut call.host().streams, &text))
}

fn flush(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    call.charge(0)?;
    written(call.host().streams.flush())
}

fn write_bytes(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let (bytes, from, to): (_, i64, i64) = (call.bytes(0)?, call.number(1)?, call.number(2)?);
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
    let Some(part) = range.and_then(|(from, to)| bytes.get(from..to)) else {
        return thrown(WellKnown::IndexError, format!("elements {from} to {to} of an array of {}", bytes.len()));
    };
    call.charge(part.len())?;
    written(call.host().streams.write(part))
}

fn read_line(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let host = call.host();
    let line = host.streams.read_line(host.longest).map_err(|error| stream_error("read input", &error))?;
    let line = line.map(|line| utf8(line, "the line")).transpose()?;
    call.charge_done(line.as_ref().map_or(0, String::len));
    Ok(vec![line.map_or(Given::Null, Given::Text)])
}

fn read_all(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let host = call.host();
    let bytes = host.streams.read_bytes(usize::MAX, host.longest).map_err(|error| stream_error("read input", &error))?;
    call.charge_done(bytes.len());
    Ok(vec![Given::Text(utf8(bytes, "the input")?)])
}

fn read_bytes(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let count: i64 = call.number(0)?;
    let Ok(count) = usize::try_from(count) else { return thrown(WellKnown::NegativeSizeError, format!("{count} bytes")) };
    let host = call.host();
    let bytes = host.streams.read_bytes(count, host.longest).map_err(|error| stream_error("read input", &error))?;
    call.charge_done(bytes.len());
    Ok(vec![Given::Bytes(bytes)])
}
