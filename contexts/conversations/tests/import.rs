//! Import into both databases: what goes in, what does not, and what a crash leaves.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::{ops::ControlFlow, path::PathBuf};

use audit::By;
use conversations::{
    api::{
        Batch, BatchKind, BatchState, Conversations, Defaults, ImportError, ImportOptions, ImportRequest,
        Saved, Whose,
    },
    conversation::store::check_roll_up,
};
use kernel::{Day, Env, Time};
use people::api::People;
use store::{Ask, Db, sql, testing, verify_chain};

async fn databases(folder: &tempfile::TempDir) -> Vec<(Db, Conversations)> {
    let all = [store::MIGRATIONS, jobs::MIGRATIONS, people::MIGRATIONS, conversations::MIGRATIONS];
    let env = Env::fixed(Time::parse("2026-03-10T00:00:00Z").unwrap(), 1);
    let mut found = Vec::new();
    for db in testing::each(folder.path(), &env, &all).await.unwrap() {
        let people = People::open(&db).await.unwrap();
        found.push((db.clone(), Conversations::new(db, people, folder.path())));
    }
    found
}

fn request(name: &str) -> ImportRequest {
    ImportRequest {
        kind: BatchKind::Command,
        name: name.to_owned(),
        bytes_total: None,
        options: ImportOptions::default(),
        resume: None,
    }
}

async fn import(service: &Conversations, name: &str, bytes: &[u8]) -> Batch {
    let reader = std::io::Cursor::new(bytes.to_vec());
    service.import_stream(&By::COMMAND, reader, request(name), |_| ControlFlow::Continue(())).await.unwrap()
}

fn line(n: usize, words: &str) -> String {
    format!(
        "{{\"id\":\"c{n}\",\"source\":\"test\",\"started_at\":\"2026-03-{:02}T09:00:00+08:00\",\"agent\":\"{}\",\"site\":\"北京\",\"queue\":\"宽带\",\"line_of_business\":\"故障\",\"direction\":\"inbound\",\"turns\":[{{\"role\":\"customer\",\"t\":0,\"text\":\"{words}\"}},{{\"role\":\"agent\",\"t\":{},\"text\":\"您好\"}}]}}\n",
        n % 9 + 1,
        1000 + n % 7,
        n % 50 + 1
    )
}

