//! Import batches and rejected rows: what is kept of an import.

use jobs::JobId;
use kernel::{AccountId, Scope, Time};
use messages::Text;
use serde::{Deserialize, Serialize};
use store::{Ask, Result, Row, Sql, Tx, sql};

use super::{
    reason::{self, Rejection},
    rules::Defaults,
    source::Format,
};
use crate::ids::BatchId;

/// Rejected rows that one batch keeps; beyond them only their number is known. A file with more wrong rows
/// is wrong as a whole, and the first hundred thousand say how.
pub const REJECTED_KEPT_MAX: u64 = 100_000;

/// How an import came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchKind {
    /// A file uploaded on the page.
    Upload,
    /// A file or a stream on the command line.
    Command,
    /// What one source sent through the API on one day.
    Api,
    /// Made by the demo centre.
    Demo,
}

impl BatchKind {
    const ALL: [BatchKind; 4] = [BatchKind::Upload, BatchKind::Command, BatchKind::Api, BatchKind::Demo];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            BatchKind::Upload => "upload",
            BatchKind::Command => "command",
            BatchKind::Api => "api",
            BatchKind::Demo => "demo",
        }
    }

    fn parse(name: &str) -> Option<BatchKind> {
        BatchKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// The file is there; somebody is looking at it before it goes in.
    Prepared,
    /// It runs, or was interrupted and will be taken up again.
    Running,
    /// All of it was read.
    Done,
    /// It could not be read to its end; what is counted is in.
    Failed,
    /// Somebody stopped it; what is counted is in.
    Cancelled,
}

impl BatchState {
    const ALL: [BatchState; 5] = [
        BatchState::Prepared,
        BatchState::Running,
        BatchState::Done,
        BatchState::Failed,
        BatchState::Cancelled,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            BatchState::Prepared => "prepared",
            BatchState::Running => "running",
            BatchState::Done => "done",
            BatchState::Failed => "failed",
            BatchState::Cancelled => "cancelled",
        }
    }

    fn parse(name: &str) -> Option<BatchState> {
        BatchState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What an import does with what it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    /// What it fills in.
    pub defaults: Defaults,
    /// Whether people, sites, queues and lines of business that nobody knows are created.
    pub create_unknown: bool,
    /// The format; recognised when `None`.
    pub format: Option<Format>,
}

impl Default for ImportOptions {
    fn default() -> ImportOptions {
        ImportOptions { defaults: Defaults::default(), create_unknown: true, format: None }
    }
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// New conversations.
    pub added: u64,
    /// Conversations whose content was replaced.
    pub updated: u64,
    /// Conversations that were there already with this content.
    pub unchanged: u64,
    /// Rows that did not go in.
    pub rejected: u64,
    /// Conversations among the first three that have no date: no weekly figure counts them.
    pub undated: u64,
    /// People created because a record named them.
    pub people_created: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.added += other.added;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
        self.undated += other.undated;
        self.people_created += other.people_created;
    }
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// How it came in.
    pub kind: BatchKind,
    /// The file's name, `-` for a stream, the source for the API.
    pub name: String,
    /// What it was asked to do.
    pub options: ImportOptions,
    /// The format, once recognised.
    pub format: String,
    /// The encoding, once recognised.
    pub encoding: String,
    /// Where it stands.
    pub state: BatchState,
    /// Bytes of the file, when known.
    pub bytes_total: Option<u64>,
    /// Bytes stored for good.
    pub bytes_done: u64,
    /// Lines stored for good.
    pub lines_done: u64,
    /// Chunks stored for good.
    pub chunks_done: u64,
    /// How many of what.
    pub counts: Counts,
    /// Why it failed.
    pub error: Option<Text>,
    /// Who asked for it.
    pub account: Option<AccountId>,
    /// The job that runs an uploaded file.
    pub job: Option<JobId>,
    /// When it began.
    pub started_at: Time,
    /// When it was over.
    pub finished_at: Option<Time>,
}

/// A kept rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its line, from 1.
    pub line: u64,
    /// The stable code of the reason.
    pub code: String,
    /// The reason.
    pub reason: Text,
    /// Its own text, shortened.
    pub raw: String,
}

/// Whose imports somebody sees. An import belongs to the centre: its file names people of any unit, and what was
/// rejected belongs to nobody yet. So only those who may import for all of the centre see all imports; others see
/// what they began themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// One account's.
    Of(AccountId),
}

