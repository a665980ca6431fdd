//! The rest of today, once its first hours are known.
//!
//! How far the morning is off says something about the afternoon, but less than a plain ratio takes it to: part of it
//! is chance. How much of it lasts is learned from the days of the back-test (the penalised update of Shen and Huang
//! 2008, with one component), and it is used only where it would have helped there.

use crate::backtest::Pair;

/// Days on which nothing lasted that every estimate is drawn towards.
const SCEPTIC_DAYS: f64 = 3.0;
/// Fewest days to learn from.
const DAYS_MIN: usize = 8;
/// What is near: two hours; what lasts for longer is learned apart.
const NEAR_MINUTES: u32 = 120;
/// A day that is this far off, in standard deviations of the days learned from, is taken as so far off and no more.
const FAR_OFF: f64 = 4.0;

/// What forecasts and days really were, per day of the back-test.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    days: Vec<Vec<(usize, f64, f64)>>,
}

/// How a deviation of the first hours carries on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Carry {
    /// Part of the deviation that lasts.
    part: f64,
    /// Bands become so much narrower.
    narrower: f64,
}

/// What becomes of the rest of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moved {
    pub factor: f64,
    pub narrower: f64,
}

/// The first slot that is far from `known` on.
pub(crate) fn far_from(known: usize, minutes: u32) -> usize {
    known + (NEAR_MINUTES / minutes.max(1)).max(1) as usize
}

/// What the back-test of updates says, each as WAPE of the rest of the day.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct UpdateTest {
    /// Days tried.
    pub days: usize,
    /// The forecast left as it was.
    pub none: f64,
    /// The rest of the day times the plain ratio of actual to forecast.
    pub plain_ratio: f64,
    /// The rest of the day as this engine updates it, each day with what was learned from the others.
    pub shrunk: f64,
}

impl Memory {
    /// What the rest of a day is multiplied by near and far, and by how much its bands narrow, when `came` calls came
    /// instead of `planned` in the slots before `known`.
    pub fn moved(&self, known: usize, minutes: u32, planned: f64, came: f64) -> [Moved; 2] {
        let deviation = self.deviation(known, planned, came);
        self.carry(known, minutes)
            .map(|carry| Moved { factor: (1.0 + carry.part * deviation).max(0.0), narrower: carry.narrower })
    }

    pub fn learn(pairs: impl Iterator<Item = Pair>) -> Self {
        let mut days: Vec<Vec<(usize, f64, f64)>> = Vec::new();
        let mut at = None;
        for pair in pairs {
            if at != Some((pair.origin, pair.day)) {
                at = Some((pair.origin, pair.day));
                days.push(Vec::new());
            }
            if let Some(day) = days.last_mut() {
                day.push((pair.slot, pair.forecast, pair.actual));
            }
        }
        Self { days }
    }

    /// How much of the deviation up to `known` (slots before it are known) lasts near and far.
    fn carry(&self, known: usize, minutes: u32) -> [Carry; 2] {
        let nothing = Carry { part: 0.0, narrower: 1.0 };
        ranges(known, minutes).map(|range| {
            let seen: Vec<Deviation> =
                self.days.iter().filter_map(|day| Deviation::of(day, known, range)).collect();
            let Some(part) = part(&seen, None) else { return nothing };
            let error = |part_of: &dyn Fn(usize) -> f64| -> f64 {
                seen.iter().enumerate().map(|(i, one)| one.error(part_of(i))).sum()
            };
            let (without, with) = (error(&|_| 0.0), error(&|i| part_without(&seen, i)));
            if with < without { Carry { part, narrower: (with / without).max(0.5) } } else { nothing }
        })
    }

    /// By how much the first hours are off: actual ÷ forecast − 1, within what days have been.
    fn deviation(&self, known: usize, forecast: f64, actual: f64) -> f64 {
        if forecast <= 0.0 {
            return 0.0;
        }
        let all = self.days.iter().filter_map(|day| Deviation::of(day, known, (known, usize::MAX)));
        let (sum, n) = all.fold((0.0, 0.0), |(sum, n), one| (sum + one.early * one.early, n + 1.0));
        let most = if n > 0.0 { FAR_OFF * f64::sqrt(sum / n) } else { 0.0 };
        (actual / forecast - 1.0).clamp(-most, most)
    }

