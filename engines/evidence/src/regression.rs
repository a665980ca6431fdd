//! Weighted least squares with standard errors that allow for clusters, honest also where clusters are few.

use std::collections::BTreeMap;

use crate::{Confidence, Interval, quantile};

/// Sweeps of Jacobi's method over a symmetric matrix: it converges quadratically, and ten would do for any size
/// that fits the limits here.
const SWEEPS: u32 = 30;

/// Below this share of its own column's size a pivot is rounding, and the column a combination of others.
const SINGULAR: f64 = 1e-11;

/// Directions in which a cluster's residuals are fixed by the fit (eigenvalue of I − H below this) tell nothing of
/// their spread and are passed over.
const FIXED: f64 = 1e-9;

/// Observations with their regressors; rows of one cluster may depend on each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    columns: usize,
    /// Rows of `columns` cells, each multiplied by the square root of its weight.
    cells: Vec<f64>,
    /// Outcomes, multiplied alike.
    outcomes: Vec<f64>,
    roots: Vec<f64>,
    clusters: BTreeMap<usize, Vec<usize>>,
}

/// Coefficients by weighted least squares.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit<'a> {
    of: &'a Regression,
    /// Inverse of X'WX.
    bread: Matrix,
    coefficients: Vec<f64>,
    /// Residuals times the square root of their weight.
    residuals: Vec<f64>,
}

/// One coefficient with its cluster-robust standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The coefficient.
    pub value: f64,
    /// CR2 standard error.
    pub standard_error: f64,
    /// Satterthwaite degrees of freedom; 0 where no cluster tells anything of the spread.
    pub degrees_of_freedom: f64,
}

impl Regression {
    /// Nothing observed yet, with `columns` regressors.
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            cells: Vec::new(),
            outcomes: Vec::new(),
            roots: Vec::new(),
            clusters: BTreeMap::new(),
        }
    }

    /// Adds one row. `regressors` is cut or filled up with 0 to the number of columns; a row whose weight is not a
    /// positive number, or with anything infinite, is passed over.
    pub fn push(&mut self, cluster: usize, weight: f64, outcome: f64, regressors: &[f64]) {
        let finite =
            outcome.is_finite() && weight.is_finite() && regressors.iter().all(|cell| cell.is_finite());
        if !finite || weight <= 0.0 {
            return;
        }
        let root = weight.sqrt();
        let cells = regressors.iter().copied().chain(std::iter::repeat(0.0)).take(self.columns);
        self.cells.extend(cells.map(|cell| cell * root));
        self.clusters.entry(cluster).or_default().push(self.outcomes.len());
        self.outcomes.push(outcome * root);
        self.roots.push(root);
    }

    /// Rows added.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether no row was added.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// Least squares; nothing where a column is a combination of others, or rows are too few.
    pub fn fit(&self) -> Option<Fit<'_>> {
        if self.columns == 0 || self.len() < self.columns {
            return None;
        }
        let mut normal = Matrix::zero(self.columns);
        let mut moments = vec![0.0; self.columns];
        for (row, outcome) in self.rows().zip(&self.outcomes) {
            normal.add_outer(row, 1.0);
            for (moment, cell) in moments.iter_mut().zip(row) {
                *moment += cell * outcome;
            }
        }
        let bread = normal.inverse()?;
        let coefficients = bread.times(&moments);
        let residuals =
            self.rows().zip(&self.outcomes).map(|(row, outcome)| outcome - dot(row, &coefficients)).collect();
        Some(Fit { of: self, bread, coefficients, residuals })
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.columns.max(1))
    }

    fn row(&self, index: usize) -> &[f64] {
        self.cells.get(index * self.columns..(index + 1) * self.columns).unwrap_or(&[])
    }
}

