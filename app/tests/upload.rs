//! A file goes in through the page, with everything wired as it is served and the jobs running.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

mod wired;

use std::{fmt::Write, time::Duration};

use http::{Method, StatusCode};
use identity::Grant;
use kernel::Role;
use lianbing::wiring::Product;
use web::testing::{TestApp, TestUser, env};
use wired::wired;

/// Conversations in the file: several chunks.
const CONVERSATIONS: usize = 1_200;
/// How often the page is asked until the import is through: a minute.
const ASKED_MAX: usize = 300;

struct Centre {
    app: TestApp,
    product: Product,
    folder: tempfile::TempDir,
}

async fn centre() -> Centre {
    let (app, product, folder) = wired().await.serve();
    Centre { app, product, folder }
}

/// Conversations of one agent, one row that is broken, and the first one again.
fn file() -> String {
    let one = |n: usize| {
        format!(
            r#"{{"id":"call-{n}","source":"热线","agent":"1001","site":"北京","queue":"宽带","started_at":"2026-02-24T09:00:00+08:00","turns":[{{"role":"customer","text":"我要投诉，第{n}号工单还没人管"}},{{"role":"agent","text":"非常抱歉，我马上查。"}}]}}"#
        )
    };
    let mut text = String::new();
    for n in 0..CONVERSATIONS {
        let _ = writeln!(text, "{}", one(n));
    }
    let _ = writeln!(text, "{{\"id\": \"half");
    let _ = writeln!(text, "{}", one(0));
    text
}

impl Centre {
    async fn upload(&self, user: &TestUser, name: &str, text: &str) -> String {
        let head =
            format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let body = format!("{head}{text}\r\n--x--\r\n");
        let kind = Some("multipart/form-data; boundary=x");
        let sent = self.app.send(Some(user), Method::POST, "/conversations/import", kind, body.into()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        sent.headers["location"].to_str().unwrap().to_owned()
    }

    /// Asks the progress of an import, as the page does, until it is over; what it says then.
    async fn watch(&self, user: &TestUser, page: &str) -> String {
        for _ in 0..ASKED_MAX {
            let part = self.app.get(Some(user), &format!("{page}/progress")).await;
            assert_eq!(part.status, StatusCode::OK);
            if part.body.contains("结果") {
                return part.body;
            }
            assert!(part.body.contains("import-progress"), "{}", part.body);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the import is not through");
    }

    /// The import of a page, by the API.
    async fn batch(&self, user: &TestUser, page: &str) -> serde_json::Value {
        let path = page.replace("/conversations/imports/", "/api/v1/import-batches/");
        serde_json::from_str(&self.app.api(user, Method::GET, &path, None).await.body).unwrap()
    }

    fn uploads(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("uploads")).unwrap().count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_goes_in_by_the_page_and_its_conversations_are_found_and_inspected() {
    let centre = centre().await;
    let user =
        centre.app.user(Role::QualitySpecialist, None, Grant::everything(Role::QualitySpecialist)).await;
    let page = centre.upload(&user, "二月.jsonl", &file()).await;
    let look = centre.app.get(Some(&user), &page).await;
    assert!(look.body.contains("call-0") && look.body.contains("UTF-8"), "{}", look.body);
    assert_eq!(centre.batch(&user, &page).await["state"], "prepared");
    let begun = centre.app.post(Some(&user), &page, &[("create_unknown", "1")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    assert_eq!(centre.batch(&user, &page).await["state"], "running");
    // Nothing moves before a worker takes the job.
    let waiting = centre.app.get(Some(&user), &format!("{page}/progress")).await;
    assert!(waiting.body.contains("import-progress") && !waiting.body.contains("结果"), "{}", waiting.body);
    assert_eq!(centre.uploads(), 1);

    let jobs = centre.product.start_jobs(2);
    let result = centre.watch(&user, &page).await;
    assert!(result.contains("1,200") || result.contains("1200"), "{result}");
    let batch = centre.batch(&user, &page).await;
    let counts = &batch["counts"];
    assert_eq!(batch["state"], "done");
    assert_eq!((&counts["added"], &counts["rejected"]), (&CONVERSATIONS.into(), &2.into()), "{counts}");
    let rejected = centre.app.get(Some(&user), &format!("{page}/rejected")).await;
    assert_eq!(rejected.body.lines().count(), 3, "{}", rejected.body);
    // What follows runs in the background: search, then inspection.
    for _ in 0..ASKED_MAX {
        let rest = centre.product.services.jobs_held().await.unwrap();
        let inspected = centre.product.services.behaviours.check().await.unwrap().inspected;
        if rest == 0 && inspected == i64::try_from(CONVERSATIONS).unwrap() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    jobs.stop().await;
    assert_eq!(centre.uploads(), 0, "the uploaded file is not kept");
    let found = centre.app.get(Some(&user), "/conversations?q=%E5%B7%A5%E5%8D%95").await;
    assert!(found.body.contains("call-"), "{}", found.body);
    let checked = centre.product.services.behaviours.check().await.unwrap();
    assert_eq!((checked.not_inspected, checked.orphans, checked.wrong_cells), (0, 0, 0));
    let found = centre.product.services.conversations.check().await.unwrap();
    assert_eq!((found.findable, found.roll_up.len()), (CONVERSATIONS as u64, 0));
    // The same file again changes nothing.
    let again = centre.upload(&user, "二月.jsonl", &file()).await;
    let begun = centre.app.post(Some(&user), &again, &[("create_unknown", "1")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let jobs = centre.product.start_jobs(1);
    centre.watch(&user, &again).await;
    jobs.stop().await;
    let counts = centre.batch(&user, &again).await["counts"].clone();
    assert_eq!((&counts["added"], &counts["unchanged"]), (&0.into(), &CONVERSATIONS.into()), "{counts}");
}

#[tokio::test]
async fn a_file_that_is_given_up_or_cannot_be_read_leaves_nothing_behind() {
    let centre = centre().await;
    let user = centre.app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let page = centre.upload(&user, "二月.jsonl", &file()).await;
    let stopped = centre.app.post(Some(&user), &format!("{page}/stop"), &[]).await;
    assert_eq!((stopped.status, centre.uploads()), (StatusCode::SEE_OTHER, 0));
    let page = centre.upload(&user, "二月.csv", "neither one nor the other").await;
    assert_eq!(centre.app.get(Some(&user), &page).await.status, StatusCode::OK);
    centre.app.post(Some(&user), &page, &[("create_unknown", "1")]).await;
    let stray = centre.product.services.conversations.upload_path(env().id());
    std::fs::write(&stray, "a file whose program was killed while it arrived").unwrap();
    centre.product.services.conversations.forget_stray_uploads().await.unwrap();
    assert!(!stray.exists() && centre.uploads() == 1, "the one that waits for its job stays");
    centre.product.services.runner().run_to_empty().await.unwrap();
    assert_eq!((centre.batch(&user, &page).await["state"].as_str(), centre.uploads()), (Some("failed"), 0));
}
