//! `lianbing backup` and `lianbing restore`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;
use kernel::Env;
use store::Db;

use crate::config::Config;

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write; it must not exist
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup to put in place; the server must be stopped
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

pub(crate) async fn backup(config: Config, args: Backup) -> anyhow::Result<ExitCode> {
    super::must_exist(&config)?;
    let address = config.database_address();
    let db = Db::open(&address, &Env::system()).await.with_context(|| format!("cannot open {address}"))?;
    let state = store::backup(&db, &args.to).await?;
    println!("{}", args.to.display());
    eprintln!("audit chain: {} entries, head {}", state.entries, state.head);
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn restore(config: Config, args: Restore) -> anyhow::Result<ExitCode> {
    let address = config.database_address();
    if address.contains("://") {
        anyhow::bail!("this data lives in PostgreSQL: restore it with pg_restore");
    }
    let state = store::restore(&args.from, std::path::Path::new(&address), &Env::system()).await?;
    println!("{address}");
    eprintln!(
        "audit chain: {} entries, head {}\nThe search index is made anew when the server starts.",
        state.entries, state.head
    );
    Ok(ExitCode::SUCCESS)
}
