//! People who work, worked or will work at the centre.

pub(crate) mod actions;
pub mod list;
pub(crate) mod pages;
pub(crate) mod rest;
pub mod rules;
pub mod service;
pub(crate) mod store;

use kernel::{Day, PersonId, UnitId};

use crate::membership::{Membership, TeamRole};
use crate::skill::SkillId;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// The employee number, unique.
    pub number: String,
    /// The name.
    pub name: String,
    /// The first day of employment; `None` when nobody knows.
    pub employed_from: Option<Day>,
    /// The last day of employment; `None` until further notice.
    pub employed_to: Option<Day>,
    /// Why they left.
    pub leaving_reason: Option<String>,
    /// Raised by each edit.
    pub version: i64,
}

impl Person {
    /// Whether employed on a day.
    pub fn is_employed(&self, day: Day) -> bool {
        self.employed_from.is_none_or(|from| from <= day) && self.employed_to.is_none_or(|to| day <= to)
    }
}

/// A person as somebody wants them: for adding one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonDraft {
    /// The employee number, unique.
    pub number: String,
    /// The name.
    pub name: String,
    /// The first day of employment.
    pub employed_from: Option<Day>,
    /// The last day of employment.
    pub employed_to: Option<Day>,
    /// Why they left.
    pub leaving_reason: Option<String>,
    /// The unit they belong to from [`Self::since`] on; for adding alone, later one moves.
    pub unit: Option<UnitId>,
    /// The first day in that unit; `None` takes the first day of employment, or the beginning.
    pub since: Option<Day>,
}

/// A person with all that their page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonCard {
    /// The person.
    pub person: Person,
    /// All memberships, in the order of their first days.
    pub memberships: Vec<Membership>,
    /// Skills and levels 1–5, by name.
    pub skills: Vec<(SkillId, String, u8)>,
}

/// A row of the list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The person.
    pub person: Person,
    /// The unit they belong to on the day of the list.
    pub unit: Option<UnitId>,
    /// Whether they lead a unit on that day.
    pub role: TeamRole,
}
