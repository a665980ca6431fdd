//! Every route by everybody, over the platform's own pages and a small context made for this test.
#![expect(clippy::unwrap_used, reason = "a test stops here")]

mod common;

use std::collections::BTreeSet;

use axum::{
    extract::{Query, State},
    response::IntoResponse,
};
use common::{administrator, json, person, servers, unit};
use http::{Method, Request, StatusCode, header};
use identity::{Grant, permissions};
use kernel::{PersonId, Role, UnitId};
use maud::html;
use messages::{Problem, Text};
use store::{Ask, Db, sql};
use web::{
    Answer, Form, Module, Reader, Routes, Settings,
    api::{Json, Path},
    testing::{TestApp, policies, walk, walk_cases},
};

permissions! {
    /// What may be done with things.
    pub enum ThingPermission in "things" {
        View = "view" ("查看物品", "See things") for [Agent: Own, TeamLeader: Units, Manager: Everything];
        Rename = "rename" ("改名", "Rename things") for [TeamLeader: Units, Manager: Everything];
    }
}

/// Things of four owners: mine, of a colleague in my team, of another team, of another site.
#[derive(Clone)]
struct Things(Db);

struct Thing {
    id: PersonId,
    name: &'static str,
    unit: UnitId,
    owner: PersonId,
}

fn things() -> Vec<Thing> {
    [("mine", 1, 1), ("of my team", 1, 2), ("of another team", 2, 3), ("of another site", 9, 4)]
        .into_iter()
        .zip(0x100..)
        .map(|((name, team, owner), id)| Thing {
            id: person(id),
            name,
            unit: unit(team),
            owner: person(owner),
        })
        .collect()
}

fn visible<'t>(reader: &Reader, things: &'t [Thing]) -> Vec<&'t Thing> {
    things.iter().filter(|thing| reader.scope.allows(Some(thing.unit), Some(thing.owner))).collect()
}

async fn list(reader: Reader) -> Answer {
    let things = things();
    let seen = visible(&reader, &things);
    Ok(reader.page(&ui::Page::new(
        Text::fixed("物品", "Things"),
        html! { ul { @for thing in seen { li { (thing.name) } } } },
    )))
}

async fn show(reader: Reader, Path(id): Path<PersonId>) -> Answer {
    let things = things();
    let seen = visible(&reader, &things);
    let thing = seen.into_iter().find(|thing| thing.id == id).ok_or_else(Problem::not_found)?;
    Ok(reader.page(&ui::Page::new(Text::verbatim(thing.name), html! {})))
}

