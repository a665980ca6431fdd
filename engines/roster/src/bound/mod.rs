//! What no roster can beat: a lower bound of the cost, reported beside every roster.

mod lagrange;
mod twins;

pub use lagrange::Bound;
