//! The `team` format: a centre with names, whose roster comes with reasons and as a table for people.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use roster::formats::team;
use roster::model::{Error, Mistakes, Source};
use roster::search::Instance;

use super::{FILE_MAX_BYTES, Found, Roster, Watch, search::search};
use crate::commands::files::{named, refused, text};

/// Seconds for the reasons, or a tenth of the search where that is longer.
const REASONS_SECONDS: f64 = 1.0;
/// Share of the search's time.
const REASONS_SHARE: f64 = 0.1;

/// Reads a file, with the table of the requirement where there is one.
pub(super) fn read(file: &Path, instance: &str, required: Option<&Path>) -> anyhow::Result<team::Team> {
    let table = required.map(|path| text(path, FILE_MAX_BYTES)).transpose()?;
    team::read(instance, table.as_deref()).map_err(|error| {
        let of_table = matches!(&error, Error::Mistakes(Mistakes { source: Source::Required, .. }));
        let wrong = required.filter(|_| of_table).unwrap_or(file);
        refused(format!("{}: {error}", named(wrong)))
    })
}

pub(super) fn find(
    team: &team::Team,
    args: &Roster,
    threads: NonZeroU32,
    watch: &Watch,
) -> anyhow::Result<Found> {
    let problem = &team.problem;
    let by_name = |error| team::refused(team, problem, error);
    let solved = search(problem, args, threads, watch).map_err(by_name)?;
    let instance = Instance::new(problem).map_err(by_name)?;
    // A number of steps gives the same roster with the same reasons on every machine.
    let seconds = if args.steps.is_some() { f64::INFINITY } else { watch.seconds };
    let over = limit(seconds);
    let explained = team::explain(team, &instance, &solved.roster, team::Origin::Search, &over);
    Ok(Found {
        output: team::write(team, &solved.roster, &explained),
        table: Some(team::table(team, &solved.roster, team::Origin::Search)),
        objective: solved.cost,
        bound: solved.bound,
        gap: problem.gap(solved.cost, solved.bound),
    })
}

/// Whether the time for reasons is over.
fn limit(seconds: f64) -> impl Fn() -> bool + Sync {
    let begun = Instant::now();
    // A time too long to be told has no end.
    let limit = Duration::try_from_secs_f64(REASONS_SECONDS.max(REASONS_SHARE * seconds)).ok();
    move || limit.is_some_and(|limit| begun.elapsed() >= limit)
}