    /// Updates tried on every day of the back-test, each without itself.
    pub fn test(&self, known: usize, minutes: u32) -> Option<UpdateTest> {
        let mut sums = [0.0; 4];
        let ranges = ranges(known, minutes);
        let seen = ranges.map(|range| -> Vec<Option<Deviation>> {
            self.days.iter().map(|day| Deviation::of(day, known, range)).collect()
        });
        let mut days = 0;
        for (range, seen) in ranges.iter().zip(&seen) {
            let whole: Vec<Deviation> = seen.iter().flatten().cloned().collect();
            let mut position = 0;
            for (one, day) in seen.iter().zip(&self.days) {
                let Some(one) = one else { continue };
                // The choice whether to update at all is made without this day too.
                let others: Vec<Deviation> = whole
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| *i != position)
                    .map(|(_, other)| other.clone())
                    .collect();
                let part = usable_part(&others);
                for (slot, forecast, actual) in day {
                    if (range.0..range.1).contains(slot) {
                        sums[0] += actual;
                        sums[1] += (forecast - actual).abs();
                        sums[2] += (forecast * (1.0 + one.early) - actual).abs();
                        sums[3] += (forecast * (1.0 + part * one.early) - actual).abs();
                    }
                }
                position += 1;
            }
            days = days.max(position);
        }
        let of = |sum: f64| sum / sums[0];
        (sums[0] > 0.0).then(|| UpdateTest {
            days,
            none: of(sums[1]),
            plain_ratio: of(sums[2]),
            shrunk: of(sums[3]),
        })
    }
}

/// Slots that are near and far from `known` on.
fn ranges(known: usize, minutes: u32) -> [(usize, usize); 2] {
    let near = far_from(known, minutes);
    [(known, near), (near, usize::MAX)]
}

/// A day's deviation early, and what came later interval by interval.
#[derive(Debug, Clone)]
struct Deviation {
    early: f64,
    late: f64,
    weight: f64,
    intervals: Vec<(f64, f64)>,
}

impl Deviation {
    fn of(day: &[(usize, f64, f64)], known: usize, range: (usize, usize)) -> Option<Self> {
        let sum = |keep: &dyn Fn(usize) -> bool| {
            let kept = day.iter().filter(|(slot, ..)| keep(*slot));
            kept.fold((0.0, 0.0), |(forecast, actual), (_, f, a)| (forecast + f, actual + a))
        };
        let (early, late) = (sum(&|slot| slot < known), sum(&|slot| (range.0..range.1).contains(&slot)));
        let inside = day.iter().filter(|(slot, ..)| (range.0..range.1).contains(slot));
        let intervals = inside.map(|(_, forecast, actual)| (*forecast, *actual)).collect();
        let known = early.0 > 0.0 && late.0 > 0.0;
        known.then(|| Self {
            early: early.1 / early.0 - 1.0,
            late: late.1 / late.0 - 1.0,
            weight: late.0,
            intervals,
        })
    }

    /// Absolute error of the later intervals when so much of the early deviation is carried on.
    fn error(&self, part: f64) -> f64 {
        let factor = (1.0 + part * self.early).max(0.0);
        self.intervals.iter().map(|(forecast, actual)| (forecast * factor - actual).abs()).sum()
    }
}

/// The part of a deviation that lasts, by least squares drawn towards nothing; `without` leaves one day out.
fn part(seen: &[Deviation], without: Option<usize>) -> Option<f64> {
    if seen.len() < DAYS_MIN {
        return None;
    }
    let (mut product, mut square, mut n) = (0.0, 0.0, 0.0);
    for (_, one) in seen.iter().enumerate().filter(|(i, _)| Some(*i) != without) {
        product += one.weight * one.early * one.late;
        square += one.weight * one.early * one.early;
        n += 1.0;
    }
    let sceptic = SCEPTIC_DAYS * square / f64::max(n, 1.0);
    (square > 0.0).then(|| (product / (square + sceptic)).clamp(0.0, 1.0))
}

fn part_without(seen: &[Deviation], day: usize) -> f64 {
    part(seen, Some(day)).unwrap_or(0.0)
}

/// The part that lasts, 0 where carrying it on would not have helped.
fn usable_part(seen: &[Deviation]) -> f64 {
    let Some(part) = part(seen, None) else { return 0.0 };
    let without: f64 = seen.iter().map(|one| one.error(0.0)).sum();
    let with: f64 = seen.iter().enumerate().map(|(i, one)| one.error(part_without(seen, i))).sum();
    if with < without { part } else { 0.0 }
}
