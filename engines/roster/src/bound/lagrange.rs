//! The Lagrangian bound: the cover is bought at prices, and everybody takes their best line under them.
//!
//! In every cell the understaffing is at least the deficit of each set of skills. A price π ≥ 0 on every set, in sum
//! at most under + over, turns that into a bound: what the requirement is worth, plus the cheapest line of every
//! person when an agent at work earns the prices of the sets that they serve. Any prices give a valid bound; it is
//! computed in whole numbers, so no rounding can lift it above the truth. The prices follow averaged violations with
//! an adaptive step (the volume algorithm, Barahona and Anbil 2000), and at best reach the bound of the linear
//! programme over all lines (Geoffrion 1974).

use std::collections::HashMap;

use super::twins::slopes;
use crate::cover::{SkillSet, plain_sets, tight_sets};
use crate::model::{OFF, Problem};
use crate::roster::{Roster, Spot};
use crate::search::{Finder, Instance};

/// Prices are whole multiples of 1 ÷ this: fine enough to lose nothing that shows, coarse enough that the dearest year
/// of everybody stays within 64 bits.
const SCALE: i64 = 1 << 17;
/// Weight of the newest violation in the average.
const NEWEST: f64 = 0.05;
/// Iterations without a better bound after which the step is shortened.
const PATIENCE: u32 = 20;

/// A bound under way: valid at any time, better with more iterations.
#[derive(Debug)]
pub struct Bound<'i, 'p> {
    instance: &'i Instance<'p>,
    sets: Vec<SkillSet>,
    /// People with the same group, rules and tolls: one of them, and how many there are.
    alike: Vec<(usize, i64)>,
    /// Best prices so far, `[cell × sets + set]`.
    prices: Vec<f64>,
    /// Averaged violation of each set in each cell.
    average: Vec<f64>,
    best: i64,
    step: f64,
    /// How strongly the newest lines pull at the prices.
    newest: f64,
    waiting: u32,
    iterations: u64,
}

impl<'i, 'p> Bound<'i, 'p> {
    /// Starts with the price of an idle agent everywhere, so that work costs nothing, but for intervals that are
    /// always worked together.
    pub fn new(instance: &'i Instance<'p>) -> Bound<'i, 'p> {
        let problem = instance.problem;
        let sets = tight_sets(problem).unwrap_or_else(|| plain_sets(problem));
        let widest = sets.iter().enumerate().max_by_key(|(_, set)| set.skills.len()).map_or(0, |(at, _)| at);
        let mut prices = vec![0.0; problem.cells() * sets.len()];
        let slopes = slopes(problem);
        for (cell, row) in prices.chunks_mut(sets.len()).enumerate() {
            row[widest] = f64::from(problem.over[cell]) - slopes[cell];
        }
        let mut bound = Bound {
            instance,
            alike: alike(problem),
            average: vec![0.0; prices.len()],
            sets,
            prices,
            best: i64::MIN,
            step: 1.0,
            newest: 0.0,
            waiting: 0,
            iterations: 0,
        };
        let (value, violation) = bound.evaluate(&bound.prices);
        bound.best = value;
        bound.newest = pull(&bound.prices, &violation);
        bound.average = violation;
        bound
    }

    /// The best bound so far: no roster costs less.
    pub fn value(&self) -> f64 {
        // Costs are whole numbers and none is negative unless a wish is: a negative bound is as it is.
        self.best as f64 / SCALE as f64
    }

    /// Iterations so far.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Takes at most `iterations` more, towards the cost of a known roster; ends early when `stop` says so.
    pub fn advance(&mut self, iterations: u64, known: i64, stop: &(dyn Fn() -> bool + Sync)) {
        for _ in 0..iterations {
            if stop() {
                return;
            }
            self.iterate(known as f64);
        }
    }

