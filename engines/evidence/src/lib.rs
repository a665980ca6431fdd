//! Statistics of what was shown: how sure we are of an uptake, what a small count is worth beside its peers, and
//! which shortfalls are real.
//!
//! Pure functions over counts; no clock, no randomness, no files. Methods come from the literature and each says
//! from where; their reference values are tests.
//!
//! | question | here |
//! |---|---|
//! | between what limits does this uptake lie? | [`Counts::wilson`], [`Counts::jeffreys`], [`Counts::clopper_pearson`] |
//! | did it change between two periods? | [`newcombe_difference`] |
//! | what is 3 of 4 worth beside what the others do? | [`Population`], [`efron_morris`] |
//! | is it below target, and how many such findings are false? | [`tail_at_or_below`], [`benjamini_hochberg`], [`gaps`] |
//! | how far can a rule be trusted? | [`precision`] |

mod discovery;
mod gap;
mod proportion;
mod quantile;
mod shrinkage;

pub use discovery::{Discovery, benjamini_hochberg, tail_at_or_below, tail_at_or_below_mid};
pub use gap::{Cell, FALSE_DISCOVERY, Gap, GapRule, MINIMUM_APPLICABLE, WINDOW_WEEKS, gaps};
pub use proportion::{Confidence, Counts, Interval, newcombe_difference, precision};
pub use shrinkage::{MINIMUM_GROUPS, Population, Shrunk, efron_morris};

/// Why a figure could not be computed: an input outside its range. The message gives the value.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum EvidenceError {
    /// More successes than trials.
    #[error("shown is {shown} but applicable only {applicable}: count each conversation once in both")]
    ShownExceedsApplicable {
        /// Conversations where the behaviour was shown.
        shown: u64,
        /// Conversations where it was applicable.
        applicable: u64,
    },
    /// A level of confidence that is not strictly between 0 and 1.
    #[error("a confidence of {0} is not between 0 and 1: give for example 0.95")]
    Confidence(f64),
    /// A probability, target or rate outside 0..=1.
    #[error("{0} is not a probability: give a share between 0 and 1, for example 0.85")]
    Probability(f64),
    /// A window that is not a positive number of weeks.
    #[error("a window of {0} weeks cannot be averaged over: give a positive number")]
    Window(f64),
}

/// Refuses what is not within 0..=1 (and NaN).
pub(crate) fn probability(value: f64) -> Result<f64, EvidenceError> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(EvidenceError::Probability(value)) }
}
