//! Column generation: a good mixture of lines first, then one line for everybody.
//!
//! Where cover is counted per cell (a shift on a day, a task in an interval), a roster is one line per person such
//! that the counts come close to the requirement. The linear relaxation over *all* lines is much stronger than
//! that of any model with a variable per shift, and it can be solved although the lines are too many to list: a
//! master mixes the lines known so far, its prices say what one more person is worth in each cell, and the
//! shortest path of [`crate::line`] finds each person's best line under these prices, until no line would improve
//! the mixture (Dantzig and Wolfe 1960; for rosters with paths over rules Côté, Gendron and Rousseau 2010, Gérard,
//! Clautiaux and Sadykov 2016). Prices are smoothed towards the best ones so far (Wentges 1997).
//!
//! Any prices give a valid lower bound (the Lagrangian one), reported with the roster. From the mixture a dive fixes
//! line after line, pricing anew in between; then neighbourhoods of a few people are freed and solved in the same
//! way, and the bound of a neighbourhood tells at once when it holds nothing better.

mod dive;
mod generate;
mod master;
mod neighbourhood;
mod recreate;
mod retail;
mod shifts;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

pub use master::Cell;
pub use retail::RetailLines;
pub use shifts::ShiftLines;

/// Prices are multiples of one over this, so that bounds are exact sums.
pub const PRICE_UNIT: f64 = 1024.0;

/// A line of a person as the master sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What the line itself costs: wishes not met and the like.
    pub cost: i64,
    /// The cells in which the person works, in order.
    pub cells: Vec<u32>,
    /// What the line is, as its pricer writes lines.
    pub line: Vec<u32>,
}

/// What pricing one person found.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// No line of the person costs less than this, less its worth.
    pub bound: f64,
    /// The best line; nothing where only the bound is known.
    pub column: Option<Column>,
}

/// Knows the lines that each person may work.
pub trait Pricer {
    /// How many people there are.
    fn people(&self) -> usize;

    /// The cells of the cover; requirements are whole, and so are both prices.
    fn cells(&self) -> &[Cell];

    /// The line of a person with the least cost less worth, where work in a cell is worth its price (a multiple of
    /// one over [`PRICE_UNIT`]), among those that work in all `required` cells; nothing when there is none.
    fn best(&mut self, person: usize, prices: &[f64], required: &[u32]) -> Option<Offer>;
}

/// A roster as column generation leaves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The line of each person.
    pub columns: Vec<Column>,
    /// Its cost: lines, and people missing and surplus.
    pub cost: i64,
    /// No roster costs less.
    pub bound: f64,
    /// How many lines were priced.
    pub steps: u64,
}

/// How far to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Seed of every choice.
    pub seed: u64,
    /// Most lines to price.
    pub steps: u64,
}

/// Why there is no roster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A person has no line that keeps every rule.
    #[error(
        "person {0} has no line that keeps every rule: loosen their rules, their days off or their fixed shifts"
    )]
    NoLine(usize),
}

/// The state of a search.
struct Search<'a, P: Pricer> {
    pricer: &'a mut P,
    cells: Vec<Cell>,
    best: Chosen,
    /// Lines worth knowing, by person.
    pool: Vec<Vec<Column>>,
    random: Xoshiro256PlusPlus,
    effort: Effort,
    stop: &'a mut dyn FnMut(&Chosen) -> bool,
}

/// Most cells for which the master is worth its time: its steps take the square of its rows.
const MASTER_CELLS_MAX: usize = 600;
/// Most lines kept for a person.
const POOL_MAX: usize = 60;

/// Searches for the best roster until it is proven best, the steps are used up or `stop` (which sees the best
/// roster so far) says so. A roster is returned even when `stop` says so at once.
///
/// # Errors
/// [`Failure::NoLine`] with the first person who has no line.
pub fn solve<P: Pricer>(
    pricer: &mut P,
    effort: Effort,
    stop: &mut dyn FnMut(&Chosen) -> bool,
) -> Result<Chosen, Failure> {
    let cells = pricer.cells().to_vec();
    let people = pricer.people();
    let best = Chosen { columns: Vec::new(), cost: i64::MAX, bound: f64::NEG_INFINITY, steps: 0 };
    let random = Xoshiro256PlusPlus::seed_from_u64(effort.seed);
    let mut search = Search { pricer, cells, best, pool: vec![Vec::new(); people], random, effort, stop };
    search.start()?;
    search.improve();
    Ok(search.best)
}

