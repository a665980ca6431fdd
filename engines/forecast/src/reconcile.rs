//! Queues that add up to the centre.
//!
//! The queues' forecasts and the centre's own rarely agree. Each is moved by as much as it is uncertain: for one level
//! of queues this is minimum-trace reconciliation with uncorrelated errors (Wickramasuriya, Athanasopoulos and Hyndman
//! 2019, “WLS”), which has a closed form; what would fall below zero stays at zero and the others take its part.

use crate::error::ForecastError;
use crate::forecast::Forecast;
use crate::limits::QUEUES_MAX;

/// Rounds in which queues may reach zero; each fixes at least one, and few ever do.
const ROUNDS_MAX: usize = 64;

/// Makes the forecasts of queues and of their centre agree: in every interval, the queues' means add up to the centre's.
///
/// # Errors
/// When there are too many queues, or they do not cover the intervals of the centre. A queue that is closed while the
/// centre is open may lack intervals; one that has others than the centre may not.
pub fn reconcile(queues: &mut [Forecast], centre: &mut Forecast) -> Result<(), ForecastError> {
    if queues.len() > QUEUES_MAX {
        return Err(ForecastError::TooMuch { what: "queues", value: queues.len(), limit: QUEUES_MAX });
    }
    if queues.is_empty() {
        return Ok(());
    }
    let mut positions = vec![0_usize; queues.len()];
    for interval in &mut centre.intervals {
        let mut here = Vec::with_capacity(queues.len());
        for (queue, position) in positions.iter_mut().enumerate() {
            let at = queues.get(queue).and_then(|queue| queue.intervals.get(*position));
            let Some(at) = at.filter(|at| at.start <= interval.start) else { continue };
            if at.start < interval.start {
                return Err(ForecastError::Misaligned(format!("{} is in a queue alone", at.start)));
            }
            here.push((queue, *position));
            *position += 1;
        }
        let means: Vec<f64> =
            here.iter().map(|(queue, at)| queues[*queue].intervals[*at].calls.mean).collect();
        let variances: Vec<f64> = here
            .iter()
            .map(|(queue, at)| queues[*queue].intervals[*at].calls.deviation().powi(2).max(1e-9))
            .collect();
        if here.is_empty() {
            continue;
        }
        let own = interval.calls.deviation().powi(2).max(1e-9);
        let moved = balance(&means, &variances, interval.calls.mean, own);
        let total: f64 = moved.iter().sum();
        for ((queue, at), mean) in here.iter().zip(&moved) {
            if let Some(one) = queues[*queue].intervals.get_mut(*at) {
                one.calls = one.calls.moved_to(*mean);
            }
        }
        interval.calls = interval.calls.moved_to(total);
    }
    let left = queues.iter().zip(&positions).find_map(|(queue, position)| queue.intervals.get(*position));
    match left {
        Some(left) => Err(ForecastError::Misaligned(format!("{} is in a queue alone", left.start))),
        None => Ok(()),
    }
}

/// Means that are nearest to what was said, in units of how uncertain each is, and none below zero.
fn balance(means: &[f64], variances: &[f64], total: f64, total_variance: f64) -> Vec<f64> {
    let mut is_free = vec![true; means.len()];
    for _ in 0..ROUNDS_MAX.min(means.len() + 1) {
        let free = || means.iter().zip(variances).zip(&is_free).filter(|(_, free)| **free);
        let (sum, variance) =
            free().fold((0.0, 0.0), |sum, ((mean, variance), _)| (sum.0 + mean, sum.1 + variance));
        let gap = (total - sum) / (variance + total_variance);
        let moved = |(mean, variance): (&f64, &f64)| mean + variance * gap;
        let mut fixed = false;
        for (free, one) in is_free.iter_mut().zip(means.iter().zip(variances)) {
            if *free && moved(one) < 0.0 {
                *free = false;
                fixed = true;
            }
        }
        if !fixed {
            let all = means.iter().zip(variances).zip(&is_free);
            return all.map(|(one, free)| if *free { moved(one) } else { 0.0 }).collect();
        }
    }
    means.to_vec()
}
