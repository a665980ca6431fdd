//! Which act leads where, who may take it, and on which verdict. Pure.

use kernel::{AccountId, Day, PersonId};

use super::{EntryKind, Improvement, State};
use crate::verdict::Outcome;

/// Days after the due day on which whoever manages the unit is shown what the supervisor did not settle: a working
/// week.
pub const ESCALATES_AGAIN_AFTER_DAYS: i32 = 7;

/// What somebody, or time, does to an improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Operations agree.
    Agree,
    /// Something is done about it.
    Step,
    /// The first of its people was drilled.
    Drilled,
    /// The verdict “worked” is accepted.
    Accept,
    /// It did not help: something else is tried.
    Again,
    /// It did not help, and is let rest.
    GiveUp,
    /// There were too few conversations: a later look is agreed.
    Extend,
    /// It is taken back.
    Withdraw,
    /// The effect is gone.
    Relapse,
    /// It is opened again by hand.
    Reopen,
}

impl Act {
    /// Those that people take by a form of their own, by the name in addresses; what a verdict asks for comes first.
    pub const BY_HAND: [(&'static str, Act); 8] = [
        ("agree", Act::Agree),
        ("accept", Act::Accept),
        ("extend", Act::Extend),
        ("again", Act::Again),
        ("give-up", Act::GiveUp),
        ("step", Act::Step),
        ("withdraw", Act::Withdraw),
        ("reopen", Act::Reopen),
    ];

    /// The act of a name in an address.
    pub fn parse(name: &str) -> Option<Act> {
        Act::BY_HAND.iter().find(|(held, _)| *held == name).map(|(_, act)| *act)
    }

    /// The name in addresses; empty for what happens by itself.
    pub fn name(self) -> &'static str {
        Act::BY_HAND.iter().find(|(_, act)| *act == self).map_or("", |(name, _)| name)
    }

    /// Whether a reason must be given.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Act::Again | Act::GiveUp | Act::Extend | Act::Withdraw | Act::Reopen)
    }

    /// How it is remembered.
    pub const fn entry(self) -> EntryKind {
        match self {
            Act::Agree => EntryKind::Agreed,
            Act::Step => EntryKind::Step,
            Act::Drilled => EntryKind::Drilled,
            Act::Accept => EntryKind::Accepted,
            Act::Again => EntryKind::Again,
            Act::GiveUp => EntryKind::GivenUp,
            Act::Extend => EntryKind::Extended,
            Act::Withdraw => EntryKind::Withdrawn,
            Act::Relapse => EntryKind::Relapsed,
            Act::Reopen => EntryKind::Reopened,
        }
    }
}

/// Where an act leads; `None` where it cannot be taken.
pub const fn next(state: State, act: Act) -> Option<State> {
    match (state, act) {
        (State::Draft, Act::Agree) => Some(State::Agreed),
        (State::Agreed | State::InAction, Act::Step)
        | (State::UnderVerification, Act::Again)
        | (State::Closed, Act::Relapse | Act::Reopen) => Some(State::InAction),
        (State::InAction, Act::Drilled) | (State::UnderVerification, Act::Step | Act::Extend) => {
            Some(State::UnderVerification)
        }
        (State::UnderVerification, Act::Accept | Act::GiveUp) => Some(State::Closed),
        (State::Draft | State::Agreed | State::InAction | State::UnderVerification, Act::Withdraw) => {
            Some(State::Withdrawn)
        }
        (State::Withdrawn, Act::Reopen) => Some(State::Draft),
        _ => None,
    }
}

