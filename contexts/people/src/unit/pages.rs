//! The organisation tree, and the forms that shape it.

use std::collections::{BTreeSet, HashMap};

use axum::extract::State;
use kernel::{Day, UnitId};
use maud::html;
use messages::Text;
use ui::{
    Cell, Choice, Column, Empty, Field, Href, Icon, Page, RowAction, Table, TableState, Tone, Values, Weight,
};
use web::api::Path;
use web::{Answer, Form, Reader, Routes};

use crate::api::Lookup;
use crate::error::{Invalid, PeopleError, Result, Stored};
use crate::forms::{self, FormPage};
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::person::pages::{unit_choices, with_none};
use crate::texts;
use crate::unit::{Unit, UnitDraft, UnitKind};

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .get("/units", PeoplePermission::View, tree_page)
        .get("/units/new", PeoplePermission::EditStructure, new_page)
        .post("/units/new", PeoplePermission::EditStructure, add)
        .get("/units/{id}/edit", PeoplePermission::EditStructure, edit_page)
        .post("/units/{id}/edit", PeoplePermission::EditStructure, edit)
        .get("/units/{id}/close", PeoplePermission::EditStructure, close_page)
        .post("/units/{id}/close", PeoplePermission::EditStructure, close)
}

fn tree_href() -> Href {
    Href::new("/units")
}

fn kind_text(kind: UnitKind) -> Text {
    match kind {
        UnitKind::Organisation => texts::organisation(),
        UnitKind::Site => texts::site(),
        UnitKind::Team => texts::team(),
    }
}

/// The units a reader sees: those in scope with everything below, their own, and the way down to each.
pub(crate) fn seen(reader: &Reader, lookup: &Lookup, today: Day) -> BTreeSet<UnitId> {
    if reader.scope.is_everything() {
        return lookup.units().map(|unit| unit.id).collect();
    }
    let own = reader.scope.person().and_then(|person| lookup.team_of(person, today));
    let reached = lookup.with_below(reader.scope.unit_ids());
    let above = |id: UnitId| lookup.unit_path(id).into_iter().map(|unit| unit.id).collect::<Vec<_>>();
    reached.into_iter().chain(own).flat_map(above).collect()
}

/// One line of the tree.
struct Line {
    unit: Unit,
    depth: usize,
    people: Option<usize>,
    leaders: String,
}

/// The tree as lines, each unit before those below it.
fn lines(reader: &Reader, lookup: &Lookup, today: Day) -> Vec<Line> {
    let seen = seen(reader, lookup, today);
    let mut members: HashMap<UnitId, usize> = HashMap::new();
    for unit in lookup.people().filter_map(|person| lookup.team_of(person.id, today)) {
        *members.entry(unit).or_default() += 1;
    }
    let mut lines = Vec::new();
    let mut waiting: Vec<(&Unit, usize)> = lookup.organisation().map(|root| (root, 0)).into_iter().collect();
    while let Some((unit, depth)) = waiting.pop() {
        if !seen.contains(&unit.id) {
            continue;
        }
        let in_scope = reader.scope.is_everything() || reader.scope.unit_ids().contains(&unit.id);
        let below = || lookup.units_below(unit.id).iter().filter_map(|id| members.get(id)).sum();
        let leaders = lookup.leaders(unit.id, today).filter_map(|id| lookup.person(id));
        let mut leaders: Vec<&str> =
            leaders.map(|person| person.name.as_str()).filter(|_| in_scope).collect();
        leaders.sort_unstable();
        let (people, leaders) = (in_scope.then(below), leaders.join("、"));
        lines.push(Line { unit: unit.clone(), depth, people, leaders });
        // The last one in is the first one out.
        waiting.extend(lookup.children(unit.id).into_iter().rev().map(|child| (child, depth + 1)));
    }
    lines
}

fn columns() -> Vec<Column<Line>> {
    let words = |words: &str| if words.is_empty() { Cell::empty() } else { Cell::words(words) };
    vec![
        // Two ideographic blanks a level: what stands below stands further in, on paper and in the export too.
        Column::new("name", texts::unit_name(), |_, line: &Line| {
            Cell::words(format!("{}{}", "\u{3000}\u{3000}".repeat(line.depth), line.unit.name))
        }),
        Column::new("kind", texts::kind(), |_, line: &Line| Cell::text(kind_text(line.unit.kind))),
        Column::new("code", texts::code(), |_, line: &Line| Cell::words(&line.unit.code)),
        Column::figures("people", texts::people(), |_, line: &Line| {
            line.people.map_or_else(Cell::empty, Cell::count)
        }),
        Column::new("leaders", texts::leader(), move |_, line: &Line| words(&line.leaders)),
        Column::new("zone", texts::zone(), move |_, line: &Line| {
            words(line.unit.zone.as_deref().unwrap_or_default())
        }),
        Column::new("closed", texts::state(), |cx, line: &Line| match line.unit.closed_from {
            Some(day) => Cell::words(cx.t(texts::closed_since(&cx.day(day)))).badge(Tone::Muted),
            None => Cell::text(texts::open()).badge(Tone::Good),
        }),
    ]
}

