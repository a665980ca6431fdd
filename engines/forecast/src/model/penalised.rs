//! Penalised regression with a log link, its penalties chosen by the data.
//!
//! Every coefficient has a prior with mean 0 and a variance per group, in units of the noise; the variances that are
//! not fixed are those under which the data are most likely (empirical Bayes, MacKay 1992; Wood 2011). The link is the
//! logarithm and the fit is quasi-likelihood, so that the *mean* is forecast and nothing has to be transformed back;
//! a day without calls is a value like any other. Days far off count less (Huber 1964).

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Sparse row: column and value.
pub(crate) type Row = Vec<(usize, f64)>;

/// How a group's variance is found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Variance {
    /// Given.
    Fixed(f64),
    /// The best of a ladder, from this step on.
    Ladder { steps: &'static [f64], at: usize },
}

impl Variance {
    fn value(self) -> f64 {
        match self {
            Self::Fixed(value) => value,
            Self::Ladder { steps, at } => steps.get(at).copied().unwrap_or(1.0),
        }
    }

    /// The neighbours on the ladder.
    fn neighbours(self) -> impl Iterator<Item = Self> {
        let (steps, at): (&'static [f64], usize) = match self {
            Self::Fixed(_) => (&[], 0),
            Self::Ladder { steps, at } => (steps, at),
        };
        [at.checked_sub(1), Some(at + 1)]
            .into_iter()
            .flatten()
            .filter(move |next| *next < steps.len())
            .map(move |next| Self::Ladder { steps, at: next })
    }
}

/// What is to be fitted.
pub(crate) struct Problem<'a> {
    pub rows: &'a [Row],
    /// The group of each column.
    pub groups: &'a [usize],
    /// What is known beforehand about each row, on the log scale.
    pub offsets: &'a [f64],
    /// What was seen, 0 or more.
    pub values: &'a [f64],
    /// How many calls each value stands on: few make it uncertain.
    pub counts: &'a [f64],
    /// Calls at which chance is as large as what moves whole days.
    pub counts_half: f64,
}

/// The coefficients.
#[derive(Debug)]
pub(crate) struct Fit {
    pub coefficients: Vec<f64>,
    /// Residuals on the log scale: seen ÷ explained − 1.
    pub residuals: Vec<f64>,
    /// Robust size of the residuals.
    pub scale: f64,
}

/// Rounds of reweighting; the fourth moves coefficients by less than a thousandth of their error.
const ROUNDS: usize = 5;
/// Residuals beyond so many robust standard deviations count less.
const HUBER: f64 = 2.0;
/// Steps up or down the ladders at most.
const CLIMB_MAX: usize = 24;
/// Smallest variance of the noise that is believed: a hundredth of a per cent, squared.
const NOISE_MIN: f64 = 1e-8;
/// Working residuals are kept within ±1 by this: a fivefold day has no more pull than a doubled one.
const PULL_MAX: f64 = 1.0;

/// Fits, and leaves the chosen variances in `variances`. Nothing when the system cannot be solved.
pub(crate) fn fit(problem: &Problem<'_>, variances: &mut [Variance]) -> Option<Fit> {
    let (n, p) = (problem.rows.len(), problem.groups.len());
    if n == 0 || p == 0 {
        return None;
    }
    let x = dense(problem.rows, n, p);
    let mut eta: Vec<f64> = problem.values.iter().map(|value| value.max(0.5).ln()).collect();
    let mut weights: Vec<f64> =
        problem.counts.iter().map(|count| count.max(0.5) / (count.max(0.5) + problem.counts_half)).collect();
    let base = weights.clone();
    let mut scale = 0.0;
    let mut residuals = vec![0.0; n];
    let mut coefficients = DVector::zeros(p);
    for round in 0..ROUNDS {
        let z = working(problem, &eta);
        let system = System::new(&x, &weights, &z);
        if round == 0 || round == 2 {
            system.climb(problem.groups, variances);
        }
        coefficients = system.solve(problem.groups, variances)?.0;
        let fitted = &x * &coefficients;
        for i in 0..n {
            eta[i] = (fitted[i] + problem.offsets[i]).clamp(-12.0, 21.0);
            residuals[i] = problem.values[i] / eta[i].exp() - 1.0;
        }
        scale =
            crate::numbers::robust_scale(residuals.iter().zip(&base).map(|(r, w)| r * w.sqrt())).max(1e-4);
        for i in 0..n {
            let size = residuals[i].abs() * base[i].sqrt() / scale;
            weights[i] = base[i] * (HUBER / size.max(HUBER)).max(0.01);
        }
    }
    let coefficients = coefficients.iter().copied().collect();
    Some(Fit { coefficients, residuals, scale })
}

