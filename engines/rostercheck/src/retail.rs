//! The `retail` format: shifts made of stretches on tasks, in quarters of an hour.

use std::collections::HashMap;

use crate::{
    Broken, Error, Part, Report, Understaffed,
    output::Assignment,
    text::{Line, section, single},
};

/// A year: the largest published instance has 28 days.
const MOST_DAYS: usize = 366;
/// Twenty is the most of the published instances.
const MOST_TASKS: usize = 100;
/// Quarters of an hour in a day.
const DAY: usize = 96;
/// The horizon starts at 06:00.
const FIRST: usize = 24;
const SHIFT: (usize, usize) = (24, 40);
const STRETCH: usize = 4;
const REST: usize = 56;
const DAYS_IN_A_ROW: usize = 5;
const UNDER: f64 = 10_000.0;

struct Person<'a> {
    name: &'a str,
    minutes: (usize, usize),
}

struct Instance<'a> {
    days: usize,
    tasks: usize,
    people: Vec<Person<'a>>,
    /// Least and most people by interval of the horizon and task.
    cover: Vec<(u32, u32)>,
}

/// A shift as the roster gives it; quarters of an hour since midnight before day 1.
struct Given {
    day: usize,
    start: usize,
    end: usize,
    /// Task (from 0), start and end of each stretch.
    stretches: Vec<(usize, usize, usize)>,
}

fn read(text: &str) -> Result<Instance<'_>, Error> {
    let days = single(text, "SECTION_HORIZON", MOST_DAYS)?;
    let tasks = single(text, "SECTION_TASKS", MOST_TASKS)?;
    let people = section(text, "SECTION_STAFF")
        .iter()
        .map(|line| {
            let fields = line.fields(3)?;
            let least = line.number(fields[1], "the least minutes")?;
            let most = line.number(fields[2], "the most minutes")?;
            Ok(Person { name: fields[0], minutes: (least, most) })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let mut cover = vec![(0, u32::MAX); days * DAY * tasks];
    for line in section(text, "SECTION_COVER") {
        let fields = line.fields(5)?;
        let day: usize = line.number(fields[0], "the day")?;
        let (start, _) = span(fields[1]).ok_or_else(|| {
            line.wrong(format!("\"{}\" should be a quarter of an hour such as 06:00-06:15", fields[1]))
        })?;
        let task: usize = line.number(fields[2], "the task")?;
        if day == 0 || task == 0 || task > tasks {
            return Err(line.wrong(format!("day {day} and task {task} are counted from 1, {tasks} tasks")));
        }
        let interval = ((day - 1).saturating_mul(DAY).saturating_add(start)).checked_sub(FIRST);
        let Some(cell) = interval.filter(|interval| *interval < days * DAY) else {
            return Err(line.wrong(format!("{} on day {day} lies outside of the horizon", fields[1])));
        };
        cover[cell * tasks + task - 1] = cell_cover(&line, &fields)?;
    }
    Ok(Instance { days, tasks, people, cover })
}

fn cell_cover(line: &Line, fields: &[&str]) -> Result<(u32, u32), Error> {
    let (least, most) =
        (line.number(fields[3], "the least people")?, line.number(fields[4], "the most people")?);
    if least > most {
        return Err(line.wrong(format!("at least {least} and at most {most} people cannot both hold")));
    }
    Ok((least, most))
}

/// `HH:MM-HH:MM` in quarters of an hour since midnight; an end at or before the start is on the next day.
fn span(text: &str) -> Option<(usize, usize)> {
    let quarter = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute) = (hour.parse::<usize>().ok()?, minute.parse::<usize>().ok()?);
        (hour < 24 && minute < 60 && minute % 15 == 0).then_some(hour * 4 + minute / 15)
    };
    let (start, end) = text.split_once('-')?;
    let (start, end) = (quarter(start)?, quarter(end)?);
    Some((start, if end > start { end } else { end + DAY }))
}

fn given(instance: &Instance, assignment: &Assignment, at: usize) -> Result<Given, Error> {
    let day = assignment.day(at, 1, instance.days + 1)?;
    let shift = assignment.shift_name(at)?;
    let pattern = assignment.pattern_name(at)?;
    let wrong = |what: &str| Error::Output(format!("assignment {at}: {what}"));
    let midnight = (day - 1) * DAY;
    let (start, end) =
        span(&shift).ok_or_else(|| wrong(&format!("shift \"{shift}\"; write it as 06:00-14:00")))?;
    let mut stretches = Vec::new();
    let mut reached = midnight + start;
    for part in pattern.split(',') {
        let stretch = part.trim().split_once(' ').and_then(|(task, times)| {
            let task = task.parse::<usize>().ok().filter(|task| (1..=instance.tasks).contains(task))?;
            Some((task - 1, span(times)?))
        });
        let Some((task, (from, to))) = stretch else {
            return Err(wrong(&format!("stretch \"{part}\"; write task and times as in 1 06:00-10:00")));
        };
        if (midnight + from) % DAY != reached % DAY {
            return Err(wrong(&format!("stretch \"{part}\" does not start where the one before it ends")));
        }
        stretches.push((task, reached, reached + to - from));
        reached += to - from;
    }
    if reached != midnight + end {
        return Err(wrong(&format!("the stretches \"{pattern}\" do not fill the shift {shift}")));
    }
    Ok(Given { day, start: midnight + start, end: reached, stretches })
}

