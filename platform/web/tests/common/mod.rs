//! What the tests of the server share.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{collections::BTreeMap, sync::Arc};

use axum::body::Body;
use http::{Method, Request, header};
use identity::Grant;
use kernel::{Flat, PersonId, Role, UnitId};
use messages::Text;
use store::Db;
use web::{
    Module, Places, PlacesRef, Settings,
    testing::{MIGRATIONS, TestAnswer, TestApp, TestUser, env},
};

/// A server over a fresh database, and the folder that holds it.
pub struct Server {
    pub app: TestApp,
    _folder: tempfile::TempDir,
}

impl std::ops::Deref for Server {
    type Target = TestApp;
    fn deref(&self) -> &TestApp {
        &self.app
    }
}

/// A server on every database that is named: SQLite always.
pub async fn servers(settings: Settings, modules: impl Fn(&Db) -> Vec<Module>) -> Vec<Server> {
    let folder = tempfile::tempdir().unwrap();
    let mut folder = Some(folder);
    let mut servers = Vec::new();
    let databases = store::testing::each(folder.as_ref().unwrap().path(), &env(), MIGRATIONS).await.unwrap();
    for db in databases {
        let modules = modules(&db);
        let app = TestApp::new(db, Arc::new(Flat), settings.clone(), modules).await;
        servers.push(Server { app, _folder: folder.take().unwrap_or_else(|| tempfile::tempdir().unwrap()) });
    }
    servers
}

/// A server without modules on SQLite.
pub async fn server(settings: Settings) -> Server {
    servers(settings, |_| Vec::new()).await.remove(0)
}

/// The usual server.
pub async fn plain() -> Server {
    server(Settings::default()).await
}

pub fn unit(n: u128) -> UnitId {
    UnitId(uuid_of(0xA000 + n))
}

pub fn person(n: u128) -> PersonId {
    PersonId(uuid_of(0xB000 + n))
}

fn uuid_of(n: u128) -> kernel::macros::uuid::Uuid {
    kernel::macros::uuid::Uuid::from_u128(n)
}

/// Two teams and one person.
struct Names(BTreeMap<UnitId, Text>);

impl Places for Names {
    fn units(&self) -> Vec<(UnitId, Text)> {
        self.0.iter().map(|(id, name)| (*id, name.clone())).collect()
    }

    fn person_name(&self, person: PersonId) -> Option<String> {
        (person == self::person(1)).then(|| "林晓燕".to_owned())
    }

    fn person_called(&self, _words: &str) -> Option<PersonId> {
        None
    }
}

/// Settings in which units and people have names.
pub fn with_names() -> Settings {
    let names = BTreeMap::from([
        (unit(1), Text::fixed("宽带故障一组", "Broadband faults 1")),
        (unit(2), Text::fixed("账务二组", "Billing 2")),
    ]);
    Settings { places: PlacesRef::new(Names(names)), ..Settings::default() }
}

pub async fn administrator(app: &TestApp) -> TestUser {
    app.user(Role::Administrator, None, Grant::everything(Role::Administrator)).await
}

/// A request as a browser on the same site sends it.
pub fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin")
}

/// A form posted with extra headers.
pub async fn post_with(app: &TestApp, path: &str, headers: &[(&str, &str)], body: &str) -> TestAnswer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.answer(request.body(Body::from(body.to_owned())).unwrap()).await
}

pub fn location(answer: &TestAnswer) -> &str {
    answer.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
}

/// All cookies that an answer sets.
pub fn cookies(answer: &TestAnswer) -> Vec<String> {
    answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

/// `name=value` of the first cookie whose name begins so.
pub fn cookie(answer: &TestAnswer, name: &str) -> String {
    let found = cookies(answer).into_iter().find(|cookie| cookie.starts_with(name));
    let found = found.unwrap_or_else(|| panic!("no cookie {name}: {:?}", answer.headers));
    found.split(';').next().unwrap().to_owned()
}

/// A page read with one cookie.
pub async fn get_with_cookie(app: &TestApp, path: &str, cookie: &str) -> TestAnswer {
    let request = request(Method::GET, path).header(header::COOKIE, cookie);
    app.answer(request.body(Body::empty()).unwrap()).await
}

pub fn json(answer: &TestAnswer) -> serde_json::Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}
