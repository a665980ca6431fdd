//! Checks that every format shares. Pure.

use super::{Began, Direction, NAME_CHARS_MAX, OFFSET_SECONDS_MAX, Reason, RecordTurn};

/// What is filled in where a record says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Defaults {
    /// Where the records come from.
    pub source: Option<String>,
    /// The site.
    pub site: Option<String>,
    /// The queue.
    pub queue: Option<String>,
    /// The line of business.
    pub line_of_business: Option<String>,
    /// The channel.
    pub channel: Option<String>,
}

/// A name, an id or a code: trimmed; `None` when blank.
pub fn name(field: &'static str, text: &str) -> Result<Option<String>, Reason> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let fits = text.len() <= NAME_CHARS_MAX || text.chars().count() <= NAME_CHARS_MAX;
    if !fits || text.chars().any(char::is_control) {
        return Err(Reason::Name(field, text.to_owned()));
    }
    Ok(Some(text.to_owned()))
}

/// A beginning.
pub fn began(text: &str) -> Result<Began, Reason> {
    Began::parse(text).ok_or_else(|| Reason::Time(text.to_owned()))
}

/// A direction.
pub fn direction(text: &str) -> Result<Direction, Reason> {
    Direction::parse(text).ok_or_else(|| Reason::Direction(text.to_owned()))
}

/// Seconds from the beginning, as ms; `turn` is its number from 1.
#[expect(clippy::cast_possible_truncation, reason = "checked against OFFSET_SECONDS_MAX just before")]
pub fn offset_ms(turn: usize, seconds: f64, written: &str) -> Result<i64, Reason> {
    if (0.0..=OFFSET_SECONDS_MAX).contains(&seconds) {
        Ok((seconds * 1000.0).round() as i64)
    } else {
        Err(Reason::Offset(turn, written.to_owned()))
    }
}

/// What must hold between the turns: there is one, and those with a time stand in its order.
/// A conversation whose times run backwards is rejected: every measure of order and silence would be wrong on it.
pub fn turns(turns: &[RecordTurn<'_>]) -> Result<(), Reason> {
    if turns.is_empty() {
        return Err(Reason::NoTurns);
    }
    let mut before = 0;
    for (at, turn) in turns.iter().enumerate() {
        let Some(start) = turn.start_ms else { continue };
        if start < before {
            return Err(Reason::Backwards(at + 1, start as f64 / 1000.0, before as f64 / 1000.0));
        }
        before = start;
    }
    Ok(())
}

/// From the first to the last turn that has a time, s; `None` when fewer than two have.
pub fn duration_s(turns: &[RecordTurn<'_>]) -> Option<i64> {
    let mut times = turns.iter().filter_map(|turn| turn.start_ms);
    let (first, last) = (times.next()?, times.next_back()?);
    Some((last - first) / 1000)
}
