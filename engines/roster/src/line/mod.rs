//! A person's line: what they do on each day of the horizon, and which lines the rules allow.
//!
//! A set of rules is compiled once into an [`Automaton`]: a layered graph whose paths are exactly the lines that the
//! rules allow (Pesant 2004 for the idea of a line as a word of a language; Côté, Gendron and Rousseau 2011 for
//! pricing lines on such graphs; Quimper and Rousseau 2010 for searching on them). States from which the same rest
//! of a line is allowed are merged, so that a week of twenty shifts has some dozens of states a day, and the best
//! line under any prices is a shortest path through a few thousand arcs.

mod automaton;
mod compile;
mod counted;
mod merge;
mod rule;

pub use automaton::{Automaton, NEVER, Scratch, price};
pub use compile::STATES_MAX;
pub(crate) use compile::binding;
pub use counted::{BLOCKED, Counted, Priced};
