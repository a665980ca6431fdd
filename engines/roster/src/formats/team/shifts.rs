//! Shifts with every way of placing their breaks.

use toml::Spanned;

use super::calendar::{Calendar, DAY, Stretch};
use super::faults::Faults;
use super::file::{BreakRow, ShiftRow};
use super::number;
use crate::model::{Pattern, Shift};

/// Most ways of placing the breaks of a shift.
pub const PLACEMENTS_MAX: usize = 2_000;
/// Night work is what touches 22:00 to 06:00.
const NIGHT: [Stretch; 3] = [
    Stretch { from: 0, to: 6 * 60 },
    Stretch { from: 22 * 60, to: 30 * 60 },
    Stretch { from: 46 * 60, to: 48 * 60 },
];

/// A break: its length, and the first and last place at which it may begin.
#[derive(Clone, Copy)]
struct Break {
    length: u16,
    first: u16,
    last: u16,
}

/// Reads a shift; nothing when its time cannot be read.
pub(super) fn shift(row: &ShiftRow, calendar: &Calendar, faults: &mut Faults) -> Option<Shift> {
    let Stretch { from, to } = calendar.stretch(&row.time, faults)?;
    let length = to - from;
    let paid = row.paid_minutes.as_ref();
    let minutes =
        paid.map_or(Some(length), |paid| number("paid_minutes", paid, 0, i64::from(DAY), faults))?;
    let touches = NIGHT.iter().any(|night| from < night.to && night.from < to);
    Some(Shift {
        name: row.name.get_ref().clone(),
        start: from,
        end: to,
        minutes,
        night: row.night.unwrap_or(touches),
        patterns: patterns(row, calendar, Stretch { from, to }, faults)?,
    })
}

fn patterns(
    row: &ShiftRow,
    calendar: &Calendar,
    shift: Stretch,
    faults: &mut Faults,
) -> Option<Vec<Pattern>> {
    let breaks: Option<Vec<Break>> =
        row.breaks.iter().map(|one| one_break(one, calendar, shift, faults)).collect();
    let mut breaks = breaks?;
    let (start, end) = (calendar.place(shift.from), calendar.place(shift.to));
    let name = row.name.get_ref();
    // How late each may begin so that those after it still fit.
    let mut latest = None;
    for one in breaks.iter_mut().rev() {
        if let Some(next) = latest {
            one.last = one.last.min(u16::saturating_sub(next, one.length + 1));
        }
        latest = Some(one.last);
    }
    let mut placed = Vec::new();
    place(&breaks, 0, &mut Vec::new(), &mut placed);
    let why = if placed.is_empty() {
        "the breaks cannot be placed in their order without touching each other: widen between".to_owned()
    } else if placed.len() > PLACEMENTS_MAX {
        format!(
            "there are more than {PLACEMENTS_MAX} ways of placing the breaks: narrow between, or give a longer interval_minutes"
        )
    } else if breaks.iter().map(|one| u32::from(one.length)).sum::<u32>() >= u32::from(end - start) {
        "the breaks take the whole shift: shorten them".to_owned()
    } else {
        return Some(placed.iter().map(|at| at_work(start, end, &breaks, at)).collect());
    };
    faults.at(&row.name.span(), format!("shift “{name}”: {why}"));
    None
}

fn one_break(row: &BreakRow, calendar: &Calendar, shift: Stretch, faults: &mut Faults) -> Option<Break> {
    let within = calendar.stretch(&row.between, faults);
    let minutes = number("minutes", &row.minutes, 1, i64::from(DAY), faults)?;
    let Stretch { mut from, mut to } = within?;
    // After midnight of a shift that began before it.
    if from < shift.from {
        (from, to) = (from + DAY, to + DAY);
    }
    if to > shift.to {
        return refuse(&row.between, "reaches beyond the shift: a break lies within it", faults);
    }
    if !minutes.is_multiple_of(calendar.interval) {
        let why = format!("minutes are no whole number of intervals of {} minutes", calendar.interval);
        faults.at(&row.minutes.span(), format!("{minutes} {why}"));
        return None;
    }
    if minutes > to - from {
        return refuse(&row.between, "is shorter than the break", faults);
    }
    let length = calendar.place(minutes);
    Some(Break { length, first: calendar.place(from), last: calendar.place(to) - length })
}

fn refuse(between: &Spanned<String>, why: &str, faults: &mut Faults) -> Option<Break> {
    faults.at(&between.span(), format!("{} {why}", between.get_ref()));
    None
}

/// Every placing of the breaks behind those that `begun` holds, one more than [`PLACEMENTS_MAX`] at most.
fn place(breaks: &[Break], free: u16, begun: &mut Vec<u16>, placed: &mut Vec<Vec<u16>>) {
    let Some((one, later)) = breaks.split_first() else {
        placed.push(begun.clone());
        return;
    };
    for at in one.first.max(free)..=one.last {
        if placed.len() > PLACEMENTS_MAX {
            return;
        }
        begun.push(at);
        place(later, at + one.length + 1, begun, placed);
        begun.pop();
    }
}

/// The stretches at work around breaks that begin at `at`.
fn at_work(start: u16, end: u16, breaks: &[Break], at: &[u16]) -> Pattern {
    let mut work = Vec::new();
    let mut from = start;
    for (one, &at) in breaks.iter().zip(at) {
        if from < at {
            work.push((from, at));
        }
        from = at + one.length;
    }
    if from < end {
        work.push((from, end));
    }
    Pattern { work }
}

/// The breaks of a pattern as people write them: `11:30-12:00, 15:00-15:15`; nothing without breaks.
pub(super) fn breaks(shift: &Shift, pattern: &Pattern, interval: u32) -> String {
    let mut told = Vec::new();
    let mut from = shift.start;
    for &(begins, ends) in &pattern.work {
        let (begins, ends) = (u32::from(begins) * interval, u32::from(ends) * interval);
        if from < begins {
            told.push(super::calendar::written(from, begins));
        }
        from = ends;
    }
    if from < shift.end {
        told.push(super::calendar::written(from, shift.end));
    }
    told.join(", ")
}
