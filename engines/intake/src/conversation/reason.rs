//! Why a row did not go in: a stable code, and the values that a message needs.

use crate::cells::CellFault;

/// Why a row was rejected. The last ones, and [`Reason::Duplicate`], are for whoever stores records: only they know
/// what came before and who is who.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The line is longer than the limit; its length in bytes.
    TooLong(u64),
    /// CSV: one line is longer than a row may be; its length in bytes.
    LongRow(u64),
    /// Bytes that the file's encoding does not have; the 1-based byte of the line, and the encoding.
    Encoding(usize, &'static str),
    /// A NUL byte or character; where.
    Nul(String),
    /// Not JSON; the parser's words, with the column.
    Json(String),
    /// JSON, but not an object; what it is.
    NotAnObject(&'static str),
    /// The file ends inside this line.
    Truncated,
    /// A field that must be there is missing or empty.
    Missing(&'static str),
    /// A value of the wrong kind: the field, what was found, what it must be.
    Kind(String, &'static str, &'static str),
    /// A name or code longer than the limit, or with control characters.
    Name(&'static str, String),
    /// The role is not one of three: the turn (from 1), the value.
    Role(usize, String),
    /// The direction is not one of two.
    Direction(String),
    /// The time cannot be read.
    Time(String),
    /// An offset that is negative, not a number, or beyond the limit: the turn, the value.
    Offset(usize, String),
    /// A turn begins before the one before it: the turn, its time, the time before, in seconds.
    Backwards(usize, f64, f64),
    /// No turns.
    NoTurns,
    /// Too many turns.
    TooManyTurns(usize),
    /// A turn's text is too long: the turn, its characters.
    LongText(usize, usize),
    /// The id was there already: the line that had it.
    Duplicate(String, u64),
    /// CSV: the heading row lacks columns.
    Header(String),
    /// CSV: more columns than the limit.
    TooManyColumns(usize),
    /// CSV: another number of columns than the heading row has: found, expected.
    Columns(usize, usize),
    /// CSV: a quotation mark is never closed, or not doubled inside a field.
    Quote,
    /// CSV: another row of the same conversation was rejected: its line.
    Sibling(u64),
    /// CSV: the rows of the conversation stand too far apart.
    Scattered(String, usize),
    /// CSV: a fact of the conversation differs between its rows: the column, both values.
    Conflict(&'static str, String, String),
    /// A name is nobody's, and unknown ones are not to be created: the kind and the name.
    Unknown(Named, String),
}

/// What a name in a file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A person.
    Agent,
    /// A site.
    Site,
    /// A queue.
    Queue,
    /// A line of business.
    LineOfBusiness,
}

impl Reason {
    /// The stable code, for the API and for tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::TooLong(_) | Reason::LongRow(_) => "line_too_long",
            Reason::Encoding(..) => "encoding",
            Reason::Nul(_) => "nul",
            Reason::Json(_) => "json",
            Reason::NotAnObject(_) => "not_an_object",
            Reason::Truncated => "truncated",
            Reason::Missing(_) => "missing",
            Reason::Kind(..) => "wrong_kind",
            Reason::Name(..) => "name",
            Reason::Role(..) => "role",
            Reason::Direction(_) => "direction",
            Reason::Time(_) => "time",
            Reason::Offset(..) => "offset",
            Reason::Backwards(..) => "backwards",
            Reason::NoTurns => "no_turns",
            Reason::TooManyTurns(_) => "too_many_turns",
            Reason::LongText(..) => "text_too_long",
            Reason::Duplicate(..) => "duplicate",
            Reason::Header(_) => "header",
            Reason::TooManyColumns(_) => "too_many_columns",
            Reason::Columns(..) => "columns",
            Reason::Quote => "quote",
            Reason::Sibling(_) => "sibling",
            Reason::Scattered(..) => "scattered",
            Reason::Conflict(..) => "conflict",
            Reason::Unknown(..) => "unknown_name",
        }
    }
}

impl From<CellFault> for Reason {
    fn from(fault: CellFault) -> Reason {
        match fault {
            CellFault::Quote { .. } => Reason::Quote,
            CellFault::TooMany { .. } => Reason::TooManyColumns(super::COLUMNS_MAX),
        }
    }
}

/// Bytes of a rejected row that are kept. A whole ordinary conversation fits; a 50 MB line does not.
pub const RAW_BYTES_MAX: usize = 64 * 1024;

/// A row that did not go in.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// Its own text, cut at [`RAW_BYTES_MAX`].
    pub raw: String,
}

impl Rejection {
    /// A rejection of some raw text.
    pub fn new(line: u64, reason: Reason, raw: &str) -> Rejection {
        let mut end = raw.len().min(RAW_BYTES_MAX);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        // PostgreSQL's text has no NUL.
        let raw = raw.get(..end).unwrap_or_default().replace('\0', "␀");
        Rejection { line, reason, raw }
    }
}
