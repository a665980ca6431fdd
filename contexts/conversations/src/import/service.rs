//! Importing: one way in for files, streams and the API, and what is told of it afterwards.

use std::{io::Read, ops::ControlFlow};

use audit::By;
use messages::Text;

use super::{
    batch::{self, Batch, BatchKind, BatchState, Counts, ImportOptions, Whose},
    error::ImportError,
    pipeline::{Import, on_a_core},
    prepare::prepare,
    reason::{self, Rejection},
    source::{Chunk, Unit},
};
use crate::{
    conversation::store::Saved,
    ids::{BatchId, ConversationId},
    service::Conversations,
};

/// From so many new conversations on, the query planner looks at the tables anew after an import: fewer do not
/// change what it should do.
const ANALYZED_FROM: u64 = 10_000;
/// Conversations in one request of the API.
pub const INTAKE_MAX: usize = 1_000;

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// How it comes in.
    pub kind: BatchKind,
    /// The file's name; `-` for a stream.
    pub name: String,
    /// Its size, when known.
    pub bytes_total: Option<u64>,
    /// What to do with it.
    pub options: ImportOptions,
    /// Go on with this import instead of beginning one. The input must be the same.
    pub resume: Option<BatchId>,
}

/// What became of one record of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeAnswer {
    /// Its conversation, when it went in.
    pub id: Option<ConversationId>,
    /// What became of it; `None` when it was rejected.
    pub saved: Option<Saved>,
    /// Why it was rejected: code and text.
    pub rejected: Option<(&'static str, Text)>,
}

impl Conversations {
    /// Imports all of `reader`. `progress` is told after each stored chunk and may stop the import.
    ///
    /// # Errors
    /// [`ImportError`]; the batch then says so too, except that one interrupted by the store or the end of the
    /// program stays running, to be resumed.
    pub async fn import_stream(
        &self,
        by: &By,
        reader: impl Read + Send + 'static,
        request: ImportRequest,
        mut progress: impl FnMut(&Batch) -> ControlFlow<()> + Send,
    ) -> Result<Batch, ImportError> {
        let held = self.begin(by, &request).await?;
        let id = held.id;
        let mut import = Import::new(self, by, held);
        let outcome = import.run(reader, &request.name, &mut progress).await;
        let end = match &outcome {
            Ok(ControlFlow::Continue(())) => Some((BatchState::Done, None)),
            Ok(ControlFlow::Break(())) => Some((BatchState::Cancelled, None)),
            Err(ImportError::Source(error)) => Some((BatchState::Failed, Some(error.text()))),
            Err(_) => None,
        };
        if let Some((state, error)) = end {
            let mut tx = self.db().write(by, "conversations.import_finished").await?;
            tx.object("import_batch", id);
            batch::finish(&tx, id, state, error.as_ref()).await?;
            tx.commit().await?;
        }
        let batch = self.batch(id).await?.ok_or(ImportError::UnknownBatch(id))?;
        if batch.counts.added + batch.counts.updated >= ANALYZED_FROM {
            self.db().analyze().await?;
        }
        match outcome? {
            ControlFlow::Continue(()) => Ok(batch),
            ControlFlow::Break(()) => Err(ImportError::Stopped(Box::new(batch))),
        }
    }

    async fn begin(&self, by: &By, request: &ImportRequest) -> Result<Batch, ImportError> {
        if let Some(id) = request.resume {
            let held = self.batch(id).await?.ok_or(ImportError::UnknownBatch(id))?;
            let tx = self.db().bookkeeping().await?;
            batch::start(&tx, id, &held.options, None).await?;
            tx.commit().await?;
            return Ok(held);
        }
        let batch = self.opened(by, request);
        let mut tx = self.db().write(by, "conversations.import_begun").await?;
        tx.object("import_batch", batch.id);
        batch::insert(&tx, &batch).await?;
        tx.commit().await?;
        Ok(batch)
    }

    /// A batch that is about to begin.
    pub(super) fn opened(&self, by: &By, request: &ImportRequest) -> Batch {
        Batch {
            id: self.db().env().id(),
            kind: request.kind,
            name: request.name.clone(),
            options: request.options.clone(),
            format: String::new(),
            encoding: String::new(),
            state: BatchState::Running,
            bytes_total: request.bytes_total,
            bytes_done: 0,
            lines_done: 0,
            chunks_done: 0,
            counts: Counts::default(),
            error: None,
            account: by.account,
            job: None,
            started_at: self.db().env().now(),
            finished_at: None,
        }
    }

