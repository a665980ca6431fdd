//! Keeping the index in step with the store, by jobs.

use jobs::{Job, JobError, JobFilter, JobRun, JobState};
use kernel::Scope;
use serde::{Deserialize, Serialize};

use super::index::{Entry, SearchError, tag};
use crate::{
    conversation::read::{self, Conversation},
    ids::ConversationId,
    service::Conversations,
    texts,
};

/// Conversations indexed between two commits of a rebuild.
const REBUILD_CHUNK: usize = 5_000;

/// Makes conversations findable. Indexing one again changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IndexConversations {
    /// Which.
    pub ids: Vec<ConversationId>,
}

impl Job for IndexConversations {
    const KIND: &'static str = "conversations.index";
    type Context = Conversations;

    async fn run(self, service: Conversations, run: JobRun) -> Result<(), JobError> {
        run.check()?;
        let n = i64::try_from(self.ids.len()).unwrap_or(i64::MAX);
        service.index(&self.ids).await.map_err(JobError::transient)?;
        run.progress(n, Some(n), "").await;
        Ok(())
    }
}

/// Builds the index anew from the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RebuildSearch {}

impl Job for RebuildSearch {
    const KIND: &'static str = "conversations.rebuild_search";
    type Context = Conversations;

    async fn run(self, service: Conversations, run: JobRun) -> Result<(), JobError> {
        let progress = |done: u64| {
            // Telling the runner never waits; polling it once completes it.
            let told = run.progress(i64::try_from(done).unwrap_or(i64::MAX), None, "");
            let _ = futures::FutureExt::now_or_never(told);
            !run.cancelled()
        };
        service.rebuild_search(progress).await.map_err(JobError::transient)?;
        run.check()
    }
}

/// Why indexing failed.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The index.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The program is stopping.
    #[error("the program is stopping")]
    Stopping,
}

impl Conversations {
    /// Makes conversations findable as they are in the store now.
    ///
    /// # Errors
    /// [`IndexingError`].
    pub async fn index(&self, ids: &[ConversationId]) -> Result<(), IndexingError> {
        let stored = read::stored(self.db(), &Scope::everything(), ids).await?;
        let search = self.search_index().await?;
        on_a_thread(move || {
            let entries = stored.into_iter().filter_map(|stored| {
                let id = stored.row.id;
                // One damaged document must not keep the others from being found.
                stored
                    .decode()
                    .inspect_err(|error| tracing::error!(%id, %error, "conversations.unreadable"))
                    .ok()
            });
            search.put(entries.map(|conversation| entry(&conversation)))
        })
        .await?;
        Ok(())
    }

    /// Builds the index anew; `progress` hears how many are done and says whether to go on.
    ///
    /// # Errors
    /// [`IndexingError`].
    pub async fn rebuild_search(
        &self,
        mut progress: impl FnMut(u64) -> bool + Send,
    ) -> Result<u64, IndexingError> {
        let search = self.search_index().await?;
        on_a_thread(move || search.clear()).await?;
        let (mut after, mut done) = (None, 0);
        loop {
            let ids = read::ids_after(self.db(), after, REBUILD_CHUNK).await?;
            let Some(last) = ids.last() else { return Ok(done) };
            self.index(&ids).await?;
            after = Some(*last);
            done += ids.len() as u64;
            if !progress(done) {
                return Ok(done);
            }
        }
    }

    /// Asks for a rebuild when the index is empty, the store is not, and nothing is on its way: after a
    /// restore, or after the folder was lost. Whether it did.
    ///
    /// # Errors
    /// [`IndexingError`].
    pub async fn rebuild_search_if_lost(&self) -> Result<bool, IndexingError> {
        let search = self.search_index().await?;
        let is_lost = search.is_empty()
            && !read::ids_after(self.db(), None, 1).await?.is_empty()
            && self.search_waiting().await? == 0;
        if is_lost {
            let tx = self.db().write(&audit::By::SYSTEM, "conversations.search_rebuild_asked").await?;
            jobs::enqueue(&tx, &RebuildSearch {}, &texts::rebuilding_search()).await?;
            tx.commit().await?;
        }
        Ok(is_lost)
    }

    /// How many pieces of indexing are still to be done, at most 200: the lag that lists show.
    ///
    /// # Errors
    /// The store's.
    pub async fn search_waiting(&self) -> store::Result<usize> {
        let mut waiting = 0;
        for kind in [IndexConversations::KIND, RebuildSearch::KIND] {
            let filter = JobFilter {
                kind: Some(kind.to_owned()),
                states: vec![JobState::Queued, JobState::Running],
                ..JobFilter::default()
            };
            waiting += jobs::list(self.db(), &filter).await?.len();
        }
        Ok(waiting)
    }
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, IndexingError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| IndexingError::Stopping)??)
}

fn entry(conversation: &Conversation) -> Entry {
    let row = &conversation.row;
    let mut tags =
        vec![tag("dated", row.day.is_some()), tag("batch", row.batch), tag("id", &row.external_id)];
    tags.extend(row.site.map(|id| tag("site", id)));
    tags.extend(row.queue.map(|id| tag("queue", id)));
    tags.extend(row.line_of_business.map(|id| tag("line", id)));
    tags.extend(row.channel.as_ref().map(|name| tag("channel", name)));
    tags.extend(row.direction.map(|direction| tag("direction", direction.name())));
    tags.extend(row.disposition.as_ref().map(|name| tag("disposition", name)));
    for agent in &conversation.agents {
        tags.extend(agent.person.map(|id| tag("agent", id)));
        tags.extend(agent.team.map(|id| tag("team", id)));
    }
    let mut text = String::new();
    for turn in &conversation.document.turns {
        text.push_str(&turn.text);
        text.push('\n');
    }
    Entry { id: row.id, at: row.sort_at.0, duration_s: row.duration_s.unwrap_or(-1), tags, text }
}
