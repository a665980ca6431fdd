//! Linear and mixed-integer programmes with HiGHS: the feature `highs`.
//!
//! Whole rosters of 300 people are out of reach for a general solver, a single day with the rest of the horizon fixed
//! is not (matheuristics after Quimper and Rousseau 2010, and Rahimian 2017). HiGHS cannot be asked to stop by us: it
//! gets a limit of seconds, the one place where a clock decides. Without the feature nothing is ever found.

#[cfg(feature = "highs")]
mod cover;
#[cfg(feature = "highs")]
mod prices;
#[cfg(feature = "highs")]
mod window;

#[cfg(feature = "highs")]
pub use {prices::prices, window::day_window};

/// Whether the programmes are there.
pub const AVAILABLE: bool = cfg!(feature = "highs");

/// Without HiGHS there are no prices.
#[cfg(not(feature = "highs"))]
pub fn prices(_: &crate::model::Problem, _: f64) -> Option<Vec<f64>> {
    None
}

/// Without HiGHS no day is solved anew.
#[cfg(not(feature = "highs"))]
pub fn day_window(
    _: &crate::search::Instance,
    _: &crate::Roster,
    _: usize,
    _: f64,
    _: std::num::NonZeroU32,
) -> Option<crate::Roster> {
    None
}
