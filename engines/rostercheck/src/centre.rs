//! The `centre` format: a week of a contact centre.

use crate::{Broken, Error, Part, Report, Understaffed, flow::most_served, output::Assignment};

const DAYS: usize = 7;
/// Half hours in a day.
const INTERVALS: usize = 48;
/// 11 hours of rest, in half hours.
const REST: usize = 22;
/// Skills are bits of a mask, and the flow is made for a handful.
const MOST_SKILLS: usize = 16;
const UNDER: f64 = 10.0;

struct Shift {
    start: usize,
    length: usize,
    patterns: Vec<Vec<usize>>,
}

struct Person {
    group: usize,
    min_hours: usize,
    max_hours: usize,
    max_days: usize,
    window: (usize, usize),
    available: Vec<bool>,
}

struct Centre {
    skills: usize,
    groups: Vec<u64>,
    shifts: Vec<Shift>,
    people: Vec<Person>,
    /// By skill, day and interval.
    required: Vec<usize>,
}

/// The numbers of the file, each with its line.
struct Numbers<'a> {
    left: Box<dyn Iterator<Item = (usize, &'a str)> + 'a>,
    line: usize,
}

impl Numbers<'_> {
    /// The next number, at most `most`.
    fn next(&mut self, what: &str, most: usize) -> Result<usize, Error> {
        let Some((line, text)) = self.left.next() else {
            return Err(Error::Instance {
                line: self.line,
                message: format!("the file ends where {what} should stand"),
            });
        };
        self.line = line;
        text.parse().ok().filter(|number| *number <= most).ok_or_else(|| Error::Instance {
            line,
            message: format!("{what} is \"{text}\"; it must be a whole number from 0 to {most}"),
        })
    }
}

/// More of anything than a centre has.
const MANY: usize = 1_000_000;

fn read(instance: &str) -> Result<Centre, Error> {
    let words = instance
        .lines()
        .enumerate()
        .flat_map(|(index, line)| line.split_whitespace().map(move |word| (index + 1, word)));
    let mut numbers = Numbers { left: Box::new(words), line: 1 };
    let people = numbers.next("the number of agents", MANY)?;
    let shifts = numbers.next("the number of shift templates", MANY)?;
    let groups = numbers.next("the number of skill groups", MANY)?;
    let skills = numbers.next("the number of skills", MOST_SKILLS)?;
    numbers.next("the opening interval", INTERVALS)?;
    numbers.next("the closing interval", INTERVALS)?;
    let groups: Vec<u64> = (0..groups)
        .map(|_| numbers.next("a group's skills", (1 << skills) - 1).map(|mask| mask as u64))
        .collect::<Result<_, _>>()?;
    let shifts = (0..shifts).map(|_| read_shift(&mut numbers)).collect::<Result<_, _>>()?;
    let people = (0..people).map(|_| read_person(&mut numbers, groups.len())).collect::<Result<_, _>>()?;
    let required = (0..skills * DAYS * INTERVALS)
        .map(|_| numbers.next("a requirement", MANY))
        .collect::<Result<_, _>>()?;
    Ok(Centre { skills, groups, shifts, people, required })
}

fn read_shift(numbers: &mut Numbers) -> Result<Shift, Error> {
    let start = numbers.next("a shift's start", INTERVALS)?;
    let length = numbers.next("a shift's length", INTERVALS - start)?;
    let patterns = numbers.next("the number of break patterns", MANY)?;
    let mut read = Vec::new();
    for _ in 0..patterns {
        let breaks = numbers.next("the number of breaks", INTERVALS)?;
        read.push(
            (0..breaks).map(|_| numbers.next("a break", INTERVALS - 1)).collect::<Result<Vec<_>, _>>()?,
        );
    }
    Ok(Shift { start, length, patterns: read })
}

fn read_person(numbers: &mut Numbers, groups: usize) -> Result<Person, Error> {
    Ok(Person {
        group: numbers.next("an agent's group", groups.saturating_sub(1))?,
        min_hours: numbers.next("the least hours", 24 * DAYS)?,
        max_hours: numbers.next("the most hours", MANY)?,
        max_days: numbers.next("the most days", MANY)?,
        window: (
            numbers.next("the window's start", INTERVALS)?,
            numbers.next("the window's end", INTERVALS)?,
        ),
        available: (0..DAYS)
            .map(|_| numbers.next("an availability flag", 1).map(|flag| flag == 1))
            .collect::<Result<_, _>>()?,
    })
}

