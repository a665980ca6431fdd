//! The queue: what is asked of it from outside, and how a runner claims and settles a job.

use audit::{By, Via};
use kernel::{AccountId, Time};
use messages::Text;
use store::{Ask, Db, Dialect, Row, Sql, StoreError, Tx, sql};

use crate::{
    Job, JobId,
    job::{JobRun, Progress},
    wake,
};

/// How long a claim holds without renewal, in seconds: how soon after a crash a job is taken up again.
pub(crate) const LEASE_SECONDS: i64 = 15;
/// How often a job may end with the program, without any progress in between, before it counts as what ends
/// the program. An operator who restarts a machine again and again stays below it.
const INTERRUPTIONS_MAX: i64 = 20;
/// The longest list of jobs.
const LIST_MAX: usize = 200;

kernel::id_type! {
    /// One runner's hold on a job.
    pub(crate) struct ClaimId;
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for its turn or for its next attempt.
    Queued,
    /// It runs.
    Running,
    /// It did all of its work.
    Done,
    /// It failed for good; see [`JobStatus::last_error`].
    Failed,
    /// Somebody cancelled it.
    Cancelled,
}

impl JobState {
    /// All states.
    pub const ALL: [JobState; 5] =
        [JobState::Queued, JobState::Running, JobState::Done, JobState::Failed, JobState::Cancelled];

    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        }
    }

    /// The state of a stable name.
    pub fn parse(name: &str) -> Option<JobState> {
        JobState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing more will happen.
    pub const fn is_over(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }
}

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct JobStatus {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// What it does, for people.
    pub title: Text,
    /// Where it stands.
    pub state: JobState,
    /// Who asked for it.
    pub account: Option<AccountId>,
    /// Things done.
    pub done: i64,
    /// Things to do, when known.
    pub total: Option<i64>,
    /// A short note on what it is doing.
    pub note: String,
    /// Somebody asked it to stop.
    pub cancel_requested: bool,
    /// Attempts that ended with an error.
    pub attempts: i64,
    /// The last error.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it first began.
    pub started_at: Option<Time>,
    /// When it was over.
    pub finished_at: Option<Time>,
}

/// Which jobs to list. The default lists the newest of everybody.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Only those this account asked for.
    pub account: Option<AccountId>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only in one of these states; any when empty.
    pub states: Vec<JobState>,
    /// At most so many; 0 means as many as one list may hold (200).
    pub limit: usize,
}

/// Stores a job in the caller's transaction; it runs soon after the commit, for the account that makes the
/// change. `title` says to people what it does.
pub async fn enqueue<J: Job>(tx: &Tx, job: &J, title: &Text) -> store::Result<JobId> {
    enqueue_at(tx, job, title, tx.env().now()).await
}

/// The same, not before a given time.
pub async fn enqueue_at<J: Job>(tx: &Tx, job: &J, title: &Text, run_at: Time) -> store::Result<JobId> {
    let payload = serde_json::to_string(job).map_err(|error| StoreError::Corrupt {
        column: "job.payload".to_owned(),
        found: format!("a {} that cannot be written as JSON: {error}", J::KIND),
    })?;
    let id: JobId = tx.env().id();
    tx.exec(sql!(
        "INSERT INTO job (id, kind, payload, title_zh, title_en, state, account, run_at, attempts, interruptions, progress_done, progress_note, cancel_requested, created_at) VALUES ({}, {}, {}, {}, {}, 'queued', {}, {}, 0, 0, 0, '', FALSE, {})",
        id.0,
        J::KIND,
        payload,
        title.zh.as_ref(),
        title.en.as_ref(),
        tx.by().account,
        run_at,
        tx.env().now()
    ))
    .await?;
    wake::all();
    metrics::counter!("jobs_enqueued_total", "kind" => J::KIND).increment(1);
    Ok(id)
}

/// A job's status; `None` for an unknown id.
pub async fn status(ask: &impl Ask, id: JobId) -> store::Result<Option<JobStatus>> {
    ask.first(sql!("SELECT * FROM job WHERE id = {}", id.0), read_status).await
}

