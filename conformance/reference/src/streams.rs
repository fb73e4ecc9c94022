//! The standard streams of a program. Output is kept until it is much, or until something else happens: errors are told, more input is
//! read, or the program ends.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, BufWriter, Cursor, Read, Write};
use std::rc::Rc;

/// Input, output and errors.
pub struct Streams {
    input: BufReader<Box<dyn Read>>,
    output: BufWriter<Box<dyn Write>>,
    error: Box<dyn Write>,
}

/// What a program wrote.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// To the standard output.
    pub stdout: Rc<RefCell<Vec<u8>>>,
    /// To the error stream.
    pub stderr: Rc<RefCell<Vec<u8>>>,
}

struct Sink(Rc<RefCell<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Streams {
    /// The streams of this process.
    #[must_use]
    pub fn of_process() -> Streams {
        Streams::new(Box::new(io::stdin()), Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// This input, and what is written is kept.
    #[must_use]
    pub fn captured(input: Vec<u8>) -> (Streams, Written) {
        let written = Written::default();
        let sinks = (Sink(written.stdout.clone()), Sink(written.stderr.clone()));
        (Streams::new(Box::new(Cursor::new(input)), Box::new(sinks.0), Box::new(sinks.1)), written)
    }

    fn new(input: Box<dyn Read>, output: Box<dyn Write>, error: Box<dyn Write>) -> Streams {
        Streams { input: BufReader::new(input), output: BufWriter::new(output), error }
    }

    /// Writes to the output.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.write_all(bytes)
    }

    /// Writes out what is kept of the output.
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Writes to the error stream, after the output so far.
    pub fn write_error(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.flush()?;
        self.error.write_all(bytes)?;
        self.error.flush()
    }

    /// The next line without its end, which is `\n` or `\r\n`; None at the end of the input.
    pub fn read_line(&mut self, most: usize) -> io::Result<Option<Vec<u8>>> {
        self.flush()?;
        let mut line = Vec::new();
        self.input.by_ref().take(most as u64 + 1).read_until(b'\n', &mut line)?;
        let is_complete = line.last() == Some(&b'\n');
        if is_complete {
            line.pop();
        }
        if line.len() > most {
            return Err(too_large(most));
        }
        if !is_complete {
            return Ok((!line.is_empty()).then_some(line));
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// The next so many bytes; fewer only at the end of the input.
    pub fn read_bytes(&mut self, count: usize, most: usize) -> io::Result<Vec<u8>> {
        self.flush()?;
        let mut bytes = Vec::new();
        self.input.by_ref().take((most as u64 + 1).min(count as u64)).read_to_end(&mut bytes)?;
        if bytes.len() > most { Err(too_large(most)) } else { Ok(bytes) }
    }
}

/// The error for what does not fit.
pub(crate) fn too_large(most: usize) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("there are more than the {most} bytes that fit"))
}
