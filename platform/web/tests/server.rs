//! The server's own promises, through whole requests.
#![expect(clippy::unwrap_used, reason = "a test stops here")]

mod common;

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo};
use common::{
    administrator, cookie, cookies, get_with_cookie, json, location, plain, post_with, request, server,
    servers,
};
use http::{Method, Request, StatusCode, header};
use identity::{Grant, NewAccount, TokenAccess};
use kernel::Role;
use web::{
    Settings,
    testing::{TestAnswer, TestApp},
};

const PASSWORD: &str = "from understood to used";

async fn account(app: &TestApp, name: &str, must_change_password: bool) -> kernel::AccountId {
    let new = NewAccount {
        name: name.to_owned(),
        password: Some(PASSWORD.to_owned()),
        must_change_password,
        grants: vec![Grant::everything(Role::Administrator)],
        ..NewAccount::default()
    };
    app.platform.identity().create_account(&audit::By::SYSTEM, &new).await.unwrap()
}

async fn sign_in(app: &TestApp, to: &str, password: &str) -> TestAnswer {
    app.post(None, to, &[("name", "lin"), ("password", password)]).await
}

#[tokio::test]
async fn an_installation_is_set_up_once_then_signed_in_and_out() {
    for app in servers(Settings::default(), |_| Vec::new()).await {
        assert_eq!(location(&app.get(None, "/sign-in").await), "/set-up");
        let differ = app
            .post(
                None,
                "/set-up",
                &[("name", "lin"), ("password", PASSWORD), ("again", "another one entirely")],
            )
            .await;
        assert_eq!(differ.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(differ.body.contains("value=\"lin\"") && !differ.body.contains(PASSWORD));

        let done =
            app.post(None, "/set-up", &[("name", "lin"), ("password", PASSWORD), ("again", PASSWORD)]).await;
        assert_eq!((done.status, location(&done)), (StatusCode::SEE_OTHER, "/"));
        assert_eq!(get_with_cookie(&app, "/", &cookie(&done, "lianbing=")).await.status, StatusCode::OK);
        assert_eq!(location(&app.get(None, "/set-up").await), "/sign-in", "it is set up once");

        let entered = sign_in(&app, "/sign-in?to=%2Faccount", PASSWORD).await;
        assert_eq!((entered.status, location(&entered)), (StatusCode::SEE_OTHER, "/account"));
        let session = cookie(&entered, "lianbing=");
        let left =
            post_with(&app, "/logout", &[("cookie", &session), ("sec-fetch-site", "same-origin")], "").await;
        assert_eq!(location(&left), "/sign-in");
        assert!(
            cookies(&left)
                .iter()
                .any(|cookie| cookie.starts_with("lianbing=;") && cookie.contains("Max-Age=0"))
        );
        let after = get_with_cookie(&app, "/", &session).await;
        assert!(location(&after).starts_with("/sign-in"), "the old cookie opens nothing");
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_name_and_echoes_no_password() {
    let app = plain().await;
    account(&app, "lin", false).await;
    let refused = sign_in(&app, "/sign-in?to=%2Faccount", "never-typed-elsewhere").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"lin\""));
    assert!(
        refused.body.contains("to=%2Faccount") || refused.body.contains("to=/account"),
        "where to go is kept"
    );
    assert!(!refused.body.contains("never-typed-elsewhere"));
    assert!(cookies(&refused).is_empty());
}

#[tokio::test]
async fn guessing_is_slowed_down_and_says_for_how_long() {
    let app = plain().await;
    account(&app, "lin", false).await;
    let mut last = sign_in(&app, "/sign-in", "wrong").await;
    for _ in 0..50 {
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        last = sign_in(&app, "/sign-in", "wrong").await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: i64 = last.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!(wait > 0);
    assert_eq!(
        sign_in(&app, "/sign-in", PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "even the right one waits"
    );
}

#[tokio::test]
async fn forms_from_other_sites_are_refused_with_our_page() {
    let app = plain().await;
    let body = "name=lin&password=x";
    let cross =
        post_with(&app, "/sign-in", &[("sec-fetch-site", "cross-site"), ("accept-language", "en")], body)
            .await;
    assert_eq!(cross.status, StatusCode::FORBIDDEN);
    assert!(cross.body.contains("came from another site") && cross.body.contains("<html"));
    let foreign = post_with(
        &app,
        "/sign-in",
        &[("origin", "https://evil.example"), ("host", "lianbing.example")],
        body,
    )
    .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_session_cookie_is_as_strict_as_the_address_allows() {
    let app = plain().await;
    account(&app, "lin", false).await;
    let plain = cookies(&sign_in(&app, "/sign-in", PASSWORD).await).remove(0);
    for flag in ["lianbing=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(plain.contains(flag), "{plain}");
    }
    assert!(!plain.contains("Secure"), "plain http would lose it");

    let app = server(Settings {
        public_address: Some("https://lianbing.example".to_owned()),
        ..Settings::default()
    })
    .await;
    account(&app, "lin", false).await;
    let entered = sign_in(&app, "/sign-in", PASSWORD).await;
    let tls = cookies(&entered).remove(0);
    assert!(
        tls.starts_with("__Host-lianbing=") && tls.contains("; Secure") && !tls.contains("Domain"),
        "{tls}"
    );
    assert!(entered.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    assert_eq!(get_with_cookie(&app, "/account", &cookie(&entered, "__Host-")).await.status, StatusCode::OK);
    let unprefixed = cookie(&entered, "__Host-").replace("__Host-", "");
    assert!(location(&get_with_cookie(&app, "/account", &unprefixed).await).starts_with("/sign-in"));
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let app = plain().await;
    let user = administrator(&app).await;
    let asset = ui::assets::asset_url("app.css");
    let check = |what: &str, answer: &TestAnswer| {
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{what}: {policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{what}");
        assert!(answer.headers.contains_key("x-request-id"), "{what}");
        for attribute in ["style", "onclick"] {
            assert!(!answer.body.contains(&format!(" {attribute}=")), "{what}");
        }
    };
    check("a page", &app.get(Some(&user), "/").await);
    check("the sign-in page", &app.get(None, "/sign-in").await);
    check("a redirect", &app.get(None, "/").await);
    check("a missing page", &app.get(Some(&user), "/nowhere").await);
    check("an API answer", &app.api(&user, Method::GET, "/api/v1/me", None).await);
    check("an API problem", &app.get(None, "/api/v1/me").await);
    check("a refused form", &post_with(&app, "/sign-in", &[("sec-fetch-site", "cross-site")], "").await);
    check("health", &app.get(None, "/healthz").await);
    check("an asset", &app.get(None, &asset).await);
    let page = app.get(Some(&user), "/").await;
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let app = plain().await;
    account(&app, "lin", false).await;
    for to in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "",
    ] {
        let query = serde_urlencoded::to_string([("to", to)]).unwrap();
        let entered = sign_in(&app, &format!("/sign-in?{query}"), PASSWORD).await;
        assert_eq!((entered.status, location(&entered)), (StatusCode::SEE_OTHER, "/"), "{to}");
        let kept = app.post(None, "/preferences", &[("lang", "en"), ("return", to)]).await;
        assert_eq!((kept.status, location(&kept)), (StatusCode::SEE_OTHER, "/"), "{to}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_told_in_the_readers_language() {
    let app = plain().await;
    for (language, title) in [("zh-CN", "没有找到"), ("en-GB", "Not found")] {
        let page = request(Method::GET, "/nowhere")
            .header(header::ACCEPT_LANGUAGE, language)
            .body(Body::empty())
            .unwrap();
        let page = app.answer(page).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains(title) && page.body.contains("<html"), "{}", page.body);

        let api = request(Method::GET, "/api/v1/nowhere")
            .header(header::ACCEPT_LANGUAGE, language)
            .body(Body::empty())
            .unwrap();
        let api = app.answer(api).await;
        assert_eq!(api.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = json(&api);
        assert_eq!((problem["status"].as_u64(), problem["title"].as_str()), (Some(404), Some(title)));
        assert_eq!(problem["type"], "/api/v1/problems#not_found");
        assert!(problem["request_id"].as_str() == api.headers["x-request-id"].to_str().ok());
    }
}

#[tokio::test]
async fn other_methods_and_too_large_bodies_are_refused_in_our_words() {
    let app = plain().await;
    let method = app.answer(request(Method::DELETE, "/sign-in").body(Body::empty()).unwrap()).await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(method.headers.contains_key(header::ALLOW) && method.body.contains("<html"));
    let large = app.post(None, "/sign-in", &[("name", &"x".repeat(3 * 1024 * 1024))]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.body.contains("<html"));
    let many: Vec<(&str, &str)> = (0..2_100).map(|_| ("a", "b")).collect();
    assert_eq!(app.post(None, "/sign-in", &many).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn figures_are_for_this_machine_only_and_headers_do_not_forge_it() {
    let proxy = "10.0.0.9".parse().unwrap();
    let app = server(Settings { trusted_proxies: vec![proxy], ..Settings::default() }).await;
    let check = async |peer: [u8; 4], forwarded: Option<&str>, expected: StatusCode| {
        let mut request = Request::builder().uri("/metrics");
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 40_000))));
        assert_eq!(app.answer(request).await.status, expected, "{peer:?} {forwarded:?}");
    };
    check([127, 0, 0, 1], None, StatusCode::OK).await;
    check([203, 0, 113, 7], None, StatusCode::NOT_FOUND).await;
    check([203, 0, 113, 7], Some("127.0.0.1"), StatusCode::NOT_FOUND).await;
    // What the proxy itself adds is believed; what the client wrote before it is not.
    check([10, 0, 0, 9], Some("127.0.0.1, 203.0.113.7"), StatusCode::NOT_FOUND).await;
    check([10, 0, 0, 9], Some("127.0.0.1"), StatusCode::OK).await;
    check([10, 0, 0, 9], Some("not an address"), StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn the_address_of_a_client_comes_from_trusted_proxies_only() {
    let proxy = "10.0.0.9".parse().unwrap();
    let app = server(Settings { trusted_proxies: vec![proxy], ..Settings::default() }).await;
    let id = account(&app, "lin", false).await;
    let check = async |peer: [u8; 4], forwarded: &str, expected: &str| {
        let request = request(Method::POST, "/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-forwarded-for", forwarded);
        let body = serde_urlencoded::to_string([("name", "lin"), ("password", PASSWORD)]).unwrap();
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 40_000))));
        assert_eq!(app.answer(request).await.status, StatusCode::SEE_OTHER);
        let sessions = app.platform.identity().sessions(id).await.unwrap();
        assert!(sessions.iter().any(|session| session.ip == expected), "{expected}: {sessions:?}");
    };
    check([10, 0, 0, 9], "198.51.100.1, 203.0.113.7", "203.0.113.7").await;
    check([192, 0, 2, 4], "198.51.100.2", "192.0.2.4").await;
    let sessions = app.platform.identity().sessions(id).await.unwrap();
    assert!(!sessions.iter().any(|session| session.ip.starts_with("198.51")), "{sessions:?}");
}

#[tokio::test]
async fn language_and_theme_hold_before_and_after_sign_in() {
    let app = plain().await;
    let user = administrator(&app).await;
    let kept = app.post(None, "/preferences", &[("lang", "en"), ("return", "/sign-in")]).await;
    assert_eq!(location(&kept), "/sign-in");
    let page = get_with_cookie(&app, "/sign-in", &cookie(&kept, "lb_lang=")).await;
    assert!(page.body.contains("lang=\"en") && page.body.contains("Sign in"));
    let dark = app.post(None, "/preferences", &[("theme", "dark")]).await;
    assert!(cookies(&dark).iter().any(|cookie| cookie.starts_with("lb_theme=dark;")));
    assert!(cookies(&dark).iter().all(|cookie| !cookie.starts_with("lb_lang=")), "the other is left alone");

    let actor = async || app.platform.identity().actor(user.account).await.unwrap().unwrap();
    app.post(Some(&user), "/preferences", &[("lang", "en")]).await;
    app.post(Some(&user), "/preferences", &[("theme", "dark")]).await;
    assert_eq!((actor().await.lang, actor().await.theme), (Some(messages::Lang::En), messages::Theme::Dark));
    app.post(Some(&user), "/preferences", &[("lang", "zh")]).await;
    assert_eq!((actor().await.lang, actor().await.theme), (Some(messages::Lang::Zh), messages::Theme::Dark));
    app.post(Some(&user), "/preferences", &[("lang", "xx"), ("theme", "neon")]).await;
    assert_eq!((actor().await.lang, actor().await.theme), (Some(messages::Lang::Zh), messages::Theme::Dark));
}

#[tokio::test]
async fn whoever_must_choose_a_password_does_that_first() {
    let app = plain().await;
    let id = account(&app, "lin", true).await;
    let entered = sign_in(&app, "/sign-in", PASSWORD).await;
    let session = cookie(&entered, "lianbing=");
    for path in ["/", "/admin/accounts", "/admin/audit"] {
        assert_eq!(location(&get_with_cookie(&app, path, &session).await), "/account", "{path}");
    }
    let secret = session.trim_start_matches("lianbing=").to_owned();
    let user = app.known(id, &secret).await;
    let posted = app.post(Some(&user), "/admin/accounts", &[("name", "x")]).await;
    assert_eq!(location(&posted), "/account");
    let api = app.api(&user, Method::GET, "/api/v1/me", None).await;
    assert_eq!(
        (api.status, json(&api)["code"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("identity.must_change_password"))
    );

    let page = app.get(Some(&user), "/account").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("请先设置自己的新密码"));
    assert_eq!(app.post(Some(&user), "/preferences", &[("lang", "zh")]).await.status, StatusCode::SEE_OTHER);

    let new = "a sentence of my own";
    let changed = app
        .post(Some(&user), "/account/password", &[("old", PASSWORD), ("password", new), ("again", new)])
        .await;
    assert_eq!((changed.status, location(&changed)), (StatusCode::SEE_OTHER, "/account"));
    let session = cookie(&changed, "lianbing=");
    assert_eq!(get_with_cookie(&app, "/", &session).await.status, StatusCode::OK, "then everything opens");
}

#[tokio::test]
async fn the_api_takes_tokens_only_and_a_reading_token_does_not_write() {
    let app = plain().await;
    let user = administrator(&app).await;
    let none = app.get(None, "/api/v1/me").await;
    assert_eq!(
        (none.status, none.headers[header::WWW_AUTHENTICATE].to_str().unwrap()),
        (StatusCode::UNAUTHORIZED, "Bearer")
    );
    let cookie_only = app.get(Some(&user), "/api/v1/me").await;
    assert_eq!(
        cookie_only.status,
        StatusCode::UNAUTHORIZED,
        "a cookie opens no API: another site could send it"
    );
    let me = app.api(&user, Method::GET, "/api/v1/me", None).await;
    assert_eq!(
        (me.status, json(&me)["account"].as_str()),
        (StatusCode::OK, Some(user.account.to_string().as_str()))
    );

    let by = audit::By::SYSTEM;
    let reading = app
        .platform
        .identity()
        .create_token(&by, user.account, "reads", TokenAccess::Read, None)
        .await
        .unwrap();
    let call = async |method: Method, path: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", reading.secret));
        app.answer(request.body(Body::from("{}")).unwrap()).await
    };
    assert_eq!(call(Method::GET, "/api/v1/accounts").await.status, StatusCode::OK);
    let limit = call(Method::GET, "/api/v1/accounts?limit=501").await;
    assert_eq!(
        (limit.status, json(&limit)["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("api.limit"))
    );
    let cursor = call(Method::GET, "/api/v1/audit?cursor=x").await;
    assert_eq!(json(&cursor)["code"], "api.cursor");
    let from = call(Method::GET, "/api/v1/audit?from=yesterday").await;
    assert_eq!(json(&from)["code"], "web.query");
}

#[tokio::test]
async fn whoever_has_no_person_can_still_make_a_token() {
    let app = plain().await;
    let user = administrator(&app).await;
    let made = app.post(Some(&user), "/account/tokens", &[("name", "reports")]).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.body.contains("请现在复制这个令牌"));
}
