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
//! | did a drill change what people do? | [`verdict`], [`Regression`] |

mod discovery;
mod gap;
mod proportion;
mod quantile;
mod regression;
mod shrinkage;
mod verdict;

pub use discovery::{Discovery, benjamini_hochberg, tail_at_or_below, tail_at_or_below_mid};
pub use gap::{Cell, FALSE_DISCOVERY, Gap, GapRule, MINIMUM_APPLICABLE, WINDOW_WEEKS, gaps};
pub use proportion::{Confidence, Counts, Interval, newcombe_difference, precision};
pub use regression::{Estimate, Fit, Regression};
pub use shrinkage::{MINIMUM_GROUPS, Population, Shrunk, efron_morris};
pub use verdict::{
    AFTER_WEEKS, BASELINE_WEEKS, Conclusion, Group, MINIMUM_PEOPLE, MOST_STACKS, MOST_WEEKS, Note, Part,
    Plain, Row, Side, Trace, Verdict, VerdictPlan, WORTHWHILE, verdict,
};

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
    /// A window of no week or of more than [`MOST_WEEKS`].
    #[error("a window of {0} weeks cannot be compared: give 1 to 53")]
    Weeks(u16),
    /// A smallest effect that is not a share above 0.
    #[error("an effect of {0} cannot be looked for: give a share above 0 and up to 1, for example 0.05")]
    Worthwhile(f64),
    /// More weeks of drill than [`MOST_STACKS`].
    #[error(
        "people were drilled in {0} different weeks, more than the 26 that one verdict takes: ask for fewer people or for a shorter time"
    )]
    Stacks(usize),
}

/// Refuses what is not within 0..=1 (and NaN).
pub(crate) fn probability(value: f64) -> Result<f64, EvidenceError> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(EvidenceError::Probability(value)) }
}
