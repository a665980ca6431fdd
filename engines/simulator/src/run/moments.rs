//! Means, variances and covariances of replications, one at a time or merged, and intervals from them.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// What is added up of a scope in one replication.
pub(crate) const COLUMNS: usize = 16;

/// A column of [`Row`].
#[derive(Debug, Clone, Copy)]
#[repr(usize)]
pub(crate) enum Column {
    Good,
    Counted,
    Offered,
    Answered,
    Abandoned,
    Waited,
    WaitAnswered,
    WaitAll,
    Queue,
    Callbacks,
    Called,
    WaitCalled,
    Redials,
    Left,
    Busy,
    Staffed,
}

pub(crate) type Row = [f64; COLUMNS];

/// One column over another.
#[derive(Debug, Clone, Copy)]
#[repr(usize)]
pub(crate) enum Ratio {
    ServiceLevel,
    Abandonment,
    SpeedOfAnswer,
    MeanWait,
    Waiting,
    Occupancy,
    CallbackWait,
}

/// Numerator and denominator of each [`Ratio`].
const RATIOS: [(usize, usize); 7] = [
    (Column::Good as usize, Column::Counted as usize),
    (Column::Abandoned as usize, Column::Offered as usize),
    (Column::WaitAnswered as usize, Column::Answered as usize),
    (Column::WaitAll as usize, Column::Offered as usize),
    (Column::Waited as usize, Column::Offered as usize),
    (Column::Busy as usize, Column::Staffed as usize),
    (Column::WaitCalled as usize, Column::Called as usize),
];

/// A figure with the half-width of its interval: value ± half-width.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// The best guess.
    pub value: f64,
    /// Half the width of its confidence interval; infinite after a single replication.
    pub half_width: f64,
}

/// Moments of a scope over replications (updates by Welford 1962, merging by Chan, Golub, LeVeque 1979).
#[derive(Debug, Clone, Default)]
pub(crate) struct Moments {
    pub(crate) n: f64,
    pub(crate) mean: Row,
    squares: Row,
    products: [f64; RATIOS.len()],
}

impl Moments {
    pub(crate) fn push(&mut self, row: &Row) {
        let before = self.mean;
        self.n += 1.0;
        for (c, value) in row.iter().enumerate() {
            self.mean[c] += (value - before[c]) / self.n;
            self.squares[c] += (value - before[c]) * (value - self.mean[c]);
        }
        for (product, (y, x)) in self.products.iter_mut().zip(RATIOS) {
            *product += (row[y] - before[y]) * (row[x] - self.mean[x]);
        }
    }

    pub(crate) fn merge(&mut self, other: &Moments) {
        let n = self.n + other.n;
        if n == 0.0 {
            return;
        }
        let weight = self.n * other.n / n;
        let step: Row = std::array::from_fn(|c| other.mean[c] - self.mean[c]);
        for (product, ((y, x), theirs)) in self.products.iter_mut().zip(RATIOS.iter().zip(other.products)) {
            *product += theirs + step[*y] * step[*x] * weight;
        }
        for (c, step) in step.iter().enumerate() {
            self.squares[c] += other.squares[c] + step * step * weight;
            self.mean[c] += step * other.n / n;
        }
        self.n = n;
    }

    /// The mean of a column over replications.
    pub(crate) fn average(&self, column: Column, quantile: Quantile) -> Estimate {
        let c = column as usize;
        let variance = self.squares[c] / (self.n - 1.0) / self.n;
        Estimate { value: self.mean[c], half_width: quantile.half_width(variance, self.n) }
    }

    /// Ratio of means, with the delta method's interval (Law 2015, section 9.4.1); nothing over nothing is none.
    pub(crate) fn ratio(&self, ratio: Ratio, quantile: Quantile) -> Option<Estimate> {
        let value = self.quotient(ratio)?;
        Some(Estimate { value, half_width: quantile.half_width(self.variance(ratio, value), self.n) })
    }

    fn quotient(&self, ratio: Ratio) -> Option<f64> {
        let (y, x) = RATIOS[ratio as usize];
        (self.mean[x] > 0.0).then(|| self.mean[y] / self.mean[x])
    }

