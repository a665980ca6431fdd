//! Days of the history that are unlike their neighbours, though nothing names them: a storm, a holiday without a
//! calendar, an export that broke off. The back-test sees those of its own stretch only.

use jiff::civil::Date;

use crate::history::{Day, DayState, weekday};
use crate::model::Past;
use crate::numbers::{median, robust_scale};

/// Same weekdays on each side of a day that it is compared with.
const LIKE: usize = 4;
/// Fewest on a side to say anything.
const LIKE_MIN: usize = 2;
/// A day is unusual when it has so many times as many calls as its like, or as many times fewer, …
const FACTOR: f64 = 2.0;
/// … by so many standard deviations of days, …
const DEVIATIONS: f64 = 6.0;
/// … and so many of the chance in counts: the root of a count has a deviation of a half, whatever its size.
const CHANCE: f64 = 5.0;
/// One day of so many that are far off where the history begins or ends is a new level.
const LEVEL_SHARE: usize = 4;

/// Where the same weekdays stand that a day is compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sides {
    Both,
    /// The history begins about then.
    After,
    /// The history ends about then.
    Before,
}

/// A day beside its like.
struct Compared {
    date: Date,
    sides: Sides,
    /// Calls ÷ the median of its like.
    ratio: f64,
    is_far: bool,
}

/// The open days, in order, that neither the calendar nor an event names and that have far fewer or more calls than the
/// same weekdays before **and** after them (so that a new level is none), with their calls ÷ the median of those.
pub(crate) fn unusual(past: &Past<'_>) -> Vec<(Date, f64)> {
    let ordinary: Vec<&Day> = past.days.iter().filter(|day| is_ordinary(past, day)).collect();
    let mut compared: Vec<Compared> = Vec::new();
    for which in 0..7 {
        let same: Vec<&Day> = ordinary.iter().copied().filter(|day| weekday(day.date) == which).collect();
        compared.extend((0..same.len()).filter_map(|at| compare(&same, at)));
    }
    let deviation = robust_scale(compared.iter().map(|day| day.ratio.ln()));
    for day in &mut compared {
        day.is_far &= day.ratio.ln().abs() > DEVIATIONS * deviation;
    }
    let count = |sides: Sides, far: bool| {
        compared.iter().filter(|day| day.sides == sides && (!far || day.is_far)).count()
    };
    // Where only one side is known, a new level looks like unusual days, but like many of them.
    let is_level =
        |sides: Sides| sides != Sides::Both && LEVEL_SHARE * count(sides, true) >= count(sides, false);
    let (first, last) = (is_level(Sides::After), is_level(Sides::Before));
    let told = |day: &&Compared| match day.sides {
        Sides::Both => day.is_far,
        Sides::After => day.is_far && !first,
        Sides::Before => day.is_far && !last,
    };
    let mut days: Vec<(Date, f64)> = compared.iter().filter(told).map(|day| (day.date, day.ratio)).collect();
    days.sort_by_key(|day| day.0);
    days
}

/// Open, known (an outage of half a day leaves nothing to compare), and named by nobody. What stays from a day on names that day, not all that follow.
fn is_ordinary(past: &Past<'_>, day: &Day) -> bool {
    let is_named = past
        .events
        .iter()
        .any(|event| event.is_on(day.date) && (event.last.is_some() || event.first == day.date));
    day.state == DayState::Open
        && day.total.is_finite()
        && day.total > 0.0
        && past.calendar.on(day.date).is_none()
        && !is_named
}

/// A day beside the nearest of the same weekday; nothing where there are too few.
fn compare(same: &[&Day], at: usize) -> Option<Compared> {
    let day = same.get(at)?;
    let before = same.get(at.saturating_sub(LIKE)..at).unwrap_or_default();
    let after = same.get(at + 1..(at + 1 + LIKE).min(same.len())).unwrap_or_default();
    let middle = |days: &[&Day]| median(&mut days.iter().map(|day| day.total).collect::<Vec<f64>>());
    let (sides, used) = match (before.len() >= LIKE_MIN, after.len() >= LIKE_MIN) {
        (true, true) => (Sides::Both, vec![before, after]),
        (true, false) => (Sides::Before, vec![before]),
        (false, true) => (Sides::After, vec![after]),
        (false, false) => return None,
    };
    let medians: Vec<f64> = used.iter().filter_map(|side| middle(side)).collect();
    let is_beyond_chance = |like: &f64| 2.0 * (day.total.sqrt() - like.sqrt()).abs() > CHANCE;
    let is_less = medians.iter().all(|like| FACTOR * day.total < *like);
    let is_more = medians.iter().all(|like| day.total > FACTOR * like);
    let is_far = (is_less || is_more) && medians.iter().all(is_beyond_chance);
    let ratio = day.total / middle(&used.concat())?;
    Some(Compared { date: day.date, sides, ratio, is_far })
}
