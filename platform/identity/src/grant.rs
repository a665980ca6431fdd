//! Grants, and how a scope comes about.

use std::collections::BTreeSet;

use kernel::{Directory, PersonId, Role, Scope, UnitId};
use serde::{Deserialize, Serialize};

/// How far something reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// What belongs to the person of the account.
    Own,
    /// Named units, those below them, and one's own.
    Units,
    /// The whole installation.
    Everything,
}

impl Reach {
    /// All, from the narrowest.
    pub const ALL: [Reach; 3] = [Reach::Own, Reach::Units, Reach::Everything];

    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Reach::Own => "own",
            Reach::Units => "units",
            Reach::Everything => "everything",
        }
    }

    /// The reach of a stable name.
    pub fn parse(name: &str) -> Option<Reach> {
        Reach::ALL.into_iter().find(|reach| reach.name() == name)
    }
}

/// A role given to an account, over some reach.
///
/// The role has a widest reach for each of its permissions; the grant has its own. The narrower of the two
/// holds, and one's own data always belongs to it:
///
/// | grant \ permission | own | units | everything |
/// |---|---|---|---|
/// | own | own | own | own |
/// | units | own | the units named, those below, own | the units named, those below, own |
/// | everything | own | the units the grant names besides, those below, own | everything |
///
/// Several grants add up. A permission that reaches nothing (own data, where the account has no person) is
/// still held: the actor may do it, and finds nothing to do it to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The stable name of the role.
    pub role: String,
    /// The reach.
    pub reach: Reach,
    /// The units; needed for [`Reach::Units`].
    pub units: BTreeSet<UnitId>,
}

impl Grant {
    /// A shipped role over one's own data.
    pub fn own(role: Role) -> Grant {
        Grant { role: role.name().to_owned(), reach: Reach::Own, units: BTreeSet::new() }
    }

    /// A shipped role over units and those below them.
    pub fn units(role: Role, units: impl IntoIterator<Item = UnitId>) -> Grant {
        Grant { role: role.name().to_owned(), reach: Reach::Units, units: units.into_iter().collect() }
    }

    /// A shipped role over everything.
    pub fn everything(role: Role) -> Grant {
        Grant { role: role.name().to_owned(), reach: Reach::Everything, units: BTreeSet::new() }
    }

    /// What this grant reaches for a permission whose widest reach in the role is `widest`.
    pub fn scope(&self, widest: Reach, person: Option<PersonId>, directory: &dyn Directory) -> Scope {
        let own = person.map_or_else(Scope::nothing, Scope::own);
        match self.reach.min(widest) {
            Reach::Own => own,
            Reach::Units => Scope::units(directory.with_below(&self.units)).or(own),
            Reach::Everything => Scope::everything().or(own),
        }
    }
}
