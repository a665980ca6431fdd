//! `lianbing roster`: who works when, from a file to a file, and the independent check of any roster.

#[path = "roster/centre.rs"]
mod centre;
#[path = "roster/check.rs"]
mod check;
#[path = "roster/repair.rs"]
mod repair;
#[path = "roster/required.rs"]
mod required;
#[path = "roster/search.rs"]
mod search;
#[path = "roster/shifts.rs"]
mod shifts;
#[path = "roster/team.rs"]
mod team;

use std::io::IsTerminal;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use serde_json::value::RawValue;

use super::files::{self, Out, named, refused};
use super::{WRONG_USE, print};

/// Most bytes of a file that are read: the largest centres stay far below.
const FILE_MAX_BYTES: u64 = 64 << 20;
/// Longest search, seconds: a week.
const SECONDS_MAX: f64 = 604_800.0;
/// Seconds between two lines of progress.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
One JSON object goes to standard output: objective (what the roster costs), bound (what no roster can cost less \
than), gap and seconds. For the formats centre and team the gap is (objective − bound) ÷ (requirement + bound) in \
agent-intervals, for the others (objective − bound) ÷ objective. The same seed, chains and --steps give the same \
roster for any number of threads; --seconds only decides how many steps are taken. A roster is written even with \
--seconds 0, and it always keeps every hard rule; when none can, the message says whose rules contradict each other.

docs/roster.md describes the formats of FILE and the roster that is written; team is the one for a centre of your own.

Example: lianbing roster docs/examples/team.toml --seconds 2 --out week.json --table week.csv
         lianbing roster repair docs/examples/team.toml week.json --absent \"Li Na=2026-11-24\" --out new.json
         lianbing roster week.txt --format centre --seconds 10 --out week.json
         lianbing roster check week.txt week.json

Exit codes: 0 a roster was written · 1 it failed · 2 the file, its rules or the command line are wrong."
)]
pub(crate) struct Roster {
    /// What is required, who there is, and their rules; - is standard input
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// The form of the file [default: team for a FILE that ends in .toml, else centre]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    tables: Tables,
    /// How long to search
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    seconds: f64,
    /// How many processors to use; never changes what a number of steps finds
    #[arg(long, value_name = "T", default_value_t = 2)]
    threads: u32,
    /// Searches side by side; another number finds another roster (centre, team)
    #[arg(long, value_name = "N", default_value_t = 2)]
    chains: usize,
    /// Another seed is another course of the search
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Ends after this many steps instead of a time; a step computes one person's line anew
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
    /// Where the roster goes: {"assignments": [{"person", "day", "shift", "pattern"}, …]}; - is standard output, and
    /// the line of figures then goes to standard error
    #[arg(long, value_name = "FILE.json", required = true)]
    out: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Checks a roster independently of the optimiser: every hard rule, and what it costs
    Check(check::Check),
    /// Repairs a published roster after absences or with another requirement, with few changes
    Repair(repair::Repair),
}

/// Tables beside FILE and the roster, for people and for other tools.
#[derive(Debug, Args)]
struct Tables {
    /// The requirement as a table instead of that in FILE, with the columns interval_start, agents and, with several
    /// skills, skill or queue, as `lianbing staff` makes it (team)
    #[arg(long, value_name = "FILE.csv")]
    required: Option<PathBuf>,
    /// Where the roster goes as a table for people, a row each and a column for each day (team)
    #[arg(long, value_name = "WEEK.csv")]
    table: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A week of a contact centre as numbers: skills, break patterns, requirements per half hour
    Centre,
    /// A centre of one's own, with names: contracts, leave, availability, wishes (TOML)
    Team,
    /// The “shift scheduling” instances of schedulingbenchmarks.org
    ShiftScheduling,
    /// The multi-activity retail instances of the same site
    Retail,
}

impl Format {
    /// The format that was asked for, or what the name of the file says.
    fn of(asked: Option<Format>, file: &Path) -> Format {
        let is_toml = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        asked.unwrap_or(if is_toml { Format::Team } else { Format::Centre })
    }
}

/// What goes to standard output.
#[derive(Debug, Serialize)]
struct Printed {
    objective: Box<RawValue>,
    bound: f64,
    gap: f64,
    seconds: f64,
}

/// What a format's search found.
struct Found {
    /// The roster as it is written.
    output: String,
    /// The roster as a table for people, where there is one.
    table: Option<String>,
    objective: i64,
    bound: f64,
    gap: f64,
}

