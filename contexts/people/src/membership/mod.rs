//! Who was in which unit, on which days, as what.

pub mod rules;
pub(crate) mod store;

use kernel::{Day, PersonId, UnitId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What somebody is in a unit.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TeamRole {
    /// Belongs to it; on any day to one at most.
    Member,
    /// Leads it; one may lead several, and lead a unit one does not belong to.
    Leader,
}

impl TeamRole {
    /// Both roles.
    pub const ALL: [TeamRole; 2] = [TeamRole::Member, TeamRole::Leader];

    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            TeamRole::Member => "member",
            TeamRole::Leader => "leader",
        }
    }

    /// The role of a stable name.
    pub fn parse(name: &str) -> Option<TeamRole> {
        TeamRole::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A stretch of days in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// As what.
    pub role: TeamRole,
    /// The first day; [`rules::BEGINNING`] when nobody knows.
    pub from: Day,
    /// The last day; `None` until further notice.
    pub to: Option<Day>,
}

impl Membership {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
