//! Empirical Bayes: an estimate for a person with few conversations borrows from what their peers do.
//!
//! Each person's propensity is taken as a draw from one Beta(α, β) of the population; α and β are estimated from all
//! of them, and everyone's own counts then update it (Robbins 1956, *An empirical Bayes approach to statistics*;
//! Efron & Morris 1975, *Data analysis using Stein's estimator and its generalizations*, JASA 70, 311–319).

use serde::{Deserialize, Serialize};
use statrs::function::gamma::ln_gamma;

use crate::{Confidence, Counts, EvidenceError, Interval, probability, quantile};

/// Below this many people with observations, how much people differ cannot be told from chance, and nobody borrows
/// from anybody: the Jeffreys prior Beta(½, ½) is used.
pub const MINIMUM_GROUPS: usize = 3;

/// Least weight of the prior, in conversations: that of the Jeffreys prior, U-shaped and nearly silent.
const WEAKEST_PRIOR: f64 = 1.0;

/// Steps of a golden-section search; 40 narrow a range of 20 to below 1e-7.
const SEARCH_STEPS: u32 = 40;

/// The distribution of propensities in a population of people (or teams) for one behaviour: Beta(α, β).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Population {
    alpha: f64,
    beta: f64,
}

/// A person's estimate after borrowing from the population.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shrunk {
    /// Posterior mean, strictly within 0..1.
    pub estimate: f64,
    /// Equal-tailed credible interval.
    pub interval: Interval,
    /// Share of the estimate that comes from the population rather than from the person, within 0..=1.
    pub borrowed: f64,
}

impl Population {
    /// The prior that borrows nothing: Beta(½, ½).
    pub const JEFFREYS: Self = Self { alpha: 0.5, beta: 0.5 };

    /// Estimates α and β by moments, with groups weighted by n: Kleinman (1973), *Proportions with extraneous
    /// variance: single and independent samples*, JASA 68, 46–54. Groups without observations are passed over.
    ///
    /// Where people differ no more than chance explains, the prior is given the weight of everything observed and no
    /// more, so that an estimate never claims to be surer than the pooled count. With fewer than
    /// [`MINIMUM_GROUPS`] groups the result is [`Population::JEFFREYS`].
    pub fn by_moments(groups: &[Counts]) -> Self {
        let Some(pool) = Pool::of(groups) else { return Self::JEFFREYS };
        let spread: f64 = groups
            .iter()
            .filter_map(|group| {
                group.rate().map(|rate| group.applicable() as f64 * (rate - pool.raw_mean).powi(2))
            })
            .sum();
        let chance = pool.raw_mean * (1.0 - pool.raw_mean);
        let denominator = pool.total - pool.squares / pool.total - (pool.groups - 1.0);
        let strength = if chance > 0.0 && denominator > 0.0 {
            let correlation = (spread / chance - (pool.groups - 1.0)) / denominator;
            if correlation > 0.0 { 1.0 / correlation - 1.0 } else { f64::INFINITY }
        } else {
            f64::INFINITY
        };
        Self::from_mean(pool.mean, strength.clamp(WEAKEST_PRIOR, pool.strongest()))
    }

    /// Estimates α and β by maximum likelihood of the beta-binomial (Griffiths 1973, *Maximum likelihood estimation
    /// for the beta-binomial distribution*, Biometrics 29, 637–648), searching mean and weight by golden section
    /// within the same bounds as [`Population::by_moments`]. Slower and a little more efficient where n differs much.
    pub fn by_likelihood(groups: &[Counts]) -> Self {
        let Some(pool) = Pool::of(groups) else { return Self::JEFFREYS };
        let edge = 0.5 / (pool.total + 1.0);
        let best_mean = |strength: f64| {
            let likelihood = |mean: f64| Self::from_mean(mean, strength).log_likelihood(groups);
            golden_maximum(edge, 1.0 - edge, likelihood)
        };
        let (log_strength, _) = golden_maximum(WEAKEST_PRIOR.ln(), pool.strongest().ln(), |log_strength| {
            best_mean(log_strength.exp()).1
        });
        let strength = log_strength.exp();
        Self::from_mean(best_mean(strength).0, strength)
    }

    fn from_mean(mean: f64, strength: f64) -> Self {
        Self { alpha: mean * strength, beta: (1.0 - mean) * strength }
    }