impl Whose {
    /// What a reader sees who may import within a scope.
    pub fn within(scope: &Scope, account: AccountId) -> Whose {
        if scope.is_everything() { Whose::All } else { Whose::Of(account) }
    }

    fn condition(self) -> Sql {
        match self {
            Whose::All => Sql::new("1 = 1"),
            Whose::Of(account) => sql!("account = {}", account),
        }
    }
}

/// Keeps a new batch.
pub(crate) async fn insert(tx: &Tx, batch: &Batch) -> Result<()> {
    let options = serde_json::to_string(&batch.options).unwrap_or_default();
    tx.exec(sql!(
        "INSERT INTO import_batch (id, kind, name, options, format, encoding, state, bytes_total, bytes_done, lines_done, chunks_done, added, updated, unchanged, rejected, undated, people_created, account, started_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}, {})",
        batch.id,
        batch.kind.name(),
        &batch.name,
        options,
        &batch.format,
        &batch.encoding,
        batch.state.name(),
        batch.bytes_total.map(signed),
        batch.account,
        batch.started_at
    ))
    .await?;
    Ok(())
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// How far a batch has come with a chunk.
pub(crate) struct Step {
    pub chunk: u64,
    pub lines: u64,
    pub bytes: u64,
    pub counts: Counts,
}

/// Records a chunk; `false` when the chunk was recorded before, by whoever ran this import until then.
pub(crate) async fn advance(tx: &Tx, id: BatchId, step: &Step) -> Result<bool> {
    let c = &step.counts;
    let changed = tx
        .exec(sql!(
            "UPDATE import_batch SET chunks_done = {}, lines_done = {}, bytes_done = {}, added = added + {}, updated = updated + {}, unchanged = unchanged + {}, rejected = rejected + {}, undated = undated + {}, people_created = people_created + {} WHERE id = {} AND chunks_done = {}",
            signed(step.chunk),
            signed(step.lines),
            signed(step.bytes),
            signed(c.added),
            signed(c.updated),
            signed(c.unchanged),
            signed(c.rejected),
            signed(c.undated),
            signed(c.people_created),
            id,
            signed(step.chunk.saturating_sub(1))
        ))
        .await?;
    Ok(changed > 0)
}

/// Records that an import runs, as asked for and by which job.
pub(crate) async fn start(tx: &Tx, id: BatchId, options: &ImportOptions, job: Option<JobId>) -> Result<()> {
    let options = serde_json::to_string(options).unwrap_or_default();
    tx.exec(sql!(
        "UPDATE import_batch SET state = 'running', options = {}, job = COALESCE({}, job), finished_at = NULL WHERE id = {}",
        options,
        job.map(|id| id.0),
        id
    ))
    .await?;
    Ok(())
}

/// Records what the beginning of the file says.
pub(crate) async fn recognised(tx: &Tx, id: BatchId, format: &str, encoding: &str) -> Result<()> {
    tx.exec(sql!("UPDATE import_batch SET format = {}, encoding = {} WHERE id = {}", format, encoding, id))
        .await?;
    Ok(())
}

/// Records the end.
pub(crate) async fn finish(tx: &Tx, id: BatchId, state: BatchState, error: Option<&Text>) -> Result<()> {
    tx.exec(sql!(
        "UPDATE import_batch SET state = {}, error_zh = {}, error_en = {}, finished_at = {} WHERE id = {}",
        state.name(),
        error.map(|text| text.zh.to_string()),
        error.map(|text| text.en.to_string()),
        tx.env().now(),
        id
    ))
    .await?;
    Ok(())
}

/// Keeps rejected rows, as long as the batch has room for them.
pub(crate) async fn reject(tx: &Tx, id: BatchId, kept_before: u64, all: &[Rejection]) -> Result<()> {
    let room = usize::try_from(REJECTED_KEPT_MAX.saturating_sub(kept_before)).unwrap_or_default();
    let rows: Vec<Sql> = all
        .iter()
        .take(room)
        .map(|rejection| {
            let text = reason::text(&rejection.reason);
            sql!(
                "({}, {}, {}, {}, {}, {})",
                id,
                signed(rejection.line),
                rejection.reason.code(),
                text.zh.as_ref().replace('\0', "␀"),
                text.en.as_ref().replace('\0', "␀"),
                &rejection.raw
            )
        })
        .collect();
    for rows in rows.chunks(64) {
        tx.insert_all(
            "INSERT INTO rejected_row (batch, line, code, reason_zh, reason_en, raw) VALUES ",
            rows.to_vec(),
            " ON CONFLICT (batch, line) DO NOTHING",
        )
        .await?;
    }
    Ok(())
}

/// One batch.
pub(crate) async fn find(ask: &impl Ask, whose: Whose, id: BatchId) -> Result<Option<Batch>> {
    ask.first(sql!("SELECT * FROM import_batch WHERE id = {} AND {}", id, whose.condition()), read).await
}

/// The batch of one source's arrivals through the API since a moment.
pub(crate) async fn find_api(ask: &impl Ask, source: &str, since: Time) -> Result<Option<BatchId>> {
    ask.first(
        sql!("SELECT id FROM import_batch WHERE kind = 'api' AND name = {} AND started_at >= {} ORDER BY started_at DESC LIMIT 1", source, since),
        |row| row.id("id"),
    )
    .await
}

/// An unfinished import of a file of this name and size.
pub(crate) async fn find_unfinished(ask: &impl Ask, name: &str, bytes: u64) -> Result<Option<BatchId>> {
    ask.first(
        sql!("SELECT id FROM import_batch WHERE state = 'running' AND kind = 'command' AND name = {} AND bytes_total = {} ORDER BY started_at DESC LIMIT 1", name, signed(bytes)),
        |row| row.id("id"),
    )
    .await
}

/// Batches, newest first, after a place in that order.
pub(crate) async fn list(
    ask: &impl Ask,
    whose: Whose,
    after: Option<(Time, BatchId)>,
    limit: usize,
) -> Result<Vec<Batch>> {
    let mut conditions = vec![whose.condition()];
    conditions
        .extend(after.map(|(at, id)| sql!("(started_at < {} OR (started_at = {} AND id < {}))", at, at, id)));
    let conditions = Sql::all_of(conditions);
    ask.all(
        sql!(
            "SELECT * FROM import_batch WHERE {} ORDER BY started_at DESC, id DESC LIMIT {}",
            conditions,
            limit
        ),
        read,
    )
    .await
}

/// Rejected rows of a batch after a line.
pub(crate) async fn rejected(
    ask: &impl Ask,
    id: BatchId,
    after: u64,
    limit: usize,
) -> Result<Vec<RejectedRow>> {
    ask.all(
        sql!("SELECT line, code, reason_zh, reason_en, raw FROM rejected_row WHERE batch = {} AND line > {} ORDER BY line LIMIT {}", id, signed(after), limit),
        |row| {
            Ok(RejectedRow {
                line: unsigned(row.get("line")?),
                code: row.get("code")?,
                reason: Text::made(row.get("reason_zh")?, row.get("reason_en")?),
                raw: row.get("raw")?,
            })
        },
    )
    .await
}

fn read(row: &Row<'_>) -> Result<Batch> {
    let n = |column| row.get::<i64>(column).map(unsigned);
    let error = match (row.get::<Option<String>>("error_zh")?, row.get::<Option<String>>("error_en")?) {
        (Some(zh), Some(en)) => Some(Text::made(zh, en)),
        _ => None,
    };
    Ok(Batch {
        id: row.id("id")?,
        kind: row.word("kind", BatchKind::parse)?,
        name: row.get("name")?,
        options: row.word("options", |text| serde_json::from_str(text).ok())?,
        format: row.get("format")?,
        encoding: row.get("encoding")?,
        state: row.word("state", BatchState::parse)?,
        bytes_total: row.get::<Option<i64>>("bytes_total")?.map(unsigned),
        bytes_done: n("bytes_done")?,
        lines_done: n("lines_done")?,
        chunks_done: n("chunks_done")?,
        counts: Counts {
            added: n("added")?,
            updated: n("updated")?,
            unchanged: n("unchanged")?,
            rejected: n("rejected")?,
            undated: n("undated")?,
            people_created: n("people_created")?,
        },
        error,
        account: row.maybe_id("account")?,
        job: row.maybe_id("job")?,
        started_at: row.time("started_at")?,
        finished_at: row.maybe_time("finished_at")?,
    })
}
