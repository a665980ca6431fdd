//! Improvements (问题跟进): a gap that somebody owns, what is done about it, and the honest proof whether live
//! conversations changed.
//!
//! When an [`improvement`] is opened, what will be measured is frozen with it: rule, people, baseline, what effect
//! matters, and after how many weeks it is read. Drills and other steps follow; the [`verdict`] compares the drilled
//! with people not yet drilled, and it alone closes. A closed one is watched, and comes back when its effect is gone.

pub mod api;
pub mod improvement;
mod module;
pub mod permission;
mod problem;
mod service;
mod texts;
mod today;
pub mod verdict;
mod view;

pub use module::module;
pub use service::Improvements;

/// The tables of this context.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "improvements",
    steps: &[store::Step { n: 1, sql: include_str!("../migrations/0001_improvements.sql") }],
};
