//! Pages and API of this context on a whole server.

#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use axum::body::Body;
use http::{Method, StatusCode};
use identity::Grant;
use kernel::{PersonId, Role, UnitId};
use people::api::{People, Wanted, WantedAgent};
use serde_json::json;
use web::testing::{TestAnswer, TestApp, TestUser};

struct Centre {
    _folder: tempfile::TempDir,
    app: TestApp,
    people: People,
}

/// Two teams of two on one site.
async fn centre() -> Centre {
    let folder = tempfile::tempdir().unwrap();
    let migrations = [web::testing::MIGRATIONS, &[people::MIGRATIONS]].concat();
    let db = store::testing::sqlite(folder.path(), &web::testing::env(), &migrations).await.unwrap();
    let people = People::open(&db).await.unwrap();
    let agent = |number: &str, name: &str, team: &str| WantedAgent {
        number: number.into(),
        name: Some(name.into()),
        team: Some(team.into()),
        site: Some("北京".into()),
        since: None,
    };
    let agents = vec![
        agent("1001", "李明", "投诉一组"),
        agent("1002", "王芳", "投诉一组"),
        agent("2001", "赵强", "营销组"),
        agent("2002", "=钱多", "营销组"),
    ];
    people.ensure_now(&audit::By::SYSTEM, &Wanted { agents, ..Wanted::default() }).await.unwrap();
    let module = people::module(&people, Vec::new());
    let app = TestApp::new(db, people.directory(), web::Settings::default(), vec![module]).await;
    Centre { _folder: folder, app, people }
}

impl Centre {
    async fn person(&self, number: &str) -> PersonId {
        self.people.lookup().await.unwrap().person_by_number(number).unwrap()
    }

    async fn unit(&self, code: &str) -> UnitId {
        self.people.lookup().await.unwrap().unit_by_code(code).unwrap().id
    }

    async fn administrator(&self) -> TestUser {
        self.app.user(Role::Administrator, None, Grant::everything(Role::Administrator)).await
    }
}

fn to(answer: &TestAnswer) -> &str {
    answer.headers.get("location").unwrap().to_str().unwrap()
}

/// What stands in the page's main part, without what differs from run to run.
fn main_part(answer: &TestAnswer) -> String {
    let (_, rest) = answer.body.split_once("<main").unwrap();
    let (main, _) = rest.split_once("</main>").unwrap();
    main.replace("><", ">\n<")
}

