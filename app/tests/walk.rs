//! Every route of the whole product by everybody, wired as it is served.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

mod wired;

use std::collections::{BTreeMap, BTreeSet};

use audit::By;
use conversations::api::ImportOptions;
use drills::api::{Begin, TopicDraft};
use http::{Method, StatusCode, header};
use identity::{Actor, Grant};
use kernel::{PersonId, Role, UnitId};
use lianbing::wiring::{Services, permissions};
use people::api::{Wanted, WantedAgent};
use web::{
    Policy, RouteInfo,
    testing::{TestApp, TestUser, policies, walk, walk_cases},
};
use wired::wired;

/// Whose things there are: number, name, team, site, and how near that is to whoever walks.
const PEOPLE: [(&str, &str, &str, &str, &str); 4] = [
    ("1001", "李自己", "投诉一组", "北京", "own"),
    ("1002", "王同组", "投诉一组", "北京", "team"),
    ("2001", "赵别组", "投诉二组", "北京", "other team"),
    ("3001", "钱别地", "营销组", "成都", "other site"),
];

/// One person of the centre, with a conversation of theirs.
struct Owner {
    nearness: &'static str,
    name: &'static str,
    external_id: String,
    person: PersonId,
    team: UnitId,
    conversation: String,
    topic: String,
    rehearsal: String,
}

struct Centre {
    app: TestApp,
    owners: Vec<Owner>,
    site: UnitId,
    _folder: tempfile::TempDir,
}

fn conversation(number: &str, site: &str) -> String {
    format!(
        r#"{{"id":"call-{number}","source":"热线","agent":"{number}","site":"{site}","queue":"宽带","started_at":"2026-02-24T09:00:00+08:00","turns":[{{"role":"customer","text":"我要投诉，宽带坏了"}},{{"role":"agent","text":"非常抱歉，我马上查。"}}]}}"#
    )
}

/// Two sites, three teams, four people with one inspected conversation each, behind the real wiring.
async fn centre() -> Centre {
    let centre = wired().await;
    let services = &centre.services;
    let agents = PEOPLE.map(|(number, name, team, site, _)| WantedAgent {
        number: number.into(),
        name: Some(name.into()),
        team: Some(team.into()),
        site: Some(site.into()),
        since: None,
    });
    let wanted = Wanted { agents: agents.to_vec(), ..Wanted::default() };
    let lookup = services.people.ensure_now(&By::SYSTEM, &wanted).await.unwrap();
    let records = PEOPLE.iter().map(|(number, _, _, site, _)| conversation(number, site)).collect();
    let options = ImportOptions::default();
    let stored = services.conversations.intake(&By::SYSTEM, "test", &options, records).await.unwrap();
    services.runner().run_to_empty().await.unwrap();
    let unit = |code: &str| lookup.unit_by_code(code).unwrap().id;
    let mut owners = Vec::new();
    for ((number, name, team, _, nearness), answer) in PEOPLE.iter().zip(stored) {
        let person = lookup.person_by_number(number).unwrap();
        let (topic, rehearsal) = practice(services, person, name).await;
        owners.push(Owner {
            nearness,
            name,
            external_id: format!("call-{number}"),
            person,
            team: unit(team),
            conversation: answer.id.unwrap().to_string(),
            topic,
            rehearsal,
        });
    }
    let site = unit("北京");
    let (app, _, folder) = centre.serve();
    Centre { app, owners, site, _folder: folder }
}

/// A topic of one person, named after them, and a rehearsal they began.
async fn practice(services: &Services, person: PersonId, name: &str) -> (String, String) {
    let today = services.drills.today().await.unwrap();
    let known = services.behaviours.list().await.unwrap();
    let draft = TopicDraft {
        title: format!("{name}的主题"),
        behaviours: known.first().map(|known| known.id).into_iter().collect(),
        scenario: None,
        people: vec![person],
        from: today,
        to: today,
        goal: String::new(),
        origin: None,
    };
    let topic = services.drills.open_topic(&By::SYSTEM, &draft).await.unwrap();
    let begin = Begin { scenario: "billing".to_owned(), ..Begin::default() };
    let rehearsal = services.drills.begin(&By::SYSTEM, person, &begin).await.unwrap();
    (topic.to_string(), rehearsal.to_string())
}

impl Centre {
    /// Each shipped role over its own data, its team, its site and everything.
    async fn readers(&self) -> Vec<(String, TestUser, std::sync::Arc<Actor>)> {
        let me = self.owners.first().unwrap();
        let mut readers = Vec::new();
        for role in Role::ALL {
            let grants = [
                ("own", Grant::own(role)),
                ("team", Grant::units(role, [me.team])),
                ("site", Grant::units(role, [self.site])),
                ("everything", Grant::everything(role)),
            ];
            for (over, grant) in grants {
                let user = self.app.user(role, Some(me.person), grant).await;
                let actor = self.app.platform.identity().actor(user.account).await.unwrap().unwrap();
                readers.push((format!("{} over {over}", role.name()), user, actor));
            }
        }
        readers
    }

