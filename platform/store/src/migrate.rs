//! Migrations: forward only, each in one transaction, a snapshot before, and never by an older program.

use sea_orm::{ConnectionTrait, TransactionTrait};
use sha2::{Digest, Sha256};

use crate::{Ask, Db, Dialect, Result, StoreError, sql};

/// The migrations of one context, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// The context that owns the tables.
    pub context: &'static str,
    /// Its steps, numbered from 1.
    pub steps: &'static [Step],
}

/// One step. Its text is SQL that both databases understand, with these words for what they spell
/// differently: `$ID` (128-bit id), `$BYTES`, `$CLUSTERED` (after the closing parenthesis of a table that
/// is kept in the order of its primary key), `$ZERO32` (32 zero bytes).
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Number, from 1.
    pub n: i64,
    /// Statements, separated by semicolons.
    pub sql: &'static str,
}

impl Db {
    /// Brings the tables of these contexts up to date, in the given order; how many steps ran.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when the database knows a step that this program does not;
    /// [`StoreError::Rewritten`] when an applied step has another text here. Nothing is changed then.
    pub async fn migrate(&self, contexts: &[Migrations]) -> Result<usize> {
        self.connection()
            .execute_unprepared(
                "CREATE TABLE IF NOT EXISTS migration (context TEXT NOT NULL, n BIGINT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (context, n))",
            )
            .await?;
        let applied = self
            .all(sql!("SELECT context, n, checksum FROM migration"), |row| {
                Ok((row.get::<String>("context")?, row.get::<i64>("n")?, row.get::<String>("checksum")?))
            })
            .await?;
        for (context, n, checksum) in &applied {
            let known = contexts
                .iter()
                .find(|m| m.context == context)
                .and_then(|m| m.steps.iter().find(|step| step.n == *n));
            let Some(step) = known else { return Err(StoreError::Newer { context: context.clone(), n: *n }) };
            if checksum_of(step) != *checksum {
                return Err(StoreError::Rewritten { context: context.clone(), n: *n });
            }
        }
        let pending: Vec<(&str, &Step)> = contexts
            .iter()
            .flat_map(|m| m.steps.iter().map(move |step| (m.context, step)))
            .filter(|(context, step)| !applied.iter().any(|(c, n, _)| c == context && *n == step.n))
            .collect();
        if pending.is_empty() {
            return Ok(0);
        }
        if !applied.is_empty() {
            self.snapshot_before_migration().await?;
        }
        for (context, step) in &pending {
            self.apply(context, step).await?;
        }
        if !applied.is_empty() {
            // A step may have made an index anew, and what the planner knew of it went with the old one.
            self.analyze().await?;
        }
        Ok(pending.len())
    }

    async fn apply(&self, context: &str, step: &Step) -> Result<()> {
        let tx = self.connection().begin().await?;
        tx.execute_unprepared(&spell(step.sql, self.dialect())).await?;
        let (text, values) = sql!(
            "INSERT INTO migration (context, n, checksum, applied_at) VALUES ({}, {}, {}, {})",
            context,
            step.n,
            checksum_of(step),
            self.env().now()
        )
        .into_parts(self.dialect());
        tx.execute_raw(sea_orm::Statement::from_sql_and_values(tx.get_database_backend(), text, values))
            .await?;
        tx.commit().await?;
        tracing::info!(context, step = step.n, "store.migrated");
        Ok(())
    }

    /// An embedded database is copied beside itself first; for PostgreSQL the operator's own backup serves,
    /// and each step is a transaction.
    async fn snapshot_before_migration(&self) -> Result<()> {
        let Some(file) = self.file() else { return Ok(()) };
        let folder = file.with_file_name("snapshots");
        std::fs::create_dir_all(&folder)
            .map_err(|source| StoreError::File { path: folder.display().to_string(), source })?;
        let to = folder.join(format!("before-migration-{}.db", self.env().now().0));
        crate::backup::copy_into(self, &to).await?;
        tracing::info!(snapshot = %to.display(), "store.snapshot_taken");
        Ok(())
    }
}

fn checksum_of(step: &Step) -> String {
    kernel::hex(Sha256::digest(step.sql.as_bytes()).get(..16).unwrap_or_default())
}

fn spell(text: &str, dialect: Dialect) -> String {
    let words = match dialect {
        Dialect::Sqlite => [
            ("$ID", "BLOB"),
            ("$BYTES", "BLOB"),
            ("$CLUSTERED", "WITHOUT ROWID"),
            ("$ZERO32", "zeroblob(32)"),
        ],
        Dialect::Postgres => [
            ("$ID", "UUID"),
            ("$BYTES", "BYTEA"),
            ("$CLUSTERED", ""),
            ("$ZERO32", "decode(repeat('00', 32), 'hex')"),
        ],
    };
    words.iter().fold(text.to_owned(), |text, (word, spelled)| text.replace(word, spelled))
}
