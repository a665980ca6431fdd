//! A proportion from counts, its intervals, and the difference of two.

use serde::{Deserialize, Serialize};

use crate::{EvidenceError, quantile};

/// How sure an interval is asked to be, for example 0.95. Carries its two-sided normal quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    level: f64,
    z: f64,
}

impl Confidence {
    /// 95 %, the confidence of every interval on a screen.
    pub const P95: Self = Self { level: 0.95, z: 1.959_963_984_540_054 };

    /// A confidence strictly between 0 and 1; anything else is [`EvidenceError::Confidence`].
    pub fn new(level: f64) -> Result<Self, EvidenceError> {
        if level > 0.0 && level < 1.0 {
            Ok(Self { level, z: quantile::normal(f64::midpoint(1.0, level)) })
        } else {
            Err(EvidenceError::Confidence(level))
        }
    }

    /// The level, within 0..1.
    pub fn level(self) -> f64 {
        self.level
    }

    /// The two-sided standard normal quantile: 1.96 at 95 %.
    pub fn z(self) -> f64 {
        self.z
    }

    /// Probability left outside on each side: 0.025 at 95 %.
    pub(crate) fn tail(self) -> f64 {
        (1.0 - self.level) / 2.0
    }
}

/// A closed interval of a share (within 0..=1) or of a difference of shares (within -1..=1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// What is known of a share of which nothing was observed.
    pub const UNKNOWN: Self = Self { low: 0.0, high: 1.0 };

    /// Whether `value` lies between the limits, limits included.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// `high - low`.
    pub fn width(self) -> f64 {
        self.high - self.low
    }
}

/// How often a behaviour was shown where it was applicable. The same shape serves any success-out-of-trials count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Counts {
    shown: u64,
    applicable: u64,
}

impl Counts {
    /// Nothing observed.
    pub const NONE: Self = Self { shown: 0, applicable: 0 };

    /// `shown` of `applicable`; more shown than applicable is [`EvidenceError::ShownExceedsApplicable`].
    pub fn new(shown: u64, applicable: u64) -> Result<Self, EvidenceError> {
        if shown <= applicable {
            Ok(Self { shown, applicable })
        } else {
            Err(EvidenceError::ShownExceedsApplicable { shown, applicable })
        }
    }

    /// Conversations where the behaviour was shown.
    pub fn shown(self) -> u64 {
        self.shown
    }

    /// Conversations where it was applicable: the n beside every rate.
    pub fn applicable(self) -> u64 {
        self.applicable
    }

    /// Both counts together; beyond what a `u64` holds it stays there.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let applicable = self.applicable.saturating_add(other.applicable);
        Self { shown: self.shown.saturating_add(other.shown).min(applicable), applicable }
    }

    /// Uptake: shown ÷ applicable, or nothing where it was never applicable.
    pub fn rate(self) -> Option<f64> {
        (self.applicable > 0).then(|| self.shown as f64 / self.applicable as f64)
    }

    /// Score interval of Wilson (1927), *Probable inference, the law of succession, and statistical inference*,
    /// JASA 22, 209–212, without continuity correction. 0..=1 where nothing was observed.
    pub fn wilson(self, confidence: Confidence) -> Interval {
        let Some(rate) = self.rate() else { return Interval::UNKNOWN };
        let n = self.applicable as f64;
        let z2 = confidence.z() * confidence.z();
        let centre = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = confidence.z() / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
        // At none and at all shown the limit is exactly 0 or 1; rounding must not move it inside.
        Interval {
            low: if self.shown == 0 { 0.0 } else { (centre - half).clamp(0.0, rate) },
            high: if self.shown == self.applicable { 1.0 } else { (centre + half).clamp(rate, 1.0) },
        }
    }

    /// Equal-tailed interval of the Beta(½, ½) prior, closed to 0 or 1 where none or all were shown, as in Brown,
    /// Cai & DasGupta (2001), *Interval estimation for a binomial proportion*, Statistical Science 16, 101–133.
    pub fn jeffreys(self, confidence: Confidence) -> Interval {
        if self.applicable == 0 {
            return Interval::UNKNOWN;
        }
        let (a, b) = (self.shown as f64 + 0.5, (self.applicable - self.shown) as f64 + 0.5);
        Interval {
            low: if self.shown == 0 { 0.0 } else { quantile::beta(a, b, confidence.tail()) },
            high: if self.shown == self.applicable {
                1.0
            } else {
                quantile::beta(a, b, 1.0 - confidence.tail())
            },
        }
    }

    /// “Exact” interval of Clopper & Pearson (1934), *The use of confidence or fiducial limits illustrated in the
    /// case of the binomial*, Biometrika 26, 404–413: covers at least as often as it says, usually more.
    pub fn clopper_pearson(self, confidence: Confidence) -> Interval {
        if self.applicable == 0 {
            return Interval::UNKNOWN;
        }
        let (hits, misses) = (self.shown as f64, (self.applicable - self.shown) as f64);
        Interval {
            low: if self.shown == 0 { 0.0 } else { quantile::beta(hits, misses + 1.0, confidence.tail()) },
            high: if self.shown == self.applicable {
                1.0
            } else {
                quantile::beta(hits + 1.0, misses, 1.0 - confidence.tail())
            },
        }
    }
}

/// Interval of `rate(first) - rate(second)` for two independent groups: the hybrid score interval, method 10 of
/// Newcombe (1998), *Interval estimation for the difference between independent proportions: comparison of eleven
/// methods*, Statistics in Medicine 17, 873–890. -1..=1 where either group is empty.
pub fn newcombe_difference(first: Counts, second: Counts, confidence: Confidence) -> Interval {
    let (Some(p1), Some(p2)) = (first.rate(), second.rate()) else {
        return Interval { low: -1.0, high: 1.0 };
    };
    let (w1, w2) = (first.wilson(confidence), second.wilson(confidence));
    let difference = p1 - p2;
    Interval {
        low: (difference - (p1 - w1.low).hypot(w2.high - p2)).max(-1.0),
        high: (difference + (w1.high - p1).hypot(p2 - w2.low)).min(1.0),
    }
}

/// How often a rule's matches were right, from `right` of `reviewed` matches that a person has judged: the share
/// (nothing where none was judged yet) and its Wilson interval.
pub fn precision(
    right: u64,
    reviewed: u64,
    confidence: Confidence,
) -> Result<(Option<f64>, Interval), EvidenceError> {
    let counts = Counts::new(right, reviewed)?;
    Ok((counts.rate(), counts.wilson(confidence)))
}
