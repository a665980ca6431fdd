//! What can go wrong here, and how it is told.

use kernel::{AccountId, Time};
use messages::{Problem, ProblemKind, Text};
use store::StoreError;

use crate::person::Person;
use crate::queue::{LineOfBusiness, Queue};
use crate::skill::Skill;
use crate::texts;
use crate::unit::Unit;

/// The fields of a form or body that are wrong, each with what to do. An empty field name stands for the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invalid(pub Vec<(String, Text)>);

impl Invalid {
    /// One wrong field.
    pub fn one(field: impl Into<String>, text: Text) -> Invalid {
        Invalid(vec![(field.into(), text)])
    }

    /// One more.
    pub fn add(&mut self, field: impl Into<String>, text: Text) {
        self.0.push((field.into(), text));
    }

    /// The value, or `None` with its message kept.
    pub fn take<T>(&mut self, field: &str, value: Result<T, Text>) -> Option<T> {
        value.map_err(|text| self.add(field, text)).ok()
    }

    /// The value if nothing is wrong.
    ///
    /// # Errors
    /// Itself, if something is.
    pub fn or<T>(self, value: T) -> Result<T, Invalid> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// What somebody else stored in between: the page shows it beside what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// A unit.
    Unit(Unit),
    /// A person.
    Person(Person),
    /// A queue.
    Queue(Queue),
    /// A line of business.
    LineOfBusiness(LineOfBusiness),
    /// A skill.
    Skill(Skill),
}

impl Stored {
    /// The stored version.
    pub fn version(&self) -> i64 {
        match self {
            Stored::Unit(unit) => unit.version,
            Stored::Person(person) => person.version,
            Stored::Queue(queue) => queue.version,
            Stored::LineOfBusiness(line) => line.version,
            Stored::Skill(skill) => skill.version,
        }
    }

    /// The stored values by the names of the form's fields; ids and days as the form sends them.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        match self {
            Stored::Unit(unit) => vec![
                ("name", unit.name.clone()),
                ("code", unit.code.clone()),
                ("parent", shown(unit.parent)),
                ("zone", text(&unit.zone)),
            ],
            Stored::Person(person) => vec![
                ("number", person.number.clone()),
                ("name", person.name.clone()),
                ("employed_from", shown(person.employed_from)),
                ("employed_to", shown(person.employed_to)),
                ("leaving_reason", text(&person.leaving_reason)),
            ],
            Stored::Queue(queue) => {
                vec![("name", queue.name.clone()), ("line_of_business", shown(queue.line_of_business))]
            }
            Stored::LineOfBusiness(line) => vec![("name", line.name.clone())],
            Stored::Skill(skill) => vec![("name", skill.name.clone())],
        }
    }
}

fn shown<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// An edit that came second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What is stored now.
    pub stored: Stored,
    /// When it was stored.
    pub at: Time,
    /// By which account; `None` for the system or the command line.
    pub by: Option<AccountId>,
}

/// Why people's data could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It does not exist, or the reader may not see it.
    #[error("there is no such person, unit, queue, line of business or skill")]
    NotFound,
    /// A rule refuses it.
    #[error("refused: {}", .0.0.iter().map(|(field, text)| format!("{field}: {}", text.en)).collect::<Vec<_>>().join("; "))]
    Invalid(Invalid),
    /// Somebody else changed it since it was read.
    #[error("somebody else changed it in between; it is now version {}", .0.stored.version())]
    Conflict(Box<Conflict>),
}

impl From<Invalid> for PeopleError {
    fn from(invalid: Invalid) -> PeopleError {
        PeopleError::Invalid(invalid)
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Problem {
        match error {
            PeopleError::Store(error) => {
                tracing::error!(error = %error, "people.store_failed");
                Problem::internal()
            }
            PeopleError::NotFound => Problem::not_found(),
            PeopleError::Invalid(Invalid(fields)) => {
                Problem::new(ProblemKind::Invalid, "people.invalid", texts::invalid()).with_fields(fields)
            }
            PeopleError::Conflict(conflict) => {
                let stored = conflict.stored;
                let fields = stored
                    .fields()
                    .into_iter()
                    .map(|(field, value)| (field.to_owned(), texts::stored_now(&value)))
                    .chain([("version".to_owned(), Text::verbatim(stored.version().to_string()))])
                    .collect();
                Problem::new(ProblemKind::Conflict, "people.changed_in_between", texts::changed_in_between())
                    .with_fields(fields)
            }
        }
    }
}

impl From<PeopleError> for web::Fail {
    fn from(error: PeopleError) -> web::Fail {
        Problem::from(error).into()
    }
}

/// The result of asking or changing people's data.
pub type Result<T, E = PeopleError> = std::result::Result<T, E>;
