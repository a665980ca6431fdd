//! Rehearsals (陪练): one practice attempt with the simulated customer. What the person did is stored turn by turn; where
//! the conversation stands follows from it, so that a server that was killed goes on where it was.

pub(crate) mod chat;
pub(crate) mod list;
pub(crate) mod rest;
pub(crate) mod result;
mod service;
pub(crate) mod store;

use kernel::{Day, PersonId, Time, UnitId};
use messages::Lang;
use serde::{Deserialize, Serialize};
use ui::Href;

use crate::topic::TopicId;

pub use service::{Begin, Standing};
pub(crate) use service::{Ground, Playing};

kernel::id_type! {
    /// A rehearsal.
    pub struct RehearsalId;
}
::store::bind_ids!(RehearsalId);

/// Rehearsals that one person may have in progress: more are forgotten ones.
pub const OPEN_MAX: i64 = 10;
/// Characters of one message. Nobody says more before the other side answers; the engine interrupts far sooner.
pub const MESSAGE_CHARS_MAX: usize = 1_000;

/// The page of a rehearsal: the conversation while it lasts, then its result.
pub fn href(id: RehearsalId) -> Href {
    Href::new("/rehearsals").segment(id)
}

/// Where a rehearsal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RehearsalState {
    /// In progress.
    Open,
    /// It came to an end, good or bad.
    Ended,
    /// The person stopped before the end.
    GivenUp,
}

impl RehearsalState {
    /// All of them.
    pub const ALL: [RehearsalState; 3] =
        [RehearsalState::Open, RehearsalState::Ended, RehearsalState::GivenUp];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            RehearsalState::Open => "open",
            RehearsalState::Ended => "ended",
            RehearsalState::GivenUp => "given_up",
        }
    }

    /// The state of a stable name.
    pub fn parse(name: &str) -> Option<RehearsalState> {
        RehearsalState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The three figures of a result, 0 to 100 each, and whether it passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Scores {
    /// Whether the right things were done.
    pub process: i64,
    /// Whether the customer was treated as a person.
    pub feeling: i64,
    /// What was reached.
    pub outcome: i64,
    /// Whether all that was asked for was reached.
    pub passed: bool,
}

/// A rehearsal as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsed {
    /// Its id.
    pub id: RehearsalId,
    /// Who practised.
    pub person: PersonId,
    /// The team they were in when they began.
    pub team: Option<UnitId>,
    /// The topic it belongs to.
    pub topic: Option<TopicId>,
    /// The name of the scenario.
    pub scenario: String,
    /// The language it is played in.
    pub language: Lang,
    /// The title of the scenario.
    pub title: String,
    /// The version of the scenario; 0 for a draft that was tried out.
    pub version_n: i64,
    /// The digests of the script and of the rules it began with.
    pub(crate) script: String,
    pub(crate) rules: String,
    /// What the customer's choice of words follows from.
    pub seed: u64,
    /// Where it stands.
    pub state: RehearsalState,
    /// Turns of the person so far.
    pub turns: i64,
    /// When it began.
    pub started_at: Time,
    /// When the last turn was.
    pub changed_at: Time,
    /// The day on which it began, at the organisation's clock.
    pub day: Day,
    /// What came of it, once it ended.
    pub scores: Option<Scores>,
}