    /// Takes records that a machine sends: what became of each, in their order. Durable when it returns.
    ///
    /// # Errors
    /// The store's.
    pub async fn intake(
        &self,
        by: &By,
        name: &str,
        options: &ImportOptions,
        records: Vec<String>,
    ) -> Result<Vec<IntakeAnswer>, ImportError> {
        let batch = self.api_batch(by, name, options).await?;
        let total = records.len();
        let first_line = batch.lines_done + 1;
        let units = records.into_iter().zip(first_line..).map(|(text, line)| Unit::Json { line, text });
        let chunk = Chunk {
            number: batch.chunks_done + 1,
            units: units.collect(),
            header: None,
            lines: batch.lines_done + total as u64,
            bytes: batch.bytes_done,
        };
        let defaults = options.defaults.clone();
        let prepared = on_a_core(move || prepare(chunk, &defaults)).await??;
        let mut answers = vec![IntakeAnswer { id: None, saved: None, rejected: None }; total];
        let mut import = Import::new(self, by, batch);
        let (outcomes, rejected) = import.store_chunk(prepared).await?;
        let mut answer = |line: u64, given: IntakeAnswer| {
            let at = usize::try_from(line.saturating_sub(first_line)).unwrap_or(usize::MAX);
            if let Some(slot) = answers.get_mut(at) {
                *slot = given;
            }
        };
        for (line, id, saved) in outcomes {
            answer(line, IntakeAnswer { id: Some(id), saved: Some(saved), rejected: None });
        }
        for Rejection { line, reason, .. } in rejected {
            answer(
                line,
                IntakeAnswer {
                    id: None,
                    saved: None,
                    rejected: Some((reason.code(), reason::text(&reason))),
                },
            );
        }
        Ok(answers)
    }

    /// One batch holds what one name sends in 24 hours: a row per request would bury the files in the list.
    async fn api_batch(&self, by: &By, name: &str, options: &ImportOptions) -> Result<Batch, ImportError> {
        let since = self.db().env().now().plus_seconds(-86_400);
        if let Some(id) = batch::find_api(self.db(), name, since).await?
            && let Some(batch) = self.batch(id).await?
        {
            return Ok(batch);
        }
        let request = ImportRequest {
            kind: BatchKind::Api,
            name: name.to_owned(),
            bytes_total: None,
            options: options.clone(),
            resume: None,
        };
        let batch = self.opened(by, &request);
        // Between two requests nothing is running: in one transaction, or a program that is killed within would
        // leave a batch that runs for ever.
        let mut tx = self.db().write(by, "conversations.import_begun").await?;
        tx.object("import_batch", batch.id);
        batch::insert(&tx, &batch).await?;
        batch::recognised(&tx, batch.id, "jsonl", "UTF-8").await?;
        batch::finish(&tx, batch.id, BatchState::Done, None).await?;
        tx.commit().await?;
        Ok(batch)
    }

    /// One import, for the program itself; a reader is shown [`Conversations::batch_of`].
    ///
    /// # Errors
    /// The store's.
    pub async fn batch(&self, id: BatchId) -> store::Result<Option<Batch>> {
        self.batch_of(Whose::All, id).await
    }

    /// One import among those that somebody sees.
    ///
    /// # Errors
    /// The store's.
    pub async fn batch_of(&self, whose: Whose, id: BatchId) -> store::Result<Option<Batch>> {
        batch::find(self.db(), whose, id).await
    }

    /// The imports that somebody sees, newest first, after one of them.
    ///
    /// # Errors
    /// The store's.
    pub async fn batches(
        &self,
        whose: Whose,
        after: Option<&Batch>,
        limit: usize,
    ) -> store::Result<Vec<Batch>> {
        batch::list(self.db(), whose, after.map(|batch| (batch.started_at, batch.id)), limit).await
    }

    /// Rejected rows of an import, after a line. Whether a reader sees the import is asked before.
    ///
    /// # Errors
    /// The store's.
    pub async fn rejected_rows(
        &self,
        id: BatchId,
        after: u64,
        limit: usize,
    ) -> store::Result<Vec<batch::RejectedRow>> {
        batch::rejected(self.db(), id, after, limit).await
    }

    /// An interrupted import from the command line of a file with this name and size, to be resumed.
    ///
    /// # Errors
    /// The store's.
    pub async fn unfinished_import(&self, name: &str, bytes: u64) -> store::Result<Option<BatchId>> {
        batch::find_unfinished(self.db(), name, bytes).await
    }
}
