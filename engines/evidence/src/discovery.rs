//! One-sided tests, and how many findings of many tests may be false.

use crate::{Counts, EvidenceError, probability, quantile};

/// The exact one-sided binomial test: P(X ≤ shown) for X ~ Binomial(applicable, `target`). Small when the uptake is
/// below `target`; 1 where nothing was observed. The tail is taken from the incomplete beta function (Abramowitz &
/// Stegun 26.5.24), so that no sum runs over n.
pub fn tail_at_or_below(counts: Counts, target: f64) -> Result<f64, EvidenceError> {
    let target = probability(target)?;
    Ok(lower_tail(counts.shown(), counts.applicable(), target))
}

/// As [`tail_at_or_below`], counting the observed outcome itself half: P(X < shown) + ½ P(X = shown). Closer to its
/// nominal level than the exact test, which is conservative for discrete counts; may exceed it slightly. Lancaster
/// (1961), *Significance tests in discrete distributions*, JASA 56, 223–234.
pub fn tail_at_or_below_mid(counts: Counts, target: f64) -> Result<f64, EvidenceError> {
    let target = probability(target)?;
    let at_or_below = lower_tail(counts.shown(), counts.applicable(), target);
    let below = match counts.shown().checked_sub(1) {
        Some(fewer) => lower_tail(fewer, counts.applicable(), target),
        None => 0.0,
    };
    Ok(f64::midpoint(at_or_below, below))
}

/// P(X ≤ k) for X ~ Binomial(n, p), with `k <= n`.
fn lower_tail(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    quantile::beta_cdf((n - k) as f64, k as f64 + 1.0, 1.0 - p)
}

/// What [`benjamini_hochberg`] found of one test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discovery {
    /// The smallest false discovery rate at which this test would still be found.
    pub q: f64,
    /// Whether `q` is at or below the rate asked for.
    pub found: bool,
}

/// Controls the false discovery rate at `rate` over all `p_values` together, in their order: the step-up procedure
/// of Benjamini & Hochberg (1995), *Controlling the false discovery rate*, JRSS B 57, 289–300, with the adjusted
/// value q beside each. Every p and the rate must be within 0..=1.
pub fn benjamini_hochberg(p_values: &[f64], rate: f64) -> Result<Vec<Discovery>, EvidenceError> {
    let rate = probability(rate)?;
    for p in p_values {
        probability(*p)?;
    }
    let mut ranked: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    let count = p_values.len() as f64;
    let mut results = vec![Discovery { q: 1.0, found: false }; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, (index, p)) in ranked.iter().enumerate().rev() {
        smallest = smallest.min(p * count / (rank + 1) as f64);
        if let Some(result) = results.get_mut(*index) {
            *result = Discovery { q: smallest, found: smallest <= rate };
        }
    }
    Ok(results)
}