impl Fit<'_> {
    /// The coefficients, in the order of the columns.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// What each row's outcome counts in the coefficient of `column`, in the order in which rows were added: the
    /// coefficient is the sum of these times the outcomes.
    pub fn weights(&self, column: usize) -> Vec<f64> {
        let direction = self.bread.row(column);
        self.of.rows().zip(&self.of.roots).map(|(row, root)| dot(row, direction) * root).collect()
    }

    /// Variance between rows beyond what their weights say, where each weight is 1 ÷ (known variance): the moment
    /// estimator of DerSimonian & Laird (1986), *Meta-analysis in clinical trials*, Controlled Clinical Trials 7,
    /// 177–188, for a regression.
    pub fn extra_variance(&self) -> f64 {
        let spread: f64 = self.residuals.iter().map(|residual| residual * residual).sum();
        let freedom = self.of.len() as f64 - self.of.columns as f64;
        let mut scale = 0.0;
        for (row, root) in self.of.rows().zip(&self.of.roots) {
            scale += root * root * (1.0 - self.bread.between(row, row));
        }
        if scale > 0.0 { ((spread - freedom) / scale).max(0.0) } else { 0.0 }
    }

    /// One coefficient with the standard error CR2 of Bell & McCaffrey (2002), *Bias reduction in standard errors
    /// for linear regression with multi-stage samples*, Survey Methodology 28(2), 169–181, and the Satterthwaite
    /// degrees of freedom of Pustejovsky & Tipton (2018), *Small-sample methods for cluster-robust variance
    /// estimation and hypothesis testing in fixed effects models*, J. Business & Economic Statistics 36, 672–683,
    /// both under the working model that rows are independent with variance 1 ÷ weight.
    pub fn cluster_robust(&self, column: usize) -> Estimate {
        let direction = self.bread.row(column);
        let (mut variance, mut trace, mut squares) = (0.0, 0.0, 0.0);
        // P = diag(a'a) − U'MU, with a the adjusted scores of a cluster and U their moments: its trace and the sum of
        // its squares need no matrix over clusters.
        let mut moments = Matrix::zero(self.of.columns);
        for rows in self.of.clusters.values() {
            let scores = self.adjusted_scores(rows, direction);
            let mut score = 0.0;
            let mut moment = vec![0.0; self.of.columns];
            for (index, adjusted) in rows.iter().zip(&scores) {
                score += adjusted * self.residuals.get(*index).copied().unwrap_or(0.0);
                for (sum, cell) in moment.iter_mut().zip(self.of.row(*index)) {
                    *sum += cell * adjusted;
                }
            }
            let own = dot(&scores, &scores);
            let fitted = self.bread.between(&moment, &moment);
            variance += score * score;
            trace += own - fitted;
            squares += own * own - 2.0 * own * fitted;
            moments.add_outer(&moment, 1.0);
        }
        squares += self.bread.trace_of_squared_product(&moments);
        Estimate {
            value: self.coefficients.get(column).copied().unwrap_or(0.0),
            standard_error: variance.sqrt(),
            degrees_of_freedom: if squares > 0.0 { (trace * trace / squares).max(0.0) } else { 0.0 },
        }
    }

    /// (I − H)^(−1/2) X M z of one cluster.
    fn adjusted_scores(&self, rows: &[usize], direction: &[f64]) -> Vec<f64> {
        let scores: Vec<f64> = rows.iter().map(|index| dot(self.of.row(*index), direction)).collect();
        let mut rest = Matrix::zero(rows.len());
        for (i, first) in rows.iter().enumerate() {
            for (j, second) in rows.iter().enumerate() {
                let hat = self.bread.between(self.of.row(*first), self.of.row(*second));
                rest.set(i, j, f64::from(i == j) - hat);
            }
        }
        rest.inverse_root_times(&scores)
    }
}

impl Estimate {
    /// The interval by Student's t; everything where nothing is known of the spread.
    pub fn interval(self, confidence: Confidence) -> Interval {
        if self.degrees_of_freedom <= 0.0 || !self.standard_error.is_finite() {
            return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        }
        let half = quantile::student(1.0 - confidence.tail(), self.degrees_of_freedom) * self.standard_error;
        Interval { low: self.value - half, high: self.value + half }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A square matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    fn get(&self, row: usize, column: usize) -> f64 {
        self.cells.get(row * self.size + column).copied().unwrap_or(0.0)
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        if let Some(cell) = self.cells.get_mut(row * self.size + column) {
            *cell = value;
        }
    }

    fn row(&self, row: usize) -> &[f64] {
        self.cells.get(row * self.size..(row + 1) * self.size).unwrap_or(&[])
    }

    fn times(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.size).map(|row| dot(self.row(row), vector)).collect()
    }

    /// a'Mb
    fn between(&self, a: &[f64], b: &[f64]) -> f64 {
        a.iter().enumerate().filter(|(_, a)| **a != 0.0).map(|(row, a)| a * dot(self.row(row), b)).sum()
    }

    fn add_outer(&mut self, vector: &[f64], factor: f64) {
        for (row, value) in self.cells.chunks_exact_mut(self.size.max(1)).zip(vector) {
            if *value != 0.0 {
                for (cell, other) in row.iter_mut().zip(vector) {
                    *cell += factor * value * other;
                }
            }
        }
    }

