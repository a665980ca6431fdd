//! What the planner knows and the history does not: campaigns, price changes, a new product.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::ForecastError;
use crate::limits::EVENTS_MAX;

/// Smallest and largest factor of an event: a hundredth and a hundredfold of the calls.
const FACTOR: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Something that changes the calls of some days, or of all days from one on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its name. Events of the same name are the same thing happening again: their effect is learned from the history.
    pub name: String,
    /// First day.
    pub first: Date,
    /// Last day; without it the effect stays (a level shift).
    #[serde(default)]
    pub last: Option<Date>,
    /// The calls of such a day divided by those of an ordinary one, where the planner knows it; else it is learned.
    #[serde(default)]
    pub factor: Option<f64>,
}

impl Event {
    /// Whether the event touches a day.
    pub fn is_on(&self, date: Date) -> bool {
        date >= self.first && self.last.is_none_or(|last| date <= last)
    }
}

/// Checks a list of events.
///
/// # Errors
/// When an event ends before it begins, its factor is not from 0.01 to 100, or there are too many.
pub fn check_events(events: &[Event]) -> Result<(), ForecastError> {
    if events.len() > EVENTS_MAX {
        return Err(ForecastError::TooMuch { what: "events", value: events.len(), limit: EVENTS_MAX });
    }
    for event in events {
        let name = || event.name.clone();
        if event.last.is_some_and(|last| last < event.first) {
            return Err(ForecastError::Event {
                name: name(),
                problem: "it ends before it begins; correct `last`",
            });
        }
        if event.factor.is_some_and(|factor| !FACTOR.contains(&factor)) {
            let problem = "its factor is a number from 0.01 to 100, such as 1.2 for a fifth more calls";
            return Err(ForecastError::Event { name: name(), problem });
        }
    }
    Ok(())
}
