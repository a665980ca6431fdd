//! One chain of the search: the noising method (Charon and Hudry 1993) with exact moves.
//!
//! A step takes one person's line out and puts back the best one under prices that carry random noise (Gumbel noise,
//! after “perturb and MAP” by Papandreou and Yuille 2011: with it the shortest path behaves nearly like a draw from
//! the Boltzmann distribution over all lines). The noise falls geometrically over a round, as in annealing. Every
//! move may change the whole line with all its breaks, which no sequence of small swaps does within the rules.

use rand::{Rng, RngCore, SeedableRng, seq::SliceRandom};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::plan::{Finder, Plan};
use crate::roster::{Roster, Spot};

/// Prices are multiplied by this, so that noise may be finer than the unit of cost.
const SCALE: i64 = 64;
/// Entries of the noise table: small enough to stay in the fastest cache.
const NOISE: usize = 4_096;
/// Bits of a random number that pick an entry.
const NOISE_BITS: u32 = NOISE.trailing_zeros();
/// Steps between two looks at the temperature and at `stop`.
const STRIDE: u64 = 64;

/// Noise falls from `hot` to `cold` (in units of cost) over the steps of a round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cooling {
    /// Noise at the beginning.
    pub hot: f64,
    /// Noise at the end.
    pub cold: f64,
}

/// One chain.
#[derive(Debug, Clone)]
pub(super) struct Chain<'i, 'p> {
    plan: Plan<'i, 'p>,
    best: Roster,
    best_cost: i64,
    random: Xoshiro256PlusPlus,
    finder: Finder,
    line: Vec<Spot>,
    /// The people still to be moved in this turn.
    turn: Vec<usize>,
    /// Standard Gumbel noise, and the same at the present temperature.
    gumbel: Vec<f64>,
    noise: Vec<i64>,
}

impl<'i, 'p> Chain<'i, 'p> {
    pub(super) fn new(plan: Plan<'i, 'p>, seed: u64) -> Chain<'i, 'p> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let gumbel = (0..NOISE).map(|_| (-random.random::<f64>().max(1e-12).ln()).max(1e-12).ln()).collect();
        Chain {
            best: plan.roster.clone(),
            best_cost: plan.cost(),
            plan,
            random,
            finder: Finder::default(),
            line: Vec::new(),
            turn: Vec::new(),
            gumbel,
            noise: vec![0; NOISE],
        }
    }

    /// Cost of the best roster so far.
    pub(super) fn best_cost(&self) -> i64 {
        self.best_cost
    }

    /// The best roster so far.
    pub(super) fn best(&self) -> &Roster {
        &self.best
    }

    /// Cost of the present roster.
    pub(super) fn cost(&self) -> i64 {
        self.plan.cost()
    }

    /// Goes on from the present roster of another chain.
    pub(super) fn follow(&mut self, plan: &Plan<'i, 'p>) {
        self.plan = plan.clone();
        self.keep();
    }

    /// The present plan.
    pub(super) fn plan(&self) -> &Plan<'i, 'p> {
        &self.plan
    }

    /// Goes on from the best roster so far.
    pub(super) fn go_back(&mut self) {
        let people = self.plan.instance.problem.people.len();
        for person in 0..people {
            if self.plan.roster.line(person) != self.best.line(person) {
                self.plan.take(person);
                self.plan.put(person, self.best.line(person));
            }
        }
    }

    /// Steps `from..to` of a round of `total` steps, over the people in `movable`. Returns the steps taken, fewer
    /// when `stop` said so.
    pub(super) fn run(
        &mut self,
        steps: std::ops::Range<u64>,
        total: u64,
        cooling: Cooling,
        movable: &[usize],
        stop: &(dyn Fn() -> bool + Sync),
    ) -> u64 {
        for step in steps.clone() {
            if (step - steps.start).is_multiple_of(STRIDE) {
                if stop() {
                    return step - steps.start;
                }
                self.cool(cooling, step as f64 / total.max(1) as f64);
            }
            let Some(person) = self.next_person(movable) else { return step - steps.start };
            self.step(person);
        }
        steps.end - steps.start
    }

    /// Moves everyone without noise until nothing improves, at most `passes` times; returns the steps taken.
    pub(super) fn settle(&mut self, passes: u64, movable: &[usize], stop: &(dyn Fn() -> bool + Sync)) -> u64 {
        self.noise.fill(0);
        let mut steps = 0;
        for _ in 0..passes {
            let before = self.plan.cost();
            for &person in movable {
                if steps % STRIDE == 0 && stop() {
                    return steps;
                }
                self.step(person);
                steps += 1;
            }
            if self.plan.cost() >= before {
                break;
            }
        }
        steps
    }

    fn next_person(&mut self, movable: &[usize]) -> Option<usize> {
        if self.turn.is_empty() {
            self.turn.extend_from_slice(movable);
            self.turn.shuffle(&mut self.random);
        }
        self.turn.pop()
    }

    fn step(&mut self, person: usize) {
        let old = self.plan.roster.line(person).to_vec();
        self.plan.take(person);
        let (random, noise) = (&mut self.random, &self.noise);
        // One random number serves five entries of the table.
        let (mut bits, mut left) = (0, 0);
        let draw = || {
            if left == 0 {
                (bits, left) = (random.next_u64(), 64 / NOISE_BITS);
            }
            let at = usize::try_from(bits % NOISE as u64).unwrap_or(0);
            bits >>= NOISE_BITS;
            left -= 1;
            noise[at]
        };
        let found = self.finder.best(&self.plan, person, &mut self.line, draw, SCALE);
        self.plan.put(person, if found.is_some() { &self.line } else { &old });
        self.keep();
    }

    /// Remembers the present roster if it is the best.
    fn keep(&mut self) {
        if self.plan.cost() < self.best_cost {
            self.best_cost = self.plan.cost();
            self.best.clone_from(&self.plan.roster);
        }
    }

    fn cool(&mut self, cooling: Cooling, share: f64) {
        let temperature = cooling.hot * (cooling.cold / cooling.hot).powf(share.clamp(0.0, 1.0));
        for (noise, gumbel) in self.noise.iter_mut().zip(&self.gumbel) {
            *noise = fixed(gumbel * temperature * SCALE as f64);
        }
    }
}

/// The nearest whole number; temperatures are checked to keep it small.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and the noise is far from the limits")]
fn fixed(value: f64) -> i64 {
    value.round() as i64
}
