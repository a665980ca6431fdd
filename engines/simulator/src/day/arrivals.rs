//! When calls come: Poisson with a rate for each interval, by the inverse of the accumulated rate.

use rand_distr::{Distribution as _, Exp1};

use super::plan::to_ticks;
use super::tournament::NEVER;
use crate::random::Stream;

/// The arrivals of one call type. A busier day squeezes the same arrivals together, so days can be compared.
#[derive(Debug)]
pub(crate) struct Arrivals {
    stream: Stream,
    /// What the expected calls are multiplied by.
    factor: f64,
    interval: usize,
    at: f64,
    end: f64,
    /// Mean ticks between two calls.
    gap: f64,
}

impl Arrivals {
    pub(crate) fn new(stream: Stream, factor: f64) -> Arrivals {
        Arrivals { stream, factor, interval: 0, at: 0.0, end: 0.0, gap: f64::INFINITY }
    }

    /// The next call, or never.
    #[inline]
    pub(crate) fn next(&mut self, calls: &[f64], length: f64) -> u64 {
        let mut needed: f64 = Exp1.sample(&mut self.stream);
        loop {
            let at = self.at + needed * self.gap;
            if at < self.end {
                self.at = at;
                return to_ticks(at);
            }
            needed -= (self.end - self.at) / self.gap;
            let Some(expected) = calls.get(self.interval) else { return NEVER };
            self.at = self.interval as f64 * length;
            self.interval += 1;
            self.end = self.interval as f64 * length;
            self.gap = length / (expected * self.factor);
        }
    }
}