pub(crate) fn check(instance: &str, assignments: &[Assignment]) -> Result<Report, Error> {
    let centre = read(instance)?;
    let mut broken = Vec::new();
    // The shift and break pattern of each person and day.
    let mut week = vec![[None; DAYS]; centre.people.len()];
    for (at, assignment) in assignments.iter().enumerate() {
        let person = assignment.person_index(at, centre.people.len())?;
        let day = assignment.day(at, 0, DAYS)?;
        let shift = assignment.shift_index(at, centre.shifts.len())?;
        let pattern = assignment.pattern_index(at, centre.shifts[shift].patterns.len())?;
        if week[person][day].replace((shift, pattern)).is_some() {
            broken.push(Broken::new(person.to_string(), day, "one shift a day", "has two"));
        }
    }
    for (index, (person, days)) in centre.people.iter().zip(&week).enumerate() {
        check_person(&centre, &index.to_string(), person, days, &mut broken);
    }
    let (parts, understaffed) = cost(&centre, &week);
    let requirement = centre.required.iter().map(|count| to_f64(*count)).sum();
    Ok(Report::new(parts, requirement, broken, understaffed))
}

type Week = [Option<(usize, usize)>; DAYS];

fn check_person(centre: &Centre, name: &str, person: &Person, days: &Week, broken: &mut Vec<Broken>) {
    let mut add =
        |day: Option<usize>, rule, detail: String| broken.push(Broken::new(name, day, rule, detail));
    let mut length = 0;
    let mut worked = 0;
    let mut last_end: Option<usize> = None;
    for (day, given) in days.iter().enumerate() {
        let Some((shift, _)) = given else { continue };
        let shift = &centre.shifts[*shift];
        let (start, end) = (shift.start, shift.start + shift.length);
        if !person.available[day] {
            add(Some(day), "availability", "is not available on this day".to_owned());
        }
        if start < person.window.0 || end > person.window.1 {
            let (from, to) = person.window;
            add(Some(day), "window", format!("works intervals {start} to {end}, may {from} to {to}"));
        }
        if let Some(last) = last_end
            && day * INTERVALS + start < last + REST
        {
            let rest = day * INTERVALS + start - last.min(day * INTERVALS + start);
            add(Some(day), "rest", format!("{rest} of {REST} half hours since the last shift"));
        }
        last_end = Some(day * INTERVALS + end);
        length += shift.length;
        worked += 1;
    }
    if length > 2 * person.max_hours {
        add(None, "most hours", format!("{length} half hours, at most {} hours", person.max_hours));
    }
    if person.min_hours > 0 && length < 2 * person.min_hours {
        add(None, "least hours", format!("{length} half hours, at least {} hours", person.min_hours));
    }
    if worked > person.max_days {
        add(None, "most days", format!("{worked} days, at most {}", person.max_days));
    }
}

fn cost(centre: &Centre, week: &[Week]) -> (Vec<Part>, Vec<Understaffed>) {
    let mut working = vec![vec![0_usize; centre.groups.len()]; DAYS * INTERVALS];
    for (person, days) in centre.people.iter().zip(week) {
        for (day, given) in days.iter().enumerate() {
            let Some((shift, pattern)) = given else { continue };
            let shift = &centre.shifts[*shift];
            let breaks = &shift.patterns[*pattern];
            for interval in (shift.start..shift.start + shift.length).filter(|i| !breaks.contains(i)) {
                working[day * INTERVALS + interval][person.group] += 1;
            }
        }
    }
    let (mut under, mut idle) = (0.0, 0.0);
    let mut understaffed = Vec::new();
    for (cell, counts) in working.iter().enumerate() {
        let required: Vec<usize> =
            (0..centre.skills).map(|skill| centre.required[skill * DAYS * INTERVALS + cell]).collect();
        let served = most_served(&centre.groups, counts, &required);
        let missing = required.iter().sum::<usize>() - served;
        under += UNDER * to_f64(missing);
        idle += to_f64(counts.iter().sum::<usize>() - served);
        if missing > 0 {
            understaffed.push(Understaffed {
                day: cell / INTERVALS,
                at: format!("interval {}", cell % INTERVALS),
                missing: u32::try_from(missing).unwrap_or(u32::MAX),
            });
        }
    }
    (vec![Part { name: "understaffing", cost: under }, Part { name: "idle", cost: idle }], understaffed)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people, far below 2^52")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
