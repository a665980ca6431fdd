//! The `retail` format: the multi-activity, multi-day instances of schedulingbenchmarks.org, in quarters of an hour.
//!
//! The horizon runs from 06:00 on day 1 to 06:00 on the day after the last. A shift is 6 to 10 hours long, starts at
//! 00:00 or from 06:00 to 10:00, 14:00 to 18:00 or 20:00 to 23:45, and is made of stretches of at least an hour on one
//! task each. A person starts at most one shift a day (midnight to midnight), on at most 5 days in a row, rests 14
//! hours, and works between a least and a most number of minutes. People below the minimum on a task in an interval
//! break a rule (priced so high that no roster pays it); the surplus over the maximum costs its square. In writing,
//! `shift` is `HH:MM-HH:MM`, `pattern` its stretches with their tasks, such as `1 06:00-10:00, 2 10:00-14:00`.

use std::collections::HashSet;

use serde::Serialize;

use crate::{
    columns::{Cell, Chosen},
    model::{Error, REQUIRED_MAX},
};

/// Quarters of an hour in a day.
pub(crate) const DAY: usize = 96;
/// The quarter of day 1 at which the horizon starts: 06:00.
pub(crate) const FIRST: usize = 24;
/// Most days, tasks and people: twice and more of the largest published instance.
const DAYS_MAX: usize = 62;
const TASKS_MAX: usize = 50;
const PEOPLE_MAX: usize = 2_000;
/// Price of one person below the minimum.
const UNDER: f64 = 10_000.0;

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Retail {
    /// Length of the horizon.
    pub days: usize,
    /// Number of tasks.
    pub tasks: usize,
    /// The people.
    pub people: Vec<Contract>,
    /// People needed by interval from 06:00 on day 1 and task: `[interval × tasks + task]`.
    pub cover: Vec<Cell>,
}

/// A person's working time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The identifier.
    pub name: String,
    /// Least quarters of an hour over the horizon.
    pub least: usize,
    /// Most quarters of an hour over the horizon.
    pub most: usize,
}

/// Reads an instance.
///
/// # Errors
/// [`Error::Text`] with the line that cannot be meant.
pub fn read(text: &str) -> Result<Retail, Error> {
    let (mut days, mut tasks) = (0, 0);
    let mut people: Vec<Contract> = Vec::new();
    let mut names = HashSet::new();
    let mut cover: Vec<Cell> = Vec::new();
    let mut section = "";
    for (at, line) in text.lines().enumerate() {
        let line = Line { number: at + 1, text: line.trim() };
        match line.text {
            "" => {}
            text if text.starts_with('#') => {}
            text if text.starts_with("SECTION_") => section = text,
            text if section == "SECTION_HORIZON" => {
                days = line.number(text, "the horizon in days", 1, DAYS_MAX)?;
            }
            text if section == "SECTION_TASKS" => {
                tasks = line.number(text, "the number of tasks", 1, TASKS_MAX)?;
            }
            _ if section == "SECTION_STAFF" => {
                let person = line.contract()?;
                if people.len() >= PEOPLE_MAX || !names.insert(person.name.clone()) {
                    let why =
                        format!("“{}” stands there twice, or is one of more than {PEOPLE_MAX}", person.name);
                    return Err(line.wrong(why));
                }
                people.push(person);
            }
            _ if section == "SECTION_COVER" => {
                if cover.is_empty() {
                    cover = vec![Cell { required: 0, spare: u16::MAX, ..FREE }; days * DAY * tasks];
                }
                line.cover(days, tasks, &mut cover)?;
            }
            text => return Err(line.wrong(format!("“{text}” stands in no known section"))),
        }
    }
    if days == 0 || tasks == 0 || people.is_empty() || cover.is_empty() {
        let why =
            "a section is missing: SECTION_HORIZON, _TASKS, _STAFF and _COVER must all be there".to_owned();
        return Err(Error::Text { line: text.lines().count().max(1), why });
    }
    Ok(Retail { days, tasks, people, cover })
}

const FREE: Cell = Cell { required: 0, under: UNDER, over: 1.0, spare: 0, growing: true };

#[derive(Clone, Copy)]
struct Line<'t> {
    number: usize,
    text: &'t str,
}

