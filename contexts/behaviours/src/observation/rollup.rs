//! The roll-up: in how many conversations a behaviour was applicable and shown, by week, person and queue.
//! Pure: what one conversation adds, and the difference between what it added before and adds now.

use std::collections::BTreeMap;

use kernel::{Day, PersonId, UnitId};
use people::api::QueueId;

use super::{Seen, Who};
use crate::behaviour::BehaviourId;

/// One cell of the roll-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The Monday of the week, by the day at the site.
    pub week: Day,
    /// The behaviour.
    pub behaviour: BehaviourId,
    /// The team of the day of the conversation.
    pub team: Option<UnitId>,
    /// The person.
    pub person: Option<PersonId>,
    /// The queue.
    pub queue: Option<QueueId>,
}

/// Conversations where applicable, and of these where shown. As a difference, either may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Conversations with at least one occasion.
    pub applicable: i64,
    /// Of these, where shown.
    pub shown: i64,
}

/// Differences to apply to the roll-up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delta(BTreeMap<Cell, Count>);

impl Delta {
    /// Adds (`sign` 1) or takes back (`sign` −1) what one conversation contributes. A conversation without a
    /// day is left out of all figures by week, so it contributes nothing.
    pub fn take(
        &mut self,
        sign: i64,
        day: Option<Day>,
        queue: Option<QueueId>,
        seen: &[Seen],
        members: &[BehaviourId],
    ) {
        let Some(day) = day else { return };
        for seen in seen {
            let Some(behaviour) = usize::try_from(seen.member).ok().and_then(|member| members.get(member))
            else {
                continue;
            };
            for of in seen.people.iter().filter(|of| of.occasions > 0) {
                let Who { person, team } = of.who;
                let cell = Cell { week: day.week(), behaviour: *behaviour, team, person, queue };
                let count = self.0.entry(cell).or_default();
                count.applicable += sign;
                count.shown += sign * i64::from(of.shown);
            }
        }
    }

    /// The cells that change.
    pub fn changes(&self) -> impl Iterator<Item = (&Cell, &Count)> {
        self.0.iter().filter(|(_, count)| **count != Count::default())
    }
}
