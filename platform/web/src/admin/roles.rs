//! Roles: those that ship, those of the installation, and the matrix of what each may do.

use std::collections::BTreeMap;

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use identity::{IdentityPermission, PermissionDef, Reach, RoleError, RoleId, RoleRow};
use maud::{Markup, html};
use messages::{Problem, Text};
use ui::{
    Cell, Choice, Column, Difference, EditConflict, Field, FieldErrors, Form as FormView, Href, Icon, Page,
    Table, TableState, Tone, Values, Weight,
};

use super::{audit_log, reach_text, reach_tone, texts};
use crate::{Answer, Fail, Form, Platform, Reader, Routes, answer::status_of, api::Path};

/// The keys of the matrix's columns. A matrix with more roles than this cannot be read on any screen; each role
/// has a page of its own.
const MATRIX_KEYS: [&str; 24] = [
    "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "r16",
    "r17", "r18", "r19", "r20", "r21", "r22", "r23", "r24",
];

/// What makes a newer version of a role, as the audit log names it.
const CHANGES: [&str; 2] = ["identity.role_created", "identity.role_permissions_set"];

pub(super) fn routes() -> Routes<Platform> {
    Routes::new()
        .get("/admin/roles", IdentityPermission::ViewAccounts, list)
        .post("/admin/roles", IdentityPermission::ManageRoles, create)
        .get("/admin/roles/matrix", IdentityPermission::ViewAccounts, matrix)
        .get("/admin/roles/new", IdentityPermission::ManageRoles, new)
        .get("/admin/roles/{id}", IdentityPermission::ViewAccounts, show)
        .post("/admin/roles/{id}/permissions", IdentityPermission::ManageRoles, set_permissions)
}

fn page_of(id: RoleId) -> Href {
    Href::new("/admin/roles").segment(id)
}

fn kind(role: &RoleRow) -> (Text, Tone) {
    if role.shipped { (texts::role_shipped(), Tone::Plain) } else { (texts::role_own(), Tone::Info) }
}

async fn list(State(platform): State<Platform>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let roles = platform.identity().roles().await?;
    let columns = vec![
        Column::new("title", texts::role(), |_, role: &RoleRow| Cell::text(role.title.clone())),
        Column::new("name", texts::role_name(), |_, role: &RoleRow| Cell::words(role.name.clone())),
        Column::new("kind", texts::role_kind(), |_, role: &RoleRow| {
            let (word, tone) = kind(role);
            Cell::text(word).badge(tone)
        }),
        Column::figures("permissions", texts::role_permissions(), |_, role: &RoleRow| {
            Cell::count(role.permissions.len())
        }),
        Column::figures("accounts", texts::role_accounts(), |_, role: &RoleRow| Cell::count(role.accounts)),
    ];
    let format = state.format;
    let table = Table::new("roles", texts::roles(), columns, &roles)
        .state(state)
        .row_href(|role| page_of(role.id))
        .exports();
    if let Some(format) = format {
        return reader.export(&table, format);
    }
    let mut buttons =
        vec![ui::link_button(cx, Weight::Plain, &texts::matrix(), &Href::new("/admin/roles/matrix"), None)];
    if reader.can(IdentityPermission::ManageRoles) {
        buttons.push(ui::link_button(
            cx,
            Weight::Primary,
            &texts::role_new(),
            &Href::new("/admin/roles/new"),
            Some(Icon::Plus),
        ));
    }
    let page = Page::new(texts::roles(), ui::table(cx, &table))
        .lead(texts::roles_lead())
        .actions(ui::line(&buttons));
    Ok(reader.page(&page))
}

/// A line of the matrix: a permission and its reach in each role.
struct MatrixLine {
    def: PermissionDef,
    reaches: Vec<Option<Reach>>,
}

fn reach_cell(reach: Option<Reach>) -> Cell {
    reach.map_or_else(Cell::empty, |reach| Cell::text(reach_text(reach)).badge(reach_tone(reach)))
}

