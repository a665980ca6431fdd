//! The proof (上线验证): whether live conversations changed because of what was done, read after 1, 2, 4 and 8 weeks.

pub(crate) mod board;
pub(crate) mod export;
pub(crate) mod how;
pub(crate) mod jobs;
pub(crate) mod measure;
pub(crate) mod pages;
pub mod rules;
pub(crate) mod service;
pub(crate) mod store;

use kernel::{Day, PersonId, Time};
use serde::{Deserialize, Serialize};

/// After how many full weeks the proof is read. Only the agreed one closes: whoever looks four times and stops at the
/// first good one finds effects that are not there.
pub const LOOKS: [u16; 4] = [1, 2, 4, 8];
/// The looks that may be agreed on: one week is too little to close anything.
pub const AGREEABLE: [u16; 3] = [2, 4, 8];
/// The look under which the newest four weeks of a closed improvement are kept.
pub const WATCH: u16 = 0;

/// What the conversations say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Surely better than it would have been.
    Worked,
    /// Surely no change worth having.
    NoChange,
    /// Surely worse.
    Worse,
    /// Too little to tell.
    NotEnough,
}

impl Outcome {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Worked => "worked",
            Outcome::NoChange => "no_change",
            Outcome::Worse => "worse",
            Outcome::NotEnough => "not_enough",
        }
    }
}

/// Conversations where shown, of those where applicable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct N {
    /// Where shown.
    pub shown: u64,
    /// Where applicable.
    pub applicable: u64,
}

impl N {
    /// Shown ÷ applicable.
    pub fn rate(self) -> Option<f64> {
        (self.applicable > 0).then(|| self.shown as f64 / self.applicable as f64)
    }
}

/// One side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Side {
    /// People.
    pub people: u64,
    /// In the baseline weeks.
    pub before: N,
    /// In the weeks after.
    pub after: N,
    /// Mean of the baselines as used, 0–1.
    pub baseline: f64,
    /// Mean change from them, as a difference of uptake.
    pub change: f64,
}

/// What a plain before/after would have said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Plain {
    /// The weeks that selected the people.
    pub before: N,
    /// The weeks after.
    pub after: N,
    /// The difference of the two rates.
    pub change: Option<f64>,
    /// 95 % interval (Newcombe), lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How much of it was to be expected without any drill.
    pub regression: f64,
}

/// What a reading rests on, or lacks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum Note {
    /// Nobody was drilled.
    NobodyDrilled,
    /// The weeks of so many people are not over.
    Waiting {
        /// How many.
        people: u64,
        /// The Monday of the last week that is waited for.
        until: Day,
    },
    /// So many drilled people had no conversation afterwards.
    Gone {
        /// How many.
        people: u64,
    },
    /// So many drilled people are new: too few conversations before their drill.
    NothingBefore {
        /// How many.
        people: u64,
    },
    /// So many drilled people are left out: nearly everybody else was drilled in the same weeks.
    NotCompared {
        /// How many.
        people: u64,
    },
    /// Too few drilled people for a verdict.
    FewPeople {
        /// How many there are.
        people: u64,
        /// How many it takes.
        needed: u64,
    },
    /// People were chosen by hand.
    ChosenByHand,
    /// Fewer clean weeks than wanted.
    ShortBaseline {
        /// How many there are.
        weeks: u64,
    },
    /// The baseline of so many people is modelled.
    ModelledBaseline {
        /// How many.
        people: u64,
    },
    /// There is nobody to compare with.
    NothingToCompare {
        /// Standard error of the swings that all have in common.
        swing: Option<f64>,
    },
    /// So many others were drilled on the same and are not compared with.
    OthersDrilled {
        /// How many.
        people: u64,
    },
    /// So many more people would have to be drilled.
    MorePeople {
        /// How many.
        people: u64,
    },
    /// The rule has changed: so many conversations were read again by the frozen one.
    RuleChanged {
        /// How many.
        conversations: u64,
    },
    /// So many of its people have left; they count until they left.
    Left {
        /// How many.
        people: u64,
    },
    /// What was done changes the work of everybody.
    ForEverybody,
    /// Nobody had a conversation in the weeks after: a queue that was closed, an import that is missing.
    NoConversations,
}

/// One person beside one week of drill. The effect is the sum of `weight × (after − baseline)` over the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowOf {
    /// Who.
    pub person: PersonId,
    /// Drilled, or compared with.
    pub drilled: bool,
    /// The Monday of the week of the drill.
    pub drill: Day,
    /// In the baseline weeks.
    pub before: N,
    /// In the weeks after.
    pub after: N,
    /// The baseline as used.
    pub baseline: f64,
    /// Whether it is modelled.
    pub modelled: bool,
    /// Empirical-Bayes estimate from the weeks that selected.
    pub estimate: f64,
    /// What the row counts in the effect.
    pub weight: f64,
}

/// One week of both sides, for the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekOf {
    /// Its Monday.
    pub week: Day,
    /// The people who are drilled.
    pub drilled: N,
    /// Those they are compared with.
    pub compared: N,
    /// How many were drilled in this week.
    pub drills: u64,
}

/// The weeks of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlanOf {
    /// The Monday of the first week that selected the people.
    pub selection_from: Day,
    /// The Monday of the last one.
    pub selection_to: Day,
    /// Clean weeks wanted before them.
    pub baseline_weeks: u16,
    /// Weeks read after the week of the drill.
    pub after_weeks: u16,
    /// The smallest effect that matters.
    pub worthwhile: f64,
    /// The Monday of the last full week there was.
    pub now: Day,
}

/// A reading of the proof with everything needed to show it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What can be said.
    pub outcome: Outcome,
    /// Conversations still needed; 0 where none would do.
    pub more: u64,
    /// The change because of what was done, as a difference of uptake.
    pub effect: Option<f64>,
    /// 95 % interval, lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom behind the interval.
    pub degrees_of_freedom: f64,
    /// Whether the weeks of everybody drilled are over.
    pub complete: bool,
    /// The drilled.
    pub drilled: Option<Side>,
    /// Those they are compared with.
    pub compared: Option<Side>,
    /// The plain before/after beside it.
    pub plain: Plain,
    /// What it rests on.
    pub notes: Vec<Note>,
    /// Everybody with their weight; kept beside, and not read where only the figures are shown.
    #[serde(skip)]
    pub rows: Vec<RowOf>,
    /// Both sides by week.
    pub weeks: Vec<WeekOf>,
    /// Which weeks.
    pub plan: PlanOf,
}

/// A stored reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The round it belongs to.
    pub round: i64,
    /// After how many weeks; [`WATCH`] for the newest four.
    pub look: u16,
    /// What it says.
    pub reading: Reading,
    /// When it was computed.
    pub at: Time,
}
