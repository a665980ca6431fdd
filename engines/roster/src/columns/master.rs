//! The restricted master: which mixture of the lines known so far covers best.
//!
//! A linear programme with one row per person (exactly one line) and one per cell (people at work + under − over =
//! required), solved by the primal simplex method with an explicit inverse. Entries are 0 and ±1, rows are a few
//! hundred, and new columns come in between solves, where the last basis stays feasible: an explicit inverse
//! that is kept from solve to solve is both simpler and faster here than a general solver that starts afresh.
//! Such programmes are highly degenerate; what enters is chosen by Devex weights (Harris 1973).

use super::Column;

/// What is within this of zero is zero.
const TINY: f64 = 1e-9;
/// Reduced costs above this are not worth a step.
const WORTH: f64 = 1e-7;
/// The right-hand side is moved by up to this, so that hardly any step is degenerate.
const NUDGE: f64 = 2e-5;
/// Steps before a solve gives up; the basis so far is still a mixture, and the bound does not depend on it.
const STEPS_MAX: usize = 20_000;
/// Price of having no line at all, for the moment before every person has one.
const NO_LINE: f64 = 1e7;
/// Price of a line that is closed.
const CLOSED: f64 = 1e6;

/// A cell of the cover: a count of people with a price for each missing and each surplus one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// People required; after some have been fixed it may be below zero.
    pub required: i32,
    /// Price of one too few.
    pub under: f64,
    /// Price of one too many.
    pub over: f64,
    /// How many more than required cost nothing.
    pub spare: u16,
    /// Whether the k-th one too many costs 2k − 1 times the price, so that k of them cost its k² times.
    pub growing: bool,
}

impl Cell {
    /// What a number of people at work costs.
    pub fn cost(&self, count: i32) -> f64 {
        let missing = f64::from(self.required) - f64::from(count);
        if missing > 0.0 {
            return self.under * missing;
        }
        let surplus = (-missing - f64::from(self.spare)).max(0.0);
        if self.growing { self.over * surplus * surplus } else { self.over * surplus }
    }

    /// What one person more is worth.
    pub fn worth(&self, count: i32) -> f64 {
        self.cost(count) - self.cost(count.saturating_add(1))
    }

