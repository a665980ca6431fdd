//! Pages and the API on a whole server.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::collections::BTreeSet;

use conversations::api::Conversations;
use http::{Method, StatusCode};
use identity::Grant;
use kernel::{PersonId, Role};
use people::api::{People, Wanted, WantedAgent};
use serde_json::{Value, json};
use store::{Db, Migrations, testing};
use web::{
    Settings,
    testing::{MIGRATIONS, TestApp, TestUser, env},
};

struct Centre {
    app: TestApp,
    db: Db,
    service: Conversations,
    people: People,
    _folder: tempfile::TempDir,
}

async fn centre() -> Centre {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<Migrations> =
        MIGRATIONS.iter().copied().chain([people::MIGRATIONS, conversations::MIGRATIONS]).collect();
    let db = testing::sqlite(folder.path(), &env(), &all).await.unwrap();
    let people = People::open(&db).await.unwrap();
    let service = Conversations::new(db.clone(), people.clone(), folder.path());
    let app = TestApp::new(
        db.clone(),
        people.directory(),
        Settings::default(),
        vec![conversations::module(&service)],
    )
    .await;
    Centre { app, db, service, people, _folder: folder }
}

impl Centre {
    async fn person(&self, number: &str, team: &str) -> PersonId {
        let agent = WantedAgent { number: number.into(), team: Some(team.into()), ..WantedAgent::default() };
        let wanted = Wanted { agents: vec![agent], ..Wanted::default() };
        self.people.ensure_now(&audit::By::SYSTEM, &wanted).await.unwrap().person_by_number(number).unwrap()
    }

    async fn specialist(&self) -> TestUser {
        self.app.user(Role::QualitySpecialist, None, Grant::everything(Role::QualitySpecialist)).await
    }

