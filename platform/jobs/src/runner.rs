//! Runs jobs and delivers events.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::{BoxFuture, FutureExt, join_all};
use kernel::Time;
use store::{Ask, Db, Dialect, Tx};
use tokio::{
    sync::watch,
    task::{JoinError, JoinHandle},
    time::{Instant, sleep, timeout},
};

use crate::{
    Event, Job, JobError, JobId, JobRun,
    event::{self, Subscription},
    keeper,
    queue::{self, Claimed, Outcome, Takes},
    wake,
};

/// The first pause after finding nothing to do; pauses double from here. Short, because a job is announced
/// before its transaction ends.
const PAUSE_MIN: Duration = Duration::from_millis(10);
/// The longest pause: how late the jobs of another process or a due retry may be noticed.
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// The longest pause after a subscriber failed: its events wait, in order, until it succeeds.
const PAUSE_AFTER_FAILURE_MAX: Duration = Duration::from_mins(1);
/// How long a stop waits for running jobs before it lets go of them.
const STOP_GRACE: Duration = Duration::from_secs(10);
/// The longest pause between two attempts, in seconds.
const RETRY_PAUSE_MAX_SECONDS: i64 = 600;
/// How long finished jobs and delivered events are kept, in seconds: long enough to look into last month.
const KEPT_SECONDS: i64 = 30 * 86_400;
/// How often the outdated ones are removed.
const TIDY_PAUSE: Duration = Duration::from_hours(1);
/// An error is a line for people, not a log.
const ERROR_CHARS_MAX: usize = 500;

type Run = Box<dyn Fn(&str, JobRun) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

struct Kind {
    run: Run,
    attempts_max: i64,
}

/// Knows how to run each kind of job and who listens to which events.
pub struct Runner {
    db: Db,
    kinds: BTreeMap<&'static str, Kind>,
    subscriptions: Vec<Subscription>,
    /// What runs here, with its kind.
    held: Mutex<BTreeMap<JobId, String>>,
}

impl Runner {
    /// A runner that knows nothing yet.
    pub fn new(db: Db) -> Runner {
        Runner { db, kinds: BTreeMap::new(), subscriptions: Vec::new(), held: Mutex::default() }
    }

    /// Teaches it a kind of job and what its jobs work with.
    #[must_use]
    pub fn register<J: Job>(mut self, context: J::Context) -> Runner {
        let run = move |payload: &str, run: JobRun| {
            let context = context.clone();
            match serde_json::from_str::<J>(payload) {
                Ok(job) => async move { job.run(context, run).await }.boxed(),
                Err(error) => {
                    let error = JobError::permanent(format!("what the job is about cannot be read: {error}"));
                    std::future::ready(Err(error)).boxed()
                }
            }
        };
        self.kinds.insert(J::KIND, Kind { run: Box::new(run), attempts_max: i64::from(J::ATTEMPTS_MAX) });
        self
    }

    /// Lets a handler have every event of a kind, once and in order, from the oldest one kept. It works
    /// inside the transaction that records the delivery: enqueue a job there for anything that takes long.
    /// A handler that fails gets the same event again, after a growing pause.
    ///
    /// Where several listen to one kind, name them with [`Runner::subscribe_as`].
    #[must_use]
    pub fn subscribe<H>(self, kind: &'static str, handler: H) -> Runner
    where
        H: for<'a> Fn(Event, &'a Tx) -> BoxFuture<'a, store::Result<()>> + Send + Sync + 'static,
    {
        self.subscribe_as("main", kind, handler)
    }

    /// The same under the subscriber's own stable name, by which the store remembers how far it has come.
    ///
    /// # Panics
    /// When the name listens to this kind already: one of the two would miss every other event.
    #[must_use]
    pub fn subscribe_as<H>(mut self, subscriber: &str, kind: &'static str, handler: H) -> Runner
    where
        H: for<'a> Fn(Event, &'a Tx) -> BoxFuture<'a, store::Result<()>> + Send + Sync + 'static,
    {
        let taken = self.subscriptions.iter().any(|s| s.subscriber == subscriber && s.kind == kind);
        assert!(!taken, "“{subscriber}” listens to {kind} already; give each listener its own name");
        self.subscriptions.push(Subscription {
            subscriber: subscriber.to_owned(),
            kind,
            handler: Box::new(handler),
        });
        self
    }

    /// Starts `workers` that run jobs, and one task that delivers events.
    pub fn spawn(self, workers: usize) -> RunnerHandle {
        let (stop, stopped) = watch::channel(false);
        let runner = Arc::new(self);
        let mut tasks: Vec<JoinHandle<()>> =
            (0..workers.max(1)).map(|_| tokio::spawn(runner.clone().work(stopped.clone()))).collect();
        tasks.push(tokio::spawn(runner.deliver(stopped)));
        RunnerHandle { stop, tasks }
    }

