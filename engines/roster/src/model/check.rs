//! The one look at everything before anything is computed.

use super::{
    DAYS_MAX, Error, FORBIDDEN, GROUPS_MAX, INTERVALS_MAX, PATTERNS_MAX, PEOPLE_MAX, Parts, REQUIRED_MAX,
    Rules, SHIFTS_MAX, SKILLS_MAX, Shift, WEIGHT_MAX,
};

/// A problem that has been looked at: sizes are within limits and every index points at something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    parts: Parts,
}

impl std::ops::Deref for Problem {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Problem {
    /// Looks at a problem.
    ///
    /// # Errors
    /// The first value that cannot be meant, with what to do about it.
    pub fn new(parts: Parts) -> Result<Problem, Error> {
        range("days", parts.days, 1, DAYS_MAX)?;
        range("intervals a day", parts.intervals, 1, INTERVALS_MAX)?;
        range("people", parts.people.len(), 1, PEOPLE_MAX)?;
        range("shifts", parts.shifts.len(), 1, SHIFTS_MAX)?;
        range("skills", parts.skills, 1, SKILLS_MAX)?;
        range("skill groups", parts.groups.len(), 1, GROUPS_MAX)?;
        let patterns = parts.shifts.iter().map(|shift| shift.patterns.len()).sum();
        range("break patterns", patterns, 1, PATTERNS_MAX)?;
        groups(&parts)?;
        for shift in &parts.shifts {
            one_shift(shift, parts.intervals)?;
        }
        for rules in &parts.rules {
            one_set_of_rules(rules, &parts)?;
        }
        people(&parts)?;
        requirement(&parts)?;
        for (at, weekend) in parts.weekends.iter().enumerate() {
            for &day in weekend {
                range(&format!("a day of weekend {at}"), day, 0, parts.days - 1)?;
            }
        }
        Ok(Problem { parts })
    }

    /// The parts, to change one and look again.
    pub fn into_parts(self) -> Parts {
        self.parts
    }

    /// Number of choices on a day: the shifts, and the day off.
    pub fn choices(&self) -> usize {
        self.parts.shifts.len() + 1
    }

    /// Total of the requirement over intervals and skills, in agent-intervals.
    pub fn required_total(&self) -> i64 {
        self.parts.required.iter().map(|&required| i64::from(required)).sum()
    }

    /// The gap between a cost and a bound of it: (cost − bound) ÷ (requirement + bound). The requirement stands in
    /// the denominator because the bound alone may be near zero.
    pub fn gap(&self, cost: i64, bound: f64) -> f64 {
        let scale = self.required_total() as f64 + bound;
        if scale > 0.0 { (cost as f64 - bound) / scale } else { 0.0 }
    }
}

fn range(what: &str, value: usize, least: usize, most: usize) -> Result<(), Error> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::Range { what: what.to_owned(), value: value as u64, least: least as u64, most: most as u64 })
}

fn length(what: impl Into<String>, found: usize, needed: usize) -> Result<(), Error> {
    if found == needed { Ok(()) } else { Err(Error::Length { what: what.into(), found, needed }) }
}

fn groups(parts: &Parts) -> Result<(), Error> {
    for (at, &mask) in parts.groups.iter().enumerate() {
        if mask == 0 {
            return Err(Error::senseless(
                format!("skill group {at}"),
                "has no skill: give it one, or leave out its people",
            ));
        }
        if parts.skills < SKILLS_MAX && mask >> parts.skills != 0 {
            return Err(Error::senseless(
                format!("skill group {at}"),
                format!("has a skill beyond the {} skills there are", parts.skills),
            ));
        }
    }
    Ok(())
}

