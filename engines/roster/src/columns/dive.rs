//! From a mixture to a roster: fix the work that the mixture is surest of, price anew, go on.
//!
//! What is fixed is a person's work in a cell, not a whole line: many can be fixed at once, and the rest of each line
//! stays open to what the others will do.

use std::collections::BTreeMap;

use rand::Rng;

use super::{Cell, Column, Pricer, Search, master::Master};

/// A line with this share is as good as chosen.
const SURE: f64 = 0.999;
/// Work with this share is fixed together.
const NEARLY: f64 = 0.9;
/// Of the work below that, one for so many people is fixed at a time.
const PEOPLE_PER_FIX: usize = 6;
/// Rounds of pricing after fixing.
const ROUNDS: usize = 3;
/// Rounds of the first mixture: more than any instance needed.
const ROUNDS_FIRST: usize = 400;

impl<P: Pricer> Search<'_, P> {
    /// Solves the relaxation of the whole roster for its bound, and dives from it.
    pub(super) fn mixture(&mut self) {
        let free: Vec<usize> = (0..self.pool.len()).collect();
        let cells = self.cells.clone();
        let mut master = self.master(&free, &cells);
        let reached = self.generate(&mut master, &free, &cells, ROUNDS_FIRST, f64::INFINITY);
        self.best.bound = self.best.bound.max(reached);
        if self.stopped() {
            return;
        }
        if let Some(columns) = self.dive(&mut master, &free, &cells, 0.0) {
            self.offer(columns);
        }
    }

    /// A master over the lines known of some people.
    pub(super) fn master(&self, free: &[usize], cells: &[Cell]) -> Master {
        let mut master = Master::new(free.len(), cells);
        for (at, &person) in free.iter().enumerate() {
            if let Some(column) = self.best.columns.get(person) {
                master.add(at, column.clone());
            }
            for column in &self.pool[person] {
                master.add(at, column.clone());
            }
        }
        master
    }

    /// Fixes work until the mixture is a roster; `wander` from 0 makes the choice less greedy. Nothing when stopped
    /// or when what was fixed leaves somebody without a line.
    pub(super) fn dive(
        &mut self,
        master: &mut Master,
        free: &[usize],
        cells: &[Cell],
        wander: f64,
    ) -> Option<Vec<Column>> {
        let mut required: Vec<Vec<u32>> = vec![Vec::new(); free.len()];
        let mut given = vec![false; free.len()];
        loop {
            let shares = master.shares();
            let mut sure = vec![false; free.len()];
            let mut line = vec![(0.0, 0); free.len()];
            for &(column, share) in &shares {
                let at = master.columns()[column].0;
                sure[at] |= share >= SURE;
                if share > line[at].0 {
                    line[at] = (share, column);
                }
            }
            if sure.iter().all(|sure| *sure) {
                return Some(line.iter().map(|(_, column)| master.columns()[*column].1.clone()).collect());
            }
            let fresh = self.surest(master, &shares, &required, wander);
            if fresh.is_empty() {
                // Only days off are undecided.
                let at = sure.iter().zip(&given).position(|(sure, given)| !sure && !given)?;
                if line[at].0 == 0.0 {
                    return None;
                }
                given[at] = true;
                master.give(at, line[at].1);
                self.solve_master(master);
            }
            let least = free.len().div_ceil(PEOPLE_PER_FIX);
            for (done, (share, at, cell)) in fresh.into_iter().enumerate() {
                if share < NEARLY && (done >= least || (share < 0.5 && done > 0)) {
                    break;
                }
                let place = required[at].partition_point(|known| *known < cell);
                required[at].insert(place, cell);
                let only = [cell];
                master.require(at, &only);
            }
            let open: Vec<(usize, &[u32])> = required
                .iter()
                .enumerate()
                .map(|(at, cells)| (at, &cells[..]))
                .filter(|(at, _)| !sure[*at])
                .collect();
            if !self.refill(master, free, &open, cells, ROUNDS) {
                return None;
            }
        }
    }

    /// Work that is not fixed yet, the surest first.
    fn surest(
        &mut self,
        master: &Master,
        shares: &[(usize, f64)],
        required: &[Vec<u32>],
        wander: f64,
    ) -> Vec<(f64, usize, u32)> {
        let mut work: BTreeMap<(usize, u32), f64> = BTreeMap::new();
        for &(column, share) in shares {
            let (at, column) = &master.columns()[column];
            for &cell in &column.cells {
                if required[*at].binary_search(&cell).is_err() {
                    *work.entry((*at, cell)).or_default() += share;
                }
            }
        }
        let mut work: Vec<(f64, usize, u32)> = work
            .into_iter()
            .map(|((at, cell), share)| {
                let blur =
                    if wander > 0.0 && share < NEARLY { self.random.random_range(0.0..wander) } else { 0.0 };
                (share + blur, at, cell)
            })
            .collect();
        work.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        work
    }
}