    /// Delivers all events and runs all jobs, also those that wait for a later attempt, until nothing is
    /// left that this runner can do; how many runs there were. As many jobs run at once as there are cores. For
    /// tests, the demo centre and the command line. What another live runner holds is left to it.
    ///
    /// # Errors
    /// The store's, or a subscriber's, once the jobs that had begun are through. A job that fails is not an error
    /// here: see [`crate::status`].
    pub async fn run_to_empty(&self) -> store::Result<usize> {
        let (_never, stopped) = watch::channel(false);
        let at_once = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let mut runs = 0;
        loop {
            let delivered = self.deliver_all().await?;
            let mut ran = 0;
            for worker in join_all((0..at_once).map(|_| self.run_due(&stopped))).await {
                ran += worker?;
            }
            if delivered + ran == 0 {
                return Ok(runs);
            }
            runs += ran;
        }
    }

    /// Runs one job after the other until there is none to take; how many.
    async fn run_due(&self, stopped: &watch::Receiver<bool>) -> store::Result<usize> {
        let mut runs = 0;
        while let Some(claimed) = self.claim(true).await? {
            self.execute(claimed, stopped.clone()).await?;
            runs += 1;
        }
        Ok(runs)
    }

    async fn work(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        let mut wakes = wake::listen();
        let mut pause = PAUSE_MIN;
        while !is_stopped(&stopped) {
            let worked = match self.claim(false).await {
                Ok(Some(claimed)) => self.execute(claimed, stopped.clone()).await.map(|()| true),
                Ok(None) => Ok(false),
                Err(error) => Err(error),
            };
            pause = match worked {
                Ok(true) => PAUSE_MIN,
                Ok(false) => self.rest(pause, PAUSE_MAX, &mut wakes, &mut stopped).await,
                Err(error) => {
                    tracing::error!(%error, "jobs.store_failed");
                    self.rest(PAUSE_MAX, PAUSE_MAX, &mut wakes, &mut stopped).await
                }
            };
        }
    }

    async fn deliver(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        let mut wakes = wake::listen();
        let mut pause = PAUSE_MIN;
        let mut tidied: Option<Instant> = None;
        while !is_stopped(&stopped) {
            pause = match self.deliver_all().await {
                Ok(0) => self.rest(pause, PAUSE_MAX, &mut wakes, &mut stopped).await,
                Ok(_) => PAUSE_MIN,
                Err(error) => {
                    tracing::error!(%error, "jobs.event_not_delivered");
                    metrics::counter!("jobs_event_failures_total").increment(1);
                    self.rest(pause, PAUSE_AFTER_FAILURE_MAX, &mut wakes, &mut stopped).await
                }
            };
            if tidied.is_none_or(|at| at.elapsed() > TIDY_PAUSE) {
                tidied = Some(Instant::now());
                if let Err(error) = self.tidy().await {
                    tracing::warn!(%error, "jobs.not_tidied");
                }
            }
        }
    }

    /// Waits for news, for the pause to pass, or for the stop; the next pause.
    async fn rest(
        &self,
        pause: Duration,
        longest: Duration,
        wakes: &mut watch::Receiver<u64>,
        stopped: &mut watch::Receiver<bool>,
    ) -> Duration {
        tokio::select! {
            _ = stopped.changed() => pause,
            _ = wakes.changed() => {
                // News comes before its commit. The embedded database has one writer at a time: a turn of
                // our own begins when that commit is through.
                if self.db.dialect() == Dialect::Sqlite {
                    drop(self.db.bookkeeping().await);
                }
                PAUSE_MIN
            }
            () = sleep(pause) => (pause * 2).min(longest),
        }
    }

