//! Seasonal decomposition by LOESS with several seasons (MSTL), its trend continued as it ended.

use super::{Method, Past, means};
use crate::history::{Ahead, weekday};

/// Days of history that are decomposed; half a year knows the seasons of day and week.
const DAYS_MAX: usize = 182;
/// Weeks that are needed for a season of a week.
const WEEKS_MIN: usize = 3;

/// Calls per day ahead and slot; nothing where the history is too short.
pub(super) fn predict(past: &Past<'_>, ahead: &[Ahead]) -> Option<Vec<Vec<f64>>> {
    let usual: Vec<usize> = (0..7).filter(|which| is_usual(past, *which)).collect();
    let open: Vec<usize> = (0..past.slots)
        .filter(|slot| past.days.iter().rev().take(DAYS_MAX).any(|day| day.calls[*slot] > 0.0))
        .collect();
    let from = past.days.len().saturating_sub(DAYS_MAX);
    let kept: Vec<_> = past.days[from..].iter().filter(|day| usual.contains(&weekday(day.date))).collect();
    let week = usual.len() * open.len();
    if open.is_empty() || kept.len() < WEEKS_MIN * usual.len().max(1) {
        return None;
    }
    let mut series = Vec::with_capacity(kept.len() * open.len());
    for day in &kept {
        // What is not known is what the same weekdays had.
        let stand_in = Ahead { date: day.date, open: vec![true; past.slots], closed_before: 0 };
        let mut filled = None;
        for slot in &open {
            let known = Some(day.calls[*slot]).filter(|calls| calls.is_finite());
            let calls = known.unwrap_or_else(|| {
                let said = filled.get_or_insert_with(|| {
                    means::predict(past, Method::MedianOfEight, std::slice::from_ref(&stand_in))
                });
                said.first().and_then(|day| day.get(*slot)).copied().unwrap_or(0.0)
            });
            series.push(calls.ln_1p());
        }
    }
    let periods: Vec<usize> = [open.len(), week].into_iter().filter(|period| *period > 1).collect();
    let distinct = if periods.first() == periods.get(1) { &periods[..1] } else { &periods[..] };
    let parts = stlrs::Mstl::params().fit(&series, distinct).ok()?;
    let trend: f64 = *parts.trend().last()?;
    let seasons = parts.seasonal();
    let n = series.len();
    let last = past.days.last()?.date;
    let mut position = 0;
    let mut said = Vec::with_capacity(ahead.len());
    let mut ahead = ahead.iter().peekable();
    // Positions count usual days, whether they are asked for or not.
    let mut date = last.tomorrow().ok()?;
    while let Some(day) = ahead.peek() {
        let counts = usual.contains(&weekday(date));
        if day.date == date {
            let mut calls = vec![0.0; past.slots];
            for (index, slot) in open.iter().enumerate().filter(|(_, slot)| day.open[**slot]) {
                let season: f64 = distinct
                    .iter()
                    .zip(seasons)
                    .filter_map(|(period, season)| {
                        let at = n - period + (position * open.len() + index) % period;
                        season.get(at).copied()
                    })
                    .sum();
                calls[*slot] = (trend + season).min(20.0).exp_m1().max(0.0);
            }
            said.push(calls);
            ahead.next();
        }
        position += usize::from(counts);
        date = date.tomorrow().ok()?;
    }
    Some(said)
}

fn is_usual(past: &Past<'_>, which: usize) -> bool {
    past.days.iter().rev().take(7).any(|day| weekday(day.date) == which && past.opening.is_usual(day.date))
}
