//! From the bytes of a file to chunks of work of bounded size. Runs on a thread of its own.
//!
//! The chunks of a file are always the same, so that an import that was interrupted can read the file again
//! and leave out the chunks that are stored already.

use std::{
    collections::VecDeque,
    io::{self, BufReader, Read},
    sync::Arc,
};

use super::{
    Group, Header, Reason, Rejection,
    groups::Grouper,
    rows::{RowOrReason, Rows},
};
use crate::{
    charset::{Charset, Transcoder},
    lines::{Line, Lines},
};

/// Conversations of one chunk, which becomes one transaction: more would hold the writer for too long, fewer
/// would spend the time on commits.
pub const CHUNK_UNITS: usize = 1_000;
/// Bytes after which a chunk is closed with fewer.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// One turn a row.
    Csv,
}

impl Format {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
        }
    }

    /// The format of a stable name.
    pub fn parse(name: &str) -> Option<Format> {
        [Format::Jsonl, Format::Csv].into_iter().find(|format| format.name() == name)
    }
}

/// One piece of work: what may become a conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Unit {
    /// A line of JSON.
    Json {
        /// Its number.
        line: u64,
        /// Its text.
        text: String,
    },
    /// The CSV rows of one conversation.
    Group(Group),
    /// Already known not to become one.
    Rejected(Rejection),
}

impl Unit {
    /// The line on which it begins.
    pub fn line(&self) -> u64 {
        match self {
            Unit::Json { line, .. } => *line,
            Unit::Group(group) => group.rows.first().map_or(0, |row| row.line),
            Unit::Rejected(rejection) => rejection.line,
        }
    }

    /// Rejects all of it.
    pub fn reject(&self, reason: Reason) -> Vec<Rejection> {
        match self {
            Unit::Json { line, text } => vec![Rejection::new(*line, reason, text)],
            Unit::Group(group) => super::csv::rejections(group, &[(self.line(), reason)]),
            Unit::Rejected(rejection) => vec![rejection.clone()],
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Unit::Json { text, .. } => text.len(),
            Unit::Group(group) => group.rows.iter().map(|row| row.raw.len()).sum(),
            Unit::Rejected(rejection) => rejection.raw.len(),
        }
    }
}

/// A chunk.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// Its number, from 1.
    pub number: u64,
    /// What is in it.
    pub units: Vec<Unit>,
    /// The header, for rows of CSV.
    pub header: Option<Arc<Header>>,
    /// Lines read so far.
    pub lines: u64,
    /// Bytes read so far.
    pub bytes: u64,
}

/// A file whose format or first row says that nothing in it can be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It cannot be read.
    #[error("reading: {0}")]
    Io(#[from] io::Error),
    /// Neither JSON lines nor CSV with a heading row.
    #[error("neither JSON lines nor CSV")]
    UnknownFormat,
    /// The heading row is not one.
    #[error("heading row: {}", .0.code())]
    Header(Reason),
}

/// A source of chunks.
pub struct Source<R: Read> {
    lines: Lines<BufReader<Transcoder<R>>>,
    charset: Charset,
    format: Format,
    csv: Option<(Arc<Header>, Rows, Grouper)>,
    ready: VecDeque<Unit>,
    line: u64,
    number: u64,
    is_over: bool,
}

impl<R: Read> Source<R> {
    /// Looks at the beginning: its encoding, its format, its heading row.
    pub fn open(inner: R, format: Option<Format>, file_name: &str) -> Result<Source<R>, SourceError> {
        let transcoder = Transcoder::new(inner, None)?;
        let charset = transcoder.charset();
        let mut lines = Lines::new(BufReader::with_capacity(256 * 1024, transcoder));
        let mut skipped = 0;
        let first = loop {
            match lines.next_line()? {
                Some(line) if line.too_long.is_none() && line.bytes.iter().all(u8::is_ascii_whitespace) => {
                    skipped = line.number;
                }
                other => break other,
            }
        };
        let mut source = Source {
            lines,
            charset,
            format: Format::Jsonl,
            csv: None,
            ready: VecDeque::new(),
            line: skipped,
            number: 0,
            is_over: false,
        };
        let Some(first) = first else {
            source.is_over = true;
            return Ok(source);
        };
        source.line = first.number;
        match source.recognise(&first, format, file_name)? {
            Some(header) => {
                let header = Arc::new(header);
                source.format = Format::Csv;
                source.csv = Some((header.clone(), Rows::new(header.clone()), Grouper::new(header)));
            }
            None => source.take(first),
        }
        Ok(source)
    }