pub(crate) fn check(instance: &str, assignments: &[Assignment]) -> Result<Report, Error> {
    let instance = read(instance)?;
    let people: HashMap<&str, usize> =
        instance.people.iter().enumerate().map(|(i, person)| (person.name, i)).collect();
    let mut rosters: Vec<Vec<Given>> = instance.people.iter().map(|_| Vec::new()).collect();
    for (at, assignment) in assignments.iter().enumerate() {
        let name = assignment.person_name(at)?;
        let person = people.get(name.as_str()).ok_or_else(|| {
            Error::Output(format!("assignment {at}: the instance has no employee \"{name}\""))
        })?;
        rosters[*person].push(given(&instance, assignment, at)?);
    }
    let mut broken = Vec::new();
    for (person, roster) in instance.people.iter().zip(&mut rosters) {
        roster.sort_by_key(|shift| shift.start);
        for shift in roster.iter() {
            check_shift(&instance, person, shift, &mut broken);
        }
        check_line(person, roster, &mut broken);
    }
    let (parts, understaffed) = cost(&instance, &rosters, &mut broken);
    let requirement = instance.cover.iter().map(|(least, _)| f64::from(*least)).sum();
    Ok(Report::new(parts, requirement, broken, understaffed))
}

fn check_shift(instance: &Instance, person: &Person, shift: &Given, broken: &mut Vec<Broken>) {
    let mut add = |rule, detail: String| broken.push(Broken::new(person.name, shift.day, rule, detail));
    let length = shift.end - shift.start;
    if !(SHIFT.0..=SHIFT.1).contains(&length) {
        add("length of a shift", format!("{} minutes, must be 360 to 600", length * 15));
    }
    let start = shift.start % DAY;
    if start != 0 && !(24..=40).contains(&start) && !(56..=72).contains(&start) && start < 80 {
        let (hour, minute) = (start / 4, start % 4 * 15);
        add("start of a shift", format!("{hour:02}:{minute:02} is none of the hours at which one may start"));
    }
    for (task, from, to) in merged(&shift.stretches) {
        if to - from < STRETCH {
            add(
                "length of a stretch",
                format!("{} minutes on task {}, at least 60", (to - from) * 15, task + 1),
            );
        }
    }
    if shift.start < FIRST || shift.end > FIRST + instance.days * DAY {
        add("horizon", "the shift reaches beyond the horizon".to_owned());
    }
}

/// Neighbouring stretches on one task count as one.
fn merged(stretches: &[(usize, usize, usize)]) -> Vec<(usize, usize, usize)> {
    let mut merged: Vec<(usize, usize, usize)> = Vec::new();
    for stretch in stretches {
        match merged.last_mut() {
            Some(last) if last.0 == stretch.0 => last.2 = stretch.2,
            _ => merged.push(*stretch),
        }
    }
    merged
}

fn check_line(person: &Person, roster: &[Given], broken: &mut Vec<Broken>) {
    let mut add = |day, rule, detail: String| broken.push(Broken::new(person.name, day, rule, detail));
    let minutes = 15 * roster.iter().map(|shift| shift.end - shift.start).sum::<usize>();
    let (least, most) = person.minutes;
    if minutes < least {
        add(None, "least minutes", format!("{minutes} minutes, at least {least}"));
    }
    if minutes > most {
        add(None, "most minutes", format!("{minutes} minutes, at most {most}"));
    }
    let mut in_a_row = 0;
    let mut before: Option<&Given> = None;
    for shift in roster {
        if let Some(before) = before {
            if before.day == shift.day {
                add(Some(shift.day), "one shift a day", "starts two".to_owned());
            }
            if shift.start < before.end + REST {
                let rest = shift.start.saturating_sub(before.end) * 15;
                add(Some(shift.day), "rest", format!("{rest} minutes since the last shift, at least 840"));
            }
        }
        in_a_row = match before {
            Some(before) if before.day + 1 == shift.day => in_a_row + 1,
            Some(before) if before.day == shift.day => in_a_row,
            _ => 1,
        };
        if in_a_row == DAYS_IN_A_ROW + 1 {
            add(Some(shift.day), "most days in a row", format!("more than {DAYS_IN_A_ROW}"));
        }
        before = Some(shift);
    }
}

fn cost(
    instance: &Instance,
    rosters: &[Vec<Given>],
    broken: &mut Vec<Broken>,
) -> (Vec<Part>, Vec<Understaffed>) {
    let mut working = vec![0_u32; instance.cover.len()];
    for (task, from, to) in rosters.iter().flatten().flat_map(|shift| &shift.stretches) {
        for interval in (*from..*to).filter_map(|interval| interval.checked_sub(FIRST)) {
            if let Some(count) = working.get_mut(interval * instance.tasks + task) {
                *count += 1;
            }
        }
    }
    let (mut under, mut over) = (0.0, 0.0);
    let mut understaffed = Vec::new();
    for (cell, ((least, most), working)) in instance.cover.iter().zip(&working).enumerate() {
        let surplus = f64::from(working.saturating_sub(*most));
        over += surplus * surplus;
        let missing = least.saturating_sub(*working);
        if missing == 0 {
            continue;
        }
        under += UNDER * f64::from(missing);
        let clock = cell / instance.tasks + FIRST;
        let (day, task) = (clock / DAY + 1, cell % instance.tasks + 1);
        let at = format!("{:02}:{:02} task {task}", clock % DAY / 4, clock % 4 * 15);
        broken.push(Broken::new("-", day, "least people", format!("{missing} short at {at}")));
        understaffed.push(Understaffed { day, at, missing });
    }
    (
        vec![Part { name: "under the minimum", cost: under }, Part { name: "over the maximum", cost: over }],
        understaffed,
    )
}
