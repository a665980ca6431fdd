//! When the centre is open: inferred from what it did.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Day, grid::Grid};
use crate::calendar::{Calendar, DayKind, SpecialDay};

/// Same weekdays that are looked back on.
const LOOK_BACK: usize = 12;
/// Share of the recent same weekdays with calls from which on a weekday counts as open.
const OPEN_SHARE: f64 = 0.5;
/// Share of the open days that have a row for a slot from which on the slot counts as open.
const ROW_SHARE: f64 = 0.5;
/// Below this share of rows where calls were expected, an export leaves out what is 0.
const SPARSE_SHARE: f64 = 0.8;
/// In an export that leaves out zeros: share of days with calls in a slot from which on it counts as open.
const SPARSE_OPEN_SHARE: f64 = 0.05;
/// Calls of an open interval below which an export may leave it out.
const SPARSE_CALLS: f64 = 3.0;

/// Which slots are open on which day.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    /// Per weekday from Monday; empty slots only on a closed weekday.
    weekdays: [Vec<bool>; 7],
    /// Holidays by name: whether the centre was open on any of their days that the history holds.
    holidays: BTreeMap<String, bool>,
    /// Whether the history's holidays were open; nothing when it holds none.
    any_holiday: Option<bool>,
    /// The export leaves out intervals with 0 calls.
    pub sparse: bool,
}

/// A day of the future, or of a back-test's future.
#[derive(Debug, Clone)]
pub(crate) struct Ahead {
    pub date: Date,
    pub open: Vec<bool>,
    pub closed_before: u16,
}

/// Position of a weekday, Monday 0.
pub(crate) fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}

impl Opening {
    pub(super) fn infer(grid: &Grid, calendar: &Calendar) -> Self {
        let sparse = is_sparse(&grid.days, grid.slots);
        let ordinary = |day: &&Day| calendar.on(day.date).is_none();
        let pooled: Vec<&Day> = grid.days.iter().filter(ordinary).filter(|day| has_calls(day)).collect();
        let pooled = shares(&pooled, grid.slots);
        let weekdays = std::array::from_fn(|weekday| {
            weekday_slots(&grid.days, calendar, weekday, &pooled, grid.slots, sparse)
        });
        let mut holidays: BTreeMap<String, bool> = BTreeMap::new();
        for day in &grid.days {
            if let Some(SpecialDay { kind: DayKind::Holiday, name, .. }) = calendar.on(day.date) {
                *holidays.entry(name.clone()).or_default() |= has_calls(day);
            }
        }
        let any_holiday = (!holidays.is_empty()).then(|| holidays.values().any(|open| *open));
        Self { weekdays, holidays, any_holiday, sparse }
    }

    /// The open slots of a day, all false when it is closed.
    pub fn on(&self, date: Date, calendar: &Calendar) -> Vec<bool> {
        let usual = &self.weekdays[weekday(date)];
        let closed = || vec![false; usual.len()];
        match calendar.on(date) {
            Some(SpecialDay { kind: DayKind::Closed, .. }) => closed(),
            Some(SpecialDay { kind: DayKind::Holiday, name, .. }) => {
                let open = self.holidays.get(name).copied().or(self.any_holiday).unwrap_or(true);
                if open { usual.clone() } else { closed() }
            }
            Some(SpecialDay { kind: DayKind::MakeUpWorkday, .. }) => self.workday().clone(),
            _ => usual.clone(),
        }
    }

    /// Whether a weekday is usually open.
    pub fn is_usual(&self, date: Date) -> bool {
        self.weekdays[weekday(date)].iter().any(|open| *open)
    }

    /// The days ahead from `first` on, closed ones too.
    pub fn ahead<'a>(
        &'a self,
        first: Date,
        mut closed_before: u16,
        calendar: &'a Calendar,
    ) -> impl Iterator<Item = Ahead> + 'a {
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let date = next?;
            next = date.tomorrow().ok();
            let open = self.on(date, calendar);
            let day = Ahead { date, open, closed_before };
            closed_before = self.closed_run(date, closed_before, day.open.iter().any(|open| *open));
            Some(day)
        })
    }

    /// How many usually open days were closed in a row once `date` is over.
    pub fn closed_run(&self, date: Date, before: u16, open: bool) -> u16 {
        match (open, self.is_usual(date)) {
            (true, _) => 0,
            (false, true) => before.saturating_add(1),
            (false, false) => before,
        }
    }

    /// The hours of an ordinary workday: those of the weekday from Monday to Friday with the most of them.
    fn workday(&self) -> &Vec<bool> {
        let [monday, workdays @ .., _, _] = &self.weekdays;
        let open = |slots: &&Vec<bool>| slots.iter().filter(|open| **open).count();
        workdays.iter().fold(monday, |best, other| if open(&other) > open(&best) { other } else { best })
    }
}

fn has_calls(day: &Day) -> bool {
    day.calls.iter().any(|calls| *calls > 0.0)
}

/// Per slot: share of the days with a row, and share with calls.
fn shares(days: &[&Day], slots: usize) -> Vec<(f64, f64)> {
    let n = days.len().max(1) as f64;
    let of = |test: &dyn Fn(f64) -> bool, slot: usize| {
        days.iter().filter(|day| day.calls.get(slot).copied().is_some_and(test)).count() as f64 / n
    };
    (0..slots).map(|slot| (of(&|calls| calls.is_finite(), slot), of(&|calls| calls > 0.0, slot))).collect()
}

fn weekday_slots(
    days: &[Day],
    calendar: &Calendar,
    which: usize,
    pooled: &[(f64, f64)],
    slots: usize,
    sparse: bool,
) -> Vec<bool> {
    let same = |day: &&Day| weekday(day.date) == which && calendar.on(day.date).is_none();
    let recent: Vec<&Day> = days.iter().rev().filter(same).take(LOOK_BACK).collect();
    let open: Vec<&Day> = recent.iter().copied().filter(|day| has_calls(day)).collect();
    if open.is_empty() || (open.len() as f64) < OPEN_SHARE * recent.len() as f64 {
        return vec![false; slots];
    }
    let own = shares(&open, slots);
    let is_open = |((rows, calls), (_, pooled)): (&(f64, f64), &(f64, f64))| {
        if sparse {
            *calls >= SPARSE_OPEN_SHARE || *pooled >= SPARSE_OPEN_SHARE
        } else {
            *rows >= ROW_SHARE && (*calls > 0.0 || *pooled >= SPARSE_OPEN_SHARE)
        }
    };
    own.iter().zip(pooled).map(is_open).collect()
}

/// Whether the export leaves out intervals with 0 calls: no zero stands in it, rows are missing between the others,
/// and the calls are few.
fn is_sparse(days: &[Day], slots: usize) -> bool {
    let open: Vec<&Day> = days.iter().filter(|day| has_calls(day)).collect();
    if open.iter().any(|day| day.calls.contains(&0.0)) {
        return false;
    }
    let busy: Vec<(f64, f64)> = shares(&open, slots).into_iter().filter(|(_, calls)| *calls > 0.0).collect();
    let filled = busy.iter().map(|(rows, _)| rows).sum::<f64>() / busy.len().max(1) as f64;
    let calls: Vec<f64> =
        open.iter().flat_map(|day| &day.calls).copied().filter(|calls| calls.is_finite()).collect();
    let mean = calls.iter().sum::<f64>() / calls.len().max(1) as f64;
    filled < SPARSE_SHARE && mean * filled < SPARSE_CALLS
}