    fn recognise(
        &self,
        first: &Line,
        format: Option<Format>,
        name: &str,
    ) -> Result<Option<Header>, SourceError> {
        let name = name.to_ascii_lowercase();
        let is_named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let looks_json = matches!(first.bytes.iter().find(|b| !b.is_ascii_whitespace()), Some(b'{' | b'['));
        let header = || match self.fault(first) {
            Some(reason) => Err(reason),
            None => Header::parse(&String::from_utf8_lossy(&first.bytes)),
        };
        match format {
            Some(Format::Jsonl) => Ok(None),
            Some(Format::Csv) => header().map(Some).map_err(SourceError::Header),
            None if looks_json => Ok(None),
            None => match header() {
                Ok(header) => Ok(Some(header)),
                Err(_) if is_named(&[".jsonl", ".ndjson", ".json"]) => Ok(None),
                Err(reason) if is_named(&[".csv", ".tsv", ".txt"]) => Err(SourceError::Header(reason)),
                Err(reason @ Reason::TooManyColumns(_)) => Err(SourceError::Header(reason)),
                Err(_) => Err(SourceError::UnknownFormat),
            },
        }
    }

    /// The encoding.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The heading row, for CSV.
    pub fn header(&self) -> Option<&Header> {
        self.csv.as_ref().map(|(header, ..)| header.as_ref())
    }

    fn fault(&self, line: &Line) -> Option<Reason> {
        if let Some(bytes) = line.too_long {
            return Some(if self.csv.is_some() { Reason::LongRow(bytes) } else { Reason::TooLong(bytes) });
        }
        match std::str::from_utf8(&line.bytes) {
            Err(error) => Some(Reason::Encoding(error.valid_up_to() + 1, self.charset.name())),
            Ok(text) if self.charset != Charset::Utf8 => {
                text.find('\u{FFFD}').map(|at| Reason::Encoding(at + 1, self.charset.name()))
            }
            Ok(_) => None,
        }
    }

    fn take(&mut self, line: Line) {
        self.line = line.number;
        let fault = self.fault(&line);
        if let Some((_, rows, _)) = &mut self.csv {
            rows.push(line, fault);
            self.gather();
            return;
        }
        if let Some(reason) = fault {
            let raw = String::from_utf8_lossy(&line.bytes);
            self.ready.push_back(Unit::Rejected(Rejection::new(line.number, reason, &raw)));
        } else if !line.bytes.iter().all(u8::is_ascii_whitespace)
            && let Ok(text) = String::from_utf8(line.bytes)
        {
            self.ready.push_back(Unit::Json { line: line.number, text });
        }
    }

    fn gather(&mut self) {
        let Some((_, rows, grouper)) = &mut self.csv else { return };
        let (mut done, mut rejected) = (Vec::new(), Vec::new());
        while let Some(next) = rows.next_row() {
            match next {
                RowOrReason::Row(row) => grouper.push(row, &mut done, &mut rejected),
                RowOrReason::Rejected(rejection) => rejected.push(rejection),
            }
        }
        self.ready.extend(rejected.into_iter().map(Unit::Rejected));
        self.ready.extend(done.into_iter().map(Unit::Group));
    }

    fn finish(&mut self) {
        self.is_over = true;
        if let Some((_, rows, _)) = &mut self.csv {
            rows.end();
            self.gather();
        }
        if let Some((_, _, grouper)) = &mut self.csv {
            self.ready.extend(grouper.finish().into_iter().map(Unit::Group));
        }
    }

    /// The next chunk; `None` after the last.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, SourceError> {
        let (mut units, mut bytes) = (Vec::new(), 0);
        while units.len() < CHUNK_UNITS && bytes < CHUNK_BYTES {
            if let Some(unit) = self.ready.pop_front() {
                bytes += unit.bytes();
                units.push(unit);
            } else if self.is_over {
                break;
            } else {
                match self.lines.next_line()? {
                    Some(line) => self.take(line),
                    None => self.finish(),
                }
            }
        }
        if units.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Chunk {
            number: self.number,
            units,
            header: self.csv.as_ref().map(|(header, ..)| header.clone()),
            lines: self.line,
            bytes: self.lines.inner().get_ref().bytes_read(),
        }))
    }
}
