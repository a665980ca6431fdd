//! The search for a centre's roster: the engine in rounds until the time is over.

use std::num::NonZeroU32;

use roster::bound::Bound;
use roster::model::{Error, Problem};
use roster::search::{Instance, Search, Settings};
use roster::{BOUND_ITERATIONS, FIRST_ROUND, Solved, program};

use super::{Roster, Watch};

/// Share of the time for the search before single days are solved anew, where that is possible.
const SEARCH_SHARE: f64 = 0.15;
/// Longest such search, seconds: after that a day solved anew gains more.
const SEARCH_SECONDS_MAX: f64 = 20.0;
/// A round takes at most this share of the time left; the rest is for its end without noise.
const ROUND_SHARE: f64 = 0.93;
/// Seconds for the prices of the linear programme.
const PRICES_SECONDS: f64 = 60.0;
/// Longest time for one day, seconds.
const DAY_SECONDS: f64 = 30.0;

/// A roster by the steps or the seconds of the command line.
pub(super) fn search(
    problem: &Problem,
    args: &Roster,
    threads: NonZeroU32,
    watch: &Watch,
) -> Result<Solved, Error> {
    let Some(steps) = args.steps else { return timed(problem, args, threads, watch) };
    let instance = Instance::new(problem)?;
    let settings = settings(args, &instance);
    roster::solve(problem, Some(settings), None, steps, &|| false)
}

fn settings(args: &Roster, instance: &Instance) -> Settings {
    Settings {
        seed: args.seed,
        chains: args.chains,
        threads: args.threads as usize,
        ..Settings::of(instance)
    }
}

fn timed(problem: &Problem, args: &Roster, threads: NonZeroU32, watch: &Watch) -> Result<Solved, Error> {
    let instance = Instance::new(problem)?;
    let settings = settings(args, &instance);
    let chains = settings.chains as u64;
    let mut search = Search::new(&instance, settings, None)?;
    let mut bound = Bound::new(&instance);
    let limit = if program::AVAILABLE {
        (SEARCH_SHARE * watch.seconds).min(SEARCH_SECONDS_MAX)
    } else {
        watch.seconds
    };
    let stop = || watch.seconds() >= limit;
    if !stop() {
        search.settle(&stop);
    }
    let mut round = FIRST_ROUND * problem.people.len() as u64;
    let (mut pace, mut last) = (0.0, 1);
    while !stop() {
        // Twice as long as the one before; what would be left for a last short round goes into this one.
        let affordable = affordable(pace * ROUND_SHARE * (limit - watch.seconds()));
        let now = if last > 1 && affordable < 3 * round { affordable.max(1) } else { round };
        let (before, steps) = (watch.seconds(), search.steps());
        search.round(now, &stop);
        pace = (search.steps() - steps) as f64 / chains as f64 / (watch.seconds() - before).max(1e-6);
        bound.advance(BOUND_ITERATIONS, search.cost(), &stop);
        watch.tell(search.cost(), bound.value());
        (last, round) = (now, round.saturating_mul(2));
    }
    let mut solved = Solved {
        roster: search.best().clone(),
        cost: search.cost(),
        bound: bound.value(),
        steps: search.steps(),
    };
    if program::AVAILABLE && !watch.over() {
        days(&instance, &mut solved, &mut bound, threads, watch)?;
    }
    Ok(solved)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates, as it should")]
fn affordable(steps: f64) -> u64 {
    steps.max(0.0) as u64
}

/// Prices by linear programme, then one day after another anew, until the time is over or no day improves.
fn days(
    instance: &Instance,
    solved: &mut Solved,
    bound: &mut Bound,
    threads: NonZeroU32,
    watch: &Watch,
) -> Result<(), Error> {
    let problem = instance.problem;
    if let Some(prices) = program::prices(problem, watch.left().min(PRICES_SECONDS)) {
        bound.try_prices(prices);
        solved.bound = bound.value();
    }
    let mut idle = 0;
    for day in (0..problem.days).cycle() {
        if watch.over() || idle >= problem.days || (solved.cost as f64) < solved.bound + 1.0 {
            break;
        }
        let seconds = watch.left().min(DAY_SECONDS);
        match program::day_window(instance, &solved.roster, day, seconds, threads) {
            Some(better) => {
                solved.cost = roster::search::Plan::of(instance, &better)?.cost();
                solved.roster = better;
                idle = 0;
            }
            None => idle += 1,
        }
        watch.tell(solved.cost, solved.bound);
    }
    Ok(())
}
