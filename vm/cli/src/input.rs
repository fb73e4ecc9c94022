//! Reading what the commands work on, and telling text from modules.

use crate::exit::Failure;
use crate::terminal::system_error;
use limosa::spec::{format, limits};
use limosa_assembler::MAX_SOURCE;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What a file is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A module.
    Module,
    /// Assembly text.
    Text,
}

/// Bytes read to find out whether a file is what is expected.
const FIRST: u64 = 4096;

/// Whether a path stands for a standard stream.
pub fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path as messages and debug sections show it.
pub fn name(path: &Path) -> String {
    if is_stream(path) { "stdin".to_owned() } else { path.display().to_string() }
}

/// Reads a module; `-` from the standard input.
pub fn read_module(path: &Path) -> Result<Vec<u8>, Failure> {
    read(path, limits::MODULE_BYTES, |start| match start.starts_with(&format::MAGIC[..start.len().min(4)]) && !start.is_empty() {
        true => Ok(()),
        false => Err(not_a_module(path, start)),
    })
}

/// Reads text; `-` from the standard input.
pub fn read_text(path: &Path) -> Result<Vec<u8>, Failure> {
    read(path, MAX_SOURCE, |start| match start.starts_with(&format::MAGIC) {
        true => Err(Failure::refused(format!("`{}` is a module, not text; `vm dis` shows it as text", name(path)))),
        false => Ok(()),
    })
}

/// Reads a program, by its contents and its name a module or text.
pub fn read_program(path: &Path) -> Result<(Kind, Vec<u8>), Failure> {
    let mut kind = Kind::Module;
    let bytes = read(path, limits::MODULE_BYTES, |start| {
        let is_text = path.extension().is_some_and(|extension| extension == "vasm");
        if start.starts_with(&format::MAGIC) {
            Ok(())
        } else if is_text {
            kind = Kind::Text;
            Ok(())
        } else {
            Err(not_a_module(path, start))
        }
    })?;
    Ok((kind, bytes))
}

fn not_a_module(path: &Path, start: &[u8]) -> Failure {
    let name = name(path);
    Failure::refused(if start.is_empty() {
        format!("`{name}` is empty")
    } else if std::str::from_utf8(&start[..start.len().min(64)]).is_ok_and(|text| !text.contains('\0')) {
        format!("`{name}` is not a Limosa module but text; assembly text is named .vasm")
    } else {
        format!("`{name}` is not a Limosa module")
    })
}

/// Reads all of a file that is at most so large, once its start was looked at.
fn read(path: &Path, limit: usize, check: impl FnOnce(&[u8]) -> Result<(), Failure>) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: &io::Error| Failure::refused(format!("cannot read `{}`: {}{}", name(path), system_error(error), similar(path)));
    let mut bytes = Vec::new();
    let mut source: Box<dyn Read> = if is_stream(path) {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        if size > limit as u64 {
            return Err(too_large(path, limit));
        }
        // One byte more, so that the end is found without growing.
        bytes.reserve_exact(usize::try_from(size).unwrap_or(0) + 1);
        Box::new(file)
    };
    source.by_ref().take(FIRST).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    check(&bytes)?;
    source.take(limit as u64 + 1 - bytes.len() as u64).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() > limit { Err(too_large(path, limit)) } else { Ok(bytes) }
}

fn too_large(path: &Path, limit: usize) -> Failure {
    Failure::refused(format!("`{}` is larger than {limit} bytes, which is the most there can be", name(path)))
}

/// A file of nearly that name, if there is one.
fn similar(path: &Path) -> String {
    let other = ["vasm", "bc"].map(|extension| path.with_extension(extension)).into_iter().find(|other| other != path && other.is_file());
    match other {
        Some(other) if !path.exists() => format!("; did you mean `{}`?", other.display()),
        _ => String::new(),
    }
}
