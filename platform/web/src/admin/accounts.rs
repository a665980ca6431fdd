//! The list of accounts, and a new one.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use identity::{Account, AccountFilter, IdentityPermission, NewAccount};
use messages::{Problem, Text};
use ui::{
    Cell, Column, EXPORT_ROWS_MAX, Empty, Field, FieldErrors, FilterBar, Form as FormView, Href, Icon, Page,
    Table, TableState, Tone, Values, Weight,
};

use super::{grants, role_titles, texts};
use crate::{Answer, Fail, Form, Platform, Reader, Routes, answer::status_of};

/// Accounts on one page of the list.
const PAGE_ROWS: usize = 50;
/// Accounts read at once for an export: as many as identity gives.
const EXPORT_PAGE_ROWS: usize = 500;

pub(super) fn routes() -> Routes<Platform> {
    Routes::new()
        .get("/admin/accounts", IdentityPermission::ViewAccounts, list)
        .post("/admin/accounts", IdentityPermission::ManageAccounts, create)
        .get("/admin/accounts/new", IdentityPermission::ManageAccounts, new)
}

/// A line of the list.
struct Line {
    account: Account,
    person: Option<String>,
    roles: Text,
}

/// Where an account stands, as a word and its tone.
pub(super) fn state(account: &Account) -> (Text, Tone) {
    if account.disabled {
        (texts::state_disabled(), Tone::Muted)
    } else if !account.has_password {
        (texts::state_no_password(), Tone::Warn)
    } else if account.must_change_password {
        (texts::state_must_change(), Tone::Info)
    } else {
        (texts::state_active(), Tone::Good)
    }
}

fn columns() -> Vec<Column<Line>> {
    vec![
        Column::new("name", texts::name(), |_, line: &Line| Cell::words(line.account.name.clone())),
        Column::new("person", texts::person(), |_, line: &Line| {
            line.person.clone().map_or_else(Cell::empty, Cell::words)
        }),
        Column::new("roles", texts::roles(), |_, line: &Line| Cell::text(line.roles.clone())).wraps(),
        Column::new("state", texts::state(), |_, line: &Line| {
            let (word, tone) = state(&line.account);
            Cell::text(word).badge(tone)
        }),
        Column::new("created", texts::created(), |_, line: &Line| Cell::time(Some(line.account.created_at))),
        Column::new("id", texts::id(), |_, line: &Line| Cell::words(line.account.id.to_string())).hidden(),
    ]
}

async fn list(State(platform): State<Platform>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let query = cx.here.value("q").unwrap_or_default().to_owned();
    let format = state.format;
    let (accounts, next) = match format {
        Some(_) => (everybody(&platform, query).await?, None),
        None => one_page(&platform, query, state.after.clone()).await?,
    };
    let titles = role_titles(&platform).await?;
    let lines: Vec<Line> = accounts.into_iter().map(|account| line(&platform, &titles, account)).collect();
    let mut empty = Empty::new(Icon::Key, texts::accounts_empty(), texts::accounts_empty_hint());
    let may_manage = reader.can(IdentityPermission::ManageAccounts);
    if may_manage {
        empty = empty.action(texts::account_new(), Href::new("/admin/accounts/new"));
    }
    let table = Table::new("accounts", texts::accounts(), columns(), &lines)
        .state(state)
        .next(next)
        .row_href(|line| Href::new("/admin/accounts").segment(line.account.id))
        .empty(empty)
        .exports();
    if let Some(format) = format {
        return reader.export(&table, format);
    }
    let body = ui::stack(&[
        ui::filter_bar(cx, &FilterBar::new().search("q", texts::name_search())),
        ui::table(cx, &table),
    ]);
    let mut page = Page::new(texts::accounts(), body).lead(texts::accounts_lead());
    if may_manage {
        page = page.actions(ui::link_button(
            cx,
            Weight::Primary,
            &texts::account_new(),
            &Href::new("/admin/accounts/new"),
            Some(Icon::Plus),
        ));
    }
    Ok(reader.page(&page))
}

fn line(platform: &Platform, titles: &BTreeMap<String, Text>, account: Account) -> Line {
    let person = account
        .person
        .map(|person| platform.settings().places.person_name(person).unwrap_or_else(|| person.to_string()));
    let mut names: Vec<&str> = account.grants.iter().map(|grant| grant.role.as_str()).collect();
    names.dedup();
    let roles: Vec<Text> = names
        .into_iter()
        .map(|name| titles.get(name).cloned().unwrap_or_else(|| Text::verbatim(name)))
        .collect();
    let join = |separator: &str, words: Vec<&str>| words.join(separator);
    let roles = Text::made(
        join("、", roles.iter().map(|role| role.zh.as_ref()).collect()),
        join(", ", roles.iter().map(|role| role.en.as_ref()).collect()),
    );
    Line { account, person, roles }
}

