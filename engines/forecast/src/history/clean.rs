//! What should not be learned from is taken out: closed days, outages, spikes.

use jiff::civil::{Date, DateTime};

use super::{Day, DayState, Opening, opening::weekday};
use crate::calendar::Calendar;
use crate::limits::NOTES_PER_KIND_MAX;
use crate::note::Note;
use crate::numbers::median;

/// Calls that an interval must expect before its silence says anything.
const EXPECTED_MIN: f64 = 10.0;
/// Calls that a stretch must expect: by chance alone, silence for that long does not happen.
const STRETCH_EXPECTED_MIN: f64 = 30.0;
/// Share of the expected calls below which an interval is dead.
const DEAD_SHARE: f64 = 0.1;
/// An interval counts for at most so many times the usual.
const SPIKE_FACTOR: f64 = 3.0;
/// … plus so many calls, so that a small queue may have a busy quarter of an hour.
const SPIKE_ROOM: f64 = 20.0;
/// A day at less than this share of its weekday's level is no guide to how busy the day was.
const LEVEL_MIN: f64 = 0.3;

/// Open intervals without a row: unknown, or 0 where the export leaves zeros out.
pub(super) fn fill_missing(
    days: &mut [Day],
    opening: &Opening,
    calendar: &Calendar,
    at: &dyn Fn(Date, usize) -> DateTime,
    notes: &mut Vec<Note>,
) {
    let (mut missing, mut first) = (0, None);
    let edge = (days.first().map(|day| day.date), days.last().map(|day| day.date));
    for day in days.iter_mut().filter(|day| day.state == DayState::Open) {
        let is_edge = edge.0 == Some(day.date) || edge.1 == Some(day.date);
        for (slot, open) in opening.on(day.date, calendar).into_iter().enumerate() {
            let Some(calls) = day.calls.get_mut(slot).filter(|calls| open && calls.is_nan()) else {
                continue;
            };
            if is_edge {
                // A history may begin and end in the middle of a day.
                continue;
            }
            missing += 1;
            first.get_or_insert_with(|| at(day.date, slot));
            if opening.sparse {
                *calls = 0.0;
            }
        }
    }
    match first {
        Some(_) if opening.sparse => notes.push(Note::MissingAreZero { intervals: missing }),
        Some(first) => notes.push(Note::Missing { intervals: missing, first }),
        None => {}
    }
}

/// Days without calls are closed; those usually open are told.
pub(super) fn mark_closed(days: &mut [Day], opening: &Opening, calendar: &Calendar, notes: &mut Vec<Note>) {
    let mut told = Vec::new();
    let mut run = 0;
    for day in days.iter_mut() {
        day.closed_before = run;
        let open = day.calls.iter().any(|calls| *calls > 0.0);
        if !open {
            day.state = DayState::Closed;
            day.calls.fill(f64::NAN);
            day.aht.fill(f64::NAN);
            if opening.on(day.date, calendar).contains(&true) {
                told.push(day.date);
            }
        }
        run = opening.closed_run(day.date, run, open);
    }
    if !told.is_empty() {
        notes.push(Note::Closed { dates: told });
    }
}

/// Takes out outages and cuts spikes, against the median of the same weekday scaled to the day.
pub(super) fn take_out(
    days: &mut [Day],
    opening: &Opening,
    calendar: &Calendar,
    at: &dyn Fn(Date, usize) -> DateTime,
    minutes: u32,
    notes: &mut Vec<Note>,
) {
    let usual = usual_profiles(days);
    let (mut outages, mut spikes, mut first_spike) = (0, 0, None);
    for day in days.iter_mut().filter(|day| day.state == DayState::Open) {
        let usual = &usual[weekday(day.date)];
        let open = opening.on(day.date, calendar);
        let level = level(day, usual);
        let expected: Vec<f64> = usual.iter().map(|calls| calls * level).collect();
        for (from, to) in dead_stretches(day, &expected, &open, minutes) {
            outages += 1;
            if outages <= NOTES_PER_KIND_MAX {
                notes.push(Note::Outage { from: at(day.date, from), to: at(day.date, to) });
            }
            for slot in from..to {
                day.calls[slot] = f64::NAN;
                day.aht[slot] = f64::NAN;
            }
        }
        for (slot, expected) in expected.iter().enumerate() {
            let most = SPIKE_FACTOR * expected + SPIKE_ROOM;
            if expected.is_finite() && day.calls[slot] > most {
                day.calls[slot] = most;
                spikes += 1;
                first_spike.get_or_insert_with(|| at(day.date, slot));
            }
        }
    }
    if let Some(first) = first_spike {
        notes.push(Note::Spike { intervals: spikes, first });
    }
}