    /// Log likelihood of the groups up to the binomial coefficients, which do not depend on α and β.
    fn log_likelihood(self, groups: &[Counts]) -> f64 {
        let ln_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
        let prior = ln_beta(self.alpha, self.beta);
        groups
            .iter()
            .filter(|group| group.applicable() > 0)
            .map(|group| {
                let misses = (group.applicable() - group.shown()) as f64;
                ln_beta(self.alpha + group.shown() as f64, self.beta + misses) - prior
            })
            .sum()
    }

    /// Mean propensity of the population, strictly within 0..1.
    pub fn mean(self) -> f64 {
        self.alpha / self.strength()
    }

    /// Weight of the prior in conversations, α + β: someone with this many conversations is moved half way.
    pub fn strength(self) -> f64 {
        self.alpha + self.beta
    }

    /// α and β.
    pub fn shape(self) -> (f64, f64) {
        (self.alpha, self.beta)
    }

    /// Posterior mean of one person's propensity, without its interval.
    pub fn estimate(self, own: Counts) -> f64 {
        (self.alpha + own.shown() as f64) / (self.strength() + own.applicable() as f64)
    }

    /// Posterior of one person's propensity: mean, credible interval, and how much of it is borrowed.
    pub fn shrink(self, own: Counts, confidence: Confidence) -> Shrunk {
        let a = self.alpha + own.shown() as f64;
        let b = self.beta + (own.applicable() - own.shown()) as f64;
        Shrunk {
            estimate: self.estimate(own),
            interval: Interval {
                low: quantile::beta(a, b, confidence.tail()),
                high: quantile::beta(a, b, 1.0 - confidence.tail()),
            },
            borrowed: self.strength() / (self.strength() + own.applicable() as f64),
        }
    }
}

/// What the groups amount to together.
struct Pool {
    groups: f64,
    total: f64,
    squares: f64,
    raw_mean: f64,
    /// With half a success and half a failure added, so that a prior never rules anything out.
    mean: f64,
}

impl Pool {
    /// Nothing where too few groups have observations.
    fn of(groups: &[Counts]) -> Option<Self> {
        let observed: Vec<&Counts> = groups.iter().filter(|group| group.applicable() > 0).collect();
        if observed.len() < MINIMUM_GROUPS {
            return None;
        }
        let total: f64 = observed.iter().map(|group| group.applicable() as f64).sum();
        let shown: f64 = observed.iter().map(|group| group.shown() as f64).sum();
        Some(Self {
            groups: observed.len() as f64,
            total,
            squares: observed.iter().map(|group| (group.applicable() as f64).powi(2)).sum(),
            raw_mean: shown / total,
            mean: (shown + 0.5) / (total + 1.0),
        })
    }

    fn strongest(&self) -> f64 {
        self.total.max(WEAKEST_PRIOR)
    }
}

/// Where a function with one peak between `low` and `high` is largest, and its value there.
fn golden_maximum(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> (f64, f64) {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_left, mut at_right) = (value(left), value(right));
    for _ in 0..SEARCH_STEPS {
        if at_left > at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - ratio * (high - low);
            at_left = value(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + ratio * (high - low);
            at_right = value(right);
        }
    }
    if at_left > at_right { (left, at_left) } else { (right, at_right) }
}

/// Shrinks rates of groups that all have the same `trials` towards their mean by the positive-part James–Stein
/// factor 1 − (k − 3) σ² ÷ Σ(rate − mean)², with σ² the binomial variance at the mean: Efron & Morris (1977),
/// *Stein's paradox in statistics*, Scientific American 236(5), 119–127. Returns the factor (0 = all at the mean,
/// 1 = unmoved) and the estimates in order; with fewer than four groups nothing is moved.
pub fn efron_morris(rates: &[f64], trials: u64) -> Result<(f64, Vec<f64>), EvidenceError> {
    for rate in rates {
        probability(*rate)?;
    }
    if rates.len() < 4 || trials == 0 {
        return Ok((1.0, rates.to_vec()));
    }
    let count = rates.len() as f64;
    let mean = rates.iter().sum::<f64>() / count;
    let spread: f64 = rates.iter().map(|rate| (rate - mean).powi(2)).sum();
    let variance = mean * (1.0 - mean) / trials as f64;
    let factor = if spread > 0.0 { (1.0 - (count - 3.0) * variance / spread).max(0.0) } else { 0.0 };
    Ok((factor, rates.iter().map(|rate| mean + factor * (rate - mean)).collect()))
}
