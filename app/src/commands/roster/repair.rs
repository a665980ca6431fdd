//! `lianbing roster repair`: a published roster after absences or with another requirement, with few changes.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use roster::formats::{centre, team};
use roster::model::{Error, OFF, Problem};
use roster::repair::{Changes, Limits, Published, Repaired, changed, repair};
use roster::search::Instance;
use roster::{Roster, Spot};
use serde::Serialize;
use serde_json::{Value, json};

use super::{FILE_MAX_BYTES, Format, Tables, rounded, tell};
use crate::commands::files::{is_standard, named, refused, text};
use crate::commands::{IN_PART, counted};

/// Highest `--changes-max`.
const CHANGES_MAX: u64 = 100_000;

#[derive(Debug, Args)]
#[command(after_help = "\
Whoever is absent is off, now and in later repairs of NEW.json, and what was published is kept wherever it can be: a shift changes only where that is worth \
it, and breaks move only where that helps. Absences count as worked: nobody has to make up for them. The same files \
and flags always give the same roster.

One JSON object goes to standard output: objective, changed (shifts that differ, beside those of the absent), seconds, \
and changes with person, day, was and now: shift and breaks as in the roster, null for a day off; the absent and moved \
breaks are among them. docs/roster.md describes the formats.

Example: lianbing roster repair docs/examples/team.toml week.json --absent \"Li Na=2026-11-24\" --out new.json

Exit codes: 0 a roster was written · 1 it failed · 2 the file, the roster or the command line is wrong · 3 a roster was \
written, but its rules need more changes than --changes-max.")]
pub(crate) struct Repair {
    /// What is required, who there is, and their rules; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The roster that was published; - is standard input
    #[arg(value_name = "ROSTER.json")]
    published: PathBuf,
    /// The form of the files: centre or team [default: team for a FILE that ends in .toml, else centre]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Who does not come on which day, such as "Li Na=2026-11-24", or 12=1 by number (centre); can be repeated
    #[arg(long, value_name = "PERSON=DAY")]
    absent: Vec<String>,
    /// Leaves the first N days as they are
    #[arg(long, value_name = "N", default_value_t = 0)]
    past_days: usize,
    #[command(flatten)]
    tables: Tables,
    /// Most shifts that change, beside those of the absent
    #[arg(long, value_name = "N", default_value_t = 20,
        value_parser = clap::value_parser!(u64).range(0..=CHANGES_MAX))]
    changes_max: u64,
    /// Where the new roster goes; - is standard output, and the line of figures then goes to standard error
    #[arg(long, value_name = "NEW.json")]
    out: PathBuf,
}

/// What goes to standard output.
#[derive(Debug, Serialize)]
struct Printed {
    objective: i64,
    changed: usize,
    seconds: f64,
    changes: Vec<Change>,
}

/// Somebody who does something else than was published.
#[derive(Debug, Serialize)]
struct Change {
    person: Value,
    day: Value,
    was: Value,
    now: Value,
}

/// The file, in whichever form.
enum Centre {
    Numbered(Problem),
    Named(team::Team),
}

pub(super) fn run(args: &Repair) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let format = Format::of(args.format, &args.file);
    if !matches!(format, Format::Centre | Format::Team) {
        return Err(refused("roster repair knows the formats centre and team: give one of them"));
    }
    if is_standard(&args.file) && is_standard(&args.published) {
        return Err(refused("only one of FILE and ROSTER.json can be standard input: name the other"));
    }
    let outputs = args.tables.outputs(format, &args.out, &[&args.file, &args.published])?;
    let instance = text(&args.file, FILE_MAX_BYTES)?;
    let wrong = |error: Error| refused(format!("{}: {error}", named(&args.file)));
    let centre = match format {
        Format::Team => {
            Centre::Named(super::team::read(&args.file, &instance, args.tables.required.as_deref())?)
        }
        _ => Centre::Numbered(centre::read(&instance).map_err(wrong)?),
    };
    let published = centre
        .published(&text(&args.published, FILE_MAX_BYTES)?)
        .map_err(|error| refused(format!("{}: {error}", named(&args.published))))?;
    let problem = centre.problem();
    if args.past_days > problem.days {
        return Err(refused(format!("--past-days {}: the file has {} days", args.past_days, problem.days)));
    }
    let Published { roster: published, absent: known } = published;
    let mut absences = known.clone();
    for text in &args.absent {
        let (person, day) = centre.absence(text)?;
        if published.spot(person, day).choice == OFF {
            eprintln!("lianbing: --absent “{text}”: that was a day off; it stays one");
        }
        if !absences.contains(&(person, day)) {
            absences.push((person, day));
        }
    }
    let changes = Changes { absences, past_days: args.past_days, required: None };
    let most = usize::try_from(args.changes_max)?;
    let repaired = repair(problem, &published, &changes, &Limits::of(problem, most), None, &|| false);
    let now = changed(problem, &published, &changes).map_err(wrong)?;
    let repaired = repaired.map_err(|error| wrong(centre.by_name(&now, error)))?;
    let (output, table) = centre.written(&now, &published, &repaired.roster, &changes).map_err(wrong)?;
    let printed = Printed {
        objective: repaired.cost,
        changed: repaired.changed,
        seconds: rounded(started.elapsed().as_secs_f64()),
        changes: centre.changes(&published, &known, &repaired),
    };
    outputs.write(output, table, |to_error| tell(&serde_json::to_string(&printed)?, to_error))?;
    if repaired.changed <= most {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "lianbing: {} changed, more than the {most} of --changes-max: the published roster does not keep the rules of \
         the file",
        counted(repaired.changed as u64, "shift")
    );
    Ok(ExitCode::from(IN_PART))
}

