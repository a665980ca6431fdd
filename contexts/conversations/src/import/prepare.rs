//! From a chunk to conversations whose names are not yet resolved. Pure and costly: runs on all cores.

use intake::conversation::{self, Header, RecordFacts, csv, jsonl};

use super::{
    reason::{Reason, Rejection},
    rules::Defaults,
    source::{Chunk, Unit},
};
use crate::conversation::document::{DocumentError, Writer};

/// A conversation that reads well.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What it was read from.
    pub unit: Unit,
    /// What it says beside the words, which are in the document.
    pub facts: RecordFacts,
    /// Its agents: participant key, name or number.
    pub agents: Vec<(String, String)>,
    /// Turns.
    pub turn_count: usize,
    /// `zh` or `en`.
    pub lang: &'static str,
    /// The hash of the record.
    pub checksum: [u8; 32],
    /// The compressed document.
    pub body: Vec<u8>,
}

/// A chunk after reading.
#[derive(Debug, Default)]
pub struct PreparedChunk {
    /// Its number.
    pub number: u64,
    /// What reads well.
    pub good: Vec<Prepared>,
    /// What does not.
    pub rejected: Vec<Rejection>,
    /// Lines read so far.
    pub lines: u64,
    /// Bytes read so far.
    pub bytes: u64,
}

/// Reads a chunk.
///
/// # Errors
/// When the compressor cannot be set up.
pub fn prepare(chunk: Chunk, defaults: &Defaults) -> Result<PreparedChunk, DocumentError> {
    let mut writer = Writer::new()?;
    let defaults = defaults.of_record();
    let mut prepared = PreparedChunk {
        number: chunk.number,
        lines: chunk.lines,
        bytes: chunk.bytes,
        ..PreparedChunk::default()
    };
    for unit in chunk.units {
        match read(unit, chunk.header.as_deref(), &defaults, &mut writer) {
            Ok(good) => prepared.good.push(good),
            Err(rejected) => prepared.rejected.extend(rejected),
        }
    }
    Ok(prepared)
}

fn read(
    unit: Unit,
    header: Option<&Header>,
    defaults: &conversation::Defaults,
    writer: &mut Writer,
) -> Result<Prepared, Vec<Rejection>> {
    let record = match (&unit, header) {
        (Unit::Json { line, text }, _) => {
            jsonl::parse(text, defaults).map_err(|reason| vec![Rejection::new(*line, reason, text)])?
        }
        (Unit::Group(group), Some(header)) => csv::record(group, header, defaults)?,
        (Unit::Group(_), None) => return Err(unit.reject(Reason::Header(String::new()))),
        (Unit::Rejected(rejection), _) => return Err(vec![rejection.clone()]),
    };
    let (body, checksum) =
        writer.write(&record).map_err(|error| unit.reject(Reason::Json(error.to_string())))?;
    let (agents, lang, turn_count) = (record.agents(), record.lang(), record.turns.len());
    let facts = record.facts;
    Ok(Prepared { unit, facts, agents, turn_count, lang, checksum, body })
}
