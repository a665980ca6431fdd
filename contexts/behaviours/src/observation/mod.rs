//! What the engine saw, conversation by conversation, and the roll-up kept with it.

pub mod packed;
pub mod rollup;
mod service;
pub mod store;

pub use packed::{Evidence, EvidenceKind, Seen, SeenOf, Unreadable, Who};
