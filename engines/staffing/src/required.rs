//! The fewest agents that meet every target.

use crate::StaffingError;
use crate::error::share;
use crate::guess::guess;
use crate::limits::{MOST_AGENTS, MOST_SHRINKAGE, MOST_TARGETS};
use crate::load::Load;
use crate::outcome::{ServiceLevelDefinition, Steady, threshold};

/// The highest number of agents a search goes to, [`MOST_AGENTS`].
const MOST: u64 = 1_000_000_000;
/// How exact a fractional number of agents is, relative to its size (to one agent below that).
const FRACTION: f64 = 1e-9;

/// What is promised. Several may be asked for at once; the answer meets them all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// At least `share` of calls within `threshold_s` seconds, counted as `definition` says: 80/20 is 0.8 and 20.
    ServiceLevel {
        /// Share of calls, 0 up to but not including 1.
        share: f64,
        /// Threshold, seconds.
        threshold_s: f64,
        /// Which calls count.
        definition: ServiceLevelDefinition,
    },
    /// Average speed of answer of at most so many seconds.
    Asa(f64),
    /// At most this share of offered calls abandoned.
    Abandonment(f64),
    /// At most this share of offered calls not answered at once.
    ProbabilityOfWaiting(f64),
    /// An occupancy of at most this share.
    Occupancy(f64),
}

impl Target {
    /// At least `share` of offered calls answered within `threshold_s` seconds: 80/20 is 0.8 and 20.
    pub fn service_level(share: f64, threshold_s: f64) -> Self {
        Self::ServiceLevel { share, threshold_s, definition: ServiceLevelDefinition::OfOffered }
    }

    fn check(&self) -> Result<(), StaffingError> {
        let above = "above 0 and up to 1";
        match *self {
            Self::ServiceLevel { share: value, threshold_s, .. } => {
                threshold(threshold_s)?;
                share(
                    "a service level",
                    value,
                    (0.0..1.0).contains(&value),
                    "from 0 to below 1, for example 0.8",
                )?;
            }
            Self::Asa(seconds) if seconds > 0.0 && seconds.is_finite() => {}
            Self::Asa(seconds) => return Err(StaffingError::SpeedOfAnswer(seconds)),
            Self::Abandonment(value) => {
                share("an abandonment", value, value > 0.0 && value <= 1.0, above)?;
            }
            Self::ProbabilityOfWaiting(value) => {
                share("a probability of waiting", value, value > 0.0 && value <= 1.0, above)?;
            }
            Self::Occupancy(value) => {
                share("an occupancy", value, value > 0.0 && value <= 1.0, above)?;
            }
        }
        Ok(())
    }

    fn met(&self, steady: &Steady) -> bool {
        match *self {
            Self::ServiceLevel { share, threshold_s, definition } => {
                steady.service_level(threshold_s, definition) >= share
            }
            Self::Asa(seconds) => steady.asa_s() <= seconds,
            Self::Abandonment(share) => steady.abandonment() <= share,
            Self::ProbabilityOfWaiting(share) => steady.p_wait() <= share,
            Self::Occupancy(share) => steady.occupancy() <= share,
        }
    }
}

fn check(targets: &[Target]) -> Result<(), StaffingError> {
    if targets.is_empty() || targets.len() > MOST_TARGETS {
        return Err(StaffingError::Targets(targets.len()));
    }
    targets.iter().try_for_each(Target::check)
}

/// The smallest whole number of agents that meets every target; 0 where nothing is offered. Exact: one agent fewer
/// misses a target.
///
/// # Errors
/// When a target is outside its range, or nothing up to [`MOST_AGENTS`] meets it.
pub fn required_agents(load: &Load, targets: &[Target]) -> Result<u64, StaffingError> {
    check(targets)?;
    if load.erlangs() <= 0.0 {
        return Ok(0);
    }
    let met = |agents: u64| {
        let steady = Steady::new(load, agents as f64);
        targets.iter().all(|target| target.met(&steady))
    };
    bracket(to_whole(guess(load, targets)), &met).map(|(low, high)| bisect(low, high, &met))
}

/// The smallest number of agents, also a part of one, that meets every target, to nine digits. It is not below the
/// exact one: it meets the targets.
///
/// # Errors
/// As [`required_agents`], and where several conversations are held at once.
pub fn required_agents_fractional(load: &Load, targets: &[Target]) -> Result<f64, StaffingError> {
    if load.conversations_at_once() > 1 {
        return Err(StaffingError::PartOfAgent(0.5));
    }
    let whole = required_agents(load, targets)? as f64;
    let (mut low, mut high) = ((whole - 1.0).max(0.0), whole);
    while high - low > FRACTION * high.max(1.0) {
        let middle = f64::midpoint(low, high);
        let steady = Steady::new(load, middle);
        if targets.iter().all(|target| target.met(&steady)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}

/// People to schedule so that `agents` are there: ⌈agents ÷ (1 − shrinkage)⌉, never agents × (1 + shrinkage), which
/// falls short (of 14 needed at 30 % shrinkage 20 must come, not 19).
///
/// # Errors
/// When agents or shrinkage are outside [`limits`](crate::limits).
pub fn scheduled(agents: f64, shrinkage: f64) -> Result<u64, StaffingError> {
    if !(0.0..=MOST_AGENTS).contains(&agents) {
        return Err(StaffingError::Agents(agents));
    }
    if !(0.0..=MOST_SHRINKAGE).contains(&shrinkage) {
        return Err(StaffingError::Shrinkage(shrinkage));
    }
    let exact = agents / (1.0 - shrinkage);
    // 7 ÷ (1 − 0.3) is 10.000000000000002 in binary fractions; nobody is hired for that.
    let whole = exact.round();
    let people = if (exact - whole).abs() <= 1e-9 * whole { whole } else { exact.ceil() };
    Ok(to_whole(people))
}

/// A number of people, which [`MOST_AGENTS`] keeps far inside a `u64`.
fn to_whole(people: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, checked, and below 1e12"
    )]
    let whole = people as u64;
    whole
}

/// The last number of agents known to miss (nothing when even 0 do) and the first known to meet, from a guess.
fn bracket(start: u64, met: &impl Fn(u64) -> bool) -> Result<(Option<u64>, u64), StaffingError> {
    let mut step = 1;
    let mut at = start.min(MOST);
    if met(at) {
        loop {
            let Some(lower) = at.checked_sub(1) else { return Ok((None, 0)) };
            let lower = lower.saturating_sub(step - 1);
            if !met(lower) {
                return Ok((Some(lower), at));
            }
            (at, step) = (lower, step * 2);
        }
    }
    while at < MOST {
        let higher = (at + step).min(MOST);
        if met(higher) {
            return Ok((Some(at), higher));
        }
        (at, step) = (higher, step * 2);
    }
    Err(StaffingError::Unreachable)
}

/// The smallest number that meets, between one that misses and one that does.
fn bisect(low: Option<u64>, high: u64, met: &impl Fn(u64) -> bool) -> u64 {
    let Some(mut low) = low else { return high };
    let mut high = high;
    while high - low > 1 {
        let middle = low.midpoint(high);
        if met(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
