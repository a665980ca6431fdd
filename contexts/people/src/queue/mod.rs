//! Queues, and the lines of business they belong to.

pub(crate) mod rest;
pub mod service;
pub(crate) mod store;

kernel::id_type! {
    /// A queue: where conversations of one kind wait.
    pub struct QueueId;
    /// A line of business: faults, marketing, billing, complaints …
    pub struct LineOfBusinessId;
}
::store::bind_ids!(QueueId, LineOfBusinessId);

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// Unique.
    pub name: String,
    /// The line of business it belongs to; `None` when an import did not say.
    pub line_of_business: Option<LineOfBusinessId>,
    /// Raised by each edit.
    pub version: i64,
}

/// A line of business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOfBusiness {
    /// Its id.
    pub id: LineOfBusinessId,
    /// Unique.
    pub name: String,
    /// Raised by each edit.
    pub version: i64,
}
