//! What is required: from the file itself, or from a table such as `lianbing staff` makes.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, Trim};
use jiff::civil::DateTime;

use super::Names;
use super::calendar::{Calendar, Outside, weekday};
use super::faults::Faults;
use super::file::RequiredRow;
use crate::model::{Error, REQUIRED_MAX, Source};

/// Most days without a row that are told.
const DAYS_TOLD_MAX: usize = 8;
/// Rows from which on their distance tells the interval of a table.
const ROWS_ENOUGH: usize = 8;

/// The requirement of the file itself: `[(day × intervals + interval) × skills + skill]`.
pub(super) fn own(
    rows: &[RequiredRow],
    calendar: &Calendar,
    skills: &Names,
    faults: &mut Faults,
) -> Vec<u32> {
    let mut required = vec![0; calendar.days * calendar.intervals() * skills.len()];
    for row in rows {
        let days = calendar.meant(&row.days, Outside::Refused, faults);
        let skill = skills.find(&row.skill, faults);
        let from = calendar.time(&row.from, faults);
        let agents = row.agents.get_ref();
        let most = i64::from(REQUIRED_MAX);
        if let Some(wrong) = agents.iter().find(|&&agents| !(0..=most).contains(&agents)) {
            faults.at(&row.agents.span(), format!("agents has {wrong}: give 0 to {REQUIRED_MAX}"));
            continue;
        }
        let (Some(skill), Some(from)) = (skill, from) else { continue };
        let from = usize::from(calendar.place(from));
        if from + agents.len() > calendar.intervals() {
            let (count, left) = (agents.len(), calendar.intervals() - from);
            let why = format!(
                "{count} numbers from {} go past midnight: give {left} at most, and the rest in an entry from 00:00",
                row.from.get_ref()
            );
            faults.at(&row.agents.span(), why);
            continue;
        }
        for day in days {
            for (at, &agents) in agents.iter().enumerate() {
                let cell = day * calendar.intervals() + from + at;
                required[cell * skills.len() + skill] = u32::try_from(agents).unwrap_or(0);
            }
        }
    }
    required
}

/// The requirement of a table, in the same shape; `notes` gets what the planner should know.
///
/// # Errors
/// [`Error::Mistakes`] with the rows that cannot be meant.
pub(super) fn table(
    text: &str,
    calendar: &Calendar,
    skills: &Names,
    notes: &mut Vec<String>,
) -> Result<Vec<u32>, Error> {
    // With \r\n the reader would count a line too few.
    let text = &text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut faults = Faults::new(Source::Required, text);
    let found = read(text, calendar, skills, &mut faults, notes);
    faults.end()?;
    Ok(found.unwrap_or_default())
}

/// Where in a row what stands.
struct Columns {
    start: usize,
    agents: usize,
    skill: Option<usize>,
}

