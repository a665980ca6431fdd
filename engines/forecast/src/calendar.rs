//! Days that are not like their weekday: public holidays, make-up workdays (调休), and what the centre adds.
//!
//! The engine knows no calendar of its own; it is handed one. `content/holidays/` holds the Chinese one as text.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::ForecastError;
use crate::limits::CALENDAR_DAYS_MAX;

/// What a day of the calendar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A day of a public holiday (放假).
    Holiday,
    /// The day before the first day of a holiday.
    Eve,
    /// The day after the last day of a holiday.
    DayAfter,
    /// A Saturday or Sunday on which people work (调休上班).
    MakeUpWorkday,
    /// The centre is closed, whatever its weekday says.
    Closed,
}

/// One special day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpecialDay {
    /// Which kind.
    pub kind: DayKind,
    /// The holiday that it belongs to; the same name every year, so that a holiday by the moon finds its earlier years.
    pub name: String,
    /// Day of the holiday, from 1; 0 for the other kinds.
    pub number: u16,
}

/// One holiday of a year: what a calendar file lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Its name, the same every year, such as “春节”.
    pub name: String,
    /// First day off.
    pub first: Date,
    /// Last day off.
    pub last: Date,
    /// Saturdays and Sundays on which people work for it.
    #[serde(default)]
    pub make_up_workdays: Vec<Date>,
}

/// A year of a calendar file, with where it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The year that the notice is for.
    pub year: i16,
    /// Where it was published.
    #[serde(default)]
    pub source: String,
    /// Its holidays; those around New Year may begin in the year before.
    #[serde(default, rename = "holiday")]
    pub holidays: Vec<Holiday>,
}

/// What a calendar file holds; `content/holidays/cn.toml` is one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// The years that are known.
    #[serde(default, rename = "year")]
    pub years: Vec<Year>,
    /// Days on which the centre itself is closed.
    #[serde(default)]
    pub closed: Vec<Date>,
}

impl CalendarFile {
    /// The calendar of the file.
    ///
    /// # Errors
    /// As [`Calendar::add_year`].
    pub fn calendar(&self) -> Result<Calendar, ForecastError> {
        let mut calendar = Calendar::none();
        for year in &self.years {
            calendar.add_year(year.year, &year.holidays)?;
        }
        for date in &self.closed {
            calendar.close(*date);
        }
        Ok(calendar)
    }
}

/// The special days that are known, and the years for which they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<Date, SpecialDay>,
    last_year: Option<i16>,
}

impl Calendar {
    /// A calendar without special days.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds the holidays of `year`, with the eve and the day after each.
    ///
    /// A holiday wins over a make-up workday, and that over an eve or a day after, where they fall together.
    ///
    /// # Errors
    /// When a holiday ends before it begins or is longer than a month, or there are too many days.
    pub fn add_year(&mut self, year: i16, holidays: &[Holiday]) -> Result<(), ForecastError> {
        for holiday in holidays {
            let length = holiday.first.until(holiday.last).map_or(-1, |span| span.get_days());
            if !(0..=31).contains(&length) {
                let problem = "a holiday lasts from 1 to 32 days; correct `first` and `last`";
                return Err(ForecastError::Calendar { date: holiday.first, problem });
            }
            for (number, date) in
                (1..).zip(holiday.first.series(1.day()).take_while(|day| *day <= holiday.last))
            {
                self.put(date, DayKind::Holiday, &holiday.name, number);
            }
            for date in &holiday.make_up_workdays {
                self.put(*date, DayKind::MakeUpWorkday, &holiday.name, 0);
            }
            if let Ok(eve) = holiday.first.yesterday() {
                self.put(eve, DayKind::Eve, &holiday.name, 0);
            }
            if let Ok(after) = holiday.last.tomorrow() {
                self.put(after, DayKind::DayAfter, &holiday.name, 0);
            }
        }
        self.last_year = self.last_year.max(Some(year));
        if self.days.len() > CALENDAR_DAYS_MAX {
            let (value, limit) = (self.days.len(), CALENDAR_DAYS_MAX);
            return Err(ForecastError::TooMuch { what: "days of the calendar", value, limit });
        }
        Ok(())
    }

    /// Says that the centre is closed on a day.
    pub fn close(&mut self, date: Date) {
        self.put(date, DayKind::Closed, "closed", 0);
    }

    /// What is special about a day; nothing on an ordinary one.
    pub fn on(&self, date: Date) -> Option<&SpecialDay> {
        self.days.get(&date)
    }

    /// The last year that was added; nothing for a calendar without years.
    pub fn last_year(&self) -> Option<i16> {
        self.last_year
    }

    /// Whether the calendar knows no day.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    fn put(&mut self, date: Date, kind: DayKind, name: &str, number: u16) {
        let rank = |kind: DayKind| match kind {
            DayKind::Eve | DayKind::DayAfter => 0,
            DayKind::MakeUpWorkday => 1,
            DayKind::Holiday => 2,
            DayKind::Closed => 3,
        };
        let held = self.days.get(&date).map(|day| rank(day.kind));
        if held.is_none_or(|held| rank(kind) > held) {
            self.days.insert(date, SpecialDay { kind, name: name.to_owned(), number });
        }
    }
}
