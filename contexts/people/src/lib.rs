//! People: who works here, in which unit on which day, with which skills; queues and lines of business.
//!
//! Other contexts use [`api`] alone.

pub mod api;
mod ensure;
mod error;
mod forms;
mod import;
mod lookup;
mod membership;
mod module;
mod permission;
mod person;
mod queue;
mod rest;
mod service;
mod skill;
mod slots;
mod structure;
mod texts;
mod unit;
mod words;

pub use module::module;

/// The tables of this context.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "people",
    steps: &[store::Step { n: 1, sql: include_str!("../migrations/0001_people.sql") }],
};
