//! Jobs and events on both databases.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop the test where it fails")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use audit::{By, Via};
use futures::FutureExt;
use jobs::{Job, JobError, JobFilter, JobId, JobRun, JobState, Runner, emit, enqueue, list, status};
use kernel::{AccountId, Env, Time};
use messages::Text;
use serde::{Deserialize, Serialize};
use store::{Ask, Db, Migrations, Step, StoreError, sql, testing};

const NOTES: Migrations =
    Migrations { context: "notes", steps: &[Step { n: 1, sql: "CREATE TABLE note (words TEXT NOT NULL);" }] };
const ALL: &[Migrations] = &[store::MIGRATIONS, jobs::MIGRATIONS, NOTES];
const START: Time = Time(1_700_000_000_000_000);

async fn databases(folder: &tempfile::TempDir) -> Vec<Db> {
    testing::each(folder.path(), &Env::fixed(START, 1), ALL).await.unwrap()
}

/// What the jobs of these tests work with: a record of what ran.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, words: impl Into<String>) {
        self.0.lock().unwrap().push(words.into());
    }
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[derive(Serialize, Deserialize)]
enum Act {
    Succeed,
    FailTransiently,
    FailForGood,
    Panic,
    /// Stops although nobody asked.
    GiveUp,
    /// Runs until it is told to stop.
    Wait,
}

#[derive(Serialize, Deserialize)]
struct Work {
    name: String,
    act: Act,
}

impl Job for Work {
    const KIND: &'static str = "notes.work";
    const ATTEMPTS_MAX: u32 = 3;
    type Context = Log;

    async fn run(self, log: Log, run: JobRun) -> Result<(), JobError> {
        log.add(&self.name);
        run.progress(1, Some(2), "half way").await;
        match self.act {
            Act::Succeed => Ok(()),
            Act::FailTransiently => Err(JobError::transient("the line is busy")),
            Act::FailForGood => Err(JobError::permanent("the file is broken")),
            Act::GiveUp => Err(JobError::Cancelled),
            Act::Panic => panic!("on purpose"),
            Act::Wait => loop {
                run.check()?;
                tokio::time::sleep(Duration::from_millis(10)).await;
            },
        }
    }
}

async fn put(db: &Db, name: &str, act: Act) -> JobId {
    let tx = db.write(&By::SYSTEM, "notes.work_asked").await.unwrap();
    let title = Text::fixed("工作", "Work");
    let id = enqueue(&tx, &Work { name: name.to_owned(), act }, &title).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(db: &Db, id: JobId) -> JobState {
    status(db, id).await.unwrap().unwrap().state
}

async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    for _ in 0..500 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}: not within 10 s");
}

#[tokio::test]
async fn a_job_is_kept_with_its_change_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let log = Log::default();
        let runner = Runner::new(db.clone()).register::<Work>(log.clone());
        let tx = db.write(&By::SYSTEM, "notes.work_asked").await.unwrap();
        let work = Work { name: "dropped".to_owned(), act: Act::Succeed };
        let dropped = enqueue(&tx, &work, &Text::verbatim("x")).await.unwrap();
        drop(tx);
        let first = put(&db, "first", Act::Succeed).await;
        assert_eq!(runner.run_to_empty().await.unwrap(), 1);
        assert_eq!(log.lines(), ["first"]);
        assert_eq!(status(&db, dropped).await.unwrap(), None);
        let done = status(&db, first).await.unwrap().unwrap();
        assert_eq!((done.state, done.done, done.total, done.attempts), (JobState::Done, 1, Some(2), 0));
        assert_eq!((done.note.as_str(), done.title.en.as_ref()), ("half way", "Work"));
        assert_eq!(runner.run_to_empty().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn errors_are_tried_again_unless_they_are_for_good() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let log = Log::default();
        let runner = Runner::new(db.clone()).register::<Work>(log.clone());
        let check = async |act: Act, attempts: i64, error: &str| {
            let id = put(&db, "w", act).await;
            runner.run_to_empty().await.unwrap();
            let found = status(&db, id).await.unwrap().unwrap();
            assert_eq!((found.state, found.attempts), (JobState::Failed, attempts), "{error}");
            assert!(found.last_error.clone().unwrap().contains(error), "{:?}", found.last_error);
        };
        check(Act::FailTransiently, 3, "the line is busy").await;
        check(Act::FailForGood, 1, "the file is broken").await;
        check(Act::Panic, 3, "broke off").await;
        check(Act::GiveUp, 3, "nobody asked").await;
        assert_eq!(log.lines().len(), 10);
    }
}

