//! What must hold for any bytes at all: driven by the fuzz targets, and here by damaged files.
//!
//! Every function panics when something does not hold. Nothing else may.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::{Map, Value, json};

use crate::cells::{Fed, Splitter, separator};
use crate::charset::Charset;
use crate::charset::Transcoder;
use crate::conversation::{
    Began, CHUNK_UNITS, COLUMNS_MAX, Defaults, Format, Header, NAME_CHARS_MAX, OFFSET_SECONDS_MAX,
    RAW_BYTES_MAX, RECORD_BYTES_MAX, Record, Source, TURN_CHARS_MAX, TURNS_MAX, Unit, csv, jsonl,
};
use crate::lines::{Line, Lines};
use crate::person::{self, Column, Mapping, PersonRecord, Table, table};

/// Reads bytes as conversations: every row ends as one good or one bad row that knows its line, a good one keeps the
/// limits, and printed as JSON it reads back the same.
///
/// # Panics
/// When that does not hold.
pub fn conversations(data: &[u8], format: Format) {
    let Ok(mut source) = Source::open(data, Some(format), "") else { return };
    let mut told = Told::default();
    let (mut chunks, mut lines) = (0, 0);
    while let Ok(Some(chunk)) = source.next_chunk() {
        chunks += 1;
        assert!(chunk.number == chunks && chunk.lines >= lines, "chunks are in order");
        assert!((1..=CHUNK_UNITS).contains(&chunk.units.len()), "a chunk holds {}", chunk.units.len());
        assert!(chunk.bytes <= data.len() as u64, "{} bytes of {}", chunk.bytes, data.len());
        lines = chunk.lines;
        for unit in &chunk.units {
            unit_holds(unit, chunk.header.as_deref(), &mut told);
        }
    }
    // Of a longer row only the beginning is kept with its rejection, and with it not all of its lines.
    if data.len() <= RAW_BYTES_MAX {
        let mut text = Vec::new();
        let read = Transcoder::new(data, None).and_then(|mut text_of| text_of.read_to_end(&mut text));
        assert!(read.is_ok(), "memory reads without an error");
        let is_blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
        let numbers = (1..).zip(text.split(|byte| *byte == b'\n')).filter(|(_, line)| !is_blank(line));
        for (number, _) in numbers.skip(usize::from(source.header().is_some())) {
            assert!(told.0.contains(&number), "line {number} was lost");
        }
    }
}

/// The lines of which something was told.
#[derive(Default)]
struct Told(BTreeSet<u64>);

impl Told {
    fn tell(&mut self, first: u64, text: &str) {
        assert!(first > 0, "lines are counted from 1");
        let more = text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        for line in first..=first + more {
            assert!(self.0.insert(line), "line {line} is told twice");
        }
    }
}

fn unit_holds(unit: &Unit, header: Option<&Header>, told: &mut Told) {
    let defaults = Defaults { source: Some("fuzz".to_owned()), ..Defaults::default() };
    match (unit, header) {
        (Unit::Json { line, text }, _) => {
            told.tell(*line, text);
            match jsonl::parse(text, &defaults) {
                Ok(record) => record_holds(&record),
                Err(reason) => assert!(!reason.code().is_empty()),
            }
        }
        (Unit::Group(group), header) => {
            for row in &group.rows {
                told.tell(row.line, &row.raw);
            }
            let Some(header) = header else { panic!("rows without a heading") };
            match csv::record(group, header, &defaults) {
                Ok(record) => {
                    assert_eq!(record.turns.len(), group.rows.len(), "one turn a row");
                    record_holds(&record);
                }
                Err(rejected) => {
                    let found: Vec<u64> = rejected.iter().map(|rejection| rejection.line).collect();
                    let rows: Vec<u64> = group.rows.iter().map(|row| row.line).collect();
                    assert_eq!(found, rows, "one rejection a row");
                }
            }
        }
        (Unit::Rejected(rejection), _) => {
            told.tell(rejection.line, &rejection.raw);
            assert!(!rejection.raw.contains('\0') && rejection.raw.len() <= RAW_BYTES_MAX + 2);
        }
    }
}