impl<P: Pricer> Search<'_, P> {
    /// A first roster: everybody's best line in turn, given those before; then again until nobody can improve.
    fn start(&mut self) -> Result<(), Failure> {
        let people = self.pool.len();
        let mut counts = vec![0_i32; self.cells.len()];
        let mut columns: Vec<Column> = Vec::with_capacity(people);
        for person in 0..people {
            let column = self.respond(person, &counts, 0.0).ok_or(Failure::NoLine(person))?;
            count(&mut counts, &column, 1);
            self.keep(person, column.clone());
            columns.push(column);
        }
        self.offer(columns);
        while !self.stopped() {
            let before = self.best.cost;
            let mut columns = self.best.columns.clone();
            for (person, own) in columns.iter_mut().enumerate() {
                if self.stopped() {
                    break;
                }
                count(&mut counts, own, -1);
                if let Some(column) = self.respond(person, &counts, 0.0) {
                    self.keep(person, column.clone());
                    *own = column;
                }
                count(&mut counts, own, 1);
            }
            self.offer(columns);
            if self.best.cost >= before {
                break;
            }
        }
        Ok(())
    }

    /// The best line of a person given who works where; `blur` moves prices by up to this share of a surplus.
    fn respond(&mut self, person: usize, counts: &[i32], blur: f64) -> Option<Column> {
        let random = &mut self.random;
        let worth = self.cells.iter().zip(counts).map(|(cell, count)| {
            let noise = if blur > 0.0 { random.random_range(-blur..blur) * cell.over } else { 0.0 };
            ((cell.worth(*count) + noise) * PRICE_UNIT).round() / PRICE_UNIT
        });
        let prices: Vec<f64> = worth.collect();
        self.best.steps += 1;
        self.pricer.best(person, &prices, &[])?.column
    }

    fn improve(&mut self) {
        self.surplus_bound();
        if self.cells.len() > MASTER_CELLS_MAX {
            self.recreate();
        } else {
            self.mixture();
            self.neighbourhoods();
        }
    }

    /// The bound at the price of a surplus in every cell: how much more is contracted than required.
    fn surplus_bound(&mut self) {
        let prices: Vec<f64> = self.cells.iter().map(|cell| -cell.least_over()).collect();
        let mut bound: f64 =
            self.cells.iter().zip(&prices).map(|(cell, price)| price * f64::from(cell.required)).sum();
        for person in 0..self.pool.len() {
            let Some(offer) = self.pricer.best(person, &prices, &[]) else { return };
            self.best.steps += 1;
            bound += offer.bound;
        }
        self.best.bound = self.best.bound.max(bound);
    }

    /// Whether to end: told so, out of steps, or proven best.
    fn stopped(&mut self) -> bool {
        self.best.steps >= self.effort.steps || self.proven() || (self.stop)(&self.best)
    }

    /// Whether no better roster can exist; costs are whole.
    fn proven(&self) -> bool {
        self.best.cost as f64 <= self.best.bound + 1.0 - 1e-6
    }

    /// Takes a roster if it is better than the best.
    fn offer(&mut self, columns: Vec<Column>) -> bool {
        let cost = cost(&self.cells, &columns);
        let better = cost < self.best.cost;
        if better {
            self.best.cost = cost;
            self.best.columns = columns;
        }
        better
    }

    /// Remembers a line, the oldest making room.
    fn keep(&mut self, person: usize, column: Column) {
        let pool = &mut self.pool[person];
        if let Some(at) = pool.iter().position(|known| known.line == column.line) {
            let known = pool.remove(at);
            pool.push(known);
            return;
        }
        if pool.len() >= POOL_MAX {
            pool.remove(0);
        }
        pool.push(column);
    }
}

fn count(counts: &mut [i32], column: &Column, by: i32) {
    for cell in &column.cells {
        counts[*cell as usize] += by;
    }
}

/// What a roster costs.
fn cost(cells: &[Cell], columns: &[Column]) -> i64 {
    let mut counts = vec![0_i32; cells.len()];
    for column in columns {
        count(&mut counts, column, 1);
    }
    let cover: f64 = cells.iter().zip(&counts).map(|(cell, count)| cell.cost(*count)).sum();
    columns.iter().map(|column| column.cost).sum::<i64>() + whole(cover)
}

/// A sum of whole prices as a whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "costs are whole and limited by the model's highest weights"
)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
