//! The standard streams, buffered so that programs need not think of it.
//!
//! Output is kept until 32 KiB are there; on a terminal, until a line is. It is also written out before anything is written to the error
//! stream, before more input is fetched, and when the program ends. So what a person sees, or a program at the other end of two pipes, is in
//! order, and a program that asks a question is seen to ask it.

use std::io::{self, IsTerminal, Read, Write};

/// Bytes of output that are kept at most.
const OUTPUT_BUFFER: usize = 32 << 10;
/// Bytes of input that are fetched at once.
const INPUT_BUFFER: usize = 64 << 10;

/// Input, output and errors of a program.
pub struct Streams {
    input: Input,
    output: Output,
    error: Box<dyn Write + Send>,
}

struct Input {
    source: Box<dyn Read + Send>,
    /// Empty until the first read.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

struct Output {
    sink: Box<dyn Write + Send>,
    buffer: Vec<u8>,
    by_line: bool,
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams")
            .field("unread", &(self.input.end - self.input.start))
            .field("unwritten", &self.output.buffer.len())
            .finish()
    }
}

impl Streams {
    /// The streams of this process.
    #[must_use]
    pub fn process() -> Streams {
        let by_line = io::stdout().is_terminal();
        Streams::make(Box::new(io::stdin()), standard_output(), by_line, Box::new(io::stderr()))
    }

    /// Nothing to read, and what is written is lost.
    #[must_use]
    pub fn closed() -> Streams {
        Streams::new(io::empty(), io::sink(), io::sink())
    }

    /// Any others.
    #[must_use]
    pub fn new(input: impl Read + Send + 'static, output: impl Write + Send + 'static, error: impl Write + Send + 'static) -> Streams {
        Streams::make(Box::new(input), Box::new(output), false, Box::new(error))
    }

    fn make(source: Box<dyn Read + Send>, sink: Box<dyn Write + Send>, by_line: bool, error: Box<dyn Write + Send>) -> Streams {
        let input = Input { source, buffer: Vec::new(), start: 0, end: 0 };
        Streams { input, output: Output { sink, buffer: Vec::new(), by_line }, error }
    }