    /// The addresses of a route that names one of the four, with whose it is; none for other routes.
    fn addresses<'c>(&'c self, route: &RouteInfo) -> Vec<(String, &'c Owner)> {
        let filled = |path: &str, id: &str| path.replace("{id}", id).replace("{action}", "move");
        let of = |id: fn(&Owner) -> String| {
            self.owners.iter().map(|owner| (filled(&route.path, &id(owner)), owner)).collect()
        };
        let path = route.path.strip_prefix("/api/v1").unwrap_or(&route.path);
        match path {
            _ if path.starts_with("/people/{id}") => of(|owner| owner.person.to_string()),
            _ if path.starts_with("/conversations/{id}") => of(|owner| owner.conversation.clone()),
            // Over the API a turn names itself before anything is looked at.
            "/rehearsals/{id}/turns" => Vec::new(),
            _ if path.starts_with("/drills/{id}") => of(|owner| owner.topic.clone()),
            _ if path.starts_with("/rehearsals/{id}") => of(|owner| owner.rehearsal.clone()),
            _ => Vec::new(),
        }
    }

    async fn take(&self, user: Option<&TestUser>, method: &Method, path: &str) -> web::testing::TestAnswer {
        match user {
            Some(user) if path.starts_with("/api/") => {
                // A version, which every change over the API names: so that what is refused is the thing, not the body.
                let body = (*method != Method::GET).then(|| serde_json::json!({ "version": 1 }));
                self.app.api(user, method.clone(), path, body.as_ref()).await
            }
            _ if *method == Method::GET => self.app.get(user, path).await,
            _ => self.app.post(user, path, &[]).await,
        }
    }
}

fn permission(route: &RouteInfo) -> Option<kernel::Permission> {
    match route.policy {
        Policy::May(permission) => Some(permission),
        _ => None,
    }
}

#[tokio::test]
async fn everybody_gets_what_the_policies_promise_and_nothing_else() {
    let centre = centre().await;
    let me = centre.owners.first().unwrap();
    let cases = walk_cases(&centre.app, me.person, &[me.team]).await;
    let wrong = walk(&centre.app, &cases).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_belongs_to_others_does_not_exist() {
    let centre = centre().await;
    let (mut wrong, mut cases, mut seen) = (Vec::new(), 0, BTreeMap::<&str, usize>::new());
    for (who, user, actor) in centre.readers().await {
        for route in centre.app.platform.routes() {
            let Some(permission) = permission(route) else { continue };
            for (path, owner) in centre.addresses(route) {
                let scope = actor.may(permission);
                let may = scope.is_some_and(|scope| scope.allows(Some(owner.team), Some(owner.person)));
                // What is allowed is read, not changed: each case finds the same centre.
                if may && route.method != Method::GET {
                    continue;
                }
                cases += 1;
                let status = centre.take(Some(&user), &route.method, &path).await.status;
                let expected = if may { StatusCode::OK } else { StatusCode::NOT_FOUND };
                *seen.entry(owner.nearness).or_default() += usize::from(may);
                if status != expected {
                    wrong.push(format!(
                        "{} {} of {} by {who}: {status}",
                        route.method, route.path, owner.nearness
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    // The nearer, the more: the walk met every kind, and saw some of each and not all.
    let counts: Vec<usize> = ["own", "team", "other team", "other site"].map(|of| seen[of]).to_vec();
    assert!(counts.is_sorted_by(|a, b| a > b) && counts.iter().all(|n| *n > 0), "{seen:?}");
    assert!(cases > 1_000, "{cases}");
}

#[tokio::test]
async fn no_list_names_what_its_reader_may_not_see() {
    let centre = centre().await;
    let more = [
        "/conversations?q=%E5%AE%BD%E5%B8%A6",
        "/conversations?format=csv",
        "/people?format=csv",
        "/uptake?by=agent",
        "/api/v1/uptake?by=agent",
    ];
    let mut wrong = Vec::new();
    for (who, user, actor) in centre.readers().await {
        for route in centre.app.platform.routes() {
            let Some(permission) = permission(route) else { continue };
            if route.method != Method::GET || route.path.contains('{') {
                continue;
            }
            let Some(scope) = actor.may(permission) else { continue };
            let with_more = more.iter().filter(|path| path.split('?').next() == Some(&route.path)).copied();
            for path in std::iter::once(route.path.as_str()).chain(with_more) {
                let answer = centre.take(Some(&user), &Method::GET, path).await;
                let hidden =
                    centre.owners.iter().filter(|owner| !scope.allows(Some(owner.team), Some(owner.person)));
                for owner in hidden {
                    let told = [owner.name, owner.external_id.as_str(), owner.conversation.as_str()];
                    let told: Vec<_> = told.into_iter().filter(|word| answer.body.contains(word)).collect();
                    if !told.is_empty() {
                        wrong.push(format!("GET {path} tells {who} of {}: {told:?}", owner.nearness));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_everywhere() {
    let centre = centre().await;
    let me = centre.owners.first().unwrap();
    let everything = Grant::everything(Role::Manager);
    let user = centre.app.user(Role::Manager, Some(me.person), everything).await;
    let before = centre.app.get(Some(&user), &format!("/conversations/{}", me.conversation)).await;
    assert_eq!(before.status, StatusCode::OK);
    centre.app.platform.identity().disable(&By::SYSTEM, user.account).await.unwrap();
    for route in centre.app.platform.routes().iter().filter(|route| route.policy != Policy::Public) {
        if route.policy == Policy::Loopback {
            continue;
        }
        for (path, _) in centre.addresses(route).into_iter().chain([(route.path.clone(), me)]) {
            let answer = centre.take(Some(&user), &route.method, &path).await;
            let to = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
            let is_out = answer.status == StatusCode::UNAUTHORIZED
                || (answer.status == StatusCode::SEE_OTHER && to.starts_with("/sign-in"));
            assert!(is_out, "{} {path}: {} {to}", route.method, answer.status);
        }
    }
}

#[tokio::test]
async fn the_policies_of_all_routes_can_be_reviewed() {
    let centre = centre().await;
    let known: BTreeSet<_> = permissions().iter().map(|def| def.permission).collect();
    for route in centre.app.platform.routes() {
        let is_known = permission(route).is_none_or(|permission| known.contains(&permission));
        assert!(is_known, "nobody can hold {} of {} {}", route.policy, route.method, route.path);
    }
    insta::assert_snapshot!(policies(&centre.app.platform));
}