    async fn send(&self, user: &TestUser, body: &Value) -> Value {
        let answer = self.app.api(user, Method::POST, "/api/v1/conversations", Some(body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    async fn run_jobs(&self) {
        conversations::with_jobs(jobs::Runner::new(self.db.clone()), &self.service)
            .run_to_empty()
            .await
            .unwrap();
    }
}

fn conversation(id: &str, agent: &str) -> Value {
    json!({"id": id, "source": "热线", "agent": agent, "started_at": "2026-03-03T09:00:00+08:00", "queue": "宽带", "turns": [
        {"role": "customer", "t": 0, "text": "我的号码是13812345678，宽带坏了"},
        {"role": "agent", "t": 4.5, "text": "您好，马上为您查。"},
    ], "fields": {"mobile": "13812345678"}, "lang": "zh"})
}

#[tokio::test]
async fn what_is_sent_is_listed_found_shown_and_masked() {
    let centre = centre().await;
    let agent = centre.person("1001", "一组").await;
    centre.person("2001", "二组").await;
    let specialist = centre.specialist().await;
    let sent = json!([conversation("a-1", "1001"), conversation("b-1", "2001"), {"id": "bad"}]);
    let answer = centre.send(&specialist, &sent).await;
    assert_eq!(answer["items"][0]["outcome"], "added");
    assert_eq!(answer["items"][2]["code"], "missing");
    let id = answer["items"][0]["id"].as_str().unwrap().to_owned();
    let other = answer["items"][1]["id"].as_str().unwrap().to_owned();
    assert_eq!(centre.send(&specialist, &sent).await["items"][1]["outcome"], "unchanged");
    centre.run_jobs().await;

    let page = centre.app.get(Some(&specialist), "/conversations").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("a-1") && page.body.contains("b-1"));
    let found = centre.app.get(Some(&specialist), "/conversations?q=%E5%AE%BD%E5%B8%A6").await;
    assert!(found.body.contains("a-1"), "{}", found.body);
    let whole = centre.app.get(Some(&specialist), &format!("/conversations/{id}?q=%E5%AE%BD%E5%B8%A6")).await;
    assert!(whole.body.contains("13812345678") && whole.body.contains("<mark"));

    let user = centre.app.user(Role::Agent, Some(agent), Grant::own(Role::Agent)).await;
    let own = centre.app.get(Some(&user), "/conversations").await;
    assert!(own.body.contains("a-1") && !own.body.contains("b-1"));
    let page = centre.app.get(Some(&user), &format!("/conversations/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("*******5678") && !page.body.contains("13812345678"));
    assert_eq!(
        centre.app.get(Some(&user), &format!("/conversations/{other}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(centre.app.get(Some(&user), "/conversations?format=csv").await.status, StatusCode::NOT_FOUND);
    assert_eq!(centre.app.get(Some(&user), "/conversations/import").await.status, StatusCode::NOT_FOUND);
    let mine = centre.app.api(&user, Method::GET, &format!("/api/v1/conversations/{id}"), None).await;
    assert!(mine.body.contains("*******5678") && !mine.body.contains("13812345678"), "{}", mine.body);

    let csv = centre.app.get(Some(&specialist), "/conversations?format=csv&cols=id&cols=agent").await;
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    assert_eq!(
        centre.app.get(Some(&specialist), "/conversations?agent=x").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(centre.app.get(Some(&specialist), "/conversations/imports").await.status, StatusCode::OK);
    let rejected = centre.app.api(&specialist, Method::GET, "/api/v1/import-batches", None).await;
    let batches: Value = serde_json::from_str(&rejected.body).unwrap();
    let batch = batches["items"][0]["id"].as_str().unwrap();
    let rows = centre
        .app
        .api(&specialist, Method::GET, &format!("/api/v1/import-batches/{batch}/rejected?limit=1"), None)
        .await;
    let rows: Value = serde_json::from_str(&rows.body).unwrap();
    assert_eq!(rows["items"][0]["code"], "missing");
    assert!(rows["next"].is_string());
}

#[tokio::test]
async fn whoever_does_not_see_numbers_cannot_search_for_them() {
    let centre = centre().await;
    let agent = centre.person("1001", "一组").await;
    let specialist = centre.specialist().await;
    centre.send(&specialist, &json!([conversation("a-1", "1001")])).await;
    centre.run_jobs().await;
    let user = centre.app.user(Role::Agent, Some(agent), Grant::own(Role::Agent)).await;
    let leader = centre.app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    for number in ["13812345678", "138+1234+5678", "%EF%BC%91%EF%BC%93%EF%BC%9812345678"] {
        for reader in [&user, &leader] {
            let page = centre.app.get(Some(reader), &format!("/conversations?q={number}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("a-1") && page.body.contains("也不能按这些号码查找"), "{number}");
            let path = format!("/api/v1/conversations?q={number}");
            let api = centre.app.api(reader, Method::GET, &path, None).await;
            assert_eq!(api.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", api.body);
            assert!(api.body.contains("conversations.number_search"), "{}", api.body);
        }
        let csv = centre.app.get(Some(&leader), &format!("/conversations?format=csv&q={number}")).await;
        assert_eq!((csv.status, csv.body.contains("a-1")), (StatusCode::OK, false), "{}", csv.body);
    }
    let part = centre.app.get(Some(&user), "/conversations?q=1381234").await;
    assert!(
        !part.body.contains("a-1") && !part.body.contains("也不能按这些号码查找"),
        "found whole or not at all"
    );
    let found = centre.app.get(Some(&specialist), "/conversations?q=13812345678").await;
    assert!(found.body.contains("a-1") && !found.body.contains("也不能按这些号码查找"));
    let words = centre.app.get(Some(&user), "/conversations?q=%E5%AE%BD%E5%B8%A6").await;
    assert!(words.body.contains("a-1"));
}

#[tokio::test]
async fn a_file_is_looked_at_imported_and_its_bad_rows_come_back() {
    let centre = centre().await;
    let user = centre.specialist().await;
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"话单.csv\"\r\nContent-Type: text/csv\r\n\r\n会话编号,角色,内容,职务\nk1,客户,你好,\nk1,坐席,您好,组长\nk2,机器,滴,\n\r\n--x--\r\n";
    let kind = Some("multipart/form-data; boundary=x");
    let sent = centre.app.send(Some(&user), Method::POST, "/conversations/import", kind, body.into()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let place = sent.headers["location"].to_str().unwrap().to_owned();
    let look = centre.app.get(Some(&user), &place).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.body.contains("UTF-8") && look.body.contains("csv"));
    let wrong = centre.app.post(Some(&user), &place, &[("date", "tomorrow"), ("source", "我填的")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("我填的"), "nothing typed is lost");
    let fields = [("date", "2026-03-01"), ("source", "热线"), ("create_unknown", "1")];
    assert_eq!(centre.app.post(Some(&user), &place, &fields).await.status, StatusCode::SEE_OTHER);
    let running = centre.app.get(Some(&user), &place).await;
    assert!(running.body.contains("import-progress"));
    centre.run_jobs().await;
    let done = centre.app.get(Some(&user), &place).await;
    assert!(done.body.contains("机器"), "{}", done.body);
    let rejected = centre.app.get(Some(&user), &format!("{place}/rejected")).await;
    assert!(rejected.body.contains("k2,机器,滴"), "{}", rejected.body);
    let list = centre.app.get(Some(&user), "/conversations").await;
    assert!(list.body.contains("k1") && !list.body.contains("k2"));
    let nothing =
        centre.app.send(Some(&user), Method::POST, "/conversations/import", kind, "--x--\r\n".into()).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_imports_for_some_units_sees_their_own_imports_only() {
    let centre = centre().await;
    let person = centre.person("1001", "一组").await;
    let unit = centre.people.lookup().await.unwrap().unit_by_code("一组").unwrap().id;
    let everywhere = centre.specialist().await;
    let role = Role::QualitySpecialist;
    let narrowed = centre.app.user(role, Some(person), Grant::units(role, [unit])).await;
    let imports = async |user: &TestUser| -> BTreeSet<String> {
        let list = centre.app.api(user, Method::GET, "/api/v1/import-batches", None).await;
        let list: Value = serde_json::from_str(&list.body).unwrap();
        let items = list["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    centre.send(&everywhere, &json!([conversation("a-1", "1001"), {"id": "secret"}])).await;
    let others = imports(&everywhere).await.pop_first().unwrap();
    assert_eq!(imports(&narrowed).await, BTreeSet::new());
    centre.send(&narrowed, &json!([conversation("a-2", "1001"), {"id": "mine"}])).await;
    let mut seen = imports(&narrowed).await;
    assert_eq!(seen.len(), 1);
    let own = seen.pop_first().unwrap();
    assert_eq!(imports(&everywhere).await, BTreeSet::from([own.clone(), others.clone()]));
    assert_ne!(own, others);

    let list = centre.app.get(Some(&narrowed), "/conversations/imports").await.body;
    assert!(list.contains(&own) && !list.contains(&others), "{list}");
    let status = async |user: &TestUser, path: &str| {
        if path.starts_with("/api/") {
            centre.app.api(user, Method::GET, path, None).await.status
        } else {
            centre.app.get(Some(user), path).await.status
        }
    };
    for (id, expected) in [(&own, StatusCode::OK), (&others, StatusCode::NOT_FOUND)] {
        for path in [
            format!("/api/v1/import-batches/{id}"),
            format!("/api/v1/import-batches/{id}/rejected"),
            format!("/conversations/imports/{id}"),
            format!("/conversations/imports/{id}/progress"),
            format!("/conversations/imports/{id}/rejected"),
        ] {
            assert_eq!(status(&narrowed, &path).await, expected, "{path}");
            assert_eq!(status(&everywhere, &path).await, StatusCode::OK, "{path}");
        }
    }
    for path in [format!("/conversations/imports/{others}"), format!("/conversations/imports/{others}/stop")]
    {
        let answer = centre.app.post(Some(&narrowed), &path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn permissions_are_as_reviewed() {
    insta::assert_snapshot!(identity::matrix(conversations::ConversationsPermission::DEFS));
    let centre = centre().await;
    let routes: Vec<String> = conversations::module(&centre.service)
        .routes
        .infos()
        .iter()
        .map(|r| format!("{} {} {}", r.method, r.path, r.policy))
        .collect();
    insta::assert_snapshot!(routes.join("\n"));
}
