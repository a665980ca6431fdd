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
    /// The form of the file
    #[arg(long, value_enum, default_value_t = Format::Centre)]
    format: Format,
}

pub(super) fn run(check: &Check) -> anyhow::Result<ExitCode> {
    let format = match check.format {
        Format::Centre => rostercheck::Format::Centre,
        Format::ShiftScheduling => rostercheck::Format::ShiftScheduling,
        Format::Retail => rostercheck::Format::Retail,
    };
    if is_standard(&check.file) && is_standard(&check.out) {
        return Err(refused("only one of FILE and OUT.json can be standard input: name the other"));
    }
    let (instance, roster) = (text(&check.file, FILE_MAX_BYTES)?, text(&check.out, FILE_MAX_BYTES)?);
    let report = rostercheck::check(format, &instance, &roster).map_err(|error| {
        let of = if matches!(error, rostercheck::Error::Output(_)) { &check.out } else { &check.file };
        refused(format!("{}: {error}", named(of)))
    })?;
    print(&format!("{}\n", serde_json::to_string(&report)?))?;
    if report.feasible() {
        return Ok(ExitCode::SUCCESS);
    }
    for broken in report.broken.iter().take(TOLD_MAX) {
        let day = broken.day.map_or_else(String::new, |day| format!(", day {day}"));
        eprintln!("person {}{day}: {}: {}", broken.person, broken.rule, broken.detail);
    }
    let count = report.broken.len();
    eprintln!("lianbing: {} broken", counted(count as u64, "hard rule"));
    Ok(ExitCode::from(IN_PART))
}