async fn matrix(State(platform): State<Platform>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let roles = platform.identity().roles().await?;
    let line = |def: PermissionDef| {
        let reaches = roles.iter().map(|role| role.permissions.get(def.permission.0).copied()).collect();
        MatrixLine { def, reaches }
    };
    let lines: Vec<MatrixLine> = sorted_permissions(&platform).into_iter().map(line).collect();
    let mut columns = vec![
        Column::new("permission", texts::permission(), |_, line: &MatrixLine| {
            Cell::text(line.def.title.clone())
        }),
        Column::new("code", texts::permission_code(), |_, line: &MatrixLine| {
            Cell::words(line.def.permission.0)
        })
        .hidden(),
    ];
    columns.extend(roles.iter().zip(MATRIX_KEYS).enumerate().map(|(at, (role, key))| {
        Column::new(key, role.title.clone(), move |_, line: &MatrixLine| {
            reach_cell(line.reaches.get(at).copied().flatten())
        })
    }));
    let format = state.format;
    let table = Table::new("permission-matrix", texts::matrix(), columns, &lines).state(state).exports();
    if let Some(format) = format {
        return reader.export(&table, format);
    }
    let page = Page::new(texts::matrix(), ui::table(cx, &table))
        .lead(texts::matrix_lead())
        .crumb(texts::roles(), Href::new("/admin/roles"));
    Ok(reader.page(&page))
}

fn sorted_permissions(platform: &Platform) -> Vec<PermissionDef> {
    let mut permissions = platform.identity().permissions().to_vec();
    permissions.sort_by_key(|def| def.permission);
    permissions
}

async fn new(reader: Reader) -> Answer {
    Ok(reader.page(&new_view(&reader, &Values::default(), &FieldErrors::new())))
}

fn new_view(reader: &Reader, values: &Values, errors: &FieldErrors) -> Page {
    let fields = [
        Field::text("title_zh", texts::role_title_zh()).required().autofocus(),
        Field::text("title_en", texts::role_title_en()).required(),
        Field::text("name", texts::role_name()).required().hint(texts::role_name_hint()).autocomplete("off"),
    ];
    let view = FormView::new(Href::new("/admin/roles"), values, errors, texts::role_create())
        .cancel(Href::new("/admin/roles"));
    let form = ui::form(&reader.cx, &view, &fields);
    Page::new(texts::role_new(), ui::section(&reader.cx, &texts::role_new(), None, &form))
        .crumb(texts::roles(), Href::new("/admin/roles"))
}

async fn create(State(platform): State<Platform>, reader: Reader, Form(values): Form) -> Answer {
    let title =
        Text::made(values.get("title_zh").trim().to_owned(), values.get("title_en").trim().to_owned());
    match platform.identity().create_role(&reader.by(), values.get("name").trim(), &title).await {
        Ok(id) => Ok(reader.done(&page_of(id), &texts::role_created())),
        Err(error) => {
            let field = match &error {
                RoleError::Name(_) | RoleError::NameTaken(_) => "name",
                RoleError::Title => "title_zh",
                _ => "",
            };
            let problem = Problem::from(error);
            let mut errors = FieldErrors::new();
            errors.add(field, problem.text);
            Ok((status_of(problem.kind), reader.page(&new_view(&reader, &values, &errors))).into_response())
        }
    }
}

async fn role(platform: &Platform, id: RoleId) -> Result<RoleRow, Fail> {
    let roles = platform.identity().roles().await?;
    Ok(roles.into_iter().find(|role| role.id == id).ok_or_else(Problem::not_found)?)
}

async fn show(State(platform): State<Platform>, reader: Reader, Path(id): Path<RoleId>) -> Answer {
    let role = role(&platform, id).await?;
    let page = if role.shipped || !reader.can(IdentityPermission::ManageRoles) {
        read_only(&platform, &reader, &role)
    } else {
        editor(&platform, &reader, &role, &stored_values(&role.permissions), &FieldErrors::new(), None)
    };
    Ok(reader.page(&page))
}

fn shell(role: &RoleRow, body: Markup) -> Page {
    Page::new(role.title.clone(), body)
        .lead(Text::verbatim(role.name.clone()))
        .crumb(texts::roles(), Href::new("/admin/roles"))
}

fn read_only(platform: &Platform, reader: &Reader, role: &RoleRow) -> Page {
    let cx = &reader.cx;
    let held = sorted_permissions(platform)
        .into_iter()
        .filter_map(|def| role.permissions.get(def.permission.0).map(|reach| (def, *reach)));
    let rows: Vec<(PermissionDef, Reach)> = held.collect();
    let columns = vec![
        Column::new("permission", texts::permission(), |_, row: &(PermissionDef, Reach)| {
            Cell::text(row.0.title.clone())
        }),
        Column::new("code", texts::permission_code(), |_, row: &(PermissionDef, Reach)| {
            Cell::words(row.0.permission.0)
        }),
        Column::new("reach", texts::widest_reach(), |_, row: &(PermissionDef, Reach)| {
            reach_cell(Some(row.1))
        }),
    ];
    let table = ui::table(cx, &Table::new("role-permissions", texts::role_permissions(), columns, &rows));
    let body = html! {
        @if role.shipped { (ui::notice(Tone::Info, &html! { (cx.t(texts::role_shipped_note())) })) }
        (table)
    };
    shell(role, body)
}

