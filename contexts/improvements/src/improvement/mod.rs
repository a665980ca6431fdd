//! Improvements (问题跟进): a problem with its solution, result, due day, owner and supervisor, and the measure by
//! which it will be judged.

pub(crate) mod acts;
pub(crate) mod draft;
pub(crate) mod list;
pub(crate) mod open;
pub(crate) mod page;
pub(crate) mod rest;
pub mod rules;
pub(crate) mod service;
pub(crate) mod store;

use behaviours::api::{BehaviourId, Frozen};
use kernel::{AccountId, Day, PersonId, Scope, Time, UnitId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::id_type! {
    /// An improvement.
    pub struct ImprovementId;
}
::store::bind_ids!(ImprovementId);

/// Declares an enum whose variants have stable names kept in rows and used by the API.
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant:meta])* $of:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant])* $of,)+ }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &[$name] = &[$($name::$of),+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $($name::$of => $word,)+ }
            }

            /// The one of a stable name.
            pub fn parse(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<$name, ()> {
                $name::parse(text).ok_or(())
            }
        }
    };
}

names! {
    /// Where an improvement stands.
    State {
        /// Written down; operations have not agreed yet.
        Draft = "draft",
        /// Agreed with operations; nothing is done yet.
        Agreed = "agreed",
        /// Something is being done about it.
        InAction = "in_action",
        /// It was done to people; their live conversations tell.
        UnderVerification = "under_verification",
        /// Over, on a verdict.
        Closed = "closed",
        /// Taken back before a verdict.
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// Whether somebody still has to do something.
    pub const fn is_open(self) -> bool {
        !matches!(self, State::Closed | State::Withdrawn)
    }
}

names! {
    /// Why it is so; decides which way helps.
    Cause {
        /// Attitude, communication: drill it, coach it.
        Attitude = "attitude",
        /// Business knowledge: a course.
        Knowledge = "knowledge",
        /// The process itself.
        Process = "process",
        /// The system.
        System = "system",
    }
}

names! {
    /// What is done (干预措施).
    StepKind {
        /// A drill topic.
        Drill = "drill",
        /// Coaching at the desk.
        Coaching = "coaching",
        /// A course.
        Course = "course",
        /// A change of the process.
        Process = "process",
        /// A change of knowledge articles.
        Knowledge = "knowledge",
        /// A requirement for the system.
        System = "system",
    }
}

impl StepKind {
    /// Whether it changes the work of everybody, not only of the people of the improvement: then nobody is left to
    /// compare with.
    pub const fn is_for_everybody(self) -> bool {
        matches!(self, StepKind::Process | StepKind::Knowledge | StepKind::System)
    }

    /// Whether it is a suitable way for a cause.
    pub const fn suits(self, cause: Cause) -> bool {
        matches!(
            (cause, self),
            (Cause::Attitude, StepKind::Drill | StepKind::Coaching)
                | (Cause::Knowledge, StepKind::Course | StepKind::Knowledge | StepKind::Drill)
                | (Cause::Process, StepKind::Process)
                | (Cause::System, StepKind::System)
        )
    }
}

names! {
    /// How it ended.
    Ending {
        /// The verdict was that it worked.
        Worked = "worked",
        /// The verdict was another, and the supervisor let it rest.
        NotEffective = "not_effective",
    }
}

/// One whom an improvement is about, with the team of the day on which it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Their team then; nil where they had none.
    pub team: UnitId,
}

/// The figures on which it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Conversations of the members where the behaviour was shown.
    pub shown: u64,
    /// Conversations where it was applicable.
    pub applicable: u64,
    /// 95 % interval (Wilson), lower end.
    pub low: f64,
    /// 95 % interval (Wilson), upper end.
    pub high: f64,
    /// Empirical-Bayes estimate among everybody.
    pub estimate: f64,
}

impl Baseline {
    /// Shown ÷ applicable; `None` where it never was applicable.
    pub fn uptake(&self) -> Option<f64> {
        (self.applicable > 0).then(|| self.shown as f64 / self.applicable as f64)
    }
}

