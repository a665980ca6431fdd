//! Backup of an embedded database, and its restore.

use std::path::{Path, PathBuf};

use kernel::Env;
use sea_orm::{ConnectionTrait, Statement};

use crate::{Ask, ChainState, Db, Dialect, Result, StoreError, verify_chain};

/// Why a backup or a restore was refused.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database is PostgreSQL.
    #[error("this data lives in PostgreSQL: back it up with pg_dump and restore it with pg_restore")]
    Postgres,
    /// The target exists.
    #[error("{0} exists already; name a file that does not")]
    Exists(PathBuf),
    /// The backup cannot be used.
    #[error("{path} is not a backup that can be restored: {why}\nNothing was changed")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
}

/// Copies the database into one compact file while it is in use; what the chain's head was.
///
/// # Errors
/// [`BackupError::Postgres`], [`BackupError::Exists`], or the store's.
pub async fn backup(db: &Db, to: &Path) -> std::result::Result<ChainState, BackupError> {
    if db.dialect() == Dialect::Postgres {
        return Err(BackupError::Postgres);
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    copy_into(db, to).await?;
    check(to, db.env()).await
}

/// Puts a backup in the place of the database at `file`, which must not be in use; the old one is kept beside
/// it with the ending `.before-restore`.
///
/// # Errors
/// [`BackupError::Unusable`] when the backup is damaged or its audit chain does not hold: nothing is changed then.
pub async fn restore(from: &Path, file: &Path, env: &Env) -> std::result::Result<ChainState, BackupError> {
    let state = check(from, env).await?;
    let failed = |source| StoreError::File { path: file.display().to_string(), source };
    let staged = file.with_extension("restoring");
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::copy(from, &staged).map_err(failed)?;
    std::fs::File::open(&staged).and_then(|copy| copy.sync_all()).map_err(failed)?;
    if file.exists() {
        std::fs::rename(file, file.with_extension("before-restore")).map_err(failed)?;
    }
    for leftover in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(leftover);
        // An old write-ahead log would be replayed over the restored file.
        if Path::new(&name).exists() {
            std::fs::remove_file(&name).map_err(failed)?;
        }
    }
    std::fs::rename(&staged, file).map_err(failed)?;
    Ok(state)
}

async fn check(file: &Path, env: &Env) -> std::result::Result<ChainState, BackupError> {
    let unusable = |why: String| BackupError::Unusable { path: file.to_owned(), why };
    if !file.is_file() {
        return Err(unusable("there is no such file".to_owned()));
    }
    let db = Db::open(&file.display().to_string(), env).await.map_err(|error| unusable(error.to_string()))?;
    let state = verify_chain(&db).await.map_err(|error| unusable(error.to_string()))?;
    db.checkpoint().await?;
    db.close().await?;
    match &state.broken {
        Some(broken) => Err(unusable(format!("its audit chain does not hold ({broken:?})"))),
        None => Ok(state),
    }
}

pub(crate) async fn copy_into(db: &Db, to: &Path) -> Result<()> {
    let target = to.display().to_string();
    db.connection()
        .execute_raw(Statement::from_sql_and_values(
            sea_orm::DbBackend::Sqlite,
            "VACUUM INTO $1",
            [target.into()],
        ))
        .await?;
    Ok(())
}

/// What is damaged in an embedded database: its pages, its indexes against their tables. Empty when it is
/// sound, and for PostgreSQL, which looks after its own.
///
/// # Errors
/// The database cannot be read at all.
pub async fn damage(db: &Db) -> Result<Vec<String>> {
    if db.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let mut found: Vec<String> =
        db.all(crate::sql!("PRAGMA integrity_check"), |row| row.at::<String>(0)).await?;
    found.retain(|line| line != "ok");
    Ok(found)
}
