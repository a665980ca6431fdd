//! Generating columns: master and pricing in turn.

use super::{Cell, PRICE_UNIT, Pricer, Search, master::Master};

/// How much of the best prices so far goes into the prices asked for.
const SMOOTHING: f64 = 0.7;
/// A line enters the master when it improves the mixture by at least this.
const WORTH: f64 = 1e-4;

impl<P: Pricer> Search<'_, P> {
    /// Adds lines of the `free` people until the mixture cannot be improved, `rounds` are over, or the bound says that
    /// nothing below `target` exists.
    pub(super) fn generate(
        &mut self,
        master: &mut Master,
        free: &[usize],
        cells: &[Cell],
        rounds: usize,
        target: f64,
    ) -> f64 {
        let mut reached = f64::NEG_INFINITY;
        let mut centre: Option<Vec<f64>> = None;
        let mut smoothing = SMOOTHING;
        let all: Vec<(usize, &[u32])> = (0..free.len()).map(|at| (at, &[][..])).collect();
        for _ in 0..rounds {
            self.solve_master(master);
            let prices = asked(master, cells, centre.as_deref(), smoothing);
            let Some((bound, added)) = self.price_all(master, free, &all, &prices) else { break };
            let bound = bound + lagrangian(cells, &prices);
            if bound > reached || centre.is_none() {
                reached = reached.max(bound);
                centre = Some(prices);
            }
            if added == 0 && smoothing == 0.0 {
                break;
            }
            smoothing = if added == 0 { 0.0 } else { SMOOTHING };
            if reached > target - 1.0 + 1e-6 || master.value() - reached < 0.01 || self.stopped() {
                break;
            }
        }
        reached
    }

    pub(super) fn solve_master(&mut self, master: &mut Master) {
        let (best, stop) = (&self.best, &mut self.stop);
        master.solve(&mut || stop(best));
    }

    /// Adds lines of some people that work in the cells required of them; false when somebody has none or when
    /// stopped.
    pub(super) fn refill(
        &mut self,
        master: &mut Master,
        free: &[usize],
        open: &[(usize, &[u32])],
        cells: &[Cell],
        rounds: usize,
    ) -> bool {
        for _ in 0..rounds {
            self.solve_master(master);
            let prices = asked(master, cells, None, 0.0);
            match self.price_all(master, free, open, &prices) {
                None => return false,
                Some((_, 0)) => return true,
                Some(_) => {}
            }
        }
        self.solve_master(master);
        true
    }

    /// Prices people with the cells required of each; returns what the bound has of them and how many lines were
    /// added. Nothing when stopped in between, because then there is no bound, or when somebody has no line.
    fn price_all(
        &mut self,
        master: &mut Master,
        free: &[usize],
        open: &[(usize, &[u32])],
        prices: &[f64],
    ) -> Option<(f64, usize)> {
        let (mut bound, mut added) = (0.0, 0);
        for &(at, required) in open {
            if self.stopped() {
                return None;
            }
            self.best.steps += 1;
            let offer = self.pricer.best(free[at], prices, required)?;
            bound += offer.bound;
            if let Some(column) = offer.column
                && master.reduced(at, &column) < -WORTH
            {
                self.keep(free[at], column.clone());
                master.add(at, column);
                added += 1;
            }
        }
        Some((bound, added))
    }
}

/// The prices to ask for: the master's, drawn towards the best so far, within what any cell can be worth.
fn asked(master: &Master, cells: &[Cell], centre: Option<&[f64]>, smoothing: f64) -> Vec<f64> {
    let prices = cells.iter().enumerate().map(|(at, cell)| {
        let price = master.price(at);
        let price = centre.map_or(price, |centre| smoothing * centre[at] + (1.0 - smoothing) * price);
        (price.clamp(-cell.least_over(), cell.under) * PRICE_UNIT).round() / PRICE_UNIT
    });
    prices.collect()
}

/// What the bound has of the cells: with prices between −over and under, the cheapest count is the required one.
fn lagrangian(cells: &[Cell], prices: &[f64]) -> f64 {
    cells.iter().zip(prices).map(|(cell, price)| price * f64::from(cell.required)).sum()
}
