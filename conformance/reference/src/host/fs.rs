//! `std.fs`: files and directories.

use super::Shape::{Bytes, I32, I64, Text, Texts};
use super::{Call, Given, HostFunction, failed, utf8};
use crate::capabilities::Wish;
use crate::failure::Stop;
use crate::streams::too_large;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

macro_rules! functions {
    ($($name:literal ($($parameter:ident),*) [$($result:ident)?] = $run:expr;)*) => {
        /// The functions of the module.
        pub static FUNCTIONS: &[HostFunction] =
            &[$(HostFunction { module: "std.fs", name: $name, parameters: &[$($parameter),*], results: &[$($result)?], run: $run },)*];
    };
}
functions! {
    "read" (Text) [Bytes] = |call| Ok(vec![Given::Bytes(read(call)?)]);
    "read_text" (Text) [Text] = |call| {
        let bytes = read(call)?;
        Ok(vec![Given::Text(utf8(bytes, &format!("the file `{}`", call.text(0)?))?)])
    };
    "write" (Text, Bytes) [] = |call| {
        let bytes = call.bytes(1)?;
        write(call, &bytes)
    };
    "write_text" (Text, Text) [] = |call| {
        let text = call.text(1)?;
        write(call, text.as_bytes())
    };
    "append" (Text, Bytes) [] = |call| {
        let bytes = call.bytes(1)?;
        call.charge(bytes.len())?;
        change(call, "append to", |path| fs::OpenOptions::new().append(true).create(true).open(path)?.write_all(&bytes))
    };
    "exists" (Text) [I32] = exists;
    "size" (Text) [I64] = |call| Ok(vec![Given::I64(inspect(call, "measure", |path| Ok(fs::metadata(path)?.len()))? as i64)]);
    "list" (Text) [Texts] = list;
    "remove" (Text) [] = |call| change(call, "remove", |path| {
        if path.symlink_metadata()?.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }
    });
    "create_dir" (Text) [] = |call| change(call, "make the directory", |path| fs::create_dir(path));
}

/// Does something with the path in the first argument, if it may be read.
fn inspect<R>(call: &mut Call<'_, '_>, action: &str, work: impl FnOnce(&Path) -> io::Result<R>) -> Result<R, Stop> {
    let path = call.text(0)?;
    let resolved = call.host().capabilities.check_path(Wish::Read(path.to_string()))?;
    resolved.and_then(|resolved| work(&resolved)).map_err(|error| failed(format!("cannot {action} `{path}`: {error}")))
}

/// Does something with the path in the first argument, if it may be written.
fn change(call: &mut Call<'_, '_>, action: &str, work: impl FnOnce(&Path) -> io::Result<()>) -> Result<Vec<Given>, Stop> {
    let path = call.text(0)?;
    let resolved = call.host().capabilities.check_path(Wish::Write(path.to_string()))?;
    let done = resolved.and_then(|resolved| work(&resolved));
    done.map(|()| Vec::new()).map_err(|error| failed(format!("cannot {action} `{path}`: {error}")))
}

fn read(call: &mut Call<'_, '_>) -> Result<Vec<u8>, Stop> {
    let most = call.host().longest;
    let bytes = inspect(call, "read", |path| {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > most { Err(too_large(most)) } else { Ok(bytes) }
    })?;
    call.charge_done(bytes.len());
    Ok(bytes)
}

fn write(call: &mut Call<'_, '_>, bytes: &[u8]) -> Result<Vec<Given>, Stop> {
    call.charge(bytes.len())?;
    change(call, "write", |path| fs::write(path, bytes))
}

fn exists(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let found = inspect(call, "look for", |path| match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error),
    })?;
    Ok(vec![Given::I32(found.into())])
}

fn list(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let names = inspect(call, "list", |path| {
        let mut names = Vec::new();
        for entry in fs::read_dir(path)? {
            let name = entry?.file_name().into_string();
            names.push(name.map_err(|name| io::Error::other(format!("the name `{}` in it is not UTF-8", name.to_string_lossy())))?);
        }
        names.sort_unstable();
        Ok(names)
    })?;
    call.charge_done(names.iter().map(String::len).sum());
    Ok(vec![Given::Texts(names)])
}
