//! Past intervals, on a grid of days and slots.

mod clean;
mod grid;
mod opening;

pub(crate) use opening::{Ahead, Opening, weekday};

use jiff::civil::{Date, DateTime};

use crate::calendar::Calendar;
use crate::error::ForecastError;
use crate::note::Note;

/// One past interval.
///
/// `start` is **local civil time**: people call by the clock on the wall. On the night when clocks go forward an hour
/// has no intervals, which is no gap to fill; on the night when they go back an hour comes twice, and the mean of both
/// is learned from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// When the interval starts, local civil time.
    pub start: DateTime,
    /// Conversations offered in it.
    pub calls: f64,
    /// Mean handling time of those in seconds, where known.
    pub aht_s: Option<f64>,
}

/// What a day is to the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayState {
    /// Had calls.
    Open,
    /// Had none.
    Closed,
}

/// A day of the history.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub date: Date,
    pub state: DayState,
    /// Calls per slot; NaN where nothing is known or nothing is to be learned.
    pub calls: Vec<f64>,
    /// Handling time per slot, seconds; NaN where nothing is known.
    pub aht: Vec<f64>,
    /// Calls of the day over its open slots, what is missing filled in; NaN for a closed day.
    pub total: f64,
    /// Days usually open, closed right before this one.
    pub closed_before: u16,
}

impl Day {
    /// The same day with so many times the calls.
    pub(crate) fn scaled(&self, factor: f64) -> Day {
        let mut day = self.clone();
        day.calls.iter_mut().for_each(|calls| *calls *= factor);
        day.total *= factor;
        day
    }
}

/// Past intervals, checked, in order, on a regular grid, with what should not be learned from taken out.
#[derive(Debug, Clone)]
pub struct History {
    pub(crate) minutes: u32,
    /// Minute of the day at which slot 0 starts.
    pub(crate) offset: u32,
    pub(crate) slots: usize,
    /// Every calendar day from the first to the last.
    pub(crate) days: Vec<Day>,
    pub(crate) opening: Opening,
    pub(crate) last: DateTime,
    pub(crate) has_aht: bool,
    notes: Vec<Note>,
}

impl History {
    /// Reads past intervals.
    ///
    /// The interval length is found; any order is taken; intervals repeated with the same values are taken once, those
    /// with different values are summed; opening hours and closed days are inferred; outages and spikes are taken out. [`notes`](Self::notes) says what was done.
    ///
    /// # Errors
    /// When a value cannot be (negative, not a number, too large), the intervals are not regular, there are too many,
    /// or there is nothing to learn from.
    pub fn read(observations: &[Observation], calendar: &Calendar) -> Result<Self, ForecastError> {
        let (grid, mut notes) = grid::Grid::read(observations)?;
        let opening = Opening::infer(&grid, calendar);
        let grid::Grid { minutes, offset, slots, mut days, last } = grid;
        clean::mark_closed(&mut days, &opening, calendar, &mut notes);
        let at = |day: Date, slot: usize| grid::start_of(day, slot, offset, minutes);
        clean::fill_missing(&mut days, &opening, calendar, &at, &mut notes);
        clean::take_out(&mut days, &opening, calendar, &at, minutes, &mut notes);
        clean::totals(&mut days, &opening, calendar);
        let open_days = days.iter().filter(|day| day.state == DayState::Open).count();
        let needed = crate::limits::OPEN_DAYS_MIN;
        if open_days < needed {
            return Err(ForecastError::TooShort { open_days, needed });
        }
        let has_aht = days.iter().any(|day| day.aht.iter().any(|aht| aht.is_finite()));
        Ok(Self { minutes, offset, slots, days, opening, last, has_aht, notes })
    }

    /// What was noticed, and what was done about it.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Length of an interval, minutes.
    pub fn interval_minutes(&self) -> u32 {
        self.minutes
    }

    /// First and last day.
    pub fn span(&self) -> (Date, Date) {
        let first = self.days.first().map_or(self.last.date(), |day| day.date);
        (first, self.last.date())
    }

    /// The slot of the last row.
    pub(crate) fn last_slot(&self) -> usize {
        grid::slot_of(self.last, self.offset, self.minutes)
    }

    /// When a slot starts.
    pub(crate) fn start_of(&self, date: Date, slot: usize) -> DateTime {
        grid::start_of(date, slot, self.offset, self.minutes)
    }
}
