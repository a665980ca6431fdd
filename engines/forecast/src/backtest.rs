//! Which model would have been right: every candidate forecasts stretches of the history it has not seen.
//!
//! Rolling origins (Tashman 2000): up to five, each as long as the horizon where the history allows. What the calendar
//! did not say was not known then either: a day that turned out closed is left out, and the day after it is forecast
//! without that knowledge.

use serde::Serialize;

use crate::history::{Ahead, DayState, History};
use crate::model::{Method, Past, Said};
use crate::numbers::{median, robust_scale};

/// Most origins.
const FOLDS_MAX: usize = 5;
/// Days of history before the first origin.
const TRAIN_DAYS_MIN: usize = 28;
/// … where the history is short.
const SHORT_TRAIN_DAYS_MIN: usize = 14;
/// Fewest days to try a forecast on.
const FOLD_DAYS_MIN: usize = 7;
/// By how much more than a plainer model one must be right to be preferred: 1 % of the error.
const EARNED: f64 = 0.99;

/// Bias of a back-test that a change of level alone can bring: a tenth.
const BIAS_BY_CHANCE: f64 = 0.1;
/// A day is like no other when it has so many times as many calls as forecast, or as many times fewer, …
const UNLIKE_FACTOR: f64 = 1.5;
/// … and is off by so many standard deviations of days, …
const UNLIKE_DEVIATIONS: f64 = 6.0;
/// … unless more than this share of the days is: then the model is wrong, and they show how wrong.
const UNLIKE_SHARE_MAX: f64 = 0.1;

/// One line of the table that the planner reads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The model.
    pub method: Method,
    /// Sum of the absolute errors ÷ sum of what came, over all origins.
    pub wape: f64,
    /// Sum of the errors ÷ sum of what came; above 0 it forecasts too much.
    pub bias: f64,
    /// The weighted absolute percentage error at each origin, the oldest last.
    pub by_origin: Vec<f64>,
    /// Whether it makes the forecast.
    pub chosen: bool,
}

impl Candidate {
    /// What the choice goes by: the absolute error, and as much of the bias as chance in the level does not explain.
    /// Where intervals have few calls, “always 0” would have the smallest absolute error of all.
    pub fn cost(&self) -> f64 {
        self.wape + (self.bias.abs() - BIAS_BY_CHANCE).max(0.0)
    }
}

/// A stretch of the history, and when the forecast of it was made.
pub(crate) struct Fold {
    /// Days known; the first day tried.
    pub cut: usize,
    pub ahead: Vec<Ahead>,
}

/// What a model said at every origin.
pub(crate) struct Trial {
    pub method: Method,
    pub said: Vec<Vec<Vec<f64>>>,
}

/// The origins for a horizon of so many days; none when the history is too short.
pub(crate) fn folds(history: &History, known: usize, horizon_days: usize, past: &Past<'_>) -> Vec<Fold> {
    let (length, train) = if known >= TRAIN_DAYS_MIN + FOLD_DAYS_MIN {
        (horizon_days.clamp(FOLD_DAYS_MIN, (known / 4).max(FOLD_DAYS_MIN)), TRAIN_DAYS_MIN)
    } else {
        (FOLD_DAYS_MIN, SHORT_TRAIN_DAYS_MIN)
    };
    // A model tried on a tenth of the history says little about itself on all of it: origins lie in the later half,
    // half a stretch apart, by whole weeks.
    let train = train.max(known / 2);
    let stride = (length / 2).next_multiple_of(7);
    let cuts = (0..FOLDS_MAX)
        .map_while(|fold| known.checked_sub(length + fold * stride).filter(|cut| *cut >= train));
    let fold = |cut: usize| {
        let first = history.days.get(cut)?;
        let ahead = past.opening.ahead(first.date, first.closed_before, past.calendar).take(length).collect();
        Some(Fold { cut, ahead })
    };
    cuts.filter_map(fold).collect()
}

/// Days of the history that any origin forecast.
pub(crate) fn days_tested(folds: &[Fold]) -> usize {
    let first = folds.iter().map(|fold| fold.cut).min().unwrap_or(0);
    let end = folds.iter().map(|fold| fold.cut + fold.ahead.len()).max().unwrap_or(0);
    end.saturating_sub(first)
}

/// What a single model says at every origin; nothing when it cannot at one of them.
pub(crate) fn trial(past: &Past<'_>, method: Method, folds: &[Fold]) -> Option<Trial> {
    let at = |fold: &Fold| -> Option<Said> {
        Past { days: past.days.get(..fold.cut)?, ..*past }.predict(method, &fold.ahead)
    };
    let said = folds.iter().map(|fold| at(fold).map(|said| said.calls)).collect::<Option<Vec<_>>>()?;
    Some(Trial { method, said })
}

