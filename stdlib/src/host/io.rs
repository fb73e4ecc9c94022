//! `std.io`: the standard streams. They need no capability.
//!
//! | function | what it does |
//! |---|---|
//! | `print(str!)` | writes to the output |
//! | `println(str!)` | writes to the output, and a newline |
//! | `eprint(str!)` | writes to the error stream, after the output so far |
//! | `eprintln(str!)` | likewise, and a newline |
//! | `read_line() -> str` | the next line of the input without its `\n` or `\r\n`; null at the end |
//! | `read_all() -> str!` | all that is left of the input |
//! | `read_bytes(i64) -> [u8]!` | the next so many bytes of the input; fewer only at its end |
//! | `write_bytes([u8]!, i64, i64)` | writes the elements from the first index up to but not including the second to the output |
//! | `flush()` | writes out what is kept of the output |
//!
//! Output is kept until there is much of it, and written out when more input is fetched or the program ends; on a terminal with every line.
//! Input that is not UTF-8 throws an `EncodingError` where text is asked for; a line that does is skipped.

use super::Installed;
use crate::state::{HasStd, Std, not_utf8, utf8};
use limosa::spec::WellKnown;
use limosa::{Cx, Host, HostError};

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.io", "print", |cx: &mut Cx<T>, text: &str| write(cx, |std| std.streams.write(text.as_bytes()), text.len()))?;
    host.func("std.io", "println", |cx: &mut Cx<T>, text: &str| write(cx, |std| std.streams.write_line(text.as_bytes()), text.len()))?;
    host.func("std.io", "eprint", |cx: &mut Cx<T>, text: &str| write(cx, |std| std.streams.write_error(text.as_bytes()), text.len()))?;
    host.func("std.io", "eprintln", |cx: &mut Cx<T>, text: &str| {
        write(cx, |std| std.streams.write_error(format!("{text}\n").as_bytes()), text.len())
    })?;
    host.func("std.io", "flush", |cx: &mut Cx<T>| write(cx, |std| std.streams.flush(), 0))?;
    host.func("std.io", "write_bytes", |cx: &mut Cx<T>, bytes: &[u8], from: i64, to: i64| -> Result<(), HostError> {
        let part = part(bytes, from, to)?;
        write(cx, |std| std.streams.write(part), part.len())
    })?;
    host.func("std.io", "read_line", read_line::<T>)?;
    host.func("std.io", "read_all", read_all::<T>)?;
    host.func("std.io", "read_bytes", read_bytes::<T>)?;
    Ok(())
}

fn write<T: HasStd>(cx: &mut Cx<'_, T>, action: impl FnOnce(&mut Std) -> std::io::Result<()>, bytes: usize) -> Result<(), HostError> {
    cx.charge_bytes(bytes)?;
    let std = cx.data().std();
    let result = action(std);
    std.written(result)
}

fn part(bytes: &[u8], from: i64, to: i64) -> Result<&[u8], HostError> {
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
    range
        .and_then(|(from, to)| bytes.get(from..to))
        .ok_or_else(|| HostError::throw(WellKnown::IndexError, format!("elements {from} to {to} of an array of {}", bytes.len())))
}

fn read_line<T: HasStd>(cx: &mut Cx<'_, T>) -> Result<Option<String>, HostError> {
    let std = cx.data().std();
    let mut scratch = std::mem::take(&mut std.line);
    let limit = std.longest();
    let line = match std.streams.read_line(&mut scratch, limit) {
        Ok(None) => Ok(None),
        Ok(Some(line)) => match std::str::from_utf8(line) {
            Ok(line) => Ok(Some(line.to_owned())),
            Err(error) => Err(not_utf8("the line", error)),
        },
        Err(error) => Err(std.read_failed(&error)),
    };
    // A very long line should not cost memory for ever.
    if scratch.capacity() <= 1 << 20 {
        std.line = scratch;
    }
    let line = line?;
    cx.charge_done(line.as_ref().map_or(0, String::len));
    Ok(line)
}

fn read_all<T: HasStd>(cx: &mut Cx<'_, T>) -> Result<String, HostError> {
    let std = cx.data().std();
    let limit = std.longest();
    let bytes = std.streams.read_all(limit).map_err(|error| std.read_failed(&error))?;
    cx.charge_done(bytes.len());
    utf8(bytes, || "the input".to_owned())
}

fn read_bytes<T: HasStd>(cx: &mut Cx<'_, T>, count: i64) -> Result<Vec<u8>, HostError> {
    let std = cx.data().std();
    let count = usize::try_from(count).map_err(|_| HostError::throw(WellKnown::NegativeSizeError, format!("{count} bytes")))?;
    let limit = std.longest();
    let bytes = std.streams.read_bytes(count, limit).map_err(|error| std.read_failed(&error))?;
    cx.charge_done(bytes.len());
    Ok(bytes)
}
