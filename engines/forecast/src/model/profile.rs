//! How a day's calls spread over its slots.
//!
//! The share of a slot is what its kind of day had there lately, drawn towards what all days have as far as its calls
//! leave it uncertain (a Dirichlet prior); a queue of few calls is smoothed over neighbouring slots.

use super::Past;
use crate::calendar::DayKind;
use crate::history::{Ahead, Day, DayState, weekday};

/// Open days after which a day counts half.
const HALF_LIFE_DAYS: f64 = 40.0;
/// Days that count at all: seven half-lives.
const DAYS_MAX: usize = 280;
/// By how much a weekday's share of a slot differs from the common share before anything is seen, as a part of it.
const WEEKDAY_SPREAD: f64 = 0.1;
/// Effective calls per slot from which on nothing is smoothed: chance is then below a tenth.
const SMOOTH_BELOW: f64 = 100.0;
/// Most rounds of smoothing; eight reach over two slots to either side.
const SMOOTH_ROUNDS_MAX: usize = 8;

/// Kinds of days that have a profile of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Weekday(usize),
    Workday,
    Holiday,
}

/// Calls per slot over the days in which the slot was known, and the totals of those days, both weighted.
#[derive(Clone)]
struct Sums {
    calls: Vec<f64>,
    totals: Vec<f64>,
    weight: f64,
}

impl Sums {
    fn new(slots: usize) -> Self {
        Self { calls: vec![0.0; slots], totals: vec![0.0; slots], weight: 0.0 }
    }

    fn add(&mut self, day: &Day, weight: f64) {
        self.weight += weight * day.total;
        for (slot, calls) in day.calls.iter().enumerate().filter(|(_, calls)| calls.is_finite()) {
            self.calls[slot] += weight * calls;
            self.totals[slot] += weight * day.total;
        }
    }

    /// Shares per slot, drawn towards `prior` with the strength of so many calls.
    fn shares(&self, prior: &[f64], strength: f64) -> Vec<f64> {
        let share =
            |slot: usize| (self.calls[slot] + strength * prior[slot]) / (self.totals[slot] + strength);
        (0..prior.len()).map(share).collect()
    }
}

/// Shares per day ahead and slot; each open day's add up to 1.
pub(super) fn shares(past: &Past<'_>, ahead: &[Ahead]) -> Vec<Vec<f64>> {
    let open = past.days.iter().rev().filter(|day| day.state == DayState::Open && day.total > 0.0);
    let days: Vec<(&Day, f64)> = open
        .take(DAYS_MAX)
        .enumerate()
        .map(|(age, day)| (day, 0.5_f64.powf(age as f64 / HALF_LIFE_DAYS)))
        .collect();
    let sums = |keep: &dyn Fn(&Day) -> bool| {
        let mut sums = Sums::new(past.slots);
        for (day, weight) in days.iter().filter(|(day, _)| keep(day)) {
            sums.add(day, *weight);
        }
        sums
    };
    let kind = |date| past.calendar.on(date).map(|special| special.kind);
    let is_plain = |day: &Day| !matches!(kind(day.date), Some(DayKind::Holiday | DayKind::MakeUpWorkday));
    let all = sums(&|_| true);
    let busy = all.calls.iter().filter(|calls| **calls > 0.0).count().max(1) as f64;
    let common = smooth(all.shares(&vec![1.0 / busy; past.slots], 1.0), all.weight / busy);
    let strength = busy / (WEEKDAY_SPREAD * WEEKDAY_SPREAD);
    let weekdays: Vec<Vec<f64>> = (0..7)
        .map(|which| sums(&|day| is_plain(day) && weekday(day.date) == which).shares(&common, strength))
        .collect();
    let workday = sums(&|day| is_plain(day) && weekday(day.date) < 5).shares(&common, strength);
    let holiday = sums(&|day| kind(day.date) == Some(DayKind::Holiday)).shares(&common, strength);
    ahead
        .iter()
        .map(|day| {
            let kind = match kind(day.date) {
                Some(DayKind::Holiday) => Kind::Holiday,
                Some(DayKind::MakeUpWorkday) => Kind::Workday,
                _ => Kind::Weekday(weekday(day.date)),
            };
            let shares = match kind {
                Kind::Weekday(which) => &weekdays[which],
                Kind::Workday => &workday,
                Kind::Holiday => &holiday,
            };
            over_open(shares, &day.open)
        })
        .collect()
}

/// The shares of the open slots, adding up to 1; even ones where nothing is known.
fn over_open(shares: &[f64], open: &[bool]) -> Vec<f64> {
    let kept = |(share, open): (&f64, &bool)| if *open { share.max(0.0) } else { 0.0 };
    let kept: Vec<f64> = shares.iter().zip(open).map(kept).collect();
    let sum: f64 = kept.iter().sum();
    if sum > 0.0 {
        return kept.into_iter().map(|share| share / sum).collect();
    }
    let n = open.iter().filter(|open| **open).count().max(1) as f64;
    open.iter().map(|open| if *open { 1.0 / n } else { 0.0 }).collect()
}

/// Smooths over neighbours as often as few calls make it necessary.
fn smooth(mut shares: Vec<f64>, calls_per_slot: f64) -> Vec<f64> {
    if calls_per_slot >= SMOOTH_BELOW {
        return shares;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 8")]
    let rounds =
        (SMOOTH_BELOW / calls_per_slot.max(1.0)).ceil().clamp(1.0, SMOOTH_ROUNDS_MAX as f64) as usize;
    let known = |share: &f64| *share > 0.0;
    let (Some(first), Some(last)) = (shares.iter().position(known), shares.iter().rposition(known)) else {
        return shares;
    };
    for _ in 0..rounds {
        let held = shares.clone();
        for slot in first..=last {
            let left = held[slot.saturating_sub(1).max(first)];
            let right = held[(slot + 1).min(last)];
            shares[slot] = 0.25 * left + 0.5 * held[slot] + 0.25 * right;
        }
    }
    shares
}
