//! What is in a folder, read from a copy so that the program alone recovers its own files.

use std::{
    path::Path,
    process::{Command, Output},
};

use kernel::Env;
use store::{Ask, Db, sql};

use crate::program;

/// What a folder holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct State {
    /// Conversations.
    pub conversations: i64,
    /// Of these, looked at by the rules.
    pub inspected: i64,
    /// Imports that are not over.
    pub imports_running: i64,
    /// Imports in all.
    pub imports: i64,
    /// Rows of the newest import of the command line that are stored for good, whatever became of them.
    pub rows_of_newest: i64,
    /// Jobs that wait or run, and jobs that failed.
    pub jobs: (i64, i64),
}

impl State {
    /// Work was begun and is not done.
    pub fn is_midway(&self) -> bool {
        self.imports > 0
            && (self.imports_running > 0 || self.jobs.0 > 0 || self.inspected < self.conversations)
    }
}

/// Runs a future to its end.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(work)
}

/// Opens a copy of a folder's database; nothing when there is none yet.
pub async fn copy(folder: &Path) -> Option<(tempfile::TempDir, Db)> {
    let to = tempfile::tempdir().unwrap();
    for name in ["lianbing.db", "lianbing.db-wal"] {
        let from = folder.join("data").join(name);
        if from.exists() {
            std::fs::copy(&from, to.path().join(name)).unwrap();
        }
    }
    let file = to.path().join("lianbing.db");
    if !file.exists() {
        return None;
    }
    let db = Db::open(&file.display().to_string(), &Env::system()).await.unwrap();
    Some((to, db))
}

/// The state of a folder whose program was just killed; its audit chain holds. Nothing when it died before
/// its tables were made.
pub fn after_kill(folder: &Path) -> Option<State> {
    wait(async {
        let (_copy, db) = copy(folder).await?;
        let tables = sql!("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('observation', 'job')");
        if db.count(tables).await.unwrap() < 2 {
            return None;
        }
        let chain = store::verify_chain(&db).await.unwrap();
        assert_eq!(chain.broken, None, "the audit chain after a kill");
        Some(read(&db).await)
    })
}

/// The state of a folder whose program runs.
pub fn of_running(folder: &Path) -> State {
    wait(async {
        let file = folder.join("data").join("lianbing.db");
        read(&Db::open(&file.display().to_string(), &Env::system()).await.unwrap()).await
    })
}

/// What is in a database.
pub async fn read(db: &Db) -> State {
    let count = async |sql| db.count(sql).await.unwrap();
    State {
        conversations: count(sql!("SELECT COUNT(*) FROM conversation")).await,
        inspected: count(sql!("SELECT COUNT(*) FROM observation")).await,
        imports_running: count(sql!("SELECT COUNT(*) FROM import_batch WHERE state = 'running'")).await,
        imports: count(sql!("SELECT COUNT(*) FROM import_batch")).await,
        rows_of_newest: count(sql!("SELECT COALESCE((SELECT added + updated + unchanged + rejected FROM import_batch WHERE kind = 'command' ORDER BY started_at DESC LIMIT 1), 0)")).await,
        jobs: (
            jobs::count_due(db, db.env().now()).await.unwrap(),
            count(sql!("SELECT COUNT(*) FROM job WHERE state = 'failed'")).await,
        ),
    }
}

/// Everything is done and agrees with itself, by the product's own word and by ours.
pub fn check_whole(folder: &Path, conversations: u64) {
    let said = |output: &Output| {
        format!(
            "{}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    let run = |arguments: &[&str]| -> Output {
        let mut command: Command = program(folder);
        command.args(arguments).output().unwrap()
    };
    let verified = run(&["verify"]);
    let told = said(&verified);
    assert!(verified.status.success(), "lianbing verify: {told}");
    assert!(!told.contains("waits"), "lianbing verify: {told}");
    let chain = run(&["audit", "verify"]);
    assert!(chain.status.success(), "lianbing audit verify: {}", said(&chain));
    wait(async {
        let (_copy, db) = copy(folder).await.unwrap();
        let state = read(&db).await;
        let n = i64::try_from(conversations).unwrap();
        assert_eq!((state.conversations, state.inspected), (n, n), "{state:?}");
        assert_eq!((state.imports_running, state.jobs), (0, (0, 0)), "{state:?}");
        let count = async |sql| db.count(sql).await.unwrap();
        let identities =
            sql!("SELECT COUNT(*) FROM (SELECT DISTINCT source, external_id FROM conversation) AS d");
        assert_eq!(count(identities).await, n, "a conversation is there twice");
        assert_eq!(count(sql!("SELECT COUNT(*) FROM conversation_document")).await, n);
        // Whatever was told “added” is there, and nothing else is.
        assert_eq!(count(sql!("SELECT SUM(added) FROM import_batch")).await, n, "added by all imports");
        let people = i64::try_from(crate::input::AGENTS).unwrap();
        assert_eq!(count(sql!("SELECT COUNT(*) FROM person")).await, people, "people");
        let integrity: Vec<String> =
            db.all(sql!("PRAGMA integrity_check"), |row| row.at::<String>(0)).await.unwrap();
        assert_eq!(integrity, ["ok"]);
    });
}
