//! `std.fs`: files and directories. Capabilities `read` and `write`, each for certain paths.
//!
//! | function | capability | what it does |
//! |---|---|---|
//! | `read(str!) -> [u8]!` | read | the contents of a file |
//! | `read_text(str!) -> str!` | read | likewise, as text |
//! | `write(str!, [u8]!)` | write | gives a file new contents, or makes it; all or nothing |
//! | `write_text(str!, str!)` | write | likewise |
//! | `append(str!, [u8]!)` | write | adds to the end of a file, or makes it |
//! | `exists(str!) -> i32` | read | 1 if there is something at the path, else 0 |
//! | `size(str!) -> i64` | read | the bytes of a file |
//! | `list(str!) -> [str]!` | read | the names in a directory, sorted by their bytes |
//! | `remove(str!)` | write | removes a file, a symbolic link (not what it leads to), or an empty directory |
//! | `create_dir(str!)` | write | makes a directory in one that exists |
//!
//! A path is allowed if what it leads to, with all symbolic links followed, is allowed or in a directory that is. Relative paths count from
//! the working directory.

use super::Installed;
use crate::capabilities::PathRefused;
use crate::files;
use crate::state::{HasStd, utf8};
use limosa::{Cx, Host, HostError};
use std::fs;
use std::io;
use std::path::Path;

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.fs", "read", read::<T>)?;
    host.func("std.fs", "read_text", |cx: &mut Cx<T>, path: &str| -> Result<String, HostError> {
        utf8(read(cx, path)?, || format!("the file `{path}`"))
    })?;
    host.func("std.fs", "write", |cx: &mut Cx<T>, path: &str, contents: &[u8]| write(cx, path, contents))?;
    host.func("std.fs", "write_text", |cx: &mut Cx<T>, path: &str, contents: &str| write(cx, path, contents.as_bytes()))?;
    host.func("std.fs", "append", |cx: &mut Cx<T>, path: &str, contents: &[u8]| {
        cx.charge_bytes(contents.len())?;
        change(cx, "append to", path, |resolved| files::append(resolved, contents))
    })?;
    host.func("std.fs", "exists", exists::<T>)?;
    host.func("std.fs", "size", |cx: &mut Cx<T>, path: &str| inspect(cx, "measure", path, |resolved| Ok(fs::metadata(resolved)?.len())))?;
    host.func("std.fs", "list", list::<T>)?;
    host.func("std.fs", "remove", |cx: &mut Cx<T>, path: &str| -> Result<(), HostError> {
        let resolved = cx.data().std().capabilities.check_write_entry(path);
        resolved.and_then(|resolved| Ok(remove(&resolved)?)).map_err(|error| failed("remove", path, error))
    })?;
    host.func("std.fs", "create_dir", |cx: &mut Cx<T>, path: &str| {
        change(cx, "make the directory", path, |resolved| fs::create_dir(resolved))
    })?;
    Ok(())
}

/// Does something with a path that may be read.
fn inspect<T: HasStd, R>(cx: &mut Cx<'_, T>, action: &str, path: &str, work: impl FnOnce(&Path) -> io::Result<R>) -> Result<R, HostError> {
    let resolved = cx.data().std().capabilities.check_read(path);
    resolved.and_then(|resolved| Ok(work(&resolved)?)).map_err(|error| failed(action, path, error))
}

/// Does something with a path that may be written.
fn change<T: HasStd>(cx: &mut Cx<'_, T>, action: &str, path: &str, work: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), HostError> {
    let resolved = cx.data().std().capabilities.check_write(path);
    resolved.and_then(|resolved| Ok(work(&resolved)?)).map_err(|error| failed(action, path, error))
}

fn failed(action: &str, path: &str, error: PathRefused) -> HostError {
    match error {
        PathRefused::Denied(denied) => denied.into(),
        PathRefused::Broken(error) => HostError::new(format!("cannot {action} `{path}`: {error}")),
    }
}

fn read<T: HasStd>(cx: &mut Cx<'_, T>, path: &str) -> Result<Vec<u8>, HostError> {
    let longest = cx.data().std().longest();
    let contents = inspect(cx, "read", path, |resolved| files::read(resolved, longest))?;
    cx.charge_done(contents.len());
    Ok(contents)
}

fn write<T: HasStd>(cx: &mut Cx<'_, T>, path: &str, contents: &[u8]) -> Result<(), HostError> {
    cx.charge_bytes(contents.len())?;
    change(cx, "write", path, |resolved| files::replace_resolved(resolved, contents))
}

fn exists<T: HasStd>(cx: &mut Cx<'_, T>, path: &str) -> Result<bool, HostError> {
    let found = cx.data().std().capabilities.check_read(path).and_then(|resolved| Ok(resolved.symlink_metadata()?));
    match found {
        Ok(_) => Ok(true),
        Err(PathRefused::Broken(error)) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(failed("look for", path, error)),
    }
}

fn list<T: HasStd>(cx: &mut Cx<'_, T>, path: &str) -> Result<Vec<String>, HostError> {
    let longest = cx.data().std().longest();
    let names = inspect(cx, "list", path, |resolved| names(resolved, longest))?;
    cx.charge_done(names.iter().map(String::len).sum());
    Ok(names)
}

/// The names in a directory, sorted; of at most so many bytes together.
fn names(directory: &Path, longest: usize) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut bytes = 0;
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().into_string().map_err(|name| {
            let message = format!("the name `{}` in it is not UTF-8", name.to_string_lossy());
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        bytes += name.len() + size_of::<String>();
        if bytes > longest {
            return Err(files::too_large(longest));
        }
        names.push(name);
    }
    names.sort_unstable();
    Ok(names)
}

fn remove(path: &Path) -> io::Result<()> {
    if path.symlink_metadata()?.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }
}
