//! One turn a row, as CSV: from the rows of a conversation to its record.
//!
//! The first row names the columns, in Chinese or English, in any order ([`Column`]); the separator is a
//! comma, a tab, a semicolon or a bar, whichever the first row has most of. Needed are the conversation's id, the
//! role and the text. Columns of other names are kept with the turn, those named `field:NAME` in the
//! conversation's `fields`. Rows of one conversation need not stand together, but at most
//! [`WINDOW_ROWS`](super::WINDOW_ROWS) rows apart. A fact of the conversation may stand on any of its rows, and on
//! more than one when it is the same.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    Column, CsvRow, Defaults, Group, Header, Reason, Record, RecordFacts, RecordTurn, Rejection, Role,
    TURN_CHARS_MAX, TURNS_MAX, checks,
};

/// Makes a record of a conversation's rows.
///
/// # Errors
/// Every row, when one of them is wrong: that one with its reason, the others because of it.
pub fn record<'a>(
    group: &'a Group,
    header: &Header,
    defaults: &Defaults,
) -> Result<Record<'a>, Vec<Rejection>> {
    let mut facts = Facts::default();
    let mut turns: Vec<RecordTurn<'a>> = Vec::with_capacity(group.rows.len());
    let mut bad: Vec<(u64, Reason)> = Vec::new();
    for row in &group.rows {
        match turn(row, header, turns.len() + 1, &mut facts) {
            Ok(turn) => turns.push(turn),
            Err(reason) => bad.push((row.line, reason)),
        }
    }
    let first = group.rows.first().map_or(0, |row| row.line);
    if bad.is_empty() {
        if let Err(reason) = checks::turns(&turns) {
            let line = match &reason {
                Reason::Backwards(turn, ..) => group.rows.get(turn - 1).map_or(first, |row| row.line),
                _ => first,
            };
            bad.push((line, reason));
        } else if turns.len() > TURNS_MAX {
            bad.push((first, Reason::TooManyTurns(turns.len())));
        }
    }
    if bad.is_empty() {
        match facts.record(turns, defaults) {
            Ok(record) => return Ok(record),
            Err(reason) => bad.push((first, reason)),
        }
    }
    Err(rejections(group, &bad))
}

/// The rejections of all rows of a conversation, given those that are wrong by themselves.
pub fn rejections(group: &Group, bad: &[(u64, Reason)]) -> Vec<Rejection> {
    let cause = bad.first().map_or(0, |(line, _)| *line);
    let reason =
        |line: u64| bad.iter().find(|(l, _)| *l == line).map_or(Reason::Sibling(cause), |(_, r)| r.clone());
    group.rows.iter().map(|row| Rejection::new(row.line, reason(row.line), &row.raw)).collect()
}

#[derive(Default)]
struct Facts {
    id: Option<String>,
    source: Option<String>,
    started_at: Option<String>,
    agent: Option<String>,
    site: Option<String>,
    queue: Option<String>,
    line_of_business: Option<String>,
    channel: Option<String>,
    direction: Option<String>,
    disposition: Option<String>,
    duration: Option<String>,
    fields: Map<String, Value>,
}

impl Facts {
    fn record<'a>(self, turns: Vec<RecordTurn<'a>>, defaults: &Defaults) -> Result<Record<'a>, Reason> {
        let duration_s = match &self.duration {
            Some(text) => {
                let seconds = seconds(text).ok_or_else(|| {
                    Reason::Kind("duration_s".to_owned(), "not a number of seconds", "125 or 2:05 or 0:02:05")
                })?;
                Some(checks::offset_ms(0, seconds, text)? / 1000)
            }
            None => checks::duration_s(&turns),
        };
        let facts = RecordFacts {
            external_id: self.id.ok_or(Reason::Missing("id"))?,
            source: self.source.or_else(|| defaults.source.clone()).ok_or(Reason::Missing("source"))?,
            began: self.started_at.map(|text| checks::began(&text)).transpose()?,
            agent: self.agent,
            site: self.site.or_else(|| defaults.site.clone()),
            queue: self.queue.or_else(|| defaults.queue.clone()),
            line_of_business: self.line_of_business.or_else(|| defaults.line_of_business.clone()),
            channel: self.channel.or_else(|| defaults.channel.clone()),
            direction: self.direction.map(|text| checks::direction(&text)).transpose()?,
            disposition: self.disposition,
            duration_s,
        };
        Ok(Record { facts, fields: self.fields, extra: Map::new(), turns })
    }
}

