//! Handling time per interval: how long a call takes moves by day and by hour, and few calls say little about it.

use crate::backtest::{Candidate, Fold, days_tested};
use crate::bands::{Bands, Chance, Seen};
use crate::history::{Ahead, Day, DayState, weekday};
use crate::model::regression::{Drift, Series, day_values, recent};
use crate::model::{Method, Past};

/// Calls of a day at which chance moves its mean handling time as much as what moves whole days: 3 % each.
const CALLS_HALF: f64 = 1_000.0;
/// By how much a slot's handling time differs from its day's before anything is seen: 5 %. So many calls weigh as much.
const SLOT_CALLS: f64 = 400.0;
/// Open days whose slots are compared with their day.
const SLOT_DAYS: usize = 120;
/// The regression must be right by so much more to be preferred.
const EARNED: f64 = 0.99;

/// The forecast of handling times.
pub(crate) struct Handling {
    /// Seconds per day ahead and slot.
    pub seconds: Vec<Vec<f64>>,
    pub bands: Bands,
    pub table: Vec<Candidate>,
}

/// Forecasts handling times; nothing when the history knows too few.
pub(crate) fn forecast(past: &Past<'_>, folds: &[Fold], ahead: &[Ahead]) -> Option<Handling> {
    let methods = [Method::LastFour, Method::Regression];
    let mut tried: Vec<(Candidate, Vec<Seen>)> =
        methods.into_iter().filter_map(|method| try_out(past, folds, method)).collect();
    let better = match tried.as_slice() {
        [plain, other] if other.0.wape < EARNED * plain.0.wape => 1,
        _ => 0,
    };
    let method = tried.get(better).map_or(Method::LastFour, |(candidate, _)| candidate.method);
    let seconds = predict(past, method, ahead).or_else(|| predict(past, Method::LastFour, ahead))?;
    if let Some((candidate, _)) = tried.get_mut(better) {
        candidate.chosen = true;
    }
    let seen = tried.get(better).map_or(&[][..], |(_, seen)| seen);
    let bands = Bands::learn(seen, days_tested(folds), past.slots, Chance::MeanOfCalls);
    Some(Handling { seconds, bands, table: tried.into_iter().map(|(candidate, _)| candidate).collect() })
}

fn try_out(past: &Past<'_>, folds: &[Fold], method: Method) -> Option<(Candidate, Vec<Seen>)> {
    let (mut errors, mut sums) = (vec![0.0; folds.len()], vec![0.0; folds.len()]);
    let (mut excess, mut seen) = (0.0, Vec::new());
    for (origin, fold) in folds.iter().enumerate() {
        let said = predict(&Past { days: past.days.get(..fold.cut)?, ..*past }, method, &fold.ahead)?;
        for (day, seconds) in past.days.get(fold.cut..)?.iter().zip(&said) {
            for (slot, (forecast, (actual, calls))) in
                seconds.iter().zip(day.aht.iter().zip(&day.calls)).enumerate()
            {
                if !actual.is_finite() || !calls.is_finite() || *forecast <= 0.0 {
                    continue;
                }
                errors[origin] += calls * (forecast - actual).abs();
                sums[origin] += calls * actual;
                excess += calls * (forecast - actual);
                seen.push(Seen { slot, forecast: *forecast, actual: *actual, calls: *calls });
            }
        }
    }
    let all = sums.iter().sum::<f64>();
    let by_origin = errors.iter().zip(&sums).map(|(error, sum)| error / sum.max(1e-9)).collect();
    let wape = errors.iter().sum::<f64>() / all;
    let candidate = Candidate { method, wape, bias: excess / all, by_origin, chosen: false };
    (all > 0.0).then_some((candidate, seen))
}

/// Seconds per day ahead and slot.
fn predict(past: &Past<'_>, method: Method, ahead: &[Ahead]) -> Option<Vec<Vec<f64>>> {
    let mut series =
        Series { days: Vec::new(), values: Vec::new(), counts: Vec::new(), counts_half: CALLS_HALF };
    for day in recent(past) {
        let (seconds, calls) = handled(day);
        if calls > 0.0 && seconds > 0.0 {
            series.days.push(day);
            series.values.push(seconds / calls);
            series.counts.push(calls);
        }
    }
    let ratios = slot_ratios(past, &series);
    let days = match method {
        Method::Regression => day_values(past, Drift::Level, &series, ahead)?.values,
        _ => ahead.iter().map(|day| last_four(&series, day)).collect::<Option<Vec<f64>>>()?,
    };
    Some(days.iter().map(|seconds| ratios.iter().map(|ratio| ratio * seconds).collect()).collect())
}

/// Handling seconds and calls of a day where both are known.
fn handled(day: &Day) -> (f64, f64) {
    let known = day.aht.iter().zip(&day.calls).filter(|(aht, calls)| aht.is_finite() && calls.is_finite());
    known.fold((0.0, 0.0), |(seconds, sum), (aht, calls)| (seconds + aht * calls, sum + calls))
}

/// Mean of the last four same weekdays, weighted by their calls; of the last four days where there is none.
fn last_four(series: &Series<'_>, ahead: &Ahead) -> Option<f64> {
    let mean = |keep: &dyn Fn(&Day) -> bool| {
        let days = series.days.iter().zip(series.values.iter().zip(&series.counts)).rev();
        let kept = days.filter(|(day, _)| keep(day)).take(4);
        let (seconds, calls) =
            kept.fold((0.0, 0.0), |sum, (_, (value, count))| (sum.0 + value * count, sum.1 + count));
        (calls > 0.0).then(|| seconds / calls)
    };
    mean(&|day| weekday(day.date) == weekday(ahead.date)).or_else(|| mean(&|_| true))
}

/// How much longer than its day a call of each slot takes.
fn slot_ratios(past: &Past<'_>, series: &Series<'_>) -> Vec<f64> {
    let (mut own, mut days) = (vec![SLOT_CALLS; past.slots], vec![SLOT_CALLS; past.slots]);
    for (day, value) in series.days.iter().zip(&series.values).rev().take(SLOT_DAYS) {
        if day.state != DayState::Open || *value <= 0.0 {
            continue;
        }
        for (slot, (aht, calls)) in day.aht.iter().zip(&day.calls).enumerate() {
            if aht.is_finite() && calls.is_finite() {
                own[slot] += calls * aht / value;
                days[slot] += calls;
            }
        }
    }
    own.iter().zip(&days).map(|(own, days)| own / days).collect()
}