/// Jobs, newest first.
pub async fn list(ask: &impl Ask, filter: &JobFilter) -> store::Result<Vec<JobStatus>> {
    let mut conditions = Vec::new();
    conditions.extend(filter.account.map(|account| sql!("account = {}", account)));
    conditions.extend(filter.kind.as_deref().map(|kind| sql!("kind = {}", kind)));
    if !filter.states.is_empty() {
        let names: Vec<&str> = filter.states.iter().map(|state| state.name()).collect();
        conditions.push(sql!("state IN {}", names));
    }
    let limit = if filter.limit == 0 { LIST_MAX } else { filter.limit.min(LIST_MAX) };
    let all = Sql::all_of(conditions);
    ask.all(
        sql!("SELECT * FROM job WHERE {} ORDER BY created_at DESC, id DESC LIMIT {}", all, limit),
        read_status,
    )
    .await
}

/// How many jobs run, or wait and could run by `now` or have been tried before. What is scheduled for later is no work
/// left over.
///
/// # Errors
/// The store's.
pub async fn count_due(ask: &impl Ask, now: Time) -> store::Result<i64> {
    ask.count(sql!(
        "SELECT COUNT(*) FROM job WHERE state = 'running' OR (state = 'queued' AND (attempts > 0 OR run_at <= {}))",
        now
    ))
    .await
}

/// Asks a job to stop: one that waits is cancelled at once, one that runs as soon as it notices. Whether
/// there was one that could be stopped.
pub async fn request_cancel(tx: &Tx, id: JobId) -> store::Result<bool> {
    let waiting = tx
        .exec(sql!(
            "UPDATE job SET state = 'cancelled', cancel_requested = TRUE, finished_at = {} WHERE id = {} AND state = 'queued'",
            tx.env().now(),
            id.0
        ))
        .await?;
    let running = tx
        .exec(sql!("UPDATE job SET cancel_requested = TRUE WHERE id = {} AND state = 'running'", id.0))
        .await?;
    Ok(waiting + running > 0)
}

fn read_status(row: &Row<'_>) -> store::Result<JobStatus> {
    Ok(JobStatus {
        id: row.id("id")?,
        kind: row.get("kind")?,
        title: Text::made(row.get("title_zh")?, row.get("title_en")?),
        state: row.word("state", JobState::parse)?,
        account: row.maybe_id("account")?,
        done: row.get("progress_done")?,
        total: row.get("progress_total")?,
        note: row.get("progress_note")?,
        cancel_requested: row.get("cancel_requested")?,
        attempts: row.get("attempts")?,
        last_error: row.get("last_error")?,
        created_at: row.time("created_at")?,
        started_at: row.maybe_time("started_at")?,
        finished_at: row.maybe_time("finished_at")?,
    })
}

/// A job that this runner holds.
pub(crate) struct Claimed {
    pub id: JobId,
    pub claim: ClaimId,
    pub kind: String,
    pub payload: String,
    pub attempts: i64,
    pub by: By,
    pub progress: Progress,
}

/// What a runner can take.
pub(crate) struct Takes<'a> {
    /// The kinds it knows.
    pub kinds: &'a [&'static str],
    /// What it runs already: its own lease may have run out while the store was busy.
    pub held: Vec<JobId>,
    /// The kinds of what it runs already: another kind goes first, so that a long row of one does not hold up the rest.
    pub busy: Vec<String>,
    /// Also what waits for a later attempt.
    pub early: bool,
}

impl Takes<'_> {
    fn condition(&self, now: Time) -> Sql {
        let until = if self.early { Time(i64::MAX) } else { now };
        let mut all = vec![
            sql!("kind IN {}", self.kinds.to_vec()),
            sql!(
                "(state = 'queued' AND run_at <= {}) OR (state = 'running' AND claimed_until < {})",
                until,
                now
            ),
        ];
        if !self.held.is_empty() {
            all.push(sql!("id NOT IN {}", self.held.iter().map(|id| id.0).collect::<Vec<_>>()));
        }
        Sql::all_of(all)
    }
}