    async fn deliver_all(&self) -> store::Result<usize> {
        let mut delivered = 0;
        let mut failed = None;
        for subscription in &self.subscriptions {
            loop {
                match subscription.deliver_next(&self.db).await {
                    Ok(true) => delivered += 1,
                    Ok(false) => break,
                    // The others go on.
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
        }
        failed.map_or(Ok(delivered), Err)
    }

    async fn claim(&self, early: bool) -> store::Result<Option<Claimed>> {
        let kinds: Vec<&'static str> = self.kinds.keys().copied().collect();
        let (held, busy) = self.held().clone().into_iter().unzip();
        let claimed = queue::claim(&self.db, &Takes { kinds: &kinds, held, busy, early }).await?;
        self.held().extend(claimed.as_ref().map(|claimed| (claimed.id, claimed.kind.clone())));
        Ok(claimed)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, BTreeMap<JobId, String>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn execute(&self, claimed: Claimed, stopped: watch::Receiver<bool>) -> store::Result<()> {
        let Some((&name, kind)) = self.kinds.get_key_value(claimed.kind.as_str()) else { return Ok(()) };
        let run = JobRun::new(claimed.id, claimed.by.clone(), claimed.progress.clone());
        let started = Instant::now();
        let keeper = tokio::spawn(keeper::keep(self.db.clone(), run.clone(), claimed.claim));
        let mut task = tokio::spawn((kind.run)(&claimed.payload, run.clone()));
        let ended = tokio::select! {
            ended = &mut task => Some(ended),
            () = grace_over(stopped, &run) => None,
        };
        if ended.is_none() {
            task.abort();
            // Waited for, so that it holds no transaction when its job is given back.
            let _ = timeout(STOP_GRACE, task).await;
        }
        keeper.abort();
        let _ = keeper.await;
        let outcome = judge(ended, &run, claimed.attempts, kind.attempts_max, self.db.env().now());
        let result = queue::settle(&self.db, &claimed, &run, &outcome).await;
        self.held().remove(&claimed.id);
        let seconds = started.elapsed().as_secs_f64();
        metrics::counter!("jobs_runs_total", "kind" => name, "outcome" => outcome.name()).increment(1);
        metrics::histogram!("jobs_run_seconds", "kind" => name).record(seconds);
        match &outcome {
            Outcome::Failed { error } => {
                tracing::error!(job = %claimed.id, kind = name, %error, seconds, "jobs.failed");
            }
            Outcome::Retry { error, .. } => {
                tracing::warn!(job = %claimed.id, kind = name, %error, seconds, "jobs.retry");
            }
            other => {
                tracing::info!(job = %claimed.id, kind = name, outcome = other.name(), seconds, "jobs.ran");
            }
        }
        result
    }

    async fn tidy(&self) -> store::Result<()> {
        let before = self.db.env().now().plus_seconds(-KEPT_SECONDS);
        let tx = self.db.bookkeeping().await?;
        // A subscriber that has had nothing yet counts too, or its first event would be taken for delivered.
        for subscription in &self.subscriptions {
            subscription.register(&tx).await?;
        }
        tx.exec(queue::outdated(before)).await?;
        tx.exec(event::outdated(before)).await?;
        tx.commit().await
    }
}

/// Waits for the stop, tells the job, and gives it time.
async fn grace_over(mut stopped: watch::Receiver<bool>, run: &JobRun) {
    while !is_stopped(&stopped) {
        let _ = stopped.changed().await;
    }
    run.set_stopping();
    sleep(STOP_GRACE).await;
}

fn is_stopped(stopped: &watch::Receiver<bool>) -> bool {
    // A handle that was dropped has stopped the runner too.
    *stopped.borrow() || stopped.has_changed().is_err()
}

/// What follows from how the task ended; `None` when the stop did not wait for it any longer.
fn judge(
    ended: Option<Result<Result<(), JobError>, JoinError>>,
    run: &JobRun,
    attempts: i64,
    attempts_max: i64,
    now: Time,
) -> Outcome {
    let short = |error: &dyn std::fmt::Display| error.to_string().chars().take(ERROR_CHARS_MAX).collect();
    let again = |error: String| {
        if attempts + 1 >= attempts_max {
            return Outcome::Failed { error };
        }
        let exponent = u32::try_from(attempts + 1).unwrap_or(u32::MAX).min(30);
        let pause = 2_i64.saturating_pow(exponent).min(RETRY_PAUSE_MAX_SECONDS);
        Outcome::Retry { error, run_at: now.plus_seconds(pause) }
    };
    match ended {
        Some(Ok(Ok(()))) => Outcome::Done,
        Some(Ok(Err(JobError::Cancelled))) if run.is_cancel_requested() => Outcome::Cancelled,
        // Nobody asked it: giving it back would start it again and again without a pause.
        Some(Ok(Err(JobError::Cancelled))) if !run.cancelled() => {
            again("the job stopped although nobody asked it to".to_owned())
        }
        None | Some(Ok(Err(JobError::Cancelled))) => Outcome::Released,
        Some(Ok(Err(JobError::Permanent(error)))) => Outcome::Failed { error: short(&error) },
        Some(Ok(Err(JobError::Transient(error)))) => again(short(&error)),
        // The panic's own words went to the log; they may hold what the job worked on.
        Some(Err(_)) => again("the job broke off unexpectedly; the log has the cause".to_owned()),
    }
}

/// A running runner; dropping it stops it without waiting.
pub struct RunnerHandle {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl RunnerHandle {
    /// Stops: no new jobs are taken, running ones are told and given ten seconds, and what they have not
    /// finished by then goes back into the queue for the next start.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "jobs.runner_broke_off");
            }
        }
    }
}
