//! A whole server without a socket, for tests.

mod walk;

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use identity::{Grant, Identity, IdentityOptions, NewAccount, PasswordCost, TokenAccess};
use kernel::{AccountId, Directory, Env, PersonId, Role, Time};
use store::{Db, Migrations};
use tower::ServiceExt;

use crate::{Module, Platform, Settings, router};

pub use walk::{WalkCase, policies, walk, walk_cases};

/// The platform's own tables, before those of the contexts.
pub const MIGRATIONS: &[Migrations] =
    &[store::MIGRATIONS, identity::MIGRATIONS, jobs::MIGRATIONS, crate::MIGRATIONS];

/// A server over a fresh database.
pub struct TestApp {
    router: Router,
    /// The platform behind it.
    pub platform: Platform,
    /// The OpenAPI document.
    pub openapi: utoipa::openapi::OpenApi,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct TestAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body as text.
    pub body: String,
}

/// Somebody signed in: the cookie of their login session.
#[derive(Debug, Clone)]
pub struct TestUser {
    /// Their account.
    pub account: AccountId,
    /// The cookie of their login session.
    pub cookie: String,
    /// A token that reads and writes.
    pub token: String,
}

impl TestApp {
    /// A server with these modules. `db` must be migrated.
    ///
    /// # Panics
    /// When it cannot be put together: a test cannot go on without it.
    #[expect(clippy::expect_used, reason = "tests stop here")]
    pub async fn new(
        db: Db,
        directory: Arc<dyn Directory>,
        settings: Settings,
        modules: Vec<Module>,
    ) -> TestApp {
        let own = crate::PERMISSIONS();
        let permissions = modules.iter().flat_map(|module| module.permissions).cloned().chain(own).collect();
        let options = IdentityOptions { demo: true, cost: PasswordCost::CHEAPEST };
        let identity = Identity::with(db.clone(), db.env().clone(), directory, permissions, options);
        identity.sync_shipped_roles().await.expect("roles are stored");
        let (router, platform, openapi) =
            router(db, identity, settings, modules).expect("the server is put together");
        TestApp { router, platform, openapi }
    }

    /// The tests' hands on a server that was put together elsewhere: the whole product.
    pub fn over(router: Router, platform: Platform, openapi: utoipa::openapi::OpenApi) -> TestApp {
        TestApp { router, platform, openapi }
    }

    /// Signs in a new account with one grant of a shipped role.
    ///
    /// # Panics
    /// When the account cannot be made.
    #[expect(clippy::expect_used, reason = "tests stop here")]
    pub async fn user(&self, role: Role, person: Option<PersonId>, grant: Grant) -> TestUser {
        let identity = self.platform.identity();
        let name = format!("{}-{}", role.name(), self.platform.env().id::<AccountId>());
        let new = NewAccount { name, person, grants: vec![grant], ..NewAccount::default() };
        let account = identity.create_account(&audit::By::SYSTEM, &new).await.expect("an account is made");
        let session = identity.enter_as(account, "127.0.0.1", "a test").await.expect("a session is made");
        self.known(account, &session.secret).await
    }

    /// Somebody whose account and login session were made elsewhere.
    ///
    /// # Panics
    /// When no token can be made.
    #[expect(clippy::expect_used, reason = "tests stop here")]
    pub async fn known(&self, account: AccountId, session_secret: &str) -> TestUser {
        let by = audit::By { account: Some(account), via: audit::Via::Page };
        let token = self
            .platform
            .identity()
            .create_token(&by, account, "test", TokenAccess::Write, None)
            .await
            .expect("a token is made");
        TestUser {
            account,
            cookie: format!(
                "{}={session_secret}",
                crate::layers::session_cookie_name(self.platform.settings())
            ),
            token: token.secret,
        }
    }

    /// Reads a page.
    pub async fn get(&self, user: Option<&TestUser>, path: &str) -> TestAnswer {
        self.send(user, Method::GET, path, None, Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, user: Option<&TestUser>, path: &str, fields: &[(&str, &str)]) -> TestAnswer {
        let body = serde_urlencoded::to_string(fields).unwrap_or_default();
        self.send(user, Method::POST, path, Some("application/x-www-form-urlencoded"), body.into()).await
    }

    /// Calls the API with a token of this user.
    ///
    /// # Panics
    /// When the path is not one.
    #[expect(clippy::expect_used, reason = "tests stop here")]
    pub async fn api(
        &self,
        user: &TestUser,
        method: Method,
        path: &str,
        json: Option<&serde_json::Value>,
    ) -> TestAnswer {
        let body = json.map(ToString::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", user.token))
            .header(header::CONTENT_TYPE, "application/json");
        self.answer(request.body(Body::from(body)).expect("a request")).await
    }

    /// Sends any request as a browser on the same site would.
    ///
    /// # Panics
    /// When the path is not one.
    #[expect(clippy::expect_used, reason = "tests stop here")]
    pub async fn send(
        &self,
        user: Option<&TestUser>,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> TestAnswer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT_LANGUAGE, "zh-CN");
        if let Some(user) = user {
            request = request.header(header::COOKIE, &user.cookie);
        }
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        self.answer(request.body(body).expect("a request")).await
    }

    /// Sends a request as it is, from this machine unless it carries another peer's `ConnectInfo`.
    ///
    /// # Panics
    /// When the answer cannot be read.
    #[expect(clippy::expect_used, reason = "tests stop here")]
    pub async fn answer(&self, mut request: Request<Body>) -> TestAnswer {
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        }
        let response: Response<Body> = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        TestAnswer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

/// The moment at which tests happen: a Wednesday noon in Shanghai.
pub const NOW: &str = "2026-03-04T12:00:00+08:00";

/// A fixed clock and seeded randomness for tests.
pub fn env() -> Env {
    Env::fixed(Time::parse(NOW).unwrap_or_default(), 7)
}