async fn count(db: &Db, what: &str) -> i64 {
    match what {
        "conversation" => db.count(sql!("SELECT COUNT(*) FROM conversation")).await.unwrap(),
        "document" => db.count(sql!("SELECT COUNT(*) FROM conversation_document")).await.unwrap(),
        "event" => db.count(sql!("SELECT COUNT(*) FROM outbox_event")).await.unwrap(),
        _ => db.count(sql!("SELECT COUNT(*) FROM rejected_row")).await.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_changes_nothing_and_other_content_replaces() {
    let folder = tempfile::tempdir().unwrap();
    for (db, service) in databases(&folder).await {
        let file: String = (0..2_500).map(|n| line(n, "宽带上不去")).collect();
        let first = import(&service, "a.jsonl", file.as_bytes()).await;
        assert_eq!((first.counts.added, first.counts.rejected, first.counts.people_created), (2_500, 0, 7));
        assert_eq!(
            (first.format.as_str(), first.encoding.as_str(), first.chunks_done),
            ("jsonl", "UTF-8", 3)
        );
        assert_eq!(first.state, BatchState::Done);
        assert!(check_roll_up(&db).await.unwrap().is_empty());

        let again = import(&service, "a.jsonl", file.as_bytes()).await;
        assert_eq!((again.counts.added, again.counts.updated, again.counts.unchanged), (0, 0, 2_500));
        assert_eq!(count(&db, "event").await, 3);

        let changed: String =
            (0..2_600).map(|n| line(n, if n < 10 { "改了" } else { "宽带上不去" })).collect();
        let third = import(&service, "a.jsonl", changed.as_bytes()).await;
        assert_eq!((third.counts.added, third.counts.updated, third.counts.unchanged), (100, 10, 2_490));
        assert_eq!(count(&db, "conversation").await, 2_600);
        assert_eq!(count(&db, "document").await, 2_600);
        assert!(check_roll_up(&db).await.unwrap().is_empty());
        assert_eq!(verify_chain(&db).await.unwrap().broken, None);
        let rolled = sql!("SELECT CAST(SUM(conversations) AS BIGINT) FROM conversation_day");
        assert_eq!(db.count(rolled).await.unwrap(), 2_600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_row_costs_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (db, service) in databases(&folder).await {
        let file = format!(
            "{}not json\n{}{}\n\n{}",
            line(1, "一"),
            line(1, "again"),
            line(2, "二"),
            &line(3, "三")[..80]
        );
        let batch = import(&service, "b.jsonl", file.as_bytes()).await;
        assert_eq!((batch.counts.added, batch.counts.rejected), (2, 3));
        let rows = service.rejected_rows(batch.id, 0, 10).await.unwrap();
        let shown: Vec<(u64, &str)> = rows.iter().map(|row| (row.line, row.code.as_str())).collect();
        assert_eq!(shown, [(2, "json"), (3, "duplicate"), (7, "truncated")]);
        assert!(rows[1].reason.en.contains("line 1"));
        assert_eq!(rows[0].raw, "not json");
        assert_eq!(count(&db, "rejected").await, 3);
    }
}

/// A reader that fails at a byte, as a program does that is killed there.
struct Dies<R>(R, usize);

impl<R: std::io::Read> std::io::Read for Dies<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let n = to.len().min(self.1);
        let read = self.0.read(&mut to[..n])?;
        self.1 -= read;
        Ok(read)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_died_at_any_chunk_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for (db, service) in databases(&folder).await {
        let mut total = 0;
        for chunks in 1..=4_u64 {
            let file: String = (0..4_200)
                .map(|n| line(n + usize::try_from(chunks).unwrap() * 10_000, "退款"))
                .chain([line(usize::try_from(chunks).unwrap() * 10_000, "double"), "broken\n".to_owned()])
                .collect();
            let mut batch = None;
            // The process dies right after the commit of this chunk.
            let died = {
                let service = service.clone();
                let bytes = std::io::Cursor::new(file.clone().into_bytes());
                let slot = &mut batch;
                let mut dies =
                    std::pin::pin!(service.import_stream(&By::COMMAND, bytes, request("x.jsonl"), |b| {
                        *slot = Some(b.id);
                        assert!(b.chunks_done < chunks, "killed");
                        ControlFlow::Continue(())
                    }));
                futures::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(&mut dies)).await.is_err()
            };
            assert!(died);
            let id = batch.unwrap();
            assert_eq!(service.batch(id).await.unwrap().unwrap().chunks_done, chunks);
            let again = ImportRequest { resume: Some(id), ..request("x.jsonl") };
            let bytes = std::io::Cursor::new(file.into_bytes());
            let done = service
                .import_stream(&By::COMMAND, bytes, again, |_| ControlFlow::Continue(()))
                .await
                .unwrap();
            total += 4_200;
            assert_eq!((done.counts.added, done.counts.unchanged, done.counts.rejected), (4_200, 0, 2));
            assert_eq!(done.state, BatchState::Done);
            assert_eq!(count(&db, "conversation").await, total);
            assert!(check_roll_up(&db).await.unwrap().is_empty());
        }
        assert_eq!(verify_chain(&db).await.unwrap().broken, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_cut_keeps_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    for (_, service) in databases(&folder).await {
        let file: String = (0..30).map(|n| line(n, "一")).collect();
        let half = Dies(std::io::Cursor::new(file.clone().into_bytes()), file.len() / 2);
        let batch = service
            .import_stream(&By::COMMAND, half, request("cut.jsonl"), |_| ControlFlow::Continue(()))
            .await
            .unwrap();
        assert_eq!(batch.counts.rejected, 1);
        assert!(batch.counts.added >= 14);
        let nothing = service
            .import_stream(&By::COMMAND, &b"what is this?\n"[..], request("x"), |_| ControlFlow::Continue(()))
            .await;
        assert!(matches!(nothing, Err(ImportError::Source(_))));
        let empty = import(&service, "empty.csv", b"").await;
        assert_eq!(empty.counts.added, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_a_machine_are_answered_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    for (_, service) in databases(&folder).await {
        let send = |records: Vec<String>| {
            let service = service.clone();
            async move {
                let options = ImportOptions::default();
                service.intake(&By::SYSTEM, "pbx", &options, records).await.unwrap()
            }
        };
        let answers = send(vec![line(1, "一"), "{}".into(), line(1, "二"), line(2, "三")]).await;
        assert_eq!(answers[0].saved, Some(Saved::Added));
        assert_eq!(answers[1].rejected.as_ref().unwrap().0, "missing");
        assert_eq!(answers[2].rejected.as_ref().unwrap().0, "duplicate");
        assert_eq!(answers[3].saved, Some(Saved::Added));
        let answers = send(vec![line(1, "一"), line(2, "other")]).await;
        assert_eq!(
            answers.iter().map(|a| a.saved).collect::<Vec<_>>(),
            [Some(Saved::Unchanged), Some(Saved::Updated)]
        );
        let batches = service.batches(Whose::All, None, 10).await.unwrap();
        assert_eq!(batches.len(), 1);
        assert_eq!((batches[0].counts.added, batches[0].counts.rejected), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_sites_and_hand_overs() {
    let folder = tempfile::tempdir().unwrap();
    for (db, service) in databases(&folder).await {
        let csv = "会话编号,开始时间,坐席,角色,时间偏移,内容,职场\n\
                   t1,2026/3/2 23:30,1001,客户,0,\"你好, 我要\n退款\",北京\n\
                   t1,,1001,坐席,3,=cmd|' /C calc'!A0,\n\
                   t1,,1002,坐席,9,我来接手,\n\
                   t2,,1003,坐席,,没有日期,\n";
        let options = ImportOptions {
            defaults: Defaults {
                source: Some("热线".into()),
                date: Day::parse("2026-03-01"),
                ..Defaults::default()
            },
            ..ImportOptions::default()
        };
        let request = ImportRequest { options, ..request("话单.csv") };
        let (gbk, ..) = encoding_rs::GBK.encode(csv);
        let batch = service
            .import_stream(&By::COMMAND, std::io::Cursor::new(gbk.into_owned()), request, |_| {
                ControlFlow::Continue(())
            })
            .await
            .unwrap();
        assert_eq!((batch.counts.added, batch.counts.rejected, batch.encoding.as_str()), (2, 0, "GB18030"));
        let days = db
            .all(sql!("SELECT day, agent_count, duration_s FROM conversation ORDER BY external_id"), |row| {
                Ok((
                    row.day("day")?.to_string(),
                    row.get::<i64>("agent_count")?,
                    row.get::<Option<i64>>("duration_s")?,
                ))
            })
            .await
            .unwrap();
        assert_eq!(days, [("2026-03-02".to_owned(), 2, Some(9)), ("2026-03-01".to_owned(), 1, None)]);
        assert_eq!(db.count(sql!("SELECT COUNT(*) FROM conversation_participant")).await.unwrap(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_samples_go_in_as_they_are() {
    let samples = std::env::var_os("LIANBING_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
        .join("conversations");
    if !samples.exists() {
        eprintln!("skipped: no samples at {}", samples.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (db, service) in databases(&folder).await {
        for (file, expected) in [("crosswoz_val.jsonl", 500), ("star_dev.jsonl", 1_200)] {
            let reader = std::fs::File::open(samples.join(file)).unwrap();
            let batch = service
                .import_stream(&By::COMMAND, reader, request(file), |_| ControlFlow::Continue(()))
                .await
                .unwrap();
            assert_eq!(
                (batch.counts.added, batch.counts.rejected, batch.counts.undated),
                (expected, 0, expected)
            );
        }
        let languages = db
            .all(sql!("SELECT lang, COUNT(*) AS n FROM conversation GROUP BY lang ORDER BY lang"), |row| {
                Ok((row.get::<String>("lang")?, row.get::<i64>("n")?))
            })
            .await
            .unwrap();
        assert_eq!(languages, [("en".to_owned(), 1_200), ("zh".to_owned(), 500)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_of_earlier_hand_overs_get_their_place_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let env = Env::fixed(Time::parse("2026-03-10T00:00:00Z").unwrap(), 1);
    let steps = conversations::MIGRATIONS.steps.split_at(1).0;
    let before = store::Migrations { steps, ..conversations::MIGRATIONS };
    let with = |own| [store::MIGRATIONS, jobs::MIGRATIONS, people::MIGRATIONS, own];
    for db in testing::each(folder.path(), &env, &with(before)).await.unwrap() {
        let tx = db.write(&By::SYSTEM, "test.filled").await.unwrap();
        let id: uuid::Uuid = env.id();
        tx.exec(sql!("INSERT INTO conversation (id, source, external_id, sort_at, turn_count, agent_count, lang, batch, checksum, version, imported_at) VALUES ({}, 's', '1', 77, 2, 2, 'zh', {}, {}, 1, 5)", id, id, [0_u8; 32].as_slice())).await.unwrap();
        for key in ["a", "b"] {
            tx.exec(sql!(
                "INSERT INTO conversation_participant (conversation, participant) VALUES ({}, {})",
                id,
                key
            ))
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(db.migrate(&with(conversations::MIGRATIONS)).await.unwrap(), 1);
        let places = db
            .all(sql!("SELECT sort_at FROM conversation_participant"), |row| row.get::<i64>("sort_at"))
            .await
            .unwrap();
        assert_eq!(places, [77, 77]);
    }
}
