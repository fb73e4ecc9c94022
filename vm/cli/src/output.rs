//! Writing results: to the standard output, or to a file that has all of it or stays as it was.

use crate::exit::Failure;
use crate::input::is_stream;
use crate::terminal::system_error;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

/// Bytes that are kept before they are written.
const BUFFER: usize = 32 << 10;

/// Writes to the standard output. That nobody reads it is no error.
pub fn print(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    stream(|out| out.write_all(text.as_ref()))
}

/// Writes to the standard output bit by bit. That nobody reads it is no error.
pub fn stream(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::output(format!("cannot write to the standard output: {}", system_error(&error)))),
        Ok(()) => Ok(()),
    }
}

/// Writes a file; `-` is the standard output.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if !is_stream(path) {
        let result = limosa_stdlib::replace_file(path, bytes);
        return result.map_err(|error| Failure::output(format!("cannot write `{}`: {}", path.display(), system_error(&error))));
    }
    if io::stdout().is_terminal() {
        return Err(Failure::usage("a module is not written to a terminal; name a file"));
    }
    print(bytes)
}
