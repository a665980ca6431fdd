//! The `shift-scheduling` format: whole shifts over weeks.

use std::collections::HashMap;

use crate::{
    Broken, Error, Part, Report, Understaffed,
    output::Assignment,
    text::{Line, section, single},
};

/// Ten years: far beyond the year of the largest published instance.
const MOST_DAYS: usize = 3_660;
/// A weight or a number of minutes above this is a mistake in the file.
const MOST_WEIGHT: u32 = 1_000_000_000;

struct Shift<'a> {
    name: &'a str,
    minutes: u64,
    forbidden_after: Vec<usize>,
}

struct Person<'a> {
    name: &'a str,
    most_of: Vec<Option<usize>>,
    minutes: (u64, u64),
    most_shifts_in_a_row: usize,
    least_shifts_in_a_row: usize,
    least_days_off_in_a_row: usize,
    most_weekends: usize,
    days_off: Vec<usize>,
}

struct Cover {
    day: usize,
    shift: usize,
    required: u32,
    under: f64,
    over: f64,
}

struct Instance<'a> {
    days: usize,
    shifts: Vec<Shift<'a>>,
    people: Vec<Person<'a>>,
    /// Person, day, shift, weight, and whether the shift is wished (or unwished).
    wishes: Vec<(usize, usize, usize, f64, bool)>,
    cover: Vec<Cover>,
}

type Names<'a> = HashMap<&'a str, usize>;

fn find(names: &Names, line: &Line, name: &str, what: &str) -> Result<usize, Error> {
    names.get(name).copied().ok_or_else(|| line.wrong(format!("there is no {what} \"{name}\"")))
}

fn read(text: &str) -> Result<Instance<'_>, Error> {
    let days = single(text, "SECTION_HORIZON", MOST_DAYS)?;
    let shift_lines = section(text, "SECTION_SHIFTS");
    let shift_names = names(&shift_lines, "shift")?;
    let shifts = read_shifts(&shift_lines, &shift_names)?;
    let staff_lines = section(text, "SECTION_STAFF");
    let staff_names = names(&staff_lines, "employee")?;
    let mut people =
        staff_lines.iter().map(|line| read_person(line, &shift_names)).collect::<Result<Vec<_>, _>>()?;
    for line in section(text, "SECTION_DAYS_OFF") {
        let fields = line.fields(1)?;
        let person = find(&staff_names, &line, fields[0], "employee")?;
        for field in &fields[1..] {
            people[person].days_off.push(day(&line, field, days)?);
        }
    }
    let mut wishes = Vec::new();
    for (name, wanted) in [("SECTION_SHIFT_ON_REQUESTS", true), ("SECTION_SHIFT_OFF_REQUESTS", false)] {
        for line in section(text, name) {
            let fields = line.fields(4)?;
            wishes.push((
                find(&staff_names, &line, fields[0], "employee")?,
                day(&line, fields[1], days)?,
                find(&shift_names, &line, fields[2], "shift")?,
                f64::from(weight(&line, fields[3])?),
                wanted,
            ));
        }
    }
    let cover = section(text, "SECTION_COVER")
        .iter()
        .map(|line| {
            let fields = line.fields(5)?;
            Ok(Cover {
                day: day(line, fields[0], days)?,
                shift: find(&shift_names, line, fields[1], "shift")?,
                required: weight(line, fields[2])?,
                under: f64::from(weight(line, fields[3])?),
                over: f64::from(weight(line, fields[4])?),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Instance { days, shifts, people, wishes, cover })
}

fn names<'a>(lines: &[Line<'a>], what: &str) -> Result<Names<'a>, Error> {
    let mut names = Names::new();
    for (index, line) in lines.iter().enumerate() {
        let name = line.fields(1)?[0];
        if names.insert(name, index).is_some() {
            return Err(line.wrong(format!("the {what} \"{name}\" stands there twice")));
        }
    }
    Ok(names)
}

