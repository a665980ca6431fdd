//! Gaps (短板): whose uptake of what is below target, surely enough, and by how much it matters.

pub(crate) mod pages;
mod service;
mod store;

use std::collections::BTreeMap;

use evidence::{Cell, Counts, GapRule};
use kernel::{Day, Scope};
use serde::Serialize;

use crate::{
    behaviour::BehaviourId,
    uptake::{By, Slice, Subject, Sum, Window, store::whole},
};

/// The target where none is set.
pub const TARGET_DEFAULT: f64 = 0.85;
/// Weeks a gap looks back over.
pub const WEEKS: u16 = 4;

/// A gap of a person or of a team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    /// The behaviour.
    pub behaviour: BehaviourId,
    /// The person or the team.
    pub subject: Subject,
    /// Conversations where shown.
    pub shown: u64,
    /// Conversations where applicable.
    pub applicable: u64,
    /// Shown ÷ applicable.
    pub uptake: f64,
    /// 95 % interval (Wilson).
    pub low: f64,
    /// 95 % interval (Wilson).
    pub high: f64,
    /// Empirical-Bayes estimate.
    pub estimate: f64,
    /// The target that was missed.
    pub target: f64,
    /// The false discovery rate at which it would just be reported (Benjamini–Hochberg).
    pub q: f64,
    /// Conversations a week that would go better at the target.
    pub impact: f64,
}

/// Something that a context above can do about a gap.
pub trait GapAction: Send + Sync {
    /// What it offers to this reader, if anything.
    fn action(&self, reader: &web::Reader, gap: &Gap) -> Option<ui::RowAction>;
}

/// Targets as they are on one day.
#[derive(Debug, Clone, Default)]
pub struct Targets(BTreeMap<BehaviourId, f64>);

impl Targets {
    /// The target of a behaviour for the whole centre.
    pub fn of(&self, behaviour: BehaviourId) -> f64 {
        self.0.get(&behaviour).copied().unwrap_or(TARGET_DEFAULT)
    }
}

/// A target from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetRow {
    /// The first day on which it holds.
    pub from_day: Day,
    /// Shown ÷ applicable.
    pub ratio: f64,
}

/// The gaps in scope over the trailing four full weeks, the largest impact first.
///
/// False discoveries are controlled over everybody, not over what the reader sees: whether somebody has a gap
/// must not depend on who looks. People and teams are two families of tests, for they hold the same conversations.
pub async fn find(
    ask: &impl ::store::Ask,
    scope: &Scope,
    today: Day,
    live: &[BehaviourId],
) -> ::store::Result<Vec<Gap>> {
    let window = Window::trailing_weeks(today, WEEKS);
    let targets = store::targets(ask, today).await?;
    let mut found = Vec::new();
    for by in [By::Person, By::Team] {
        let everybody = whole(ask, &Slice::new(Scope::everything(), window), by).await?;
        found.extend(family(&everybody, by, live, &targets, window));
    }
    if !scope.is_everything() {
        let visible = visible_subjects(ask, scope, window).await?;
        found.retain(|gap| visible.contains(&(gap.subject, gap.behaviour)));
    }
    found.sort_by(|a, b| b.impact.total_cmp(&a.impact));
    Ok(found)
}

/// Those subjects of which the reader sees everything that was counted: a team leader sees their team's gap, an
/// agent sees their own but not that of the team.
async fn visible_subjects(
    ask: &impl ::store::Ask,
    scope: &Scope,
    window: Window,
) -> ::store::Result<std::collections::BTreeSet<(Subject, BehaviourId)>> {
    let mut seen = std::collections::BTreeSet::new();
    for sum in whole(ask, &Slice::new(scope.clone(), window), By::Person).await? {
        seen.insert((By::Person.subject(sum.subject), sum.behaviour));
    }
    for sum in whole(ask, &Slice::new(Scope::units(scope.unit_ids().clone()), window), By::Team).await? {
        seen.insert((By::Team.subject(sum.subject), sum.behaviour));
    }
    Ok(seen)
}

/// The gaps among the subjects of one kind. Pure.
pub fn family(sums: &[Sum], by: By, live: &[BehaviourId], targets: &Targets, window: Window) -> Vec<Gap> {
    let cells: Vec<Cell<(Subject, BehaviourId), BehaviourId>> = sums
        .iter()
        .filter(|sum| !sum.subject.is_nil() && live.contains(&sum.behaviour))
        .filter_map(|sum| {
            let counts = Counts::new(sum.shown, sum.applicable).ok()?;
            let key = (by.subject(sum.subject), sum.behaviour);
            Some(Cell { key, population: sum.behaviour, counts, target: targets.of(sum.behaviour) })
        })
        .collect();
    let rule = GapRule { window_weeks: window.weeks(), ..GapRule::default() };
    // Targets and windows are ours; the engine refuses only impossible ones.
    let gaps = evidence::gaps(&cells, rule).unwrap_or_default();
    gaps.into_iter()
        .map(|gap| Gap {
            behaviour: gap.key.1,
            subject: gap.key.0,
            shown: gap.counts.shown(),
            applicable: gap.counts.applicable(),
            uptake: gap.uptake,
            low: gap.interval.low,
            high: gap.interval.high,
            estimate: gap.estimate,
            target: gap.target,
            q: gap.q,
            impact: gap.impact,
        })
        .collect()
}
