//! The hard rules of one person.

use jiff::civil::Date;

use super::{
    Given, Line, breaks,
    instance::{Contract, Instance, Person},
    time::DAY,
};
use crate::Broken;

const WEEK: usize = 7;
/// A day of leave makes a week's least hours less by one of so many parts.
const PARTS: u64 = 5;

pub(super) fn check(instance: &Instance, person: &Person, line: &Line, broken: &mut Vec<Broken>) {
    let rules = Rules { instance, person, contract: &instance.contracts[person.contract], line };
    let mut add = |day: Option<usize>, rule, detail: String| {
        broken.push(Broken::new(person.name.as_str(), day, rule, detail));
    };
    for (day, given) in line.iter().enumerate() {
        rules.day(day, given.as_ref(), &mut |rule, detail| add(Some(day), rule, detail));
    }
    for week in 0..line.len().div_ceil(WEEK) {
        rules.week(week, &mut add);
    }
    rules.rest(&mut add);
    rules.in_a_row(&mut add);
    rules.days_off(&mut add);
    rules.weekends(&mut add);
}

struct Rules<'a> {
    instance: &'a Instance,
    person: &'a Person,
    contract: &'a Contract,
    line: &'a Line,
}

/// Takes the day on which a broken rule shows, the rule, and the figures.
type Add<'a> = dyn FnMut(Option<usize>, &'static str, String) + 'a;

