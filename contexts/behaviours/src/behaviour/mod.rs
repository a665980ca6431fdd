//! Behaviours and their versions.

pub(crate) mod editor;
pub(crate) mod pages;
pub(crate) mod rest;
mod service;
pub mod store;

pub use service::{ExamplesPassing, Trial};

use kernel::{AccountId, Time};
use messages::Text;
use serde::Serialize;

use crate::pack::Example;

kernel::id_type! {
    /// A behaviour.
    pub struct BehaviourId;
    /// A version of a behaviour's rule.
    pub struct VersionId;
}
::store::bind_ids!(BehaviourId, VersionId);

/// A behaviour as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// Its id.
    pub id: BehaviourId,
    /// Its name in the rule files, unique; never changes.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Whether it came with the product.
    pub shipped: bool,
    /// When it was taken out of use.
    pub retired_at: Option<Time>,
    /// Raised by each edit.
    pub version: i64,
    /// The number of its live version.
    pub live: Option<i64>,
    /// The number of its draft.
    pub draft: Option<i64>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Being written.
    Draft,
    /// What conversations are inspected with.
    Live,
    /// Replaced by a later one. Kept: verdicts are made with the version that was live when they began.
    Past,
}

impl VersionState {
    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            VersionState::Draft => "draft",
            VersionState::Live => "live",
            VersionState::Past => "past",
        }
    }

    /// The state of a stable name.
    pub fn parse(name: &str) -> Option<VersionState> {
        [VersionState::Draft, VersionState::Live, VersionState::Past]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A version of a behaviour's rule. It never changes once it is live.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// The behaviour.
    pub behaviour: BehaviourId,
    /// Its number, from 1.
    pub n: i64,
    /// Where it stands.
    pub state: VersionState,
    /// The rule file.
    pub rule_text: String,
    /// The dialogues it must agree with before it may go live.
    pub examples: Vec<Example>,
    /// Why it was made.
    pub note: String,
    /// Who made it; the product itself for what ships.
    pub author: Option<AccountId>,
    /// When it was last written.
    pub at: Time,
    /// When it went live.
    pub published_at: Option<Time>,
}

/// A behaviour with its live version.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// The behaviour.
    pub id: BehaviourId,
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// The number of the version.
    pub n: i64,
    /// The rule file.
    pub rule_text: String,
}
