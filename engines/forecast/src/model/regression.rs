//! Day totals by penalised regression, spread over the day by a profile.
//!
//! Splitting a day into its total and its shape is the multiplicative model of Weinberg, Brown and Stroud (2007); the
//! effects are those of Ibrahim, Ye, L'Ecuyer and Shen (2016) and of Taylor and Letham (2018), fitted as one
//! regression. Shapes of low rank (Shen and Huang 2008) were tried in development and gained nothing over smoothed
//! weekday profiles.

use jiff::civil::Date;

use super::design::Design;
pub(crate) use super::design::Drift;
use super::penalised::{Fit, Problem, Row, fit};
use super::{Past, Said, profile};
use crate::history::{Ahead, Day, DayState};
use crate::limits::{NOTES_PER_KIND_MAX, REGRESSION_DAYS_MAX};
use crate::note::Note;
use crate::numbers::{median, robust_scale};

/// Calls of a day at which chance (its standard deviation is the square root) is as large as the 3 % by which whole
/// days differ in the literature's centres.
const CALLS_HALF: f64 = 1_000.0;
/// Open days on each side of a level shift that are compared.
const SHIFT_WINDOW: usize = 14;
/// Open days that a new level must have lasted, and the old one too.
const SHIFT_DAYS_MIN: usize = 7;
/// A shift is told from chance at so many standard errors, because every day of the history is a chance to find one.
const SHIFT_ERRORS: f64 = 6.0;
/// Smallest shift on the log scale that is worth a column.
const SHIFT_MIN: f64 = 0.08;
/// Most shifts.
const SHIFTS_MAX: usize = 5;
/// A day is told as an outlier from so many robust standard deviations on.
const OUTLIER: f64 = 6.0;

/// A series of one value per day, and how many calls each stands on.
pub(crate) struct Series<'a> {
    pub days: Vec<&'a Day>,
    pub values: Vec<f64>,
    pub counts: Vec<f64>,
    pub counts_half: f64,
}

/// What the regression says per day ahead.
pub(crate) struct Level {
    pub values: Vec<f64>,
    pub notes: Vec<Note>,
}

/// Calls per day ahead and slot; nothing when there are too few days.
pub(super) fn predict(past: &Past<'_>, drift: Drift, ahead: &[Ahead]) -> Option<Said> {
    let days: Vec<&Day> = recent(past).filter(|day| day.total.is_finite()).collect();
    let values: Vec<f64> = days.iter().map(|day| day.total).collect();
    let series = Series { counts: values.clone(), values, days, counts_half: CALLS_HALF };
    let level = day_values(past, drift, &series, ahead)?;
    let shares = profile::shares(past, ahead);
    let spread = |(value, share): (&f64, Vec<f64>)| share.into_iter().map(|share| share * value).collect();
    let calls = level.values.iter().zip(shares).map(spread).collect();
    Some(Said { calls, notes: level.notes })
}

/// The open days that the regression learns from.
pub(crate) fn recent<'a>(past: &Past<'a>) -> impl Iterator<Item = &'a Day> {
    let skip = past.days.len().saturating_sub(REGRESSION_DAYS_MAX);
    past.days.iter().skip(skip).filter(|day| day.state == DayState::Open)
}

/// One value per day ahead; 0 for a closed day.
pub(crate) fn day_values(
    past: &Past<'_>,
    drift: Drift,
    series: &Series<'_>,
    ahead: &[Ahead],
) -> Option<Level> {
    let (first, last) = (series.days.first()?.date, past.days.last()?.date);
    if series.values.len() < SHIFT_DAYS_MIN {
        return None;
    }
    let plain = learn(past, drift, series, (first, last), &[])?;
    let shifts = shifts(series, &plain.without_drift);
    let learned = if shifts.is_empty() { plain } else { learn(past, drift, series, (first, last), &shifts)? };
    let mut design = Design::new(past, drift, first, last, &shifts);
    for day in &series.days {
        design.learn(day.date, day.closed_before);
    }
    let value = |day: &Ahead| {
        if !day.open.contains(&true) {
            return 0.0;
        }
        let row = design.apply(day.date, day.closed_before);
        (product(&row, &learned.fit.coefficients) + design.offset(day.date)).clamp(-12.0, 21.0).exp()
    };
    let values = ahead.iter().map(value).collect();
    Some(Level { values, notes: notes(series, &learned, &shifts, &design) })
}

struct Learned {
    fit: Fit,
    /// Per day, the logarithm of what was seen without everything but the drift.
    without_drift: Vec<f64>,
}

