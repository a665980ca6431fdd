//! Signing in and out, the first set-up, and one's own account.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use identity::{IdentityPermission, NewSession, SessionId, SignIn, SignInError, TokenAccess, TokenId};
use kernel::AccountId;
use maud::{Markup, html};
use messages::{Lang, Problem, Text};
use ui::{Empty, Field, FieldErrors, Form as FormView, Href, Icon, Page, Theme, Tone, Values, Weight};

use crate::{
    Answer, Form, Platform, Policy, Reader, Routes,
    api::{Path, Query},
    layers::{append_cookie, preference_cookie, session_cookie},
    texts,
};

/// The pages of this file.
pub(crate) fn routes() -> Routes<Platform> {
    Routes::new()
        .get("/sign-in", Policy::Public, sign_in_page)
        .post("/sign-in", Policy::Public, sign_in)
        .post("/sign-in/demo", Policy::Public, enter_demo)
        .post("/logout", Policy::Public, sign_out)
        .get("/set-up", Policy::Public, set_up_page)
        .post("/set-up", Policy::Public, set_up)
        .post("/preferences", Policy::Public, keep_preferences)
        .get("/account", Policy::SignedIn, account_page)
        .post("/account/password", Policy::SignedIn, change_password)
        .post("/account/sessions/{id}/end", Policy::SignedIn, end_session)
        .post("/account/sessions/end-others", Policy::SignedIn, end_other_sessions)
        .post("/account/tokens", IdentityPermission::UseTokens, create_token)
        .post("/account/tokens/{id}/revoke", IdentityPermission::UseTokens, revoke_token)
}

#[derive(serde::Deserialize)]
struct To {
    to: Option<String>,
}

async fn sign_in_page(State(platform): State<Platform>, reader: Reader, Query(query): Query<To>) -> Answer {
    if platform.identity().needs_setup().await? {
        return Ok(Reader::redirect(&Href::new("/set-up")));
    }
    if reader.signed_in().is_some() {
        return Ok(Reader::redirect(&Href::new("/")));
    }
    let values = Values::default().with("to", query.to.unwrap_or_default());
    let entries = demo_entries(&platform, &reader);
    Ok(reader.bare(&sign_in_view(&reader, &values, &FieldErrors::new(), &entries)))
}

fn demo_entries(platform: &Platform, reader: &Reader) -> Markup {
    if !platform.settings().demo {
        return html! {};
    }
    let entries = &platform.settings().demo_entries;
    html! {
        h2 { (reader.cx.t(texts::demo_enter())) }
        p { (reader.cx.t(texts::demo_enter_lead())) }
        (ui::grid(&entries.iter().map(|entry| {
            let label = Text::made(format!("{} · {}", entry.title.zh, entry.name), format!("{} · {}", entry.title.en, entry.name));
            ui::post_button(&reader.cx, Weight::Plain, &label, &Href::new("/sign-in/demo"), &[("account", entry.account.to_string())], None)
        }).collect::<Vec<_>>()))
    }
}

fn sign_in_view(reader: &Reader, values: &Values, errors: &FieldErrors, demo: &Markup) -> Page {
    let fields = [
        Field::text("name", texts::account_name()).required().autocomplete("username").autofocus(),
        Field::secret("password", texts::password()).required().autocomplete("current-password"),
    ];
    let action = Href::new("/sign-in").with("to", values.get("to"));
    let form = ui::form(&reader.cx, &FormView::new(action, values, errors, texts::sign_in()), &fields);
    Page::new(texts::sign_in(), html! { (demo) (form) }).lead(texts::sign_in_lead())
}