fn row_actions(line: &Line) -> Vec<RowAction> {
    let href = tree_href().segment(line.unit.id);
    let action = |text, href, icon| RowAction { text, href, icon };
    let mut actions = vec![
        action(texts::edit(), href.clone().segment("edit"), Icon::Edit),
        action(texts::add_below(), Href::new("/units/new").with("parent", line.unit.id), Icon::Plus),
    ];
    if line.unit.kind != UnitKind::Organisation {
        let text = if line.unit.closed_from.is_some() { texts::reopen() } else { texts::close_unit() };
        actions.push(action(text, href.segment("close"), Icon::Close));
    }
    actions
}

async fn tree_page(State(service): State<Service>, reader: Reader) -> Answer {
    let lookup = service.people.lookup().await?;
    let lines = lines(&reader, &lookup, service.people.today().await?);
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let can_edit = reader.can(PeoplePermission::EditStructure);
    let mut table = Table::new("units", texts::units(), columns(), &lines)
        .state(state.clone())
        .row_href(|line: &Line| {
            let filter = if line.unit.kind == UnitKind::Site { "site" } else { "team" };
            Href::new("/people").with(filter, line.unit.id)
        })
        .empty(Empty::new(Icon::Units, texts::no_units(), texts::no_units_hint()))
        .exports();
    if can_edit {
        table = table.row_actions(row_actions);
    }
    if let Some(format) = state.format {
        let exported = table.export(cx, format).map_err(|error| forms::export_problem(&error, &reader))?;
        return Ok(forms::download(exported));
    }
    let first = Empty::new(Icon::Units, texts::no_units(), texts::first_site_hint());
    let body = html! {
        (ui::table(cx, &table))
        @if lines.len() == 1 && can_edit {
            (ui::empty_state(cx, &first.action(texts::add_unit(), Href::new("/units/new"))))
        }
    };
    let add = html! {
        @if can_edit {
            (ui::link_button(cx, Weight::Primary, &texts::add_unit(), &Href::new("/units/new"), Some(Icon::Plus)))
        }
    };
    Ok(reader.page(&Page::new(texts::units(), body).lead(texts::units_lead()).actions(add)))
}

fn labels() -> Vec<(&'static str, Text)> {
    vec![
        ("name", texts::unit_name()),
        ("code", texts::code()),
        ("parent", texts::parent()),
        ("zone", texts::zone()),
    ]
}

fn fields(lookup: &Lookup, today: Day, kind: Option<UnitKind>) -> Vec<Field> {
    let mut fields = Vec::new();
    if kind.is_none() {
        let kinds = [UnitKind::Site, UnitKind::Team].map(|kind| Choice::new(kind.name(), kind_text(kind)));
        fields.push(Field::radios("kind", texts::kind(), kinds.to_vec()).required());
    }
    fields.push(Field::text("name", texts::unit_name()).required());
    fields.push(Field::text("code", texts::code()).required().hint(texts::code_hint()));
    if kind != Some(UnitKind::Organisation) {
        let choices = with_none(unit_choices(lookup, today, &UnitKind::ALL));
        fields.push(Field::select("parent", texts::parent(), choices).required());
    }
    if kind != Some(UnitKind::Team) {
        fields.push(Field::text("zone", texts::zone()).hint(texts::zone_hint()));
    }
    fields
}

fn form(title: Text, action: Href, fields: Vec<Field>) -> FormPage {
    FormPage {
        title,
        lead: None,
        crumbs: vec![(texts::units(), tree_href())],
        action,
        back: tree_href(),
        submit: texts::save(),
        danger: false,
        fields,
        labels: labels(),
        draft: None,
    }
}

fn parse(values: &Values, kind: Option<UnitKind>) -> Result<UnitDraft> {
    let mut wrong = Invalid::default();
    let kind = kind.or_else(|| UnitKind::parse(values.get("kind")));
    if kind.is_none() {
        wrong.add("kind", texts::must_be_chosen());
    }
    let draft = UnitDraft {
        parent: forms::choice(values, "parent", &mut wrong),
        kind: kind.unwrap_or(UnitKind::Team),
        code: values.get("code").to_owned(),
        name: values.get("name").to_owned(),
        zone: values.filled("zone").map(str::to_owned),
    };
    Ok(wrong.or(draft)?)
}

fn new_form(lookup: &Lookup, today: Day) -> FormPage {
    form(texts::add_unit(), Href::new("/units/new"), fields(lookup, today, None))
}

