//! The `team` format: a centre of one's own, with names. `docs/roster.md` teaches it.
//!
//! [`read`] makes a [`Problem`] of the file and keeps what is needed to speak of people, days and shifts by their
//! names. [`write()`] and [`table`] write a roster, [`read_roster`] reads one again, [`explain`] says why wishes are
//! not met and why intervals are short, and [`refused`] whose rules contradict each other.

mod calendar;
mod contracts;
mod explain;
mod faults;
mod file;
mod people;
mod required;
mod roster;
mod shifts;

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;

use crate::model::{
    Choice, DAYS_MAX, Error, GROUPS_MAX, PEOPLE_MAX, Parts, Person, Problem, SHIFTS_MAX, SKILLS_MAX, Shift,
    Source, WEIGHT_MAX,
};
use calendar::{Calendar, Outside};
use faults::Faults;

pub use explain::{EXPLAINED_MAX, Explained, Origin, Short, UnmetWish, explain, improved, refused};
pub use people::{Ban, Member, Wish};
pub use roster::{read_roster, table, write};
pub use shifts::PLACEMENTS_MAX;

/// Most choices of all people on all days: 5 000 people, four weeks and 350 shifts; some hundred megabytes.
pub const CHOICES_MAX: usize = 50_000_000;
/// What a day off is called.
const OFF_NAME: &str = "off";
/// Minutes of an interval where the file names none.
const INTERVAL: u32 = 30;
/// The intervals that there are, minutes.
const INTERVALS: [i64; 6] = [5, 10, 15, 20, 30, 60];
/// Cost of one agent too few in an interval where the file names none.
const SHORT: u32 = 10;
/// Cost of one agent too many in an interval where the file names none.
const IDLE: u32 = 1;

/// A centre with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// What is to be solved; people, shifts and days stand in the order of the file.
    pub problem: Problem,
    /// What the file says of each person.
    pub members: Vec<Member>,
    /// What a planner should know about the requirement, a sentence each.
    pub notes: Vec<String>,
    /// Whether the requirement came from a table.
    from_table: bool,
    calendar: Calendar,
}

impl Team {
    /// The place of a person.
    pub fn person(&self, name: &str) -> Option<usize> {
        self.problem.people.iter().position(|person| person.name == name)
    }

    /// The place of a day such as `2026-11-23`; nothing outside of the horizon.
    pub fn day(&self, text: &str) -> Option<usize> {
        calendar::date(&toml::Value::String(text.to_owned())).ok().and_then(|date| self.calendar.day(date))
    }

    /// The date of a day, as it stands in a roster.
    pub fn date(&self, day: usize) -> String {
        self.calendar.date(day).to_string()
    }

    /// The name of a shift or of a day off.
    pub fn choice(&self, choice: Choice) -> &str {
        let shift = usize::from(choice).checked_sub(1).and_then(|at| self.problem.shifts.get(at));
        shift.map_or(OFF_NAME, |shift| &shift.name)
    }

    /// The breaks of a shift, such as `11:30-12:00`; nothing on a day off.
    pub fn breaks(&self, spot: crate::Spot) -> String {
        let shift = usize::from(spot.choice).checked_sub(1).and_then(|at| self.problem.shifts.get(at));
        let pattern = shift.and_then(|shift| Some((shift, shift.patterns.get(spot.pattern as usize)?)));
        pattern.map_or_else(String::new, |(shift, pattern)| {
            shifts::breaks(shift, pattern, self.calendar.interval)
        })
    }

    /// A wish as it stands in a file.
    pub fn wish(&self, wish: &Wish) -> String {
        format!("{}{}", if wish.against { "!" } else { "" }, self.choice(wish.choice))
    }
}

/// Reads a file, and a table of the requirement that takes the place of the file's own.
///
/// # Errors
/// [`Error::Mistakes`] with every mistake and its line, and what [`Problem::new`] refuses.
pub fn read(text: &str, required: Option<&str>) -> Result<Team, Error> {
    let mut faults = Faults::new(Source::File, text);
    let file: file::File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            faults.at(&error.span().unwrap_or(0..0), error.message());
            faults.end()?;
            return Err(Error::senseless("the file", error.message()));
        }
    };
    let Some(calendar) = calendar(&file, &mut faults) else {
        faults.end()?;
        return Err(Error::senseless("the file", "has no horizon"));
    };
    let team = team(&file, calendar, required, &mut faults);
    faults.end()?;
    team.unwrap_or_else(|| Err(Error::senseless("the file", "cannot be read")))
}

