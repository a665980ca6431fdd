//! The generated walk: every route by everybody, against what its policy promises.

use std::{collections::BTreeSet, fmt::Write, sync::Arc};

use axum::body::Body;
use http::{Method, StatusCode, header};
use identity::{Actor, Grant};
use kernel::{PersonId, Role, UnitId};

use super::{TestAnswer, TestApp, TestUser};
use crate::{Platform, Policy, RouteInfo};

/// Somebody who takes every route.
pub struct WalkCase {
    /// Who it is, for the report.
    pub name: String,
    /// Their account; nobody for an anonymous visitor.
    pub user: Option<TestUser>,
    /// What they may do, as identity says; `None` for whoever must be treated as not signed in: nobody, and
    /// somebody whose account was disabled.
    pub actor: Option<Arc<Actor>>,
}

/// Everybody whom a walk needs: nobody, each shipped role over its own data, over `units` and over everything,
/// and a disabled administrator whose cookie and token are kept.
///
/// # Panics
/// When an account cannot be made.
#[expect(clippy::expect_used, reason = "tests stop here")]
pub async fn walk_cases(app: &TestApp, person: PersonId, units: &[UnitId]) -> Vec<WalkCase> {
    let identity = app.platform.identity();
    let mut cases = vec![WalkCase { name: "nobody".to_owned(), user: None, actor: None }];
    for role in Role::ALL {
        for grant in [Grant::own(role), Grant::units(role, units.iter().copied()), Grant::everything(role)] {
            let name = format!("{} over {}", role.name(), grant.reach.name());
            let user = app.user(role, Some(person), grant).await;
            let actor = identity.actor(user.account).await.expect("the account is read");
            cases.push(WalkCase { name, user: Some(user), actor });
        }
    }
    let shut_out = app.user(Role::Administrator, Some(person), Grant::everything(Role::Administrator)).await;
    identity.disable(&audit::By::SYSTEM, shut_out.account).await.expect("the account is disabled");
    cases.push(WalkCase { name: "a disabled account".to_owned(), user: Some(shut_out), actor: None });
    cases
}

/// Takes every route of the running server as each of `cases`, with a random id wherever the path takes one and
/// an empty form or body. Returns what contradicts the policies, one line each; a test asserts that there is
/// nothing.
///
/// - Whoever is not signed in is led to the sign-in page (reading a page) or answered 401.
/// - Whoever lacks a permission is answered 404, as if there were nothing.
/// - Whoever holds it is never answered 401 nor led to the sign-in page.
/// - Nobody is ever answered 5xx.
pub async fn walk(app: &TestApp, cases: &[WalkCase]) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases {
        for route in app.platform.routes() {
            // What is public answers everybody alike. Taken with a cookie, one of them would sign its bearer out.
            let user = case.user.as_ref().filter(|_| route.policy != Policy::Public);
            if route.policy == Policy::Public && case.user.is_some() {
                continue;
            }
            let answer = take(app, user, route).await;
            if let Some(complaint) = judge(case.actor.as_deref(), route, &answer) {
                wrong.push(format!(
                    "{} {} ({}) by {}: {complaint}",
                    route.method, route.path, route.policy, case.name
                ));
            }
        }
    }
    wrong
}

async fn take(app: &TestApp, user: Option<&TestUser>, route: &RouteInfo) -> TestAnswer {
    let path = filled(&route.path, &app.platform);
    if !route.path.starts_with("/api/") {
        let form = (route.method != Method::GET).then_some("application/x-www-form-urlencoded");
        return app.send(user, route.method.clone(), &path, form, Body::empty()).await;
    }
    let mut request = http::Request::builder()
        .method(route.method.clone())
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(user) = user {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", user.token));
    }
    app.answer(request.body(Body::from("{}")).unwrap_or_default()).await
}

/// The path with a new id for each of its parts in braces.
fn filled(path: &str, platform: &Platform) -> String {
    let part = |part: &str| {
        if part.starts_with('{') {
            platform.env().id::<kernel::PersonId>().to_string()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn judge(actor: Option<&Actor>, route: &RouteInfo, answer: &TestAnswer) -> Option<String> {
    let status = answer.status;
    let location =
        answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let led_to_sign_in = status == StatusCode::SEE_OTHER && location.starts_with("/sign-in");
    let told = format!("{status} {location}");
    if status.is_server_error() {
        return Some(format!("{told}, a failure of ours"));
    }
    let permission = match route.policy {
        Policy::Public | Policy::Loopback => return None,
        Policy::SignedIn => None,
        Policy::May(permission) => Some(permission),
    };
    let Some(actor) = actor else {
        let reads_page = route.method == Method::GET && !route.path.starts_with("/api/");
        let kept_out = if reads_page { led_to_sign_in } else { status == StatusCode::UNAUTHORIZED };
        return (!kept_out).then(|| format!("{told} to somebody who is not signed in"));
    };
    let may =
        permission.is_none_or(|permission| actor.may(permission).is_some_and(|scope| !scope.is_nothing()));
    if !may && status != StatusCode::NOT_FOUND {
        return Some(format!("{told} without the permission"));
    }
    (may && (led_to_sign_in || status == StatusCode::UNAUTHORIZED))
        .then(|| format!("{told} with the permission"))
}

/// Every route with its policy, one line each in the order of paths: for a reviewed snapshot.
pub fn policies(platform: &Platform) -> String {
    let lines: BTreeSet<_> = platform
        .routes()
        .iter()
        .map(|route| (route.path.as_str(), route.method.as_str(), route.policy.to_string()))
        .collect();
    let mut table = String::new();
    for (path, method, policy) in lines {
        let _ = writeln!(table, "{method:6} {path:56} {policy}");
    }
    table
}
