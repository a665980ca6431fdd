//! The `centre` format: one week of a contact centre as whitespace-separated whole numbers.
//!
//! First `agents templates groups skills open close` (interval indexes), then one bit mask of skills per group; then
//! per template `start length patterns` (half hours) and per pattern the number of breaks and their intervals; then
//! per agent `group min_hours max_hours max_days window_start window_end` and seven flags of availability (a shift
//! lies inside the window); then for each skill and day 48 requirements. Rest between shifts is 11 hours; an agent
//! missing costs 10, an idle one 1.

use crate::model::{Error, FORBIDDEN, Parts, Pattern, Person, Problem, Rules, Shift, Span};
use crate::repair::Published;
use crate::{Roster, Spot};

const DAYS: usize = 7;
const INTERVALS: usize = 48;
const MINUTES: u32 = 30;
const REST_MINUTES: u32 = 11 * 60;
const UNDER: u32 = 10;
const OVER: u32 = 1;

/// Reads a problem.
///
/// # Errors
/// [`Error::Text`] with the line of the first number that is missing or cannot be meant.
pub fn read(text: &str) -> Result<Problem, Error> {
    let mut numbers = Numbers::new(text);
    let agents = numbers.next("number of agents", 1, crate::model::PEOPLE_MAX)?;
    let templates = numbers.next("number of shift templates", 1, crate::model::SHIFTS_MAX)?;
    let groups = numbers.next("number of skill groups", 1, crate::model::GROUPS_MAX)?;
    let skills = numbers.next("number of skills", 1, crate::model::SKILLS_MAX)?;
    let open = numbers.next("opening interval", 0, INTERVALS)?;
    numbers.next("closing interval", open, INTERVALS)?;
    let masks = (0..groups)
        .map(|_| numbers.next("skill mask of a group", 1, u32::MAX as usize).map(small))
        .collect::<Result<Vec<u32>, Error>>()?;
    let shifts = (0..templates).map(|at| shift(&mut numbers, at)).collect::<Result<Vec<Shift>, Error>>()?;
    let mut rules: Vec<Rules> = Vec::new();
    let people = (0..agents)
        .map(|at| person(&mut numbers, at, groups, &shifts, &mut rules))
        .collect::<Result<Vec<Person>, Error>>()?;
    let mut required = vec![0; DAYS * INTERVALS * skills];
    for skill in 0..skills {
        for cell in 0..DAYS * INTERVALS {
            let most = crate::model::REQUIRED_MAX as usize;
            required[cell * skills + skill] = small(numbers.next("a requirement", 0, most)?);
        }
    }
    numbers.end()?;
    Problem::new(Parts {
        days: DAYS,
        intervals: INTERVALS,
        interval_minutes: MINUTES,
        groups: masks,
        skills,
        shifts,
        rules,
        people,
        required,
        under: vec![UNDER; DAYS * INTERVALS],
        over: vec![OVER; DAYS * INTERVALS],
        weekends: vec![vec![5, 6]],
    })
}

fn shift(numbers: &mut Numbers, at: usize) -> Result<Shift, Error> {
    let start = numbers.next("start of a template", 0, INTERVALS - 1)?;
    let length = numbers.next("length of a template", 1, INTERVALS)?;
    let count = numbers.next("number of break patterns", 1, crate::model::PATTERNS_MAX)?;
    let end = start + length;
    let mut patterns = Vec::new();
    for _ in 0..count {
        let breaks = numbers.next("number of breaks", 0, length)?;
        let off = (0..breaks)
            .map(|_| numbers.next("interval of a break", start, end - 1).map(tiny))
            .collect::<Result<Vec<u16>, Error>>()?;
        patterns.push(Pattern::with_breaks(tiny(start), tiny(end), &off));
    }
    Ok(Shift {
        name: at.to_string(),
        start: small(start) * MINUTES,
        end: small(end) * MINUTES,
        minutes: small(length) * MINUTES,
        night: false,
        patterns,
    })
}

fn person(
    numbers: &mut Numbers,
    at: usize,
    groups: usize,
    shifts: &[Shift],
    rules: &mut Vec<Rules>,
) -> Result<Person, Error> {
    let group = numbers.next("skill group of an agent", 0, groups - 1)?;
    let min_hours = numbers.next("fewest hours of an agent", 0, 168)?;
    let max_hours = numbers.next("most hours of an agent", min_hours, 168)?;
    let max_days = numbers.next("most days of an agent", 0, DAYS)?;
    let from = small(numbers.next("start of an agent's window", 0, 2 * INTERVALS)?) * MINUTES;
    let to = small(numbers.next("end of an agent's window", 0, 2 * INTERVALS)?) * MINUTES;
    let choices = shifts.len() + 1;
    let mut tolls = vec![0; DAYS * choices];
    for day in tolls.chunks_mut(choices) {
        let available = numbers.next("availability of an agent", 0, 1)? == 1;
        for (toll, shift) in day.iter_mut().skip(1).zip(shifts) {
            if !available || shift.start < from || shift.end > to {
                *toll = FORBIDDEN;
            }
        }
    }
    let own = Rules {
        name: format!("{min_hours} to {max_hours} h, {max_days} days"),
        spans: vec![Span {
            first: 0,
            days: tiny(DAYS),
            min_minutes: small(min_hours) * 60,
            max_minutes: small(max_hours) * 60,
            max_days: tiny(max_days),
        }],
        rest_minutes: REST_MINUTES,
        ..Rules::default()
    };
    let same = rules.iter().position(|known| *known == own).unwrap_or_else(|| {
        rules.push(own);
        rules.len() - 1
    });
    Ok(Person { name: at.to_string(), group: tiny(group), rules: small(same), tolls })
}

