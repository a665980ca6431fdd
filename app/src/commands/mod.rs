//! The command line: one file per command.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 it worked, 1 it failed,
//! 2 the command line or the configuration is wrong, 3 it worked in part (some rows were rejected, a chain
//! does not hold, a check found something).

mod audit;
mod backup;
mod config;
mod demo;
mod files;
mod forecast;
mod import;
mod inspect;
pub mod openapi;
mod place;
mod rehearse;
mod report;
mod roster;
mod serve;
mod simulate;
mod staff;
mod tables;
mod token;
mod verdict;
mod verify;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, FILE_DEFAULT, load};

/// It failed.
pub(crate) const FAILED: u8 = 1;
/// The command line or the configuration is wrong.
pub(crate) const WRONG_USE: u8 = 2;
/// It worked in part.
pub(crate) const IN_PART: u8 = 3;

/// Finds what a contact centre's people do not yet do, drills it, and proves on live calls that they now do it.
#[derive(Debug, Parser)]
#[command(
    name = "lianbing",
    version,
    about,
    after_help = "Exit codes: 0 it worked · 1 it failed · 2 wrong use or configuration · 3 it worked in part."
)]
pub struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Command,
}

/// Settings that every command with a database shares; each can stand in the file and in the environment too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server and database")]
struct SettingFlags {
    /// The configuration file [default: lianbing.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the embedded database, the search index and uploads [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<String>,
    /// The database: a path or a postgres:// address [default: a file in the data folder]
    #[arg(long, global = true, value_name = "ADDRESS")]
    database: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the server
    Serve(serve::Serve),
    /// Makes a believable centre from a seed and opens it
    Demo(demo::Demo),
    /// Looks at the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Imports people or conversations from a file or standard input
    #[command(subcommand)]
    Import(import::Import),
    /// Inspects conversations with rules, without a server or a database
    Inspect(inspect::Inspect),
    /// Rehearses a scenario with the simulated customer, without a server or a database
    Rehearse(rehearse::Rehearse),
    /// Computes how many people each row of a table needs, or what so many people reach (Erlang)
    Staff(staff::Staff),
    /// Plays a day of a centre call by call, and compares plans
    Simulate(simulate::Simulate),
    /// Forecasts the next intervals from history
    Forecast(forecast::Forecast),
    /// Makes a roster, checks one, or repairs one after absences
    Roster(roster::Roster),
    /// Places training into the slack of a roster
    Place(place::Place),
    /// Prints the uptake of behaviours
    Uptake(report::Uptake),
    /// Prints the gaps, the largest impact first
    Gaps(report::Gaps),
    /// Reads the proof of improvements again and prints it
    Verdict(verdict::Verdict),
    /// Copies the database into one file while it is in use
    Backup(backup::Backup),
    /// Puts a backup in the place of the database
    Restore(backup::Restore),
    /// Looks at the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Checks that everything stored agrees with itself
    Verify(verify::Verify),
    /// Makes tokens for the JSON API
    #[command(subcommand)]
    Token(token::Token),
    /// Prints the description of the JSON API (OpenAPI 3.1)
    Openapi,
}

