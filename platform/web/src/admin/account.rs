//! One account: whose it is, what it may do, where it is signed in.

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use identity::{Account, AccountError, IdentityPermission, Session};
use kernel::AccountId;
use maud::{Markup, html};
use messages::{Problem, Text};
use ui::{
    Cell, Column, Difference, EditConflict, Empty, Field, FieldErrors, Form as FormView, Href, Icon, Page,
    Table, Values, Weight,
};

use super::{accounts::state, audit_log, grants, role_titles, texts};
use crate::{Answer, Fail, Form, Platform, Reader, Routes, answer::status_of, api::Path};

/// What makes a newer version of an account, as the audit log names it.
const CHANGES: [&str; 5] = [
    "identity.account_created",
    "identity.grants_set",
    "identity.password_set",
    "identity.account_disabled",
    "identity.account_enabled",
];

pub(super) fn routes() -> Routes<Platform> {
    Routes::new()
        .get("/admin/accounts/{id}", IdentityPermission::ViewAccounts, show)
        .post("/admin/accounts/{id}/grants", IdentityPermission::ManageAccounts, set_grants)
        .post("/admin/accounts/{id}/password", IdentityPermission::ManageAccounts, set_password)
        .post("/admin/accounts/{id}/disable", IdentityPermission::ManageAccounts, disable)
        .post("/admin/accounts/{id}/enable", IdentityPermission::ManageAccounts, enable)
        .post("/admin/accounts/{id}/end-sessions", IdentityPermission::ManageAccounts, end_sessions)
}

fn page_of(id: AccountId) -> Href {
    Href::new("/admin/accounts").segment(id)
}

async fn account(platform: &Platform, id: AccountId) -> Result<Account, Fail> {
    Ok(platform.identity().account(id).await?.ok_or_else(Problem::not_found)?)
}

/// What stands in the two forms of the page.
struct Forms {
    grants: Values,
    grant_errors: FieldErrors,
    conflict: Option<EditConflict>,
    password: Values,
    password_errors: FieldErrors,
}

impl Forms {
    fn stored(account: &Account) -> Forms {
        Forms {
            grants: grants::write(&account.grants),
            grant_errors: FieldErrors::new(),
            conflict: None,
            password: Values::default().with("must_change", 1),
            password_errors: FieldErrors::new(),
        }
    }
}

async fn show(State(platform): State<Platform>, reader: Reader, Path(id): Path<AccountId>) -> Answer {
    let account = account(&platform, id).await?;
    let page = view(&platform, &reader, &account, &Forms::stored(&account)).await?;
    Ok(reader.page(&page))
}

async fn view(platform: &Platform, reader: &Reader, account: &Account, forms: &Forms) -> Result<Page, Fail> {
    let cx = &reader.cx;
    let may_manage = reader.can(IdentityPermission::ManageAccounts);
    let sessions = platform.identity().sessions(account.id).await?;
    let main = if may_manage {
        grants_form(platform, reader, account, forms).await?
    } else {
        grants_words(platform, reader, account).await?
    };
    let body = html! {
        @if let Some(conflict) = &forms.conflict { (ui::edit_conflict(cx, conflict)) }
        (ui::section(cx, &texts::accounts(), None, &facts(platform, reader, account)))
        (ui::section(cx, &texts::grants(), None, &main))
        (ui::section(cx, &texts::sessions(), None, &sessions_table(reader, &sessions)))
        @if may_manage { (ui::section(cx, &texts::set_password(), None, &password_form(reader, account, forms))) }
    };
    let mut page = Page::new(Text::verbatim(account.name.clone()), body)
        .crumb(texts::accounts(), Href::new("/admin/accounts"));
    if may_manage {
        page = page.actions(buttons(reader, account, !sessions.is_empty()));
    }
    Ok(page)
}

fn buttons(reader: &Reader, account: &Account, has_sessions: bool) -> Markup {
    let cx = &reader.cx;
    let button = |weight, text: Text, verb: &str| {
        ui::post_button(cx, weight, &text, &page_of(account.id).segment(verb), &[], None)
    };
    let mut buttons = Vec::new();
    if has_sessions {
        buttons.push(button(Weight::Plain, texts::end_sessions(), "end-sessions"));
    }
    buttons.push(if account.disabled {
        button(Weight::Primary, texts::enable(), "enable")
    } else {
        button(Weight::Danger, texts::disable(), "disable")
    });
    ui::line(&buttons)
}

fn facts(platform: &Platform, reader: &Reader, account: &Account) -> Markup {
    let cx = &reader.cx;
    let (word, tone) = state(account);
    let person = account.person.map_or_else(
        || "—".to_owned(),
        |person| platform.settings().places.person_name(person).unwrap_or_else(|| person.to_string()),
    );
    ui::facts(
        cx,
        &[
            (texts::name(), html! { (account.name) }),
            (texts::person(), html! { (person) }),
            (texts::state(), ui::badge(tone, &cx.t(word))),
            (texts::created(), html! { (cx.time(account.created_at)) }),
        ],
    )
}

async fn grants_words(platform: &Platform, reader: &Reader, account: &Account) -> Result<Markup, Fail> {
    let titles = role_titles(platform).await?;
    let line = |grant| grants::words(&reader.cx, platform, &titles, std::slice::from_ref(grant));
    Ok(html! {
        @if account.grants.is_empty() { p { (reader.cx.t(texts::grants_none())) } }
        @else { ul { @for grant in &account.grants { li { (line(grant)) } } } }
    })
}

