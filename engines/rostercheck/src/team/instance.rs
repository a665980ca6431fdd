//! The team with its names looked up and its numbers in their ranges.

use jiff::{ToSpan, civil::Date};
use toml::Spanned;

use super::{
    breaks::{self, Break},
    file::{self, File},
    reader::{Names, Reader},
    time::{DAY, Day, Days, Leave, Many, Stretch},
};
use crate::Error;

const MOST_DAYS: u32 = 366;
/// Skills are bits of a mask.
const MOST_SKILLS: usize = 64;
const MOST_SHIFTS: usize = 1_000;
const MOST_CONTRACTS: usize = 1_000;
const MOST_PEOPLE: usize = 10_000;
const MOST_BREAKS: usize = 20;
/// What an agent, an interval or a shift may cost.
const MOST_COST: f64 = 1_000_000.0;
/// Above any number of hours, days, shifts or weekends that a contract can mean.
const MOST_COUNT: u32 = 1_000_000;
/// The length of a shift and half as much again, for shifts that count more than their length.
const MOST_PAID: u32 = DAY * 3 / 2;
const MOST_WEIGHT: u32 = 1_000;
const WEIGHT: u32 = 5;
const SHORT: f64 = 10.0;
const IDLE: f64 = 1.0;
const INTERVALS: [u32; 6] = [5, 10, 15, 20, 30, 60];
const INTERVAL: u32 = 30;
const REST_HOURS: f64 = 11.0;
const DAYS_IN_A_ROW: u32 = 6;
/// The word for a day off.
const OFF: &str = "off";
/// Night is from 22:00 to 06:00.
const NIGHT: Stretch = Stretch { from: 22 * 60, to: 30 * 60 };

pub(super) struct Instance {
    pub(super) dates: Vec<Date>,
    /// Minutes of an interval.
    pub(super) interval: u32,
    pub(super) skills: Vec<String>,
    pub(super) short: f64,
    pub(super) idle: f64,
    pub(super) holidays: Many<Days>,
    pub(super) shifts: Vec<Shift>,
    pub(super) contracts: Vec<Contract>,
    pub(super) people: Vec<Person>,
}

pub(super) struct Shift {
    pub(super) name: String,
    pub(super) time: Stretch,
    pub(super) paid: u64,
    pub(super) night: bool,
    pub(super) unpleasant: bool,
    pub(super) breaks: Vec<Break>,
}

pub(super) struct Contract {
    /// Least and most minutes of a week.
    pub(super) minutes: Option<(u64, u64)>,
    pub(super) days_per_week: u32,
    /// Minutes.
    pub(super) rest: u64,
    pub(super) days_in_a_row: u32,
    pub(super) days_off_in_a_row: u32,
    pub(super) weekends: Option<u32>,
    pub(super) nights_in_a_row: Option<u32>,
    pub(super) shifts: Option<Vec<usize>>,
    pub(super) fair: f64,
}

pub(super) struct Person {
    pub(super) name: String,
    /// A bit for each skill.
    pub(super) skills: u64,
    pub(super) contract: usize,
    pub(super) under_age: bool,
    leave: Many<Leave>,
    available: Vec<(Many<Days>, Stretch)>,
    /// Days, and the shift or a day off.
    fixed: Vec<(Many<Days>, Option<usize>)>,
    wishes: Vec<(Many<Days>, Wish)>,
    pub(super) before: Option<Before>,
}

/// A wish for a day.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    /// The shift, or a day off.
    shift: Option<usize>,
    /// Whether it is one they would rather not have.
    not: bool,
    pub(super) weight: u32,
}

/// What somebody worked up to the horizon.
#[derive(Clone, Copy)]
pub(super) struct Before {
    pub(super) shift: usize,
    pub(super) days: u32,
}

impl Wish {
    pub(super) fn is_met(self, given: Option<usize>) -> bool {
        (self.shift == given) != self.not
    }
}

impl Person {
    pub(super) fn is_on_leave(&self, date: Date) -> bool {
        self.leave.0.iter().any(|leave| leave.holds(date))
    }

    /// The stretches within which they work on a day; none where any time will do.
    pub(super) fn available(&self, date: Date) -> Vec<Stretch> {
        self.available.iter().filter(|(days, _)| days.hold(date)).map(|(_, time)| *time).collect()
    }

    pub(super) fn fixed(&self, date: Date) -> impl Iterator<Item = Option<usize>> {
        self.fixed.iter().filter(move |(days, _)| days.hold(date)).map(|(_, shift)| *shift)
    }

    pub(super) fn wishes(&self, date: Date) -> impl Iterator<Item = Wish> {
        self.wishes.iter().filter(move |(days, _)| days.hold(date)).map(|(_, wish)| *wish)
    }
}

