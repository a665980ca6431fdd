//! What a job is, and what it may ask of the runner while it runs.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use audit::By;
use serde::{Serialize, de::DeserializeOwned};
use store::StoreError;

kernel::id_type! {
    /// A job.
    pub struct JobId;
}

/// A piece of work: its fields are what it is about, and are stored as JSON.
///
/// It may run more than once (after a crash, after an error), so it must be idempotent.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name of the kind, `context.verb_noun`.
    const KIND: &'static str;
    /// How often it is tried before it counts as failed.
    const ATTEMPTS_MAX: u32 = 5;
    /// What it works with: the services of its context.
    type Context: Clone + Send + Sync + 'static;

    /// Does the work. A job that stops early because [`JobRun::cancelled`] says so returns
    /// [`JobError::Cancelled`]; `Ok` means that all of it is done.
    fn run(self, context: Self::Context, run: JobRun) -> impl Future<Output = Result<(), JobError>> + Send;
}

/// Why a job did not finish.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It can succeed another time: the store was busy, a service did not answer.
    #[error("{0}")]
    Transient(Box<dyn std::error::Error + Send + Sync>),
    /// It can never succeed: the file is broken, the thing it is about is gone.
    #[error("{0}")]
    Permanent(Box<dyn std::error::Error + Send + Sync>),
    /// It stopped because it was asked to.
    #[error("the job was asked to stop")]
    Cancelled,
}

impl JobError {
    /// An error after which trying again is of no use. Its text is shown to the person who started the job.
    pub fn permanent(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> JobError {
        JobError::Permanent(cause.into())
    }

    /// An error after which the job is tried again.
    pub fn transient(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> JobError {
        JobError::Transient(cause.into())
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> JobError {
        JobError::Transient(Box::new(error))
    }
}

/// A job's link to the runner. Cheap to clone; asking or telling it never waits.
#[derive(Debug, Clone)]
pub struct JobRun {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    id: JobId,
    by: By,
    cancel_requested: AtomicBool,
    stopping: AtomicBool,
    lost: AtomicBool,
    progress: Mutex<Progress>,
}

/// How far a job has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub done: i64,
    pub total: Option<i64>,
    pub note: String,
    /// Whether it changed since it was last written.
    pub dirty: bool,
}

impl JobRun {
    pub(crate) fn new(id: JobId, by: By, progress: Progress) -> JobRun {
        JobRun {
            inner: Arc::new(Inner {
                id,
                by,
                cancel_requested: AtomicBool::new(false),
                stopping: AtomicBool::new(false),
                lost: AtomicBool::new(false),
                progress: Mutex::new(progress),
            }),
        }
    }

    /// The job.
    pub fn id(&self) -> JobId {
        self.inner.id
    }

    /// Who makes the changes of this job: the account that enqueued it, through the door of jobs.
    pub fn by(&self) -> By {
        self.inner.by.clone()
    }

    /// Tells how far the job has come: `done` of `total` things, and a short note. Call it as often as is
    /// convenient: it only remembers, and the runner writes the latest at most twice a second. It may be
    /// called while a transaction is open.
    #[expect(
        clippy::unused_async,
        reason = "a job awaits it, so that it may wait one day without changing jobs"
    )]
    pub async fn progress(&self, done: i64, total: Option<i64>, note: &str) {
        // A note is a line on a page, not a log.
        const NOTE_CHARS_MAX: usize = 200;
        let mut progress = self.progress_state();
        *progress = Progress { done, total, note: note.chars().take(NOTE_CHARS_MAX).collect(), dirty: true };
    }

    /// Whether the job should stop: somebody cancelled it, the program is stopping, or another runner has
    /// taken it over. At most a second behind a cancellation, and cheap enough for every row.
    pub fn cancelled(&self) -> bool {
        let inner = &self.inner;
        [&inner.cancel_requested, &inner.stopping, &inner.lost]
            .iter()
            .any(|flag| flag.load(Ordering::Relaxed))
    }

    /// [`JobError::Cancelled`] when the job should stop, for use with `?` inside loops.
    pub fn check(&self) -> Result<(), JobError> {
        if self.cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn progress_state(&self) -> std::sync::MutexGuard<'_, Progress> {
        self.inner.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_cancel_requested(&self) -> bool {
        self.inner.cancel_requested.load(Ordering::Relaxed)
    }

    pub(crate) fn set_cancel_requested(&self) {
        self.inner.cancel_requested.store(true, Ordering::Relaxed);
    }

    pub(crate) fn set_stopping(&self) {
        self.inner.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn set_lost(&self) {
        self.inner.lost.store(true, Ordering::Relaxed);
    }
}
