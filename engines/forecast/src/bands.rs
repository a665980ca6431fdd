//! How sure the forecast is: intervals from the errors that the model really made.
//!
//! The errors of the back-test, each divided by the size that its forecast leads to expect (chance, and what moves whole
//! days), are sorted; their quantiles times the expected size make the bands (split-conformal, Vovk 2005; Lei and others
//! 2018). Nothing is assumed about the shape of errors.

use serde::Serialize;

use crate::numbers::quantile;

/// A figure with its 80 and 95 % intervals: `lo95 ≤ lo80 ≤ mean ≤ hi80 ≤ hi95`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Nine of ten times it is above.
    pub lo80: f64,
    /// Nine of ten times it is below.
    pub hi80: f64,
    /// 39 of 40 times it is above.
    pub lo95: f64,
    /// 39 of 40 times it is below.
    pub hi95: f64,
}

impl Estimate {
    /// All five figures times a factor of 0 or more.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let Self { mean, lo80, hi80, lo95, hi95 } = self;
        Self {
            mean: mean * factor,
            lo80: lo80 * factor,
            hi80: hi80 * factor,
            lo95: lo95 * factor,
            hi95: hi95 * factor,
        }
    }

    /// The same mean with bands `factor` times as wide, not below 0.
    #[must_use]
    pub fn widened(self, factor: f64) -> Self {
        let from = |bound: f64| (self.mean + factor * (bound - self.mean)).max(0.0);
        Self {
            mean: self.mean,
            lo80: from(self.lo80),
            hi80: from(self.hi80),
            lo95: from(self.lo95),
            hi95: from(self.hi95),
        }
    }

    /// Another mean; the bands keep their widths, not below 0.
    #[must_use]
    pub fn moved_to(self, mean: f64) -> Self {
        let by = mean - self.mean;
        let [lo80, hi80, lo95, hi95] =
            [self.lo80, self.hi80, self.lo95, self.hi95].map(|bound| (bound + by).max(0.0));
        Self { mean, lo80: lo80.min(mean), hi80: hi80.max(mean), lo95: lo95.min(mean), hi95: hi95.max(mean) }
    }

    /// Standard deviation that the 80 % interval of a normal distribution would have.
    pub fn deviation(&self) -> f64 {
        (self.hi80 - self.lo80) / (2.0 * 1.281_551_6)
    }
}

/// Smallest size of what moves whole days: 1 %, squared.
const DAY_VARIANCE_MIN: f64 = 1e-4;
/// Without a back-test: a quarter, squared.
const DAY_VARIANCE_UNKNOWN: f64 = 0.0625;
/// Errors needed for quantiles; with fewer, those of the normal distribution stand in.
const ERRORS_MIN: usize = 100;
/// Weeks of back-test from which on its errors show what can happen, and by how much the bands are wider for each week
/// that lacks: found on the first 144 days of the bank series and on planted centres, whose truth is known.
const WEEKS_ENOUGH: f64 = 8.0;
const WIDER_PER_WEEK: f64 = 0.04;
/// Errors of a slot before its own size counts as much as that of all slots.
const SLOT_ERRORS: f64 = 20.0;
/// Errors of one slot relative to all: within this.
const SLOT_RATIO: (f64, f64) = (0.5, 2.0);

/// The bands of a model.
#[derive(Debug, Clone)]
pub(crate) struct Bands {
    /// Variance per call: 1 for counts (Poisson); the squared variation of one handling time.
    chance: Chance,
    day_variance: f64,
    /// Quantiles at 2.5, 10, 90 and 97.5 %.
    quantiles: [f64; 4],
    slots: Vec<f64>,
}

/// What chance does to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chance {
    /// A count: its variance is its mean.
    Count,
    /// A mean over so many calls.
    MeanOfCalls,
}

/// One error of the back-test.
pub(crate) struct Seen {
    pub slot: usize,
    pub forecast: f64,
    pub actual: f64,
    /// Calls forecast for the interval.
    pub calls: f64,
}

impl Bands {
    /// From the errors of a back-test.
    pub fn learn(seen: &[Seen], tested_days: usize, slots: usize, chance: Chance) -> Self {
        let mut bands = Self {
            chance,
            day_variance: DAY_VARIANCE_UNKNOWN,
            quantiles: [-1.96, -1.282, 1.282, 1.96],
            slots: vec![1.0; slots],
        };
        if seen.len() < ERRORS_MIN {
            return bands;
        }
        let (mut excess, mut squares) = (0.0, 0.0);
        for one in seen {
            let error = one.actual - one.forecast;
            excess += error * error - bands.chance_variance(one.forecast, one.calls);
            squares += one.forecast * one.forecast;
        }
        bands.day_variance = (excess / squares.max(1e-9)).clamp(DAY_VARIANCE_MIN, 1.0);
        let size = |bands: &Self, one: &Seen| {
            (one.actual - one.forecast) / bands.deviation(one.slot, one.forecast, one.calls)
        };
        bands.slots = slot_ratios(seen, slots, |one| size(&bands, one).abs());
        let mut errors: Vec<f64> = seen.iter().map(|one| size(&bands, one)).collect();
        errors.sort_by(f64::total_cmp);
        let at = |p: f64| quantile(&errors, p).unwrap_or(0.0);
        // Days err as a whole: a few weeks of them show too small a part of what can happen.
        let weeks = tested_days as f64 / 7.0;
        let wider = 1.0 + WIDER_PER_WEEK * (WEEKS_ENOUGH - weeks).max(0.0);
        bands.quantiles = [at(0.025).min(0.0), at(0.1).min(0.0), at(0.9).max(0.0), at(0.975).max(0.0)]
            .map(|size| size * wider);
        bands
    }

    /// A forecast with its bands; `wider` beyond what was tried.
    pub fn around(&self, slot: usize, mean: f64, calls: f64, wider: f64) -> Estimate {
        let size = self.deviation(slot, mean, calls) * wider;
        let [lo95, lo80, hi80, hi95] = self.quantiles.map(|quantile| (mean + quantile * size).max(0.0));
        Estimate { mean, lo80, hi80, lo95, hi95 }
    }

    fn chance_variance(&self, forecast: f64, calls: f64) -> f64 {
        match self.chance {
            Chance::Count => forecast.max(0.1),
            Chance::MeanOfCalls => forecast * forecast / calls.max(0.1),
        }
    }

    fn deviation(&self, slot: usize, forecast: f64, calls: f64) -> f64 {
        let variance = self.chance_variance(forecast, calls) + self.day_variance * forecast * forecast;
        variance.sqrt().max(1e-9) * self.slots.get(slot).copied().unwrap_or(1.0)
    }
}

/// Size of a slot's errors relative to all, drawn towards 1 as far as few errors leave it uncertain.
fn slot_ratios(seen: &[Seen], slots: usize, size: impl Fn(&Seen) -> f64) -> Vec<f64> {
    let (mut sums, mut counts) = (vec![0.0; slots], vec![0.0; slots]);
    for one in seen {
        if let (Some(sum), Some(count)) = (sums.get_mut(one.slot), counts.get_mut(one.slot)) {
            *sum += size(one);
            *count += 1.0;
        }
    }
    let mean = sums.iter().sum::<f64>() / counts.iter().sum::<f64>().max(1.0);
    let ratio = |(sum, count): (&f64, &f64)| {
        let ratio = (sum + SLOT_ERRORS * mean) / ((count + SLOT_ERRORS) * mean.max(1e-9));
        ratio.clamp(SLOT_RATIO.0, SLOT_RATIO.1)
    };
    sums.iter().zip(&counts).map(ratio).collect()
}
