//! Why a figure could not be computed.

use crate::limits::{
    LEAST_SECONDS, MOST_AGENTS, MOST_AT_ONCE, MOST_ERLANGS, MOST_INTERVALS, MOST_SECONDS, MOST_SHRINKAGE,
    MOST_TARGETS,
};

/// An input outside its range. The message gives the value and says what to do.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum StaffingError {
    /// A negative or infinite number of calls, or none at all (NaN).
    #[error("{} calls cannot be offered: give the number expected in the interval, 0 or more", shown(*.0))]
    Calls(f64),
    /// An interval that is not a positive, finite time.
    #[error("an interval of {} s cannot be staffed: give its length in seconds, for example 1800", shown(*.0))]
    Interval(f64),
    /// A handling time outside the limits while calls are offered.
    #[error(
        "a handling time of {} s cannot be worked: give seconds from {LEAST_SECONDS} to {MOST_SECONDS}, for example 180",
        shown(*.0)
    )]
    HandlingTime(f64),
    /// A mean patience outside the limits.
    #[error(
        "a patience of {} s cannot be: give a mean of {LEAST_SECONDS} to {MOST_SECONDS} s, 0 when nobody waits at all, or none when nobody gives up",
        shown(*.0)
    )]
    Patience(f64),
    /// More load than [`MOST_ERLANGS`].
    #[error("a load of {} erlangs is more than {MOST_ERLANGS}: check calls, interval and handling time", shown(*.0))]
    Erlangs(f64),
    /// A number of agents outside 0..=[`MOST_AGENTS`].
    #[error("{} agents cannot be evaluated: give a number from 0 to {MOST_AGENTS}", shown(*.0))]
    Agents(f64),
    /// A part of an agent where several conversations are held at once.
    #[error("{} agents who hold several conversations at once cannot be evaluated: give a whole number", shown(*.0))]
    PartOfAgent(f64),
    /// A service-level threshold outside the limits.
    #[error("a threshold of {} s cannot be kept: give seconds from 0 to {MOST_SECONDS}, for example 20", shown(*.0))]
    Threshold(f64),
    /// A share that is not between its limits.
    #[error("{what} of {} cannot be met or missed: give a share {range}", shown(*value))]
    Share {
        /// Which target or parameter.
        what: &'static str,
        /// The value given.
        value: f64,
        /// The range it must lie in.
        range: &'static str,
    },
    /// A target for the average speed of answer that is not a positive, finite time.
    #[error("an average speed of answer of {} s cannot be promised: give seconds above 0, for example 10", shown(*.0))]
    SpeedOfAnswer(f64),
    /// No target, or more than [`MOST_TARGETS`].
    #[error("{0} targets: give 1 to {MOST_TARGETS}")]
    Targets(usize),
    /// Even [`MOST_AGENTS`] agents do not meet the targets.
    #[error(
        "no number of agents up to {MOST_AGENTS} meets the targets: raise the occupancy allowed or lower the target"
    )]
    Unreachable,
    /// A shrinkage outside 0..=[`MOST_SHRINKAGE`].
    #[error(
        "a shrinkage of {} cannot be: give the share of paid time away from contacts, 0 to {MOST_SHRINKAGE}, for example 0.3",
        shown(*.0)
    )]
    Shrinkage(f64),
    /// No conversation at once, or more than [`MOST_AT_ONCE`].
    #[error("{0} conversations at once: give 1 to {MOST_AT_ONCE}")]
    AtOnce(u32),
    /// More than [`MOST_INTERVALS`] intervals.
    #[error("{0} intervals in one question: give up to {MOST_INTERVALS}")]
    Intervals(usize),
}

/// A number as people read it: beyond 15 digits with an exponent.
fn shown(value: f64) -> String {
    if value.is_finite() && value.abs() >= 1e15 { format!("{value:e}") } else { value.to_string() }
}

/// `value` where it lies in `0..=1` with the ends that `range` names.
pub(crate) fn share(
    what: &'static str,
    value: f64,
    inside: bool,
    range: &'static str,
) -> Result<f64, StaffingError> {
    if inside { Ok(value) } else { Err(StaffingError::Share { what, value, range }) }
}
