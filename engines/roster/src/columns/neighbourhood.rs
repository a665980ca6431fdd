//! Improving a roster: free a few people, keep the rest, and solve what is free like a small roster of its own.

use rand::{Rng, seq::SliceRandom};

use super::{Cell, Pricer, Search, count};

/// People freed at first, and at most.
const FREE_FIRST: usize = 4;
const FREE_MAX: usize = 40;
/// Neighbourhoods of a size without any gain before it grows.
const PATIENCE: usize = 30;
/// Rounds of pricing for a neighbourhood.
const ROUNDS: usize = 60;

impl<P: Pricer> Search<'_, P> {
    /// Goes through neighbourhoods until stopped.
    pub(super) fn neighbourhoods(&mut self) {
        let people = self.pool.len();
        let (mut size, mut idle) = (FREE_FIRST, 0);
        while !self.stopped() {
            let free = self.some_people(size.min(people));
            let before = self.best.cost;
            self.neighbourhood(&free);
            idle = if self.best.cost < before { 0 } else { idle + 1 };
            if idle >= PATIENCE {
                idle = 0;
                size = if size >= people.min(FREE_MAX) { FREE_FIRST } else { size + size.div_ceil(3) };
            }
        }
    }

    /// People to free: half of those drawn could work where too few or too many do.
    fn some_people(&mut self, count: usize) -> Vec<usize> {
        let mut people: Vec<usize> = (0..self.pool.len()).collect();
        people.shuffle(&mut self.random);
        people.truncate(count);
        people.sort_unstable();
        people
    }

    fn neighbourhood(&mut self, free: &[usize]) {
        let mut counts = vec![0_i32; self.cells.len()];
        for (person, column) in self.best.columns.iter().enumerate() {
            if free.binary_search(&person).is_err() {
                count(&mut counts, column, 1);
            }
        }
        let cells: Vec<Cell> = self
            .cells
            .iter()
            .zip(&counts)
            .map(|(cell, count)| Cell { required: cell.required - count, ..*cell })
            .collect();
        let own: Vec<_> = free.iter().map(|person| self.best.columns[*person].clone()).collect();
        let now = super::cost(&cells, &own) as f64;
        let mut master = self.master(free, &cells);
        let reached = self.generate(&mut master, free, &cells, ROUNDS, now);
        if reached > now - 1.0 + 1e-6 || self.stopped() {
            return;
        }
        let wander = if self.random.random_bool(0.5) { 0.0 } else { 0.3 };
        let Some(found) = self.dive(&mut master, free, &cells, wander) else { return };
        if super::cost(&cells, &found) as f64 <= now {
            let mut columns = self.best.columns.clone();
            for (person, column) in free.iter().zip(found) {
                self.keep(*person, column.clone());
                columns[*person] = column;
            }
            if !self.offer(columns.clone()) {
                // As good as the best: another place to go on from.
                self.best.columns = columns;
            }
        }
    }
}
