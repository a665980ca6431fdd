//! `lianbing roster check`: the independent checker on a file and a roster.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Format, read};
use crate::commands::{counted, print};

/// Most broken rules that are told one by one.
const TOLD_MAX: usize = 50;

#[derive(Debug, Args)]
#[command(after_help = "\
Prints the report as one JSON object: objective and its parts, every broken hard rule by person and day, every \
understaffed interval. Exit code 0: every hard rule is kept; 1: some are broken, told on standard error.")]
pub(crate) struct Check {
    /// What was required, who there is, and their rules
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The roster: {"assignments": [{"person", "day", "shift", "pattern"}, …]}
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
    let report = rostercheck::check(format, &read(&check.file)?, &read(&check.out)?)?;
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
    Ok(ExitCode::from(1))
}
