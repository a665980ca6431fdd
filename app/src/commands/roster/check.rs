//! `lianbing roster check`: the independent checker on a file and a roster.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{FILE_MAX_BYTES, Format};
use crate::commands::files::{is_standard, named, refused, text};
use crate::commands::{IN_PART, counted, print};

/// Most broken rules that are told one by one.
const TOLD_MAX: usize = 50;

#[derive(Debug, Args)]
#[command(after_help = "\
Prints the report as one JSON object: objective and its parts, every broken hard rule by person and day, every \
understaffed interval. docs/roster.md describes the formats.

Exit codes: 0 every hard rule is kept · 1 it failed · 2 the file, the roster or the command line is wrong · 3 rules \
are broken, told on standard error.")]
pub(crate) struct Check {
    /// What was required, who there is, and their rules; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The roster: {"assignments": [{"person", "day", "shift", "pattern"}, …]}; - is standard input
    #[arg(value_name = "OUT.json")]
    out: PathBuf,
    /// The form of the file [default: team for a FILE that ends in .toml, else centre]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The requirement as a table instead of that in FILE (team)
    #[arg(long, value_name = "FILE.csv")]
    required: Option<PathBuf>,
}

pub(super) fn run(check: &Check) -> anyhow::Result<ExitCode> {
    let asked = Format::of(check.format, &check.file);
    if asked != Format::Team && check.required.is_some() {
        return Err(refused("--required belongs to the format team: give --format team, or leave it out"));
    }
    let format = match asked {
        Format::Centre => rostercheck::Format::Centre,
        Format::Team => rostercheck::Format::Team,
        Format::ShiftScheduling => rostercheck::Format::ShiftScheduling,
        Format::Retail => rostercheck::Format::Retail,
    };
    let inputs = [Some(&check.file), Some(&check.out), check.required.as_ref()];
    if inputs.into_iter().flatten().filter(|input| is_standard(input)).count() > 1 {
        return Err(refused("only one input can be standard input: name the others"));
    }
    let (instance, roster) = (text(&check.file, FILE_MAX_BYTES)?, text(&check.out, FILE_MAX_BYTES)?);
    let report = if let Some(required) = &check.required {
        rostercheck::check_team(&instance, Some(&super::required::read(required)?), &roster)
    } else {
        rostercheck::check(format, &instance, &roster)
    }
    .map_err(|error| {
        let of = match (&error, &check.required) {
            (rostercheck::Error::Output(_), _) => &check.out,
            (rostercheck::Error::Required { .. }, Some(required)) => required,
            _ => &check.file,
        };
        refused(format!("{}: {error}", named(of)))
    })?;
    print(&format!("{}\n", serde_json::to_string(&report)?))?;
    if report.feasible() {
        return Ok(ExitCode::SUCCESS);
    }
    for broken in report.broken.iter().take(TOLD_MAX) {
        let day = broken.day.map_or_else(String::new, |day| match report.date(day) {
            Some(date) => format!(", {date}"),
            None => format!(", day {day}"),
        });
        let person = if report.first_day.is_some() { "" } else { "person " };
        eprintln!("{person}{}{day}: {}: {}", broken.person, broken.rule, broken.detail);
    }
    let count = report.broken.len();
    eprintln!("lianbing: {} broken", counted(count as u64, "hard rule"));
    Ok(ExitCode::from(IN_PART))
}
