//! Who asks, and how they want to be answered.

use std::{net::IpAddr, sync::Arc};

use audit::{By, Via};
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use identity::{Actor, SessionId, TokenAccess};
use kernel::Scope;
use maud::Markup;
use messages::{Lang, Problem, ProblemKind, Text};
use ui::{Cx, Href, Page, Theme};

use crate::{Fail, Html, Platform};

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address of the client, as far as trusted proxies tell.
    pub ip: IpAddr,
    /// What the browser calls itself, shortened.
    pub user_agent: String,
}

impl Client {
    pub(crate) fn is_loopback(&self) -> bool {
        self.ip.is_loopback()
    }
}

/// What the outermost layer finds out about a request before any route is chosen.
#[derive(Clone)]
pub(crate) struct Caller {
    pub platform: Platform,
    pub actor: Option<Arc<Actor>>,
    pub session: Option<(SessionId, String)>,
    pub token: Option<TokenAccess>,
    pub client: Client,
    pub lang: Lang,
    pub theme: Theme,
    pub here: Href,
    pub request_id: String,
    pub flash: Option<ui::Toast>,
}

/// The label of a role by its stable name; a role that an installation added is called by that name.
fn role_title(name: &str) -> Text {
    kernel::Role::parse(name).map_or_else(|| Text::verbatim(name), identity::role_label)
}

impl Caller {
    /// Whether the API was asked rather than a page.
    pub(crate) fn is_api(&self) -> bool {
        self.here.path().starts_with("/api/")
    }

    /// What a page needs to know about its reader.
    pub(crate) fn cx(&self) -> Cx {
        let mut cx = Cx::new(self.lang, self.here.clone(), self.platform.env().now());
        cx.theme = self.theme;
        cx.is_demo = self.platform.settings().demo;
        if let Some(actor) = &self.actor {
            let places = &self.platform.settings().places;
            let name = actor
                .person
                .and_then(|person| places.person_name(person))
                .unwrap_or_else(|| actor.name.clone());
            cx.actor =
                Some(ui::Actor { name, roles: actor.roles.iter().map(|name| role_title(name)).collect() });
            let nav = self.platform.nav().iter();
            cx.nav = nav
                .filter(|entry| entry.permission.is_none_or(|permission| actor.can(permission)))
                .cloned()
                .collect();
        }
        cx.toasts = self.flash.iter().cloned().collect();
        cx
    }
}

/// The reader of a request whose policy was met.
#[derive(Clone)]
pub struct Reader {
    caller: Caller,
    /// What the permission of the route reaches; the reader's own data where the route asks only for a login.
    pub scope: Scope,
    /// What a page needs to know.
    pub cx: Cx,
}

impl Reader {
    pub(crate) fn new(caller: Caller, scope: Scope) -> Reader {
        let cx = caller.cx();
        Reader { caller, scope, cx }
    }

    /// Who it is.
    ///
    /// # Errors
    /// The problem of a page that needs a login, on a public route without one.
    pub fn actor(&self) -> Result<&Arc<Actor>, Problem> {
        self.caller.actor.as_ref().ok_or_else(Problem::not_found)
    }

    /// Who it is, if they are signed in.
    pub fn signed_in(&self) -> Option<&Arc<Actor>> {
        self.caller.actor.as_ref()
    }

    /// Whether the reader may do something, in any scope.
    pub fn can(&self, permission: impl Into<kernel::Permission>) -> bool {
        self.caller.actor.as_ref().is_some_and(|actor| actor.can(permission))
    }

    /// What another permission reaches for this reader; nothing when they lack it.
    pub fn scope_of(&self, permission: impl Into<kernel::Permission>) -> Scope {
        self.caller
            .actor
            .as_ref()
            .and_then(|actor| actor.may(permission).cloned())
            .unwrap_or_else(Scope::nothing)
    }

    /// Who makes a change, for the audit log.
    pub fn by(&self) -> By {
        let via = if self.caller.is_api() { Via::Api } else { Via::Page };
        By { account: self.caller.actor.as_ref().map(|actor| actor.account), via }
    }

    /// The running platform.
    pub fn platform(&self) -> &Platform {
        &self.caller.platform
    }

    /// Where the request comes from.
    pub fn client(&self) -> &Client {
        &self.caller.client
    }

    /// The login session this request belongs to, and its secret.
    pub fn session(&self) -> Option<&(SessionId, String)> {
        self.caller.session.as_ref()
    }

    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.caller.lang
    }

    /// A whole page in the shell.
    pub fn page(&self, page: &Page) -> Response {
        Html(ui::shell(&self.cx, page)).into_response()
    }

    /// A page without navigation: sign-in, set-up.
    pub fn bare(&self, page: &Page) -> Response {
        Html(ui::bare(&self.cx, page)).into_response()
    }

    /// A page whose form had mistakes, with everything typed still in it (422).
    pub fn invalid(&self, page: &Page) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, self.page(page)).into_response()
    }

    /// A part of a page.
    pub fn fragment(&self, part: Markup) -> Response {
        Html(part).into_response()
    }

    /// A table as a file to keep: exactly what the page shows.
    ///
    /// # Errors
    /// A problem when it has more rows than [`ui::EXPORT_ROWS_MAX`] or cannot be written.
    pub fn export<R>(&self, table: &ui::Table<'_, R>, format: ui::Format) -> Result<Response, Fail> {
        let file = table.export(&self.cx, format).map_err(|error| {
            let told =
                error.text(&self.cx).map(|text| Problem::new(ProblemKind::Invalid, "web.export", text));
            told.unwrap_or_else(|| {
                tracing::error!(%error, "web.export_failed");
                Problem::internal()
            })
        })?;
        let headers = [
            (header::CONTENT_TYPE, file.content_type.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.file_name)),
        ];
        Ok((headers, file.bytes).into_response())
    }

    /// Whether only a part of the page was asked for (by htmx).
    pub fn wants_fragment(&self, parts: &http::HeaderMap) -> bool {
        parts.contains_key("hx-request")
    }

    /// Sends the browser elsewhere after a change.
    pub fn redirect(to: &Href) -> Response {
        (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_string())]).into_response()
    }

    /// Sends the browser elsewhere after a change and says there that it worked.
    pub fn done(&self, to: &Href, words: &Text) -> Response {
        let mut response = Reader::redirect(to);
        let cookie =
            crate::layers::flash_cookie(words.get(self.lang()), self.platform().settings().is_https());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Reader, Fail> {
        // Put there by the guard of the route; a handler outside a guarded route gets nothing.
        parts.extensions.get::<Reader>().cloned().ok_or_else(|| Problem::not_found().into())
    }
}