async fn rename(reader: Reader, Path(id): Path<PersonId>, Form(_): Form) -> Answer {
    let things = things();
    visible(&reader, &things).into_iter().find(|thing| thing.id == id).ok_or_else(Problem::not_found)?;
    Ok(reader.done(&ui::Href::new("/things"), &Text::fixed("已改名", "Renamed")))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
struct NewThing {
    name: String,
}

/// Adds a thing; as good as none, but counted.
#[utoipa::path(post, path = "/api/v1/things", responses((status = 200, body = String)))]
async fn add(State(Things(db)): State<Things>, reader: Reader, Json(new): Json<NewThing>) -> Answer {
    let mut tx = db.write(&reader.by(), "things.thing_added").await?;
    tx.content(new.name.as_bytes());
    tx.commit().await?;
    Ok(Json(new.name).into_response())
}

#[derive(serde::Deserialize)]
struct Explode {
    really: Option<u8>,
}

/// Fails in the way no handler should.
async fn explode(Query(query): Query<Explode>) -> Answer {
    assert!(query.really.is_none(), "this handler was told to panic");
    Ok("calm".into_response())
}

fn module(db: &Db) -> Module {
    let routes = Routes::new()
        .get("/things", ThingPermission::View, list)
        .get("/things/{id}", ThingPermission::View, show)
        .get("/things/explode", ThingPermission::View, explode)
        .post("/things/{id}/rename", ThingPermission::Rename, rename)
        .api(ThingPermission::Rename, utoipa_axum::routes!(add))
        .with_state(Things(db.clone()));
    Module { name: "things", permissions: ThingPermission::DEFS, routes, nav: Vec::new(), today: Vec::new() }
}

#[tokio::test]
async fn everybody_gets_what_the_policies_promise_and_nothing_else() {
    for app in servers(Settings::default(), |db| vec![module(db)]).await {
        let cases = walk_cases(&app, person(1), &[unit(1)]).await;
        assert_eq!(cases.len(), 1 + 3 * Role::ALL.len() + 1);
        let wrong = walk(&app, &cases).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn the_walk_notices_a_broken_promise() {
    let app = servers(Settings::default(), |db| vec![module(db)]).await.remove(0);
    let mut cases = walk_cases(&app, person(1), &[unit(1)]).await;
    // Told that an agent may nothing and that nobody is somebody, it must complain about both.
    let nobody = kernel::AccountId(person(99).0);
    for case in &mut cases {
        case.actor = case.actor.take().map(|_| identity::Actor::new(nobody, None, "x", []).into());
    }
    let wrong = walk(&app, &cases).await;
    assert!(
        wrong.iter().any(|line| line
            .contains("GET /things (things.view) by agent over own: 200 OK  without the permission")),
        "{wrong:#?}"
    );
    let manager = cases.into_iter().find(|case| case.name == "manager over everything").unwrap();
    let actor = app.platform.identity().actor(manager.user.as_ref().unwrap().account).await.unwrap();
    let stranger = web::testing::WalkCase { name: "a stranger".to_owned(), user: None, actor };
    let wrong = walk(&app, &[stranger]).await;
    assert!(
        wrong.iter().any(|line| line.contains("GET /things (things.view) by a stranger: 303")),
        "{wrong:#?}"
    );
}

#[tokio::test]
async fn a_scope_opens_exactly_its_rows() {
    for app in servers(Settings::default(), |db| vec![module(db)]).await {
        let all: BTreeSet<&str> = things().iter().map(|thing| thing.name).collect();
        let check = async |role: Role, grant: Grant, expected: &[&str]| {
            let who = format!("{} over {}", role.name(), grant.reach.name());
            let user = app.user(role, Some(person(1)), grant).await;
            let page = app.get(Some(&user), "/things").await;
            let expected: BTreeSet<&str> = expected.iter().copied().collect();
            let seen: BTreeSet<&str> =
                all.iter().copied().filter(|name| page.body.contains(&format!("<li>{name}</li>"))).collect();
            assert_eq!(seen, expected, "{who}");
            for thing in things() {
                let status = app.get(Some(&user), &format!("/things/{}", thing.id)).await.status;
                let allowed =
                    if expected.contains(thing.name) { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(status, allowed, "{who}: {}", thing.name);
            }
        };
        check(Role::Agent, Grant::own(Role::Agent), &["mine"]).await;
        check(Role::Agent, Grant::everything(Role::Agent), &["mine"]).await;
        check(Role::TeamLeader, Grant::units(Role::TeamLeader, [unit(1)]), &["mine", "of my team"]).await;
        check(Role::TeamLeader, Grant::units(Role::TeamLeader, [unit(2)]), &["mine", "of another team"])
            .await;
        check(Role::Manager, Grant::everything(Role::Manager), &all.iter().copied().collect::<Vec<_>>())
            .await;
    }
}

#[tokio::test]
async fn a_repeated_request_is_carried_out_once() {
    for app in servers(Settings::default(), |db| vec![module(db)]).await {
        let manager = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
        let added = async |app: &TestApp| {
            app.platform
                .db()
                .count(sql!("SELECT COUNT(*) FROM audit_entry WHERE action = 'things.thing_added'"))
                .await
                .unwrap()
        };
        let call = async |key: &str, body: &str| {
            let request = Request::builder()
                .method(Method::POST)
                .uri("/api/v1/things")
                .header(header::AUTHORIZATION, format!("Bearer {}", manager.token))
                .header("idempotency-key", key);
            app.answer(request.body(body.to_owned().into()).unwrap()).await
        };
        let first = call("k1", r#"{"name":"drum"}"#).await;
        let again = call("k1", r#"{"name":"drum"}"#).await;
        assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK), "{}", first.body);
        assert_eq!(
            (&first.body, again.headers["idempotent-replayed"].to_str().unwrap()),
            (&again.body, "true")
        );
        assert_eq!(added(&app).await, 1);
        let other = call("k1", r#"{"name":"bell"}"#).await;
        assert_eq!(
            (other.status, json(&other)["code"].as_str()),
            (StatusCode::CONFLICT, Some("api.idempotency_key_reused"))
        );
        assert_eq!(call("k2", r#"{"name":"bell"}"#).await.status, StatusCode::OK);
        assert_eq!(call(&"k".repeat(201), "{}").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(added(&app).await, 2);
        let broken = call("k3", "{").await;
        assert_eq!(
            (broken.status, json(&broken)["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("api.body"))
        );
        assert_eq!(call("k3", r#"{"name":"gong"}"#).await.status, StatusCode::OK, "a failure is not kept");
    }
}

#[tokio::test]
async fn a_panic_becomes_our_page_and_the_server_goes_on() {
    let app = servers(Settings::default(), |db| vec![module(db)]).await.remove(0);
    let manager = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let failed = app.get(Some(&manager), "/things/explode?really=1").await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(failed.body.contains("系统出错了") && !failed.body.contains("told to panic"));
    assert_eq!(app.get(Some(&manager), "/things/explode").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_policies_of_the_platform_can_be_reviewed() {
    let app = common::plain().await;
    insta::assert_snapshot!(policies(&app.platform));
    let user = administrator(&app).await;
    let document = app.api(&user, Method::GET, "/api/v1/openapi.json", None).await;
    for path in ["/api/v1/me", "/api/v1/accounts", "/api/v1/jobs/{id}", "/api/v1/audit"] {
        let operation = &json(&document)["paths"][path]["get"];
        assert!(
            operation["responses"]["200"].is_object() && operation["responses"]["401"].is_object(),
            "{path}"
        );
    }
}
