//! Conversations: import, keeping, finding and showing what was said.
//!
//! A conversation's row holds what lists filter by; its words are one compressed document. The search index is
//! derived from both. Other contexts use [`api`] alone.

pub mod api;
mod check;
pub mod conversation;
pub mod events;
pub mod fuzzing;
pub mod ids;
pub mod import;
pub mod mask;
mod module;
mod permission;
pub mod search;
pub mod service;
pub mod slots;
mod texts;
mod view;

pub use module::{module, with_jobs};
pub use permission::ConversationsPermission;

/// The tables of this context.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "conversations",
    steps: &[
        store::Step { n: 1, sql: include_str!("../migrations/0001_conversations.sql") },
        store::Step { n: 2, sql: include_str!("../migrations/0002_list_indexes.sql") },
    ],
};
