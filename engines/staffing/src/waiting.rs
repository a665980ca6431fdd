//! The states in which somebody waits, with exponential patience: sums where they are short, integrals where not.
//!
//! Time is counted in handling times: `offered` is then the load in erlangs, `capacity` the rate at which busy agents
//! finish, `impatience` the rate at which one who waits gives up.

use crate::quadrature::Quadrature;

/// Longest sum over waiting callers; beyond it the integral takes less time.
const MOST_TERMS: f64 = 800.0;
/// Terms until the states behind the highest no longer count, in units of their spread: e^(−9.2²/2) is below 1e-18.
const TERMS_OF_SPREAD: f64 = 9.2;
/// Largest exponent of a state that a sum may reach before it would overflow.
const MOST_EXPONENT: f64 = 600.0;
/// A term below this part of the sum no longer changes it, nor what is weighted with its position.
const NEGLIGIBLE: f64 = 1e-19;

/// A queue in steady state, all times in handling times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queue {
    pub offered: f64,
    pub capacity: f64,
    pub impatience: f64,
}

/// Weights of all states in which all places are taken, times `exp(-scale)`, in units of the one in which nobody waits
/// yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// Natural logarithm of what the weights were divided by.
    pub scale: f64,
    /// All arrivals who find all places taken.
    pub all: f64,
    /// Those of them who are answered.
    pub answered: f64,
    /// Those of them who give up.
    pub abandoned: f64,
    /// Wait of those who are answered, summed.
    pub answered_wait: f64,
}

impl Queue {
    /// Weights of all who wait. `offered`, `capacity` and `impatience` are above zero and finite.
    pub fn waiting(&self, quadrature: &Quadrature) -> Waiting {
        let Self { offered, capacity, impatience } = *self;
        let climb = ((offered - capacity) / impatience).max(0.0);
        let spread = (offered / impatience).sqrt();
        let short = climb + TERMS_OF_SPREAD * spread < MOST_TERMS;
        if short && quadrature.peak_exponent() < MOST_EXPONENT {
            self.sums()
        } else {
            self.integrals(quadrature)
        }
    }

    /// One term for each number of callers who wait, as the tagged customer sees them: with j before, j + 1 must go
    /// first, each at a rate of capacity + k · impatience, and the last of these is not to be their own giving up.
    fn sums(&self) -> Waiting {
        let Self { offered, capacity, impatience } = *self;
        let (mut term, mut sum, mut number, mut wait, mut answered_wait) = (1.0, 0.0, 0.0, 0.0, 0.0);
        let (mut waiting, mut rate) = (0.0, capacity);
        loop {
            waiting += 1.0;
            rate += impatience;
            let time = 1.0 / rate;
            term *= offered * time;
            wait += time;
            sum += term;
            number += waiting * term;
            answered_wait += wait * term;
            if term <= (1.0 + sum) * NEGLIGIBLE && rate > offered {
                break;
            }
        }
        let served = capacity / offered;
        Waiting {
            scale: 0.0,
            all: 1.0 + sum,
            answered: served * sum,
            abandoned: number * impatience / offered,
            answered_wait: served * answered_wait,
        }
    }

    fn integrals(&self, quadrature: &Quadrature) -> Waiting {
        let area = quadrature.area(f64::INFINITY);
        Waiting {
            scale: quadrature.peak_exponent(),
            all: self.capacity * area.all,
            answered: self.capacity * area.answered,
            abandoned: self.capacity * area.abandoned,
            answered_wait: self.capacity * area.answered_wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Queue, Waiting};
    use crate::quadrature::Quadrature;

    #[test]
    fn sums_and_integrals_agree_wherever_both_can_be_had() {
        for offered in [0.01, 0.7, 3.0, 40.0, 900.0] {
            for load in [0.2, 0.7, 0.97, 1.0, 1.03, 1.4, 8.0] {
                for impatience in [0.02, 0.3, 1.0, 4.0, 50.0, 1e4] {
                    let queue = Queue { offered, capacity: offered / load, impatience };
                    let quadrature = Quadrature::of(&queue);
                    if quadrature.peak_exponent() < 600.0 {
                        near(&queue, queue.sums(), queue.integrals(&quadrature));
                    }
                }
            }
        }
    }

    #[track_caller]
    fn near(queue: &Queue, sums: Waiting, integrals: Waiting) {
        let scale = integrals.scale.exp();
        for (sum, integral) in [
            (sums.all, integrals.all),
            (sums.answered, integrals.answered),
            (sums.abandoned, integrals.abandoned),
            (sums.answered_wait, integrals.answered_wait),
        ] {
            assert!((sum - integral * scale).abs() <= 1e-10 * sum, "{queue:?}: {sum} {}", integral * scale);
        }
    }
}