    fn iterate(&mut self, known: f64) {
        self.iterations += 1;
        let norm = pull(&self.prices, &self.average).max(self.newest);
        if norm <= 0.0 {
            return;
        }
        let missing = (known - self.value()).max(0.01 * known.abs()).max(1e-3);
        let step = self.step * missing / norm;
        let mut tried: Vec<f64> = self
            .prices
            .iter()
            .zip(&self.average)
            .map(|(price, violation)| price + step * violation)
            .collect();
        for (cell, row) in tried.chunks_mut(self.sets.len()).enumerate() {
            let problem = self.instance.problem;
            project(row, f64::from(problem.under[cell]) + f64::from(problem.over[cell]));
        }
        let (value, violation) = self.evaluate(&tried);
        self.newest = pull(&tried, &violation);
        for (average, fresh) in self.average.iter_mut().zip(violation) {
            *average += NEWEST * (fresh - *average);
        }
        if value > self.best {
            self.best = value;
            self.prices = tried;
            self.waiting = 0;
            self.step = (self.step * 1.1).min(4.0);
        } else {
            self.waiting += 1;
            if self.waiting >= PATIENCE {
                self.waiting = 0;
                self.step *= 0.7;
            }
        }
    }

    /// The bound under some prices in units of 1 ÷ [`SCALE`], and how far each set stays short of its requirement.
    fn evaluate(&self, prices: &[f64]) -> (i64, Vec<f64>) {
        let problem = self.instance.problem;
        let sets = self.sets.len();
        let whole: Vec<i64> = prices.iter().map(|&price| floor(price * SCALE as f64)).collect();
        let mut total = 0;
        let mut violation = vec![0.0; prices.len()];
        for (cell, required) in problem.required.chunks(problem.skills).enumerate() {
            let all: i64 = required.iter().map(|&one| i64::from(one)).sum();
            total -= SCALE * i64::from(problem.over[cell]) * all;
            for (at, set) in self.sets.iter().enumerate() {
                let needed: i64 = set.skills.iter().map(|&skill| i64::from(required[skill])).sum();
                total += whole[cell * sets + at] * needed;
                violation[cell * sets + at] = needed as f64;
            }
        }
        let working = self.lines(&whole, &mut total);
        self.serve(&working, &mut violation);
        (total, violation)
    }

    /// Takes the agents at work off the violations of the sets that they serve.
    fn serve(&self, working: &[f64], violation: &mut [f64]) {
        let problem = self.instance.problem;
        let (cells, sets) = (problem.cells(), self.sets.len());
        for (group, working) in working.chunks(cells + 2 * problem.intervals).enumerate() {
            for (at, _) in self.sets.iter().enumerate().filter(|(_, set)| set.groups >> group & 1 == 1) {
                for (cell, &working) in working[..cells].iter().enumerate() {
                    violation[cell * sets + at] -= working;
                }
            }
        }
    }

    /// Starts the averages from a good roster: near the best prices nearly every line costs the same, so that the
    /// cheapest ones alone say little about where the cover is short.
    pub fn learn(&mut self, roster: &Roster) {
        let problem = self.instance.problem;
        let cells = problem.cells() + 2 * problem.intervals;
        let mut working = vec![0.0; problem.groups.len() * cells];
        for (person, one) in problem.people.iter().enumerate() {
            for (day, spot) in roster.line(person).iter().enumerate() {
                let Some(pattern) = self.instance.pattern(*spot) else { continue };
                let base = usize::from(one.group) * cells + day * problem.intervals;
                pattern.intervals().for_each(|at| working[base + usize::from(at)] += 1.0);
            }
        }
        let mut violation = vec![0.0; self.prices.len()];
        for (row, required) in
            violation.chunks_mut(self.sets.len()).zip(problem.required.chunks(problem.skills))
        {
            for (violation, set) in row.iter_mut().zip(&self.sets) {
                *violation = set.skills.iter().map(|&skill| f64::from(required[skill])).sum();
            }
        }
        self.serve(&working, &mut violation);
        self.average = violation;
    }

