//! Did the drill change what people do on live calls?
//!
//! A plain before/after lies twice. People are drilled *because* of bad weeks, and bad weeks are followed by better
//! ones without any drill (regression to the mean); and the whole centre has better and worse seasons. Hence:
//!
//! * **Baseline.** The weeks that selected the people never enter an outcome: the baseline is the weeks before them.
//!   Where a person has too few conversations there, it is modelled by empirical Bayes from everything before the
//!   drill (Efron & Morris 1975), which is free of the selection made on the same counts.
//! * **Comparison.** Difference in differences, stacked by the week of the drill: in each stack the people drilled in
//!   that week stand beside those not drilled by the end of the same after weeks, over the same calendar weeks
//!   (Cengiz, Dube, Lindner & Zipperer 2019, *The effect of minimum wages on low-wage jobs*, QJE 134, 1405–1454;
//!   the already drilled are no comparison: Goodman-Bacon 2021, *Difference-in-differences with variation in
//!   treatment timing*, J. Econometrics 225, 254–277; the stack's parallel trends hold for people of equal
//!   estimate at selection: Callaway & Sant'Anna 2021, *Difference-in-differences with multiple time periods*,
//!   J. Econometrics 225, 200–230).
//! * **Equal estimate at selection.** A season common to all on the logit scale moves those at 65 % further than those
//!   at 95 %, in proportion to p(1 − p). The empirical-Bayes estimate from the selection weeks gives each person's
//!   p(1 − p), and each stack's season is a straight line in it, read at the place of the drilled people.
//! * **Interval.** Weighted least squares with CR2 standard errors clustered by person and Satterthwaite degrees of
//!   freedom: see [`Fit::cluster_robust`](crate::Fit::cluster_robust).
//! * **Nobody to compare with.** A plain change from the clean baseline, its interval widened by how far everybody
//!   together moved between the weeks before the selection; without four such weeks there is no verdict.
//!
//! Simulated, the interval holds the truth 94–97 % of the time with five people or more, 97–98 % with three; also with
//! four conversations a week, near 100 %, with unequal numbers and with drift. It does not where a season swings by
//! ten points and everybody has many conversations (about 92 %): p(1 − p) is then known less well than the rates.
//!
//! The **estimand** is the average, over the people drilled whose after weeks are over, of what the drill changed in
//! their propensity over those weeks; each counts by the weight of their [`Row`], which depends on how many
//! conversations they had and not on how these went.

mod alone;
mod compare;
mod conclude;
mod windows;

use std::ops::RangeInclusive;

use serde::Serialize;

use crate::{Confidence, Counts, EvidenceError, Interval, newcombe_difference};
use windows::Windows;

/// Clean weeks before the selection weeks that make up a baseline, unless asked otherwise: as long as the window of
/// a gap.
pub const BASELINE_WEEKS: u16 = 4;

/// Full weeks after the drill's week that make up an outcome, unless asked otherwise.
pub const AFTER_WEEKS: u16 = 4;

/// The smallest effect that matters, unless asked otherwise: 5 points.
pub const WORTHWHILE: f64 = 0.05;

/// With fewer drilled people there is no verdict: how much people differ in what they do afterwards cannot be told
/// from two, and one surprising person would decide.
pub const MINIMUM_PEOPLE: usize = 3;

/// Weeks of the longest window that may be asked for: a year.
pub const MOST_WEEKS: u16 = 53;

/// Different weeks of drill in one verdict: half a year of weekly groups. Beyond it is more than one intervention.
pub const MOST_STACKS: usize = 26;

/// One person's weeks in one behaviour.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace<K> {
    /// What the caller calls this person; one trace each.
    pub key: K,
    /// Whether the improvement is about them.
    pub group: Group,
    /// Counts by week, in any order; weeks are any numbering that grows by one a week. A week not listed had no
    /// applicable conversation; one listed twice is added up.
    pub weeks: Vec<(i64, Counts)>,
}

/// Who somebody is to the improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Group {
    /// One of the people it is about.
    Member {
        /// The week of their drill, once drilled.
        drilled: Option<i64>,
    },
    /// Everybody else with the behaviour applicable.
    Other {
        /// The week in which somebody drilled them on the same behaviour, if ever: no comparison from then on.
        drilled: Option<i64>,
    },
}

