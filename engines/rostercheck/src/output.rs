//! The finished roster, as text.

use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// More assignments than any instance can hold: 100 000 people for a year. Keeps a hostile file from filling memory
/// twice.
const MOST_ASSIGNMENTS: usize = 40_000_000;

/// One shift of one person.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an assignment such as {\"person\": 0, \"day\": 0, \"shift\": 0, \"pattern\": 0}")]
pub(crate) struct Assignment {
    person: Value,
    day: Value,
    shift: Value,
    #[serde(default)]
    pattern: Value,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with assignments")]
struct Output {
    assignments: Vec<Assignment>,
}

/// Reads the assignments.
pub(crate) fn read(output: &str) -> Result<Vec<Assignment>, Error> {
    let output: Output = serde_json::from_str(output).map_err(|error| {
        Error::Output(format!("{error}; the roster must be {{\"assignments\": [{{\"person\", \"day\", \"shift\", \"pattern\"}}, …]}}"))
    })?;
    if output.assignments.len() > MOST_ASSIGNMENTS {
        return Err(Error::Output(format!(
            "{} assignments are more than the {MOST_ASSIGNMENTS} allowed",
            output.assignments.len()
        )));
    }
    Ok(output.assignments)
}

impl Assignment {
    /// The person's index below `count`.
    pub(crate) fn person_index(&self, at: usize, count: usize) -> Result<usize, Error> {
        index(&self.person, "person", at, 0, count)
    }

    /// The day, from `first` on, `count` of them.
    pub(crate) fn day(&self, at: usize, first: usize, count: usize) -> Result<usize, Error> {
        index(&self.day, "day", at, first, count)
    }

    /// The shift's index below `count`.
    pub(crate) fn shift_index(&self, at: usize, count: usize) -> Result<usize, Error> {
        index(&self.shift, "shift", at, 0, count)
    }

    /// The break pattern's index below `count`.
    pub(crate) fn pattern_index(&self, at: usize, count: usize) -> Result<usize, Error> {
        index(&self.pattern, "pattern", at, 0, count)
    }

    /// The person's identifier.
    pub(crate) fn person_name(&self, at: usize) -> Result<String, Error> {
        name(&self.person, "person", at)
    }

    /// The shift's identifier.
    pub(crate) fn shift_name(&self, at: usize) -> Result<String, Error> {
        name(&self.shift, "shift", at)
    }

    /// The day as the roster writes it.
    pub(crate) fn day_name(&self, at: usize) -> Result<String, Error> {
        name(&self.day, "day", at)
    }

    /// What the pattern says; nothing where it is left out.
    pub(crate) fn pattern_text(&self, at: usize) -> Result<String, Error> {
        if self.pattern.is_null() { Ok(String::new()) } else { self.pattern_name(at) }
    }

    /// What the pattern says.
    pub(crate) fn pattern_name(&self, at: usize) -> Result<String, Error> {
        name(&self.pattern, "pattern", at)
    }
}

fn index(value: &Value, what: &str, at: usize, first: usize, count: usize) -> Result<usize, Error> {
    value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| *number >= first && number - first < count)
        .ok_or_else(|| {
            let last = (first + count).saturating_sub(1);
            Error::Output(format!(
                "assignment {at} has {what} {value}; give a whole number from {first} to {last}"
            ))
        })
}

/// An identifier; written as a number it means the same.
fn name(value: &Value, what: &str, at: usize) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(Error::Output(format!(
            "assignment {at} has {what} {value}; give the identifier as the instance writes it"
        ))),
    }
}