fn record_holds(record: &Record<'_>) {
    let names = [
        Some(&record.facts.external_id),
        Some(&record.facts.source),
        record.facts.agent.as_ref(),
        record.facts.site.as_ref(),
        record.facts.queue.as_ref(),
        record.facts.line_of_business.as_ref(),
        record.facts.channel.as_ref(),
        record.facts.disposition.as_ref(),
    ];
    for name in names.into_iter().flatten() {
        assert!(!name.trim().is_empty() && name.chars().count() <= NAME_CHARS_MAX, "the name {name:?}");
        assert!(!name.chars().any(char::is_control), "the name {name:?}");
    }
    assert!((1..=TURNS_MAX).contains(&record.turns.len()));
    let mut before = 0;
    for turn in &record.turns {
        assert!(!turn.text.contains('\0') && turn.text.chars().count() <= TURN_CHARS_MAX);
        let start = turn.start_ms.unwrap_or(before);
        assert!(before <= start && start as f64 <= OFFSET_SECONDS_MAX * 1000.0, "{start} after {before}");
        before = start;
    }
    assert!(record.agents().iter().all(|(_, name)| !name.is_empty()));
    assert!(matches!(record.lang(), "zh" | "en"));
    let line = printed(record).to_string();
    match jsonl::parse(&line, &Defaults::default()) {
        Ok(back) => assert!(is_same(&printed(&back), &printed(record)), "{line} came back as {back:?}"),
        Err(reason) => panic!("{line} came back as {reason:?}"),
    }
}

/// A record as the JSON from which it could have been read.
fn printed(record: &Record<'_>) -> Value {
    let mut object = record.extra.clone();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(key.to_owned(), value);
        }
    };
    let name = |name: &Option<String>| name.clone().map(Value::from);
    put("id", Some(record.facts.external_id.as_str().into()));
    put("source", Some(record.facts.source.as_str().into()));
    let began = record.facts.began.map(|began| match began {
        Began::At(at) => at.to_string(),
        Began::Local(at) => at.to_string(),
    });
    put("started_at", began.map(Value::from));
    put("agent", name(&record.facts.agent));
    put("site", name(&record.facts.site));
    put("queue", name(&record.facts.queue));
    put("line_of_business", name(&record.facts.line_of_business));
    put("channel", name(&record.facts.channel));
    put("direction", record.facts.direction.map(|direction| direction.name().into()));
    put("disposition", name(&record.facts.disposition));
    put("duration_s", record.facts.duration_s.map(Value::from));
    put("fields", Some(Value::Object(record.fields.clone())));
    let turns = record.turns.iter().map(|turn| {
        let mut object: Map<String, Value> = turn.extra.clone();
        object.insert("role".to_owned(), turn.role.name().into());
        object.insert("text".to_owned(), (*turn.text).into());
        if let Some(start) = turn.start_ms {
            object.insert("t".to_owned(), json!(start as f64 / 1000.0));
        }
        if let Some(key) = &turn.participant {
            object.insert("participant".to_owned(), (**key).into());
        }
        Value::Object(object)
    });
    put("turns", Some(turns.collect()));
    Value::Object(object)
}

/// Whether two values are the same, fractions as exactly as printing and reading keeps them.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() => {
            let (one, other) = (one.as_f64().unwrap_or(0.0), other.as_f64().unwrap_or(0.0));
            (one - other).abs() <= f64::EPSILON * 4.0 * one.abs()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| is_same(value, other)))
        }
        (one, other) => one == other,
    }
}