/// One page, and the cursor of the next.
async fn one_page(
    platform: &Platform,
    query: String,
    after: Option<String>,
) -> store::Result<(Vec<Account>, Option<String>)> {
    let filter = AccountFilter { query, after, limit: PAGE_ROWS + 1 };
    let mut accounts = platform.identity().accounts(&filter).await?;
    let next = store::cut_page(&mut accounts, PAGE_ROWS, |last| last.name.clone());
    Ok((accounts, next))
}

async fn everybody(platform: &Platform, query: String) -> store::Result<Vec<Account>> {
    let mut all: Vec<Account> = Vec::new();
    loop {
        let after = all.last().map(|last| last.name.clone());
        let page = platform
            .identity()
            .accounts(&AccountFilter { query: query.clone(), after, limit: EXPORT_PAGE_ROWS })
            .await?;
        let full = page.len() == EXPORT_PAGE_ROWS;
        all.extend(page);
        // One more than an export may have: then it says so instead of leaving the rest out.
        if !full || all.len() > EXPORT_ROWS_MAX {
            return Ok(all);
        }
    }
}

async fn new(State(platform): State<Platform>, reader: Reader) -> Answer {
    let values = Values::default()
        .with("must_change", 1)
        .with("person", reader.cx.here.value("person").unwrap_or_default());
    let page = new_view(&platform, &reader, &values, &FieldErrors::new()).await?;
    Ok(reader.page(&page))
}

async fn new_view(
    platform: &Platform,
    reader: &Reader,
    values: &Values,
    errors: &FieldErrors,
) -> Result<Page, Fail> {
    let cx = &reader.cx;
    let mut fields = vec![
        Field::text("name", texts::name()).required().autocomplete("off").autofocus(),
        Field::text("person", texts::person()).hint(texts::person_hint()).autocomplete("off"),
        Field::secret("password", texts::initial_password())
            .hint(texts::initial_password_hint())
            .autocomplete("new-password"),
        Field::check("must_change", texts::must_change()),
    ];
    let rows = grants::fields(platform, values).await?;
    let view = FormView::new(Href::new("/admin/accounts"), values, errors, texts::account_create())
        .cancel(Href::new("/admin/accounts"));
    let first: Vec<maud::Markup> = fields.iter().map(|field| ui::field(cx, &view, field)).collect();
    let body = maud::html! { @for field in &first { (field) } h3 { (cx.t(texts::grants())) } (grants::view(cx, &view, &rows)) };
    fields.extend(rows);
    let form = ui::form_around(cx, &view, &fields, &body);
    Ok(Page::new(texts::account_new(), ui::section(cx, &texts::account_new(), None, &form))
        .crumb(texts::accounts(), Href::new("/admin/accounts")))
}

async fn create(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    match try_create(&platform, &reader, &values).await {
        Ok(response) => Ok(response),
        Err((status, errors)) => {
            let page = new_view(&platform, &reader, &values, &errors).await?;
            Ok((status, reader.page(&page)).into_response())
        }
    }
}

async fn try_create(
    platform: &Platform,
    reader: &Reader,
    values: &Values,
) -> Result<Response, (http::StatusCode, FieldErrors)> {
    let mut errors = FieldErrors::new();
    let person = values.filled("person").and_then(|typed| {
        let person = typed.parse().ok().or_else(|| platform.settings().places.person_called(typed.trim()));
        if person.is_none() {
            errors.add("person", texts::person_bad(typed));
        }
        person
    });
    let grants = grants::read(values, &mut errors);
    let invalid = |errors| (http::StatusCode::UNPROCESSABLE_ENTITY, errors);
    errors.or(()).map_err(invalid)?;
    let new = NewAccount {
        name: values.get("name").trim().to_owned(),
        password: Some(values.get("password")).filter(|password| !password.is_empty()).map(str::to_owned),
        person,
        must_change_password: values.has("must_change", "1"),
        lang: None,
        grants,
    };
    let made = platform.identity().create_account(&reader.by(), &new).await;
    let id = made
        .map_err(Problem::from)
        .map_err(|problem| (status_of(problem.kind), FieldErrors::from(&problem)))?;
    Ok(reader.done(&Href::new("/admin/accounts").segment(id), &texts::account_created()))
}
