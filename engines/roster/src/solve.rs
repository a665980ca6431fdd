//! The whole way from a problem to a roster with its bound.

use crate::bound::Bound;
use crate::model::{Error, Problem};
use crate::roster::Roster;
use crate::search::{Instance, Search, Settings};

/// Steps of the first round for each person; every further round is twice as long.
pub const FIRST_ROUND: u64 = 8;
/// Iterations of the bound after each round: about as much work as a few steps for each person.
pub const BOUND_ITERATIONS: u64 = 8;

/// What [`solve`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// The best roster.
    pub roster: Roster,
    /// What it costs.
    pub cost: i64,
    /// What no roster can cost less than.
    pub bound: f64,
    /// Steps taken over all chains.
    pub steps: u64,
}

/// Searches for at most `steps` steps over all chains, or until `stop` says so: a greedy start, then rounds that grow
/// longer. With 0 steps the roster is still valid. `settings` defaults to [`Settings::of`]; `start` is a roster to
/// improve.
///
/// # Errors
/// When the rules of somebody contradict each other, or a setting is outside of its limits.
pub fn solve(
    problem: &Problem,
    settings: Option<Settings>,
    start: Option<&Roster>,
    steps: u64,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Solved, Error> {
    let instance = Instance::new(problem)?;
    let settings = settings.unwrap_or_else(|| Settings::of(&instance));
    let chains = settings.chains as u64;
    let mut search = Search::new(&instance, settings, start)?;
    let mut bound = Bound::new(&instance);
    if steps > 0 {
        search.settle(stop);
    }
    let mut round = FIRST_ROUND * problem.people.len() as u64;
    while search.steps() < steps && !stop() {
        let left = (steps - search.steps()).div_ceil(chains);
        // What would be left for a last short round goes into this one.
        let now = if left < 2 * round { left } else { round };
        search.round(now, stop);
        bound.advance(BOUND_ITERATIONS, search.cost(), stop);
        round = round.saturating_mul(2);
    }
    Ok(Solved {
        roster: search.best().clone(),
        cost: search.cost(),
        bound: bound.value(),
        steps: search.steps(),
    })
}
