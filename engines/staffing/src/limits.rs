//! The limits of every input. Each is far beyond any centre, and keeps the arithmetic inside what an `f64` can hold
//! and the work inside a millisecond.

/// Most offered load, erlangs: ten times the largest reference value, a hundred times the largest centre known.
pub const MOST_ERLANGS: f64 = 1e7;
/// Most agents that are evaluated. Answers of [`required_agents`](crate::required_agents) stay below it too.
pub const MOST_AGENTS: f64 = 1e9;
/// Longest time of any kind, seconds (about thirty years). A patience beyond it is no patience limit at all.
pub const MOST_SECONDS: f64 = 1e9;
/// Shortest handling time and shortest patience above zero, seconds: below a millisecond nothing is a conversation.
pub const LEAST_SECONDS: f64 = 1e-3;
/// Most conversations an agent may hold at once. Field studies of chat stop at eight.
pub const MOST_AT_ONCE: u32 = 20;
/// Most targets in one question: every kind, with several thresholds each.
pub const MOST_TARGETS: usize = 32;
/// Most intervals in one call: a leap year of quarters of an hour.
pub const MOST_INTERVALS: usize = 366 * 96;
/// Largest shrinkage: at 99 % a hundred people are paid for one who answers.
pub const MOST_SHRINKAGE: f64 = 0.99;
