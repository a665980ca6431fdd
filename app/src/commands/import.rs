//! `lianbing import people|conversations`.

use std::{
    fs::File,
    io::{Read, stdin},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use audit::By;
use clap::{Args, Subcommand};
use conversations::api::{Batch, BatchKind, BatchState, Defaults, Format, ImportOptions, ImportRequest};
use kernel::{Day, Env};
use serde_json::json;

use super::{FAILED, IN_PART, counted};
use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

/// How long to wait for jobs that another program holds: a little more than the lease of one that was killed.
const HELD_MAX: Duration = Duration::from_secs(20);
const HELD_PAUSE: Duration = Duration::from_millis(500);

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Conversations: JSONL with one object a line, or CSV with one turn a row
    Conversations(Conversations),
    /// People from CSV; the columns are recognised by their heads
    People(People),
}

#[derive(Debug, Args)]
pub(crate) struct Conversations {
    /// The file; - is standard input
    file: PathBuf,
    /// Where conversations that do not say come from
    #[arg(long)]
    source: Option<String>,
    /// The day of conversations without started_at, such as 2026-03-02; without one they are left out of weekly figures
    #[arg(long, value_parser = day)]
    date: Option<Day>,
    /// The site of conversations that name none
    #[arg(long)]
    site: Option<String>,
    /// The queue of conversations that name none
    #[arg(long)]
    queue: Option<String>,
    /// The line of business of conversations that name none
    #[arg(long)]
    line_of_business: Option<String>,
    /// The channel of conversations that name none
    #[arg(long)]
    channel: Option<String>,
    /// The format: jsonl or csv [default: recognised]
    #[arg(long, value_parser = format)]
    format: Option<Format>,
    /// Refuse people, sites and queues that nobody knows, instead of creating them
    #[arg(long)]
    known_only: bool,
    /// Only import; leave inspection and search to the server
    #[arg(long)]
    no_inspection: bool,
}

#[derive(Debug, Args)]
pub(crate) struct People {
    /// The file; - is standard input
    file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written 2026-03-02".to_owned())
}

fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| "it must be jsonl or csv".to_owned())
}

pub(crate) async fn run(config: Config, import: Import) -> anyhow::Result<ExitCode> {
    let services = Services::open(&config, &Env::system(), Purpose::Own).await?;
    match import {
        Import::Conversations(args) => conversations(&services, args).await,
        Import::People(args) => people(&services, args).await,
    }
}

fn open(file: &PathBuf) -> anyhow::Result<(Box<dyn Read + Send>, String, Option<u64>)> {
    if file.as_os_str() == "-" {
        return Ok((Box::new(stdin()), "standard input".to_owned(), None));
    }
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let bytes = opened.metadata().ok().map(|data| data.len());
    let name = file
        .file_name()
        .map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok((Box::new(opened), name, bytes))
}

async fn conversations(services: &Services, args: Conversations) -> anyhow::Result<ExitCode> {
    let (reader, name, bytes_total) = open(&args.file)?;
    let defaults = Defaults {
        source: args.source,
        date: args.date,
        site: args.site,
        queue: args.queue,
        line_of_business: args.line_of_business,
        channel: args.channel,
    };
    let options = ImportOptions { defaults, create_unknown: !args.known_only, format: args.format };
    let resume = match bytes_total {
        Some(bytes) => services.conversations.unfinished_import(&name, bytes).await?,
        None => None,
    };
    if resume.is_some() {
        eprintln!("going on where the import of {name} stopped");
    }
    let request = ImportRequest { kind: BatchKind::Command, name, bytes_total, options, resume };
    let batch = services
        .conversations
        .import_stream(&By::COMMAND, reader, request, |batch| {
            tell(batch);
            ControlFlow::Continue(())
        })
        .await?;
    let counts = batch.counts;
    if !args.no_inspection {
        eprintln!("inspecting and indexing");
        follow_up(services).await?;
    }
    services.db.checkpoint().await?;
    println!("{}", serde_json::to_string(&counts)?);
    if counts.undated > 0 {
        eprintln!(
            "without a date, and so in no weekly figure: {}; import the file again with --date to date them",
            counts.undated
        );
    }
    if batch.state != BatchState::Done {
        return Ok(ExitCode::from(FAILED));
    }
    if counts.rejected > 0 {
        eprintln!("{} rejected, the others are in:", counted(counts.rejected, "row"));
        for row in services.conversations.rejected_rows(batch.id, 0, 20).await? {
            eprintln!("  line {}: {}", row.line, row.reason.en);
        }
        eprintln!("all of them with their reasons: on the page “Imports”, under this import");
        return Ok(ExitCode::from(IN_PART));
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs what the import asked for, also what a program that was killed had begun: its jobs are free again when
/// their lease runs out. What a server that lives goes on with is left to it after that time.
async fn follow_up(services: &Services) -> anyhow::Result<()> {
    let runner = services.runner();
    let until = Instant::now() + HELD_MAX;
    let mut is_told = false;
    loop {
        runner.run_to_empty().await?;
        let held = services.jobs_held().await?;
        if held == 0 {
            return Ok(());
        }
        if Instant::now() >= until {
            eprintln!("{held} jobs are left to the server that holds them");
            return Ok(());
        }
        if !is_told {
            eprintln!("waiting for {held} jobs that another program holds, or held when it was killed");
            is_told = true;
        }
        tokio::time::sleep(HELD_PAUSE).await;
    }
}

fn tell(batch: &Batch) {
    let counts = batch.counts;
    eprintln!(
        "{} added, {} updated, {} unchanged, {} rejected",
        counts.added, counts.updated, counts.unchanged, counts.rejected
    );
}

async fn people(services: &Services, args: People) -> anyhow::Result<ExitCode> {
    let (reader, _, _) = open(&args.file)?;
    let options = people::api::ImportOptions { dry_run: args.dry_run };
    let report = services.people.import_people(&By::COMMAND, reader, None, &options).await?;
    let counts = report.counts;
    println!(
        "{}",
        json!({ "added": counts.added, "updated": counts.updated, "unchanged": counts.unchanged, "rejected": counts.rejected, "units_made": counts.units_made })
    );
    if report.rejected.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "{} rejected, the others are in; correct these and import them again:",
        counted(report.rejected.len() as u64, "row")
    );
    eprintln!("{}", String::from_utf8_lossy(&report.rejected_csv(messages::Lang::En)));
    Ok(ExitCode::from(IN_PART))
}
