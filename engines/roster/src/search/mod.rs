//! The search for a good roster: a greedy start, then rounds of noisy exact moves on several chains.
//!
//! The work is counted in steps, each one person's line computed anew. The number of chains is fixed and they meet
//! after fixed numbers of steps, so the same seed and the same rounds give the same roster for any number of threads.

mod chain;
mod plan;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::model::Error;
use crate::roster::Roster;
use chain::Chain;
pub use chain::Cooling;
pub use plan::{Finder, Instance, Plan, prefix};

/// Most chains: each holds a plan of its own.
pub const CHAINS_MAX: usize = 64;
/// Times that chains meet in a round.
const MEETINGS: u64 = 24;
/// Passes without noise at the start and the end of a round; they nearly always stop earlier by themselves.
const PASSES: u64 = 10;

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Another seed is another course of the search.
    pub seed: u64,
    /// Chains that search side by side. Part of the result: another number finds another roster.
    pub chains: usize,
    /// How many chains run at once. Never changes the result.
    pub threads: usize,
    /// The noise; [`Settings::of`] takes it from the costs of the problem.
    pub cooling: Cooling,
}

impl Settings {
    /// Two chains, two threads, and noise between the cost of one idle agent and a tenth of it.
    pub fn of(instance: &Instance) -> Settings {
        let costs: Vec<u32> = instance.problem.over.iter().copied().filter(|&cost| cost > 0).collect();
        let total: f64 = costs.iter().map(|&cost| f64::from(cost)).sum();
        let unit = if costs.is_empty() { 1.0 } else { total / costs.len() as f64 };
        Settings { seed: 1, chains: 2, threads: 2, cooling: Cooling { hot: unit, cold: 0.1 * unit } }
    }
}

/// A search under way. The best roster so far is there at any time.
#[derive(Debug)]
pub struct Search<'i, 'p> {
    chains: Vec<Chain<'i, 'p>>,
    settings: Settings,
    movable: Vec<usize>,
    steps: u64,
}

impl<'i, 'p> Search<'i, 'p> {
    /// Starts from a roster, or from each person's best line in turn. Whoever has no valid line in `start` gets one.
    ///
    /// # Errors
    /// [`Error::NoLine`] for the first person without any line that keeps the rules; [`Error::Range`] for settings
    /// outside of their limits.
    pub fn new(
        instance: &'i Instance<'p>,
        settings: Settings,
        start: Option<&Roster>,
    ) -> Result<Search<'i, 'p>, Error> {
        let range = |what: &str, value: usize, most: usize| {
            let fault =
                Error::Range { what: what.to_owned(), value: value as u64, least: 1, most: most as u64 };
            if (1..=most).contains(&value) { Ok(()) } else { Err(fault) }
        };
        range("chains", settings.chains, CHAINS_MAX)?;
        range("threads", settings.threads, usize::MAX)?;
        let Cooling { hot, cold } = settings.cooling;
        if !(hot.is_finite() && cold.is_finite() && hot > 0.0 && cold > 0.0 && hot <= 1e6) {
            let why = "noise must be above 0 and at most 1 000 000 units of cost".to_owned();
            return Err(Error::Senseless { what: format!("cooling from {hot} to {cold}"), why });
        }
        let plan = start_plan(instance, start)?;
        let chains = (0..settings.chains as u64)
            .map(|at| {
                let seed = settings.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(at);
                Chain::new(plan.clone(), seed)
            })
            .collect();
        let movable = (0..instance.problem.people.len()).collect();
        Ok(Search { chains, settings, movable, steps: 0 })
    }

    /// Moves only these people from now on.
    pub fn only(&mut self, people: Vec<usize>) {
        self.movable = people;
    }

    /// Steps taken so far, over all chains.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Cost of the best roster so far.
    pub fn cost(&self) -> i64 {
        self.chains.iter().map(Chain::best_cost).min().unwrap_or(0)
    }

    /// The best roster so far.
    pub fn best(&self) -> &Roster {
        let least = self.chains.iter().min_by_key(|chain| chain.best_cost());
        // There is always a chain: `new` refuses none.
        least.unwrap_or(&self.chains[0]).best()
    }