#[tokio::test]
async fn each_reader_sees_their_own_part_and_the_rest_does_not_exist() {
    let centre = centre().await;
    let (own, mate, other) =
        (centre.person("1001").await, centre.person("1002").await, centre.person("2001").await);
    let team = centre.unit("投诉一组").await;
    let agent = centre.app.user(Role::Agent, Some(own), Grant::own(Role::Agent)).await;
    let leader = centre.app.user(Role::TeamLeader, Some(own), Grant::units(Role::TeamLeader, [team])).await;
    let auditor = centre.app.user(Role::Auditor, None, Grant::everything(Role::Auditor)).await;
    let check = async |user: &TestUser, seen: &[PersonId], hidden: &[PersonId]| {
        let list = centre.app.get(Some(user), "/people").await;
        assert_eq!(list.status, StatusCode::OK);
        for (ids, status) in [(seen, StatusCode::OK), (hidden, StatusCode::NOT_FOUND)] {
            for id in ids {
                assert_eq!(list.body.contains(&id.to_string()), status == StatusCode::OK, "{id} in the list");
                let page = centre.app.get(Some(user), &format!("/people/{id}")).await;
                assert_eq!(page.status, status, "{id}");
                let api = centre.app.api(user, Method::GET, &format!("/api/v1/people/{id}"), None).await;
                assert_eq!(api.status, status, "{id}");
            }
        }
        let edit = centre.app.get(Some(user), &format!("/people/{own}/edit")).await;
        assert_eq!(edit.status, StatusCode::NOT_FOUND);
    };
    check(&agent, &[own], &[mate, other]).await;
    check(&leader, &[own, mate], &[other]).await;
    check(&auditor, &[own, mate, other], &[]).await;
    assert!(!centre.app.get(Some(&agent), "/units").await.body.contains("营销组"));
    assert!(centre.app.get(Some(&auditor), "/units").await.body.contains("营销组"));
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_whole() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let typed =
        [("number", "1001"), ("name", "孙悟空"), ("employed_from", "昨天"), ("unit", ""), ("since", "")];
    let answer = centre.app.post(Some(&admin), "/people/new", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("孙悟空") && answer.body.contains("“昨天”不是日期"), "{}", answer.body);
    let typed = [("number", "1001"), ("name", "孙悟空"), ("employed_from", "2026-03-01")];
    let answer = centre.app.post(Some(&admin), "/people/new", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("工号“1001”已被使用") && answer.body.contains("2026-03-01"));
    let team = centre.unit("营销组").await.to_string();
    let typed =
        [("number", "3001"), ("name", "孙悟空"), ("employed_from", "2026-03-01"), ("unit", team.as_str())];
    let answer = centre.app.post(Some(&admin), "/people/new", &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = centre.app.get(Some(&admin), to(&answer)).await;
    assert!(page.body.contains("孙悟空") && page.body.contains("北京 / 营销组"));
}

#[tokio::test]
async fn the_second_editor_sees_both_and_can_decide() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let path = format!("/people/{}/edit", centre.person("1001").await);
    let fields = |name: &'static str, version: &'static str| {
        [("number", "1001"), ("name", name), ("version", version)]
    };
    let first = centre.app.post(Some(&admin), &path, &fields("李明明", "1")).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = centre.app.post(Some(&admin), &path, &fields("李小明", "1")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.body.contains("李明明") && second.body.contains("李小明"), "theirs beside yours");
    assert!(second.body.contains(r#"name="version" value="2""#), "saving again is a decision");
    let again = centre.app.post(Some(&admin), &path, &fields("李小明", "2")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn people_move_leave_lead_and_learn_by_forms() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let id = centre.person("1001").await;
    let team = centre.unit("营销组").await.to_string();
    let skill = centre.people.add_skill(&audit::By::SYSTEM, "安抚").await.unwrap().to_string();
    let act = async |action: &str, fields: &[(&str, &str)]| {
        let path = format!("/people/{id}/{action}");
        assert_eq!(centre.app.get(Some(&admin), &path).await.status, StatusCode::OK, "{action}");
        centre.app.post(Some(&admin), &path, fields).await.status
    };
    assert_eq!(
        act("move", &[("unit", &team), ("from", ""), ("version", "1")]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        act("move", &[("unit", &team), ("from", "2026-03-01"), ("version", "1")]).await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        act("lead", &[("unit", &team), ("from", "2026-03-01"), ("version", "2")]).await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        act("skill", &[("skill", &skill), ("level", "4"), ("version", "3")]).await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        act("stop-leading", &[("unit", &team), ("last", "2026-03-02"), ("version", "4")]).await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(act("leave", &[("last", "2026-03-31"), ("version", "1")]).await, StatusCode::CONFLICT);
    assert_eq!(
        act("leave", &[("last", "2026-03-31"), ("reason", "转岗"), ("version", "5")]).await,
        StatusCode::SEE_OTHER
    );
    let unknown = centre.app.get(Some(&admin), &format!("/people/{id}/promote")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let page = centre.app.get(Some(&admin), &format!("/people/{id}")).await;
    insta::assert_snapshot!("person_page", main_part(&page).replace(&id.to_string(), "ID"));
}

#[tokio::test]
async fn the_list_shows_sorts_and_exports_what_is_asked() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let page = centre.app.get(Some(&admin), "/people?sort=-number&q=%E5%BC%BA").await;
    assert!(page.body.contains("赵强") && !page.body.contains("李明"));
    let csv =
        centre.app.get(Some(&admin), "/people?sort=-number&cols=number&cols=name&cols=unit&format=csv").await;
    assert_eq!(csv.status, StatusCode::OK);
    let expected = "工号,姓名,所在单元\r\n2002,'=钱多,北京 / 营销组\r\n2001,赵强,北京 / 营销组\r\n\
                    1002,王芳,北京 / 投诉一组\r\n1001,李明,北京 / 投诉一组\r\n";
    assert_eq!(csv.body.trim_start_matches('\u{FEFF}'), expected);
    let none = centre.app.get(Some(&admin), "/people?q=nobody").await;
    assert!(none.status == StatusCode::OK && none.body.contains("empty"));
}

#[tokio::test]
async fn a_file_is_looked_at_let_in_and_mended() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let bring = async |content: &[u8]| {
        let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"名单.csv\"\r\n\r\n";
        let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
        let kind = Some("multipart/form-data; boundary=b");
        centre.app.send(Some(&admin), Method::POST, "/people/import", kind, Body::from(body)).await
    };
    assert_eq!(bring(b"PK\x03\x04 a workbook").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bring(b"").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (gbk, _, _) = encoding_rs::GBK.encode("工号,称呼,班组\n5001,周周,新组\n5002,,新组\n");
    let answer = bring(&gbk).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let path = to(&answer).to_owned();
    let look = centre.app.get(Some(&admin), &path).await;
    assert_eq!(look.status, StatusCode::UNPROCESSABLE_ENTITY, "no column is the name yet");
    let mapped = [("column", "number"), ("column", "name"), ("column", "team")];
    let look = centre.app.post(Some(&admin), &path, &[&mapped[..], &[("then", "look")]].concat()).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.body.contains("GBK") && look.body.contains("周周") && look.body.contains("新组"));
    assert!(
        centre.people.lookup().await.unwrap().person_by_number("5001").is_none(),
        "looking stores nothing"
    );
    let done = centre.app.post(Some(&admin), &path, &[&mapped[..], &[("then", "import")]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let id = centre.person("5001").await;
    assert_eq!(centre.people.lookup().await.unwrap().person(id).unwrap().name, "周周");
    let outcome = centre.app.get(Some(&admin), &path).await;
    assert!(outcome.body.contains("/rejected"));
    let rejected = centre.app.get(Some(&admin), &format!("{path}/rejected")).await;
    assert!(rejected.body.contains("5002") && rejected.body.contains("请填写"), "{}", rejected.body);
    let other = centre.administrator().await;
    assert_eq!(
        centre.app.get(Some(&other), &path).await.status,
        StatusCode::NOT_FOUND,
        "another account's file"
    );
}

#[tokio::test]
async fn structure_is_added_and_renamed() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let empty = centre.app.get(Some(&admin), "/structure").await;
    insta::assert_snapshot!("structure_page_empty", main_part(&empty));
    for kind in ["line-of-business", "queue", "skill"] {
        let path = format!("/structure/{kind}/new");
        assert_eq!(centre.app.get(Some(&admin), &path).await.status, StatusCode::OK);
        assert_eq!(
            centre.app.post(Some(&admin), &path, &[("name", "报障")]).await.status,
            StatusCode::SEE_OTHER
        );
        let twice = centre.app.post(Some(&admin), &path, &[("name", "报障")]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let queue = centre.people.lookup().await.unwrap().queue_by_name("报障").unwrap().id;
    let path = format!("/structure/queue/{queue}");
    let renamed = [("name", "宽带"), ("line_of_business", ""), ("version", "1")];
    assert_eq!(centre.app.post(Some(&admin), &path, &renamed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(centre.app.post(Some(&admin), &path, &renamed).await.status, StatusCode::CONFLICT);
    assert_eq!(centre.app.get(Some(&admin), "/structure/planet/new").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn units_are_added_edited_and_closed() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let site = centre.unit("北京").await.to_string();
    let fields =
        [("kind", "team"), ("name", "夜班组"), ("code", "night"), ("parent", site.as_str()), ("zone", "")];
    assert_eq!(centre.app.post(Some(&admin), "/units/new", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        centre.app.post(Some(&admin), "/units/new", &fields).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let night = centre.unit("night").await;
    let edit = format!("/units/{night}/edit");
    assert!(centre.app.get(Some(&admin), &edit).await.body.contains("夜班组"));
    let own = night.to_string();
    let below_itself = [("name", "夜班组"), ("code", "night"), ("parent", own.as_str()), ("version", "1")];
    assert_eq!(
        centre.app.post(Some(&admin), &edit, &below_itself).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let close = format!("/units/{night}/close");
    let day = [("closed_from", "2026-04-01"), ("version", "1")];
    assert_eq!(centre.app.post(Some(&admin), &close, &day).await.status, StatusCode::SEE_OTHER);
    assert_eq!(centre.app.post(Some(&admin), &close, &day).await.status, StatusCode::CONFLICT);
    let team = centre.unit("营销组").await;
    let full = centre.app.post(Some(&admin), &format!("/units/{team}/close"), &day).await;
    assert_eq!(full.status, StatusCode::UNPROCESSABLE_ENTITY);
    let tree = centre.app.get(Some(&admin), "/units").await;
    let mut shown = main_part(&tree);
    for unit in centre.people.lookup().await.unwrap().units() {
        shown = shown.replace(&unit.id.to_string(), &format!("ID-{}", unit.code));
    }
    insta::assert_snapshot!("units_page", shown);
}

#[tokio::test]
async fn the_api_reads_adds_and_changes() {
    let centre = centre().await;
    let admin = centre.administrator().await;
    let call = async |method: Method, path: &str, body: Option<serde_json::Value>| {
        let answer = centre.app.api(&admin, method, path, body.as_ref()).await;
        (answer.status, serde_json::from_str::<serde_json::Value>(&answer.body).unwrap_or_default())
    };
    let (mut cursor, mut numbers) = (String::new(), Vec::new());
    loop {
        let (status, page) = call(Method::GET, &format!("/api/v1/people?limit=3{cursor}"), None).await;
        assert_eq!(status, StatusCode::OK);
        numbers.extend(
            page["items"].as_array().unwrap().iter().map(|p| p["number"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        cursor =
            format!("&cursor={}", serde_urlencoded::to_string([("", next)]).unwrap().trim_start_matches('='));
    }
    assert_eq!(numbers, ["1001", "1002", "2001", "2002"]);
    let (status, _) = call(Method::GET, "/api/v1/people?cursor=nonsense", None).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let team = centre.unit("营销组").await;
    let new = json!({"number": "9001", "name": "Ada", "employed_from": "2026-03-01", "unit": team});
    let (status, added) = call(Method::POST, "/api/v1/people", Some(new.clone())).await;
    assert_eq!((status, &added["unit"]), (StatusCode::CREATED, &json!(team)));
    let (status, problem) = call(Method::POST, "/api/v1/people", Some(new)).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("number"))
    );
    let path = format!("/api/v1/people/{}", added["id"].as_str().unwrap());
    let (status, changed) =
        call(Method::PATCH, &path, Some(json!({"version": 1, "name": "Ada L", "employed_from": null}))).await;
    assert_eq!(
        (status, &changed["name"], &changed["employed_from"]),
        (StatusCode::OK, &json!("Ada L"), &json!(null))
    );
    let (status, problem) = call(Method::PATCH, &path, Some(json!({"version": 1, "name": "Late"}))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("people.changed_in_between")));
    for (path, body) in [
        ("/api/v1/units", json!({"kind": "site", "code": "sh", "name": "上海"})),
        ("/api/v1/queues", json!({"name": "宽带"})),
        ("/api/v1/lines-of-business", json!({"name": "报障"})),
        ("/api/v1/skills", json!({"name": "安抚"})),
    ] {
        assert_eq!(call(Method::POST, path, Some(body.clone())).await.0, StatusCode::CREATED, "{path}");
        assert_eq!(call(Method::POST, path, Some(body)).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let (status, page) = call(Method::GET, path, None).await;
        assert!(status == StatusCode::OK && !page["items"].as_array().unwrap().is_empty(), "{path}");
    }
}

#[test]
fn who_may_do_what() {
    insta::assert_snapshot!("permissions", identity::matrix(people::api::PeoplePermission::DEFS));
}