fn read_shifts<'a>(lines: &[Line<'a>], names: &Names) -> Result<Vec<Shift<'a>>, Error> {
    lines
        .iter()
        .map(|line| {
            let fields = line.fields(2)?;
            let after = fields.get(2).copied().unwrap_or_default();
            Ok(Shift {
                name: fields[0],
                minutes: u64::from(weight(line, fields[1])?),
                forbidden_after: after
                    .split('|')
                    .filter(|name| !name.is_empty())
                    .map(|name| find(names, line, name.trim(), "shift"))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

fn read_person<'a>(line: &Line<'a>, shifts: &Names) -> Result<Person<'a>, Error> {
    let fields = line.fields(8)?;
    let mut most_of = vec![None; shifts.len()];
    for part in fields[1].split('|').filter(|part| !part.is_empty()) {
        let Some((name, most)) = part.split_once('=') else {
            return Err(line.wrong(format!("\"{part}\" should be a shift, = and a number")));
        };
        most_of[find(shifts, line, name.trim(), "shift")?] = Some(line.number(most, "most shifts")?);
    }
    Ok(Person {
        name: fields[0],
        most_of,
        minutes: (u64::from(weight(line, fields[3])?), u64::from(weight(line, fields[2])?)),
        most_shifts_in_a_row: line.number(fields[4], "most shifts in a row")?,
        least_shifts_in_a_row: line.number(fields[5], "least shifts in a row")?,
        least_days_off_in_a_row: line.number(fields[6], "least days off in a row")?,
        most_weekends: line.number(fields[7], "most weekends")?,
        days_off: Vec::new(),
    })
}

fn day(line: &Line, text: &str, days: usize) -> Result<usize, Error> {
    let day: usize = line.number(text, "the day")?;
    if day >= days {
        return Err(line.wrong(format!("day {day} is beyond the horizon of {days} days (counted from 0)")));
    }
    Ok(day)
}

fn weight(line: &Line, text: &str) -> Result<u32, Error> {
    let weight = line.number(text, "the number")?;
    if weight > MOST_WEIGHT {
        return Err(line.wrong(format!("{weight} is more than {MOST_WEIGHT}")));
    }
    Ok(weight)
}

pub(crate) fn check(instance: &str, assignments: &[Assignment]) -> Result<Report, Error> {
    let instance = read(instance)?;
    let people: Names = instance.people.iter().enumerate().map(|(i, person)| (person.name, i)).collect();
    let shifts: Names = instance.shifts.iter().enumerate().map(|(i, shift)| (shift.name, i)).collect();
    let mut broken = Vec::new();
    let mut lines = vec![vec![None; instance.days]; instance.people.len()];
    for (at, assignment) in assignments.iter().enumerate() {
        let unknown = |what: &str, name: &str| {
            Error::Output(format!("assignment {at}: the instance has no {what} \"{name}\""))
        };
        let person = assignment.person_name(at)?;
        let shift = assignment.shift_name(at)?;
        let day = assignment.day(at, 0, instance.days)?;
        let index = *people.get(person.as_str()).ok_or_else(|| unknown("employee", &person))?;
        let shift = *shifts.get(shift.as_str()).ok_or_else(|| unknown("shift", &shift))?;
        if lines[index][day].replace(shift).is_some() {
            broken.push(Broken::new(person, day, "one shift a day", "has two"));
        }
    }
    for (person, line) in instance.people.iter().zip(&lines) {
        check_totals(&instance, person, line, &mut broken);
        check_sequence(&instance, person, line, &mut broken);
    }
    let (parts, understaffed) = cost(&instance, &lines);
    let requirement = instance.cover.iter().map(|cover| f64::from(cover.required)).sum();
    Ok(Report::new(parts, requirement, broken, understaffed))
}

/// What is counted over the horizon.
fn check_totals(instance: &Instance, person: &Person, line: &[Option<usize>], broken: &mut Vec<Broken>) {
    let mut add = |rule, detail: String| broken.push(Broken::new(person.name, None, rule, detail));
    let given = || line.iter().flatten();
    for (shift, most) in person.most_of.iter().enumerate() {
        let count = given().filter(|given| **given == shift).count();
        if let Some(most) = most
            && count > *most
        {
            add(
                "most shifts of a type",
                format!("{count} × {}, at most {most}", instance.shifts[shift].name),
            );
        }
    }
    let minutes: u64 = given().map(|shift| instance.shifts[*shift].minutes).sum();
    let (least, most) = person.minutes;
    if minutes > most {
        add("most minutes", format!("{minutes} minutes, at most {most}"));
    }
    if minutes < least {
        add("least minutes", format!("{minutes} minutes, at least {least}"));
    }
    let weekends = line.chunks(7).filter(|week| week.iter().skip(5).any(Option::is_some)).count();
    if weekends > person.most_weekends {
        add("most weekends", format!("{weekends} weekends worked, at most {}", person.most_weekends));
    }
}

/// What depends on the order of the days.
fn check_sequence(instance: &Instance, person: &Person, line: &[Option<usize>], broken: &mut Vec<Broken>) {
    let mut add = |day, rule, detail: String| broken.push(Broken::new(person.name, day, rule, detail));
    for day in &person.days_off {
        if line[*day].is_some() {
            add(*day, "day off", "works on a day off".to_owned());
        }
    }
    for (day, pair) in line.windows(2).enumerate() {
        if let [Some(first), Some(second)] = pair
            && instance.shifts[*first].forbidden_after.contains(second)
        {
            let (first, second) = (instance.shifts[*first].name, instance.shifts[*second].name);
            add(day + 1, "forbidden succession", format!("{second} after {first}"));
        }
    }
    let mut start = 0;
    while start < line.len() {
        let works = line[start].is_some();
        let end =
            line[start..].iter().position(|day| day.is_some() != works).map_or(line.len(), |n| start + n);
        let length = end - start;
        let cut_by_edge = start == 0 || end == line.len();
        if works && length > person.most_shifts_in_a_row {
            add(start, "most shifts in a row", format!("{length}, at most {}", person.most_shifts_in_a_row));
        }
        let (least, rule) = if works {
            (person.least_shifts_in_a_row, "least shifts in a row")
        } else {
            (person.least_days_off_in_a_row, "least days off in a row")
        };
        if length < least && !cut_by_edge {
            add(start, rule, format!("{length}, at least {least}"));
        }
        start = end;
    }
}

fn cost(instance: &Instance, lines: &[Vec<Option<usize>>]) -> (Vec<Part>, Vec<Understaffed>) {
    let (mut on, mut off, mut under, mut over) = (0.0, 0.0, 0.0, 0.0);
    for (person, day, shift, weight, wanted) in &instance.wishes {
        match (*wanted, lines[*person][*day] == Some(*shift)) {
            (true, false) => on += weight,
            (false, true) => off += weight,
            _ => {}
        }
    }
    let mut understaffed = Vec::new();
    for cover in &instance.cover {
        let working = lines.iter().filter(|line| line[cover.day] == Some(cover.shift)).count();
        let working = u32::try_from(working).unwrap_or(u32::MAX);
        let missing = cover.required.saturating_sub(working);
        under += cover.under * f64::from(missing);
        over += cover.over * f64::from(working.saturating_sub(cover.required));
        if missing > 0 {
            let at = instance.shifts[cover.shift].name.to_owned();
            understaffed.push(Understaffed { day: cover.day, at, missing });
        }
    }
    let parts =
        [("wished shifts not given", on), ("unwished shifts given", off), ("under", under), ("over", over)];
    (parts.map(|(name, cost)| Part { name, cost }).to_vec(), understaffed)
}