    /// Of the ratio's estimate.
    fn variance(&self, ratio: Ratio, value: f64) -> f64 {
        let (y, x) = RATIOS[ratio as usize];
        let product = self.products[ratio as usize];
        let spread = self.squares[y] - 2.0 * value * product + value * value * self.squares[x];
        spread.max(0.0) / (self.mean[x] * self.mean[x] * (self.n - 1.0) * self.n)
    }
}

/// Ratios whose differences between two plans are reported.
const PAIRED: [Ratio; 3] = [Ratio::ServiceLevel, Ratio::Abandonment, Ratio::SpeedOfAnswer];

/// How the columns of two plans go together over the same replications.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairing {
    /// For each paired ratio: y·y, y·x, x·y, x·x, this plan's column first.
    products: [[f64; 4]; PAIRED.len()],
}

impl Pairing {
    /// Adds a replication; `plan` and `base` have it already.
    pub(crate) fn push(&mut self, plan: &Moments, base: &Moments, row: &Row, base_row: &Row) {
        // With the new mean on one side and the old on the other; the old follows from the new and the row.
        let n = base.n;
        let theirs = |c: usize| base_row[c] - base.mean[c];
        let ours = |c: usize| if n > 1.0 { (row[c] - plan.mean[c]) * n / (n - 1.0) } else { 0.0 };
        for (products, ratio) in self.products.iter_mut().zip(PAIRED) {
            let (y, x) = RATIOS[ratio as usize];
            for (product, (a, b)) in products.iter_mut().zip([(y, y), (y, x), (x, y), (x, x)]) {
                *product += ours(a) * theirs(b);
            }
        }
    }

    /// Joins another part, before its moments are merged into those of this part.
    pub(crate) fn merge(&mut self, other: &Pairing, ours: [&Moments; 2], theirs: [&Moments; 2]) {
        let n = ours[1].n + theirs[1].n;
        if n == 0.0 {
            return;
        }
        let weight = ours[1].n * theirs[1].n / n;
        let step = |side: usize, c: usize| theirs[side].mean[c] - ours[side].mean[c];
        for ((products, more), ratio) in self.products.iter_mut().zip(other.products).zip(PAIRED) {
            let (y, x) = RATIOS[ratio as usize];
            for ((product, more), (a, b)) in
                products.iter_mut().zip(more).zip([(y, y), (y, x), (x, y), (x, x)])
            {
                *product += more + step(0, a) * step(1, b) * weight;
            }
        }
    }

    /// Plan minus base of the calls that count as good.
    pub(crate) fn good_calls(&self, plan: &Moments, base: &Moments, quantile: Quantile) -> Estimate {
        let good = Column::Good as usize;
        let [[shared, ..], ..] = self.products;
        let variance = (plan.squares[good] + base.squares[good] - 2.0 * shared) / ((base.n - 1.0) * base.n);
        Estimate {
            value: plan.mean[good] - base.mean[good],
            half_width: quantile.half_width(variance.max(0.0), base.n),
        }
    }

    /// Plan minus base of one ratio, with the interval of the paired difference.
    pub(crate) fn difference(
        &self,
        plan: &Moments,
        base: &Moments,
        ratio: Ratio,
        quantile: Quantile,
    ) -> Option<Estimate> {
        let (ours, theirs) = (plan.quotient(ratio)?, base.quotient(ratio)?);
        let at = PAIRED.iter().position(|one| *one as usize == ratio as usize)?;
        let [yy, yx, xy, xx] = self.products[at];
        let (_, x) = RATIOS[ratio as usize];
        let shared = yy - theirs * yx - ours * xy + ours * theirs * xx;
        let shared = shared / (plan.mean[x] * base.mean[x] * (base.n - 1.0) * base.n);
        let variance = plan.variance(ratio, ours) + base.variance(ratio, theirs) - 2.0 * shared;
        Some(Estimate { value: ours - theirs, half_width: quantile.half_width(variance.max(0.0), base.n) })
    }
}

/// Student's quantile for one number of replications.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quantile(f64);

impl Quantile {
    pub(crate) fn new(confidence: f64, n: f64) -> Quantile {
        let student = StudentsT::new(0.0, 1.0, n - 1.0);
        Quantile(student.map_or(f64::INFINITY, |t| t.inverse_cdf(f64::midpoint(1.0, confidence))))
    }

    fn half_width(self, variance: f64, n: f64) -> f64 {
        if n < 2.0 { f64::INFINITY } else { self.0 * variance.sqrt() }
    }
}