/// What is agreed to be measured, frozen when the improvement is opened, so that nothing done later moves it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The rule, with its sources.
    pub rule: Frozen,
    /// The uptake to reach, 0–1.
    pub target: f64,
    /// The smallest effect that matters, as a difference of uptake (0.05 is 5 points).
    pub worthwhile: f64,
    /// The first day of the weeks that selected the people.
    pub selection_from: Day,
    /// The last day of them.
    pub selection_to: Day,
    /// The figures of those weeks.
    pub baseline: Baseline,
    /// The agreed look: after so many full weeks the verdict may close it.
    pub after_weeks: u16,
}

/// How an improvement ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// On which verdict.
    pub how: Ending,
    /// What was said to it.
    pub reason: String,
}

/// An improvement.
#[derive(Debug, Clone, PartialEq)]
pub struct Improvement {
    /// Its id.
    pub id: ImprovementId,
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
    /// Where it stands.
    pub state: State,
    /// By when.
    pub due: Day,
    /// Who does it.
    pub owner: PersonId,
    /// Who sees to it that it is done.
    pub supervisor: PersonId,
    /// Who agrees for operations.
    pub partner: PersonId,
    /// Who agreed.
    pub agreed_by: Option<AccountId>,
    /// When.
    pub agreed_at: Option<Time>,
    /// The behaviour.
    pub behaviour: BehaviourId,
    /// What is measured.
    pub measure: Measure,
    /// Whom it is about.
    pub members: Vec<Member>,
    /// From 1; raised each time it is opened again.
    pub round: i64,
    /// The first day of this round: who was drilled before it is not counted as drilled.
    pub round_from: Day,
    /// Who opened it.
    pub opened_by: Option<AccountId>,
    /// When.
    pub opened_at: Time,
    /// Since when it stands where it stands.
    pub state_since: Time,
    /// 0 in time, 1 the supervisor was told, 2 whoever manages the unit was.
    pub escalation: u8,
    /// How it ended.
    pub closed: Option<Closed>,
    /// The last week (its Monday) up to which it was watched for relapse.
    pub watched_to: Option<Day>,
    /// Raised by each change.
    pub version: i64,
}

impl Improvement {
    /// Whether its day has passed and somebody still has to act.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.state.is_open() && self.due < today
    }

    /// Whether a reader may see it: one of its people is in their scope, or they are named in it.
    pub fn is_seen_by(&self, scope: &Scope) -> bool {
        scope.is_everything()
            || self.members.iter().any(|member| scope.allows(Some(member.team), Some(member.person)))
            || scope.person().is_some_and(|me| [self.owner, self.supervisor, self.partner].contains(&me))
    }
}

/// Something that is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// In words.
    pub note: String,
    /// The topic of a drill.
    pub topic: Option<Uuid>,
    /// The day on which anything else takes effect.
    pub day: Option<Day>,
    /// Who began it.
    pub by: Option<AccountId>,
    /// When it was written down.
    pub at: Time,
}

/// Something that happened or was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What, see [`EntryKind`].
    pub kind: EntryKind,
    /// The words: a comment, a reason, a figure.
    pub words: String,
    /// Who; nobody when it came by itself.
    pub by: Option<AccountId>,
    /// When.
    pub at: Time,
}

names! {
    /// What an [`Entry`] tells.
    EntryKind {
        /// It was opened.
        Opened = "opened",
        /// It was edited.
        Edited = "edited",
        /// Operations agreed.
        Agreed = "agreed",
        /// Something is done.
        Step = "step",
        /// The first of its people was drilled.
        Drilled = "drilled",
        /// The agreed look came in.
        Verdict = "verdict",
        /// The verdict was accepted.
        Accepted = "accepted",
        /// Something else is to be tried.
        Again = "again",
        /// It was let rest without an effect.
        GivenUp = "given_up",
        /// A later look was agreed.
        Extended = "extended",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// It came back by itself.
        Relapsed = "relapsed",
        /// Somebody opened it again.
        Reopened = "reopened",
        /// Its day passed.
        Escalated = "escalated",
        /// Somebody said something.
        Comment = "comment",
    }
}
