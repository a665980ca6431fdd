//! The pipeline of one import. A thread reads and cuts the input into chunks; all cores read the records of the
//! chunks; one task, in the order of the input, drops duplicates, resolves names, and stores each chunk with its
//! progress in one transaction. An interrupted import reads its input again and leaves out the chunks that are
//! stored.

use std::{collections::VecDeque, io::Read, ops::ControlFlow, sync::Arc};

use audit::By;
use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    batch::{self, Batch, BatchKind, Counts, Step},
    duplicates::Seen,
    error::ImportError,
    names::Known,
    prepare::{PreparedChunk, prepare},
    reason::Rejection,
    source::{Chunk, Source},
};
use crate::{
    conversation::{
        document::DocumentError,
        store::{NewConversation, Saved, save},
    },
    events::{CONVERSATIONS_IMPORTED, ConversationsImported},
    ids::ConversationId,
    search::indexing::IndexConversations,
    service::Conversations,
    texts,
};

/// Chunks read ahead of the one that is being stored: enough to keep two cores busy, little enough for memory.
const CHUNKS_AHEAD: usize = 2;
/// A chunk that is being read while those before it are stored.
type Ahead = Result<JoinHandle<Result<PreparedChunk, DocumentError>>, ImportError>;

/// What became of the conversations of a chunk: line, id, outcome.
pub(super) type Outcomes = Vec<(u64, ConversationId, Saved)>;

/// An import at work.
pub(super) struct Import<'a> {
    service: &'a Conversations,
    by: &'a By,
    batch: Batch,
    known: Known,
    seen: Seen,
}

