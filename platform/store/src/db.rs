//! Connections, and the one way to write.

use std::{path::PathBuf, sync::Arc, time::Duration};

use audit::{By, Hash};
use kernel::Env;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{Ask, Result, Sql, StoreError, chain};

/// Readers' connections: more would only compete for two to eight cores.
const READERS_MAX: u32 = 8;
/// How long a statement waits for a connection before it fails: longer than any honest queue.
const ACQUIRE_MAX: Duration = Duration::from_secs(20);
/// Rows of one statement that inserts many. Few different sizes keep the databases' caches of prepared statements
/// small; 255 values a row stay below what a statement may hold (SQLite 32 766, PostgreSQL 65 535).
const ROWS_PER_STATEMENT: [usize; 3] = [128, 16, 1];

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL, or a compatible engine.
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    /// SQLite has one writer; waiting here is fair, waiting on its lock is not.
    turn: Option<Arc<Mutex<()>>>,
    dialect: Dialect,
    file: Option<PathBuf>,
    env: Env,
}

impl Db {
    /// Opens a database by its address: a path or `sqlite:PATH` (made when absent), or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address of another kind, [`StoreError::Database`] when it cannot be reached.
    pub async fn open(address: &str, env: &Env) -> Result<Db> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Db::open_postgres(address, env).await;
        }
        if address.contains("://") {
            return Err(StoreError::Address(address.to_owned()));
        }
        Db::open_sqlite(PathBuf::from(address.strip_prefix("sqlite:").unwrap_or(address)), env).await
    }

    async fn open_postgres(address: &str, env: &Env) -> Result<Db> {
        let mut options = ConnectOptions::new(address);
        options.max_connections(READERS_MAX * 2).acquire_timeout(ACQUIRE_MAX).sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok(Db {
            inner: Arc::new(Inner {
                readers: pool.clone(),
                writer: pool,
                turn: None,
                dialect: Dialect::Postgres,
                file: None,
                env: env.clone(),
            }),
        })
    }

    async fn open_sqlite(file: PathBuf, env: &Env) -> Result<Db> {
        // The file name is set through options, not through the URL, where `?` and `%` would mean something.
        let connect = |connections: u32, mapped_bytes: &'static str| {
            let file = file.clone();
            async move {
                let mut options = ConnectOptions::new("sqlite::memory:");
                options
                    .max_connections(connections)
                    .min_connections(1)
                    .acquire_timeout(ACQUIRE_MAX)
                    .sqlx_logging(false);
                options.map_sqlx_sqlite_opts(move |sqlite| {
                    sqlite
                        .filename(&file)
                        .in_memory(false)
                        .shared_cache(false)
                        .create_if_missing(true)
                        .foreign_keys(true)
                        .busy_timeout(Duration::from_secs(10))
                        .pragma("journal_mode", "WAL")
                        // NORMAL lost acknowledged commits when power was cut.
                        .pragma("synchronous", "FULL")
                        .pragma("cache_size", "-65536")
                        .pragma("mmap_size", mapped_bytes)
                        .pragma("temp_store", "MEMORY")
                        .statement_cache_capacity(200)
                });
                Database::connect(options).await
            }
        };
        // A long import goes over all indexes: mapped, they would count as the process's memory.
        let writer = connect(1, "0").await?;
        let readers = connect(READERS_MAX, "1073741824").await?;
        Ok(Db {
            inner: Arc::new(Inner {
                readers,
                writer,
                turn: Some(Arc::new(Mutex::new(()))),
                dialect: Dialect::Sqlite,
                file: Some(file),
                env: env.clone(),
            }),
        })
    }

    /// The file of an embedded database.
    pub fn file(&self) -> Option<&std::path::Path> {
        self.inner.file.as_deref()
    }

    /// The clock and randomness this database writes with.
    pub fn env(&self) -> &Env {
        &self.inner.env
    }

    /// Begins a change: who makes it, and what it is, `context.noun_verbed`. Nothing is stored until
    /// [`Tx::commit`]; dropping the transaction undoes it.
    pub async fn write(&self, by: &By, action: &'static str) -> Result<Tx> {
        let tx = self.begin().await?;
        Ok(Tx { by: by.clone(), action, objects: Vec::new(), digest: [0; 32], ..tx })
    }

    /// A write transaction without an audit entry, for bookkeeping that is nobody's change: claiming a job,
    /// a login session's last use, delivery of an event. Anything a person would ask about goes through
    /// [`Db::write`].
    pub async fn bookkeeping(&self) -> Result<Tx> {
        self.begin().await
    }

    async fn begin(&self) -> Result<Tx> {
        let turn = match &self.inner.turn {
            Some(turn) => Some(turn.clone().lock_owned().await),
            None => None,
        };
        let mode = (self.inner.dialect == Dialect::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        let inner = self.inner.writer.begin_with_options(options).await?;
        Ok(Tx {
            inner,
            db: self.clone(),
            by: By::SYSTEM,
            action: "",
            objects: Vec::new(),
            digest: [0; 32],
            _turn: turn,
        })
    }

    /// Folds the write-ahead log back into the file and cuts it: after bulk loads, and before a clean stop.
    pub async fn checkpoint(&self) -> Result<()> {
        if self.inner.dialect == Dialect::Sqlite {
            self.inner.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// Lets the query planner see what the tables hold now: after bulk loads. Looks at a sample, so that it takes
    /// a moment also over millions of rows.
    pub async fn analyze(&self) -> Result<()> {
        if self.inner.dialect == Dialect::Sqlite {
            // As many rows of each index as SQLite's authors recommend.
            self.inner.writer.execute_unprepared("PRAGMA analysis_limit = 1000").await?;
        }
        self.inner.writer.execute_unprepared("ANALYZE").await?;
        Ok(())
    }

    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.inner.writer
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<()> {
        if let Ok(inner) = Arc::try_unwrap(self.inner) {
            inner.readers.close().await?;
            inner.writer.close().await?;
        }
        Ok(())
    }
}

impl Ask for Db {
    fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    async fn rows(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        rows(&self.inner.readers, self.dialect(), sql).await
    }
}

/// A change in progress.
pub struct Tx {
    inner: DatabaseTransaction,
    db: Db,
    by: By,
    action: &'static str,
    objects: Vec<String>,
    digest: Hash,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    /// Names a thing that this change touches: its kind and id.
    pub fn object(&mut self, kind: &str, id: impl std::fmt::Display) {
        // An entry names what was touched, not every row of an import: those name their batch.
        const OBJECTS_MAX: usize = 50;
        if self.objects.len() < OBJECTS_MAX {
            self.objects.push(format!("{kind}:{id}"));
        }
    }

    /// Seals the content after the change into the audit entry, as a hash.
    pub fn content(&mut self, content: &[u8]) {
        self.digest = audit::digest(content);
    }

    /// Runs a statement; how many rows it changed.
    pub async fn exec(&self, sql: Sql) -> Result<u64> {
        let (text, values) = sql.into_parts(self.dialect());
        Ok(self
            .inner
            .execute_raw(Statement::from_sql_and_values(self.backend(), text, values))
            .await?
            .rows_affected())
    }

    /// Inserts many rows, many with each statement:
    /// `head` is `INSERT INTO t (a, b) VALUES `, each row a `({}, {})`, `tail` what follows, such as `ON CONFLICT`.
    ///
    /// The rows are gathered before anything is awaited: an iterator held across an await would make the
    /// caller's future impossible to send to another thread.
    pub fn insert_all<I: IntoIterator<Item = Sql>>(
        &self,
        head: &'static str,
        rows: I,
        tail: &'static str,
    ) -> impl Future<Output = Result<u64>> + Send + use<'_, I> {
        let rows: Vec<Sql> = rows.into_iter().collect();
        let mut rest = rows.into_iter();
        async move {
            let mut changed = 0;
            for step in ROWS_PER_STATEMENT {
                while rest.len() >= step {
                    let mut statement = Sql::new(head);
                    for (i, row) in rest.by_ref().take(step).enumerate() {
                        statement = if i > 0 { statement.push(", ") } else { statement }.bind(row);
                    }
                    changed += self.exec(statement.push(tail)).await?;
                }
            }
            Ok(changed)
        }
    }

    /// The clock and randomness.
    pub fn env(&self) -> &Env {
        self.db.env()
    }

    /// Who makes the change.
    pub fn by(&self) -> &By {
        &self.by
    }

    /// Makes the change last: the audit entry and everything else, or nothing. Durable when it returns.
    pub async fn commit(self) -> Result<()> {
        if !self.action.is_empty() {
            chain::append(&self, &self.by, self.action, &self.objects.join(" "), self.digest).await?;
        }
        self.inner.commit().await?;
        metrics::counter!("store_commits_total").increment(1);
        Ok(())
    }

    fn backend(&self) -> DbBackend {
        match self.dialect() {
            Dialect::Sqlite => DbBackend::Sqlite,
            Dialect::Postgres => DbBackend::Postgres,
        }
    }
}

impl Ask for Tx {
    fn dialect(&self) -> Dialect {
        self.db.inner.dialect
    }

    async fn rows(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        rows(&self.inner, self.dialect(), sql).await
    }
}

async fn rows(connection: &impl ConnectionTrait, dialect: Dialect, sql: Sql) -> Result<Vec<QueryResult>> {
    let (text, values) = sql.into_parts(dialect);
    Ok(connection
        .query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), text, values))
        .await?)
}
