//! The requirement of a day, or of any row of intervals.

use serde::Serialize;

use crate::StaffingError;
use crate::limits::MOST_INTERVALS;
use crate::load::Load;
use crate::outcome::{Outcome, ServiceLevelDefinition, Steady};
use crate::required::{Target, required_agents, scheduled};

/// What an interval needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Requirement {
    /// Fewest agents on contacts that meet the targets.
    pub agents: u64,
    /// People to schedule, so that these remain after shrinkage.
    pub scheduled: u64,
    /// What that number of agents brings about, at the threshold of the first service-level target (0 s without one).
    pub outcome: Outcome,
}

/// The requirement of one interval.
///
/// # Errors
/// As [`required_agents`] and [`scheduled`].
pub fn requirement(load: &Load, targets: &[Target], shrinkage: f64) -> Result<Requirement, StaffingError> {
    let agents = required_agents(load, targets)?;
    let scheduled = scheduled(agents as f64, shrinkage)?;
    let outcome = Steady::new(load, agents as f64).outcome(threshold_of(targets));
    Ok(Requirement { agents, scheduled, outcome })
}

/// The requirement of each interval, one after the other: each is taken to be in steady state, as if the one before had
/// left no queue. For a day with sharp edges or overload let the simulator correct it.
///
/// ```
/// use staffing::{Load, Target, requirements};
///
/// let calls = [40.0, 100.0, 160.0, 0.0];
/// let day = calls.map(|calls| Load::new(calls, 1800.0, 180.0).and_then(|load| load.with_patience(120.0)));
/// let day = day.into_iter().collect::<Result<Vec<_>, _>>()?;
/// let needed = requirements(&day, &[Target::service_level(0.8, 20.0)], 0.3)?;
/// let agents: Vec<u64> = needed.iter().map(|interval| interval.agents).collect();
/// assert_eq!(agents, [6, 12, 18, 0]);
/// # Ok::<(), staffing::StaffingError>(())
/// ```
///
/// # Errors
/// As [`requirement`], and for more than [`MOST_INTERVALS`] intervals.
pub fn requirements(
    intervals: &[Load],
    targets: &[Target],
    shrinkage: f64,
) -> Result<Vec<Requirement>, StaffingError> {
    if intervals.len() > MOST_INTERVALS {
        return Err(StaffingError::Intervals(intervals.len()));
    }
    intervals.iter().map(|load| requirement(load, targets, shrinkage)).collect()
}

/// The service level of a whole day from its intervals: each counts with its calls, so that a quiet night does not hide
/// a lost morning. 1 when nothing is offered.
///
/// By [`ServiceLevelDefinition::OfAnswered`] and [`ServiceLevelDefinition::ShortAbandonsExcluded`] an interval counts
/// with the calls that the definition counts, so the result is the share of the day's calls, not a mean of shares.
pub fn service_level_of_day(intervals: &[Outcome], definition: ServiceLevelDefinition) -> f64 {
    let (mut good, mut counted) = (0.0, 0.0);
    for outcome in intervals {
        let offered = outcome.offered_calls;
        let not_short = outcome.service_level + (1.0 - outcome.service_level_short_abandons_good);
        let (share_good, share_counted) = match definition {
            ServiceLevelDefinition::OfOffered => (outcome.service_level, 1.0),
            ServiceLevelDefinition::OfAnswered => (outcome.service_level, outcome.answered),
            ServiceLevelDefinition::ShortAbandonsGood => (outcome.service_level_short_abandons_good, 1.0),
            ServiceLevelDefinition::ShortAbandonsExcluded => (outcome.service_level, not_short),
        };
        good += offered * share_good;
        counted += offered * share_counted;
    }
    if counted > 0.0 { (good / counted).min(1.0) } else { 1.0 }
}

fn threshold_of(targets: &[Target]) -> f64 {
    let threshold = targets.iter().find_map(|target| match target {
        Target::ServiceLevel { threshold_s, .. } => Some(*threshold_s),
        _ => None,
    });
    threshold.unwrap_or(0.0)
}