async fn grants_form(
    platform: &Platform,
    reader: &Reader,
    account: &Account,
    forms: &Forms,
) -> Result<Markup, Fail> {
    let cx = &reader.cx;
    let fields = grants::fields(platform, &forms.grants).await?;
    let action = page_of(account.id).segment("grants");
    let form = FormView::new(action, &forms.grants, &forms.grant_errors, texts::grants_save())
        .version(account.version);
    Ok(ui::form_around(cx, &form, &fields, &grants::view(cx, &form, &fields)))
}

fn password_form(reader: &Reader, account: &Account, forms: &Forms) -> Markup {
    let fields = [
        Field::secret("password", texts::new_password())
            .required()
            .autocomplete("new-password")
            .hint(texts::set_password_hint()),
        Field::check("must_change", texts::must_change()),
    ];
    let action = page_of(account.id).segment("password");
    ui::form(
        &reader.cx,
        &FormView::new(action, &forms.password, &forms.password_errors, texts::set_password()),
        &fields,
    )
}

fn sessions_table(reader: &Reader, sessions: &[Session]) -> Markup {
    let columns = vec![
        Column::new("since", texts::since(), |_, session: &Session| Cell::time(Some(session.created_at))),
        Column::new("used", texts::last_used(), |_, session: &Session| {
            Cell::time(Some(session.last_used_at))
        }),
        Column::new("ip", texts::from_ip(), |_, session: &Session| Cell::words(session.ip.clone())),
        Column::new("browser", texts::browser(), |_, session: &Session| {
            Cell::words(crate::browser::name(&session.user_agent))
        })
        .wraps(),
    ];
    let empty = Empty::new(Icon::LogOut, texts::sessions_none(), texts::sessions_none_hint());
    ui::table(&reader.cx, &Table::new("sessions", texts::sessions(), columns, sessions).empty(empty))
}

async fn set_grants(
    State(platform): State<Platform>,
    reader: Reader,
    Path(id): Path<AccountId>,
    Form(values): Form,
) -> Answer {
    let mut errors = FieldErrors::new();
    let typed = grants::read(&values, &mut errors);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut changed = false;
    if errors.is_empty() {
        match platform
            .identity()
            .set_grants(&reader.by(), id, &typed, values.version().unwrap_or_default())
            .await
        {
            Ok(()) => return Ok(reader.done(&page_of(id), &texts::grants_saved())),
            Err(error) => {
                changed = matches!(error, AccountError::Changed);
                let problem = Problem::from(error);
                status = status_of(problem.kind);
                if !changed {
                    errors = FieldErrors::from(&problem);
                }
            }
        }
    }
    // Read after the attempt: where somebody else was faster, the form goes on from their version.
    let stored = account(&platform, id).await?;
    let conflict = if changed { Some(conflict(&platform, &reader, &stored, &typed).await?) } else { None };
    let forms = Forms { grants: values, grant_errors: errors, conflict, ..Forms::stored(&stored) };
    let page = view(&platform, &reader, &stored, &forms).await?;
    Ok((status, reader.page(&page)).into_response())
}

async fn conflict(
    platform: &Platform,
    reader: &Reader,
    stored: &Account,
    typed: &[identity::Grant],
) -> Result<EditConflict, Fail> {
    let titles = role_titles(platform).await?;
    let words = |grants| grants::words(&reader.cx, platform, &titles, grants);
    let (theirs, yours) = (words(&stored.grants), words(typed));
    let differences =
        if theirs == yours { Vec::new() } else { vec![Difference { label: texts::grants(), theirs, yours }] };
    let (who, at) =
        audit_log::last_change(platform, reader.lang(), &format!("account:{}", stored.id), &CHANGES).await?;
    Ok(EditConflict { who, at, differences, latest: page_of(stored.id) })
}

async fn set_password(
    State(platform): State<Platform>,
    reader: Reader,
    Path(id): Path<AccountId>,
    Form(values): Form,
) -> Answer {
    let must_change = values.has("must_change", "1");
    match platform.identity().set_password(&reader.by(), id, values.get("password"), must_change).await {
        Ok(()) => Ok(reader.done(&page_of(id), &texts::password_set())),
        Err(AccountError::NotFound) => Err(Problem::not_found().into()),
        Err(error) => {
            let problem = Problem::from(error);
            let stored = account(&platform, id).await?;
            let forms = Forms {
                password: values,
                password_errors: FieldErrors::from(&problem),
                ..Forms::stored(&stored)
            };
            let page = view(&platform, &reader, &stored, &forms).await?;
            Ok((status_of(problem.kind), reader.page(&page)).into_response())
        }
    }
}

async fn disable(State(platform): State<Platform>, reader: Reader, Path(id): Path<AccountId>) -> Answer {
    platform.identity().disable(&reader.by(), id).await.map_err(Problem::from)?;
    Ok(reader.done(&page_of(id), &texts::disabled_done()))
}

async fn enable(State(platform): State<Platform>, reader: Reader, Path(id): Path<AccountId>) -> Answer {
    platform.identity().enable(&reader.by(), id).await.map_err(Problem::from)?;
    Ok(reader.done(&page_of(id), &texts::enabled_done()))
}

async fn end_sessions(State(platform): State<Platform>, reader: Reader, Path(id): Path<AccountId>) -> Answer {
    account(&platform, id).await?;
    // An administrator who ends all of their own keeps the one they work in.
    let kept = reader.session().map(|(session, _)| *session);
    platform.identity().revoke_all(&reader.by(), id, kept).await?;
    Ok(reader.done(&page_of(id), &texts::sessions_ended()))
}
