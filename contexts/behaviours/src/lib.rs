//! Behaviours (行为点): what a listener can observe, found in every conversation by the rules engine, and what
//! follows from it: uptake, gaps, precision.
//!
//! A conversation that arrives is inspected by the live rule set ([`inspect`]); what was seen is stored in
//! one packed row with the roll-up in the same transaction ([`observation`]); uptake and gaps read the roll-up
//! alone ([`uptake`], [`gap`]).

pub mod api;
pub mod behaviour;
mod check;
mod fresh;
pub mod gap;
pub mod inspect;
mod measure;
mod module;
pub mod observation;
pub mod pack;
pub mod permission;
mod problem;
pub mod review;
pub mod rule_set;
mod service;
mod slot;
mod texts;
mod today;
pub mod uptake;
mod view;

pub use module::module;
pub use service::Behaviours;

/// The tables of this context.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "behaviours",
    steps: &[
        store::Step { n: 1, sql: include_str!("../migrations/0001_behaviours.sql") },
        store::Step { n: 2, sql: include_str!("../migrations/0002_uptake_week.sql") },
        store::Step { n: 3, sql: include_str!("../migrations/0003_figures.sql") },
    ],
};
