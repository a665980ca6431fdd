//! Importing: one pipeline for files, streams and the API.
//!
//! A thread reads and cuts the input into chunks; all cores read the records of the chunks; one task, in the
//! order of the input, drops duplicates, resolves names, and stores each chunk with its progress in one
//! transaction. An interrupted import reads its input again and leaves out the chunks that are stored.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    io::Read,
    ops::ControlFlow,
    sync::Arc,
};

use audit::By;
use kernel::{BusinessDay, Day};
use messages::{Problem, ProblemKind, Text};
use people::api::PeopleError;
use store::StoreError;
use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    batch::{self, Batch, BatchKind, BatchState, Counts, ImportOptions, Step},
    names::{Known, Wanted},
    prepare::{Prepared, PreparedChunk, prepare},
    reason::{self, Named, Reason, Rejection},
    source::{Chunk, Source, SourceError, Unit},
};
use crate::{
    conversation::{
        document::DocumentError,
        rules::moment,
        store::{NewConversation, Saved, save},
    },
    events::{CONVERSATIONS_IMPORTED, ConversationsImported},
    ids::{BatchId, ConversationId},
    search::indexing::IndexConversations,
    service::Conversations,
    texts,
};

/// Chunks read ahead of the one that is being stored: enough to keep two cores busy, little enough for memory.
const CHUNKS_AHEAD: usize = 2;
/// Ids remembered to find duplicates within one import, 16 bytes each. Beyond them a repeated id replaces the
/// earlier conversation, as it does between two imports.
const IDS_REMEMBERED_MAX: usize = 16_000_000;
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

/// Why an import ended early. What was counted until then is in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input cannot be read at all, or no further.
    #[error("{}", .0.text().en)]
    Source(#[from] SourceError),
    /// The store failed; going on later resumes where it stopped.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// People, sites or queues could not be created.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A document could not be written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// There is no such import.
    #[error("there is no import {0}")]
    UnknownBatch(BatchId),
    /// Somebody stopped it.
    #[error("the import was stopped; what was counted is in")]
    Stopped(Box<Batch>),
    /// A thread of the program ended.
    #[error("the program is stopping")]
    Interrupted,
}

impl From<intake::conversation::SourceError> for ImportError {
    fn from(error: intake::conversation::SourceError) -> ImportError {
        ImportError::Source(error.into())
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Problem {
        match error {
            ImportError::Source(error) => {
                Problem::new(ProblemKind::Invalid, "conversations.unreadable_file", error.text())
            }
            ImportError::UnknownBatch(_) => Problem::not_found(),
            ImportError::Stopped(_) => {
                Problem::new(ProblemKind::Conflict, "conversations.import_stopped", texts::import_stopped())
            }
            ImportError::Store(error) => {
                tracing::error!(%error, "conversations.store_failed");
                Problem::internal()
            }
            ImportError::People(error) => error.into(),
            ImportError::Document(error) => {
                tracing::error!(%error, "conversations.document_failed");
                Problem::internal()
            }
            ImportError::Interrupted => {
                Problem::new(ProblemKind::Unavailable, "conversations.stopping", texts::import_stopped())
            }
        }
    }
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
    fn opened(&self, by: &By, request: &ImportRequest) -> Batch {
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

    /// One import.
    pub async fn batch(&self, id: BatchId) -> store::Result<Option<Batch>> {
        batch::find(self.db(), id).await
    }

    /// Imports, newest first, after one of them.
    pub async fn batches(&self, after: Option<&Batch>, limit: usize) -> store::Result<Vec<Batch>> {
        batch::list(self.db(), after.map(|batch| (batch.started_at, batch.id)), limit).await
    }

    /// Rejected rows of an import, after a line.
    pub async fn rejected_rows(
        &self,
        id: BatchId,
        after: u64,
        limit: usize,
    ) -> store::Result<Vec<batch::RejectedRow>> {
        batch::rejected(self.db(), id, after, limit).await
    }

    /// An interrupted import from the command line of a file with this name and size, to be resumed.
    pub async fn unfinished_import(&self, name: &str, bytes: u64) -> store::Result<Option<BatchId>> {
        batch::find_unfinished(self.db(), name, bytes).await
    }
}

async fn on_a_core<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ImportError::Interrupted)
}

/// A chunk that is being read while those before it are stored.
type Ahead = Result<JoinHandle<Result<PreparedChunk, DocumentError>>, ImportError>;

/// What became of the conversations of a chunk: line, id, outcome.
type Outcomes = Vec<(u64, ConversationId, Saved)>;

struct Import<'a> {
    service: &'a Conversations,
    by: &'a By,
    batch: Batch,
    known: Known,
    /// The calendar of what belongs to no site.
    calendar: BusinessDay,
    /// The line of every identity seen in this import, by its hash.
    seen: HashMap<u64, u64, Unhashed>,
    hasher: RandomState,
}

/// The keys are hashes already.
#[derive(Default, Clone)]
struct Unhashed(u64);

impl BuildHasher for Unhashed {
    type Hasher = Unhashed;
    fn build_hasher(&self) -> Unhashed {
        Unhashed(0)
    }
}

