//! Whose data a reader may reach.

use std::collections::BTreeSet;

use crate::{PersonId, UnitId};

/// Whose data a permission reaches: everybody's, that of some units, one's own, or a mix of the last two.
///
/// Every query that reads takes one. A row belongs to a unit (the team its person was in on that day)
/// and often to a person; either may open it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    everything: bool,
    units: BTreeSet<UnitId>,
    person: Option<PersonId>,
}

impl Scope {
    /// Reaches nothing.
    pub fn nothing() -> Scope {
        Scope::default()
    }

    /// Reaches everything in the installation.
    pub fn everything() -> Scope {
        Scope { everything: true, ..Scope::default() }
    }

    /// Reaches these units only; those below them must be named too (see [`Directory::with_below`]).
    pub fn units(units: BTreeSet<UnitId>) -> Scope {
        Scope { units, ..Scope::default() }
    }

    /// Reaches what belongs to one person.
    pub fn own(person: PersonId) -> Scope {
        Scope { person: Some(person), ..Scope::default() }
    }

    /// What either of the two reaches. Both must be about the same person: a scope belongs to one reader.
    #[must_use]
    pub fn or(mut self, other: Scope) -> Scope {
        self.everything |= other.everything;
        self.units.extend(other.units);
        self.person = self.person.or(other.person);
        self
    }

    /// Whether it reaches everything.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// Whether it reaches nothing at all.
    pub fn is_nothing(&self) -> bool {
        !self.everything && self.units.is_empty() && self.person.is_none()
    }

    /// The units it names; empty when it reaches everything.
    pub fn unit_ids(&self) -> &BTreeSet<UnitId> {
        &self.units
    }

    /// The person whose own data it reaches.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The scopes of which this one is the union, each about one column: of many rows an index finds those of
    /// either in order, those of both together it does not.
    pub fn parts(&self) -> Vec<Scope> {
        match self.person {
            Some(person) if !self.everything && !self.units.is_empty() => {
                vec![Scope::units(self.units.clone()), Scope::own(person)]
            }
            _ => vec![self.clone()],
        }
    }

    /// Whether it reaches something that belongs to this unit and this person.
    pub fn allows(&self, unit: Option<UnitId>, person: Option<PersonId>) -> bool {
        self.everything
            || unit.is_some_and(|unit| self.units.contains(&unit))
            || (person.is_some() && person == self.person)
    }
}

/// Who is below whom. The people context implements it; the platform only asks.
pub trait Directory: Send + Sync {
    /// These units and every unit below them, today.
    fn with_below(&self, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId>;
}

/// A directory in which no unit is below another: for tests, and before the first unit exists.
pub struct Flat;

impl Directory for Flat {
    fn with_below(&self, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId> {
        units.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_scope_opens_by_unit_or_by_person() {
        let unit = |n| UnitId(Uuid::from_u128(n));
        let person = |n| PersonId(Uuid::from_u128(n));
        let scope = Scope::units(BTreeSet::from([unit(1)])).or(Scope::own(person(9)));
        assert!(scope.allows(Some(unit(1)), None));
        assert!(scope.allows(Some(unit(2)), Some(person(9))));
        assert!(!scope.allows(Some(unit(2)), Some(person(8))));
        assert!(!scope.allows(None, None));
        assert!(!Scope::nothing().allows(Some(unit(1)), Some(person(1))));
        assert!(Scope::everything().allows(None, None));
    }
}
