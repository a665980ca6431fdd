//! The organisation tree, and the forms that shape it.

use std::collections::BTreeSet;

use axum::extract::State;
use kernel::{Day, UnitId};
use maud::{Markup, html};
use messages::Text;
use ui::{Choice, Field, Href, Icon, Page, Tone, Values, Weight};
use web::api::Path;
use web::{Answer, Form, Reader, Routes};

use crate::api::Lookup;
use crate::error::{Invalid, PeopleError, Result, Stored};
use crate::forms::{self, FormPage};
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::person::pages::{href as person_href, unit_choices, with_none};
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

async fn tree_page(State(service): State<Service>, reader: Reader) -> Answer {
    let lookup = service.people.lookup().await?;
    let today = service.people.today().await?;
    let seen = seen(&reader, &lookup, today);
    let tree = Tree { reader: &reader, lookup: &lookup, today, seen: &seen };
    let body = html! {
        @match lookup.organisation().filter(|root| seen.contains(&root.id)) {
            Some(root) => { ul.tree { (tree.node(root)) } }
            None => { (ui::empty_state(&reader.cx, &ui::Empty::new(Icon::Units, texts::no_units(), texts::no_units_hint()))) }
        }
        @if lookup.units().count() == 1 && reader.can(PeoplePermission::EditStructure) {
            (ui::empty_state(&reader.cx, &ui::Empty::new(Icon::Units, texts::no_units(), texts::first_site_hint())
                .action(texts::add_unit(), Href::new("/units/new"))))
        }
    };
    let page = Page::new(texts::units(), html! { section.card { div.card-body { (body) } } })
        .lead(texts::units_lead());
    let add = html! {
        @if reader.can(PeoplePermission::EditStructure) {
            (ui::link_button(&reader.cx, Weight::Primary, &texts::add_unit(), &Href::new("/units/new"), Some(Icon::Plus)))
        }
    };
    Ok(reader.page(&page.actions(add)))
}

struct Tree<'a> {
    reader: &'a Reader,
    lookup: &'a Lookup,
    today: Day,
    seen: &'a BTreeSet<UnitId>,
}

impl Tree<'_> {
    fn node(&self, unit: &Unit) -> Markup {
        let cx = &self.reader.cx;
        let children = self.lookup.children(unit.id);
        let filter = if unit.kind == UnitKind::Site { "site" } else { "team" };
        let n = self.lookup.members(unit.id, self.today).count();
        let leaders: Vec<_> =
            self.lookup.leaders(unit.id, self.today).filter_map(|id| self.lookup.person(id)).collect();
        let in_scope = self.reader.scope.is_everything() || self.reader.scope.unit_ids().contains(&unit.id);
        html! {
            li {
                div.tree-node {
                    a href=(Href::new("/people").with(filter, unit.id)) { strong { (unit.name) } }
                    " " small.note { (unit.code) } " "
                    (ui::badge(Tone::Plain, &cx.t(kind_text(unit.kind))))
                    @if let Some(zone) = &unit.zone { " " small.note { (zone) } }
                    @if let Some(closed) = unit.closed_from {
                        " " (ui::badge(Tone::Muted, &cx.t(texts::closed_since(&cx.day(closed)))))
                    }
                    @if in_scope {
                        " " span.figure { (cx.t(texts::people_count(&cx.count(i128::try_from(n).unwrap_or_default())))) }
                        @for leader in &leaders { " · " a href=(person_href(leader.id)) { (leader.name) } }
                    }
                    @if self.reader.can(PeoplePermission::EditStructure) { (self.tools(unit)) }
                }
                @if children.iter().any(|child| self.seen.contains(&child.id)) {
                    ul.tree { @for child in children { @if self.seen.contains(&child.id) { (self.node(child)) } } }
                }
            }
        }
    }

    fn tools(&self, unit: &Unit) -> Markup {
        let href = tree_href().segment(unit.id);
        let tool = |text: Text, href: Href, sign: Icon| {
            ui::link_button(&self.reader.cx, Weight::Quiet, &text, &href, Some(sign))
        };
        html! {
            (tool(texts::edit(), href.clone().segment("edit"), Icon::Edit))
            (tool(texts::add_below(), Href::new("/units/new").with("parent", unit.id), Icon::Plus))
            @if unit.kind != UnitKind::Organisation {
                @let text = if unit.closed_from.is_some() { texts::reopen() } else { texts::close_unit() };
                (tool(text, href.segment("close"), Icon::Close))
            }
        }
    }
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