fn seconds(text: &str) -> Option<f64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Some(seconds);
    }
    let parts: Option<Vec<f64>> =
        text.split(':').map(|part| part.parse::<u32>().ok().map(f64::from)).collect();
    match parts?.as_slice() {
        [minutes, seconds] => Some(minutes * 60.0 + seconds),
        [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

fn turn<'a>(
    row: &'a CsvRow,
    header: &Header,
    number: usize,
    facts: &mut Facts,
) -> Result<RecordTurn<'a>, Reason> {
    let (mut role, mut text, mut participant, mut offset, mut agent) = (None, "", None, None, None);
    let mut extra = Map::new();
    for (column, cell) in header.columns.iter().zip(&row.cells) {
        let fact = match column {
            Column::Role => {
                role = Some(Role::parse(cell).ok_or_else(|| Reason::Role(number, cell.clone()))?);
                continue;
            }
            Column::Text => {
                text = cell;
                continue;
            }
            Column::Offset if cell.trim().is_empty() => continue,
            Column::Offset => {
                let value = seconds(cell.trim()).ok_or_else(|| Reason::Offset(number, cell.clone()))?;
                offset = Some(checks::offset_ms(number, value, cell)?);
                continue;
            }
            Column::Participant => {
                participant = checks::name("participant", cell)?;
                continue;
            }
            Column::Agent => {
                agent = checks::name("agent", cell)?;
                continue;
            }
            Column::Field(name) => {
                if !cell.trim().is_empty() {
                    facts.fields.insert(name.clone(), Value::from(cell.as_str()));
                }
                continue;
            }
            Column::Other(name) => {
                if !cell.trim().is_empty() {
                    extra.insert(name.clone(), Value::from(cell.as_str()));
                }
                continue;
            }
            Column::Id => (&mut facts.id, "id"),
            Column::Source => (&mut facts.source, "source"),
            Column::StartedAt => (&mut facts.started_at, "started_at"),
            Column::Site => (&mut facts.site, "site"),
            Column::Queue => (&mut facts.queue, "queue"),
            Column::LineOfBusiness => (&mut facts.line_of_business, "line_of_business"),
            Column::Channel => (&mut facts.channel, "channel"),
            Column::Direction => (&mut facts.direction, "direction"),
            Column::Disposition => (&mut facts.disposition, "disposition"),
            Column::Duration => (&mut facts.duration, "duration_s"),
        };
        agree(fact.0, fact.1, cell)?;
    }
    let role = role.ok_or(Reason::Missing("role"))?;
    if let Some(name) = agent {
        // After a hand-over the column names the agent who speaks on that row; the first one stays the conversation's.
        if role == Role::Agent && participant.is_none() {
            participant = Some(name.clone());
        }
        facts.agent.get_or_insert(name);
    }
    if text.len() > TURN_CHARS_MAX && text.chars().count() > TURN_CHARS_MAX {
        return Err(Reason::LongText(number, text.chars().count()));
    }
    Ok(RecordTurn {
        participant: participant.map(Cow::Owned),
        role,
        start_ms: offset,
        text: Cow::Borrowed(text),
        extra,
    })
}

fn agree(held: &mut Option<String>, column: &'static str, cell: &str) -> Result<(), Reason> {
    let Some(value) = checks::name(column, cell)? else { return Ok(()) };
    match held {
        Some(held) if *held != value => Err(Reason::Conflict(column, held.clone(), value)),
        Some(_) => Ok(()),
        None => {
            *held = Some(value);
            Ok(())
        }
    }
}
