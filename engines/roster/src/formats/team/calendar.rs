//! Days and times of a file: which days of the horizon are meant, and stretches of the day in minutes.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use toml::{Spanned, Value};

use super::faults::Faults;
use super::file::Days;

/// Minutes of a day.
pub(super) const DAY: u32 = 1_440;

/// The names of weekdays, from Monday on.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The days that are planned, and the grid of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Calendar {
    /// The first day.
    pub first: Date,
    /// How many days.
    pub days: usize,
    /// Minutes of an interval.
    pub interval: u32,
}

/// Minutes from the midnight at which a day begins; the end may lie on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub from: u32,
    pub to: u32,
}

/// What becomes of a date that is not planned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outside {
    /// It is a mistake.
    Refused,
    /// It is left aside: a list of holidays or of leave may be that of a year.
    LeftAside,
}

impl Calendar {
    /// The date of a day.
    pub(super) fn date(&self, day: usize) -> Date {
        let days = i64::try_from(day).unwrap_or(i64::MAX);
        // Within the horizon it is a date: that was looked at when the horizon was read.
        self.first.checked_add(jiff::Span::new().try_days(days).unwrap_or_default()).unwrap_or(Date::MAX)
    }

    /// The place of a date; nothing outside of the horizon.
    pub(super) fn day(&self, date: Date) -> Option<usize> {
        usize::try_from(self.first.until(date).ok()?.get_days()).ok().filter(|&day| day < self.days)
    }

    /// Intervals of a day.
    pub(super) fn intervals(&self) -> usize {
        (DAY / self.interval) as usize
    }

    /// How many days from Monday on a day is.
    pub(super) fn weekday(&self, day: usize) -> usize {
        let monday = self.first.weekday().to_monday_zero_offset();
        (usize::try_from(monday).unwrap_or(0) + day) % 7
    }

    /// The days of each Saturday with the Sunday after it, as far as they are planned.
    pub(super) fn weekends(&self) -> Vec<Vec<usize>> {
        let mut weekends: Vec<Vec<usize>> = Vec::new();
        for day in (0..self.days).filter(|&day| self.weekday(day) >= 5) {
            match weekends.last_mut() {
                Some(weekend) if self.weekday(day) == 6 && day > 0 => weekend.push(day),
                _ => weekends.push(vec![day]),
            }
        }
        weekends
    }

    /// The planned days that are meant, in order, each once.
    pub(super) fn meant(&self, days: &Days, outside: Outside, faults: &mut Faults) -> Vec<usize> {
        let mut meant = vec![false; self.days];
        for one in &days.0 {
            match self.some_days(one.get_ref(), outside) {
                Ok(days) => days.into_iter().for_each(|day| meant[day] = true),
                Err(why) => faults.at(&one.span(), why),
            }
        }
        (0..self.days).filter(|&day| meant[day]).collect()
    }

    fn some_days(&self, value: &Value, outside: Outside) -> Result<Vec<usize>, String> {
        if let Value::Table(table) = value {
            let (Some(from), Some(to), 2) = (table.get("from"), table.get("to"), table.len()) else {
                return Err(format!(
                    "“{table}” is no range of days: write {{ from = \"{0}\", to = \"{0}\" }}",
                    self.first
                ));
            };
            return self.range(date(from)?, date(to)?, outside);
        }
        let weekdays: Range<usize> = match value.as_str() {
            Some("all") => 0..7,
            Some("workdays") => 0..5,
            Some("weekends") => 5..7,
            Some(text) => match WEEKDAYS.iter().position(|&name| name == text) {
                Some(weekday) => weekday..weekday + 1,
                None => return self.single(date(value)?, outside),
            },
            None => return self.single(date(value)?, outside),
        };
        Ok((0..self.days).filter(|&day| weekdays.contains(&self.weekday(day))).collect())
    }

    fn single(&self, date: Date, outside: Outside) -> Result<Vec<usize>, String> {
        self.range(date, date, outside)
    }

    fn range(&self, from: Date, to: Date, outside: Outside) -> Result<Vec<usize>, String> {
        if to < from {
            return Err(format!("{from} to {to} ends before it begins: exchange them"));
        }
        let last = self.date(self.days - 1);
        if outside == Outside::Refused && (from < self.first || to > last) {
            let date = if from < self.first { from } else { to };
            return Err(format!("{date} is not planned: give a day from {} to {last}", self.first));
        }
        let (from, to) = (from.max(self.first), to.min(last));
        let range = self.day(from).zip(self.day(to));
        Ok(range.map_or_else(Vec::new, |(from, to)| (from..=to).collect()))
    }

    /// A stretch such as `08:00-16:30`, on the grid; an end that is not after the start is on the next day.
    pub(super) fn stretch(&self, text: &Spanned<String>, faults: &mut Faults) -> Option<Stretch> {
        let read = || {
            let text = text.get_ref();
            let (from, to) = text
                .split_once(['-', '–'])
                .ok_or_else(|| format!("“{text}” is no stretch of time: write 08:00-16:30"))?;
            let from = self.clock(from.trim())?;
            let mut to = if to.trim() == "24:00" { DAY } else { self.clock(to.trim())? };
            if to <= from {
                to += DAY;
            }
            Ok(Stretch { from, to })
        };
        told(read(), &text.span(), faults)
    }

    /// A time of the day such as `08:00`, on the grid, in minutes.
    pub(super) fn time(&self, text: &Spanned<String>, faults: &mut Faults) -> Option<u32> {
        told(self.clock(text.get_ref()), &text.span(), faults)
    }

    fn clock(&self, text: &str) -> Result<u32, String> {
        let digits = |text: &str, most: u32| {
            let plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|&value: &u32| plain && value <= most)
        };
        let minutes = text
            .split_once(':')
            .and_then(|(hour, minute)| Some(60 * digits(hour, 23)? + digits(minute, 59)?))
            .ok_or_else(|| format!("“{text}” is no time: write 08:00"))?;
        if minutes.is_multiple_of(self.interval) {
            Ok(minutes)
        } else {
            Err(format!("“{text}” does not begin an interval of {} minutes", self.interval))
        }
    }

    /// Minutes as a place on the grid.
    pub(super) fn place(&self, minutes: u32) -> u16 {
        u16::try_from(minutes / self.interval).unwrap_or(u16::MAX)
    }
}

/// A stretch as people write it; past midnight the clock begins anew.
pub(super) fn written(from: u32, to: u32) -> String {
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    format!("{}-{}", clock(from), clock(to))
}

/// The short name of a day's weekday.
pub(super) fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// A date, with quotation marks or without.
pub(super) fn date(value: &Value) -> Result<Date, String> {
    let text = match value {
        Value::Datetime(written) if written.time.is_none() => written.to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // Ten characters: what else the parser takes for a date is not how days are written.
    text.parse()
        .ok()
        .filter(|_| text.len() == 10)
        .ok_or_else(|| format!("“{text}” is no day: write 2026-11-23, mon to sun, workdays, weekends or all"))
}

fn told<T>(result: Result<T, String>, place: &Range<usize>, faults: &mut Faults) -> Option<T> {
    result.map_err(|why| faults.at(place, why)).ok()
}
