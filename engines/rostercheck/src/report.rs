//! What the check found.

use jiff::{ToSpan, civil::Date};
use serde::Serialize;

/// What a roster costs and what it breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The date of day 0, in formats whose days are dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day: Option<Date>,
    /// The objective of the format, the sum of its parts.
    pub objective: f64,
    /// What the objective is made of.
    pub parts: Vec<Part>,
    /// The sum of all requirements, in people × intervals (or shifts): what gaps are measured against.
    pub requirement: f64,
    /// Every broken hard rule.
    pub broken: Vec<Broken>,
    /// Every interval with too few people.
    pub understaffed: Vec<Understaffed>,
}

/// A part of the objective.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Such as `understaffing`.
    pub name: &'static str,
    /// Its share of the objective.
    pub cost: f64,
}

/// A broken hard rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Who, as the instance names them.
    pub person: String,
    /// The day on which it shows, as the format counts days; none for a rule over the whole horizon.
    pub day: Option<usize>,
    /// Which rule.
    pub rule: &'static str,
    /// The figure found and the one allowed.
    pub detail: String,
}

/// An interval with too few people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Understaffed {
    /// The day, as the format counts days.
    pub day: usize,
    /// The interval of the day, the shift or the task that is short.
    pub at: String,
    /// How many people are missing.
    pub missing: u32,
}

impl Report {
    /// Whether no hard rule is broken.
    pub fn feasible(&self) -> bool {
        self.broken.is_empty()
    }

    /// The date of a day of this report, in formats whose days are dates.
    pub fn date(&self, day: usize) -> Option<Date> {
        self.first_day?.checked_add(i64::try_from(day).ok()?.days()).ok()
    }

    pub(crate) fn new(
        parts: Vec<Part>,
        requirement: f64,
        broken: Vec<Broken>,
        understaffed: Vec<Understaffed>,
    ) -> Self {
        let objective = parts.iter().map(|part| part.cost).sum();
        Self { first_day: None, objective, parts, requirement, broken, understaffed }
    }
}

impl Broken {
    pub(crate) fn new(
        person: impl Into<String>,
        day: impl Into<Option<usize>>,
        rule: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { person: person.into(), day: day.into(), rule, detail: detail.into() }
    }
}
