//! Enforces a route's policy, and hands the reader to its handler.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, header};
use identity::TokenAccess;
use kernel::Scope;
use messages::{Problem, ProblemKind};

use crate::{Fail, Policy, Reader, reader::Caller, texts};

/// Runs the handler when the policy is met, with a [`Reader`] among the request's extensions.
pub(crate) async fn enforce(policy: Policy, mut request: Request, next: Next) -> Response {
    // The outermost layer always puts the caller here; without it nobody may do anything.
    let Some(caller) = request.extensions().get::<Caller>().cloned() else {
        return Fail::from(Problem::not_found()).into_response();
    };
    match admit(policy, &caller, request.method()) {
        Ok(scope) => {
            request.extensions_mut().insert(Reader::new(caller, scope));
            next.run(request).await
        }
        Err(Refusal::SignIn) => to_sign_in(&caller, request.method()),
        Err(Refusal::ChangePassword) => to_account(&caller),
        Err(Refusal::Hidden) => Fail::from(Problem::not_found()).into_response(),
        Err(Refusal::ReadOnly) => Fail::from(Problem::new(
            ProblemKind::Unauthenticated,
            "identity.token_reads_only",
            texts::token_reads_only(),
        ))
        .into_response(),
    }
}

enum Refusal {
    SignIn,
    /// Somebody who must choose a password reaches nothing but the page where that is done.
    ChangePassword,
    Hidden,
    ReadOnly,
}

fn admit(policy: Policy, caller: &Caller, method: &Method) -> Result<Scope, Refusal> {
    let permission = match policy {
        Policy::Public => return Ok(Scope::nothing()),
        Policy::Loopback => {
            return if caller.client.is_loopback() { Ok(Scope::nothing()) } else { Err(Refusal::Hidden) };
        }
        Policy::SignedIn => None,
        Policy::May(permission) => Some(permission),
    };
    let Some(actor) = &caller.actor else { return Err(Refusal::SignIn) };
    if actor.must_change_password && !is_own_account(caller.here.path()) {
        return Err(Refusal::ChangePassword);
    }
    if caller.token == Some(TokenAccess::Read) && !method.is_safe() {
        return Err(Refusal::ReadOnly);
    }
    match permission {
        None => Ok(actor.person.map_or_else(Scope::nothing, Scope::own)),
        Some(permission) => {
            actor.may(permission).cloned().filter(|scope| !scope.is_nothing()).ok_or(Refusal::Hidden)
        }
    }
}

fn is_own_account(path: &str) -> bool {
    path == "/account" || path.starts_with("/account/")
}

fn to_account(caller: &Caller) -> Response {
    if caller.is_api() {
        return Fail::from(Problem::new(
            ProblemKind::Unauthenticated,
            "identity.must_change_password",
            texts::must_change_password(),
        ))
        .into_response();
    }
    Reader::redirect(&ui::Href::new("/account"))
}

fn to_sign_in(caller: &Caller, method: &Method) -> Response {
    if caller.is_api() || !method.is_safe() {
        return Fail::from(Problem::new(
            ProblemKind::Unauthenticated,
            "identity.sign_in_needed",
            texts::sign_in_needed(),
        ))
        .into_response();
    }
    let to = ui::Href::new("/sign-in").with("to", caller.here.to_string());
    (http::StatusCode::SEE_OTHER, [(header::LOCATION, to.to_string())]).into_response()
}
