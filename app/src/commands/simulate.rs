//! `lianbing simulate`: a centre's day call by call, and what an event costs.

#[path = "simulate/json.rs"]
mod json;
#[path = "simulate/table.rs"]
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use simulator::file::{Document, FILE_MAX_BYTES, Study};
use simulator::limits::{REPLICATIONS_MAX, THREADS_MAX};
use simulator::{Comparison, Correction, Error, Requirement, Run, compare, required};

use super::files::{named, refused, text};
use super::{WRONG_USE, print};

#[derive(Debug, Args)]
#[command(after_help = "\
The file says which calls come, who takes them and when, and under [[compare]] what might happen: somebody late, ten \
people absent, a drill for eight. Every plan meets the same calls, so that small differences show. Days are simulated \
until the answers are as exact as [run] half_width_points asks for (half a point when it is silent).

Example: what does it cost when Helen is 20 minutes late?
    lianbing simulate docs/examples/helen-late.toml

docs/simulate.md teaches the format; every figure comes with half the width of its 95 % interval.

Exit codes: 0 it worked · 1 it failed · 2 the scenario or the command line is wrong, or --seconds is too short.")]
pub(crate) struct Simulate {
    /// The scenario file (TOML), such as docs/examples/helen-late.toml; - is standard input
    #[arg(value_name = "SCENARIO.toml")]
    scenario: PathBuf,
    /// Prints one JSON object instead of tables; shares from 0 to 1, durations in seconds
    #[arg(long)]
    json: bool,
    /// Another seed is another history of calls; takes the place of [run] seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Simulates exactly so many days, however exact the answers are by then
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=REPLICATIONS_MAX))]
    replications: Option<u64>,
    /// Stops after so many seconds with what is known by then; without a limit of time results depend on the seed alone
    #[arg(long, value_name = "S")]
    seconds: Option<f64>,
    /// Computing threads; results do not depend on them
    #[arg(long, value_name = "T", default_value_t = 1, value_parser = threads)]
    threads: usize,
    /// Finds out how many people each group needs in each interval to meet every target, instead of simulating the
    /// people in the file
    #[arg(long)]
    requirement: bool,
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads) if (1..=THREADS_MAX).contains(&threads) => Ok(threads),
        _ => Err(format!("write 1 to {THREADS_MAX}")),
    }
}

pub(crate) fn run(args: &Simulate) -> anyhow::Result<ExitCode> {
    let seconds = args.seconds.unwrap_or(f64::INFINITY);
    if seconds.is_nan() || seconds < 0.0 {
        eprintln!("lianbing: --seconds is {seconds}: write seconds, such as 10");
        return Ok(ExitCode::from(WRONG_USE));
    }
    let wrong = |error: Error| refused(format!("{}: {error}", named(&args.scenario)));
    let mut study = read(&args.scenario)?.study().map_err(wrong)?;
    study.run = asked(args, study.run);
    // A limit of time too long to be told is none.
    let until = Duration::try_from_secs_f64(seconds).ok().and_then(|limit| Instant::now().checked_add(limit));
    let stop = || until.is_some_and(|until| Instant::now() >= until);
    let found = if args.requirement { people(args, &study, &stop) } else { plans(args, &study, &stop) };
    match found {
        Ok(text) => print(&text)?,
        Err(Error::Stopped) => {
            return Err(refused(format!("{}; --seconds {seconds} is too short", Error::Stopped)));
        }
        Err(error) => return Err(wrong(error)),
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> anyhow::Result<Document> {
    toml::from_str(&text(path, FILE_MAX_BYTES as u64)?).map_err(|error| {
        refused(format!("{} is no scenario; docs/simulate.md teaches the format\n{error}", named(path)))
    })
}

fn asked(args: &Simulate, run: Run) -> Run {
    let mut run = Run { seed: args.seed.unwrap_or(run.seed), threads: args.threads, ..run };
    if let Some(replications) = args.replications {
        run.replications_min = replications;
        run.replications_max = replications;
        run.until.clear();
    }
    run
}

fn plans(args: &Simulate, study: &Study, stop: &(dyn Fn() -> bool + Sync)) -> Result<String, Error> {
    let variants: Vec<_> =
        study.variants.iter().map(|one| (one.name.clone(), one.scenario.clone())).collect();
    let found: Comparison = compare(&study.scenario, &variants, &study.run, stop)?;
    Ok(if args.json { json::comparison(study, &found) } else { table::comparison(study, &found) })
}

fn people(args: &Simulate, study: &Study, stop: &(dyn Fn() -> bool + Sync)) -> Result<String, Error> {
    let mut by = Correction::default();
    let days = args.replications.unwrap_or(by.run.replications_max);
    by.run = Run { replications_min: days, replications_max: days, until: Vec::new(), ..study.run.clone() };
    let found: Requirement = required(&study.scenario, &by, stop)?;
    Ok(if args.json { json::requirement(study, &found) } else { table::requirement(study, &found) })
}