/// Reads bytes as a table of people: every line that says something is in one row, or told as misquoted, and a
/// person printed as cells reads back the same.
///
/// # Panics
/// When that does not hold.
pub fn people(data: &[u8]) {
    let Ok(table) = Table::read(data) else { return };
    assert!(table.rows.len() + table.misquoted.len() <= table::ROWS_MAX);
    assert!(table.header.len() <= table::COLUMNS_MAX);
    let mut told = Told::default();
    for row in &table.rows {
        assert!(row.cells.len() <= table::COLUMNS_MAX, "{} columns", row.cells.len());
        assert!(row.cells.iter().all(|cell| cell.chars().count() <= table::CELL_CHARS_MAX));
        told.tell(row.line, &row.cells.concat());
    }
    for bad in &table.misquoted {
        told.tell(bad.line, "");
    }
    let (text, _) = table.charset.decode(data);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // The heading stands before all rows, perhaps after blank ones.
    let first = told.0.first().copied().unwrap_or_default();
    for (number, line) in (1..).zip(text.split('\n')).filter(|(number, _)| *number > first) {
        let says_something = line.chars().any(char::is_alphanumeric);
        assert!(!says_something || told.0.contains(&number), "line {number} was lost: {line:?}");
    }
    for mapping in [Mapping::guess(&table.header), Mapping(Column::ALL.map(Some).to_vec())] {
        for row in &table.rows {
            match person::parse(&row.cells, &mapping) {
                Ok(person) => person_holds(&person),
                Err(faults) => assert!(!faults.is_empty()),
            }
        }
    }
}

fn person_holds(person: &PersonRecord) {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let words = |words: &Option<String>| words.clone().unwrap_or_default();
    let cells = Column::ALL.map(|column| match column {
        Column::Number => person.number.clone(),
        Column::Name => person.name.clone(),
        Column::Site => words(&person.site),
        Column::Team => words(&person.team),
        Column::Role => if person.leads { "leader" } else { "member" }.to_owned(),
        Column::Since => day(person.since),
        Column::EmployedFrom => day(person.employed_from),
        Column::EmployedTo => day(person.employed_to),
        Column::LeavingReason => words(&person.leaving_reason),
    });
    let back = person::parse(&cells, &Mapping(Column::ALL.map(Some).to_vec()));
    assert_eq!(back.as_ref(), Ok(person), "{cells:?}");
}

/// Reads bytes as text: decoding by pieces and at once agree, lines lose nothing, rows of cells read back as they
/// are written, and what was text before it was written in another encoding is the same text after.
///
/// # Panics
/// When that does not hold.
pub fn text(data: &[u8]) {
    let charset = Charset::recognise(data);
    let pieces = Pieces { data, size: data.first().map_or(1, |byte| usize::from(byte % 7) + 1) };
    let by_pieces = decoded(pieces, charset);
    if charset == Charset::Utf8 {
        assert_eq!(by_pieces, data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data), "UTF-8 passes through");
    } else {
        assert_eq!(String::from_utf8(by_pieces.clone()).as_ref(), Ok(&charset.decode(data).0));
    }
    lines_hold(&by_pieces);
    let Ok(text) = String::from_utf8(by_pieces) else { return };
    cells_hold(&text);
    for (mark, charset) in
        [(0xFEFF_u16.to_le_bytes(), Charset::Utf16Le), (0xFEFF_u16.to_be_bytes(), Charset::Utf16Be)]
    {
        let wide = text.encode_utf16().flat_map(|unit| match charset {
            Charset::Utf16Be => unit.to_be_bytes(),
            _ => unit.to_le_bytes(),
        });
        let bytes: Vec<u8> = mark.into_iter().chain(wide).collect();
        assert_eq!(Charset::recognise(&bytes), charset);
        assert_eq!(charset.decode(&bytes), (text.clone(), true));
    }
}

/// A reader that gives a few bytes at a time.
struct Pieces<'a> {
    data: &'a [u8],
    size: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let n = self.size.min(to.len()).min(self.data.len());
        let mut part = self.data.take(n as u64);
        let n = part.read(to)?;
        self.data = self.data.get(n..).unwrap_or_default();
        Ok(n)
    }
}

fn decoded(reader: impl Read, charset: Charset) -> Vec<u8> {
    let mut out = Vec::new();
    let read = Transcoder::new(reader, Some(charset)).and_then(|mut text| text.read_to_end(&mut out));
    assert!(read.is_ok(), "memory reads without an error");
    out
}

