//! The small words that every other crate speaks: ids, time, days, permissions and scopes.
//!
//! Nothing here knows the domain, the database or the network. Clock and randomness come from [`Env`],
//! so that a test or the demo centre can set both.

extern crate self as kernel;

mod env;
mod hex;
mod id;
mod permission;
mod scope;
mod time;

pub use env::Env;
pub use hex::hex;
pub use id::IdError;
pub use permission::{Permission, Role};
pub use scope::{Directory, Flat, Scope};
pub use time::{BusinessDay, Day, Time};

/// Not for use outside the macros of this crate.
#[doc(hidden)]
pub mod macros {
    pub use {serde, uuid};
}

id_type! {
    /// A person: somebody who works at the centre. An account may belong to a person.
    pub struct PersonId;
    /// A unit of the organisation: the organisation itself, a site, or a team (teams nest).
    pub struct UnitId;
    /// An account: a name and a password with which somebody enters.
    pub struct AccountId;
}