impl Group {
    /// The week of the drill, whoever they are.
    pub fn drilled(self) -> Option<i64> {
        match self {
            Self::Member { drilled } | Self::Other { drilled } => drilled,
        }
    }
}

/// Which weeks are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictPlan {
    /// Weeks whose counts selected the people. Empty (first above last) where they were chosen by hand: the four
    /// weeks before the first drill are then taken for it, for somebody looked at something.
    pub selection: RangeInclusive<i64>,
    /// Clean weeks wanted before the selection weeks, 1..=53.
    pub baseline_weeks: u16,
    /// Full weeks wanted after the week of the drill, 1..=53.
    pub after_weeks: u16,
    /// Smallest effect that matters, as a share above 0 and up to 1.
    pub worthwhile: f64,
    /// The last full week there is.
    pub now: i64,
}

impl VerdictPlan {
    /// Four weeks before the selection weeks, four after the drill, 5 points.
    pub fn new(selection: RangeInclusive<i64>, now: i64) -> Self {
        Self {
            selection,
            baseline_weeks: BASELINE_WEEKS,
            after_weeks: AFTER_WEEKS,
            worthwhile: WORTHWHILE,
            now,
        }
    }
}

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// The interval lies above 0.
    Worked,
    /// The interval holds 0, and nothing as large as the worthwhile effect.
    NoChange,
    /// The interval lies below 0.
    Worse,
    /// The interval holds both 0 and the worthwhile effect, or there is not enough to make one.
    NotEnough {
        /// Applicable conversations still needed after the drill, of all drilled people together, for a worthwhile
        /// effect to be found with 80 % power. 0 where no number of conversations would do (the notes say what).
        more: u64,
    },
}

/// What a verdict rests on or lacks; for the person who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum Note {
    /// Nobody of the improvement's people was drilled.
    NobodyDrilled,
    /// The after weeks of so many drilled people end only with week `until`; there is no verdict before.
    Waiting {
        /// People whose after weeks are not over.
        people: usize,
        /// The last of those weeks.
        until: i64,
    },
    /// So many drilled people had no applicable conversation after their drill: they left, or changed their work.
    Gone {
        /// People left out.
        people: usize,
    },
    /// So many drilled people have too few conversations before their drill even for a model: they are new.
    NothingBefore {
        /// People left out.
        people: usize,
    },
    /// So many drilled people are left out, since in their weeks nearly everybody else was drilled too.
    NotCompared {
        /// People left out.
        people: usize,
    },
    /// Fewer drilled people than a verdict can be given on.
    FewPeople {
        /// Drilled people with conversations after.
        people: usize,
        /// [`MINIMUM_PEOPLE`].
        needed: usize,
    },
    /// People were chosen by hand: the four weeks before the first drill count as what selected them.
    ChosenByHand,
    /// There are fewer clean weeks before the selection than wanted.
    ShortBaseline {
        /// Clean weeks there are.
        weeks: u16,
    },
    /// So many drilled people have too few conversations in the clean weeks: their baseline is modelled.
    ModelledBaseline {
        /// Drilled people with a modelled baseline.
        people: usize,
    },
    /// There is nobody to compare with: a plain change, its interval widened by the swings of the weeks before.
    NothingToCompare {
        /// Standard error of the common swing, as a share; nothing where it could not be estimated, and then there
        /// is no verdict.
        swing: Option<f64>,
    },
    /// So many others were drilled on the same behaviour by somebody else, and are not compared with.
    OthersDrilled {
        /// People left out of a comparison.
        people: usize,
    },
    /// More conversations of the same people cannot show a worthwhile effect: so many more people could.
    MorePeople {
        /// Further people to drill.
        people: u64,
    },
}

/// One side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Side {
    /// People, each counted once.
    pub people: usize,
    /// What was counted in the baseline weeks, modelled baselines not included.
    pub before: Counts,
    /// What was counted in the after weeks; somebody compared with two groups of drilled people is counted in both.
    pub after: Counts,
    /// Weighted mean of the baselines as used, a share.
    pub baseline: f64,
    /// Weighted mean change from the baseline, a share. The effect is the drilled people's less that of the others,
    /// the others read at the drilled people's estimate.
    pub change: f64,
}

