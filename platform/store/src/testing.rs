//! Databases for tests: always a fresh SQLite file, and a fresh PostgreSQL schema when the environment
//! variable `LIANBING_TEST_POSTGRES` names a server.

use std::path::Path;

use kernel::Env;
use sea_orm::{ConnectionTrait, Database};

use crate::{Db, Migrations, Result, StoreError};

/// The variable that names a PostgreSQL server on which tests may create databases.
pub const POSTGRES_VARIABLE: &str = "LIANBING_TEST_POSTGRES";

/// A fresh SQLite database in `folder`, migrated.
pub async fn sqlite(folder: &Path, env: &Env, contexts: &[Migrations]) -> Result<Db> {
    let db = Db::open(&folder.join("lianbing.db").display().to_string(), env).await?;
    db.migrate(contexts).await?;
    Ok(db)
}

/// A fresh PostgreSQL database, migrated; `None` when no server is named.
pub async fn postgres(env: &Env, contexts: &[Migrations]) -> Result<Option<Db>> {
    let Ok(server) = std::env::var(POSTGRES_VARIABLE) else { return Ok(None) };
    let name = format!("t{}", Env::system().id::<uuid::Uuid>().simple());
    let admin = Database::connect(&server).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    admin.close().await?;
    let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
    let (host, _) = base.rsplit_once('/').ok_or_else(|| StoreError::Address(server.clone()))?;
    let address = if query.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{query}") };
    let db = Db::open(&address, env).await?;
    db.migrate(contexts).await?;
    Ok(Some(db))
}

/// Every database a store test runs on: SQLite always, PostgreSQL when one is named.
pub async fn each(folder: &Path, env: &Env, contexts: &[Migrations]) -> Result<Vec<Db>> {
    let mut databases = vec![sqlite(folder, env, contexts).await?];
    databases.extend(postgres(env, contexts).await?);
    Ok(databases)
}