    /// Writes to the output.
    ///
    /// # Errors
    /// If what was kept cannot be written out.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_parts(&[bytes])
    }

    /// Writes a line to the output.
    ///
    /// # Errors
    /// As for [`write`](Streams::write).
    pub fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        self.write_parts(&[line, b"\n"])
    }

    fn write_parts(&mut self, parts: &[&[u8]]) -> io::Result<()> {
        let output = &mut self.output;
        let mut line_ended = false;
        for part in parts {
            if output.buffer.len() + part.len() > OUTPUT_BUFFER {
                output.flush()?;
            }
            if part.len() >= OUTPUT_BUFFER {
                output.sink.write_all(part)?;
            } else {
                if output.buffer.capacity() == 0 {
                    output.buffer.reserve_exact(OUTPUT_BUFFER);
                }
                output.buffer.extend_from_slice(part);
            }
            line_ended |= output.by_line && memchr::memchr(b'\n', part).is_some();
        }
        if line_ended { self.flush() } else { Ok(()) }
    }

    /// Writes out what is kept of the output.
    ///
    /// # Errors
    /// If that fails; what was kept is dropped then.
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()?;
        self.output.sink.flush()
    }

    /// Writes to the error stream, after what is kept of the output.
    ///
    /// # Errors
    /// If either cannot be written.
    pub fn write_error(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.flush()?;
        self.error.write_all(bytes)?;
        self.error.flush()
    }

    /// The next line without its end, which is `\n` or `\r\n`; None at the end of the input.
    ///
    /// # Errors
    /// If reading fails, or the line is longer than `limit` bytes.
    pub fn read_line<'a>(&'a mut self, scratch: &'a mut Vec<u8>, limit: usize) -> io::Result<Option<&'a [u8]>> {
        scratch.clear();
        loop {
            if self.input.start == self.input.end && !self.fetch()? {
                return Ok((!scratch.is_empty()).then_some(&scratch[..]));
            }
            let unread = &self.input.buffer[self.input.start..self.input.end];
            let length = memchr::memchr(b'\n', unread);
            if scratch.len() + length.unwrap_or(unread.len()) > limit {
                return Err(crate::files::too_large(limit));
            }
            match length {
                None => {
                    scratch.extend_from_slice(unread);
                    self.input.start = self.input.end;
                }
                Some(length) if scratch.is_empty() => {
                    let start = self.input.start;
                    self.input.start += length + 1;
                    return Ok(Some(without_return(&self.input.buffer[start..start + length])));
                }
                Some(length) => {
                    scratch.extend_from_slice(&unread[..length]);
                    self.input.start += length + 1;
                    return Ok(Some(without_return(scratch)));
                }
            }
        }
    }

    /// The next `count` bytes; fewer only at the end of the input.
    ///
    /// # Errors
    /// If reading fails, or there are more than `limit` bytes.
    pub fn read_bytes(&mut self, count: usize, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < count && (self.input.start < self.input.end || self.fetch()?) {
            if bytes.len() >= limit {
                return Err(crate::files::too_large(limit));
            }
            let unread = &self.input.buffer[self.input.start..self.input.end];
            let taken = unread.len().min(count.min(limit) - bytes.len());
            bytes.extend_from_slice(&unread[..taken]);
            self.input.start += taken;
        }
        Ok(bytes)
    }

    /// All that is left of the input.
    ///
    /// # Errors
    /// If reading fails, or there are more than `limit` bytes.
    pub fn read_all(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        self.flush()?;
        let mut bytes = self.input.buffer[self.input.start..self.input.end].to_vec();
        self.input.start = self.input.end;
        let left = (limit + 1).saturating_sub(bytes.len());
        self.input.source.by_ref().take(left as u64).read_to_end(&mut bytes)?;
        if bytes.len() > limit { Err(crate::files::too_large(limit)) } else { Ok(bytes) }
    }

    /// Fetches more input; false at its end.
    fn fetch(&mut self) -> io::Result<bool> {
        self.flush()?;
        let input = &mut self.input;
        if input.buffer.is_empty() {
            input.buffer.resize(INPUT_BUFFER, 0);
        }
        input.start = 0;
        input.end = 0;
        loop {
            match input.source.read(&mut input.buffer) {
                Ok(count) => input.end = count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(input.end > 0);
        }
    }
}

impl Output {
    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let written = self.sink.write_all(&self.buffer);
        self.buffer.clear();
        written
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        // Who wants to know of an error flushes before.
        let _ = self.flush();
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The standard output without the buffer that the Rust library puts before it.
#[cfg(unix)]
fn standard_output() -> Box<dyn Write + Send> {
    use std::os::fd::AsFd;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(io::stdout()),
    }
}

