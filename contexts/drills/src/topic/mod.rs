//! Topics: what is drilled, with whom, from when to when.

pub(crate) mod form;
pub(crate) mod pages;
pub(crate) mod rest;
mod rules;
mod service;
pub(crate) mod store;

use behaviours::api::BehaviourId;
use kernel::{AccountId, Day, PersonId, Time, UnitId};
use serde::{Deserialize, Serialize};
use ui::Href;
use utoipa::ToSchema;

pub use rules::{BEHAVIOURS_MAX, DAYS_MAX, GOAL_CHARS_MAX, ORIGIN_CHARS_MAX, PEOPLE_MAX, TITLE_CHARS_MAX};

kernel::id_type! {
    /// A topic.
    pub struct TopicId;
}
::store::bind_ids!(TopicId);

/// The page of a topic.
pub fn href(id: TopicId) -> Href {
    Href::new("/drills").segment(id)
}

/// What caused a topic, in words that only whoever caused it can read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// An origin of 1 to [`ORIGIN_CHARS_MAX`] characters; `None` for anything else.
    pub fn new(origin: impl Into<String>) -> Option<Origin> {
        let origin: String = origin.into();
        (1..=ORIGIN_CHARS_MAX).contains(&origin.chars().count()).then_some(Origin(origin))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a topic stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    /// Its first day has not come, and nobody was drilled yet.
    Planned,
    /// People are being drilled.
    Running,
    /// Finished.
    Done,
    /// Called off. Whoever was drilled by then was drilled.
    Cancelled,
}

impl TopicState {
    /// All of them.
    pub const ALL: [TopicState; 4] =
        [TopicState::Planned, TopicState::Running, TopicState::Done, TopicState::Cancelled];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            TopicState::Planned => "planned",
            TopicState::Running => "running",
            TopicState::Done => "done",
            TopicState::Cancelled => "cancelled",
        }
    }

    /// The state of a stable name.
    pub fn parse(name: &str) -> Option<TopicState> {
        TopicState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it still goes on or will.
    pub const fn is_open(self) -> bool {
        matches!(self, TopicState::Planned | TopicState::Running)
    }
}

/// How it is known that somebody was drilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A trainer marked that they took part.
    Attended,
    /// They finished a rehearsal of the topic.
    Rehearsed,
}

impl How {
    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            How::Attended => "attended",
            How::Rehearsed => "rehearsed",
        }
    }

    /// The value of a stable name.
    pub fn parse(name: &str) -> Option<How> {
        [How::Attended, How::Rehearsed].into_iter().find(|how| how.name() == name)
    }
}

/// Somebody who takes part in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trainee {
    /// Who.
    pub person: PersonId,
    /// The team they were in when they were added.
    pub team: Option<UnitId>,
    /// The day on which they were drilled.
    pub drilled: Option<(Day, How)>,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// What it is called.
    pub title: String,
    /// What people should do afterwards that they do not do yet.
    pub goal: String,
    /// The behaviours that are drilled, in the order chosen.
    pub behaviours: Vec<BehaviourId>,
    /// The name of the scenario that is rehearsed.
    pub scenario: Option<String>,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Where it stands today.
    pub state: TopicState,
    /// What caused it.
    pub origin: Option<Origin>,
    /// Who takes part, as far as the reader may see them.
    pub people: Vec<Trainee>,
    /// How many more take part whom the reader may not see.
    pub hidden: usize,
    /// Who opened it; nobody for the system.
    pub opened_by: Option<AccountId>,
    /// Raised by each edit.
    pub version: i64,
    /// When it was opened.
    pub at: Time,
    /// When it was last changed.
    pub changed_at: Time,
    /// By whom; nobody for the system.
    pub changed_by: Option<AccountId>,
}

impl Topic {
    /// How many of the people were drilled.
    pub fn drilled(&self) -> usize {
        self.people.iter().filter(|trainee| trainee.drilled.is_some()).count()
    }

    /// Somebody who takes part.
    pub fn trainee(&self, person: PersonId) -> Option<&Trainee> {
        self.people.iter().find(|trainee| trainee.person == person)
    }

    /// Whether its last day is over while somebody waits to be drilled, or to be told that all were.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.state.is_open() && self.to < today
    }
}

/// A topic to open, or what an open one is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicDraft {
    /// What it is called, 1 to [`TITLE_CHARS_MAX`] characters.
    pub title: String,
    /// The behaviours that are drilled, at least one.
    pub behaviours: Vec<BehaviourId>,
    /// The name of the scenario to rehearse.
    pub scenario: Option<String>,
    /// Who takes part, at least one.
    pub people: Vec<PersonId>,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// What people should do afterwards, at most [`GOAL_CHARS_MAX`] characters.
    pub goal: String,
    /// What caused it.
    pub origin: Option<Origin>,
}

/// Which topics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopicFilter {
    /// Part of the title or goal.
    pub text: String,
    /// In this state.
    pub state: Option<TopicState>,
    /// About this behaviour.
    pub behaviour: Option<BehaviourId>,
    /// With this person.
    pub person: Option<PersonId>,
    /// Overdue only.
    pub overdue: bool,
}

/// News that somebody of a topic was drilled, or does not count as drilled any more. Version 1: [`PersonDrilled`].
pub const PERSON_DRILLED: &str = "drills.person_drilled";

/// The payload of [`PERSON_DRILLED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDrilled {
    /// In which topic.
    pub topic: TopicId,
    /// Who.
    pub person: PersonId,
    /// What caused the topic.
    pub origin: Option<String>,
}

/// Somebody was drilled on a behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drilled {
    /// Who.
    pub person: PersonId,
    /// On what.
    pub behaviour: BehaviourId,
    /// When.
    pub day: Day,
    /// In which topic.
    pub topic: TopicId,
    /// What caused the topic.
    pub origin: Option<Origin>,
}
