//! Why there is no forecast.

use jiff::civil::{Date, DateTime};
use thiserror::Error;

/// Why there is no forecast; each message names the value and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// Nothing to learn from.
    #[error(
        "there is no history; give past intervals with their calls, or forecast by analogy with another queue"
    )]
    NoHistory,
    /// Only zeros.
    #[error(
        "all {0} intervals of the history have 0 calls; check the export, or forecast by analogy with another queue"
    )]
    OnlyZeros(usize),
    /// Too few days with calls.
    #[error(
        "only {open_days} days have calls; give at least {needed}, or forecast by analogy with another queue"
    )]
    TooShort {
        /// Days with calls.
        open_days: usize,
        /// Days needed.
        needed: usize,
    },
    /// Calls that cannot be.
    #[error(
        "{calls} calls at {start}: a count is a number from 0 to 1,000,000,000; correct or leave out this interval"
    )]
    Calls {
        /// The interval.
        start: DateTime,
        /// Its value.
        calls: f64,
    },
    /// A handling time that cannot be.
    #[error(
        "a handling time of {aht_s} s at {start}: it is a number from 0 to 86,400; correct it or leave it empty"
    )]
    HandlingTime {
        /// The interval.
        start: DateTime,
        /// Its value.
        aht_s: f64,
    },
    /// Intervals that do not fit on one grid.
    #[error(
        "the interval at {start} does not fit the others, which start every {minutes} minutes; use one interval length"
    )]
    NotRegular {
        /// The first interval that does not fit.
        start: DateTime,
        /// The interval length found.
        minutes: u32,
    },
    /// A single row, or rows farther apart than a day: no interval length.
    #[error(
        "the interval length cannot be found from {0} intervals; give at least two that follow each other"
    )]
    NoIntervalLength(usize),
    /// More than the engine takes.
    #[error("{what}: {value} is more than {limit}; give less at once")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        value: usize,
        /// The limit.
        limit: usize,
    },
    /// No interval asked for.
    #[error("a horizon of 0 intervals; ask for at least 1")]
    NoHorizon,
    /// The horizon is not reached because too little is open.
    #[error("only {found} of {asked} intervals are open in the {days} days ahead; ask for fewer")]
    NotOpen {
        /// Intervals asked for.
        asked: usize,
        /// Open intervals found.
        found: usize,
        /// Days looked at.
        days: usize,
    },
    /// An event that cannot be.
    #[error("event \"{name}\": {problem}")]
    Event {
        /// Its name.
        name: String,
        /// What is wrong and what to do.
        problem: &'static str,
    },
    /// A calendar that cannot be.
    #[error("calendar, {date}: {problem}")]
    Calendar {
        /// The day.
        date: Date,
        /// What is wrong and what to do.
        problem: &'static str,
    },
    /// Forecasts of different intervals cannot add up.
    #[error(
        "the forecasts do not cover the same intervals ({0}); forecast every queue from the same history and horizon"
    )]
    Misaligned(String),
    /// A scale that is no positive number.
    #[error("a share of {0}; give a number above 0, such as 0.2 for a fifth of the reference queue")]
    Share(f64),
    /// A day that the forecast does not hold.
    #[error("the forecast has no interval on {0}; update a day that was forecast")]
    UnknownDay(Date),
}
