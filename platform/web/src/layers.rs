//! What happens around every request: who calls, how failures are spelled, headers, metrics.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use messages::{Lang, Problem, ProblemKind, Text};
use ui::{Href, Page, Theme};

use crate::{
    Html, Platform,
    answer::status_of,
    api,
    platform::Settings,
    reader::{Caller, Client},
    texts,
};

/// A browser's name is kept to recognise one's own login sessions, no longer than this.
const USER_AGENT_CHARS_MAX: usize = 120;
/// A message carried over a redirect.
const FLASH_CHARS_MAX: usize = 300;

/// Scripts, styles and images only from ourselves, nothing inline, nothing framed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// Finds out who calls, lets the route answer, and spells what failed.
pub(crate) async fn around(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let (mut parts, body) = request.into_parts();
    let method = parts.method.clone();
    let route = parts.extensions.get::<axum::extract::MatchedPath>().map(|path| path.as_str().to_owned());
    let caller = match identify(&platform, &parts).await {
        Ok(caller) => caller,
        Err(error) => {
            tracing::error!(%error, "web.identify_failed");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let had_flash = caller.flash.is_some();
    parts.extensions.insert(caller.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let mut response = spell(&caller, response);
    harden(response.headers_mut(), &caller, platform.settings());
    if had_flash && response.status().is_success() {
        append_cookie(response.headers_mut(), "lb_flash=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
    }
    let status = response.status();
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    // The path that matched, never the address: an address may hold what somebody searched for.
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    metrics::counter!("http_requests_total", "route" => route.clone(), "status" => status.as_u16().to_string()).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(ms / 1000.0);
    tracing::info!(%method, route, status = status.as_u16(), duration_ms = ms, request_id = %caller.request_id, "web.answered");
    response
}

async fn identify(platform: &Platform, parts: &Parts) -> store::Result<Caller> {
    let headers = &parts.headers;
    let client = client_of(parts, platform.settings());
    let here = Href::of_request(parts.uri.path(), parts.uri.query());
    let cookies = Cookies::of(headers);
    let mut caller = Caller {
        platform: platform.clone(),
        actor: None,
        session: None,
        token: None,
        client,
        lang: Lang::default(),
        theme: Theme::Auto,
        here,
        request_id: platform.env().id::<uuid_like::RequestId>().to_string(),
        flash: None,
    };
    if caller.is_api() {
        let bearer =
            header_text(headers, &header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        if let Some(bearer) = bearer
            && let Some((actor, access)) = platform.identity().token(bearer.trim()).await?
        {
            caller.actor = Some(actor);
            caller.token = Some(access);
        }
    } else if let Some(secret) = cookies.get(session_cookie_name(platform.settings()))
        && let Some((session, actor)) = platform.identity().session(secret).await?
    {
        caller.actor = Some(actor);
        caller.session = Some((session, secret.to_owned()));
    }
    let preferred = caller.actor.as_ref().and_then(|actor| actor.lang);
    caller.lang = preferred.or_else(|| cookies.get("lb_lang").and_then(Lang::parse)).unwrap_or_else(|| {
        header_text(headers, &header::ACCEPT_LANGUAGE).map(Lang::from_accept_language).unwrap_or_default()
    });
    let theme = caller.actor.as_ref().map(|actor| actor.theme.name()).or_else(|| cookies.get("lb_theme"));
    caller.theme = theme.and_then(Theme::parse).unwrap_or_default();
    caller.flash = cookies.get("lb_flash").and_then(flash_of);
    Ok(caller)
}

/// Request ids are made like all others, but belong to nothing that is stored.
mod uuid_like {
    kernel::id_type! {
        /// One request, as told to the reader when something fails and written in the log.
        pub struct RequestId;
    }
}

/// The client's address: the peer's, or what trusted proxies say of it, read from the right.
fn client_of(parts: &Parts, settings: &Settings) -> Client {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let mut ip = peer.to_canonical();
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in hops.iter().rev() {
        if !settings.trusted_proxies.contains(&ip) {
            break;
        }
        let Ok(next) = hop.parse::<IpAddr>() else { break };
        ip = next.to_canonical();
    }
    let user_agent = header_text(&parts.headers, &header::USER_AGENT)
        .unwrap_or_default()
        .chars()
        .take(USER_AGENT_CHARS_MAX)
        .collect();
    Client { ip, user_agent }
}

/// Turns a problem, or a bare failure of the framework, into what this caller reads.
fn spell(caller: &Caller, response: Response) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem =
        response.extensions().get::<Problem>().cloned().or_else(|| framework_problem(&response, status));
    let Some(problem) = problem else { return response };
    let status =
        if response.extensions().get::<Problem>().is_some() { status_of(problem.kind) } else { status };
    let mut spelled = if caller.is_api() {
        api::problem_response(status, &problem, caller)
    } else {
        let cx = caller.cx();
        let body = ui::notice(
            ui::Tone::Bad,
            &maud::html! {
                p { (cx.tr(&problem.text)) }
                p { small { (cx.t(texts::problem_reference(problem.code, &caller.request_id))) } }
                @if status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN {
                    (ui::link_button(&cx, ui::Weight::Plain, &texts::back_to_today(), &ui::routes::home(), None))
                }
            },
        );
        let page = Page::new(texts::problem_title(status.as_u16()), body);
        let markup = if caller.actor.is_some() {
            ui::shell(&caller.cx(), &page)
        } else {
            ui::bare(&caller.cx(), &page)
        };
        (status, Html(markup)).into_response()
    };
    for (name, value) in response.headers() {
        if [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE].contains(name) {
            spelled.headers_mut().append(name, value.clone());
        }
    }
    if status == StatusCode::UNAUTHORIZED && caller.is_api() {
        spelled.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    spelled
}

/// The framework's own refusals carry plain text that no reader should see.
fn framework_problem(response: &Response, status: StatusCode) -> Option<Problem> {
    let content_type = header_text(response.headers(), &header::CONTENT_TYPE).unwrap_or("text/plain");
    if !content_type.starts_with("text/plain") {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(ProblemKind::Invalid, "web.method_not_allowed", texts::method_not_allowed())
        }
        StatusCode::FORBIDDEN => Problem::new(ProblemKind::Invalid, "web.cross_site", texts::cross_site()),
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(ProblemKind::TooLarge, "web.too_large", texts::too_large())
        }
        StatusCode::REQUEST_TIMEOUT => {
            Problem::new(ProblemKind::Unavailable, "web.timed_out", texts::timed_out())
        }
        status if status.is_server_error() => Problem::internal(),
        _ => Problem::new(ProblemKind::Invalid, "web.unreadable", texts::unreadable()),
    })
}

fn harden(headers: &mut HeaderMap, caller: &Caller, settings: &Settings) {
    let fixed = [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if settings.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // Pages hold personal data; only assets say otherwise.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&caller.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The cookies of a request.
struct Cookies<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Cookies<'a> {
    fn of(headers: &'a HeaderMap) -> Cookies<'a> {
        let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        Cookies(
            values
                .flat_map(|value| value.split(';'))
                .filter_map(|pair| pair.trim().split_once('='))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// With TLS the name itself forbids that a neighbouring host sets it.
pub(crate) fn session_cookie_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-lianbing" } else { "lianbing" }
}

/// The cookie that carries a login session; an empty secret ends it.
pub(crate) fn session_cookie(secret: &str, settings: &Settings) -> String {
    let name = session_cookie_name(settings);
    let secure = if settings.is_https() { "; Secure" } else { "" };
    let age = if secret.is_empty() { "; Max-Age=0" } else { "" };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

/// The cookie of a preference that also holds before sign-in.
pub(crate) fn preference_cookie(name: &str, value: &str, settings: &Settings) -> String {
    let secure = if settings.is_https() { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}")
}

/// The cookie that carries one message over a redirect.
pub(crate) fn flash_cookie(words: &str, secure: bool) -> String {
    let words: String = words.chars().take(FLASH_CHARS_MAX).collect();
    let encoded = serde_urlencoded::to_string([("m", words)]).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    format!("lb_flash={encoded}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}")
}

fn flash_of(cookie: &str) -> Option<ui::Toast> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(cookie).ok()?;
    let (_, words) = fields.into_iter().find(|(key, _)| key == "m")?;
    Some(ui::Toast { tone: ui::Tone::Good, text: Text::verbatim(words), action: None })
}

pub(crate) fn append_cookie(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// A panic of a handler: the log has it, the reader gets the usual page.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> http::Response<Body> {
    metrics::counter!("http_panics_total").increment(1);
    tracing::error!("web.handler_panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
