//! What a topic may be, and where it stands.

use std::collections::BTreeSet;

use behaviours::api::BehaviourId;
use kernel::{Day, PersonId};
use messages::Text;

use super::{TopicDraft, TopicState};
use crate::texts;

/// A title is read in a list.
pub const TITLE_CHARS_MAX: usize = 100;
/// A goal is a few sentences.
pub const GOAL_CHARS_MAX: usize = 2_000;
/// An origin is an id and a word before it.
pub const ORIGIN_CHARS_MAX: usize = 80;
/// More behaviours at once are no topic any more.
pub const BEHAVIOURS_MAX: usize = 10;
/// A large centre's whole line of business; more people are more topics.
pub const PEOPLE_MAX: usize = 500;
/// A topic is weeks, not years.
pub const DAYS_MAX: i32 = 366;

/// What is known when a draft is looked at.
pub(crate) struct Known<'k> {
    pub behaviours: &'k BTreeSet<BehaviourId>,
    pub people: &'k BTreeSet<PersonId>,
    pub has_scenario: bool,
}

/// Everything that is wrong with a draft, by the names of the form's fields.
pub(crate) fn check(draft: &TopicDraft, known: &Known<'_>) -> Vec<(String, Text)> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, text: Text| wrong.push((field.to_owned(), text));
    match draft.title.trim().chars().count() {
        0 => refuse("title", texts::must_be_filled()),
        n if n > TITLE_CHARS_MAX => refuse("title", texts::too_long(n, TITLE_CHARS_MAX)),
        _ => {}
    }
    let goal = draft.goal.trim().chars().count();
    if goal > GOAL_CHARS_MAX {
        refuse("goal", texts::too_long(goal, GOAL_CHARS_MAX));
    }
    if draft.behaviours.is_empty() || draft.behaviours.len() > BEHAVIOURS_MAX {
        refuse("behaviours", texts::behaviours_count(draft.behaviours.len(), BEHAVIOURS_MAX));
    }
    let unknown = draft.behaviours.iter().filter(|id| !known.behaviours.contains(id)).count();
    if unknown > 0 {
        refuse("behaviours", texts::unknown_behaviours(unknown));
    }
    if draft.people.is_empty() || draft.people.len() > PEOPLE_MAX {
        refuse("people", texts::people_count(draft.people.len(), PEOPLE_MAX));
    }
    let unknown = draft.people.iter().filter(|id| !known.people.contains(id)).count();
    if unknown > 0 {
        refuse("people", texts::unknown_people(unknown));
    }
    if draft.to < draft.from {
        refuse("to", texts::to_before_from());
    } else if draft.to.0.saturating_sub(draft.from.0) > DAYS_MAX {
        refuse("to", texts::too_many_days(DAYS_MAX));
    }
    if !known.has_scenario {
        refuse("scenario", texts::unknown_scenario());
    }
    wrong
}

/// Where an open topic stands: planned until its first day or until somebody was drilled.
pub(crate) fn state(stored: &str, from: Day, any_drilled: bool, today: Day) -> Option<TopicState> {
    match stored {
        "open" if today < from && !any_drilled => Some(TopicState::Planned),
        "open" => Some(TopicState::Running),
        other => TopicState::parse(other).filter(|state| !state.is_open()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn behaviour(n: u128) -> BehaviourId {
        BehaviourId(Uuid::from_u128(n))
    }

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn good() -> TopicDraft {
        TopicDraft {
            title: "先致歉".to_owned(),
            behaviours: vec![behaviour(1)],
            scenario: None,
            people: vec![person(1)],
            from: Day(20_500),
            to: Day(20_514),
            goal: String::new(),
            origin: None,
        }
    }

    /// The fields that are refused.
    fn refused(change: impl FnOnce(&mut TopicDraft)) -> Vec<String> {
        let mut draft = good();
        change(&mut draft);
        let known = Known {
            behaviours: &(1..=20).map(behaviour).collect(),
            people: &(1..=600).map(person).collect(),
            has_scenario: draft.scenario.as_deref().is_none_or(|name| name == "billing"),
        };
        check(&draft, &known).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn a_draft_must_be_whole_and_bounded() {
        assert_eq!(refused(|_| {}), Vec::<String>::new());
        assert_eq!(refused(|draft| draft.title = "  ".to_owned()), ["title"]);
        assert_eq!(refused(|draft| draft.title = "长".repeat(TITLE_CHARS_MAX + 1)), ["title"]);
        assert_eq!(refused(|draft| draft.goal = "长".repeat(GOAL_CHARS_MAX + 1)), ["goal"]);
        assert_eq!(refused(|draft| draft.behaviours.clear()), ["behaviours"]);
        assert_eq!(refused(|draft| draft.behaviours = (1..=11).map(behaviour).collect()), ["behaviours"]);
        assert_eq!(refused(|draft| draft.behaviours = vec![behaviour(99)]), ["behaviours"]);
        assert_eq!(refused(|draft| draft.people.clear()), ["people"]);
        assert_eq!(refused(|draft| draft.people = (1..=501).map(person).collect()), ["people"]);
        assert_eq!(refused(|draft| draft.people = vec![person(999)]), ["people"]);
        assert_eq!(refused(|draft| draft.to = draft.from.plus(-1)), ["to"]);
        assert_eq!(refused(|draft| draft.to = draft.from.plus(DAYS_MAX + 1)), ["to"]);
        assert_eq!(refused(|draft| draft.scenario = Some("none".to_owned())), ["scenario"]);
        assert_eq!(refused(|draft| draft.scenario = Some("billing".to_owned())), Vec::<String>::new());
    }

    #[test]
    fn an_open_topic_runs_from_its_first_day_or_its_first_drill() {
        let check = |stored: &str, today: i32, drilled: bool| state(stored, Day(100), drilled, Day(today));
        assert_eq!(check("open", 99, false), Some(TopicState::Planned));
        assert_eq!(check("open", 99, true), Some(TopicState::Running));
        assert_eq!(check("open", 100, false), Some(TopicState::Running));
        assert_eq!(check("done", 99, false), Some(TopicState::Done));
        assert_eq!(check("cancelled", 99, false), Some(TopicState::Cancelled));
        assert_eq!(check("planned", 99, false), None, "follows from the days, is never stored");
        assert_eq!(check("anything", 99, false), None);
    }
}