fn calendar(file: &file::File, faults: &mut Faults) -> Option<Calendar> {
    let first = calendar::date(file.first_day.get_ref());
    let first = first.map_err(|_| {
        let why = format!("first_day is {}: write \"2026-11-23\"", file.first_day.get_ref());
        faults.at(&file.first_day.span(), why);
    });
    let days = number("days", &file.days, 1, i64::try_from(DAYS_MAX).unwrap_or(i64::MAX), faults);
    let interval = file.interval_minutes.as_ref().map_or(Some(INTERVAL), |minutes| {
        let known = INTERVALS.contains(minutes.get_ref());
        if !known {
            let why = format!("interval_minutes is {}: give 5, 10, 15, 20, 30 or 60", minutes.get_ref());
            faults.at(&minutes.span(), why);
        }
        u32::try_from(*minutes.get_ref()).ok().filter(|_| known)
    });
    let (first, days) = (first.ok()?, days?);
    let last = jiff::Span::new().try_days(days).ok().and_then(|span| first.checked_add(span).ok());
    if last.is_none() {
        faults.at(&file.first_day.span(), "the horizon goes past the last date there is: begin earlier");
    }
    let days = usize::try_from(days).ok()?;
    last.and(interval).map(|interval| Calendar { first, days, interval })
}

/// Everything after the head. Nothing where there are mistakes that [`Faults`] holds.
fn team(
    file: &file::File,
    calendar: Calendar,
    required: Option<&str>,
    faults: &mut Faults,
) -> Option<Result<Team, Error>> {
    let skills = Names::new("skill", file.skills.get_ref().iter(), faults);
    if !(1..=SKILLS_MAX).contains(&skills.len()) {
        let why = format!("skills has {} names: give 1 to {SKILLS_MAX}", skills.len());
        faults.at(&file.skills.span(), why);
        return None;
    }
    let weight = |what: &str, value: &Option<Spanned<i64>>, usual: u32, faults: &mut Faults| {
        let most = i64::from(WEIGHT_MAX);
        value.as_ref().map_or(Some(usual), |value| number(what, value, 0, most, faults))
    };
    let under = weight("short", &file.short, SHORT, faults);
    let over = weight("idle", &file.idle, IDLE, faults);
    let own = required::own(&file.required, &calendar, &skills, faults);
    for (what, count, most) in
        [("shifts", file.shifts.len(), SHIFTS_MAX), ("people", file.people.len(), PEOPLE_MAX)]
    {
        if !(1..=most).contains(&count) {
            faults.at(&file.days.span(), format!("there are {count} [[{what}]]: give 1 to {most}"));
            return None;
        }
    }
    let shift_names = Names::new("shift", file.shifts.iter().map(|row| &row.name), faults);
    reserved(&file.shifts, faults);
    // A shift with a mistake is told, and people are looked at nevertheless.
    let shifts: Vec<Shift> =
        file.shifts.iter().map(|row| shifts::shift(row, &calendar, faults).unwrap_or_default()).collect();
    let contract_names = Names::new("contract", file.contracts.iter().map(|row| &row.name), faults);
    let contracts = contracts(file, &calendar, &shift_names, faults);
    Names::new("person", file.people.iter().map(|row| &row.name), faults);
    let choices = file.people.len().saturating_mul(calendar.days).saturating_mul(shifts.len() + 1);
    if choices > CHOICES_MAX {
        let why = format!(
            "people × days × shifts are {choices}, at most {CHOICES_MAX}: plan fewer days or people at once"
        );
        faults.at(&file.days.span(), why);
        return None;
    }
    let frame = people::Frame {
        calendar: &calendar,
        shift_names: &shift_names,
        shifts: &shifts,
        skills: &skills,
        contract_names: &contract_names,
        contracts: &contracts,
    };
    let mut common = people::Common::default();
    let read: Vec<Option<(Person, Member)>> =
        file.people.iter().map(|row| frame.person(row, &mut common, faults)).collect();
    let (people, members) = read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
    if common.groups.len() > GROUPS_MAX {
        let count = common.groups.len();
        let why = format!(
            "people have {count} different sets of skills, at most {GROUPS_MAX}: leave rare skills out"
        );
        faults.at(&file.skills.span(), why);
    }
    if !faults.none() {
        return None;
    }
    let cells = calendar.days * calendar.intervals();
    let from_table = required.is_some();
    let mut notes = Vec::new();
    if from_table && !file.required.is_empty() {
        notes.push("the [[required]] of the file are left aside: the table takes their place".to_owned());
    }
    let required = match required {
        Some(text) => required::table(text, &calendar, &skills, &mut notes),
        None => Ok(own),
    };
    let parts = |required| Parts {
        days: calendar.days,
        intervals: calendar.intervals(),
        interval_minutes: calendar.interval,
        groups: common.groups,
        skills: skills.len(),
        shifts,
        rules: common.rules.list,
        people,
        required,
        under: vec![under.unwrap_or(SHORT); cells],
        over: vec![over.unwrap_or(IDLE); cells],
        weekends: calendar.weekends(),
    };
    Some(required.and_then(|required| {
        Ok(Team { problem: Problem::new(parts(required))?, members, notes, from_table, calendar })
    }))
}

