//! Units: the organisation, its sites, their teams.

pub(crate) mod pages;
pub(crate) mod rest;
pub mod rules;
pub mod service;
pub(crate) mod store;

use kernel::{Day, UnitId};
use serde::{Deserialize, Serialize};

/// What a unit is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// The installation's one organisation (机构).
    Organisation,
    /// A place with its own time zone (职场).
    Site,
    /// A team (班组); teams nest.
    Team,
}

impl UnitKind {
    /// All kinds, from the root down.
    pub const ALL: [UnitKind; 3] = [UnitKind::Organisation, UnitKind::Site, UnitKind::Team];

    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            UnitKind::Organisation => "organisation",
            UnitKind::Site => "site",
            UnitKind::Team => "team",
        }
    }

    /// The kind of a stable name.
    pub fn parse(name: &str) -> Option<UnitKind> {
        UnitKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One unit of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The unit above; `None` for the organisation alone.
    pub parent: Option<UnitId>,
    /// What it is.
    pub kind: UnitKind,
    /// Short and unique, as other systems and imports write it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The IANA time zone of a site or of the organisation (`Asia/Shanghai`); a team has its site's.
    pub zone: Option<String>,
    /// The first day on which it is no longer open; `None` while it is.
    pub closed_from: Option<Day>,
    /// Raised by each edit.
    pub version: i64,
}

impl Unit {
    /// Whether it is open on a day.
    pub fn is_open(&self, day: Day) -> bool {
        self.closed_from.is_none_or(|closed| day < closed)
    }
}

/// A unit as somebody wants it: for adding one, or for editing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitDraft {
    /// The unit above.
    pub parent: Option<UnitId>,
    /// What it is; an edit cannot change it.
    pub kind: UnitKind,
    /// Short and unique.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The IANA time zone of a site; `None` for the organisation's own.
    pub zone: Option<String>,
}