pub(crate) fn run(args: &Roster) -> anyhow::Result<ExitCode> {
    match &args.command {
        Some(Action::Check(check)) => return check::run(check),
        Some(Action::Repair(repair)) => return repair::run(repair),
        None => {}
    }
    let (Some(file), Some(out)) = (&args.file, &args.out) else { return Ok(ExitCode::from(WRONG_USE)) };
    if !(0.0..=SECONDS_MAX).contains(&args.seconds) {
        eprintln!("lianbing: --seconds {} must be 0 to {SECONDS_MAX}", args.seconds);
        return Ok(ExitCode::from(WRONG_USE));
    }
    let Some(threads) = NonZeroU32::new(args.threads) else {
        eprintln!("lianbing: --threads 0 must be at least 1");
        return Ok(ExitCode::from(WRONG_USE));
    };
    let format = Format::of(args.format, file);
    let outputs = args.tables.outputs(format, out, &[file])?;
    let watch = Watch::new(args.seconds, args.steps);
    let text = files::text(file, FILE_MAX_BYTES)?;
    // What the engines refuse is what stands in the file, or a limit of the command line.
    let found = match format {
        Format::Centre => centre::find(&text, args, threads, &watch),
        Format::Team => {
            let team = team::read(file, &text, args.tables.required.as_deref())?;
            team::find(&team, args, threads, &watch)
        }
        Format::ShiftScheduling => shifts::search(&text, args, &watch),
        Format::Retail => shifts::retail(&text, args, &watch),
    }
    .map_err(|error| refused(format!("{}: {error:#}", named(file))))?;
    let printed = Printed {
        objective: RawValue::from_string(found.objective.to_string())?,
        bound: rounded(found.bound),
        gap: (found.gap * 1e6).round() / 1e6,
        seconds: rounded(watch.seconds()),
    };
    let line = serde_json::to_string(&printed)?;
    outputs.write(found.output, found.table, |to_error| tell(&line, to_error))?;
    Ok(ExitCode::SUCCESS)
}

/// Where a roster goes.
struct Outputs {
    roster: Out,
    table: Option<Out>,
}

impl Tables {
    /// Looks at the outputs before any work. None of them is one of the `inputs` or the same as another.
    fn outputs(&self, format: Format, out: &Path, inputs: &[&Path]) -> anyhow::Result<Outputs> {
        if format != Format::Team && (self.required.is_some() || self.table.is_some()) {
            let why =
                "--required and --table belong to the format team: give --format team, or leave them out";
            return Err(refused(why));
        }
        let mut inputs = inputs.to_vec();
        inputs.extend(self.required.as_deref());
        if inputs.iter().filter(|input| files::is_standard(input)).count() > 1 {
            return Err(refused("only one input can be standard input: name the others"));
        }
        if self.table.as_deref() == Some(out) {
            return Err(refused("--table and --out name the same file: name another one"));
        }
        let table = self.table.as_deref().map(|table| Out::new(table, &inputs)).transpose()?;
        Ok(Outputs { roster: Out::new(out, &inputs)?, table })
    }
}

impl Outputs {
    /// Writes the roster and the table, then tells the figures: to standard error where standard output is taken.
    fn write(
        self,
        roster: String,
        table: Option<String>,
        tell: impl FnOnce(bool) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let to_error = self.roster.is_standard() || self.table.as_ref().is_some_and(Out::is_standard);
        self.roster.write((roster + "\n").as_bytes())?;
        if let (Some(out), Some(table)) = (self.table, table) {
            // With the mark a spreadsheet reads names in any script rightly.
            out.write(format!("\u{feff}{table}").as_bytes())?;
        }
        tell(to_error)
    }
}

/// The line of figures.
fn tell(line: &str, to_error: bool) -> anyhow::Result<()> {
    if to_error {
        eprintln!("{line}");
        return Ok(());
    }
    print(&format!("{line}\n"))
}

fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// The clock of a search, which the engine itself never sees, and its progress on a terminal.
struct Watch {
    started: Instant,
    seconds: f64,
    /// A number of steps was asked for: the clock decides nothing.
    steps: Option<u64>,
    told: Option<Mutex<Instant>>,
}

impl Watch {
    fn new(seconds: f64, steps: Option<u64>) -> Watch {
        let started = Instant::now();
        let told = std::io::stderr().is_terminal().then(|| Mutex::new(started));
        Watch { started, seconds, steps, told }
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn left(&self) -> f64 {
        if self.steps.is_some() { f64::INFINITY } else { self.seconds - self.seconds() }
    }

    fn over(&self) -> bool {
        self.left() <= 0.0
    }

    fn tell(&self, cost: i64, bound: f64) {
        let Some(mut told) = self.told.as_ref().and_then(|told| told.lock().ok()) else { return };
        if told.elapsed() >= PROGRESS_EVERY {
            *told = Instant::now();
            eprint!("\r{:8.1} s  objective {cost}  bound {bound:.1}    ", self.seconds());
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.told.is_some() {
            eprintln!();
        }
    }
}