#[cfg(not(unix))]
fn standard_output() -> Box<dyn Write + Send> {
    Box::new(io::stdout())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// What happened on the outside, in order.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<String>>>);

    impl Log {
        fn add(&self, what: &str, bytes: &[u8]) {
            self.0.lock().unwrap().push(format!("{what}:{}", String::from_utf8_lossy(bytes)));
        }

        fn take(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    struct Sink(Log, &'static str);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.add(self.1, bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Hands out its parts one by one.
    struct Source(Log, Vec<&'static [u8]>);

    impl Read for Source {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.add("in", b"");
            let part = if self.1.is_empty() { &[][..] } else { self.1.remove(0) };
            into[..part.len()].copy_from_slice(part);
            Ok(part.len())
        }
    }

    fn streams(parts: &[&'static [u8]]) -> (Streams, Log) {
        let log = Log::default();
        (Streams::new(Source(log.clone(), parts.to_vec()), Sink(log.clone(), "out"), Sink(log.clone(), "err")), log)
    }

    fn lines(parts: &[&'static [u8]]) -> Vec<String> {
        let (mut streams, _) = streams(parts);
        let mut scratch = Vec::new();
        let mut lines = Vec::new();
        while let Some(line) = streams.read_line(&mut scratch, 100).unwrap() {
            lines.push(String::from_utf8_lossy(line).into_owned());
        }
        lines
    }

    #[test]
    fn output_is_kept_until_something_asks_for_it() {
        let (mut streams, log) = streams(&[b"line\n"]);
        streams.write_line(b"a").unwrap();
        streams.write(b"b").unwrap();
        assert!(log.take().is_empty());
        streams.write_error(b"e").unwrap();
        assert_eq!(log.take(), ["out:a\nb", "err:e"]);
        streams.write(b"name? ").unwrap();
        assert_eq!(streams.read_line(&mut Vec::new(), 100).unwrap(), Some(&b"line"[..]));
        assert_eq!(log.take(), ["out:name? ", "in:"]);
        streams.write(b"last").unwrap();
        drop(streams);
        assert_eq!(log.take(), ["out:last"]);
    }

    #[test]
    fn on_a_terminal_lines_are_written_out() {
        let (mut streams, log) = streams(&[]);
        streams.output.by_line = true;
        streams.write(b"a").unwrap();
        assert!(log.take().is_empty());
        streams.write_line(b"b").unwrap();
        assert_eq!(log.take(), ["out:ab\n"]);
    }

    #[test]
    fn much_output_keeps_its_order_and_little_memory() {
        let (mut streams, log) = streams(&[]);
        let mut expected = String::new();
        for length in [1, OUTPUT_BUFFER - 1, 1, OUTPUT_BUFFER, OUTPUT_BUFFER + 1, 0, 5] {
            let text: String = ('a'..='z').cycle().take(length).collect();
            streams.write(text.as_bytes()).unwrap();
            expected += &text;
            assert!(streams.output.buffer.capacity() <= OUTPUT_BUFFER);
        }
        streams.flush().unwrap();
        let written: String = log.take().iter().map(|entry| &entry["out:".len()..]).collect();
        assert!(written == expected);
    }

    #[test]
    fn lines_end_with_newline_or_both() {
        assert_eq!(lines(&[b"a\nb\r\n\nc"]), ["a", "b", "", "c"]);
        assert_eq!(lines(&[b"a\n"]), ["a"]);
        assert_eq!(lines(&[]), [""; 0]);
        assert_eq!(lines(&[b"a\rb\n\r\n"]), ["a\rb", ""]);
    }

    #[test]
    fn lines_are_put_together_from_parts() {
        assert_eq!(lines(&[b"a", b"b", b"\ncd\ne\r", b"\nf"]), ["ab", "cd", "e", "f"]);
    }

    #[test]
    fn a_line_longer_than_the_limit_is_refused() {
        let (mut streams, _) = streams(&[b"12345", b"6\n"]);
        assert_eq!(streams.read_line(&mut Vec::new(), 5).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        let (mut streams, _) = super::tests::streams(&[b"12345\n"]);
        assert!(streams.read_line(&mut Vec::new(), 5).is_ok());
    }

    #[test]
    fn bytes_are_all_that_are_asked_for_or_left() {
        let (mut streams, _) = streams(&[b"abc", b"de", b"f"]);
        assert_eq!(streams.read_bytes(4, 9).unwrap(), b"abcd");
        assert_eq!(streams.read_bytes(0, 0).unwrap(), b"");
        assert_eq!(streams.read_bytes(1 << 40, 2).unwrap(), b"ef");
        assert_eq!(streams.read_bytes(1, 9).unwrap(), b"");
        let (mut streams, _) = super::tests::streams(&[b"abc"]);
        assert!(streams.read_bytes(3, 2).is_err());
    }

    #[test]
    fn the_rest_follows_what_was_read() {
        let (mut streams, _) = streams(&[b"a\nbc", b"de"]);
        streams.read_line(&mut Vec::new(), 10).unwrap();
        assert_eq!(streams.read_all(4).unwrap(), b"bcde");
        let (mut streams, _) = super::tests::streams(&[b"a\nbc", b"de"]);
        streams.read_line(&mut Vec::new(), 10).unwrap();
        assert!(streams.read_all(3).is_err());
    }
}
