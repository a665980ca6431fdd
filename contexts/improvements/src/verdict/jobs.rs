//! Reading in the background: when conversations arrive, and when a day begins.

use drills::api::Origin;
use jobs::{Job, JobError, JobFilter, JobRun, JobState};
use kernel::Day;
use messages::Text;
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::{
    Improvements,
    improvement::{ImprovementId, service::of_origin},
    problem::Result,
    texts,
};

/// How long after conversations arrived they are read for the proof, in seconds: they are inspected first, and a long
/// import is read once and not with each of its chunks.
const AFTER_ARRIVAL_SECONDS: i64 = 600;
/// How far into a day the day's check is made, in seconds: whatever else begins at midnight is then through.
const INTO_THE_DAY_SECONDS: i64 = 900;

/// Reads the proof of all improvements again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadVerdicts {}

impl Job for ReadVerdicts {
    const KIND: &'static str = "improvements.read_verdicts";
    type Context = Improvements;

    async fn run(self, improvements: Improvements, run: JobRun) -> Result<(), JobError> {
        let done = improvements.read_all().await.map_err(JobError::transient)?;
        let total = i64::try_from(done.improvements).unwrap_or(i64::MAX);
        run.progress(total, Some(total), "").await;
        Ok(())
    }
}

/// Enqueues [`ReadVerdicts`] for when what arrived is inspected, unless it waits already.
///
/// # Errors
/// The store's.
pub async fn reading_soon(tx: &Tx) -> store::Result<()> {
    if is_waiting(tx, ReadVerdicts::KIND).await? {
        return Ok(());
    }
    let at = tx.env().now().plus_seconds(AFTER_ARRIVAL_SECONDS);
    jobs::enqueue_at(tx, &ReadVerdicts {}, &texts::reading_verdicts(), at).await?;
    Ok(())
}

/// Reads the proof of one improvement again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadImprovement {
    /// Which.
    pub improvement: ImprovementId,
}

impl Job for ReadImprovement {
    const KIND: &'static str = "improvements.read_one";
    type Context = Improvements;

    async fn run(self, improvements: Improvements, _: JobRun) -> Result<(), JobError> {
        improvements.read_some(&[self.improvement]).await.map_err(JobError::transient)?;
        Ok(())
    }
}

/// Enqueues [`ReadImprovement`] for the improvement that caused a topic, if one did.
///
/// # Errors
/// The store's.
pub async fn reading_of(tx: &Tx, origin: Option<String>) -> store::Result<()> {
    let Some(improvement) = origin.and_then(Origin::new).as_ref().and_then(of_origin) else { return Ok(()) };
    jobs::enqueue(tx, &ReadImprovement { improvement }, &texts::reading_verdicts()).await?;
    Ok(())
}

async fn is_waiting(tx: &Tx, kind: &str) -> store::Result<bool> {
    let filter = JobFilter {
        kind: Some(kind.to_owned()),
        states: vec![JobState::Queued],
        limit: 1,
        ..JobFilter::default()
    };
    Ok(!jobs::list(tx, &filter).await?.is_empty())
}

/// The day's check: tells of what is overdue, reads the proof, and asks for the next day's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckImprovements {
    /// The day it is for.
    pub day: Day,
}

impl Job for CheckImprovements {
    const KIND: &'static str = "improvements.check";
    type Context = Improvements;

    async fn run(self, improvements: Improvements, run: JobRun) -> Result<(), JobError> {
        let today = improvements.today().await.map_err(JobError::transient)?;
        improvements.escalate().await.map_err(JobError::transient)?;
        run.check()?;
        improvements.read_all().await.map_err(JobError::transient)?;
        // Run before its day (all waiting jobs are run at once where a centre is filled), it asks for no other: that
        // would never end.
        if self.day <= today {
            improvements.keep_watch().await.map_err(JobError::transient)?;
        }
        Ok(())
    }
}

impl Improvements {
    /// Sees to it that the next day's check is asked for. To be called when the server starts.
    ///
    /// # Errors
    /// The store's.
    pub async fn keep_watch(&self) -> Result<()> {
        let tomorrow = self.today().await?.plus(1);
        let start = self.people().lookup().await?.organisation_day().start(tomorrow);
        let tx = self.db().bookkeeping().await?;
        if !is_waiting(&tx, CheckImprovements::KIND).await? {
            let job = CheckImprovements { day: tomorrow };
            let title: Text = texts::checking_improvements();
            jobs::enqueue_at(&tx, &job, &title, start.plus_seconds(INTO_THE_DAY_SECONDS)).await?;
        }
        Ok(tx.commit().await?)
    }
}
