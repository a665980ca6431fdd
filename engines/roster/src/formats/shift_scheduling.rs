//! The `shift-scheduling` format: the “shift scheduling” instances of schedulingbenchmarks.org (Curtois and Qu 2014).
//!
//! Sections of comma-separated lines: horizon, shifts with minutes and what may not follow them, staff with their
//! limits, days off, wishes for and against shifts, and the cover by day and shift with its prices. Day 0 is a
//! Monday. What an edge of the horizon cuts off is never too short. A shift is a single interval of its own, so that cover by shift is cover by interval.

use std::collections::HashMap;

use crate::{
    Roster,
    model::{
        DAYS_MAX, Error, FORBIDDEN, PEOPLE_MAX, Parts, Pattern, Person, Problem, REQUIRED_MAX, Rules,
        SHIFTS_MAX, Shift, Span, WEIGHT_MAX,
    },
};

/// Reads a problem.
///
/// # Errors
/// [`Error::Text`] with the line that cannot be meant, and what [`Problem::new`] refuses.
pub fn read(text: &str) -> Result<Problem, Error> {
    let days = horizon(text)?;
    let shift_lines = limited(text, "SECTION_SHIFTS", SHIFTS_MAX)?;
    let shift_names = names(&shift_lines)?;
    let mut not_after = Vec::new();
    let mut shifts = Vec::new();
    for (at, line) in shift_lines.iter().enumerate() {
        shifts.push(shift(line, at)?);
        let after = line.fields(2)?.get(2).copied().unwrap_or_default();
        for name in after.split('|').filter(|name| !name.is_empty()) {
            not_after.push((tiny(at), tiny(find(&shift_names, line, name)?)));
        }
    }
    let staff_lines = limited(text, "SECTION_STAFF", PEOPLE_MAX)?;
    let staff_names = names(&staff_lines)?;
    let frame = Frame { days, shifts: &shift_names, not_after };
    let mut rules = Vec::new();
    let mut people =
        staff_lines.iter().map(|line| frame.person(line, &mut rules)).collect::<Result<Vec<_>, Error>>()?;
    frame.days_off(text, &staff_names, &mut people)?;
    frame.wishes(text, &staff_names, &mut people)?;
    let intervals = shifts.len();
    let [required, under, over] = frame.cover(text)?;
    Problem::new(Parts {
        days,
        intervals,
        interval_minutes: 0,
        groups: vec![1],
        skills: 1,
        shifts,
        rules,
        people,
        required,
        under,
        over,
        weekends: (0..days.div_ceil(7))
            .map(|week| (7 * week + 5..days.min(7 * week + 7)).collect::<Vec<usize>>())
            .filter(|weekend| !weekend.is_empty())
            .collect(),
    })
}

fn horizon(text: &str) -> Result<usize, Error> {
    let lines = section(text, "SECTION_HORIZON");
    let Some(line) = lines.first() else {
        let why = "there is no SECTION_HORIZON: is it a file of this format?".to_owned();
        return Err(Error::Text { line: 1, why });
    };
    match line.number(line.text, "the horizon in days", DAYS_MAX)? {
        0 => Err(line.wrong("the horizon is 0 days: must be one at least".to_owned())),
        days => Ok(days),
    }
}

/// The lines of a section, when they are few enough.
fn limited<'t>(text: &'t str, name: &str, most: usize) -> Result<Vec<Line<'t>>, Error> {
    let lines = section(text, name);
    match lines.get(most) {
        Some(line) => Err(line.wrong(format!("{name} has {} lines: must have {most} at most", lines.len()))),
        None => Ok(lines),
    }
}

fn shift(line: &Line, at: usize) -> Result<Shift, Error> {
    let fields = line.fields(2)?;
    let interval = tiny(at);
    Ok(Shift {
        name: fields[0].to_owned(),
        start: 0,
        end: 0,
        minutes: small(line.number(fields[1], "minutes of a shift", 2 * 1_440)?),
        night: false,
        patterns: vec![Pattern { work: vec![(interval, interval + 1)] }],
    })
}

/// What the lines of people are read against.
struct Frame<'t> {
    days: usize,
    shifts: &'t Names<'t>,
    not_after: Vec<(u16, u16)>,
}

