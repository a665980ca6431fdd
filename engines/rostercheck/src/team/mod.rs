//! The `team` format: a contact centre with names, contracts, leave and wishes.
//!
//! What the description of the format leaves open is read here as a planner would:
//! - **Days.** Days outside of the horizon are left aside, so that one list of leave serves every plan of a year.
//!   `workdays` are Monday to Friday and `weekends` Saturday and Sunday, holidays or not. A field for days takes one
//!   or a list; dates and times may stand in quotation marks or not. A stretch may end at 24:00.
//! - **A shift belongs to the day on which it starts**, for every rule: a night shift into a day of leave, a
//!   weekend or a day with a stretch of availability is judged by its own day.
//! - **Availability.** Several stretches for a day are alternatives: the shift lies in one of them.
//! - **Breaks.** They begin with an interval, lie in the shift, and in their stretch by the clock: on a night shift
//!   `between = "01:00-03:00"` is on the next day. They may begin or end the shift. A pattern lists them in their order.
//! - **Least hours.** A week of `d` days with `l` days of leave: ⌊⌊least · d ÷ 7⌋ · (5 − l) ÷ 5⌋ minutes, and never
//!   less than 0. A day of leave at a weekend does not count.
//! - **Rest** is kept to the next shift, on whichever day it is; that of `before` counts.
//! - **`before`** says that the day before the horizon was worked: days off from the first day on are then a row that
//!   began there. Of its `days` in a row only the last is known to be a night. Its shift covers nothing in the horizon.
//! - **Requirement.** A later entry replaces an earlier one in the intervals it names. Numbers that go on after
//!   midnight belong to the next day. In a table no interval stands twice for a skill, and a mistake in the file is
//!   told although a table takes the place of its requirement.
//! - **Lengths.** `paid_minutes` need not be whole intervals, and hours may be fractions, whole minutes of them counted.
//! - **Wishes** for a day of leave count like any other. Since wishes give `off` and `!` a meaning, no shift is named
//!   `off` or begins with `!`.

mod breaks;
mod cost;
mod file;
mod instance;
mod reader;
mod required;
mod rules;
mod time;

use std::collections::HashMap;

use self::{
    instance::Instance,
    required::Requirement,
    time::{Day, Stretch},
};
use crate::{Broken, Error, Report, output::Assignment};

/// The shift of a person on a day.
struct Given {
    shift: usize,
    /// In minutes since midnight of that day.
    breaks: Vec<Stretch>,
}

/// The days of a person; nothing on days off.
type Line = Vec<Option<Given>>;

pub(crate) fn check(text: &str, table: Option<&str>, assignments: &[Assignment]) -> Result<Report, Error> {
    let (instance, entries, reader) = Instance::read(text)?;
    // Read also where a table replaces it: a mistake in the file is told either way.
    let mut requirement = Requirement::of_file(&instance, &reader, &entries)?;
    if let Some(table) = table {
        requirement = Requirement::of_table(&instance, table)?;
    }
    let mut broken = Vec::new();
    let lines = lines(&instance, assignments, &mut broken)?;
    for (person, line) in instance.people.iter().zip(&lines) {
        rules::check(&instance, person, line, &mut broken);
    }
    let (parts, understaffed) = cost::cost(&instance, &requirement, &lines);
    let mut report = Report::new(parts, requirement.sum(), broken, understaffed);
    report.first_day = instance.dates.first().copied();
    Ok(report)
}

fn lines(
    instance: &Instance,
    assignments: &[Assignment],
    broken: &mut Vec<Broken>,
) -> Result<Vec<Line>, Error> {
    let people: HashMap<&str, usize> =
        instance.people.iter().enumerate().map(|(i, person)| (person.name.as_str(), i)).collect();
    let shifts: HashMap<&str, usize> =
        instance.shifts.iter().enumerate().map(|(i, shift)| (shift.name.as_str(), i)).collect();
    let empty = || instance.dates.iter().map(|_| None).collect();
    let mut lines: Vec<Line> = instance.people.iter().map(|_| empty()).collect();
    for (at, assignment) in assignments.iter().enumerate() {
        let wrong = |message: String| Error::Output(format!("assignment {at}: {message}"));
        let name = assignment.person_name(at)?;
        let person = *people
            .get(name.as_str())
            .ok_or_else(|| wrong(format!("the team has nobody named \"{name}\"")))?;
        let date = assignment.day_name(at)?;
        let day = Day::parse(&date).and_then(|Day(date)| instance.day(date)).ok_or_else(|| {
            let (first, last) = (instance.dates.first(), instance.dates.last());
            let bounds =
                first.zip(last).map_or_else(String::new, |(first, last)| format!("{first} to {last}"));
            wrong(format!("day \"{date}\"; give a date from {bounds}"))
        })?;
        let shift = assignment.shift_name(at)?;
        let shift =
            *shifts.get(shift.as_str()).ok_or_else(|| wrong(format!("the team has no shift \"{shift}\"")))?;
        let pattern = assignment.pattern_text(at)?;
        let breaks = breaks::read(&pattern, instance.shifts[shift].time).ok_or_else(|| {
            wrong(format!("pattern \"{pattern}\"; write breaks as 11:30-12:00, 15:00-15:15"))
        })?;
        if lines[person][day].replace(Given { shift, breaks }).is_some() {
            broken.push(Broken::new(name, day, "one shift a day", "has two"));
        }
    }
    Ok(lines)
}