#[tokio::test]
async fn a_retry_waits_for_its_pause() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let log = Log::default();
        let id = put(&db, "w", Act::FailTransiently).await;
        let handle = Runner::new(db.clone()).register::<Work>(log.clone()).spawn(2);
        until("the first attempt", async || status(&db, id).await.unwrap().unwrap().attempts == 1).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!((state(&db, id).await, log.lines().len()), (JobState::Queued, 1));
        db.env().set_time(START.plus_seconds(3));
        until("the second attempt", async || status(&db, id).await.unwrap().unwrap().attempts == 2).await;
        handle.stop().await;
        db.env().set_time(START);
    }
}

#[tokio::test]
async fn a_queued_job_starts_at_once_and_can_be_cancelled_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let log = Log::default();
        let handle = Runner::new(db.clone()).register::<Work>(log.clone()).spawn(1);
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let id = put(&db, "w", Act::Wait).await;
        until("the start", async || state(&db, id).await == JobState::Running).await;
        let behind = put(&db, "behind", Act::Succeed).await;
        for job in [behind, id] {
            let tx = db.write(&By::SYSTEM, "notes.work_cancelled").await.unwrap();
            assert!(jobs::request_cancel(&tx, job).await.unwrap());
            tx.commit().await.unwrap();
        }
        until("the end", async || state(&db, id).await == JobState::Cancelled).await;
        assert_eq!(state(&db, behind).await, JobState::Cancelled);
        let tx = db.write(&By::SYSTEM, "notes.work_cancelled").await.unwrap();
        assert!(!jobs::request_cancel(&tx, id).await.unwrap(), "it is over");
        drop(tx);
        handle.stop().await;
        assert_eq!(log.lines(), ["w"]);
    }
}

#[tokio::test]
async fn progress_shows_while_a_job_runs() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let handle = Runner::new(db.clone()).register::<Work>(Log::default()).spawn(1);
        let id = put(&db, "w", Act::Wait).await;
        until("progress", async || status(&db, id).await.unwrap().unwrap().note == "half way").await;
        handle.stop().await;
        assert_eq!(state(&db, id).await, JobState::Queued, "a stop gives it back");
        let found = status(&db, id).await.unwrap().unwrap();
        assert_eq!((found.attempts, found.done), (0, 1));
    }
}

#[tokio::test]
async fn a_job_whose_program_died_runs_again_when_its_lease_is_out() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let id = put(&db, "w", Act::Succeed).await;
        // As a claim that was never followed up.
        let tx = db.bookkeeping().await.unwrap();
        let until = START.plus_seconds(15);
        tx.exec(sql!("UPDATE job SET state = 'running', claimed_until = {} WHERE id = {}", until, id.0))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let log = Log::default();
        let runner = Runner::new(db.clone()).register::<Work>(log.clone());
        assert_eq!(runner.run_to_empty().await.unwrap(), 0, "the lease holds");
        db.env().set_time(START.plus_seconds(16));
        assert_eq!(runner.run_to_empty().await.unwrap(), 1);
        assert_eq!(state(&db, id).await, JobState::Done);
        db.env().set_time(START);
    }
}

#[tokio::test]
async fn a_job_that_ends_the_program_every_time_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let id = put(&db, "w", Act::Succeed).await;
        let tx = db.bookkeeping().await.unwrap();
        tx.exec(sql!("UPDATE job SET state = 'running', claimed_until = 0, interruptions = 20"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let log = Log::default();
        Runner::new(db.clone()).register::<Work>(log.clone()).run_to_empty().await.unwrap();
        assert!(log.lines().is_empty());
        assert_eq!(state(&db, id).await, JobState::Failed);
    }
}