fn contracts(
    file: &file::File,
    calendar: &Calendar,
    shifts: &Names,
    faults: &mut Faults,
) -> Vec<Option<contracts::Contract>> {
    let mut unpleasant_days = calendar.meant(&file.holidays, Outside::LeftAside, faults);
    unpleasant_days.extend(calendar.weekends().into_iter().flatten());
    unpleasant_days.sort_unstable();
    unpleasant_days.dedup();
    let unpleasant: Vec<u16> =
        (0..).zip(&file.shifts).filter(|(_, row)| row.unpleasant).map(|(at, _)| at).collect();
    let frame =
        contracts::Frame { calendar, shifts, unpleasant: &unpleasant, unpleasant_days: &unpleasant_days };
    file.contracts.iter().map(|row| contracts::contract(row, &frame, faults)).collect()
}

/// Names that a wish would take for something else.
fn reserved(rows: &[file::ShiftRow], faults: &mut Faults) {
    for row in rows {
        let name = row.name.get_ref();
        if name == OFF_NAME || name.starts_with('!') {
            let why = format!(
                "a shift cannot be named “{name}”: off is a day off, and ! stands before what is not wished"
            );
            faults.at(&row.name.span(), why);
        }
    }
}

/// Names with their places.
struct Names {
    kind: &'static str,
    places: HashMap<String, usize>,
    list: Vec<String>,
}

impl Names {
    fn new<'n>(
        kind: &'static str,
        names: impl Iterator<Item = &'n Spanned<String>>,
        faults: &mut Faults,
    ) -> Names {
        let mut found = Names { kind, places: HashMap::new(), list: Vec::new() };
        for name in names {
            let text = name.get_ref();
            if text.trim().is_empty() {
                faults.at(&name.span(), format!("a {kind} without a name: give it one"));
            } else if found.places.insert(text.clone(), found.list.len()).is_some() {
                faults.at(&name.span(), format!("“{text}” stands twice: every {kind} has a name of its own"));
            }
            found.list.push(text.clone());
        }
        found
    }

    fn len(&self) -> usize {
        self.list.len()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    fn find(&self, name: &Spanned<String>, faults: &mut Faults) -> Option<usize> {
        self.find_name(name.get_ref(), &name.span(), faults)
    }

    fn find_name(&self, name: &str, place: &Range<usize>, faults: &mut Faults) -> Option<usize> {
        let found = self.place(name);
        if found.is_none() {
            faults.at(place, self.unknown(name));
        }
        found
    }

    fn unknown(&self, name: &str) -> String {
        format!("there is no {} named “{name}”; there are: {}", self.kind, self.all())
    }

    /// Some of the names, for a message.
    fn all(&self) -> String {
        const MOST: usize = 12;
        let more = if self.list.len() > MOST { ", …" } else { "" };
        format!("{}{more}", self.list[..self.list.len().min(MOST)].join(", "))
    }
}

/// A whole number within limits.
fn number(what: &str, value: &Spanned<i64>, least: i64, most: i64, faults: &mut Faults) -> Option<u32> {
    let found = *value.get_ref();
    if !(least..=most).contains(&found) {
        let advice = if least == most { format!("give {least}") } else { format!("give {least} to {most}") };
        faults.at(&value.span(), format!("{what} is {found}: {advice}"));
        return None;
    }
    u32::try_from(found).ok()
}