impl Instance {
    /// Reads the file; the requirement in it is left for `required`, which needs the rest first.
    pub(super) fn read(text: &str) -> Result<(Self, Vec<file::Required>, Reader<'_>), Error> {
        let mut reader = Reader { text, interval: INTERVAL };
        let file: File = toml::from_str(text).map_err(|error| reader.unreadable(&error))?;
        if let Some(interval) = &file.interval_minutes {
            reader.interval = reader.whole(interval, "interval_minutes", 5, 60)?;
            if !INTERVALS.contains(&reader.interval) {
                let message =
                    format!("interval_minutes is {}; it must be one of {INTERVALS:?}", reader.interval);
                return Err(reader.wrong(&interval.span(), message));
            }
        }
        let dates = read_dates(&reader, &file.first_day, &file.days)?;
        let skill_names = file.skills.get_ref();
        if skill_names.is_empty() {
            return Err(reader.wrong(&file.skills.span(), "skills is empty; name at least one"));
        }
        let skills = reader.names(skill_names.iter(), "skill", MOST_SKILLS)?;
        let shift_names = reader.names(file.shifts.iter().map(|shift| &shift.name), "shift", MOST_SHIFTS)?;
        let contracts =
            reader.names(file.contracts.iter().map(|contract| &contract.name), "contract", MOST_CONTRACTS)?;
        reader.names(file.people.iter().map(|person| &person.name), "person", MOST_PEOPLE)?;
        let lookup = Lookup { skills: &skills, shifts: &shift_names, contracts: &contracts };
        let instance = Self {
            dates,
            interval: reader.interval,
            short: reader.number(file.short.as_ref(), "short", MOST_COST, SHORT)?,
            idle: reader.number(file.idle.as_ref(), "idle", MOST_COST, IDLE)?,
            holidays: file.holidays,
            shifts: all(&file.shifts, |shift| read_shift(&reader, shift))?,
            contracts: all(&file.contracts, |contract| read_contract(&reader, contract, &shift_names))?,
            people: all(&file.people, |person| lookup.person(&reader, person))?,
            skills: skill_names.iter().map(|skill| skill.get_ref().clone()).collect(),
        };
        Ok((instance, file.required, reader))
    }

    /// Intervals of a day.
    pub(super) fn per_day(&self) -> usize {
        (DAY / self.interval) as usize
    }

    /// The day of the horizon with this date.
    pub(super) fn day(&self, date: Date) -> Option<usize> {
        self.dates.binary_search(&date).ok()
    }
}

fn all<T, U>(items: &[T], read: impl FnMut(&T) -> Result<U, Error>) -> Result<Vec<U>, Error> {
    items.iter().map(read).collect()
}

fn read_dates(reader: &Reader, first: &Spanned<Day>, days: &Spanned<i64>) -> Result<Vec<Date>, Error> {
    let count = reader.whole(days, "days", 1, MOST_DAYS)?;
    let Day(start) = *first.get_ref();
    (0..i64::from(count))
        .map(|day| {
            start.checked_add(day.days()).map_err(|_| {
                reader.wrong(&first.span(), format!("{count} days from {start} on are beyond the calendar"))
            })
        })
        .collect()
}