#[tokio::test]
async fn two_runners_share_the_work_and_no_job_runs_twice() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let log = Log::default();
        for n in 0..40 {
            put(&db, &format!("{n}"), Act::Succeed).await;
        }
        let handles: Vec<_> =
            (0..2).map(|_| Runner::new(db.clone()).register::<Work>(log.clone()).spawn(3)).collect();
        until("all", async || {
            let filter = JobFilter { states: vec![JobState::Done], ..JobFilter::default() };
            list(&db, &filter).await.unwrap().len() == 40
        })
        .await;
        for handle in handles {
            handle.stop().await;
        }
        let mut ran: Vec<i64> = log.lines().iter().map(|n| n.parse().unwrap()).collect();
        ran.sort_unstable();
        assert_eq!(ran, (0..40).collect::<Vec<_>>());
    }
}

/// Writes several times while it runs.
#[derive(Serialize, Deserialize)]
struct Write {
    words: String,
}

impl Job for Write {
    const KIND: &'static str = "notes.write";
    type Context = Db;

    async fn run(self, db: Db, run: JobRun) -> Result<(), JobError> {
        for n in 0..5 {
            let tx = db.bookkeeping().await?;
            tx.exec(sql!("INSERT INTO note (words) VALUES ({})", &self.words)).await?;
            tx.commit().await?;
            run.progress(n, Some(5), "").await;
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_write_run_at_once_and_none_waits_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let tx = db.write(&By::SYSTEM, "notes.work_asked").await.unwrap();
        for n in 0..30 {
            enqueue(&tx, &Write { words: format!("{n}") }, &Text::verbatim("x")).await.unwrap();
        }
        tx.commit().await.unwrap();
        let runner = Runner::new(db.clone()).register::<Write>(db.clone());
        let ran = tokio::time::timeout(Duration::from_mins(1), runner.run_to_empty()).await;
        assert_eq!(ran.expect("it ends").unwrap(), 30);
        assert_eq!(notes(&db).await.len(), 150);
    }
}

#[tokio::test]
async fn a_job_acts_for_whoever_asked_for_it() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let account: AccountId = db.env().id();
        let by = By { account: Some(account), via: Via::Page };
        let tx = db.write(&by, "notes.work_asked").await.unwrap();
        let title = Text::verbatim("x");
        enqueue(&tx, &Work { name: "mine".to_owned(), act: Act::Succeed }, &title).await.unwrap();
        tx.commit().await.unwrap();
        put(&db, "other", Act::Succeed).await;
        let filter = JobFilter { account: Some(account), ..JobFilter::default() };
        let mine = list(&db, &filter).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert_eq!(mine[0].account, Some(account));
        assert_eq!(list(&db, &JobFilter { limit: 1, ..JobFilter::default() }).await.unwrap().len(), 1);
        assert_eq!(list(&db, &JobFilter::default()).await.unwrap().len(), 2);
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Noted {
    words: String,
}

async fn note(db: &Db, words: &str) {
    let tx = db.write(&By::SYSTEM, "notes.note_added").await.unwrap();
    emit(&tx, "notes.noted", &Noted { words: words.to_owned() }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn notes(db: &Db) -> Vec<String> {
    db.all(sql!("SELECT words FROM note ORDER BY words"), |row| row.get("words")).await.unwrap()
}

#[tokio::test]
async fn each_subscriber_gets_each_event_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let failures = Arc::new(AtomicI64::new(2));
        let left = failures.clone();
        let seen = Log::default();
        let watcher = seen.clone();
        let runner = Runner::new(db.clone())
            .subscribe("notes.noted", move |event, tx| {
                let left = left.clone();
                async move {
                    let noted: Noted = event.payload()?;
                    tx.exec(sql!("INSERT INTO note (words) VALUES ({})", noted.words)).await?;
                    // After its write: a delivery that fails must leave nothing.
                    let failures_left = left.fetch_sub(1, Ordering::SeqCst);
                    assert!(failures_left != 2, "on purpose");
                    if failures_left > 0 {
                        return Err(StoreError::Corrupt { column: "x".to_owned(), found: "y".to_owned() });
                    }
                    Ok(())
                }
                .boxed()
            })
            .subscribe_as("watcher", "notes.noted", move |event, _| {
                let watcher = watcher.clone();
                async move {
                    watcher.add(event.payload::<Noted>()?.words);
                    Ok(())
                }
                .boxed()
            });
        let tx = db.write(&By::SYSTEM, "notes.note_added").await.unwrap();
        emit(&tx, "notes.noted", &Noted { words: "dropped".to_owned() }).await.unwrap();
        drop(tx);
        for words in ["a", "b", "c"] {
            note(&db, words).await;
        }
        assert!(runner.run_to_empty().await.is_err());
        assert!(runner.run_to_empty().await.is_err());
        assert_eq!(notes(&db).await, Vec::<String>::new());
        assert_eq!(seen.lines(), ["a", "b", "c"], "one that fails does not hold up the others");
        runner.run_to_empty().await.unwrap();
        runner.run_to_empty().await.unwrap();
        assert_eq!(notes(&db).await, ["a", "b", "c"]);
        assert_eq!(seen.lines(), ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn runners_that_deliver_at_once_deliver_once() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let runner = || {
            Runner::new(db.clone()).subscribe("notes.noted", |event, tx| {
                async move {
                    let noted: Noted = event.payload()?;
                    tx.exec(sql!("INSERT INTO note (words) VALUES ({})", noted.words)).await.map(|_| ())
                }
                .boxed()
            })
        };
        let handles = [runner().spawn(1), runner().spawn(1)];
        let writers: Vec<_> = (0..20)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move { note(&db, &format!("{n:02}")).await })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        until("delivery", async || notes(&db).await.len() >= 20).await;
        for handle in handles {
            handle.stop().await;
        }
        assert_eq!(notes(&db).await, (0..20).map(|n| format!("{n:02}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_is_over_is_removed_after_a_month_and_what_waits_is_not() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let runner = || {
            Runner::new(db.clone())
                .register::<Work>(Log::default())
                .subscribe("notes.noted", |_, _| async { Ok(()) }.boxed())
                .subscribe("notes.stuck", |_, _| {
                    async { Err(StoreError::Corrupt { column: "x".to_owned(), found: "y".to_owned() }) }
                        .boxed()
                })
        };
        let done = put(&db, "done", Act::Succeed).await;
        note(&db, "heard").await;
        let tx = db.write(&By::SYSTEM, "notes.note_added").await.unwrap();
        emit(&tx, "notes.stuck", &1).await.unwrap();
        tx.commit().await.unwrap();
        let _ = runner().run_to_empty().await;
        let handle = runner().spawn(1);
        until("the job", async || state(&db, done).await == JobState::Done).await;
        handle.stop().await;
        db.env().set_time(START.plus_seconds(31 * 86_400));
        let tx = db.write(&By::SYSTEM, "notes.work_asked").await.unwrap();
        let later = db.env().now().plus_seconds(3600);
        let work = Work { name: "waits".to_owned(), act: Act::Succeed };
        let waits = jobs::enqueue_at(&tx, &work, &Text::verbatim("x"), later).await.unwrap();
        tx.commit().await.unwrap();
        let handle = runner().spawn(1);
        until("removal", async || status(&db, done).await.unwrap().is_none()).await;
        handle.stop().await;
        assert_eq!(state(&db, waits).await, JobState::Queued);
        let kinds: Vec<String> =
            db.all(sql!("SELECT kind FROM outbox_event"), |row| row.at(0)).await.unwrap();
        assert_eq!(kinds, ["notes.stuck"]);
        db.env().set_time(START);
    }
}
