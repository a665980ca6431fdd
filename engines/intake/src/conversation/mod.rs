//! Conversations: records out of JSON lines or CSV, as a stream in bounded memory.
//!
//! [`Source`] reads bytes and gives chunks of [`Unit`]s, each of which may become a conversation; [`jsonl::parse`]
//! and [`csv::record`] make a [`Record`] of one, or say why it is none.

mod checks;
mod columns;
pub mod csv;
mod groups;
pub mod jsonl;
mod reason;
mod record;
mod rows;
mod source;

pub use checks::{Defaults, name};
pub use columns::{COLUMNS, COLUMNS_MAX, Column, Header};
pub use groups::{Group, WINDOW_ROWS};
pub use reason::{Named, RAW_BYTES_MAX, Reason, Rejection};
pub use record::{
    AGENTS_MAX, Began, Direction, NAME_CHARS_MAX, OFFSET_SECONDS_MAX, RECORD_BYTES_MAX, Record, RecordFacts,
    RecordTurn, Role, TURN_CHARS_MAX, TURNS_MAX, YEAR_MAX, YEAR_MIN, is_han,
};
pub use rows::{CsvRow, ROW_BYTES_MAX};
pub use source::{CHUNK_UNITS, Chunk, Format, Source, SourceError, Unit};
