//! Inspection in the background: what arrives, and everything anew after a rule changed.

use conversations::api::ConversationId;
use jobs::{Job, JobError, JobRun};
use kernel::Scope;
use serde::{Deserialize, Serialize};

use crate::Behaviours;

/// Conversations inspected between two commits.
pub const BATCH: usize = 500;

/// Inspects conversations that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectConversations {
    /// Which.
    pub ids: Vec<ConversationId>,
}

impl Job for InspectConversations {
    const KIND: &'static str = "behaviours.inspect_conversations";
    type Context = Behaviours;

    async fn run(self, behaviours: Behaviours, run: JobRun) -> Result<(), JobError> {
        let total = i64::try_from(self.ids.len()).ok();
        let mut done = 0;
        for ids in self.ids.chunks(BATCH) {
            run.check()?;
            behaviours.inspect_batch(&run.by(), ids).await.map_err(JobError::transient)?;
            done += i64::try_from(ids.len()).unwrap_or_default();
            run.progress(done, total, "").await;
        }
        Ok(())
    }
}

/// Inspects everything anew with the live rule set. It can be stopped and goes on where it was: what has been
/// inspected with the live set is not inspected again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reinspect {
    /// The rule set that made it necessary; a later one makes its own job.
    pub rule_set: i64,
}

impl Job for Reinspect {
    const KIND: &'static str = "behaviours.reinspect";
    type Context = Behaviours;

    async fn run(self, behaviours: Behaviours, run: JobRun) -> Result<(), JobError> {
        if behaviours.live().await.map_err(JobError::transient)?.n != self.rule_set {
            return Ok(());
        }
        let total = behaviours.conversations().total().await.map_err(JobError::transient)?;
        let mut after = None;
        let mut done = 0;
        loop {
            run.check()?;
            let ids =
                behaviours.conversations().ids_after(after, BATCH).await.map_err(JobError::transient)?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = Some(*last);
            done += i64::try_from(ids.len()).unwrap_or_default();
            let stale =
                behaviours.not_yet_inspected(&ids, self.rule_set).await.map_err(JobError::transient)?;
            if !stale.is_empty() {
                behaviours.inspect_batch(&run.by(), &stale).await.map_err(JobError::transient)?;
            }
            run.progress(done, Some(total), "").await;
        }
    }
}

/// Everything: jobs act for the centre, not for a reader.
pub(crate) fn scope() -> Scope {
    Scope::everything()
}
