//! The `team` format: a centre with names, whose roster comes with reasons and as a table for people.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use roster::formats::team;
use roster::model::{Error, Mistakes, Source};
use roster::search::{Instance, Plan};

use super::{Found, Roster, Watch, required, search::search};
use crate::commands::files::{named, refused};

/// Seconds for the reasons, or a tenth of the search where that is longer.
const REASONS_SECONDS: f64 = 1.0;
/// Share of the search's time.
const REASONS_SHARE: f64 = 0.1;

/// Reads a file, with the table of the requirement where there is one.
pub(super) fn read(file: &Path, instance: &str, required: Option<&Path>) -> anyhow::Result<team::Team> {
    let table = required.map(required::read).transpose()?;
    let team = team::read(instance, table.as_deref()).map_err(|error| {
        let of_table = matches!(&error, Error::Mistakes(Mistakes { source: Source::Required, .. }));
        let wrong = required.filter(|_| of_table).unwrap_or(file);
        refused(format!("{}: {error}", named(wrong)))
    })?;
    for note in &team.notes {
        eprintln!("note: {note}");
    }
    Ok(team)
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
    let roster = team::improved(team, &instance, &solved.roster, &over);
    let cost = Plan::of(&instance, &roster).map_err(by_name)?.cost();
    let explained = team::explain(team, &instance, &roster, team::Origin::Search, &over);
    eprintln!(
        "lianbing: stretches of time with too few agents: {}; wishes not met: {}; the roster says why",
        explained.short.len(),
        explained.unmet_wishes.len()
    );
    Ok(Found {
        output: team::write(team, &roster, &[], &explained),
        table: Some(team::table(team, &roster, team::Origin::Search)),
        objective: cost,
        bound: solved.bound,
        gap: problem.gap(cost, solved.bound),
    })
}

/// Whether the time for reasons is over.
fn limit(seconds: f64) -> impl Fn() -> bool + Sync {
    let begun = Instant::now();
    // A time too long to be told has no end.
    let limit = Duration::try_from_secs_f64(REASONS_SECONDS.max(REASONS_SHARE * seconds)).ok();
    move || limit.is_some_and(|limit| begun.elapsed() >= limit)
}