fn learn(
    past: &Past<'_>,
    drift: Drift,
    series: &Series<'_>,
    (first, last): (Date, Date),
    shifts: &[Date],
) -> Option<Learned> {
    let mut design = Design::new(past, drift, first, last, shifts);
    let rows: Vec<Row> = series.days.iter().map(|day| design.learn(day.date, day.closed_before)).collect();
    let offsets: Vec<f64> = series.days.iter().map(|day| design.offset(day.date)).collect();
    let mut variances = Design::variances();
    variances[Design::DRIFT] = Design::drift_variance(drift);
    let problem = Problem {
        rows: &rows,
        groups: design.groups(),
        offsets: &offsets,
        values: &series.values,
        counts: &series.counts,
        counts_half: series.counts_half,
    };
    let fit = fit(&problem, &mut variances)?;
    let drift_of = |row: &Row| -> f64 {
        let drift = row.iter().filter(|(column, _)| design.is_drift(*column));
        drift.map(|(column, value)| fit.coefficients.get(*column).unwrap_or(&0.0) * value).sum()
    };
    let without_drift = rows
        .iter()
        .zip(&fit.residuals)
        .map(|(row, residual)| drift_of(row) + residual.clamp(-1.0, 1.0))
        .collect();
    Some(Learned { fit, without_drift })
}

fn product(row: &Row, coefficients: &[f64]) -> f64 {
    row.iter().map(|(column, value)| coefficients.get(*column).unwrap_or(&0.0) * value).sum()
}

/// Days on which the level jumped and stayed: the medians on both sides differ by far more than chance.
fn shifts(series: &Series<'_>, level: &[f64]) -> Vec<Date> {
    let n = level.len();
    let steps = level.windows(2).map(|pair| pair[1] - pair[0]);
    // Differences of neighbours hold twice the noise, and no level.
    let noise = robust_scale(steps) / std::f64::consts::SQRT_2;
    let mut found: Vec<(f64, usize)> = Vec::new();
    for at in SHIFT_DAYS_MIN..n.saturating_sub(SHIFT_DAYS_MIN - 1) {
        let before = &level[at.saturating_sub(SHIFT_WINDOW)..at];
        let after = &level[at..(at + SHIFT_WINDOW).min(n)];
        let (Some(old), Some(new)) = (median(&mut before.to_vec()), median(&mut after.to_vec())) else {
            continue;
        };
        // The median's standard error is 1.2533 times the mean's.
        let error = 1.2533 * noise * (1.0 / before.len() as f64 + 1.0 / after.len() as f64).sqrt();
        let size = (new - old).abs();
        if size > SHIFT_MIN && size > SHIFT_ERRORS * error.max(1e-6) {
            found.push((size, at));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = Vec::new();
    for (_, at) in found {
        if kept.len() < SHIFTS_MAX && kept.iter().all(|held| held.abs_diff(at) >= SHIFT_WINDOW) {
            kept.push(sharpest(level, at));
        }
    }
    kept.sort_unstable();
    kept.dedup();
    kept.iter().filter_map(|at| Some(series.days.get(*at)?.date)).collect()
}

/// The day near `at` at which two constant levels explain the days around it best.
fn sharpest(level: &[f64], at: usize) -> usize {
    let (from, to) = (at.saturating_sub(SHIFT_WINDOW), (at + SHIFT_WINDOW).min(level.len()));
    let cost = |cut: usize| -> f64 {
        let side = |part: &[f64]| {
            let middle = median(&mut part.to_vec()).unwrap_or(0.0);
            part.iter().map(|value| (value - middle).abs()).sum::<f64>()
        };
        side(&level[from..cut]) + side(&level[cut..to])
    };
    let cuts = (from + 4)..to.saturating_sub(3).max(from + 5);
    cuts.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(at)
}

fn notes(series: &Series<'_>, learned: &Learned, shifts: &[Date], design: &Design<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    for date in shifts {
        let row = design.apply(*date, 0);
        let before = date.yesterday().map(|day| design.apply(day, 0)).unwrap_or_default();
        // The two rows differ in the shift's column and in the calendar's; only the shift is told.
        let is_new = |column: &usize| !before.iter().any(|(other, _)| other == column);
        let effect: f64 = row
            .iter()
            .filter(|(column, _)| is_new(column) && design.is_shift(*column))
            .map(|(column, value)| learned.fit.coefficients.get(*column).unwrap_or(&0.0) * value)
            .sum();
        notes.push(Note::LevelShift { date: *date, change: effect.exp_m1() });
    }
    let sizes = learned.fit.residuals.iter().zip(&series.counts);
    let outliers = series.days.iter().zip(sizes).filter(|(_, (residual, count))| {
        let weight = **count / (**count + series.counts_half);
        residual.abs() * weight.sqrt() > OUTLIER * learned.fit.scale && residual.abs() > 0.2
    });
    let told = outliers.map(|(day, (residual, _))| Note::Outlier { date: day.date, ratio: 1.0 + residual });
    notes.extend(told.take(NOTES_PER_KIND_MAX));
    notes
}
