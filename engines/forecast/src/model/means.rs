//! Means of earlier days of the same kind.

use super::{Method, Past};
use crate::calendar::DayKind;
use crate::history::{Ahead, Day, DayState, weekday};
use crate::numbers::median;

/// What the next older same weekday counts, for the exponential weights.
const DISCOUNT: f64 = 0.75;
/// Days looked back on for the exponential weights: older ones count less than 1 %.
const EXPONENTIAL_DAYS: usize = 16;

/// The class of days whose mean stands for a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Weekday(usize),
    /// Make-up workdays are like workdays, not like the Saturday or Sunday on which they fall.
    AnyWorkday,
    Holiday,
}

pub(super) fn predict(past: &Past<'_>, method: Method, ahead: &[Ahead]) -> Vec<Vec<f64>> {
    ahead.iter().map(|day| one(past, method, day)).collect()
}

fn one(past: &Past<'_>, method: Method, day: &Ahead) -> Vec<f64> {
    let count = match method {
        Method::LastFour => 4,
        Method::MedianOfEight => 8,
        _ => EXPONENTIAL_DAYS,
    };
    let alike = alike(past, day, count);
    (0..past.slots)
        .map(|slot| {
            if !day.open.get(slot).copied().unwrap_or(false) {
                return 0.0;
            }
            let known = alike.iter().map(|day| day.calls[slot]);
            middle(method, known)
        })
        .collect()
}

/// The middle of the known values, the newest first; 0 without any.
fn middle(method: Method, values: impl Iterator<Item = f64>) -> f64 {
    if method == Method::MedianOfEight {
        let mut known: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        return median(&mut known).unwrap_or(0.0);
    }
    let discount = if method == Method::Exponential { DISCOUNT } else { 1.0 };
    let (mut sum, mut weights, mut weight) = (0.0, 0.0, 1.0);
    for value in values {
        if value.is_finite() {
            sum += weight * value;
            weights += weight;
        }
        weight *= discount;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// The last open days of the same class, the newest first; of any class when there is none.
fn alike<'a>(past: &Past<'a>, day: &Ahead, count: usize) -> Vec<&'a Day> {
    let kind = |date| past.calendar.on(date).map(|special| special.kind);
    let class = match kind(day.date) {
        Some(DayKind::Holiday) => Class::Holiday,
        Some(DayKind::MakeUpWorkday) => Class::AnyWorkday,
        _ => Class::Weekday(weekday(day.date)),
    };
    let find = |class: Class| -> Vec<&'a Day> {
        let belongs = |other: &&Day| match (kind(other.date), class) {
            (Some(DayKind::Holiday), class) => class == Class::Holiday,
            (Some(DayKind::MakeUpWorkday), class) => class == Class::AnyWorkday,
            (_, Class::Weekday(which)) => weekday(other.date) == which,
            (_, Class::AnyWorkday) => weekday(other.date) < 5,
            (_, Class::Holiday) => false,
        };
        let open = |other: &&Day| other.state == DayState::Open;
        past.days.iter().rev().filter(open).filter(belongs).take(count).collect()
    };
    let mut found = find(class);
    if found.is_empty() {
        found = find(Class::Weekday(weekday(day.date)));
    }
    if found.is_empty() {
        found = past.days.iter().rev().filter(|other| other.state == DayState::Open).take(count).collect();
    }
    found
}