async fn sign_in(
    State(platform): State<Platform>,
    reader: Reader,
    Query(query): Query<To>,
    Form(values): Form,
) -> Answer {
    match open_session(&platform, &reader, values.get("name").trim(), values.get("password")).await {
        Ok(session) => Ok(entered(&platform, &session, query.to.as_deref())),
        Err(error) => {
            let wait = match &error {
                SignInError::TooManyAttempts { seconds } => Some(*seconds),
                _ => None,
            };
            let problem = Problem::from(error);
            let status = crate::answer::status_of(problem.kind);
            let mut errors = FieldErrors::new();
            errors.add("password", problem.text);
            // What was typed comes back, but never the password.
            let typed =
                Values::default().with("name", values.get("name")).with("to", query.to.unwrap_or_default());
            let demo = demo_entries(&platform, &reader);
            let mut response =
                (status, reader.bare(&sign_in_view(&reader, &typed, &errors, &demo))).into_response();
            if let Some(seconds) = wait {
                response.headers_mut().insert(http::header::RETRY_AFTER, seconds.max(1).into());
            }
            Ok(response)
        }
    }
}

async fn open_session(
    platform: &Platform,
    reader: &Reader,
    name: &str,
    password: &str,
) -> Result<NewSession, SignInError> {
    let client = reader.client();
    let ip = client.ip.to_string();
    platform.identity().sign_in(SignIn { name, password, ip: &ip, user_agent: &client.user_agent }).await
}

async fn enter_demo(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    let account: AccountId = values.get("account").parse().map_err(|_| Problem::not_found())?;
    let client = reader.client();
    let ip = client.ip.to_string();
    let session =
        platform.identity().enter_as(account, &ip, &client.user_agent).await.map_err(Problem::from)?;
    Ok(entered(&platform, &session, None))
}

