//! The server: routes that declare who may take them, the reader of a request, answers and problems.
//!
//! **Invariants.** A handler never runs before the policy of its route was met, because the only way to add a
//! route is [`Routes`], which takes the policy first. What one may not see is answered like what does not
//! exist. Problems are made anywhere and spelled here, once, for pages and for the API.

mod account;
mod admin;
mod answer;
pub mod api;
mod assets;
mod browser;
mod form;
mod guard;
mod health;
mod idempotency;
mod layers;
mod module;
mod permission;
mod platform;
mod policy;
mod reader;
mod routes;
mod server;
pub mod testing;
mod texts;
mod today;

pub use answer::{Answer, Fail, Html};
pub use form::Form;
pub use module::{Module, TodaySource};
pub use permission::{PERMISSIONS, PlatformPermission};
pub use platform::{DemoEntry, Places, PlacesRef, Platform, Settings};
pub use policy::Policy;
pub use reader::{Client, Reader};
pub use routes::{RouteInfo, Routes};
pub use server::{Served, router, serve};

/// The tables of the server: answers kept for repeated requests.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    context: "web",
    steps: &[store::Step { n: 1, sql: include_str!("../migrations/0001_idempotency.sql") }],
};