impl<'a> Import<'a> {
    /// An import that goes on where its batch stands.
    pub fn new(service: &'a Conversations, by: &'a By, batch: Batch) -> Import<'a> {
        Import { service, by, batch, known: Known::default(), seen: Seen::default() }
    }

    /// Reads and stores all of `reader`; breaks where `progress` does.
    pub async fn run(
        &mut self,
        reader: impl Read + Send + 'static,
        name: &str,
        progress: &mut (impl FnMut(&Batch) -> ControlFlow<()> + Send),
    ) -> Result<ControlFlow<()>, ImportError> {
        let format = self.batch.options.format;
        let name = name.to_owned();
        let source = on_a_core(move || Source::open(reader, format, &name)).await??;
        let tx = self.service.db().bookkeeping().await?;
        batch::recognised(&tx, self.batch.id, source.format().name(), source.charset().name()).await?;
        tx.commit().await?;
        let defaults = Arc::new(self.batch.options.defaults.clone());
        let mut chunks = read_on_a_thread(source);
        let mut ahead: VecDeque<Ahead> = VecDeque::new();
        loop {
            // Waits for input only when there is nothing else to do.
            let next = if ahead.is_empty() { chunks.recv().await } else { chunks.try_recv().ok() };
            if let Some(chunk) = next {
                ahead.push_back(chunk.map(|chunk| {
                    let defaults = defaults.clone();
                    tokio::task::spawn_blocking(move || prepare(chunk, &defaults))
                }));
                if ahead.len() < CHUNKS_AHEAD {
                    continue;
                }
            }
            let Some(first) = ahead.pop_front() else { return Ok(ControlFlow::Continue(())) };
            let prepared = first?.await.map_err(|_| ImportError::Interrupted)??;
            self.store_chunk(prepared).await?;
            if progress(&self.batch).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }

    /// Stores a chunk, unless it is stored already; what became of its conversations.
    pub async fn store_chunk(
        &mut self,
        mut chunk: PreparedChunk,
    ) -> Result<(Outcomes, Vec<Rejection>), ImportError> {
        self.seen.drop_duplicates(&mut chunk);
        if chunk.number <= self.batch.chunks_done {
            return Ok((Vec::new(), Vec::new()));
        }
        let wanted = self.known.unknown_in(&chunk.good);
        let (people, create) = (self.service.people(), self.batch.options.create_unknown);
        let people_created = self.known.learn(people, self.by, &wanted, create).await?;
        let mut rejected = std::mem::take(&mut chunk.rejected);
        let (mut lines, mut new) =
            (Vec::with_capacity(chunk.good.len()), Vec::with_capacity(chunk.good.len()));
        for good in chunk.good {
            let line = good.unit.line();
            match self.known.named(good, self.batch.options.defaults.date) {
                Ok(conversation) => {
                    lines.push(line);
                    new.push(conversation);
                }
                Err(rejections) => rejected.extend(rejections),
            }
        }
        rejected.sort_by_key(|rejection| rejection.line);
        let step = Step {
            chunk: chunk.number,
            lines: chunk.lines,
            bytes: chunk.bytes,
            counts: Counts {
                rejected: rejected.len() as u64,
                undated: new.iter().filter(|new| new.day.is_none()).count() as u64,
                people_created,
                ..Counts::default()
            },
        };
        // Two imports may bring the same conversation at the same moment; the second then finds it.
        let saved = match self.commit(&new, &rejected, &step).await {
            Err(ImportError::Store(error)) if error.is_duplicate() => {
                self.commit(&new, &rejected, &step).await?
            }
            other => other?,
        };
        let outcomes = lines.into_iter().zip(saved).map(|(line, (id, saved))| (line, id, saved)).collect();
        Ok((outcomes, rejected))
    }

    async fn commit(
        &mut self,
        new: &[NewConversation],
        rejected: &[Rejection],
        step: &Step,
    ) -> Result<Vec<(ConversationId, Saved)>, ImportError> {
        let id = self.batch.id;
        let mut tx = self.service.db().write(self.by, "conversations.imported").await?;
        tx.object("import_batch", id);
        let saved = save(&tx, id, new).await?;
        batch::reject(&tx, id, self.batch.counts.rejected, rejected).await?;
        let count = |what| saved.iter().filter(|(_, saved)| *saved == what).count() as u64;
        let counts = Counts {
            added: count(Saved::Added),
            updated: count(Saved::Updated),
            unchanged: count(Saved::Unchanged),
            ..step.counts
        };
        let step = Step { counts, ..*step };
        if !batch::advance(&tx, id, &step).await? {
            // Somebody else resumed this import, or sent to the same batch: take its state and say what is true.
            drop(tx);
            self.batch = self.service.batch(id).await?.ok_or(ImportError::UnknownBatch(id))?;
            if self.batch.kind == BatchKind::Api {
                return Box::pin(self.commit_again(new, rejected, &step)).await;
            }
            return Err(ImportError::Interrupted);
        }
        let changed: Vec<ConversationId> =
            saved.iter().filter(|(_, saved)| *saved != Saved::Unchanged).map(|(id, _)| *id).collect();
        if !changed.is_empty() {
            jobs::enqueue(&tx, &IndexConversations { ids: changed.clone() }, &texts::indexing()).await?;
            jobs::emit(&tx, CONVERSATIONS_IMPORTED, &ConversationsImported { batch: id, ids: changed })
                .await?;
        }
        tx.commit().await?;
        self.batch.chunks_done = step.chunk;
        self.batch.lines_done = step.lines;
        self.batch.bytes_done = step.bytes;
        self.batch.counts += counts;
        Ok(saved)
    }

    async fn commit_again(
        &mut self,
        new: &[NewConversation],
        rejected: &[Rejection],
        step: &Step,
    ) -> Result<Vec<(ConversationId, Saved)>, ImportError> {
        let lines = self.batch.lines_done + (new.len() + rejected.len()) as u64;
        let step = Step { chunk: self.batch.chunks_done + 1, lines, bytes: step.bytes, counts: step.counts };
        self.commit(new, rejected, &step).await
    }
}

/// Reads chunks on a thread of its own; it ends when nobody takes them any more.
fn read_on_a_thread<R: Read + Send + 'static>(
    mut source: Source<R>,
) -> mpsc::Receiver<Result<Chunk, ImportError>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        loop {
            match source.next_chunk() {
                Ok(Some(chunk)) => {
                    if sender.blocking_send(Ok(chunk)).is_err() {
                        return;
                    }
                }
                Ok(None) => return,
                Err(error) => {
                    // Nobody left to hear it is the same as having said it.
                    let _ = sender.blocking_send(Err(error.into()));
                    return;
                }
            }
        }
    });
    receiver
}

/// Does costly work away from the threads that answer requests.
pub(super) async fn on_a_core<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ImportError::Interrupted)
}