/// The average of several trials.
pub(crate) fn average(method: Method, trials: &[&Trial]) -> Option<Trial> {
    let mut said = trials.first()?.said.clone();
    for other in trials.iter().skip(1) {
        let theirs = other.said.iter().flatten().flatten();
        for (sum, calls) in said.iter_mut().flatten().flatten().zip(theirs) {
            *sum += calls;
        }
    }
    let n = trials.len() as f64;
    said.iter_mut().flatten().flatten().for_each(|sum| *sum /= n);
    Some(Trial { method, said })
}

/// Forecast and actual calls of every open interval tried, origin by origin.
pub(crate) fn pairs<'a>(
    past: &'a Past<'_>,
    folds: &'a [Fold],
    trial: &'a Trial,
) -> impl Iterator<Item = Pair> + 'a {
    folds.iter().zip(&trial.said).enumerate().flat_map(move |(origin, (fold, said))| {
        fold.ahead.iter().zip(said).enumerate().flat_map(move |(ahead, (day, calls))| {
            let actual = past.days.get(fold.cut + ahead).filter(|day| day.state == DayState::Open);
            let open = day.open.iter().zip(calls).enumerate().filter(|(_, (open, _))| **open);
            open.filter_map(move |(slot, (_, forecast))| {
                let actual = actual?.calls.get(slot).copied().filter(|calls| calls.is_finite())?;
                Some(Pair { origin, day: fold.cut + ahead, slot, forecast: *forecast, actual })
            })
        })
    })
}

/// One interval tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub origin: usize,
    /// Position of the day in the history.
    pub day: usize,
    pub slot: usize,
    pub forecast: f64,
    pub actual: f64,
}

/// Days of the history (by position, in order) like no other, such as a holiday that no calendar names: they say
/// nothing of how far usual days are off.
pub(crate) fn unlike(pairs: &[Pair]) -> Vec<usize> {
    let whole_days: Vec<(usize, f64)> = pairs
        .chunk_by(|a, b| (a.origin, a.day) == (b.origin, b.day))
        .filter_map(|day| {
            let sums = day.iter().fold((0.0, 0.0), |sums, one| (sums.0 + one.forecast, sums.1 + one.actual));
            // One call more on both sides: days of few calls have a ratio too.
            Some((day.first()?.day, ((sums.1 + 1.0) / (sums.0 + 1.0)).ln()))
        })
        .collect();
    let middle = median(&mut whole_days.iter().map(|day| day.1).collect::<Vec<f64>>()).unwrap_or(0.0);
    let deviation = robust_scale(whole_days.iter().map(|day| day.1 - middle));
    let far = UNLIKE_FACTOR.ln().max(UNLIKE_DEVIATIONS * deviation);
    let off = whole_days.iter().filter(|day| (day.1 - middle).abs() > far);
    let mut days: Vec<usize> = off.map(|day| day.0).collect();
    if days.len() as f64 > UNLIKE_SHARE_MAX * whole_days.len() as f64 {
        return Vec::new();
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// The line of the table for a trial.
pub(crate) fn score(past: &Past<'_>, folds: &[Fold], trial: &Trial) -> Candidate {
    let (mut errors, mut sums) = (vec![0.0; folds.len()], vec![0.0; folds.len()]);
    let mut excess = 0.0;
    for pair in pairs(past, folds, trial) {
        errors[pair.origin] += (pair.forecast - pair.actual).abs();
        sums[pair.origin] += pair.actual;
        excess += pair.forecast - pair.actual;
    }
    let all: f64 = sums.iter().sum::<f64>().max(1e-9);
    Candidate {
        method: trial.method,
        wape: errors.iter().sum::<f64>() / all,
        bias: excess / all,
        by_origin: errors.iter().zip(&sums).map(|(error, sum)| error / sum.max(1e-9)).collect(),
        chosen: false,
    }
}

/// Picks the model: the best of the plain ones, unless another earns its place, unless an average earns it again.
/// Returns its position and the reason.
pub(crate) fn choose(candidates: &[Candidate]) -> Option<(usize, String)> {
    let best = |keep: &dyn Fn(&Candidate) -> bool| {
        let kept = candidates.iter().enumerate().filter(|(_, candidate)| keep(candidate));
        kept.min_by(|a, b| a.1.cost().total_cmp(&b.1.cost()))
    };
    let (plain, plainest) = best(&|candidate| candidate.method.is_plain())?;
    let percent =
        |one: &Candidate| format!("WAPE {:.2} %, bias {:+.2} %", 100.0 * one.wape, 100.0 * one.bias);
    let mut picked = (plain, plainest);
    let mut why = format!("{} ({}); nothing beats it by enough", plainest.method.title(), percent(plainest));
    let is_average = |candidate: &Candidate| matches!(candidate.method, Method::BestTwo | Method::BestThree);
    for tier in [false, true] {
        let Some(better) = best(&|candidate| !candidate.method.is_plain() && is_average(candidate) == tier)
        else {
            continue;
        };
        if better.1.cost() < EARNED * picked.1.cost() {
            why = format!(
                "{} ({}) instead of {} ({})",
                better.1.method.title(),
                percent(better.1),
                picked.1.method.title(),
                percent(picked.1)
            );
            picked = better;
        }
    }
    Some((picked.0, why))
}