fn lines_hold(text: &[u8]) {
    let mut lines = Lines::new(std::io::BufReader::with_capacity(16, text));
    let mut expected: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    if expected.last().is_some_and(|last| last.is_empty()) {
        expected.pop();
    }
    let mut number = 0;
    for line in expected {
        number += 1;
        let Ok(Some(found)) = lines.next_line() else { panic!("line {number} was lost") };
        let Line { bytes, too_long, .. } = &found;
        assert!(bytes.len() <= RECORD_BYTES_MAX && found.number == number);
        match too_long {
            Some(length) => assert_eq!(*length, line.len() as u64),
            None => assert_eq!(bytes, line.strip_suffix(b"\r").unwrap_or(line)),
        }
    }
    assert!(matches!(lines.next_line(), Ok(None)));
}

fn cells_hold(text: &str) {
    let separator = separator(text.lines().next().unwrap_or_default());
    let Some(cells) = split(text, separator) else { return };
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    let again = split(&quoted.join(&separator.to_string()), separator);
    assert_eq!(again.as_ref(), Some(&cells), "written as {quoted:?}");
}

/// The first row of a text.
fn split(text: &str, separator: char) -> Option<Vec<String>> {
    let mut splitter = Splitter::new(separator, COLUMNS_MAX);
    for line in text.split('\n') {
        match splitter.feed(line.as_bytes()) {
            Ok(Fed::Whole) => return Some(splitter.into_cells()),
            Ok(Fed::More) => {}
            Err(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JSONL: &str = r#"{"id":"1","source":"甲","started_at":"2026-03-01 09:00","agent":7,"duration_s":"125","fields":{"x":[1.5,null]},"lang":"zh","turns":[{"role":"agent","t":0.5,"text":"您好"},{"role":"客户","participant":" c ","t":2,"text":"喂😀","acts":{"a":-0.0}}]}
{"id":"2","turns":[]}

not json
{"id":"3","turns":[{"role":"agent","text":"完"}]}"#;
    const CSV: &str = "id,role,t,text,agent,field:x,备注\n1,agent,1,\"您好, \"\"x\"\"\",7,y,z\n1,customer,0:02,\"two\nlines\",,,\n2,nobody,,x,,,\n,agent,,x,,,\n3,agent,,\"open,,,\n4,客户,,好,,,";
    const PEOPLE: &str = "工号,姓名,职场,班组,角色,入组日期,入职日期,离职日期\n1,甲,成都,一组,组长,2026/1/2,2025-01-01,\n2,\"乙\n\"\"二\"\"\",,,,昨天,,\n3,\"丙,,,,,,\n4,丁,,,,,20260302,2026年3月1日\n,,,\n'=1,戊";

    fn all(data: &[u8]) {
        conversations(data, Format::Jsonl);
        conversations(data, Format::Csv);
        people(data);
        text(data);
    }

    #[test]
    fn whole_files_hold_in_every_encoding() {
        for file in [JSONL, CSV, PEOPLE, "", "\r\r\n\n", "\"", "a|b\n\"\"\"|\""] {
            all(file.as_bytes());
            all(&encoding_rs::GB18030.encode(file).0);
            for mark in [false, true] {
                let units = || mark.then_some(0xFEFF).into_iter().chain(file.encode_utf16());
                all(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
                all(&units().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_hold(data in prop::collection::vec(any::<u8>(), 0..300)) {
            all(&data);
        }

        #[test]
        fn damaged_files_hold(
            file in prop::sample::select(vec![JSONL, CSV, PEOPLE]),
            at in any::<prop::sample::Index>(),
            kept in any::<prop::sample::Index>(),
            put in "[\\[\\]{}\",:;|\r\n\t 0-9a-z\\\\客户'=]{0,6}",
        ) {
            let mut data = file.as_bytes().to_vec();
            let at = at.index(data.len());
            let end = at + kept.index(3);
            data.splice(at..end.min(data.len()), put.bytes());
            all(&data);
        }
    }
}