fn field_of(permission: &str) -> String {
    format!("may-{permission}")
}

fn stored_values(permissions: &BTreeMap<String, Reach>) -> Values {
    permissions
        .iter()
        .fold(Values::default(), |values, (name, reach)| values.with(&field_of(name), reach.name()))
}

fn editor(
    platform: &Platform,
    reader: &Reader,
    role: &RoleRow,
    values: &Values,
    errors: &FieldErrors,
    conflict: Option<&EditConflict>,
) -> Page {
    let cx = &reader.cx;
    let reaches: Vec<Choice> =
        Reach::ALL.into_iter().map(|reach| Choice::new(reach.name(), reach_text(reach))).collect();
    let field =
        |def: &PermissionDef| Field::select(&field_of(def.permission.0), def.title.clone(), reaches.clone());
    let fields: Vec<Field> = sorted_permissions(platform).iter().map(field).collect();
    let view = FormView::new(page_of(role.id).segment("permissions"), values, errors, texts::role_save())
        .version(role.version);
    let inputs: Vec<Markup> = fields.iter().map(|field| ui::field(cx, &view, field)).collect();
    let form = ui::form_around(cx, &view, &fields, &ui::grid(&inputs));
    let body = html! {
        @if let Some(conflict) = conflict { (ui::edit_conflict(cx, conflict)) }
        (ui::section(cx, &texts::role_permissions(), None, &form))
    };
    shell(role, body)
}

async fn set_permissions(
    State(platform): State<Platform>,
    reader: Reader,
    Path(id): Path<RoleId>,
    Form(values): Form,
) -> Answer {
    let mut errors = FieldErrors::new();
    let typed = read_permissions(&platform, &values, &mut errors);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut changed = false;
    if errors.is_empty() {
        match platform
            .identity()
            .set_role_permissions(&reader.by(), id, &typed, values.version().unwrap_or_default())
            .await
        {
            Ok(()) => return Ok(reader.done(&page_of(id), &texts::role_saved())),
            Err(RoleError::Changed) => {
                changed = true;
                status = StatusCode::CONFLICT;
            }
            Err(error) => return Err(Problem::from(error).into()),
        }
    }
    let stored = role(&platform, id).await?;
    let conflict = if changed { Some(conflict(&platform, &reader, &stored, &typed).await?) } else { None };
    let page = editor(&platform, &reader, &stored, &values, &errors, conflict.as_ref());
    Ok((status, reader.page(&page)).into_response())
}

fn read_permissions(
    platform: &Platform,
    values: &Values,
    errors: &mut FieldErrors,
) -> BTreeMap<String, Reach> {
    let mut permissions = BTreeMap::new();
    for def in platform.identity().permissions() {
        let field = field_of(def.permission.0);
        let Some(typed) = values.filled(&field) else { continue };
        match Reach::parse(typed) {
            Some(reach) => drop(permissions.insert(def.permission.0.to_owned(), reach)),
            None => errors.add(field, texts::reach_bad(typed)),
        }
    }
    permissions
}

async fn conflict(
    platform: &Platform,
    reader: &Reader,
    stored: &RoleRow,
    typed: &BTreeMap<String, Reach>,
) -> Result<EditConflict, Fail> {
    let word = |reach: Option<&Reach>| {
        reach.map_or_else(|| "—".to_owned(), |reach| reader.cx.t(reach_text(*reach)).into_owned())
    };
    let differs =
        |def: &PermissionDef| stored.permissions.get(def.permission.0) != typed.get(def.permission.0);
    let difference = |def: PermissionDef| Difference {
        theirs: word(stored.permissions.get(def.permission.0)),
        yours: word(typed.get(def.permission.0)),
        label: def.title,
    };
    let differences = sorted_permissions(platform).into_iter().filter(differs).map(difference).collect();
    let (who, at) =
        audit_log::last_change(platform, reader.lang(), &format!("role:{}", stored.id), &CHANGES).await?;
    Ok(EditConflict { who, at, differences, latest: page_of(stored.id) })
}
