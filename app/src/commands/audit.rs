//! `lianbing audit verify`.

use std::process::ExitCode;

use audit::Broken;
use clap::Subcommand;
use kernel::Env;
use store::Db;

use super::IN_PART;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Follows the whole audit chain and prints its head; keep the head elsewhere
    Verify,
}

pub(crate) async fn run(config: Config, command: Audit) -> anyhow::Result<ExitCode> {
    let Audit::Verify = command;
    let db = Db::open(&config.database_address(), &Env::system()).await?;
    let state = store::verify_chain(&db).await?;
    println!("{} {}", state.entries, state.head);
    match state.broken {
        None => Ok(ExitCode::SUCCESS),
        Some(Broken::Gap { seq }) => {
            eprintln!("the chain does not hold: entries after {seq} are missing, or the head was changed");
            Ok(ExitCode::from(IN_PART))
        }
        Some(Broken::Changed { seq }) => {
            eprintln!("the chain does not hold: entry {seq}, or one before it, was changed");
            Ok(ExitCode::from(IN_PART))
        }
    }
}