    /// tr((M S)²) for symmetric M and S.
    fn trace_of_squared_product(&self, other: &Self) -> f64 {
        let product: Vec<Vec<f64>> = (0..self.size)
            .map(|row| (0..self.size).map(|column| dot(self.row(row), other.row(column))).collect())
            .collect();
        let cell =
            |row: usize, column: usize| product.get(row).and_then(|r| r.get(column)).copied().unwrap_or(0.0);
        (0..self.size)
            .flat_map(|i| (0..self.size).map(move |j| (i, j)))
            .map(|(i, j)| cell(i, j) * cell(j, i))
            .sum()
    }

    /// Inverse of a symmetric positive definite matrix by Cholesky's factors; nothing where a pivot vanishes.
    fn inverse(&self) -> Option<Self> {
        let n = self.size;
        let mut lower = Self::zero(n);
        for row in 0..n {
            for column in 0..=row {
                let done = dot(&lower.row(row)[..column], &lower.row(column)[..column]);
                let left = self.get(row, column) - done;
                if row == column {
                    if left.is_nan() || left <= SINGULAR * self.get(row, row) {
                        return None;
                    }
                    lower.set(row, row, left.sqrt());
                } else {
                    lower.set(row, column, left / lower.get(column, column));
                }
            }
        }
        let mut inverse = Self::zero(n);
        for unit in 0..n {
            let mut solution = vec![0.0; n];
            for row in unit..n {
                let done = dot(lower.row(row), &solution);
                solution[row] = (f64::from(row == unit) - done) / lower.get(row, row);
            }
            for row in (0..n).rev() {
                let done: f64 = (row + 1..n).map(|below| lower.get(below, row) * solution[below]).sum();
                solution[row] = (solution[row] - done) / lower.get(row, row);
            }
            for (row, value) in solution.into_iter().enumerate() {
                inverse.set(row, unit, value);
            }
        }
        Some(inverse)
    }

    /// The inverse of the symmetric square root, times a vector; directions of eigenvalue 0 are passed over.
    fn inverse_root_times(mut self, vector: &[f64]) -> Vec<f64> {
        let n = self.size;
        if n == 1 {
            let own = self.get(0, 0);
            let factor = if own > FIXED { own.sqrt().recip() } else { 0.0 };
            return vector.iter().map(|value| value * factor).collect();
        }
        let vectors = self.diagonalise();
        let mut result = vec![0.0; n];
        for column in 0..n {
            let eigenvalue = self.get(column, column);
            if eigenvalue > FIXED {
                let along: f64 =
                    (0..n).zip(vector).map(|(row, value)| vectors.get(row, column) * value).sum();
                for (row, sum) in result.iter_mut().enumerate() {
                    *sum += vectors.get(row, column) * along / eigenvalue.sqrt();
                }
            }
        }
        result
    }

    /// Jacobi's method (1846) for a symmetric matrix: leaves the eigenvalues on the diagonal and returns the
    /// eigenvectors as columns.
    fn diagonalise(&mut self) -> Self {
        let n = self.size;
        let mut vectors = Self::zero(n);
        (0..n).for_each(|index| vectors.set(index, index, 1.0));
        for _ in 0..SWEEPS {
            let off: f64 =
                (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| self.get(i, j).powi(2)).sum();
            if off < f64::EPSILON * f64::EPSILON {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    self.rotate(p, q, &mut vectors);
                }
            }
        }
        vectors
    }

    /// Turns the plane of `p` and `q` so that their common cell becomes 0.
    fn rotate(&mut self, p: usize, q: usize, vectors: &mut Self) {
        let shared = self.get(p, q);
        if shared == 0.0 {
            return;
        }
        let theta = (self.get(q, q) - self.get(p, p)) / (2.0 * shared);
        let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
        let cosine = tangent.hypot(1.0).recip();
        let sine = tangent * cosine;
        let turn = |matrix: &mut Self, at: &dyn Fn(usize) -> ((usize, usize), (usize, usize))| {
            for k in 0..matrix.size {
                let (first, second) = at(k);
                let (a, b) = (matrix.get(first.0, first.1), matrix.get(second.0, second.1));
                matrix.set(first.0, first.1, cosine * a - sine * b);
                matrix.set(second.0, second.1, sine * a + cosine * b);
            }
        };
        turn(self, &|k| ((k, p), (k, q)));
        turn(self, &|k| ((p, k), (q, k)));
        turn(vectors, &|k| ((k, p), (k, q)));
    }
}
