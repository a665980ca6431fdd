//! Rows become a grid: every calendar day, every slot of the day, NaN where no row is.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::{Day, DayState, Observation};
use crate::error::ForecastError;
use crate::limits::{AHT_S_MAX, CALLS_MAX, HISTORY_DAYS_MAX, OBSERVATIONS_MAX};
use crate::note::Note;

const DAY_MINUTES: u32 = 1_440;
/// Shortest interval that is taken for what an export with gaps was made of; below it, one row is off the grid.
const SHARED_MIN: u32 = 15;
/// The clock is set back in the small hours: before this minute of the day.
const SET_BACK_BEFORE: u32 = 240;
/// What the clock is set back by, minutes.
const SET_BACK: usize = 60;

/// The rows on their grid.
pub(super) struct Grid {
    pub minutes: u32,
    pub offset: u32,
    pub slots: usize,
    pub days: Vec<Day>,
    pub last: DateTime,
}

/// The rows of one start added up; rows with the same values count once.
#[derive(Clone, Copy, Default)]
struct Cell {
    rows: u32,
    /// Those that differ.
    different: u32,
    calls: f64,
    /// Handling seconds of the rows that know their handling time, and their calls.
    handled: (f64, f64),
}

impl Grid {
    pub fn read(observations: &[Observation]) -> Result<(Self, Vec<Note>), ForecastError> {
        check(observations)?;
        let mut notes = Vec::new();
        let unordered =
            observations.windows(2).filter(|pair| matches!(pair, [a, b] if b.start < a.start)).count();
        if unordered > 0 {
            notes.push(Note::Unordered { intervals: unordered });
        }
        let cells = gather(observations);
        let (minutes, offset) = interval_length(&cells)?;
        let (Some((first, _)), Some((last, _))) = (cells.first_key_value(), cells.last_key_value()) else {
            return Err(ForecastError::NoHistory);
        };
        let (first, last) = (*first, *last);
        let span =
            usize::try_from(first.date().until(last.date()).map_or(0, |span| span.get_days())).unwrap_or(0);
        if span >= HISTORY_DAYS_MAX {
            let what = "days from the first to the last interval of the history";
            return Err(ForecastError::TooMuch { what, value: span + 1, limit: HISTORY_DAYS_MAX });
        }
        let slots = (DAY_MINUTES / minutes) as usize;
        let mut days: Vec<Day> =
            first.date().series(1.day()).take(span + 1).map(|date| empty(date, slots)).collect();
        let set_back = set_back_days(&cells, minutes);
        notes.extend(set_back.iter().map(|date| Note::ClockSetBack { date: *date }));
        let (mut repeated, mut copied) = (Vec::new(), Vec::new());
        for (start, cell) in &cells {
            let is_set_back = set_back.contains(&start.date());
            if cell.different > 1 && !is_set_back {
                repeated.push(*start);
            }
            if cell.rows > cell.different && !is_set_back {
                copied.push(*start);
            }
            let position = first.date().until(start.date()).map_or(0, |span| span.get_days());
            let slot = slot_of(*start, offset, minutes);
            let Some(day) = days.get_mut(usize::try_from(position).unwrap_or(usize::MAX)) else { continue };
            put(day, slot, *cell, is_set_back);
        }
        if let Some(first) = copied.first() {
            notes.push(Note::Copied { intervals: copied.len(), first: *first });
        }
        if let Some(first) = repeated.first() {
            notes.push(Note::Repeated { intervals: repeated.len(), first: *first });
        }
        Ok((Self { minutes, offset, slots, days, last }, notes))
    }
}

/// When a slot of a day starts.
pub(super) fn start_of(date: Date, slot: usize, offset: u32, minutes: u32) -> DateTime {
    let minute = i64::from(offset) + i64::from(minutes) * i64::try_from(slot).unwrap_or(0);
    date.to_datetime(Time::midnight()).saturating_add(minute.minutes())
}

/// The slot that starts then.
pub(super) fn slot_of(start: DateTime, offset: u32, minutes: u32) -> usize {
    (minute_of(start).saturating_sub(offset) / minutes.max(1)) as usize
}

fn empty(date: Date, slots: usize) -> Day {
    let (calls, aht) = (vec![f64::NAN; slots], vec![f64::NAN; slots]);
    Day { date, state: DayState::Open, calls, aht, total: f64::NAN, closed_before: 0 }
}

fn put(day: &mut Day, slot: usize, cell: Cell, is_set_back: bool) {
    let shares = if is_set_back { f64::from(cell.different) } else { 1.0 };
    if let Some(calls) = day.calls.get_mut(slot) {
        *calls = cell.calls / shares;
    }
    let (seconds, calls) = cell.handled;
    if calls > 0.0
        && let Some(aht) = day.aht.get_mut(slot)
    {
        *aht = seconds / calls;
    }
}

