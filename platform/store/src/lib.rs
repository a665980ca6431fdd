//! The database: SQLite by default, PostgreSQL by URL, one code base.
//!
//! - A statement is written once, in the subset both databases share, with [`sql!`]: its text is fixed at
//!   build time and every value is bound, so that what a user typed can never become SQL.
//! - Reading goes through [`Ask`], which the database and a transaction both offer.
//! - Writing goes through [`Db::write`] alone. It says who does what; the entry in the audit chain is part
//!   of the same transaction. SQLite has one writer at a time, `BEGIN IMMEDIATE`, `synchronous = FULL`:
//!   what was acknowledged survives a power cut.
//! - Rows do not leave a context; a store maps them to its own types at once with a closure over [`Row`].

mod ask;
mod backup;
mod chain;
mod db;
mod error;
mod migrate;
mod page;
mod scope;
mod sql;
pub mod testing;

pub use ask::{Ask, Row};
pub use backup::{BackupError, backup, damage, restore};
pub use chain::{ChainState, verify_chain};
pub use db::{Db, Dialect, Tx};
pub use error::StoreError;
pub use migrate::{Migrations, Step};
pub use page::cut_page;
pub use scope::visible;
pub use sql::{Bind, Sql, placeholders};

/// The result of asking or changing the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The tables of the platform itself: the audit chain.
pub const MIGRATIONS: Migrations = Migrations {
    context: "store",
    steps: &[Step { n: 1, sql: include_str!("../migrations/0001_audit.sql") }],
};