/// Claims the job that has waited longest, of a kind that is not busy if there is one; `None` when there is none
/// to run.
pub(crate) async fn claim(db: &Db, takes: &Takes<'_>) -> store::Result<Option<Claimed>> {
    loop {
        let now = db.env().now();
        let condition = takes.condition(now);
        // Looking first spares the one writer of an embedded database an empty turn.
        if db
            .first(sql!("SELECT 1 FROM job WHERE {} LIMIT 1", condition.clone()), |_| Ok(()))
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let tx = db.bookkeeping().await?;
        let lock = match tx.dialect() {
            Dialect::Sqlite => Sql::default(),
            Dialect::Postgres => Sql::new(" FOR UPDATE SKIP LOCKED"),
        };
        // Ordered by ids alone: what a job is about may be long, and thousands may wait.
        let next = sql!(
            "SELECT id FROM job WHERE {} ORDER BY CASE WHEN kind IN {} THEN 1 ELSE 0 END, run_at, id LIMIT 1{}",
            condition,
            takes.busy.clone(),
            lock.clone()
        );
        let found = tx
            .first(sql!("SELECT * FROM job WHERE id = ({}){}", next, lock), |row| {
                let claimed = Claimed {
                    id: row.id("id")?,
                    claim: db.env().id(),
                    kind: row.get("kind")?,
                    payload: row.get("payload")?,
                    attempts: row.get("attempts")?,
                    by: By { account: row.maybe_id("account")?, via: Via::Job },
                    progress: Progress {
                        done: row.get("progress_done")?,
                        total: row.get("progress_total")?,
                        note: row.get("progress_note")?,
                        dirty: false,
                    },
                };
                let interrupted = row.word("state", JobState::parse)? == JobState::Running;
                let interruptions = row.get::<i64>("interruptions")? + i64::from(interrupted);
                Ok((claimed, interruptions, row.get::<bool>("cancel_requested")?))
            })
            .await?;
        let Some((claimed, interruptions, cancel_requested)) = found else { return Ok(None) };
        if cancel_requested {
            tx.exec(sql!(
                "UPDATE job SET state = 'cancelled', claim = NULL, claimed_until = NULL, finished_at = {} WHERE id = {}",
                now,
                claimed.id.0
            ))
            .await?;
        } else if interruptions > INTERRUPTIONS_MAX {
            let error = format!(
                "the program ended {interruptions} times while this job ran and before it made any progress; look at the log of those moments, then start the job again"
            );
            tx.exec(sql!(
                "UPDATE job SET state = 'failed', last_error = {}, claim = NULL, claimed_until = NULL, finished_at = {} WHERE id = {}",
                error,
                now,
                claimed.id.0
            ))
            .await?;
        } else {
            tx.exec(sql!(
                "UPDATE job SET state = 'running', claim = {}, claimed_until = {}, interruptions = {}, started_at = COALESCE(started_at, {}) WHERE id = {}",
                claimed.claim.0,
                now.plus_seconds(LEASE_SECONDS),
                interruptions,
                now,
                claimed.id.0
            ))
            .await?;
            tx.commit().await?;
            return Ok(Some(claimed));
        }
        tx.commit().await?;
    }
}

/// How a run ended.
pub(crate) enum Outcome {
    Done,
    Failed {
        error: String,
    },
    Retry {
        error: String,
        run_at: Time,
    },
    Cancelled,
    /// Not finished and nobody's fault: the program is stopping.
    Released,
}

impl Outcome {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Failed { .. } => "failed",
            Outcome::Retry { .. } => "retry",
            Outcome::Cancelled => "cancelled",
            Outcome::Released => "released",
        }
    }
}

/// Records how a run ended and lets go of the job. Does nothing when another runner holds it by now.
pub(crate) async fn settle(db: &Db, claimed: &Claimed, run: &JobRun, outcome: &Outcome) -> store::Result<()> {
    let tx = db.bookkeeping().await?;
    let now = tx.env().now();
    let (state, error, failures) = match outcome {
        Outcome::Done => (JobState::Done, None, 0),
        Outcome::Failed { error } => (JobState::Failed, Some(error), 1),
        Outcome::Retry { error, .. } => (JobState::Queued, Some(error), 1),
        Outcome::Cancelled => (JobState::Cancelled, None, 0),
        Outcome::Released => (JobState::Queued, None, 0),
    };
    let run_at = if let Outcome::Retry { run_at, .. } = outcome { *run_at } else { now };
    let progress = run.progress_state().clone();
    tx.exec(sql!(
        "UPDATE job SET state = {}, claim = NULL, claimed_until = NULL, run_at = {}, attempts = attempts + {}, interruptions = 0, last_error = COALESCE({}, last_error), finished_at = {}, progress_done = {}, progress_total = {}, progress_note = {} WHERE id = {} AND claim = {}",
        state.name(),
        run_at,
        failures,
        error.cloned(),
        state.is_over().then_some(now),
        progress.done,
        progress.total,
        progress.note,
        claimed.id.0,
        claimed.claim.0
    ))
    .await?;
    tx.commit().await
}

/// Jobs that were over before `before`.
pub(crate) fn outdated(before: Time) -> Sql {
    sql!("DELETE FROM job WHERE finished_at < {}", before)
}