impl Line<'_> {
    fn wrong(&self, why: String) -> Error {
        Error::Text { line: self.number, why }
    }

    fn number(&self, text: &str, what: &str, least: usize, most: usize) -> Result<usize, Error> {
        let value = text.trim().parse().ok().filter(|value| (least..=most).contains(value));
        value.ok_or_else(|| {
            self.wrong(format!("{what} is “{text}”: must be a whole number, {least} to {most}"))
        })
    }

    fn fields<const N: usize>(&self) -> Result<[&str; N], Error> {
        let fields: Vec<&str> = self.text.split(',').map(str::trim).collect();
        let found = fields.len();
        fields
            .try_into()
            .map_err(|_| self.wrong(format!("“{}” has {found} fields: must have {N}", self.text)))
    }

    fn contract(&self) -> Result<Contract, Error> {
        let [name, least, most] = self.fields()?;
        let minutes = DAYS_MAX * 24 * 60;
        let most = self.number(most, "most minutes", 0, minutes)?;
        let least = self.number(least, "least minutes", 0, most)?;
        Ok(Contract { name: name.to_owned(), least: least.div_ceil(15), most: most / 15 })
    }

    fn cover(&self, days: usize, tasks: usize, cover: &mut [Cell]) -> Result<(), Error> {
        let [day, times, task, least, most] = self.fields()?;
        let day = self.number(day, "the day (from 1)", 1, days + 1)?;
        let task = self.number(task, "the task (from 1)", 1, tasks)?;
        let start = times.split_once('-').and_then(|(start, _)| start.split_once(':'));
        let Some((hour, minute)) = start else {
            return Err(self.wrong(format!("“{times}” should be a quarter of an hour such as 06:00-06:15")));
        };
        let quarter =
            self.number(hour, "the hour", 0, 23)? * 4 + self.number(minute, "the minute", 0, 59)? / 15;
        let interval = ((day - 1) * DAY + quarter).checked_sub(FIRST);
        let Some(cell) = interval.and_then(|interval| cover.get_mut(interval * tasks + task - 1)) else {
            return Err(self.wrong(format!("{times} on day {day} lies outside of the horizon")));
        };
        let most = self.number(most, "most people", 0, REQUIRED_MAX as usize)?;
        let least = self.number(least, "least people", 0, most)?;
        *cell = Cell {
            required: i32::try_from(least).unwrap_or(i32::MAX),
            spare: u16::try_from(most - least).unwrap_or(u16::MAX),
            ..FREE
        };
        Ok(())
    }
}

/// A shift of a roster as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// Who.
    pub person: String,
    /// The day on which it starts, from 1.
    pub day: usize,
    /// From when to when, `HH:MM-HH:MM`.
    pub shift: String,
    /// Its stretches with their tasks, such as `1 06:00-10:00, 2 10:00-14:00`.
    pub pattern: String,
}

/// The shifts of a roster with the identifiers of the instance.
pub fn assignments(instance: &Retail, chosen: &Chosen) -> Vec<Assignment> {
    let people = instance.people.iter().zip(&chosen.columns);
    let shifts = people.flat_map(|(person, column)| {
        let stretches: Vec<[usize; 3]> = column
            .line
            .chunks_exact(3)
            .map(|stretch| [stretch[0] as usize, stretch[1] as usize, stretch[2] as usize])
            .collect();
        // Stretches that follow each other without a pause are one shift.
        let shifts = stretches.chunk_by(|first, second| first[1] == second[0]);
        shifts.filter_map(|shift| assignment(&person.name, shift)).collect::<Vec<_>>()
    });
    shifts.collect()
}

fn assignment(person: &str, shift: &[[usize; 3]]) -> Option<Assignment> {
    let clock = |interval: usize| {
        let quarter = (interval + FIRST) % DAY;
        format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15)
    };
    let (first, last) = (shift.first()?, shift.last()?);
    let stretch = |[from, to, task]: &[usize; 3]| format!("{} {}-{}", task + 1, clock(*from), clock(*to));
    Some(Assignment {
        person: person.to_owned(),
        day: (first[0] + FIRST) / DAY + 1,
        shift: format!("{}-{}", clock(first[0]), clock(last[1])),
        pattern: shift.iter().map(stretch).collect::<Vec<_>>().join(", "),
    })
}

/// Writes a roster with the identifiers of the instance.
pub fn write(instance: &Retail, chosen: &Chosen) -> String {
    serde_json::json!({ "assignments": assignments(instance, chosen) }).to_string()
}