/// Whether the reading at the agreed look permits an act; acts that rest on no verdict always pass. `look` is the
/// agreed look, when its weeks are over.
pub fn permits(act: Act, look: Option<Outcome>, is_last_look: bool) -> bool {
    match act {
        Act::Accept => look == Some(Outcome::Worked),
        // One that worked is accepted; it is not tried again for being liked.
        Act::Again | Act::GiveUp => look.is_some_and(|outcome| outcome != Outcome::Worked),
        Act::Extend => look == Some(Outcome::NotEnough) && !is_last_look,
        _ => true,
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// Their account.
    pub account: Option<AccountId>,
    /// The person.
    pub person: Option<PersonId>,
    /// Whether they may supervise any improvement in reach.
    pub supervises: bool,
}

/// Whether somebody may take an act. Agreeing is for operations: for the partner who was named, or for whoever
/// supervises, but never for the owner alone with themselves.
pub fn may(act: Act, improvement: &Improvement, hand: Hand) -> bool {
    let is = |person: PersonId| hand.person == Some(person);
    let supervises = hand.supervises || is(improvement.supervisor);
    match act {
        Act::Agree => is(improvement.partner) || (supervises && !is(improvement.owner)),
        Act::Step => true,
        Act::Accept | Act::Again | Act::GiveUp | Act::Extend | Act::Withdraw | Act::Reopen => supervises,
        Act::Drilled | Act::Relapse => false,
    }
}

/// How far the lateness of an improvement is told upwards: 0 nobody, 1 the supervisor, 2 whoever manages the unit.
pub fn escalation(improvement: &Improvement, today: Day) -> u8 {
    if !improvement.is_overdue(today) {
        0
    } else if improvement.due.plus(ESCALATES_AGAIN_AFTER_DAYS) < today {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, next, permits};
    use crate::{improvement::State, verdict::Outcome};

    /// All that leads anywhere; everything else is refused.
    const WAYS: &[(State, Act, State)] = &[
        (State::Draft, Act::Agree, State::Agreed),
        (State::Draft, Act::Withdraw, State::Withdrawn),
        (State::Agreed, Act::Step, State::InAction),
        (State::Agreed, Act::Withdraw, State::Withdrawn),
        (State::InAction, Act::Step, State::InAction),
        (State::InAction, Act::Drilled, State::UnderVerification),
        (State::InAction, Act::Withdraw, State::Withdrawn),
        (State::UnderVerification, Act::Step, State::UnderVerification),
        (State::UnderVerification, Act::Accept, State::Closed),
        (State::UnderVerification, Act::Again, State::InAction),
        (State::UnderVerification, Act::GiveUp, State::Closed),
        (State::UnderVerification, Act::Extend, State::UnderVerification),
        (State::UnderVerification, Act::Withdraw, State::Withdrawn),
        (State::Closed, Act::Relapse, State::InAction),
        (State::Closed, Act::Reopen, State::InAction),
        (State::Withdrawn, Act::Reopen, State::Draft),
    ];

    #[test]
    fn acts_lead_where_the_table_says_and_nowhere_else() {
        let others = [Act::Drilled, Act::Relapse];
        for state in State::ALL.iter().copied() {
            for act in Act::BY_HAND.iter().map(|(_, act)| *act).chain(others) {
                let expected = WAYS.iter().find(|(from, with, _)| (*from, *with) == (state, act));
                assert_eq!(next(state, act), expected.map(|way| way.2), "{state:?} {act:?}");
            }
        }
    }

    #[test]
    fn only_the_agreed_look_closes() {
        let check = |act: Act, look: Option<Outcome>, last: bool, expected: bool| {
            assert_eq!(permits(act, look, last), expected, "{act:?} on {look:?}");
        };
        check(Act::Accept, None, false, false);
        check(Act::Accept, Some(Outcome::Worked), false, true);
        check(Act::Accept, Some(Outcome::NoChange), false, false);
        check(Act::Accept, Some(Outcome::NotEnough), false, false);
        check(Act::Again, None, false, false);
        check(Act::Again, Some(Outcome::Worked), false, false);
        check(Act::Again, Some(Outcome::Worse), false, true);
        check(Act::GiveUp, Some(Outcome::NotEnough), false, true);
        check(Act::Extend, Some(Outcome::NotEnough), false, true);
        check(Act::Extend, Some(Outcome::NotEnough), true, false);
        check(Act::Extend, Some(Outcome::NoChange), false, false);
        check(Act::Withdraw, None, false, true);
    }
}
