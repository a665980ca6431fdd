//! The stored form of a conversation's words: JSON, compressed, one document each. Pure.

use kernel::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::rules::{Record, RecordFacts, Role};

/// Bytes of one document before compression: a record of the largest size with every character escaped.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The fastest level: at 1 KB of output a higher one saves 3 % and takes twice the time.
const COMPRESSION_LEVEL: i32 = 1;

/// One turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// The participant's key, where the source gave one.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<String>,
    /// Who speaks.
    #[serde(rename = "r")]
    pub role: Role,
    /// From the beginning of the conversation, ms.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<i64>,
    /// The words, exactly as imported: evidence points into them by Unicode scalar values.
    #[serde(rename = "x")]
    pub text: String,
    /// Keys this product does not know.
    #[serde(rename = "e", default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// Everything of a conversation that its row does not hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Document {
    /// The turns, in order.
    pub turns: Vec<Turn>,
    /// The agent as the source names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The source's own fields.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// Keys this product does not know.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A stored document that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "a stored transcript cannot be read ({0}); restore it from a backup or import the conversation again"
)]
pub struct DocumentError(String);

#[derive(Serialize)]
struct TurnOut<'a> {
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    participant: Option<&'a str>,
    #[serde(rename = "r")]
    role: Role,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    start_ms: Option<i64>,
    #[serde(rename = "x")]
    text: &'a str,
    #[serde(rename = "e", skip_serializing_if = "Map::is_empty")]
    extra: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct DocumentOut<'a> {
    turns: Vec<TurnOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    fields: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    extra: &'a Map<String, Value>,
}

/// Writes documents; one is made per thread, because the compressor is costly to set up.
pub struct Writer {
    compressor: zstd::bulk::Compressor<'static>,
}

impl Writer {
    /// A writer.
    ///
    /// # Errors
    /// The compressor cannot be set up.
    pub fn new() -> Result<Writer, DocumentError> {
        let compressor =
            zstd::bulk::Compressor::new(COMPRESSION_LEVEL).map_err(|e| DocumentError(e.to_string()))?;
        Ok(Writer { compressor })
    }

    /// The compressed document of a record, and the hash of the whole record: equal records, equal hashes.
    ///
    /// # Errors
    /// The document is larger than any record makes it, or the compressor fails.
    pub fn write(&mut self, record: &Record<'_>) -> Result<(Vec<u8>, [u8; 32]), DocumentError> {
        let turns = record.turns.iter().map(|turn| TurnOut {
            participant: turn.participant.as_deref(),
            role: turn.role,
            start_ms: turn.start_ms,
            text: &turn.text,
            extra: &turn.extra,
        });
        let document = DocumentOut {
            turns: turns.collect(),
            agent: record.facts.agent.as_deref(),
            fields: &record.fields,
            extra: &record.extra,
        };
        let mut json = serde_json::to_vec(&document).map_err(|e| DocumentError(e.to_string()))?;
        let length = u32::try_from(json.len()).ok().filter(|n| *n as usize <= DOCUMENT_BYTES_MAX);
        let length = length.ok_or_else(|| DocumentError(format!("{} bytes", json.len())))?;
        let mut body = length.to_le_bytes().to_vec();
        body.extend(self.compressor.compress(&json).map_err(|e| DocumentError(e.to_string()))?);
        facts_into(&record.facts, &mut json);
        Ok((body, audit::digest(&json)))
    }
}

/// What the row holds of a record, so that a change of it changes the hash.
fn facts_into(facts: &RecordFacts, out: &mut Vec<u8>) {
    let began = match facts.began {
        Some(super::rules::Began::At(at)) => Time::from(at).0.to_string(),
        Some(super::rules::Began::Local(at)) => at.to_string(),
        None => String::new(),
    };
    let duration = facts.duration_s.map(|s| s.to_string());
    for part in [
        Some(began.as_str()),
        facts.site.as_deref(),
        facts.queue.as_deref(),
        facts.line_of_business.as_deref(),
        facts.channel.as_deref(),
        facts.direction.map(super::rules::Direction::name),
        facts.disposition.as_deref(),
        duration.as_deref(),
    ] {
        out.push(0);
        out.extend(part.unwrap_or("\u{1}").as_bytes());
    }
}

impl Document {
    /// Reads a stored document.
    ///
    /// # Errors
    /// The document was cut short or changed.
    pub fn read(body: &[u8]) -> Result<Document, DocumentError> {
        let fault = |why: &str| DocumentError(why.to_owned());
        let (length, compressed) = body.split_first_chunk::<4>().ok_or_else(|| fault("cut short"))?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > DOCUMENT_BYTES_MAX {
            return Err(fault("too long"));
        }
        let json = zstd::bulk::decompress(compressed, length).map_err(|e| DocumentError(e.to_string()))?;
        serde_json::from_slice(&json).map_err(|e| DocumentError(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::record;

    #[test]
    fn a_document_reads_back_and_its_hash_follows_every_fact() {
        let mut writer = Writer::new().unwrap();
        let one = record(
            r#"{"id":"1","source":"s","agent":"甲","lang":"zh","fields":{"k":[1,2]},"queue":"宽带","turns":[{"role":"customer","t":0.5,"text":"喂😀\n你好","acts":[1]},{"role":"agent","participant":"甲","text":""}]}"#,
        );
        let (body, hash) = writer.write(&one).unwrap();
        let back = Document::read(&body).unwrap();
        assert_eq!(back.turns[0].text, "喂😀\n你好");
        assert_eq!(back.turns[0].start_ms, Some(500));
        assert_eq!(back.turns[0].extra["acts"], serde_json::json!([1]));
        assert_eq!(back.turns[1].participant.as_deref(), Some("甲"));
        assert_eq!(back.fields["k"], serde_json::json!([1, 2]));
        assert_eq!(back.extra["lang"], "zh");
        assert_eq!(writer.write(&one).unwrap().1, hash);
        let mut other = one.clone();
        other.facts.queue = Some("资费".into());
        assert_ne!(writer.write(&other).unwrap().1, hash);
        other = one.clone();
        other.facts.disposition = Some(String::new());
        assert_ne!(writer.write(&other).unwrap().1, hash);
        for cut in 0..body.len() {
            assert!(Document::read(&body[..cut]).is_err());
        }
    }
}
