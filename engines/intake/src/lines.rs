//! Lines of a text in bounded memory. Pure over a reader.

use std::io::{self, BufRead};

use crate::conversation::{RAW_BYTES_MAX, RECORD_BYTES_MAX};

/// A line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes; only the first [`RAW_BYTES_MAX`] of one that is too long.
    pub bytes: Vec<u8>,
    /// How long it is when that is more than [`RECORD_BYTES_MAX`].
    pub too_long: Option<u64>,
    /// Whether a line end follows; the last line may have none.
    pub is_ended: bool,
}

/// Reads lines that end in LF or CRLF.
pub struct Lines<R> {
    inner: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Lines of a reader.
    pub fn new(inner: R) -> Lines<R> {
        Lines { inner, number: 0 }
    }

    /// The reader.
    pub fn inner(&self) -> &R {
        &self.inner
    }

    /// The next line, into a new buffer; `None` at the end.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let mut length = 0_u64;
        let mut is_ended = false;
        while !is_ended {
            let available = match self.inner.fill_buf() {
                Ok([]) => break,
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let (part, used) = match memchr::memchr(b'\n', available) {
                Some(at) => {
                    is_ended = true;
                    (available.get(..at).unwrap_or_default(), at + 1)
                }
                None => (available, available.len()),
            };
            length += part.len() as u64;
            if length <= RECORD_BYTES_MAX as u64 {
                bytes.extend_from_slice(part);
            } else if bytes.len() > RAW_BYTES_MAX || bytes.capacity() > RAW_BYTES_MAX * 2 {
                bytes.truncate(RAW_BYTES_MAX);
                bytes.shrink_to_fit();
            } else {
                let room = RAW_BYTES_MAX.saturating_sub(bytes.len()).min(part.len());
                bytes.extend_from_slice(part.get(..room).unwrap_or_default());
            }
            self.inner.consume(used);
        }
        if length == 0 && !is_ended {
            return Ok(None);
        }
        self.number += 1;
        let too_long = (length > RECORD_BYTES_MAX as u64).then_some(length);
        if too_long.is_none() && bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Ok(Some(Line { number: self.number, bytes, too_long, is_ended }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        let mut lines = Lines::new(io::BufReader::with_capacity(16, bytes));
        std::iter::from_fn(|| lines.next_line().unwrap()).collect()
    }

    #[test]
    fn ends_and_numbers() {
        let found = lines(b"a\r\n\nlonger than sixteen bytes\nlast");
        let shown: Vec<_> = found.iter().map(|l| (l.number, l.bytes.as_slice(), l.is_ended)).collect();
        assert_eq!(
            shown,
            [
                (1, &b"a"[..], true),
                (2, b"", true),
                (3, b"longer than sixteen bytes", true),
                (4, b"last", false)
            ]
        );
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn a_line_without_end_stays_small() {
        let mut bytes = vec![b'x'; RECORD_BYTES_MAX * 2];
        bytes.extend(b"\nnext\n");
        let mut lines = Lines::new(io::BufReader::with_capacity(1 << 16, bytes.as_slice()));
        let long = lines.next_line().unwrap().unwrap();
        assert_eq!(long.too_long, Some(RECORD_BYTES_MAX as u64 * 2));
        assert!(long.bytes.capacity() <= RAW_BYTES_MAX * 2);
        assert_eq!(lines.next_line().unwrap().unwrap().bytes, b"next");
    }
}
