//! `lianbing verify`.

use std::process::ExitCode;

use anyhow::Context;
use behaviours::Behaviours;
use clap::Args;
use conversations::api::Conversations;
use kernel::Env;
use people::api::People;
use store::Db;

use super::IN_PART;
use crate::config::Config;

/// Checks that everything stored agrees with itself: the database file, the audit chain, the roll-ups against a
/// recount, the search index. It changes nothing and may run while the server does.
///
/// A line for each check on standard output: “ok”, “waits” for work that a running server, or the next import,
/// still has to do, or “WRONG” with what to do about it.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 everything holds · 1 it could not be looked at · 3 something does not hold."
)]
pub(crate) struct Verify {}

/// What one check found.
enum Verdict {
    Holds(String),
    Waits(String),
    Wrong(String),
}

pub(crate) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    super::must_exist(&config)?;
    let address = config.database_address();
    let db = Db::open(&address, &Env::system()).await.with_context(|| format!("cannot open {address}"))?;
    let people = People::open(&db).await?;
    let conversations = Conversations::new(db.clone(), people.clone(), &config.data);
    let behaviours = Behaviours::new(db.clone(), people, conversations.clone());
    let mut verdicts = vec![file(&db).await?, chain(&db).await?];
    verdicts.extend(of_conversations(&conversations).await?);
    verdicts.extend(of_behaviours(&behaviours).await?);
    let is_wrong = verdicts.iter().any(|verdict| matches!(verdict, Verdict::Wrong(_)));
    let lines: Vec<String> = verdicts
        .into_iter()
        .map(|verdict| match verdict {
            Verdict::Holds(what) => format!("ok     {what}\n"),
            Verdict::Waits(what) => format!("waits  {what}\n"),
            Verdict::Wrong(what) => format!("WRONG  {what}\n"),
        })
        .collect();
    super::print(&lines.concat())?;
    Ok(if is_wrong { ExitCode::from(IN_PART) } else { ExitCode::SUCCESS })
}

async fn file(db: &Db) -> anyhow::Result<Verdict> {
    let damage = store::damage(db).await?;
    Ok(match damage.first() {
        None => Verdict::Holds("database: its pages and indexes are sound".to_owned()),
        Some(first) => Verdict::Wrong(format!(
            "database: damaged ({first}); put a backup in its place: lianbing restore FILE"
        )),
    })
}

async fn chain(db: &Db) -> anyhow::Result<Verdict> {
    let state = store::verify_chain(db).await?;
    Ok(match state.broken {
        None => Verdict::Holds(format!("audit chain: {} entries, head {}", state.entries, state.head)),
        Some(broken) => Verdict::Wrong(format!(
            "audit chain: holds for {} entries, then no more ({broken:?}); keep this database as evidence",
            state.entries
        )),
    })
}

async fn of_conversations(conversations: &Conversations) -> anyhow::Result<[Verdict; 3]> {
    let found = conversations.check().await?;
    let n = found.conversations;
    let words = match found.without_words {
        0 => Verdict::Holds(format!("conversations: {n}, each with its words")),
        lost => {
            Verdict::Wrong(format!("conversations: {lost} of {n} without their words; import them again"))
        }
    };
    let roll_up = match found.roll_up.first() {
        None => Verdict::Holds("conversations by day: the roll-up equals a recount".to_owned()),
        Some(first) => Verdict::Wrong(format!(
            "conversations by day: {} cells differ from a recount, the first on {}: {} instead of {}",
            found.roll_up.len(),
            first.day,
            first.kept.0,
            first.counted.0
        )),
    };
    let findable = format!("search: {} of {n} conversations are findable", found.findable);
    let search = match (found.findable == n.cast_unsigned(), found.indexing_waiting) {
        (_, jobs) if jobs > 0 => {
            Verdict::Waits(format!("{findable}, {jobs} pieces of indexing are to be done"))
        }
        (true, _) => Verdict::Holds(findable),
        (false, _) => Verdict::Wrong(format!(
            "{findable}; stop the server, delete the folder “search” in the data folder, and start it again: the index is made anew"
        )),
    };
    Ok([words, roll_up, search])
}

async fn of_behaviours(behaviours: &Behaviours) -> anyhow::Result<[Verdict; 2]> {
    let found = behaviours.check().await?;
    let inspected = match (found.orphans, found.not_inspected) {
        (0, 0) => Verdict::Holds(format!("inspection: {} conversations, all of them", found.inspected)),
        (0, left) => Verdict::Waits(format!("inspection: {left} conversations are still to be inspected")),
        (orphans, _) => Verdict::Wrong(format!(
            "inspection: {orphans} observations are of conversations that do not exist"
        )),
    };
    let roll_up = match found.wrong_cells {
        0 => Verdict::Holds("uptake by day: the roll-up equals a recount of the observations".to_owned()),
        wrong => {
            Verdict::Wrong(format!("uptake by day: {wrong} cells differ from a recount of the observations"))
        }
    };
    Ok([inspected, roll_up])
}