impl Frame<'_> {
    fn choices(&self) -> usize {
        self.shifts.len() + 1
    }

    fn person(&self, line: &Line, rules: &mut Vec<Rules>) -> Result<Person, Error> {
        let fields = line.fields(8)?;
        let mut own = Rules { not_after: self.not_after.clone(), ..Rules::default() };
        let mut tolls = vec![0; self.days * self.choices()];
        for part in fields[1].split('|').filter(|part| !part.is_empty()) {
            let Some((name, most)) = part.split_once('=') else {
                return Err(line.wrong(format!("“{part}” should be a shift, = and a number")));
            };
            let shift = find(self.shifts, line, name)?;
            match line.number(most, "most of a shift", usize::from(u16::MAX))? {
                // Whoever may never work a shift has no rule of their own for it.
                0 => tolls.chunks_mut(self.choices()).for_each(|day| day[shift + 1] = FORBIDDEN),
                most if most < self.days => own.max_of_shift.push((tiny(shift), tiny(most))),
                _ => {}
            }
        }
        let count = |at: usize, what: &str| line.number(fields[at], what, usize::from(u16::MAX)).map(tiny);
        let minutes = |at: usize, what: &str| line.number(fields[at], what, 1_000_000_000).map(small);
        own.spans = vec![Span {
            first: 0,
            days: tiny(self.days),
            min_minutes: minutes(3, "least minutes")?,
            max_minutes: minutes(2, "most minutes")?,
            max_days: u16::MAX,
        }];
        own.max_run = count(4, "most shifts in a row")?;
        own.min_run = count(5, "least shifts in a row")?.max(1);
        own.min_off = count(6, "least days off in a row")?.max(1);
        own.max_weekends = count(7, "most weekends")?;
        line.text.split_once(',').map_or("", |(_, rest)| rest).clone_into(&mut own.name);
        let same = rules.iter().position(|known| Rules { name: own.name.clone(), ..known.clone() } == own);
        let same = same.unwrap_or_else(|| {
            rules.push(own);
            rules.len() - 1
        });
        Ok(Person { name: fields[0].to_owned(), group: 0, rules: small(same), tolls })
    }

    fn days_off(&self, text: &str, staff: &Names, people: &mut [Person]) -> Result<(), Error> {
        for line in section(text, "SECTION_DAYS_OFF") {
            let fields = line.fields(1)?;
            let person = find(staff, &line, fields[0])?;
            for field in &fields[1..] {
                let from = self.day(&line, field)? * self.choices();
                people[person].tolls[from + 1..from + self.choices()].fill(FORBIDDEN);
            }
        }
        Ok(())
    }

    /// A wished shift costs its weight on every other choice, an unwished one on itself.
    fn wishes(&self, text: &str, staff: &Names, people: &mut [Person]) -> Result<(), Error> {
        for (name, wanted) in [("SECTION_SHIFT_ON_REQUESTS", true), ("SECTION_SHIFT_OFF_REQUESTS", false)] {
            for line in section(text, name) {
                let fields = line.fields(4)?;
                let person = find(staff, &line, fields[0])?;
                let from = self.day(&line, fields[1])? * self.choices();
                let wished = find(self.shifts, &line, fields[2])? + 1;
                let weight = line.number(fields[3], "the weight of a wish", WEIGHT_MAX as usize)?;
                let weight = i32::try_from(weight).unwrap_or(0);
                let day = people[person].tolls[from..from + self.choices()].iter_mut().enumerate();
                for (_, toll) in
                    day.filter(|(choice, toll)| (*choice == wished) != wanted && **toll < FORBIDDEN)
                {
                    *toll += weight;
                }
            }
        }
        Ok(())
    }

    /// Required, price of one too few, price of one too many, by day and shift; what is not named costs nothing.
    fn cover(&self, text: &str) -> Result<[Vec<u32>; 3], Error> {
        let cells = self.days * self.shifts.len();
        let (mut required, mut under, mut over) = (vec![0; cells], vec![0; cells], vec![0; cells]);
        for line in section(text, "SECTION_COVER") {
            let fields = line.fields(5)?;
            let cell = self.day(&line, fields[0])? * self.shifts.len() + find(self.shifts, &line, fields[1])?;
            required[cell] = small(line.number(fields[2], "people required", REQUIRED_MAX as usize)?);
            under[cell] = small(line.number(fields[3], "the price of one too few", WEIGHT_MAX as usize)?);
            over[cell] = small(line.number(fields[4], "the price of one too many", WEIGHT_MAX as usize)?);
        }
        Ok([required, under, over])
    }

    fn day(&self, line: &Line, text: &str) -> Result<usize, Error> {
        line.number(text, "the day (from 0)", self.days - 1)
    }
}

/// Writes a roster with the identifiers of the instance.
pub fn write(problem: &Problem, roster: &Roster) -> String {
    let assignments: Vec<serde_json::Value> = roster
        .assignments()
        .map(|(person, day, shift, pattern)| {
            let (person, shift) = (&problem.people[person].name, &problem.shifts[shift].name);
            serde_json::json!({"person": person, "day": day, "shift": shift, "pattern": pattern})
        })
        .collect();
    serde_json::json!({ "assignments": assignments }).to_string()
}

type Names<'t> = HashMap<&'t str, usize>;

fn names<'t>(lines: &[Line<'t>]) -> Result<Names<'t>, Error> {
    let mut names = Names::new();
    for (at, line) in lines.iter().enumerate() {
        let name = line.fields(1)?[0];
        if names.insert(name, at).is_some() {
            return Err(line.wrong(format!("“{name}” stands there twice: give each its own name")));
        }
    }
    Ok(names)
}

fn find(names: &Names, line: &Line, name: &str) -> Result<usize, Error> {
    let known = names.get(name.trim()).copied();
    known.ok_or_else(|| line.wrong(format!("“{name}” is not known: it must stand in its section above")))
}

/// A line with its number from 1.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    number: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn wrong(&self, why: String) -> Error {
        Error::Text { line: self.number, why }
    }

    fn fields(&self, least: usize) -> Result<Vec<&'t str>, Error> {
        let fields: Vec<&str> = self.text.split(',').map(str::trim).collect();
        if fields.len() < least {
            return Err(self.wrong(format!(
                "“{}” has {} fields: must have {least}",
                self.text,
                fields.len()
            )));
        }
        Ok(fields)
    }

    fn number(&self, text: &str, what: &str, most: usize) -> Result<usize, Error> {
        let value = text.trim().parse::<usize>().ok().filter(|value| *value <= most);
        value.ok_or_else(|| self.wrong(format!("{what} is “{text}”: must be a whole number, 0 to {most}")))
    }
}

/// The lines of a section without comments and empty ones.
fn section<'t>(text: &'t str, name: &str) -> Vec<Line<'t>> {
    let mut inside = false;
    let mut found = Vec::new();
    for (at, text) in text.lines().enumerate() {
        let line = Line { number: at + 1, text: text.trim() };
        if line.text.starts_with("SECTION_") {
            inside = line.text == name;
        } else if inside && !line.text.is_empty() && !line.text.starts_with('#') {
            found.push(line);
        }
    }
    found
}

/// A number that a limit keeps within 16 bits.
fn tiny(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// A number that a limit keeps within 32 bits.
fn small(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
