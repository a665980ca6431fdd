//! How many agents are required: from the file, or from a table beside it.

use toml::Spanned;

use super::{file, instance::Instance, reader::Reader};
use crate::Error;

/// More agents than any skill needs in an interval.
const MOST_AGENTS: u32 = 1_000_000;

/// Agents by interval of the horizon and skill.
pub(super) struct Requirement {
    agents: Vec<u32>,
    skills: usize,
}

impl Requirement {
    fn none(instance: &Instance) -> Self {
        let skills = instance.skills.len();
        Self { agents: vec![0; instance.dates.len() * instance.per_day() * skills], skills }
    }

    /// The agents of each skill in an interval of the horizon.
    pub(super) fn at(&self, interval: usize) -> &[u32] {
        &self.agents[interval * self.skills..(interval + 1) * self.skills]
    }

    pub(super) fn sum(&self) -> f64 {
        self.agents.iter().map(|agents| f64::from(*agents)).sum()
    }

    /// Where a skill's number of an interval stands, if the horizon goes that far.
    fn cell(&mut self, interval: usize, skill: usize) -> Option<&mut u32> {
        self.agents.get_mut(interval * self.skills + skill)
    }

    /// What the file says: later entries replace the intervals of earlier ones.
    pub(super) fn of_file(
        instance: &Instance,
        reader: &Reader,
        entries: &[file::Required],
    ) -> Result<Self, Error> {
        let mut requirement = Self::none(instance);
        for entry in entries {
            let name = entry.skill.get_ref();
            let skill =
                instance.skills.iter().position(|skill| skill == name).ok_or_else(|| {
                    reader.wrong(&entry.skill.span(), format!("there is no skill \"{name}\""))
                })?;
            let from = (reader.clock(&entry.from)? / instance.interval) as usize;
            let agents = entry
                .agents
                .iter()
                .map(|agents: &Spanned<i64>| reader.whole(agents, "the number of agents", 0, MOST_AGENTS))
                .collect::<Result<Vec<_>, _>>()?;
            for (day, _) in instance.dates.iter().enumerate().filter(|(_, date)| entry.days.hold(**date)) {
                let first = day * instance.per_day() + from;
                for (at, agents) in agents.iter().enumerate() {
                    let Some(cell) = requirement.cell(first + at, skill) else { break };
                    *cell = *agents;
                }
            }
        }
        Ok(requirement)
    }

    /// What a table says that has the columns `interval_start`, `agents` and, with several skills, `skill` or `queue`.
    pub(super) fn of_table(instance: &Instance, table: &str) -> Result<Self, Error> {
        // With \r\n the reader would count a line too few.
        let text = &table.strip_prefix('\u{feff}').unwrap_or(table).replace("\r\n", "\n");
        let head = text.lines().next().unwrap_or_default();
        let delimiter = head.bytes().find(|byte| b",;\t|".contains(byte)).unwrap_or(b',');
        let mut rows =
            csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
        let unreadable = |error: &csv::Error| wrong(line(text, error.position()), told(error));
        let columns = Columns::find(instance, rows.headers().map_err(|error| unreadable(&error))?)?;
        let mut requirement = Self::none(instance);
        let mut seen = vec![false; requirement.agents.len()];
        for row in rows.records() {
            let row = row.map_err(|error| unreadable(&error))?;
            let mistake = |message| wrong(line(text, row.position()), message);
            let Some((interval, skill, agents)) = columns.read(instance, &row).map_err(mistake)? else {
                continue;
            };
            let at = interval * requirement.skills + skill;
            if std::mem::replace(&mut seen[at], true) {
                let start = field(&row, columns.start);
                return Err(mistake(format!("{start} stands there twice for the same skill")));
            }
            requirement.agents[at] = agents;
        }
        Ok(requirement)
    }
}

/// Where the columns of a table are.
struct Columns {
    start: usize,
    agents: usize,
    skill: Option<usize>,
}

impl Columns {
    fn find(instance: &Instance, head: &csv::StringRecord) -> Result<Self, Error> {
        let column = |name: &str| head.iter().position(|field| field == name);
        let needed = |name: &str| {
            column(name).ok_or_else(|| {
                wrong(
                    1,
                    format!("there is no column {name}; the columns are interval_start, agents and skill"),
                )
            })
        };
        let skill = column("skill").or_else(|| column("queue"));
        if skill.is_none() && instance.skills.len() != 1 {
            let message = "there is neither a column skill nor a column queue; the team has several skills";
            return Err(wrong(1, message));
        }
        Ok(Self { start: needed("interval_start")?, agents: needed("agents")?, skill })
    }

    /// Interval of the horizon, skill and agents; nothing for a row outside of the horizon.
    fn read(
        &self,
        instance: &Instance,
        row: &csv::StringRecord,
    ) -> Result<Option<(usize, usize, u32)>, String> {
        let text = field(row, self.start);
        let start: jiff::civil::DateTime = text
            .parse()
            .map_err(|_| format!("interval_start \"{text}\" is no time such as 2026-11-23T08:00:00"))?;
        let Some(day) = instance.day(start.date()) else { return Ok(None) };
        let time = start.time();
        let minutes = u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs());
        let whole = time.second() == 0 && time.subsec_nanosecond() == 0;
        if !whole || !minutes.is_multiple_of(instance.interval) {
            return Err(format!(
                "interval_start {text} does not begin an interval of {} minutes",
                instance.interval
            ));
        }
        let skill = self.skill.map_or(Ok(0), |column| {
            let name = field(row, column);
            let position = instance.skills.iter().position(|skill| skill == name);
            position.ok_or_else(|| format!("the team has no skill \"{name}\""))
        })?;
        let text = field(row, self.agents);
        let agents = agents(text)
            .ok_or_else(|| format!("agents is \"{text}\"; it must be a number from 0 to {MOST_AGENTS}"))?;
        let interval = day * instance.per_day() + (minutes / instance.interval) as usize;
        Ok(Some((interval, skill, agents)))
    }
}

fn field(row: &csv::StringRecord, column: usize) -> &str {
    row.get(column).unwrap_or_default()
}

/// A number of agents, rounded up.
fn agents(text: &str) -> Option<u32> {
    let number: f64 = text.parse().ok()?;
    if !(0.0..=f64::from(MOST_AGENTS)).contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to MOST_AGENTS"
    )]
    Some(number.ceil() as u32)
}

fn wrong(line: usize, message: impl Into<String>) -> Error {
    Error::Required { line, message: message.into() }
}

fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields, the head {expected_len}")
        }
        _ => error.to_string(),
    }
}

/// The line of a row; the reader gives the place behind the row before it, and empty lines may follow there.
fn line(text: &str, position: Option<&csv::Position>) -> usize {
    let start = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
    let (before, rest) = text.as_bytes().split_at(start.min(text.len()));
    let empty = rest.iter().take_while(|byte| b"\r\n".contains(byte));
    1 + before.iter().chain(empty).filter(|byte| **byte == b'\n').count()
}
