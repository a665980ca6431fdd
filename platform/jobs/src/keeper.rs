//! Keeps a running job's lease, writes its progress, and looks whether somebody cancelled it.

use std::time::Duration;

use store::{Ask, Db, sql};
use tokio::time::{Instant, sleep};

use crate::{
    JobRun,
    queue::{ClaimId, LEASE_SECONDS},
};

/// Progress is written at most twice a second: people cannot read faster, and each write is a commit.
const PROGRESS_PAUSE: Duration = Duration::from_millis(500);
/// A cancellation is noticed within a second.
const CANCEL_PAUSE: Duration = Duration::from_millis(700);
/// Renewed several times in the life of a lease, so that one slow commit does not lose it.
const RENEW_PAUSE: Duration = Duration::from_secs(4);

/// Runs until it is dropped.
pub(crate) async fn keep(db: Db, run: JobRun, claim: ClaimId) {
    // Apart, so that waiting for a turn to write never delays a cancellation.
    tokio::join!(watch_cancellation(&db, &run), write(&db, &run, claim));
}

async fn watch_cancellation(db: &Db, run: &JobRun) {
    loop {
        sleep(CANCEL_PAUSE).await;
        let asked = db
            .first(sql!("SELECT cancel_requested FROM job WHERE id = {}", run.id().0), |row| {
                row.at::<bool>(0)
            })
            .await;
        match asked {
            Ok(Some(true)) => run.set_cancel_requested(),
            Ok(Some(false)) => {}
            Ok(None) => run.set_lost(),
            Err(error) => tracing::warn!(job = %run.id(), %error, "jobs.cancellation_unknown"),
        }
    }
}

async fn write(db: &Db, run: &JobRun, claim: ClaimId) {
    let mut renewed = Instant::now();
    loop {
        sleep(PROGRESS_PAUSE).await;
        let dirty = std::mem::take(&mut run.progress_state().dirty);
        if !dirty && renewed.elapsed() < RENEW_PAUSE {
            continue;
        }
        match write_once(db, run, claim, dirty).await {
            Ok(true) => renewed = Instant::now(),
            Ok(false) => run.set_lost(),
            Err(error) => tracing::warn!(job = %run.id(), %error, "jobs.lease_not_renewed"),
        }
    }
}

/// Renews the lease and writes the progress; whether this runner still holds the job.
async fn write_once(db: &Db, run: &JobRun, claim: ClaimId, dirty: bool) -> store::Result<bool> {
    let tx = db.bookkeeping().await?;
    let until = tx.env().now().plus_seconds(LEASE_SECONDS);
    let progress = run.progress_state().clone();
    let changed = tx
        .exec(sql!(
            "UPDATE job SET claimed_until = {}, progress_done = {}, progress_total = {}, progress_note = {}, interruptions = CASE WHEN {} THEN 0 ELSE interruptions END WHERE id = {} AND claim = {}",
            until,
            progress.done,
            progress.total,
            progress.note,
            dirty,
            run.id().0,
            claim.0
        ))
        .await?;
    tx.commit().await?;
    Ok(changed > 0)
}
