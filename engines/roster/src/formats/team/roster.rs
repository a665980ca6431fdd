//! Rosters with names: written as JSON or as a table for people, and read again.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Team;
use super::calendar::{weekday, written};
use super::explain::{Explained, Origin};
use crate::model::{Error, OFF};
use crate::repair::Published;
use crate::roster::{Roster, Spot};

/// An assignment as it stands in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Assignment {
    person: String,
    day: String,
    shift: String,
    /// Its breaks.
    #[serde(default)]
    pattern: String,
}

#[derive(Deserialize)]
struct Read {
    assignments: Vec<Assignment>,
    #[serde(default)]
    absent: Vec<Assignment>,
    #[serde(default)]
    required: Option<String>,
}

#[derive(Serialize)]
struct Written<'r> {
    assignments: Vec<Assignment>,
    /// Who does not come, with the shift they would have worked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<Assignment>,
    /// Where the requirement came from, when not from the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'static str>,
    #[serde(flatten)]
    explained: &'r Explained,
}

/// What stands in a roster whose requirement came from a table.
const TABLE: &str = "table";

/// Writes a roster as one JSON object: who works what, who is absent, which wishes are not met, and what is short.
/// `absent` has the shift that each absent person would have worked: `(person, day, shift)`.
pub fn write(team: &Team, roster: &Roster, absent: &[(usize, usize, Spot)], explained: &Explained) -> String {
    let written = |(person, day, spot): (usize, usize, Spot)| Assignment {
        person: team.name(person).to_owned(),
        day: team.date(day),
        shift: team.choice(spot.choice).to_owned(),
        pattern: team.breaks(spot),
    };
    let assignments = roster
        .assignments()
        .map(|(person, day, ..)| written((person, day, roster.spot(person, day))))
        .collect();
    let absent = absent.iter().copied().map(written).collect();
    let required = team.from_table.then_some(TABLE);
    serde_json::to_string(&Written { assignments, absent, required, explained }).unwrap_or_default()
}

/// Reads a roster that [`write()`] wrote or somebody made for the same file. Reasons are left aside.
///
/// # Errors
/// [`Error::Text`] with the line that is no roster, [`Error::Senseless`] with the first assignment that does not fit
/// the file.
pub fn read_roster(team: &Team, text: &str) -> Result<Published, Error> {
    let read: Read = serde_json::from_str(text).map_err(|error| Error::Text {
        line: error.line(),
        why: format!("it is no roster of this format: {error}"),
    })?;
    if read.required.as_deref() == Some(TABLE) && !team.from_table {
        return Err(Error::senseless(
            "the requirement",
            "was a table when this roster was made: give the table as it is now with --required",
        ));
    }
    let people: HashMap<&str, usize> =
        team.problem.people.iter().enumerate().map(|(at, person)| (person.name.as_str(), at)).collect();
    let shifts: HashMap<&str, usize> =
        team.problem.shifts.iter().enumerate().map(|(at, shift)| (shift.name.as_str(), at)).collect();
    let mut patterns: HashMap<usize, HashMap<String, usize>> = HashMap::new();
    let mut found = Vec::with_capacity(read.assignments.len());
    let mut absent = Vec::new();
    let worked = read.assignments.iter().map(|one| (one, false));
    for (one, is_absent) in worked.chain(read.absent.iter().map(|one| (one, true))) {
        let refuse =
            |why: String| Error::senseless(format!("the shift of “{}” on {}", one.person, one.day), why);
        let person = *people.get(one.person.as_str()).ok_or_else(|| {
            refuse("nobody in the file has this name: correct it, or leave the line out".to_owned())
        })?;
        let day = team.day(&one.day).ok_or_else(|| {
            let last = team.date(team.problem.days - 1);
            refuse(format!("the file plans {} to {last}", team.date(0)))
        })?;
        if is_absent {
            absent.push((person, day));
            if one.shift == super::OFF_NAME {
                continue;
            }
        }
        let shift = *shifts
            .get(one.shift.as_str())
            .ok_or_else(|| refuse(format!("the file has no shift named “{}”", one.shift)))?;
        let patterns = patterns.entry(shift).or_insert_with(|| all_patterns(team, shift));
        let pattern = *patterns
            .get(&one.pattern)
            .ok_or_else(|| refuse(format!("“{}” has no breaks “{}” in the file", one.shift, one.pattern)))?;
        found.push((person, day, shift, pattern));
    }
    let roster = Roster::from_assignments(&team.problem, found).map_err(|error| match error {
        Error::Assignment { person, day, why } => Error::senseless(
            format!("the shift of “{}” on {}", team.problem.people[person].name, team.date(day)),
            why,
        ),
        other => other,
    })?;
    Ok(Published { roster, absent })
}

/// The patterns of a shift by their breaks.
fn all_patterns(team: &Team, shift: usize) -> HashMap<String, usize> {
    let Some(known) = team.problem.shifts.get(shift) else { return HashMap::new() };
    let told = |pattern| super::shifts::breaks(known, pattern, team.problem.interval_minutes);
    known.patterns.iter().enumerate().map(|(at, pattern)| (told(pattern), at)).collect()
}

/// A table for people: a row for each person, a column for each day, in each cell the shift with its breaks, and last the
/// hours that count.
pub fn table(team: &Team, roster: &Roster, origin: Origin<'_>) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let days = 0..team.problem.days;
    let head = days.clone().map(|day| {
        let date = team.calendar.date(day);
        format!("{date} {}", weekday(date))
    });
    let titled = |first: &str, cells: Vec<String>, last: String| -> Vec<String> {
        std::iter::once(first.to_owned()).chain(cells).chain(std::iter::once(last)).collect()
    };
    let mut rows: Vec<Vec<String>> = vec![titled("person", head.collect(), "hours".to_owned())];
    for (person, one) in team.problem.people.iter().enumerate() {
        let cells = days.clone().map(|day| {
            if origin.absent().contains(&(person, day)) {
                return "absent".to_owned();
            }
            cell(team, person, day, roster.spot(person, day))
        });
        let shifts = roster.line(person).iter().filter_map(|spot| usize::from(spot.choice).checked_sub(1));
        let minutes: u32 = shifts.filter_map(|at| Some(team.problem.shifts.get(at)?.minutes)).sum();
        rows.push(titled(&one.name, cells.collect(), (f64::from(minutes) / 60.0).to_string()));
    }
    for row in rows {
        // Writing to memory does not fail.
        let _ = table.write_record(row.iter().map(|cell| plain(cell)));
    }
    let bytes = table.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// `early 08:00-16:30 (breaks 11:30-12:00)`, `off` or `leave`.
fn cell(team: &Team, person: usize, day: usize, spot: Spot) -> String {
    let shift = usize::from(spot.choice).checked_sub(1).and_then(|at| team.problem.shifts.get(at));
    let Some(shift) = shift.filter(|_| spot.choice != OFF) else {
        let on_leave = team.members.get(person).is_some_and(|member| member.is_on_leave(day));
        return if on_leave { "leave" } else { super::OFF_NAME }.to_owned();
    };
    let breaks = team.breaks(spot);
    let breaks = if breaks.is_empty() { breaks } else { format!(" (breaks {breaks})") };
    format!("{} {}{breaks}", shift.name, written(shift.start, shift.end))
}

/// A cell that no spreadsheet takes for a formula.
fn plain(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}
