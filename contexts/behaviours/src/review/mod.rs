//! People's word on what the engine found, and the precision that follows from it.

pub(crate) mod pages;
mod service;
mod store;

use evidence::{Confidence, Counts, Interval};

/// Below so many reviews a precision says little.
pub(crate) const REVIEWS_MIN: u64 = 10;

/// How many of the reviewed findings were right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Marked right.
    pub right: u64,
    /// Marked at all.
    pub reviewed: u64,
}

impl Tally {
    /// The precision with its 95 % interval (Wilson); `None` before the first review.
    pub fn precision(self) -> Option<(f64, Interval)> {
        let (rate, interval) = evidence::precision(self.right, self.reviewed, Confidence::P95).ok()?;
        Some((rate?, interval))
    }

    /// Whether reviews are enough to say that more than one finding in five is wrong.
    pub fn is_low(self) -> bool {
        const ENOUGH: f64 = 0.8;
        let sure = Counts::new(self.right, self.reviewed)
            .is_ok_and(|counts| counts.wilson(Confidence::P95).high < ENOUGH);
        self.reviewed >= REVIEWS_MIN && sure
    }
}