    /// Tries prices from elsewhere, `[cell × sets + set]`, and keeps them if they are better.
    pub fn try_prices(&mut self, mut prices: Vec<f64>) {
        if prices.len() != self.prices.len() {
            return;
        }
        for (cell, row) in prices.chunks_mut(self.sets.len()).enumerate() {
            let problem = self.instance.problem;
            project(row, f64::from(problem.under[cell]) + f64::from(problem.over[cell]));
        }
        let (value, _) = self.evaluate(&prices);
        if value > self.best {
            self.best = value;
            self.prices = prices;
        }
    }

    /// Adds everybody's cheapest line to the total; returns who works when, `[group × cells + cell]`.
    fn lines(&self, prices: &[i64], total: &mut i64) -> Vec<f64> {
        let problem = self.instance.problem;
        let cells = problem.cells() + 2 * problem.intervals;
        let sets = self.sets.len();
        let values: Vec<Vec<i64>> = (0..problem.groups.len())
            .map(|group| {
                let mut values: Vec<i64> = prices
                    .chunks(sets)
                    .zip(&problem.over)
                    .map(|(row, &over)| {
                        let serves =
                            row.iter().zip(&self.sets).filter(|(_, set)| set.groups >> group & 1 == 1);
                        SCALE * i64::from(over) - serves.map(|(price, _)| price).sum::<i64>()
                    })
                    .collect();
                values.resize(cells, 0);
                values
            })
            .collect();
        let mut working = vec![0.0; problem.groups.len() * cells];
        let mut finder = Finder::default();
        let mut line: Vec<Spot> = Vec::new();
        for &(person, count) in &self.alike {
            let group = usize::from(problem.people[person].group);
            let cost = finder.best_under(self.instance, person, &values[group], &mut line, SCALE);
            // Nobody without a line has a roster to bound; then nothing is claimed.
            *total = cost.map_or(i64::MIN / 2, |cost| total.saturating_add(count * cost));
            for (day, spot) in line.iter().enumerate().filter(|(_, spot)| spot.choice != OFF) {
                let Some(pattern) = self.instance.pattern(*spot) else { continue };
                let base = group * cells + day * problem.intervals;
                pattern.intervals().for_each(|at| working[base + usize::from(at)] += count as f64);
            }
        }
        working
    }
}

/// People between whom no rule and no cost makes a difference.
fn alike(problem: &Problem) -> Vec<(usize, i64)> {
    let mut index: HashMap<(u16, u32, &[i32]), usize> = HashMap::new();
    let mut alike: Vec<(usize, i64)> = Vec::new();
    for (at, person) in problem.people.iter().enumerate() {
        let known = *index.entry((person.group, person.rules, &person.tolls)).or_insert_with(|| {
            alike.push((at, 0));
            alike.len() - 1
        });
        alike[known].1 += 1;
    }
    alike
}

/// How strongly violations pull at prices: a set that is served more than enough and has no price cannot get a
/// lower one.
fn pull(prices: &[f64], violation: &[f64]) -> f64 {
    let pulls = |(price, violation): (&f64, &f64)| if *price > 0.0 { *violation } else { violation.max(0.0) };
    prices.iter().zip(violation).map(|pair| pulls(pair).powi(2)).sum()
}

/// The nearest point with no negative entry and a sum of at most `most`.
fn project(row: &mut [f64], most: f64) {
    for price in row.iter_mut() {
        *price = price.max(0.0);
    }
    if row.iter().sum::<f64>() <= most {
        return;
    }
    // Onto the simplex: subtract the same from the largest entries (Held, Wolfe and Crowder 1974).
    let mut sorted: Vec<f64> = row.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (at, price) in sorted.iter().enumerate() {
        sum += price;
        let candidate = (sum - most) / (at + 1) as f64;
        if candidate >= *price {
            break;
        }
        shift = candidate;
    }
    for price in row {
        *price = (*price - shift).max(0.0);
    }
}

/// Rounded down, so that the sum of prices never exceeds its limit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast saturates, and prices are limited by the weights"
)]
fn floor(value: f64) -> i64 {
    value.floor() as i64
}