fn read(
    text: &str,
    calendar: &Calendar,
    skills: &Names,
    faults: &mut Faults,
    notes: &mut Vec<String>,
) -> Option<Vec<u32>> {
    if text.trim().is_empty() {
        faults.on(1, "it is empty: give a table with the columns interval_start and agents".to_owned());
        return None;
    }
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let often = |separator: &u8| head.bytes().filter(|byte| byte == separator).count();
    let separator = [b';', b'\t', b','].into_iter().max_by_key(often).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(separator).trim(Trim::All).from_reader(text.as_bytes());
    let columns = match reader.headers() {
        Ok(header) => columns(header, skills),
        Err(error) => Err(error.to_string()),
    };
    let columns = columns.map_err(|why| faults.on(1, why)).ok()?;
    let mut required = vec![0; calendar.days * calendar.intervals() * skills.len()];
    let mut known: HashMap<usize, usize> = HashMap::new();
    let (mut rows, mut planned) = (0, 0);
    let mut starts: Vec<DateTime> = Vec::new();
    let mut record = StringRecord::new();
    loop {
        let line = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if record.iter().all(str::is_empty) => continue,
            Ok(true) => {}
            Err(error) => {
                faults.on(line, error.to_string());
                continue;
            }
        }
        let line = record.position().map_or(line, |at| usize::try_from(at.line()).unwrap_or(line));
        rows += 1;
        let (start, cell, agents) = match columns.row(&record, calendar, skills) {
            Ok(row) => row,
            Err(why) => {
                faults.on(line, why);
                continue;
            }
        };
        starts.push(start);
        let Some(cell) = cell else { continue };
        planned += 1;
        if let Some(first) = known.insert(cell, line) {
            faults.on(line, format!("{start} stands on line {first} already: keep one of them"));
        }
        required[cell] = agents;
    }
    if rows == 0 || (planned == 0 && faults.none()) {
        let last = calendar.date(calendar.days - 1);
        faults.on(1, format!("no row lies within {} to {last}: is it the right table?", calendar.first));
    }
    let in_a_day = calendar.intervals() * skills.len();
    let without: Vec<String> = (0..calendar.days)
        .filter(|day| !known.keys().any(|cell| cell / in_a_day == *day))
        .map(|day| format!("{} {}", calendar.date(day), weekday(calendar.date(day))))
        .collect();
    if !without.is_empty() {
        let more = if without.len() > DAYS_TOLD_MAX { ", …" } else { "" };
        let told = without.iter().take(DAYS_TOLD_MAX).cloned().collect::<Vec<String>>().join(", ");
        notes.push(format!("the table has no row for {told}{more}: nobody is needed then"));
    }
    if let Some(minutes) = distance(starts).filter(|&minutes| minutes > i64::from(calendar.interval)) {
        let why = format!(
            "the rows are {minutes} minutes apart, but interval_minutes is {}: give one row for each interval",
            calendar.interval
        );
        faults.on(1, why);
    }
    Some(required)
}

/// The least distance of two rows, minutes, when there are enough of them to tell.
fn distance(mut starts: Vec<DateTime>) -> Option<i64> {
    starts.sort_unstable();
    starts.dedup();
    if starts.len() < ROWS_ENOUGH {
        return None;
    }
    let apart = starts.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs() / 60);
    apart.min()
}

fn columns(header: &StringRecord, skills: &Names) -> Result<Columns, String> {
    let place = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let has = || header.iter().collect::<Vec<&str>>().join(", ");
    let missing = |name: &str| format!("there is no column {name}; there are: {}", has());
    // With one skill everything is required of it, whatever a column calls it.
    let skill = place("skill").or_else(|| place("queue")).filter(|_| skills.len() > 1);
    if skill.is_none() && skills.len() > 1 {
        return Err(format!("{}; with several skills each row needs one", missing("skill or queue")));
    }
    Ok(Columns {
        start: place("interval_start").ok_or_else(|| missing("interval_start"))?,
        agents: place("agents").ok_or_else(|| missing("agents"))?,
        skill,
    })
}

impl Columns {
    /// When a row begins, its place in the requirement when that is planned, and the agents.
    fn row(
        &self,
        record: &StringRecord,
        calendar: &Calendar,
        skills: &Names,
    ) -> Result<(DateTime, Option<usize>, u32), String> {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let text = cell(self.start);
        let start: DateTime = text
            .parse()
            .map_err(|_| format!("interval_start “{text}” is no time: write 2026-11-23T08:00:00"))?;
        let Some(day) = calendar.day(start.date()) else { return Ok((start, None, 0)) };
        let time = start.time();
        let minutes = u32::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or(0);
        if !minutes.is_multiple_of(calendar.interval) || time.second() != 0 || time.subsec_nanosecond() != 0 {
            return Err(format!("{text} does not begin an interval of {} minutes", calendar.interval));
        }
        let skill = match self.skill {
            Some(at) => skills.place(cell(at)).ok_or_else(|| skills.unknown(cell(at)))?,
            None => 0,
        };
        let agents = agents(cell(self.agents))?;
        let place = day * calendar.intervals() + usize::from(calendar.place(minutes));
        Ok((start, Some(place * skills.len() + skill), agents))
    }
}

/// Whole agents, rounded up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at before")]
fn agents(text: &str) -> Result<u32, String> {
    let value: Option<f64> = text.parse().ok();
    let value = value.map(f64::ceil).filter(|value| (0.0..=f64::from(REQUIRED_MAX)).contains(value));
    value
        .map(|value| value as u32)
        .ok_or_else(|| format!("agents is “{text}”: must be a number, 0 to {REQUIRED_MAX}"))
}
