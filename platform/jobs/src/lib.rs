//! Work that outlives the request that asked for it, and news from one context to those above it.
//!
//! - A [`Job`] is a struct; [`enqueue`] stores it in the caller's own transaction, so that the change and
//!   the work it asks for are kept together or not at all. A [`Runner`] runs it, after a crash again:
//!   **a job must be idempotent**.
//! - [`emit`] stores an event in the caller's transaction. Each subscriber gets every event of its kind
//!   once and in order: its handler works inside the transaction that records the delivery.
//! - A claimed job is held by a lease that is renewed while it runs; when the program dies, the lease runs
//!   out and the job is claimed again. Errors are retried with growing pauses, permanent ones are not.

mod event;
mod job;
mod keeper;
mod queue;
mod runner;

pub use event::{Event, emit, emit_version};
pub use job::{Job, JobError, JobId, JobRun};
pub use queue::{
    JobFilter, JobState, JobStatus, count_due, enqueue, enqueue_at, list, request_cancel, status,
};
pub use runner::{Runner, RunnerHandle};

use store::{Migrations, Step};

/// The tables of jobs and events.
pub const MIGRATIONS: Migrations =
    Migrations { context: "jobs", steps: &[Step { n: 1, sql: include_str!("../migrations/0001_jobs.sql") }] };

/// Tells the runners of this process that something was enqueued or emitted. It is told inside the
/// transaction, before the commit; a runner allows for that.
pub(crate) mod wake {
    use std::sync::LazyLock;

    use tokio::sync::watch;

    static WAKES: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

    pub(crate) fn all() {
        WAKES.send_modify(|n| *n = n.wrapping_add(1));
    }

    pub(crate) fn listen() -> watch::Receiver<u64> {
        WAKES.subscribe()
    }
}