impl std::hash::Hasher for Unhashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl<'a> Import<'a> {
    fn new(service: &'a Conversations, by: &'a By, batch: Batch) -> Import<'a> {
        Import {
            service,
            by,
            batch,
            known: Known::default(),
            calendar: BusinessDay::default(),
            seen: HashMap::default(),
            hasher: RandomState::new(),
        }
    }

    async fn run(
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
    async fn store_chunk(
        &mut self,
        mut chunk: PreparedChunk,
    ) -> Result<(Outcomes, Vec<Rejection>), ImportError> {
        self.drop_duplicates(&mut chunk);
        if chunk.number <= self.batch.chunks_done {
            return Ok((Vec::new(), Vec::new()));
        }
        let people_created = self.resolve(&chunk.good).await?;
        let mut rejected = std::mem::take(&mut chunk.rejected);
        let (mut lines, mut new) =
            (Vec::with_capacity(chunk.good.len()), Vec::with_capacity(chunk.good.len()));
        for good in chunk.good {
            let line = good.unit.line();
            match self.named(good) {
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

    fn drop_duplicates(&mut self, chunk: &mut PreparedChunk) {
        let good = std::mem::take(&mut chunk.good);
        for prepared in good {
            let line = prepared.unit.line();
            let hash = self.hasher.hash_one((&prepared.source, &prepared.external_id));
            if let Some(first) = self.seen.get(&hash) {
                let reason = Reason::Duplicate(prepared.external_id.clone(), *first);
                chunk.rejected.extend(prepared.unit.reject(reason));
                continue;
            }
            if self.seen.len() < IDS_REMEMBERED_MAX {
                self.seen.insert(hash, line);
            }
            chunk.good.push(prepared);
        }
    }

    /// Looks up the names that are new in this chunk; how many people were created for it.
    async fn resolve(&mut self, good: &[Prepared]) -> Result<u64, ImportError> {
        let mut wanted = Wanted::default();
        for record in good {
            for (_, agent) in &record.agents {
                if !self.known.agents.contains_key(agent) && !wanted.agents.contains_key(agent) {
                    wanted.agents.insert(agent.clone(), record.site.clone());
                }
            }
            let missing = |name: &&String, known: bool| !known && !name.is_empty();
            wanted.sites.extend(
                record.site.iter().filter(|n| missing(n, self.known.sites.contains_key(*n))).cloned(),
            );
            wanted.lines.extend(
                record
                    .line_of_business
                    .iter()
                    .filter(|n| missing(n, self.known.lines.contains_key(*n)))
                    .cloned(),
            );
            wanted.queues.extend(
                record
                    .queue
                    .iter()
                    .filter(|n| missing(n, self.known.queues.contains_key(*n)))
                    .map(|queue| (queue.clone(), record.line_of_business.clone())),
            );
        }
        if wanted.is_empty() {
            return Ok(0);
        }
        let create = self.batch.options.create_unknown;
        Ok(self.known.learn(self.service.people(), self.by, &wanted, create).await?)
    }

    fn named(&self, good: Prepared) -> Result<NewConversation, Vec<Rejection>> {
        let unknown = |unit: &Unit, named, name: &str| unit.reject(Reason::Unknown(named, name.to_owned()));
        let site = match &good.site {
            Some(name) => {
                Some(self.known.sites.get(name).ok_or_else(|| unknown(&good.unit, Named::Site, name))?)
            }
            None => None,
        };
        let queue = match &good.queue {
            Some(name) => {
                Some(*self.known.queues.get(name).ok_or_else(|| unknown(&good.unit, Named::Queue, name))?)
            }
            None => None,
        };
        let line_of_business = match &good.line_of_business {
            Some(name) => Some(
                *self
                    .known
                    .lines
                    .get(name)
                    .ok_or_else(|| unknown(&good.unit, Named::LineOfBusiness, name))?,
            ),
            None => None,
        };
        let calendar = site.map_or(&self.calendar, |(_, calendar)| calendar);
        let started_at = good.began.and_then(|began| moment(began, calendar));
        let day: Option<Day> = started_at.map(|at| calendar.of(at)).or(self.batch.options.defaults.date);
        let sort_at = started_at.or_else(|| day.map(|day| calendar.start(day))).unwrap_or_default();
        let mut agents = Vec::with_capacity(good.agents.len());
        for (key, name) in good.agents {
            let agent =
                self.known.agents.get(&name).ok_or_else(|| unknown(&good.unit, Named::Agent, &name))?;
            agents.push((key, Some(*agent), self.known.team(*agent, day)));
        }
        Ok(NewConversation {
            source: good.source,
            external_id: good.external_id,
            started_at,
            sort_at,
            day,
            site: site.map(|(id, _)| *id),
            queue,
            line_of_business,
            channel: good.channel,
            direction: good.direction,
            disposition: good.disposition,
            duration_s: good.duration_s,
            turn_count: good.turn_count,
            agents,
            lang: good.lang,
            checksum: good.checksum,
            body: good.body,
        })
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
