//! The rehearsal engine: a simulated customer written as a text file, judged by the rules of live calls.
//!
//! A scenario file says who the customer is, what they know, doubt and say in which mood, what a person can do, and
//! what is judged (`docs/scenarios.md` teaches it). [`Scenario::compile`] reads and checks it once; a [`Rehearsal`] plays
//! it with one person; [`Rehearsal::assess`] judges it; [`prove`] holds the scenario to its own tests.
//!
//! It is pure computing: no files, no clock, no network, no randomness of its own. The same scenario, rules, seed and
//! inputs give the same conversation and the same result, byte for byte; so what is kept of a rehearsal is its seed
//! and its [`Input`]s, and [`Rehearsal::replay`] brings it back.
//!
//! The way through the crate: `toml_reader` → `read` → [`script`] → `check` → `scenario`; then for each turn `segment` →
//! `understand` → `rehearsal`, and `assess` at the end.

mod assess;
mod check;
mod dice;
mod fuzz;
pub mod limits;
mod play;
mod proof;
mod read;
mod rehearsal;
mod scenario;
pub mod script;
mod segment;
mod toml_reader;
mod understand;

pub use assess::{Assessment, ItemResult, Mark, Reason, Status, Step};
pub use check::check;
pub use fuzz::fuzz_scenario;
pub use inspection::{Diagnostic, Severity};
pub use play::{Credit, Input, Meaning, Notice, Refused, Reply, Speaker, Spoken, Understood};
pub use proof::{ATTACKS, Attack, Miss, TEST_SEEDS, TestResult, prove};
pub use rehearsal::Rehearsal;
pub use scenario::Scenario;