impl Rules<'_> {
    /// What holds on each day by itself.
    fn day(&self, day: usize, given: Option<&Given>, add: &mut dyn FnMut(&'static str, String)) {
        let Self { instance, person, contract, .. } = self;
        let date = instance.dates[day];
        for fixed in person.fixed(date).filter(|fixed| *fixed != given.map(|given| given.shift)) {
            add(
                "fixed",
                format!("{}, must be {}", self.name(given.map(|given| given.shift)), self.name(fixed)),
            );
        }
        let Some(given) = given else { return };
        let shift = &instance.shifts[given.shift];
        if contract.shifts.as_ref().is_some_and(|allowed| !allowed.contains(&given.shift)) {
            add("allowed shifts", format!("the contract has no shift \"{}\"", shift.name));
        }
        if person.under_age && shift.night {
            add("under age", format!("\"{}\" is night work", shift.name));
        }
        if person.is_on_leave(date) {
            add("leave", format!("works \"{}\" on a day of leave", shift.name));
        }
        let available = person.available(date);
        let inside = available.iter().any(|free| free.from <= shift.time.from && shift.time.to <= free.to);
        if !available.is_empty() && !inside {
            let free: Vec<String> = available.iter().map(ToString::to_string).collect();
            add("availability", format!("works {}, may {}", shift.time, free.join(" or ")));
        }
        if let Some(mistake) = breaks::mistake(shift.time, &shift.breaks, &given.breaks, instance.interval) {
            add("breaks", mistake);
        }
    }

    fn name(&self, shift: Option<usize>) -> String {
        shift.map_or_else(|| "off".to_owned(), |shift| format!("\"{}\"", self.instance.shifts[shift].name))
    }

    /// Hours and days of a week, less what leave and the end of the horizon take off.
    fn week(&self, week: usize, add: &mut Add) {
        let days = week * WEEK..self.line.len().min((week + 1) * WEEK);
        let (first, length) = (days.start, days.len());
        let from = self.instance.dates[first];
        let is_counted =
            |date: Date| self.person.is_on_leave(date) && date.weekday().to_monday_zero_offset() < 5;
        let leave = days.clone().filter(|day| is_counted(self.instance.dates[*day])).count();
        let worked = || days.clone().filter_map(|day| self.line[day].as_ref());
        let most = (self.contract.days_per_week as usize).saturating_sub(leave);
        let count = worked().count();
        if count > most {
            add(Some(first), "most days", format!("{count} days in the week from {from}, at most {most}"));
        }
        let Some((least, most)) = self.contract.minutes else { return };
        let minutes: u64 = worked().map(|given| self.instance.shifts[given.shift].paid).sum();
        if minutes > most {
            let detail = format!("{minutes} minutes in the week from {from}, at most {most}");
            add(Some(first), "most hours", detail);
        }
        let share = least * length as u64 / WEEK as u64;
        let least = share * PARTS.saturating_sub(leave as u64) / PARTS;
        if minutes < least {
            let detail = format!("{minutes} minutes in the week from {from}, at least {least}");
            add(Some(first), "least hours", detail);
        }
    }

    /// The time between a shift and the next.
    fn rest(&self, add: &mut Add) {
        // Minutes since midnight of the day before the horizon.
        let day_before = self.person.before.map(|before| self.instance.shifts[before.shift].time.to);
        let mut last_end = day_before.map(u64::from);
        for (day, given) in self.line.iter().enumerate() {
            let Some(given) = given else { continue };
            let time = self.instance.shifts[given.shift].time;
            let midnight = (day as u64 + 1) * u64::from(DAY);
            let (start, end) = (midnight + u64::from(time.from), midnight + u64::from(time.to));
            let need = self.contract.rest;
            if let Some(last) = last_end.filter(|last| start < last + need) {
                let rest = start.saturating_sub(last);
                add(Some(day), "rest", format!("{rest} minutes since the last shift, at least {need}"));
            }
            last_end = last_end.max(Some(end));
        }
    }

    /// Days of work, and nights, one after the other.
    fn in_a_row(&self, add: &mut Add) {
        let night = |shift: usize| self.instance.shifts[shift].night;
        let before = self.person.before;
        let mut days = before.map_or(0, |before| before.days);
        let mut nights = u32::from(before.is_some_and(|before| night(before.shift)));
        let most_nights = self.contract.nights_in_a_row.unwrap_or(u32::MAX);
        for (day, given) in self.line.iter().enumerate() {
            days = if given.is_some() { days + 1 } else { 0 };
            nights = if given.as_ref().is_some_and(|given| night(given.shift)) { nights + 1 } else { 0 };
            for (count, most, rule) in [
                (days, self.contract.days_in_a_row, "most days in a row"),
                (nights, most_nights, "most nights in a row"),
            ] {
                // Told once: where the row becomes too long, or where the horizon begins if it was so before.
                if count > most && (count - 1 == most || day == 0) {
                    add(Some(day), rule, format!("more than {most}"));
                }
            }
        }
    }

    /// Days off one after the other; a row that may go on outside of the horizon is never too short.
    fn days_off(&self, add: &mut Add) {
        let least = self.contract.days_off_in_a_row as usize;
        let worked_before = self.person.before.is_some();
        // The first day of the row of days off, and whether work came before it.
        let mut row: Option<(usize, bool)> = None;
        for (day, given) in self.line.iter().enumerate() {
            if given.is_none() {
                row = row.or(Some((day, day > 0 || worked_before)));
                continue;
            }
            if let Some((first, true)) = row.take()
                && day - first < least
            {
                add(Some(first), "least days off in a row", format!("{}, at least {least}", day - first));
            }
        }
    }

    fn weekends(&self, add: &mut Add) {
        let Some(most) = self.contract.weekends else { return };
        let mut worked = 0;
        let mut last_saturday = None;
        for (date, given) in self.instance.dates.iter().zip(self.line) {
            // Counted by the Saturday, also where it lies before the horizon.
            let saturday = match date.weekday() {
                jiff::civil::Weekday::Saturday => Some(*date),
                jiff::civil::Weekday::Sunday => date.yesterday().ok(),
                _ => continue,
            };
            if given.is_some() && last_saturday != saturday {
                worked += 1;
                last_saturday = saturday;
            }
        }
        if worked > most {
            add(None, "most weekends", format!("{worked} weekends worked, at most {most}"));
        }
    }
}
