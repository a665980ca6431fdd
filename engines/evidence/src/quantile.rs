//! Quantiles of the normal and the beta distribution, and the regularised incomplete beta function.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::beta::beta_reg;

/// Halvings of a bisection on 0..1: past 60 the step is below the resolution of an `f64`.
const HALVINGS: u32 = 60;

/// Degrees of freedom from which t is the normal distribution to six places.
const NORMAL_FROM: f64 = 1e6;

/// Quantile of the standard normal distribution at `p` strictly between 0 and 1.
pub fn normal(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// P(B ≤ x) for B ~ Beta(a, b), `a, b > 0`, with `x` clamped to 0..=1.
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        beta_reg(a, b, x)
    }
}

/// The x with P(B ≤ x) = p for B ~ Beta(a, b), `a, b > 0`. Bisection: slower than Newton's method, but it cannot
/// leave 0..=1 nor fail to end, whatever the shape.
pub fn beta(a: f64, b: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if beta_cdf(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Quantile of Student's t with `freedom` degrees (any positive number) at `p` within ½..1, by the beta distribution
/// of t² ÷ (freedom + t²) (Abramowitz & Stegun 26.5.27); the normal quantile from a million degrees on.
pub fn student(p: f64, freedom: f64) -> f64 {
    if freedom > NORMAL_FROM {
        return normal(p);
    }
    let share = beta(0.5, freedom / 2.0, 2.0 * p - 1.0);
    (freedom * share / (1.0 - share)).sqrt()
}
