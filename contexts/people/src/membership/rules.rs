//! How memberships follow one another. Pure.

use kernel::{Day, UnitId};

use crate::membership::{Membership, TeamRole};

/// The first day of a membership of which nobody knows the first day: older than any record.
pub const BEGINNING: Day = Day(0);

/// What a change does to somebody's memberships: the days of those that stay, those that go, and the new one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Memberships whose days change, as they are afterwards.
    pub kept: Vec<Membership>,
    /// Memberships that no day is left of.
    pub gone: Vec<Membership>,
    /// Unit, first and last day of the membership that begins.
    pub begins: Option<(UnitId, Day, Option<Day>)>,
}

/// The unit somebody belongs to on a day.
pub fn unit_on(memberships: &[Membership], day: Day) -> Option<UnitId> {
    memberships.iter().find(|m| m.role == TeamRole::Member && m.holds(day)).map(|m| m.unit)
}

/// Somebody belongs to `unit` from a day on: the membership of the day before ends there, one that begins
/// on the very day gives way, and one that is planned for later still begins when it was planned to.
pub fn move_to(memberships: &[Membership], unit: UnitId, from: Day) -> Change {
    let own = || memberships.iter().filter(|m| m.role == TeamRole::Member);
    let mut change = Change::default();
    if own().any(|m| m.unit == unit && m.holds(from)) {
        return change;
    }
    for held in own().filter(|m| m.holds(from)) {
        if held.from == from {
            change.gone.push(held.clone());
        } else {
            change.kept.push(Membership { to: Some(from.plus(-1)), ..held.clone() });
        }
    }
    let next = own().map(|m| m.from).filter(|day| *day > from).min();
    change.begins = Some((unit, from, next.map(|day| day.plus(-1))));
    change
}

/// Somebody's last day: nothing lasts longer, in any role, and what would begin later does not.
pub fn end_on(memberships: &[Membership], last: Day) -> Change {
    let mut change = Change::default();
    for held in memberships {
        if held.from > last {
            change.gone.push(held.clone());
        } else if held.to.is_none_or(|to| to > last) {
            change.kept.push(Membership { to: Some(last), ..held.clone() });
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::PersonId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn apply(memberships: &mut Vec<Membership>, change: Change, next: &mut u128) {
        memberships.retain(|m| {
            !change.gone.iter().any(|g| g.id == m.id) && !change.kept.iter().any(|k| k.id == m.id)
        });
        memberships.extend(change.kept);
        if let Some((unit, from, to)) = change.begins {
            *next += 1;
            memberships.push(Membership {
                id: Uuid::from_u128(*next),
                person: PersonId(Uuid::from_u128(7)),
                unit,
                role: TeamRole::Member,
                from,
                to,
            });
        }
    }

    #[test]
    fn a_move_ends_the_day_before_and_respects_what_is_planned() {
        let (mut held, mut next) = (Vec::new(), 0);
        apply(&mut held, move_to(&[], unit(1), Day(100)), &mut next);
        assert_eq!(move_to(&held, unit(1), Day(105)), Change::default());
        let change = move_to(&held, unit(2), Day(120));
        apply(&mut held, change, &mut next);
        let change = move_to(&held, unit(3), Day(110));
        apply(&mut held, change, &mut next);
        let check = |day: i32, expected: Option<u128>| {
            assert_eq!(unit_on(&held, Day(day)), expected.map(unit), "day {day}");
        };
        check(99, None);
        check(100, Some(1));
        check(109, Some(1));
        check(110, Some(3));
        check(119, Some(3));
        check(120, Some(2));
        check(9_999, Some(2));
        let change = end_on(&held, Day(115));
        apply(&mut held, change, &mut next);
        assert_eq!(unit_on(&held, Day(115)), Some(unit(3)));
        assert_eq!(unit_on(&held, Day(116)), None);
        assert_eq!(unit_on(&held, Day(120)), None);
    }

    proptest! {
        /// After any moves and departures nobody belongs to two units on one day, and each move holds from
        /// its day until the next known change.
        #[test]
        fn memberships_never_overlap(steps in prop::collection::vec((0u8..5, 1u128..5, 0i32..60), 1..25)) {
            let (mut held, mut next) = (Vec::new(), 0);
            for (kind, to, day) in steps {
                let before = held.clone();
                let change = if kind == 0 { end_on(&held, Day(day)) } else { move_to(&held, unit(to), Day(day)) };
                apply(&mut held, change, &mut next);
                for d in 0..61 {
                    let d = Day(d);
                    let n = held.iter().filter(|m| m.holds(d)).count();
                    prop_assert!(n <= 1, "{n} memberships on {d:?}");
                    if d < Day(day) {
                        prop_assert_eq!(unit_on(&held, d), unit_on(&before, d), "the past changed");
                    }
                }
                if kind != 0 {
                    prop_assert_eq!(unit_on(&held, Day(day)), Some(unit(to)));
                }
                for m in &held {
                    prop_assert!(m.to.is_none_or(|last| last >= m.from), "empty stretch");
                }
            }
        }
    }
}
