//! Drills (练兵): what is practised, by whom and when; the scenarios; and rehearsals with a simulated customer.
//!
//! A [`topic`] has its people and dates and keeps only an opaque origin: who asked for it is not known here. Who was
//! drilled on which behaviour, and when, can be asked by anyone through [`api`].

pub mod api;
pub mod engine;
mod module;
pub mod permission;
pub mod practice;
mod problem;
pub mod scenario;
mod service;
mod texts;
mod today;
pub mod topic;

pub use module::module;
pub use service::Drills;

/// The tables of this context.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "drills",
    steps: &[
        store::Step { n: 1, sql: include_str!("../migrations/0001_topics.sql") },
        store::Step { n: 2, sql: include_str!("../migrations/0002_scenarios.sql") },
        store::Step { n: 3, sql: include_str!("../migrations/0003_rehearsals.sql") },
    ],
};