    /// Everybody's best line in turn, without noise, until nothing improves.
    pub fn settle(&mut self, stop: &(dyn Fn() -> bool + Sync)) {
        if let Some((first, others)) = self.chains.split_first_mut() {
            self.steps += first.settle(PASSES, &self.movable, stop);
            for chain in others {
                chain.follow(first.plan());
            }
        }
    }

    /// A round: every chain takes `steps` steps while the noise falls, and the chains that fall behind go on from
    /// the leading one. Ends early, with the best so far kept, when `stop` says so.
    pub fn round(&mut self, steps: u64, stop: &(dyn Fn() -> bool + Sync)) {
        let cooling = self.settings.cooling;
        self.round_with(steps, cooling, stop);
    }

    /// A round with another cooling than that of the settings.
    pub fn round_with(&mut self, steps: u64, cooling: Cooling, stop: &(dyn Fn() -> bool + Sync)) {
        for meeting in 0..MEETINGS {
            let (from, to) = (steps * meeting / MEETINGS, steps * (meeting + 1) / MEETINGS);
            let movable = &self.movable;
            let taken = side_by_side(&mut self.chains, self.settings.threads, |chain| {
                chain.run(from..to, steps, cooling, movable, stop)
            });
            self.steps += taken;
            if stop() {
                return;
            }
            // In the last third the noise is low enough for the leader to be worth following.
            if 3 * meeting > 2 * MEETINGS {
                self.meet();
            }
        }
        let movable = &self.movable;
        self.steps += side_by_side(&mut self.chains, self.settings.threads, |chain| {
            chain.go_back();
            chain.settle(PASSES, movable, stop)
        });
    }

    /// The worst chain goes on from the present roster of the best.
    fn meet(&mut self) {
        let costs = || self.chains.iter().enumerate().map(|(at, chain)| (chain.cost(), at));
        let (Some((least, leader)), Some((most, last))) = (costs().min(), costs().max()) else { return };
        if least < most {
            let plan = self.chains[leader].plan().clone();
            self.chains[last].follow(&plan);
        }
    }
}

/// A valid plan to start from.
fn start_plan<'i, 'p>(instance: &'i Instance<'p>, start: Option<&Roster>) -> Result<Plan<'i, 'p>, Error> {
    let mut plan = Plan::empty(instance);
    let people = instance.problem.people.len();
    let given = |person: usize| start.map(|roster| roster.line(person));
    let mut open = Vec::new();
    for person in 0..people {
        match given(person).filter(|line| plan.personal_of(person, line).is_some()) {
            Some(line) => plan.put(person, line),
            None => open.push(person),
        }
    }
    let mut finder = Finder::default();
    let mut line = Vec::new();
    for person in open {
        let found = finder.best(&plan, person, &mut line, || 0, 1);
        found.ok_or_else(|| instance.no_line(person))?;
        plan.put(person, &line);
    }
    Ok(plan)
}

/// Does `work` on every chain, `threads` of them at once; returns the sum of what it returned.
fn side_by_side<'i, 'p>(
    chains: &mut [Chain<'i, 'p>],
    threads: usize,
    work: impl Fn(&mut Chain<'i, 'p>) -> u64 + Sync,
) -> u64 {
    if threads <= 1 || chains.len() <= 1 {
        return chains.iter_mut().map(work).sum();
    }
    let threads = threads.min(chains.len());
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<&mut Chain>> = chains.iter_mut().map(Mutex::new).collect();
    std::thread::scope(|scope| {
        let worker = || {
            let mut sum = 0;
            while let Some(slot) = slots.get(next.fetch_add(1, Ordering::Relaxed)) {
                let mut chain = slot.lock().unwrap_or_else(PoisonError::into_inner);
                sum += work(&mut chain);
            }
            sum
        };
        let handles: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let own = worker();
        own + handles.into_iter().map(|handle| handle.join().unwrap_or(0)).sum::<u64>()
    })
}