/// Runs a command.
pub fn run(cli: Cli) -> ExitCode {
    let Cli { settings, command } = cli;
    match &command {
        Command::Inspect(inspect) => return finish(inspect::run(inspect)),
        Command::Rehearse(rehearse) => return finish(rehearse::run(rehearse)),
        Command::Staff(staff) => return finish(staff::run(staff)),
        Command::Simulate(simulate) => return finish(simulate::run(simulate)),
        Command::Forecast(forecast) => return finish(forecast::run(forecast)),
        Command::Roster(roster) => return finish(roster::run(roster)),
        Command::Place(place) => return finish(place::run(place)),
        _ => {}
    }
    let mut flags: Vec<(&'static str, String)> = Vec::new();
    flags.extend(settings.data.map(|value| ("data", value)));
    flags.extend(settings.database.map(|value| ("database", value)));
    match &command {
        Command::Serve(serve) => flags.extend(serve.flags()),
        Command::Demo(demo) => flags.extend(demo.flags()),
        _ => {}
    }
    let config = match configuration(settings.config, &flags) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("lianbing: cannot start threads: {error}");
            return ExitCode::from(FAILED);
        }
    };
    finish(runtime.block_on(async {
        match command {
            Command::Serve(_) => serve::run(config).await,
            Command::Demo(demo) => demo::run(config, demo).await,
            Command::Config(command) => config::run(&config, &command),
            Command::Import(import) => import::run(config, import).await,
            Command::Inspect(inspect) => inspect::run(&inspect),
            Command::Rehearse(rehearse) => rehearse::run(&rehearse),
            Command::Staff(staff) => staff::run(&staff),
            Command::Simulate(simulate) => simulate::run(&simulate),
            Command::Forecast(forecast) => forecast::run(&forecast),
            Command::Roster(roster) => roster::run(&roster),
            Command::Place(place) => place::run(&place),
            Command::Uptake(uptake) => report::uptake(config, uptake).await,
            Command::Gaps(gaps) => report::gaps(config, gaps).await,
            Command::Verdict(verdict) => verdict::run(config, verdict).await,
            Command::Backup(backup) => backup::backup(config, backup).await,
            Command::Restore(restore) => backup::restore(config, restore).await,
            Command::Audit(command) => audit::run(config, command).await,
            Command::Verify(verify::Verify {}) => verify::run(config).await,
            Command::Token(command) => token::run(config, command).await,
            Command::Openapi => {
                print(&openapi::describe().await?)?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }))
}

/// Writes a result to standard output. Where nobody reads on (`lianbing gaps | head`), the error says so, and
/// [`finish`] takes it for the end of the work.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// “1 line”, “2 lines”: a count with its noun.
pub(crate) fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Refuses to make an installation where only an existing one makes sense, as under a mistyped folder.
pub(crate) fn must_exist(config: &Config) -> anyhow::Result<()> {
    let address = config.database_address();
    let file = address.strip_prefix("sqlite:").unwrap_or(&address);
    anyhow::ensure!(
        address.contains("://") || std::path::Path::new(file).exists(),
        "there is no database at {address}; name its folder with --data"
    );
    Ok(())
}

fn finish(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        // A writer of tables does not give what went wrong beneath it as its source.
        let is_read_no_further = |error: &(dyn std::error::Error + 'static)| {
            let beneath = match error.downcast_ref::<csv::Error>().map(csv::Error::kind) {
                Some(csv::ErrorKind::Io(error)) => Some(error),
                _ => error.downcast_ref::<std::io::Error>(),
            };
            beneath.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
        };
        if error.chain().any(is_read_no_further) {
            return ExitCode::SUCCESS;
        }
        eprintln!("lianbing: {error:#}");
        ExitCode::from(if error.is::<files::Refused>() { WRONG_USE } else { FAILED })
    })
}

fn configuration(file: Option<PathBuf>, flags: &[(&'static str, String)]) -> Result<Config, ExitCode> {
    let named = file.is_some();
    let path = file
        .or_else(|| std::env::var_os("LIANBING_CONFIG").map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from(FILE_DEFAULT));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => None,
        Err(error) => {
            eprintln!("lianbing: the configuration {} cannot be read: {error}", path.display());
            return Err(ExitCode::from(WRONG_USE));
        }
    };
    load(text.as_deref().map(|text| (path.as_path(), text)), |name| std::env::var(name).ok(), flags).map_err(
        |mistakes| {
            for mistake in &mistakes {
                eprintln!("{mistake}");
            }
            eprintln!(
                "lianbing: {} in the configuration; nothing was started",
                counted(mistakes.len() as u64, "mistake")
            );
            ExitCode::from(WRONG_USE)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_found_however_its_address_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lianbing.db").display().to_string();
        let at = |database: Option<String>| {
            let config = Config { data: folder.path().to_owned(), database, ..Config::default() };
            must_exist(&config).is_ok()
        };
        let exist = || [None, Some(file.clone()), Some(format!("sqlite:{file}"))].map(at);
        assert_eq!(exist(), [false, false, false]);
        std::fs::write(&file, "").unwrap();
        assert_eq!(exist(), [true, true, true]);
        assert!(at(Some("postgres://db.example/lianbing".to_owned())), "a server answers for itself");
    }
}
