//! What the engine is given: one conversation, borrowed from whoever holds it.

use serde::{Deserialize, Serialize};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The centre's person.
    Agent,
    /// The customer.
    Customer,
    /// Announcements and machines; these turns never count in “within n turns”.
    System,
}

/// One uninterrupted stretch of one participant.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// Whose turn it is.
    pub role: Role,
    /// Which participant spoke, when it is known; tells agents apart after a transfer.
    pub participant: Option<&'a str>,
    /// Start in milliseconds from any fixed moment, when it is known.
    pub start_ms: Option<i64>,
    /// End in milliseconds from the same moment; where absent, the start stands for it.
    pub end_ms: Option<i64>,
    /// What was said, as it was written down.
    pub text: &'a str,
}

/// The value of a data field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldValue<'a> {
    /// A text; compared without regard to case and width, and as a number where a number is wanted and it reads as one.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

/// One conversation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conversation<'a> {
    /// Its turns in order; those of the system included.
    pub turns: &'a [Turn<'a>],
    /// Its data fields, names unique: `queue`, `direction`, `channel`, `disposition`, `hour`, …
    pub fields: &'a [(&'a str, FieldValue<'a>)],
}

impl<'a> Conversation<'a> {
    /// The value of a field: one that came with the conversation, or one of `turns`, `agent_turns`, `customer_turns`
    /// (how many) and `duration` (seconds from the first known time to the last).
    pub fn field(&self, name: &str) -> Option<FieldValue<'a>> {
        let given = self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        given.or_else(|| {
            let count = |keep: fn(Role) -> bool| {
                Some(FieldValue::Number(self.turns.iter().filter(|turn| keep(turn.role)).count() as f64))
            };
            match name {
                "turns" => count(|role| role != Role::System),
                "agent_turns" => count(|role| role == Role::Agent),
                "customer_turns" => count(|role| role == Role::Customer),
                "duration" => {
                    let (start, end) = self.time_span()?;
                    Some(FieldValue::Number(end.saturating_sub(start) as f64 / 1000.0))
                }
                _ => None,
            }
        })
    }

    /// Earliest start and latest end in milliseconds, when any time is known.
    pub fn time_span(&self) -> Option<(i64, i64)> {
        let start = self.turns.iter().filter_map(|turn| turn.start_ms).min()?;
        let end = self.turns.iter().filter_map(|turn| turn.end_ms.or(turn.start_ms)).max()?;
        Some((start, end.max(start)))
    }

    /// The agent's turn whose participant answers for what happens in turn `turn`: that turn if an agent speaks in it,
    /// else the next turn of an agent, else the last one before.
    pub fn answering_turn(&self, turn: usize) -> Option<usize> {
        let is_agent = |index: &usize| self.turns.get(*index).is_some_and(|turn| turn.role == Role::Agent);
        (turn..self.turns.len())
            .find(is_agent)
            .or_else(|| (0..turn.min(self.turns.len())).rev().find(is_agent))
    }
}