fn check(observations: &[Observation]) -> Result<(), ForecastError> {
    if observations.is_empty() {
        return Err(ForecastError::NoHistory);
    }
    if observations.len() > OBSERVATIONS_MAX {
        let (value, limit) = (observations.len(), OBSERVATIONS_MAX);
        return Err(ForecastError::TooMuch { what: "intervals of history", value, limit });
    }
    for Observation { start, calls, aht_s } in observations {
        let start = *start;
        if !(0.0..=CALLS_MAX).contains(calls) {
            return Err(ForecastError::Calls { start, calls: *calls });
        }
        if let Some(aht_s) = *aht_s
            && !(0.0..=AHT_S_MAX).contains(&aht_s)
        {
            return Err(ForecastError::HandlingTime { start, aht_s });
        }
    }
    if observations.iter().all(|row| row.calls == 0.0) {
        return Err(ForecastError::OnlyZeros(observations.len()));
    }
    Ok(())
}

fn gather(observations: &[Observation]) -> BTreeMap<DateTime, Cell> {
    let mut sorted: Vec<&Observation> = observations.iter().collect();
    let aht = |row: &Observation| row.aht_s.unwrap_or(-1.0);
    sorted.sort_by(|a, b| {
        a.start.cmp(&b.start).then(a.calls.total_cmp(&b.calls)).then(aht(a).total_cmp(&aht(b)))
    });
    let mut cells: BTreeMap<DateTime, Cell> = BTreeMap::new();
    let mut before = None;
    for row in sorted {
        let cell = cells.entry(row.start).or_default();
        cell.rows += 1;
        if before.replace(row) == Some(row) {
            continue;
        }
        cell.different += 1;
        cell.calls += row.calls;
        // A handling time of 0 is how exports write “no call was handled”.
        if let Some(aht_s) = row.aht_s.filter(|aht_s| *aht_s > 0.0 && row.calls > 0.0) {
            cell.handled.0 += aht_s * row.calls;
            cell.handled.1 += row.calls;
        }
    }
    cells
}

fn minute_of(start: DateTime) -> u32 {
    u32::try_from(start.hour()).unwrap_or(0) * 60 + u32::try_from(start.minute()).unwrap_or(0)
}

/// The interval length in minutes, and the minute at which a day's first slot starts: the smallest step between two
/// starts, or what all steps share where an export leaves intervals out.
fn interval_length(cells: &BTreeMap<DateTime, Cell>) -> Result<(u32, u32), ForecastError> {
    let first = cells.keys().next().copied().unwrap_or_default();
    let (mut smallest, mut shared) = (u32::MAX, 0);
    for (a, b) in cells.keys().zip(cells.keys().skip(1)) {
        let minutes = minutes_between(*a, *b);
        smallest = smallest.min(minutes);
        shared = common_divisor(shared, minutes);
    }
    if smallest > DAY_MINUTES {
        return Err(ForecastError::NoIntervalLength(cells.len()));
    }
    if smallest == 0 {
        return Err(ForecastError::NotRegular { start: first, minutes: 1 });
    }
    let misfit = |minutes: u32| {
        let offset = minute_of(first) % minutes;
        let fits = |start: &&DateTime| start.second() == 0 && minute_of(**start) % minutes == offset;
        cells.keys().find(|start| !fits(start) || !DAY_MINUTES.is_multiple_of(minutes)).copied()
    };
    let Some(start) = misfit(smallest) else { return Ok((smallest, minute_of(first) % smallest)) };
    if shared >= SHARED_MIN && misfit(shared).is_none() {
        return Ok((shared, minute_of(first) % shared));
    }
    Err(ForecastError::NotRegular { start, minutes: smallest })
}

/// Whole minutes from one start to the next; more than a day is as good as a day and a minute.
fn minutes_between(a: DateTime, b: DateTime) -> u32 {
    let days = a.date().until(b.date()).map_or(2, |span| span.get_days());
    let within = i64::from(minute_of(b)) - i64::from(minute_of(a));
    let minutes = i64::from(days.min(2)) * i64::from(DAY_MINUTES) + within;
    u32::try_from(minutes).unwrap_or(0)
}

fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The days on which exactly one hour of the night stands exactly twice.
fn set_back_days(cells: &BTreeMap<DateTime, Cell>, minutes: u32) -> Vec<Date> {
    let mut doubled: BTreeMap<Date, Vec<u32>> = BTreeMap::new();
    for (start, cell) in cells.iter().filter(|(_, cell)| cell.rows > 1) {
        let minute = if cell.rows == 2 { minute_of(*start) } else { u32::MAX };
        doubled.entry(start.date()).or_default().push(minute);
    }
    let is_one_hour = |starts: &Vec<u32>| {
        let follow =
            starts.windows(2).all(|pair| matches!(pair, [a, b] if a.checked_add(minutes) == Some(*b)));
        let early = starts.iter().all(|minute| *minute < SET_BACK_BEFORE);
        follow && early && starts.len() * minutes as usize == SET_BACK
    };
    doubled.into_iter().filter(|(_, starts)| is_one_hour(starts)).map(|(date, _)| date).collect()
}