/// What a naive reader would have computed: the weeks after against the weeks that selected the people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plain {
    /// The selection weeks of the drilled people.
    pub before: Counts,
    /// Their after weeks.
    pub after: Counts,
    /// Difference of the two rates; nothing where one was never applicable.
    pub change: Option<f64>,
    /// Its Newcombe interval.
    pub interval: Interval,
    /// The rise to be expected of the same people without any drill, by regression to the mean: their empirical-Bayes
    /// estimate less what was counted.
    pub regression: f64,
}

/// Which side a row stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Drilled in the week of the row.
    Drilled,
    /// Compared with those who were.
    Compared,
}

/// One person beside one week of drill. The effect of a verdict is the sum over its rows of
/// `weight × (after − baseline)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row<K> {
    /// The person.
    pub key: K,
    /// Drilled or compared.
    pub part: Part,
    /// Week of the drill: their own, or that of the people they are compared with.
    pub drill: i64,
    /// Counted in the baseline weeks.
    pub before: Counts,
    /// Counted in the after weeks.
    pub after: Counts,
    /// The baseline used: the rate of `before`, or the modelled one.
    pub baseline: f64,
    /// Whether the baseline is modelled.
    pub modelled: bool,
    /// Empirical-Bayes estimate from the selection weeks.
    pub estimate: f64,
    /// What `after − baseline` counts in the effect: the drilled add up to 1, the compared to −1.
    pub weight: f64,
}

/// A verdict with everything behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict<K> {
    /// What can be said.
    pub conclusion: Conclusion,
    /// Change of uptake because of the drill, as a share; nothing where nobody could be measured.
    pub effect: Option<f64>,
    /// Its 95 % interval; -1..=1 where nothing is known.
    pub interval: Interval,
    /// Its standard error, 0 where there is no effect.
    pub standard_error: f64,
    /// Degrees of freedom of the t quantile behind the interval, 0 where there is no effect.
    pub degrees_of_freedom: f64,
    /// The drilled people.
    pub drilled: Option<Side>,
    /// Those they are compared with.
    pub compared: Option<Side>,
    /// The naive figure beside it.
    pub plain: Plain,
    /// What it rests on or lacks.
    pub notes: Vec<Note>,
    /// Every person and weight.
    pub rows: Vec<Row<K>>,
}

/// The verdict on one behaviour of one improvement's people; the module says how it is made.
///
/// # Errors
/// A window or a worthwhile effect outside its range, or drills in more than [`MOST_STACKS`] weeks.
pub fn verdict<K: Clone + Ord>(traces: &[Trace<K>], plan: &VerdictPlan) -> Result<Verdict<K>, EvidenceError> {
    for weeks in [plan.baseline_weeks, plan.after_weeks] {
        if weeks == 0 || weeks > MOST_WEEKS {
            return Err(EvidenceError::Weeks(weeks));
        }
    }
    if !(plan.worthwhile > 0.0 && plan.worthwhile <= 1.0) {
        return Err(EvidenceError::Worthwhile(plan.worthwhile));
    }
    let mut traces: Vec<&Trace<K>> = traces.iter().collect();
    traces.sort_by(|a, b| a.key.cmp(&b.key));
    let windows = Windows::of(&traces, plan)?;
    let mut notes = windows.notes.clone();
    let effect = match compare::effect(&windows, &mut notes) {
        Some(effect) => Some(effect),
        None => alone::effect(&windows, &mut notes),
    };
    Ok(conclude::verdict(&windows, effect.as_ref(), notes, plain(&windows)))
}

/// The naive figure: the drilled people's after weeks against the weeks that selected them.
fn plain<K>(windows: &Windows<'_, K>) -> Plain {
    let drilled = windows.samples.iter().filter(|sample| sample.part == Part::Drilled);
    let (mut before, mut after, mut expected) = (Counts::NONE, Counts::NONE, 0.0);
    for sample in drilled {
        before = before.plus(sample.selected);
        after = after.plus(sample.after);
        expected += sample.estimate * sample.selected.applicable() as f64;
    }
    let rates = before.rate().zip(after.rate());
    Plain {
        before,
        after,
        change: rates.map(|(before, after)| after - before),
        interval: newcombe_difference(after, before, Confidence::P95),
        regression: before.rate().map_or(0.0, |rate| expected / before.applicable() as f64 - rate),
    }
}
