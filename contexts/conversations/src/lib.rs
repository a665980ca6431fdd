//! Conversations: import, keeping, finding and showing what was said.

pub mod api;
pub mod conversation;
pub mod events;
pub mod ids;
pub mod import;
pub mod service;
mod texts;

/// The tables of this context.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "conversations",
    steps: &[store::Step { n: 1, sql: include_str!("../migrations/0001_conversations.sql") }],
};