/// The values on the scale on which the model is linear, offsets taken off.
fn working(problem: &Problem<'_>, eta: &[f64]) -> DVector<f64> {
    let one = |((value, eta), offset): ((&f64, &f64), &f64)| {
        eta + (value / eta.exp() - 1.0).clamp(-PULL_MAX, PULL_MAX) - offset
    };
    DVector::from_iterator(eta.len(), problem.values.iter().zip(eta).zip(problem.offsets).map(one))
}

fn dense(rows: &[Row], n: usize, p: usize) -> DMatrix<f64> {
    let mut x = DMatrix::zeros(n, p);
    for (i, row) in rows.iter().enumerate() {
        for (column, value) in row {
            x[(i, *column)] += value;
        }
    }
    x
}

/// The normal equations of one round.
struct System {
    gram: DMatrix<f64>,
    moment: DVector<f64>,
    square: f64,
    n: f64,
}

impl System {
    fn new(x: &DMatrix<f64>, weights: &[f64], z: &DVector<f64>) -> Self {
        let mut weighted = x.clone();
        for (i, weight) in weights.iter().enumerate() {
            weighted.row_mut(i).scale_mut(*weight);
        }
        let transposed = x.transpose();
        let square = z.iter().zip(weights).map(|(z, w)| w * z * z).sum();
        let gram = &transposed * &weighted;
        Self { gram, moment: weighted.tr_mul(z), square, n: weights.len() as f64 }
    }

    /// The coefficients and the logarithm of how likely the data are, up to a constant.
    fn solve(&self, groups: &[usize], variances: &[Variance]) -> Option<(DVector<f64>, f64)> {
        let mut a = self.gram.clone();
        let mut log_prior = 0.0;
        for (column, group) in groups.iter().enumerate() {
            let variance = variances.get(*group)?.value();
            a[(column, column)] += 1.0 / variance;
            log_prior += variance.ln();
        }
        let cholesky: Cholesky<f64, Dyn> = Cholesky::new(a)?;
        let coefficients = cholesky.solve(&self.moment);
        let log_determinant: f64 = 2.0 * cholesky.l_dirty().diagonal().iter().map(|d| d.ln()).sum::<f64>();
        let noise = ((self.square - self.moment.dot(&coefficients)) / self.n).max(NOISE_MIN);
        let likely = -0.5 * self.n * noise.ln() - 0.5 * (log_determinant + log_prior);
        likely.is_finite().then_some((coefficients, likely))
    }

    /// Climbs the ladders to where the data are most likely, one step at a time.
    fn climb(&self, groups: &[usize], variances: &mut [Variance]) {
        let Some((_, mut best)) = self.solve(groups, variances) else { return };
        for _ in 0..CLIMB_MAX {
            let mut moved = false;
            for group in (0..variances.len()).filter(|group| groups.contains(group)) {
                let held = variances[group];
                for next in held.neighbours() {
                    variances[group] = next;
                    match self.solve(groups, variances) {
                        Some((_, likely)) if likely > best + 1e-6 => {
                            best = likely;
                            moved = true;
                            break;
                        }
                        _ => variances[group] = held,
                    }
                }
            }
            if !moved {
                break;
            }
        }
    }
}