async fn new_page(State(service): State<Service>, reader: Reader) -> Answer {
    let lookup = service.people.lookup().await?;
    let parent: Option<UnitId> = reader.cx.here.value("parent").and_then(|id| id.parse().ok());
    let parent = parent.and_then(|id| lookup.unit(id)).or_else(|| lookup.organisation());
    let kind = if parent.is_some_and(|parent| parent.kind == UnitKind::Organisation) {
        UnitKind::Site
    } else {
        UnitKind::Team
    };
    let values = Values::default()
        .with("parent", parent.map(|parent| parent.id.to_string()).unwrap_or_default())
        .with("kind", kind.name());
    Ok(new_form(&lookup, service.people.today().await?).show(&reader, &values, None))
}

async fn add(State(service): State<Service>, reader: Reader, Form(values): Form) -> Answer {
    let added = match parse(&values, None) {
        Ok(draft) => service.people.add_unit(&reader.by(), &draft).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(reader.done(&tree_href(), &texts::saved())),
        Err(error) => {
            let lookup = service.people.lookup().await?;
            new_form(&lookup, service.people.today().await?)
                .refuse(&reader, &values, error, forms::as_is)
                .await
        }
    }
}

fn edit_form(lookup: &Lookup, today: Day, unit: &Unit) -> FormPage {
    let action = tree_href().segment(unit.id).segment("edit");
    form(Text::verbatim(&unit.name), action, fields(lookup, today, Some(unit.kind)))
}

fn find(lookup: &Lookup, id: UnitId) -> Result<Unit> {
    lookup.unit(id).cloned().ok_or(PeopleError::NotFound)
}

async fn edit_page(State(service): State<Service>, reader: Reader, Path(id): Path<UnitId>) -> Answer {
    let lookup = service.people.lookup().await?;
    let unit = find(&lookup, id)?;
    let stored = Stored::Unit(unit.clone()).fields();
    let values = stored.into_iter().fold(Values::default(), |values, (name, value)| values.with(name, value));
    Ok(edit_form(&lookup, service.people.today().await?, &unit).show(&reader, &values, Some(unit.version)))
}

async fn edit(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<UnitId>,
    Form(values): Form,
) -> Answer {
    let lookup = service.people.lookup().await?;
    let unit = find(&lookup, id)?;
    let edited = match parse(&values, Some(unit.kind)) {
        Ok(draft) => service.people.edit_unit(&reader.by(), id, forms::version(&values), &draft).await,
        Err(error) => Err(error),
    };
    let shown = |field: &str, value: &str| match field {
        "parent" => value.parse().map_or_else(|_| value.to_owned(), |id| lookup.unit_label(id)),
        _ => value.to_owned(),
    };
    match edited {
        Ok(()) => Ok(reader.done(&tree_href(), &texts::saved())),
        Err(error) => {
            edit_form(&lookup, service.people.today().await?, &unit)
                .refuse(&reader, &values, error, shown)
                .await
        }
    }
}

fn close_form(unit: &Unit) -> FormPage {
    let (title, lead) = match unit.closed_from {
        None => (texts::close_unit(), texts::close_unit_lead()),
        Some(_) => (texts::reopen(), texts::reopen_lead()),
    };
    FormPage {
        title: title.clone(),
        lead: Some(lead),
        crumbs: vec![(texts::units(), tree_href()), (Text::verbatim(&unit.name), tree_href())],
        action: tree_href().segment(unit.id).segment("close"),
        back: tree_href(),
        submit: title,
        danger: unit.closed_from.is_none(),
        fields: vec![Field::day("closed_from", texts::closed_from())],
        labels: labels(),
        draft: None,
    }
}

async fn close_page(State(service): State<Service>, reader: Reader, Path(id): Path<UnitId>) -> Answer {
    let unit = find(&*service.people.lookup().await?, id)?;
    let day =
        if unit.closed_from.is_some() { String::new() } else { service.people.today().await?.to_string() };
    Ok(close_form(&unit).show(&reader, &Values::default().with("closed_from", day), Some(unit.version)))
}

async fn close(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<UnitId>,
    Form(values): Form,
) -> Answer {
    let unit = find(&*service.people.lookup().await?, id)?;
    let mut wrong = Invalid::default();
    let from = forms::day(&values, "closed_from", &mut wrong);
    let closed = match wrong.or(from) {
        Ok(from) => service.people.close_unit(&reader.by(), id, forms::version(&values), from).await,
        Err(wrong) => Err(wrong.into()),
    };
    match closed {
        Ok(()) => Ok(reader.done(&tree_href(), &texts::saved())),
        Err(error) => close_form(&unit).refuse(&reader, &values, error, forms::as_is).await,
    }
}