/// Writes a roster: people, days, shifts and break patterns by their place in the file, from 0.
pub fn write(roster: &Roster) -> String {
    write_with(roster, &[])
}

/// Writes a roster after absences, with the shift that each absent person would have worked: `(person, day, shift)`.
pub fn write_with(roster: &Roster, absent: &[(usize, usize, Spot)]) -> String {
    let assignments: Vec<serde_json::Value> = roster
        .assignments()
        .map(|(person, day, shift, pattern)| {
            serde_json::json!({"person": person, "day": day, "shift": shift, "pattern": pattern})
        })
        .collect();
    if absent.is_empty() {
        return serde_json::json!({ "assignments": assignments }).to_string();
    }
    let absent = absent.iter().map(|&(person, day, spot)| {
        let shift = usize::from(spot.choice).checked_sub(1);
        serde_json::json!({"person": person, "day": day, "shift": shift, "pattern": spot.pattern})
    });
    let absent: Vec<serde_json::Value> = absent.collect();
    serde_json::json!({ "assignments": assignments, "absent": absent }).to_string()
}

/// Reads a roster that [`write()`] wrote or somebody made for the same file.
///
/// # Errors
/// [`Error::Text`] with the line that is no roster, [`Error::Assignment`] with the first one that does not fit.
pub fn read_roster(problem: &Problem, text: &str) -> Result<Published, Error> {
    let read: Assignments = serde_json::from_str(text).map_err(|error| Error::Text {
        line: error.line(),
        why: format!("it is no roster of this format: {error}"),
    })?;
    let assignments = read.assignments.iter().map(|one| (one.person, one.day, one.shift, one.pattern));
    let lost = read.absent.iter().filter_map(|one| Some((one.person, one.day, one.shift?, one.pattern)));
    let roster = Roster::from_assignments(problem, assignments.chain(lost))?;
    Ok(Published { roster, absent: read.absent.iter().map(|one| (one.person, one.day)).collect() })
}

/// A roster as it stands in a file.
#[derive(serde::Deserialize)]
struct Assignments {
    assignments: Vec<Assignment>,
    #[serde(default)]
    absent: Vec<Absent>,
}

/// Who does not come, with the shift they would have worked.
#[derive(serde::Deserialize)]
struct Absent {
    person: usize,
    day: usize,
    shift: Option<usize>,
    #[serde(default)]
    pattern: usize,
}

#[derive(serde::Deserialize)]
struct Assignment {
    person: usize,
    day: usize,
    shift: usize,
    pattern: usize,
}

/// A number that a limit keeps within 16 bits.
fn tiny(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// A number that a limit keeps within 32 bits.
fn small(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The numbers of a text with the lines that they stand on.
struct Numbers<'t> {
    words: Box<dyn Iterator<Item = (usize, &'t str)> + 't>,
    line: usize,
}

impl<'t> Numbers<'t> {
    fn new(text: &'t str) -> Numbers<'t> {
        let words = text
            .lines()
            .enumerate()
            .flat_map(|(at, line)| line.split_ascii_whitespace().map(move |word| (at + 1, word)));
        Numbers { words: Box::new(words), line: 1 }
    }

    fn next(&mut self, what: &str, least: usize, most: usize) -> Result<usize, Error> {
        let Some((line, word)) = self.words.next() else {
            let why = format!("the file ends where the {what} should stand: is it complete?");
            return Err(Error::Text { line: self.line, why });
        };
        self.line = line;
        let value = word.parse::<usize>().ok().filter(|value| (least..=most).contains(value));
        value.ok_or_else(|| {
            let shown: String = word.chars().take(20).collect();
            Error::Text {
                line,
                why: format!("{what} is “{shown}”: must be a whole number, {least} to {most}"),
            }
        })
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.words.next() {
            None => Ok(()),
            Some((line, word)) => {
                let shown: String = word.chars().take(20).collect();
                Err(Error::Text {
                    line,
                    why: format!("“{shown}” stands behind the last requirement: remove it"),
                })
            }
        }
    }
}
