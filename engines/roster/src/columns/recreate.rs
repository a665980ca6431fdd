//! Ruin and recreate: take a few people out, give each the best line anew, keep what is not much worse.
//!
//! For covers of so many cells that the master would be slow. Lines are exact best responses to the true change of
//! cost (Schrimpf et al. 2000 for the principle; annealing after Kirkpatrick, Gelatt and Vecchi 1983).

use rand::{Rng, seq::SliceRandom};

use super::{Column, Pricer, Search, cost, count};

/// Most people taken out at once.
const OUT_MAX: usize = 3;
/// Temperature at the start as a share of the cost of one surplus person, and its fall per round.
const WARM: f64 = 4.0;
const COOLING: f64 = 0.9995;
const COLD: f64 = 0.2;
/// Prices are blurred by up to this share of a surplus.
const BLUR: f64 = 0.9;

impl<P: Pricer> Search<'_, P> {
    /// Goes on until stopped.
    pub(super) fn recreate(&mut self) {
        let mut columns = self.best.columns.clone();
        let mut counts = vec![0_i32; self.cells.len()];
        for column in &columns {
            count(&mut counts, column, 1);
        }
        let mut now = self.best.cost as f64;
        let mut temperature = WARM;
        let people = columns.len();
        while !self.stopped() {
            let out = self.random.random_range(1..=OUT_MAX.min(people));
            let mut who: Vec<usize> = (0..people).collect();
            who.shuffle(&mut self.random);
            who.truncate(out);
            let before: Vec<Column> = who.iter().map(|person| columns[*person].clone()).collect();
            for column in &before {
                count(&mut counts, column, -1);
            }
            let mut whole = true;
            for &person in &who {
                match self.respond(person, &counts, BLUR) {
                    Some(column) => columns[person] = column,
                    None => whole = false,
                }
                count(&mut counts, &columns[person], 1);
            }
            let then = cost(&self.cells, &columns) as f64;
            let chance = ((now - then) / temperature).exp();
            if whole && (then <= now || self.random.random_bool(chance.clamp(0.0, 1.0))) {
                now = then;
                if now < self.best.cost as f64 {
                    self.offer(columns.clone());
                }
            } else {
                for (person, column) in who.iter().zip(before) {
                    count(&mut counts, &columns[*person], -1);
                    count(&mut counts, &column, 1);
                    columns[*person] = column;
                }
            }
            temperature = (temperature * COOLING).max(COLD);
        }
    }
}