impl Centre {
    fn problem(&self) -> &Problem {
        match self {
            Centre::Numbered(problem) => problem,
            Centre::Named(team) => &team.problem,
        }
    }

    fn published(&self, text: &str) -> Result<Published, Error> {
        match self {
            Centre::Numbered(problem) => centre::read_roster(problem, text),
            Centre::Named(team) => team::read_roster(team, text),
        }
    }

    /// `Li Na=2026-11-24`, or `12=1`.
    fn absence(&self, text: &str) -> anyhow::Result<(usize, usize)> {
        let of = |why: String| refused(format!("--absent “{text}”: {why}"));
        let (person, day) =
            text.rsplit_once('=').ok_or_else(|| of("write the person, = and the day".to_owned()))?;
        let (person, day) = (person.trim(), day.trim());
        match self {
            Centre::Numbered(problem) => {
                let number = |text: &str, what: &str, count: usize| {
                    let found = text.parse().ok().filter(|&number: &usize| number < count);
                    found.ok_or_else(|| of(format!("the {what} must be a number, 0 to {}", count - 1)))
                };
                Ok((number(person, "person", problem.people.len())?, number(day, "day", problem.days)?))
            }
            Centre::Named(team) => {
                let found = team.person(person);
                let found = found.ok_or_else(|| of(format!("nobody in the file is named “{person}”")))?;
                let last = team.date(team.problem.days - 1);
                let day =
                    team.day(day).ok_or_else(|| of(format!("give a day from {} to {last}", team.date(0))))?;
                Ok((found, day))
            }
        }
    }

    fn by_name(&self, now: &Problem, error: Error) -> Error {
        match self {
            Centre::Numbered(_) => error,
            Centre::Named(team) => team::refused(team, now, error),
        }
    }

    /// The new roster, and the table of it.
    fn written(
        &self,
        now: &Problem,
        published: &Roster,
        roster: &Roster,
        changes: &Changes,
    ) -> Result<(String, Option<String>), Error> {
        let absences = changes.absences.iter();
        let absent: Vec<(usize, usize, Spot)> =
            absences.map(|&(person, day)| (person, day, published.spot(person, day))).collect();
        let team = match self {
            Centre::Numbered(_) => return Ok((centre::write_with(roster, &absent), None)),
            Centre::Named(team) => team,
        };
        let instance = Instance::new(now)?;
        let origin = team::Origin::Repair(&changes.absences);
        let explained = team::explain(team, &instance, roster, origin, &|| false);
        Ok((team::write(team, roster, &absent, &explained), Some(team::table(team, roster, origin))))
    }

    /// Who does something else than was published; `known` were absent then already.
    fn changes(&self, published: &Roster, known: &[(usize, usize)], repaired: &Repaired) -> Vec<Change> {
        let problem = self.problem();
        let spots =
            (0..problem.people.len()).flat_map(|person| (0..problem.days).map(move |day| (person, day)));
        spots
            .map(|(person, day)| {
                (person, day, published.spot(person, day), repaired.roster.spot(person, day))
            })
            .filter(|(person, day, was, now)| was != now && !known.contains(&(*person, *day)))
            .map(|(person, day, was, now)| {
                let (who, date) = match self {
                    Centre::Numbered(_) => (json!(person), json!(day)),
                    Centre::Named(team) => (json!(team.name(person)), json!(team.date(day))),
                };
                Change { person: who, day: date, was: self.spot(was), now: self.spot(now) }
            })
            .collect()
    }

    /// A shift with its breaks as it stands in a roster; nothing for a day off.
    fn spot(&self, spot: Spot) -> Value {
        if spot.choice == OFF {
            return Value::Null;
        }
        match self {
            Centre::Numbered(_) => json!({ "shift": spot.choice - 1, "pattern": spot.pattern }),
            Centre::Named(team) => json!({ "shift": team.choice(spot.choice), "pattern": team.breaks(spot) }),
        }
    }
}
