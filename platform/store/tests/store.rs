//! The store on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops where its database cannot be made")]

use audit::By;
use kernel::{Env, Scope, Time, UnitId};
use store::{Ask, Db, Migrations, Step, StoreError, sql, testing};
use uuid::Uuid;

const NOTES: Migrations = Migrations {
    context: "notes",
    steps: &[Step {
        n: 1,
        sql: "CREATE TABLE note (id $ID NOT NULL PRIMARY KEY, unit $ID, words TEXT NOT NULL, n BIGINT NOT NULL, yes BOOLEAN NOT NULL, x DOUBLE PRECISION, raw $BYTES);",
    }],
};
const ALL: &[Migrations] = &[store::MIGRATIONS, NOTES];

async fn databases(folder: &tempfile::TempDir) -> Vec<Db> {
    testing::each(folder.path(), &Env::fixed(Time(1_700_000_000_000_000), 1), ALL).await.unwrap()
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let id: Uuid = db.env().id();
        let hostile = "'; DROP TABLE note; -- 练兵 {} $1";
        let mut tx = db.write(&By::SYSTEM, "notes.note_added").await.unwrap();
        tx.object("note", id);
        tx.exec(sql!(
            "INSERT INTO note (id, unit, words, n, yes, x, raw) VALUES ({}, {}, {}, {}, {}, {}, {})",
            id,
            None::<Uuid>,
            hostile,
            i64::MAX,
            true,
            0.25,
            [0u8, 255].as_slice()
        ))
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let found = db
            .first(sql!("SELECT * FROM note WHERE id IN {} AND words = {}", vec![id], hostile), |row| {
                Ok((
                    row.id::<Uuid>("id")?,
                    row.maybe_id::<Uuid>("unit")?,
                    row.get::<String>("words")?,
                    row.get::<i64>("n")?,
                    row.get::<bool>("yes")?,
                    row.get::<f64>("x")?,
                    row.get::<Vec<u8>>("raw")?,
                ))
            })
            .await
            .unwrap();
        assert_eq!(found, Some((id, None, hostile.to_owned(), i64::MAX, true, 0.25, vec![0, 255])));
        assert_eq!(
            db.count(sql!("SELECT COUNT(*) FROM note WHERE id IN {}", Vec::<Uuid>::new())).await.unwrap(),
            0
        );
    }
}

#[tokio::test]
async fn a_dropped_change_leaves_nothing_and_the_chain_holds() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let rows = |n: i64| {
            (0..n)
                .map(|i| sql!("({}, {}, {}, {})", Uuid::from_u128(i.unsigned_abs().into()), "w", i, false))
                .collect::<Vec<_>>()
        };
        let head = "INSERT INTO note (id, words, n, yes) VALUES ";
        let tx = db.write(&By::SYSTEM, "notes.notes_added").await.unwrap();
        tx.insert_all(head, rows(3), "").await.unwrap();
        drop(tx);
        let tx = db.write(&By::SYSTEM, "notes.notes_added").await.unwrap();
        assert_eq!(tx.insert_all(head, rows(20_000), " ON CONFLICT (id) DO NOTHING").await.unwrap(), 20_000);
        tx.commit().await.unwrap();
        assert_eq!(db.count(sql!("SELECT COUNT(*) FROM note")).await.unwrap(), 20_000);
        let state = store::verify_chain(&db).await.unwrap();
        assert_eq!((state.entries, state.broken), (1, None));
        let tx = db.bookkeeping().await.unwrap();
        tx.exec(sql!("UPDATE audit_entry SET action = {}", "notes.forged")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store::verify_chain(&db).await.unwrap().broken, Some(audit::Broken::Changed { seq: 1 }));
    }
}

#[tokio::test]
async fn writers_take_turns_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let tasks: Vec<_> = (0..40u128)
            .map(|i| {
                let db = db.clone();
                tokio::spawn(async move {
                    let tx = db.write(&By::SYSTEM, "notes.note_added").await?;
                    tx.exec(sql!(
                        "INSERT INTO note (id, words, n, yes) VALUES ({}, {}, {}, {})",
                        Uuid::from_u128(i),
                        "w",
                        1i64,
                        true
                    ))
                    .await?;
                    tx.commit().await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let state = store::verify_chain(&db).await.unwrap();
        assert_eq!((state.entries, state.broken), (40, None));
    }
}

#[tokio::test]
async fn a_newer_or_rewritten_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        assert_eq!(db.migrate(ALL).await.unwrap(), 0);
        let older = db.migrate(&[store::MIGRATIONS]).await.unwrap_err();
        assert!(matches!(&older, StoreError::Newer { context, n: 1 } if context == "notes"), "{older}");
        let other =
            Migrations { context: "notes", steps: &[Step { n: 1, sql: "CREATE TABLE other (id BIGINT);" }] };
        assert!(matches!(
            db.migrate(&[store::MIGRATIONS, other]).await.unwrap_err(),
            StoreError::Rewritten { .. }
        ));
    }
}

#[tokio::test]
async fn scope_is_a_condition() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (mine, other) = (UnitId(Uuid::from_u128(1)), UnitId(Uuid::from_u128(2)));
        let tx = db.write(&By::SYSTEM, "notes.notes_added").await.unwrap();
        let rows = [mine, other, other]
            .into_iter()
            .enumerate()
            .map(|(i, unit)| sql!("({}, {}, {}, {}, {})", Uuid::from_u128(i as u128), unit, "w", 1i64, true));
        tx.insert_all("INSERT INTO note (id, unit, words, n, yes) VALUES ", rows, "").await.unwrap();
        tx.commit().await.unwrap();
        let seen = async |scope: &Scope| {
            db.count(sql!("SELECT COUNT(*) FROM note WHERE {}", store::visible(scope, "unit", None)))
                .await
                .unwrap()
        };
        assert_eq!(seen(&Scope::units([mine].into())).await, 1);
        assert_eq!(seen(&Scope::everything()).await, 3);
        assert_eq!(seen(&Scope::nothing()).await, 0);
    }
}

#[tokio::test]
async fn a_backup_can_be_restored_and_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let env = Env::fixed(Time(1_700_000_000_000_000), 1);
    let db = testing::sqlite(folder.path(), &env, ALL).await.unwrap();
    let tx = db.write(&By::SYSTEM, "notes.note_added").await.unwrap();
    tx.exec(sql!(
        "INSERT INTO note (id, words, n, yes) VALUES ({}, {}, {}, {})",
        Uuid::from_u128(1),
        "kept",
        1i64,
        true
    ))
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let copy = folder.path().join("copy.db");
    let saved = store::backup(&db, &copy).await.unwrap();
    let elsewhere = folder.path().join("new").join("lianbing.db");
    assert_eq!(store::restore(&copy, &elsewhere, &env).await.unwrap(), saved);
    let restored = Db::open(&elsewhere.display().to_string(), &env).await.unwrap();
    assert_eq!(restored.count(sql!("SELECT COUNT(*) FROM note WHERE words = {}", "kept")).await.unwrap(), 1);
    let damaged = folder.path().join("damaged.db");
    std::fs::write(&damaged, b"not a database").unwrap();
    let error = store::restore(&damaged, &elsewhere, &env).await.unwrap_err();
    assert!(error.to_string().contains("Nothing was changed"), "{error}");
    assert_eq!(restored.count(sql!("SELECT COUNT(*) FROM note")).await.unwrap(), 1);
}
