//! The first guess: a formula for each interval and call type alone.

use staffing::{Load, StaffingError, Target, required_agents};

use super::levels::Levels;
use crate::error::Error;
use crate::scenario::{CallType, Scenario};

/// A target of 100 % has no smallest number of agents; the formula is asked for a little less, the simulation for all.
const TARGET_MAX: f64 = 0.999;

/// Erlang A (Erlang C without patience) by interval and type; each type's people in its first group.
pub(super) fn first_guess(scenario: &Scenario) -> Result<Levels, Error> {
    let mut levels = Levels::none(scenario);
    for (k, one) in scenario.call_types.iter().enumerate() {
        let Some(group) = levels.groups_of(k).first().copied() else {
            if one.calls.iter().all(|calls| *calls <= 0.0) {
                continue;
            }
            let advice = "name a group that takes these calls";
            return Err(Error::value(format!("call_types[{k}].routing"), "empty", advice));
        };
        for (i, calls) in one.calls.iter().enumerate() {
            let needed = needed(scenario, one, i, *calls)
                .map_err(|e| Error::value(format!("call_types[{k}].calls[{i}]"), calls, e.to_string()))?;
            levels.change(group, i, isize::try_from(needed).unwrap_or(isize::MAX));
        }
    }
    Ok(levels)
}

fn needed(scenario: &Scenario, one: &CallType, interval: usize, calls: f64) -> Result<u64, StaffingError> {
    let factor = |factors: &[f64]| factors.get(interval).copied().unwrap_or(1.0);
    let handling_s = one.handling_s() * factor(&one.handling_factor);
    if calls <= 0.0 || handling_s <= 0.0 {
        return Ok(0);
    }
    let mut load = Load::new(calls, scenario.interval_s, handling_s)?;
    if let Some(patience) = &one.patience {
        load = load.with_patience(patience.mean_s() * factor(&one.patience_factor))?;
    }
    let promise = one.service_level;
    let target = Target::ServiceLevel {
        share: promise.target.min(TARGET_MAX),
        threshold_s: promise.within_s,
        definition: promise.definition,
    };
    required_agents(&load, &[target])
}
