//! A queue without history borrows the shape of one that has it.
//!
//! What is known is a share (“a fifth of the calls of billing”), some first days, or both. The share is the planner's
//! until calls say otherwise: both are weighed by how sure they are, on the log scale.

use jiff::civil::DateTime;

use crate::error::ForecastError;
use crate::forecast::{Forecast, IntervalForecast};
use crate::intraday::Memory;
use crate::limits::CALLS_MAX;
use crate::note::Note;

/// Standard deviation of a planner's guess at the share, on the log scale: a third up or down.
const GUESS: f64 = 0.3;
/// Standard deviation by which one day differs from its forecast: a tenth; a new queue is less steady than an old one.
const DAY: f64 = 0.1;
/// Without a guess anything from a thousandth to a thousandfold is possible.
const NO_GUESS: f64 = 7.0;
/// Largest share.
const SHARE_MAX: f64 = 1e6;

/// What is known about the new queue.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Its calls ÷ those of the reference queue, as the planner expects.
    pub share: Option<f64>,
    /// What came so far: the start of an interval, and calls of the new queue and of the reference queue in it.
    pub seen: Vec<(DateTime, f64, f64)>,
}

/// Forecasts a new queue from the forecast of its reference queue.
///
/// # Errors
/// When nothing is known, a share is not above 0, or a count cannot be.
pub fn by_analogy(reference: &Forecast, known: &Known) -> Result<Forecast, ForecastError> {
    if let Some(share) = known.share
        && !(share > 0.0 && share <= SHARE_MAX)
    {
        return Err(ForecastError::Share(share));
    }
    for (start, own, other) in &known.seen {
        for calls in [own, other] {
            if !(0.0..=CALLS_MAX).contains(calls) {
                return Err(ForecastError::Calls { start: *start, calls: *calls });
            }
        }
    }
    let (own, other) =
        known.seen.iter().fold((0.0, 0.0), |sum, (_, own, other)| (sum.0 + own, sum.1 + other));
    let mut days: Vec<_> = known.seen.iter().map(|(start, ..)| start.date()).collect();
    days.sort_unstable();
    days.dedup();
    let (guess, guess_variance) =
        known.share.map_or((0.0, NO_GUESS * NO_GUESS), |share| (share.ln(), GUESS * GUESS));
    let (scale, variance) = if other > 0.0 && !days.is_empty() {
        // Half a call stands for none: a queue that nobody called yet is small, not impossible.
        let seen = (own.max(0.5) / other).ln();
        let seen_variance = 1.0 / own.max(0.5) + 1.0 / other.max(0.5) + DAY * DAY / days.len() as f64;
        let weight = guess_variance / (guess_variance + seen_variance);
        (guess + weight * (seen - guess), guess_variance * (1.0 - weight))
    } else if known.share.is_some() {
        (guess, guess_variance)
    } else {
        return Err(ForecastError::NoHistory);
    };
    let share = scale.exp();
    let intervals = reference.intervals.iter().map(|interval| one(interval, share, variance)).collect();
    Ok(Forecast {
        intervals,
        table: Vec::new(),
        aht_table: Vec::new(),
        method: reference.method,
        why: format!("the shape of the reference queue times {share:.3}"),
        notes: vec![Note::Analogy { share }],
        memory: Memory::default(),
        minutes: reference.minutes,
    })
}

/// One interval of the new queue: the reference's relative uncertainty, that of the share, and its own chance add up.
fn one(reference: &IntervalForecast, share: f64, variance: f64) -> IntervalForecast {
    let calls = reference.calls;
    let mean = calls.mean * share;
    let scaled = calls.scaled(share);
    let own = (variance * mean * mean + mean).sqrt();
    let side = |bound: f64, normal: f64| ((bound - mean).powi(2) + (normal * own).powi(2)).sqrt();
    let mut estimate = scaled;
    estimate.lo80 = (mean - side(scaled.lo80, 1.2816)).max(0.0);
    estimate.hi80 = mean + side(scaled.hi80, 1.2816);
    estimate.lo95 = (mean - side(scaled.lo95, 1.96)).max(0.0);
    estimate.hi95 = mean + side(scaled.hi95, 1.96);
    IntervalForecast { calls: estimate, ..*reference }
}