fn read_shift(reader: &Reader, shift: &file::Shift) -> Result<Shift, Error> {
    let name = shift.name.get_ref();
    if name == OFF || name.starts_with('!') {
        let message = format!("a shift cannot be named \"{name}\": wishes mean something else by it");
        return Err(reader.wrong(&shift.name.span(), message));
    }
    let time = reader.stretch(&shift.time)?;
    let length = time.to - time.from;
    let paid = shift
        .paid_minutes
        .as_ref()
        .map_or(Ok(length), |paid| reader.whole(paid, "paid_minutes", 0, MOST_PAID))?;
    if let Some(extra) = shift.breaks.get(MOST_BREAKS) {
        let message = format!("the shift \"{name}\" has more than the {MOST_BREAKS} breaks allowed");
        return Err(reader.wrong(&extra.span(), message));
    }
    let breaks = shift
        .breaks
        .iter()
        .map(|pause| {
            let pause = pause.get_ref();
            let minutes = reader.length(&pause.minutes, "a break", DAY)?;
            Ok(Break { minutes, between: reader.stretch(&pause.between)? })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    if let Some(at) = breaks::first_without_room(time, &breaks, reader.interval) {
        let (pause, place) = (breaks[at], shift.breaks[at].span());
        let message = format!(
            "the break of {} minutes between {} finds no room in the shift \"{name}\" {time} behind the breaks before it",
            pause.minutes, pause.between
        );
        return Err(reader.wrong(&place, message));
    }
    let night = shift.night.unwrap_or_else(|| touches_night(time));
    Ok(Shift { name: name.clone(), time, paid: u64::from(paid), night, unpleasant: shift.unpleasant, breaks })
}

/// Whether any of it lies in the night before its day, after it, or after the next.
fn touches_night(time: Stretch) -> bool {
    let (from, to) = (time.from + DAY, time.to + DAY);
    (0..3).any(|day| from < NIGHT.to + day * DAY && NIGHT.from + day * DAY < to)
}

fn read_contract(reader: &Reader, contract: &file::Contract, shifts: &Names) -> Result<Contract, Error> {
    let minutes = contract.hours_per_week.as_ref().map(|hours| {
        let (at, [least, most]) = (hours.span(), *hours.get_ref());
        if least > most {
            let message = format!("hours_per_week: at least {least} and at most {most} cannot both hold");
            return Err(reader.wrong(&at, message));
        }
        let minutes = |hours| reader.minutes(hours, f64::from(MOST_COUNT), &at, "hours_per_week");
        Ok((minutes(least)?, minutes(most)?))
    });
    let count = |value: &Option<Spanned<i64>>, what| reader.whole_or(value.as_ref(), what, MOST_COUNT);
    let rest = contract.rest_hours.as_ref();
    let rest_hours = reader.number(rest, "rest_hours", f64::from(MOST_COUNT), REST_HOURS)?;
    let rest_at = rest.map_or(0..0, Spanned::span);
    let allowed = contract.shifts.as_ref().map(|names| {
        names.iter().map(|name| reader.find(shifts, name, "shift")).collect::<Result<Vec<_>, _>>()
    });
    Ok(Contract {
        minutes: minutes.transpose()?,
        days_per_week: reader.whole_or(contract.days_per_week.as_ref(), "days_per_week", 7)?.unwrap_or(7),
        rest: reader.minutes(rest_hours, f64::from(MOST_COUNT), &rest_at, "rest_hours")?,
        days_in_a_row: count(&contract.days_in_a_row, "days_in_a_row")?.unwrap_or(DAYS_IN_A_ROW),
        days_off_in_a_row: count(&contract.days_off_in_a_row, "days_off_in_a_row")?.unwrap_or(1),
        weekends: count(&contract.weekends, "weekends")?,
        nights_in_a_row: count(&contract.nights_in_a_row, "nights_in_a_row")?,
        shifts: allowed.transpose()?,
        fair: reader.number(contract.fair.as_ref(), "fair", MOST_COST, 0.0)?,
    })
}

/// The names that a person's fields may hold.
#[derive(Clone, Copy)]
struct Lookup<'a> {
    skills: &'a Names<'a>,
    shifts: &'a Names<'a>,
    contracts: &'a Names<'a>,
}

impl Lookup<'_> {
    fn person(self, reader: &Reader, person: &file::Person) -> Result<Person, Error> {
        let mut skills = 0;
        for skill in &person.skills {
            skills |= 1_u64 << reader.find(self.skills, skill, "skill")?;
        }
        let available =
            person.available.iter().map(|entry| Ok((entry.days.clone(), reader.stretch(&entry.time)?)));
        let fixed = person.fixed.iter().map(|entry| {
            Ok((entry.day.clone(), self.shift_or_off(reader, &entry.shift, entry.shift.get_ref())?))
        });
        let wishes = person.wishes.iter().map(|wish| Ok((wish.days.clone(), self.wish(reader, wish)?)));
        let before = person.before.as_ref().map(|before| {
            Ok(Before {
                shift: reader.find(self.shifts, &before.shift, "shift")?,
                days: reader.whole(&before.days, "before.days", 1, MOST_COUNT)?,
            })
        });
        Ok(Person {
            name: person.name.get_ref().clone(),
            skills,
            contract: reader.find(self.contracts, &person.contract, "contract")?,
            under_age: person.under_age,
            leave: person.leave.clone(),
            available: available.collect::<Result<_, Error>>()?,
            fixed: fixed.collect::<Result<_, Error>>()?,
            wishes: wishes.collect::<Result<_, Error>>()?,
            before: before.transpose()?,
        })
    }

    fn wish(self, reader: &Reader, wish: &file::Wish) -> Result<Wish, Error> {
        let text = wish.shift.get_ref();
        let (name, not) = text.strip_prefix('!').map_or((text.as_str(), false), |name| (name, true));
        let weight = wish.weight.as_ref();
        Ok(Wish {
            shift: self.shift_or_off(reader, &wish.shift, name)?,
            not,
            weight: weight
                .map_or(Ok(WEIGHT), |weight| reader.whole(weight, "a wish's weight", 1, MOST_WEIGHT))?,
        })
    }

    fn shift_or_off(self, reader: &Reader, at: &Spanned<String>, name: &str) -> Result<Option<usize>, Error> {
        if name == OFF {
            return Ok(None);
        }
        let found = self.shifts.get(name).copied();
        found.map(Some).ok_or_else(|| {
            reader.wrong(&at.span(), format!("there is no shift \"{name}\"; a day off is \"{OFF}\""))
        })
    }
}