    /// The price of a surplus in the relaxation, which knows neither spare people nor growing prices.
    pub(super) fn least_over(&self) -> f64 {
        if self.spare > 0 { 0.0 } else { self.over }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basic {
    Column(usize),
    Under(usize),
    Over(usize),
    Without(usize),
}

/// The linear programme.
#[derive(Debug)]
pub(super) struct Master {
    people: usize,
    cells: Vec<Cell>,
    columns: Vec<(usize, Column)>,
    /// Lines of people who have been given another.
    closed: Vec<bool>,
    basis: Vec<Basic>,
    inside: Vec<bool>,
    values: Vec<f64>,
    /// Row-major inverse of the basis.
    inverse: Vec<f64>,
    /// Price of each row.
    duals: Vec<f64>,
    /// Devex weights of the lines, of each cell's under and of its over.
    weights: [Vec<f64>; 3],
    /// Reduced costs in the same order; kept up to date from step to step.
    reduced: [Vec<f64>; 3],
}

impl Master {
    /// A master without lines for `people` people.
    pub(super) fn new(people: usize, cells: &[Cell]) -> Master {
        let rows = people + cells.len();
        let mut inverse = vec![0.0; rows * rows];
        let mut basis: Vec<Basic> = (0..people).map(Basic::Without).collect();
        let mut values = vec![1.0; people];
        for person in 0..people {
            inverse[person * rows + person] = 1.0;
        }
        for (at, cell) in cells.iter().enumerate() {
            let row = people + at;
            // A fixed sequence without a pattern: the golden ratio's multiples.
            let nudge = NUDGE * (0.1 + (row as f64 * 0.618_033_988_749_895).fract());
            let required = f64::from(cell.required) + nudge;
            let under = required >= 0.0;
            basis.push(if under { Basic::Under(at) } else { Basic::Over(at) });
            values.push(required.abs());
            inverse[row * rows + row] = if under { 1.0 } else { -1.0 };
        }
        let mut master = Master {
            people,
            cells: cells.to_vec(),
            columns: Vec::new(),
            closed: Vec::new(),
            basis,
            inside: Vec::new(),
            values,
            inverse,
            duals: Vec::new(),
            weights: Default::default(),
            reduced: Default::default(),
        };
        master.reprice();
        master
    }

    fn rows(&self) -> usize {
        self.people + self.cells.len()
    }

    /// Adds a line of a person.
    pub(super) fn add(&mut self, person: usize, column: Column) {
        self.columns.push((person, column));
        self.inside.push(false);
        self.closed.push(false);
    }

    /// Closes the lines of a person that do not work in all of these cells. The basis stays feasible: what is closed
    /// leaves it by its price.
    pub(super) fn require(&mut self, person: usize, cells: &[u32]) {
        for ((whose, column), closed) in self.columns.iter().zip(&mut self.closed) {
            if *whose == person && cells.iter().any(|cell| column.cells.binary_search(cell).is_err()) {
                *closed = true;
            }
        }
    }

    /// Closes all lines of a person but one.
    pub(super) fn give(&mut self, person: usize, column: usize) {
        for (at, (whose, _)) in self.columns.iter().enumerate() {
            if *whose == person && at != column {
                self.closed[at] = true;
            }
        }
    }

    pub(super) fn columns(&self) -> &[(usize, Column)] {
        &self.columns
    }

    /// The price of a cell: what one person more at work there is worth.
    pub(super) fn price(&self, cell: usize) -> f64 {
        self.duals[self.people + cell]
    }

    /// What a line costs beyond its worth under the present prices.
    pub(super) fn reduced(&self, person: usize, column: &Column) -> f64 {
        let worth: f64 = column.cells.iter().map(|cell| self.duals[self.people + *cell as usize]).sum();
        column.cost as f64 - worth - self.duals[person]
    }

    /// The cost of the mixture.
    pub(super) fn value(&self) -> f64 {
        self.basis.iter().zip(&self.values).map(|(basic, value)| self.cost(*basic) * value).sum()
    }

    /// The share of each line in the mixture, of those that have any.
    pub(super) fn shares(&self) -> Vec<(usize, f64)> {
        let shares = self.basis.iter().zip(&self.values).filter_map(|(basic, value)| match basic {
            Basic::Column(at) if *value > TINY => Some((*at, *value)),
            _ => None,
        });
        shares.collect()
    }

    fn cost(&self, basic: Basic) -> f64 {
        match basic {
            Basic::Column(at) if self.closed[at] => CLOSED,
            Basic::Column(at) => self.columns[at].1.cost as f64,
            Basic::Under(cell) => self.cells[cell].under,
            Basic::Over(cell) => self.cells[cell].least_over(),
            Basic::Without(_) => NO_LINE,
        }
    }

    /// Solves it over the lines known so far; asks `stop` now and then.
    pub(super) fn solve(&mut self, stop: &mut dyn FnMut() -> bool) {
        self.reprice();
        let cells = self.cells.len();
        self.weights = [vec![1.0; self.columns.len()], vec![1.0; cells], vec![1.0; cells]];
        for step in 0..STEPS_MAX {
            if step % 64 == 63 && stop() {
                return;
            }
            let Some((entering, reduced)) = self.entering() else { return };
            if !self.pivot(entering, reduced) {
                return;
            }
        }
    }

    /// Prices of all rows from the inverse.
    fn reprice(&mut self) {
        let rows = self.rows();
        let mut duals = vec![0.0; rows];
        for (row, basic) in self.basis.iter().enumerate() {
            let cost = self.cost(*basic);
            if cost != 0.0 {
                let line = &self.inverse[row * rows..(row + 1) * rows];
                for (dual, entry) in duals.iter_mut().zip(line) {
                    *dual += cost * entry;
                }
            }
        }
        self.duals = duals;
        let lines = self.columns.iter().map(|(person, column)| self.reduced(*person, column)).collect();
        let prices = &self.duals[self.people..];
        let under = self.cells.iter().zip(prices).map(|(cell, price)| cell.under - price).collect();
        let over = self.cells.iter().zip(prices).map(|(cell, price)| cell.least_over() + price).collect();
        self.reduced = [lines, under, over];
    }

    /// What should enter the basis, with its reduced cost.
    fn entering(&self) -> Option<(Basic, f64)> {
        let mut best = (None, 0.0);
        for (kind, (reduced, weights)) in self.reduced.iter().zip(&self.weights).enumerate() {
            for (at, (reduced, weight)) in reduced.iter().zip(weights).enumerate() {
                if *reduced < -WORTH && reduced * reduced > best.1 * weight && self.may_enter(kind, at) {
                    best = (Some((kind, at)), reduced * reduced / weight);
                }
            }
        }
        let (kind, at) = best.0?;
        let basic = [Basic::Column(at), Basic::Under(at), Basic::Over(at)][kind];
        Some((basic, self.reduced[kind][at]))
    }

    fn may_enter(&self, kind: usize, at: usize) -> bool {
        kind > 0 || (!self.inside[at] && !self.closed[at])
    }

    /// Brings reduced costs and weights up to date, given the pivot row divided by its pivot.
    fn update_prices(&mut self, pivot: &[f64], entering: Basic, reduced: f64) {
        for (dual, pivot) in self.duals.iter_mut().zip(pivot) {
            *dual += reduced * pivot;
        }
        let weight = match entering {
            Basic::Column(at) => self.weights[0][at],
            Basic::Under(at) => self.weights[1][at],
            Basic::Over(at) => self.weights[2][at],
            Basic::Without(_) => 1.0,
        };
        let (people, cells) = pivot.split_at(self.people);
        let change = |reduced_cost: &mut f64, own: &mut f64, step: f64| {
            *reduced_cost -= reduced * step;
            *own = own.max(step * step * weight);
        };
        let [lines, under, over] = &mut self.reduced;
        let [line_weights, under_weights, over_weights] = &mut self.weights;
        for ((line, own), (person, column)) in lines.iter_mut().zip(line_weights).zip(&self.columns) {
            let step = people[*person] + column.cells.iter().map(|cell| cells[*cell as usize]).sum::<f64>();
            change(line, own, step);
        }
        for ((line, own), step) in under.iter_mut().zip(under_weights).zip(cells) {
            change(line, own, *step);
        }
        for ((line, own), step) in over.iter_mut().zip(over_weights).zip(cells) {
            change(line, own, -step);
        }
    }

    /// The entries of a column of the programme: rows with their sign.
    fn entries(&self, basic: Basic) -> Vec<(usize, f64)> {
        match basic {
            Basic::Column(at) => {
                let (person, column) = &self.columns[at];
                let cells = column.cells.iter().map(|cell| (self.people + *cell as usize, 1.0));
                std::iter::once((*person, 1.0)).chain(cells).collect()
            }
            Basic::Under(cell) => vec![(self.people + cell, 1.0)],
            Basic::Over(cell) => vec![(self.people + cell, -1.0)],
            Basic::Without(person) => vec![(person, 1.0)],
        }
    }

    /// Brings `entering` into the basis; false when nothing would leave it, which rounding alone can cause.
    fn pivot(&mut self, entering: Basic, reduced: f64) -> bool {
        let rows = self.rows();
        let entries = self.entries(entering);
        let direction: Vec<f64> = self
            .inverse
            .chunks_exact(rows)
            .map(|line| entries.iter().map(|(row, sign)| sign * line[*row]).sum())
            .collect();
        let mut leaving: Option<(usize, f64)> = None;
        for (row, (step, value)) in direction.iter().zip(&self.values).enumerate() {
            if *step > 1e-7 {
                let ratio = value.max(0.0) / step;
                let better = leaving.is_none_or(|(best, least)| {
                    ratio < least - TINY || (ratio < least + TINY && *step > direction[best])
                });
                if better {
                    leaving = Some((row, ratio));
                }
            }
        }
        let Some((leaving, length)) = leaving else { return false };
        for (value, step) in self.values.iter_mut().zip(&direction) {
            *value -= length * step;
        }
        self.values[leaving] = length;
        self.exchange(leaving, entering);
        let pivot: Vec<f64> = self.inverse[leaving * rows..(leaving + 1) * rows]
            .iter()
            .map(|v| v / direction[leaving])
            .collect();
        for (row, line) in self.inverse.chunks_exact_mut(rows).enumerate() {
            if row == leaving {
                line.copy_from_slice(&pivot);
            } else if direction[row].abs() > 1e-12 {
                let by = direction[row];
                for (entry, pivot) in line.iter_mut().zip(&pivot) {
                    *entry -= by * pivot;
                }
            }
        }
        self.update_prices(&pivot, entering, reduced);
        true
    }

    fn exchange(&mut self, row: usize, entering: Basic) {
        if let Basic::Column(at) = self.basis[row] {
            self.inside[at] = false;
        }
        if let Basic::Column(at) = entering {
            self.inside[at] = true;
        }
        self.basis[row] = entering;
    }
}