fn one_shift(shift: &Shift, intervals: usize) -> Result<(), Error> {
    let what = || format!("shift “{}”", shift.name);
    if shift.patterns.is_empty() {
        return Err(Error::senseless(
            what(),
            "has no break pattern: give one, without breaks if it has none",
        ));
    }
    if shift.end < shift.start || shift.end > shift.start + 2 * 1_440 {
        return Err(Error::senseless(what(), format!("runs from minute {} to {}", shift.start, shift.end)));
    }
    for pattern in &shift.patterns {
        let mut last = 0;
        for &(from, to) in &pattern.work {
            if from < last || to <= from || usize::from(to) > 2 * intervals {
                return Err(Error::senseless(
                    what(),
                    format!(
                        "works from interval {from} to {to}: stretches must be in order, not empty, and end within the next day"
                    ),
                ));
            }
            last = to;
        }
    }
    Ok(())
}

fn one_set_of_rules(rules: &Rules, parts: &Parts) -> Result<(), Error> {
    let what = || format!("rules “{}”", rules.name);
    let mut last = 0;
    for span in &rules.spans {
        let end = usize::from(span.first) + usize::from(span.days);
        if usize::from(span.first) < last || span.days == 0 || end > parts.days {
            return Err(Error::senseless(
                what(),
                format!(
                    "a span of {} days from day {}: spans must be in order, not overlap, and end within {} days",
                    span.days, span.first, parts.days
                ),
            ));
        }
        if span.min_minutes > span.max_minutes {
            return Err(Error::senseless(
                what(),
                format!("at least {} and at most {} minutes", span.min_minutes, span.max_minutes),
            ));
        }
        last = end;
    }
    let known = rules
        .not_after
        .iter()
        .flat_map(|&(a, b)| [a, b])
        .chain(rules.max_of_shift.iter().map(|&(shift, _)| shift))
        .chain(rules.unpleasant.iter().flat_map(|unpleasant| unpleasant.shifts.iter().copied()))
        .chain(rules.before.shift);
    for shift in known {
        range(&format!("a shift in the {}", what()), usize::from(shift), 0, parts.shifts.len() - 1)?;
    }
    if let Some(unpleasant) = &rules.unpleasant {
        if unpleasant.costs.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(Error::senseless(what(), "costs of unpleasant shifts must not fall"));
        }
        for &cost in &unpleasant.costs {
            range("cost of an unpleasant shift", cost as usize, 0, WEIGHT_MAX as usize)?;
        }
    }
    range(&format!("fewest days in a row of the {}", what()), usize::from(rules.min_run), 1, DAYS_MAX)?;
    range(&format!("fewest days off of the {}", what()), usize::from(rules.min_off), 1, DAYS_MAX)
}

fn people(parts: &Parts) -> Result<(), Error> {
    for (at, person) in parts.people.iter().enumerate() {
        range(&format!("skill group of person {at}"), usize::from(person.group), 0, parts.groups.len() - 1)?;
        let rules = person.rules as usize;
        if rules >= parts.rules.len() {
            return Err(Error::senseless(
                format!("person {at}"),
                format!("has rules {rules}, which are not there"),
            ));
        }
        if !person.tolls.is_empty() {
            length(
                format!("tolls of person {at}"),
                person.tolls.len(),
                parts.days * (parts.shifts.len() + 1),
            )?;
        }
        for &toll in &person.tolls {
            if toll != FORBIDDEN && toll.unsigned_abs() > WEIGHT_MAX {
                return Err(Error::senseless(
                    format!("person {at}"),
                    format!("a wish of weight {toll}: at most {WEIGHT_MAX}"),
                ));
            }
        }
    }
    Ok(())
}

fn requirement(parts: &Parts) -> Result<(), Error> {
    let cells = parts.cells();
    length("the requirement", parts.required.len(), cells * parts.skills)?;
    length("the cost of understaffing", parts.under.len(), cells)?;
    length("the cost of overstaffing", parts.over.len(), cells)?;
    for (at, &required) in parts.required.iter().enumerate() {
        range(
            &format!("agents required in interval {}", at / parts.skills),
            required as usize,
            0,
            REQUIRED_MAX as usize,
        )?;
    }
    for &weight in parts.under.iter().chain(&parts.over) {
        range("a cost of an interval", weight as usize, 0, WEIGHT_MAX as usize)?;
    }
    Ok(())
}