/// Only an address of our own may be gone to after signing in.
fn entered(platform: &Platform, session: &NewSession, to: Option<&str>) -> Response {
    let to = to
        .filter(|to| to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'))
        .map_or_else(|| Href::new("/"), Href::parse);
    let mut response = Reader::redirect(&to);
    append_cookie(response.headers_mut(), &session_cookie(&session.secret, platform.settings()));
    response
}

async fn sign_out(State(platform): State<Platform>, reader: Reader) -> Answer {
    if let Some((_, secret)) = reader.session() {
        platform.identity().sign_out(secret).await?;
    }
    let mut response = Reader::redirect(&Href::new("/sign-in"));
    append_cookie(response.headers_mut(), &session_cookie("", platform.settings()));
    Ok(response)
}

async fn set_up_page(State(platform): State<Platform>, reader: Reader) -> Answer {
    if !platform.identity().needs_setup().await? {
        return Ok(Reader::redirect(&Href::new("/sign-in")));
    }
    Ok(reader.bare(&set_up_view(&reader, &Values::default(), &FieldErrors::new())))
}

fn set_up_view(reader: &Reader, values: &Values, errors: &FieldErrors) -> Page {
    let fields = [
        Field::text("name", texts::account_name()).required().autocomplete("username").autofocus(),
        Field::secret("password", texts::password())
            .required()
            .autocomplete("new-password")
            .hint(texts::password_hint()),
        Field::secret("again", texts::password_again()).required().autocomplete("new-password"),
    ];
    let form =
        ui::form(&reader.cx, &FormView::new(Href::new("/set-up"), values, errors, texts::create()), &fields);
    Page::new(texts::set_up(), form).lead(texts::set_up_lead())
}

async fn set_up(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    let mut errors = FieldErrors::new();
    if values.get("password") != values.get("again") {
        errors.add("again", texts::passwords_differ());
    }
    let name = values.get("name").trim().to_owned();
    if errors.is_empty() {
        match platform.identity().set_up(&name, values.get("password"), reader.lang()).await {
            Ok(_) => {
                let session = open_session(&platform, &reader, &name, values.get("password"))
                    .await
                    .map_err(Problem::from)?;
                return Ok(entered(&platform, &session, None));
            }
            Err(error) => {
                let problem = Problem::from(error);
                if problem.fields.is_empty() {
                    errors.add("name", problem.text);
                }
                problem.fields.into_iter().for_each(|(field, text)| errors.add(field, text));
            }
        }
    }
    let typed = Values::default().with("name", values.get("name"));
    Ok((http::StatusCode::UNPROCESSABLE_ENTITY, reader.bare(&set_up_view(&reader, &typed, &errors)))
        .into_response())
}

async fn keep_preferences(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    let lang = Lang::parse(values.get("lang"));
    let theme = Theme::parse(values.get("theme"));
    if let Some(actor) = reader.signed_in() {
        // A form sends one of the two; the other stays as it is.
        platform
            .identity()
            .set_preferences(actor.account, lang.or(actor.lang), theme.unwrap_or(actor.theme))
            .await?;
    }
    let to = values.get("return");
    let to = if to.starts_with('/') && !to.starts_with("//") { Href::parse(to) } else { Href::new("/") };
    let mut response = Reader::redirect(&to);
    if let Some(lang) = lang {
        append_cookie(
            response.headers_mut(),
            &preference_cookie("lb_lang", lang.code(), platform.settings()),
        );
    }
    if let Some(theme) = theme {
        append_cookie(
            response.headers_mut(),
            &preference_cookie("lb_theme", theme.name(), platform.settings()),
        );
    }
    Ok(response)
}

async fn account_page(State(platform): State<Platform>, reader: Reader) -> Answer {
    let page = account_view(&platform, &reader, &FieldErrors::new(), None).await?;
    Ok(reader.page(&page))
}

async fn account_view(
    platform: &Platform,
    reader: &Reader,
    errors: &FieldErrors,
    new_token: Option<&str>,
) -> Result<Page, crate::Fail> {
    let cx = &reader.cx;
    let actor = reader.actor()?;
    let (account, must_change) = (actor.account, actor.must_change_password);
    let current = reader.session().map(|(id, _)| *id);
    let sessions = platform.identity().sessions(account).await?;
    let tokens = platform.identity().list_tokens(account).await?;
    let password_fields = [
        Field::secret("old", texts::old_password()).required().autocomplete("current-password"),
        Field::secret("password", texts::new_password())
            .required()
            .autocomplete("new-password")
            .hint(texts::password_hint()),
        Field::secret("again", texts::password_again()).required().autocomplete("new-password"),
    ];
    let values = Values::default();
    let password = ui::form(
        cx,
        &FormView::new(Href::new("/account/password"), &values, errors, texts::change_password()),
        &password_fields,
    );
    let none = FieldErrors::new();
    let token_fields = [
        Field::text("name", texts::token_name()).required().max_length(80),
        Field::check("write", texts::token_may_write()),
    ];
    let token_form = ui::form(
        cx,
        &FormView::new(Href::new("/account/tokens"), &values, &none, texts::token_create()),
        &token_fields,
    );
    let body = html! {
        @if must_change { (ui::notice(Tone::Warn, &html! { (cx.t(texts::must_change_password())) })) }
        @if let Some(secret) = new_token {
            (ui::notice(Tone::Good, &html! { (cx.t(texts::token_once())) " " code { (secret) } }))
        }
        (ui::section(cx, &texts::signed_in_where(), Some(&ui::post_button(cx, Weight::Plain, &texts::end_others(), &Href::new("/account/sessions/end-others"), &[], None)), &html! {
            div.table-scroll { table.data {
                thead { tr { th { (cx.t(texts::since())) } th { (cx.t(texts::last_used())) } th { (cx.t(texts::from_ip())) } th { (cx.t(texts::browser())) } th {} } }
                tbody {
                    @for session in &sessions {
                        tr {
                            td { (cx.time(session.created_at)) }
                            td { (cx.time(session.last_used_at)) }
                            td { (session.ip) }
                            td title=(session.user_agent) { (crate::browser::name(&session.user_agent)) }
                            td {
                                @if Some(session.id) == current { (ui::badge(Tone::Info, &cx.t(texts::this_session()))) }
                                @else { (ui::post_button(cx, Weight::Plain, &texts::end_session(), &Href::new("/account/sessions").segment(session.id).segment("end"), &[], None)) }
                            }
                        }
                    }
                }
            } }
        }))
        (ui::section(cx, &texts::change_password(), None, &password))
        @if reader.can(IdentityPermission::UseTokens) { (ui::section(cx, &texts::tokens(), None, &html! {
            @if tokens.is_empty() { (ui::empty_state(cx, &Empty::new(Icon::Info, texts::tokens(), texts::tokens_empty()))) }
            @else {
                div.table-scroll { table.data {
                    thead { tr { th { (cx.t(texts::token_name())) } th {} th { (cx.t(texts::since())) } th { (cx.t(texts::last_used())) } th {} } }
                    tbody {
                        @for token in tokens.iter().filter(|token| token.revoked_at.is_none()) {
                            tr {
                                td { (token.name) }
                                td { (cx.t(if token.access == TokenAccess::Write { texts::reads_writes() } else { texts::reads() })) }
                                td { (cx.time(token.created_at)) }
                                td { @if let Some(at) = token.last_used_at { (cx.time(at)) } }
                                td { (ui::post_button(cx, Weight::Plain, &texts::token_revoke(), &Href::new("/account/tokens").segment(token.id).segment("revoke"), &[], None)) }
                            }
                        }
                    }
                } }
            }
            (token_form)
        })) }
    };
    Ok(Page::new(texts::my_account(), body))
}

async fn change_password(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    let mut errors = FieldErrors::new();
    if values.get("password") != values.get("again") {
        errors.add("again", texts::passwords_differ());
    }
    let account = reader.actor()?.account;
    if errors.is_empty() {
        let (session, _) = reader.session().ok_or_else(Problem::not_found)?;
        let by = reader.by();
        match platform
            .identity()
            .change_password(&by, account, *session, values.get("old"), values.get("password"))
            .await
        {
            Ok(session) => {
                let mut response = reader.done(&Href::new("/account"), &texts::password_changed());
                append_cookie(response.headers_mut(), &session_cookie(&session.secret, platform.settings()));
                return Ok(response);
            }
            Err(error) => {
                let problem = Problem::from(error);
                if problem.fields.is_empty() {
                    errors.add("password", problem.text);
                }
                problem.fields.into_iter().for_each(|(field, text)| errors.add(field, text));
            }
        }
    }
    let page = account_view(&platform, &reader, &errors, None).await?;
    Ok(reader.invalid(&page))
}

async fn end_session(State(platform): State<Platform>, reader: Reader, Path(id): Path<SessionId>) -> Answer {
    let account = reader.actor()?.account;
    platform.identity().revoke_session(&reader.by(), account, id).await?;
    Ok(reader.done(&Href::new("/account"), &texts::session_ended()))
}

async fn end_other_sessions(State(platform): State<Platform>, reader: Reader) -> Answer {
    let account = reader.actor()?.account;
    platform.identity().revoke_all(&reader.by(), account, reader.session().map(|(id, _)| *id)).await?;
    Ok(reader.done(&Href::new("/account"), &texts::session_ended()))
}

async fn create_token(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    let account = reader.actor()?.account;
    let access = if values.filled("write").is_some() { TokenAccess::Write } else { TokenAccess::Read };
    let token = platform
        .identity()
        .create_token(&reader.by(), account, values.get("name"), access, None)
        .await
        .map_err(Problem::from)?;
    let page = account_view(&platform, &reader, &FieldErrors::new(), Some(&token.secret)).await?;
    Ok(reader.page(&page))
}

async fn revoke_token(State(platform): State<Platform>, reader: Reader, Path(id): Path<TokenId>) -> Answer {
    let account = reader.actor()?.account;
    platform.identity().revoke_token(&reader.by(), account, id).await?;
    Ok(reader.done(&Href::new("/account"), &texts::token_revoked()))
}