/// The day's total over its open slots; what is unknown is filled in by the usual share of the rest.
pub(super) fn totals(days: &mut [Day], opening: &Opening, calendar: &Calendar) {
    let usual = usual_profiles(days);
    for day in days.iter_mut().filter(|day| day.state == DayState::Open) {
        let usual = &usual[weekday(day.date)];
        let open = opening.on(day.date, calendar);
        let (mut sum, mut known, mut unknown) = (0.0, 0.0, 0.0);
        for (slot, calls) in day.calls.iter().enumerate() {
            let share = usual.get(slot).copied().filter(|share| share.is_finite()).unwrap_or(0.0);
            if calls.is_finite() {
                sum += calls;
                known += share;
            } else if open.get(slot) == Some(&true) {
                unknown += share;
            }
        }
        let filled = if known > 0.0 { sum * (known + unknown) / known } else { sum };
        // Too little of the day is known to say what all of it was.
        let is_known = known >= 0.5 * (known + unknown);
        day.total = if is_known { filled } else { f64::NAN };
    }
}

/// Per weekday and slot the median of the open days; where a weekday is rare, of all days.
fn usual_profiles(days: &[Day]) -> [Vec<f64>; 7] {
    let slots = days.first().map_or(0, |day| day.calls.len());
    let of = |keep: &dyn Fn(&Day) -> bool| -> Vec<f64> {
        let kept: Vec<&Day> = days.iter().filter(|day| day.state == DayState::Open && keep(day)).collect();
        (0..slots)
            .map(|slot| {
                let mut known: Vec<f64> =
                    kept.iter().map(|day| day.calls[slot]).filter(|calls| calls.is_finite()).collect();
                median(&mut known).unwrap_or(f64::NAN)
            })
            .collect()
    };
    let all = of(&|_| true);
    std::array::from_fn(|which| {
        let open =
            days.iter().filter(|day| day.state == DayState::Open && weekday(day.date) == which).count();
        if open >= 3 { of(&|day| weekday(day.date) == which) } else { all.clone() }
    })
}

/// How busy the day was beside its weekday: the median over its slots, so that an outage does not move it.
fn level(day: &Day, usual: &[f64]) -> f64 {
    let ratio = |(calls, usual): (&f64, &f64)| (calls.is_finite() && *usual >= 5.0).then_some(calls / usual);
    let mut ratios: Vec<f64> = day.calls.iter().zip(usual).filter_map(ratio).collect();
    let level = median(&mut ratios).unwrap_or(1.0);
    if level < LEVEL_MIN { 1.0 } else { level }
}

/// Stretches of at least half an hour in which almost nothing came though much was expected.
fn dead_stretches(day: &Day, expected: &[f64], open: &[bool], minutes: u32) -> Vec<(usize, usize)> {
    let is_dead = |slot: usize| {
        let (calls, expected) = (day.calls[slot], expected[slot]);
        open.get(slot) == Some(&true) && expected >= EXPECTED_MIN && calls <= DEAD_SHARE * expected
    };
    let mut found = Vec::new();
    let mut slot = 0;
    while slot < day.calls.len() {
        let from = slot;
        let mut lost = 0.0;
        while slot < day.calls.len() && is_dead(slot) {
            lost += expected[slot];
            slot += 1;
        }
        if lost >= STRETCH_EXPECTED_MIN && (slot - from) * minutes as usize >= 30 {
            found.push((from, slot));
        }
        slot = slot.max(from + 1);
    }
    // A whole day of near silence is no outage of the line but another kind of day.
    let dead: usize = found.iter().map(|(from, to)| to - from).sum();
    let open = open.iter().filter(|open| **open).count();
    if dead * 10 > open * 9 { Vec::new() } else { found }
}
