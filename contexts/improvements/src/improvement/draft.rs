//! What people want of an improvement, and whether it can be so.

use std::collections::BTreeSet;

use behaviours::api::BehaviourId;
use kernel::{Day, PersonId, Scope, UnitId};
use people::api::{Invalid, Lookup};
use uuid::Uuid;

use super::{Cause, Member, StepKind, rules::Act};
use crate::{problem::Result, texts, verdict::AGREEABLE};

/// A title is one line.
pub const TITLE_CHARS_MAX: usize = 120;
/// A problem, a solution, a reason, a comment: a page of text.
pub const WORDS_CHARS_MAX: usize = 4_000;
/// People of one improvement: a large site. More is a change of the whole centre.
pub const PEOPLE_MAX: usize = 500;
/// How far ahead a due day may lie: two years are no deadline.
const DUE_DAYS_MAX: i32 = 731;

/// An improvement to open, or what an open one is to become.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// One line.
    pub title: String,
    /// What is wrong.
    pub problem: String,
    /// What will be done.
    pub solution: String,
    /// What came of it, in words.
    pub result: String,
    /// Why it is so.
    pub cause: Cause,
    /// By when.
    pub due: Day,
    /// Who does it.
    pub owner: PersonId,
    /// Who sees to it.
    pub supervisor: PersonId,
    /// Who agrees for operations.
    pub partner: PersonId,
    /// The behaviour; fixed once it is opened.
    pub behaviour: BehaviourId,
    /// Whom it is about; fixed once it is opened.
    pub people: Vec<PersonId>,
    /// The uptake to reach, 0–1; fixed once it is agreed.
    pub target: f64,
    /// The smallest effect that matters, as a difference of uptake; fixed once it is agreed.
    pub worthwhile: f64,
    /// The agreed look in weeks; fixed once it is agreed.
    pub after_weeks: u16,
}

/// The drill that an act begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillDraft {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The scenario to rehearse.
    pub scenario: Option<String>,
}

/// What goes with an act.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActDraft {
    /// Why, or what is done.
    pub words: String,
    /// What kind of step.
    pub kind: Option<StepKind>,
    /// The drill to begin, for a step of that kind.
    pub drill: Option<DrillDraft>,
    /// The day on which any other step takes effect; not known yet when absent.
    pub day: Option<Day>,
}

pub(super) fn required(words: &str, field: &str, most: usize, wrong: &mut Invalid) {
    if words.trim().is_empty() {
        wrong.add(field, texts::must_be_filled());
    }
    bounded(words, field, most, wrong);
}

fn bounded(words: &str, field: &str, most: usize, wrong: &mut Invalid) {
    let n = words.trim().chars().count();
    if n > most {
        wrong.add(field, texts::too_long(n, most));
    }
}

pub(super) fn check_words(draft: &Draft, wrong: &mut Invalid) {
    required(&draft.title, "title", TITLE_CHARS_MAX, wrong);
    required(&draft.problem, "problem", WORDS_CHARS_MAX, wrong);
    bounded(&draft.solution, "solution", WORDS_CHARS_MAX, wrong);
    bounded(&draft.result, "result", WORDS_CHARS_MAX, wrong);
}

pub(super) fn check_due(due: Day, today: Day, wrong: &mut Invalid) {
    if due < today || due > today.plus(DUE_DAYS_MAX) {
        wrong.add("due", texts::due_range(&today.to_string(), &today.plus(DUE_DAYS_MAX).to_string()));
    }
}

pub(super) fn check_people_named(draft: &Draft, lookup: &Lookup, wrong: &mut Invalid) {
    for (field, person) in
        [("owner", draft.owner), ("supervisor", draft.supervisor), ("partner", draft.partner)]
    {
        if lookup.person(person).is_none() {
            wrong.add(field, texts::must_be_chosen());
        }
    }
    if draft.owner == draft.supervisor {
        wrong.add("supervisor", texts::supervises_oneself());
    }
}

pub(super) fn check_measure(draft: &Draft, wrong: &mut Invalid) {
    if !(draft.target > 0.0 && draft.target <= 1.0) {
        wrong.add("target", texts::target_range());
    }
    if !(draft.worthwhile >= 0.01 && draft.worthwhile <= 0.5) {
        wrong.add("worthwhile", texts::worthwhile_range());
    }
    if !AGREEABLE.contains(&draft.after_weeks) {
        wrong.add("after_weeks", texts::must_be_chosen());
    }
}

/// Checks a draft as a whole; whom it is about, with their teams of today.
pub(super) fn checked(
    draft: &Draft,
    lookup: &Lookup,
    scope: &Scope,
    today: Day,
) -> Result<Vec<Member>, Invalid> {
    let mut wrong = Invalid::default();
    check_words(draft, &mut wrong);
    check_due(draft.due, today, &mut wrong);
    check_people_named(draft, lookup, &mut wrong);
    check_measure(draft, &mut wrong);
    let people: BTreeSet<PersonId> = draft.people.iter().copied().collect();
    if people.is_empty() || people.len() > PEOPLE_MAX {
        wrong.add("people", texts::people_range(people.len(), PEOPLE_MAX));
    }
    let mut members = Vec::new();
    let mut beyond = 0;
    for person in people {
        let team = lookup.team_of(person, today);
        if lookup.person(person).is_none() || !scope.allows(team, Some(person)) {
            beyond += 1;
        }
        members.push(Member { person, team: team.unwrap_or(UnitId(Uuid::nil())) });
    }
    if beyond > 0 {
        wrong.add("people", texts::people_beyond(beyond));
    }
    wrong.or(members)
}

pub(super) fn check_act(act: Act, draft: &ActDraft) -> Result<()> {
    let mut wrong = Invalid::default();
    if act.needs_reason() {
        required(&draft.words, "words", WORDS_CHARS_MAX, &mut wrong);
    } else {
        bounded(&draft.words, "words", WORDS_CHARS_MAX, &mut wrong);
    }
    if act == Act::Step {
        match (draft.kind, &draft.drill) {
            (None, _) => wrong.add("kind", texts::must_be_chosen()),
            (Some(StepKind::Drill), None) => wrong.add("from", texts::must_be_filled()),
            (Some(StepKind::Drill), Some(drill)) if drill.to < drill.from => {
                wrong.add("to", texts::to_before_from());
            }
            (Some(StepKind::Drill), _) => {}
            (Some(_), _) => required(&draft.words, "words", WORDS_CHARS_MAX, &mut wrong),
        }
    }
    Ok(wrong.or(())?)
}
