//! The list of people, the page of one, and the forms that add and edit.

use axum::extract::State;
use axum::response::Response;
use kernel::{Day, PersonId, UnitId};
use maud::html;
use messages::Text;
use ui::{
    Cell, Choice, Column, Empty, Field, FilterBar, Href, Icon, Page, Table, TableState, Tone, Values, Weight,
};
use web::api::Path;
use web::{Answer, Form, Reader, Routes};

use crate::api::{BEGINNING, Lookup, Person, PersonDraft};
use crate::error::{Invalid, PeopleError};
use crate::forms::{self, FormPage};
use crate::membership::TeamRole;
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::person::actions;
use crate::person::list::{PeopleFilter, PeopleSort};
use crate::person::{PersonCard, PersonRow};
use crate::texts;
use crate::unit::UnitKind;

/// Rows on one page of the list: two screens of 32 px rows.
const ROWS: usize = 50;
const SORTABLE: [&str; 4] = ["number", "name", "unit", "employed_from"];

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .get("/people", PeoplePermission::View, list_page)
        .get("/people/new", PeoplePermission::Edit, new_page)
        .post("/people/new", PeoplePermission::Edit, add)
        .get("/people/{id}", PeoplePermission::View, person_page)
        .get("/people/{id}/edit", PeoplePermission::Edit, edit_page)
        .post("/people/{id}/edit", PeoplePermission::Edit, edit)
        .get("/people/{id}/{action}", PeoplePermission::Edit, actions::page)
        .post("/people/{id}/{action}", PeoplePermission::Edit, actions::act)
}

/// The address of a person's page.
pub(crate) fn href(id: PersonId) -> Href {
    Href::new("/people").segment(id)
}

/// The units one can choose, with those above them in the label, the open ones alone.
pub(crate) fn unit_choices(lookup: &Lookup, day: Day, kinds: &[UnitKind]) -> Vec<Choice> {
    let mut choices: Vec<(String, UnitId)> = lookup
        .units()
        .filter(|unit| unit.is_open(day) && kinds.contains(&unit.kind))
        .map(|unit| (lookup.unit_label(unit.id), unit.id))
        .collect();
    choices.sort();
    choices.into_iter().map(|(label, id)| Choice::new(id.to_string(), Text::verbatim(label))).collect()
}

/// A row of the list as it is shown.
struct Line {
    row: PersonRow,
    unit: String,
    employed: bool,
}

fn columns() -> Vec<Column<Line>> {
    let words = |words: &str| if words.is_empty() { Cell::empty() } else { Cell::words(words) };
    vec![
        Column::new("number", texts::number(), |_, line: &Line| Cell::words(&line.row.person.number))
            .sortable(),
        Column::new("name", texts::name(), |_, line: &Line| {
            Cell::words(&line.row.person.name).link(href(line.row.person.id))
        })
        .sortable(),
        Column::new("unit", texts::unit(), move |_, line: &Line| words(&line.unit)).sortable(),
        Column::new("role", texts::team_role(), |_, line: &Line| Cell::text(role_text(line.row.role))),
        Column::new("employed_from", texts::employed_from(), |_, line: &Line| {
            Cell::day(line.row.person.employed_from)
        })
        .sortable(),
        Column::new("employed_to", texts::employed_to(), |_, line: &Line| {
            Cell::day(line.row.person.employed_to)
        })
        .hidden(),
        Column::new("state", texts::state(), |_, line: &Line| state_cell(line.employed)),
    ]
}

fn state_cell(employed: bool) -> Cell {
    if employed {
        Cell::text(texts::employed()).badge(Tone::Good)
    } else {
        Cell::text(texts::not_employed()).badge(Tone::Muted)
    }
}

pub(crate) fn role_text(role: TeamRole) -> Text {
    match role {
        TeamRole::Member => texts::member(),
        TeamRole::Leader => texts::leader(),
    }
}

/// What the address asks of the list.
fn filter(here: &Href, lookup: &Lookup) -> PeopleFilter {
    let unit = |key: &str| here.value(key).and_then(|id| id.parse::<UnitId>().ok());
    PeopleFilter {
        text: here.value("q").unwrap_or_default().to_owned(),
        // The narrower choice counts: a team lies in its site.
        units: unit("team").or_else(|| unit("site")).map(|unit| lookup.units_below(unit)),
        role: here.value("role").and_then(TeamRole::parse),
        employed: match here.value("employed") {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        },
    }
}

async fn list_page(State(service): State<Service>, reader: Reader) -> Answer {
    let lookup = service.people.lookup().await?;
    let today = service.people.today().await?;
    let state = TableState::read(&reader.cx.here, &SORTABLE);
    let sort = state.sort.as_ref().map_or((PeopleSort::default(), false), |sort| {
        (PeopleSort::parse(&sort.key).unwrap_or_default(), sort.descending)
    });
    let filter = filter(&reader.cx.here, &lookup);
    let (mut rows, mut after, mut total) = (Vec::new(), state.after.clone(), 0);
    let wanted = if state.format.is_some() { ui::EXPORT_ROWS_MAX } else { ROWS };
    loop {
        let page =
            service.people.list(&reader.scope, &filter, sort, after.as_deref(), wanted.min(500)).await?;
        (after, total) = (page.next, page.total.max(total));
        rows.extend(page.rows);
        if after.is_none() || rows.len() >= wanted {
            break;
        }
    }
    let lines: Vec<Line> = rows
        .into_iter()
        .map(|row| Line {
            unit: row.unit.map(|unit| lookup.unit_label(unit)).unwrap_or_default(),
            employed: row.person.is_employed(today),
            row,
        })
        .collect();
    let mut empty = Empty::new(Icon::People, texts::no_people(), texts::no_people_hint());
    if reader.can(PeoplePermission::Import) {
        empty = empty.action(texts::import_people(), Href::new("/people/import"));
    }
    let table = Table::new("people", texts::people(), columns(), &lines)
        .state(state.clone())
        .total(total)
        .next(after)
        .row_href(|line: &Line| href(line.row.person.id))
        .empty(empty)
        .exports();
    if let Some(format) = state.format {
        let exported =
            table.export(&reader.cx, format).map_err(|error| forms::export_problem(&error, &reader))?;
        return Ok(forms::download(exported));
    }
    let body =
        html! { (ui::filter_bar(&reader.cx, &filters(&lookup, today))) (ui::table(&reader.cx, &table)) };
    Ok(reader
        .page(&Page::new(texts::people(), body).lead(texts::people_lead()).actions(list_actions(&reader))))
}

fn filters(lookup: &Lookup, today: Day) -> FilterBar {
    let roles = TeamRole::ALL.into_iter().map(|role| Choice::new(role.name(), role_text(role))).collect();
    FilterBar::new()
        .search("q", texts::number_or_name())
        .select("site", texts::site(), unit_choices(lookup, today, &[UnitKind::Site]))
        .select("team", texts::team(), unit_choices(lookup, today, &[UnitKind::Team]))
        .select("role", texts::team_role(), roles)
        .select(
            "employed",
            texts::state(),
            vec![Choice::new("yes", texts::employed()), Choice::new("no", texts::not_employed())],
        )
}

fn list_actions(reader: &Reader) -> maud::Markup {
    let cx = &reader.cx;
    html! {
        @if reader.can(PeoplePermission::Import) {
            (ui::link_button(cx, Weight::Plain, &texts::import_people(), &Href::new("/people/import"), Some(Icon::Import)))
        }
        @if reader.can(PeoplePermission::Edit) {
            (ui::link_button(cx, Weight::Primary, &texts::add_person(), &Href::new("/people/new"), Some(Icon::Plus)))
        }
    }
}

async fn person_page(State(service): State<Service>, reader: Reader, Path(id): Path<PersonId>) -> Answer {
    let card = service.people.card(&reader.scope, id).await?;
    let lookup = service.people.lookup().await?;
    let today = service.people.today().await?;
    let mut panels = Vec::new();
    for slot in service.slots.iter() {
        panels.extend(slot.panels(&reader, id).await?);
    }
    Ok(reader.page(&person_view(&reader, &card, &lookup, today, &panels)))
}

fn person_view(
    reader: &Reader,
    card: &PersonCard,
    lookup: &Lookup,
    today: Day,
    panels: &[ui::Panel],
) -> Page {
    let cx = &reader.cx;
    let person = &card.person;
    let unit =
        crate::membership::rules::unit_on(&card.memberships, today).map(|unit| lookup.unit_label(unit));
    let cell = |cell: Cell| cell.markup(cx);
    let mut facts = vec![
        (texts::number(), cell(Cell::words(&person.number))),
        (texts::unit(), cell(unit.map_or_else(Cell::empty, Cell::words))),
        (texts::state(), cell(state_cell(person.is_employed(today)))),
        (texts::employed_from(), cell(Cell::day(person.employed_from))),
        (texts::employed_to(), cell(Cell::day(person.employed_to))),
    ];
    if let Some(reason) = &person.leaving_reason {
        facts.push((texts::leaving_reason(), cell(Cell::words(reason))));
    }
    let can_edit =
        reader.can(PeoplePermission::Edit) && reader.scope_of(PeoplePermission::Edit).is_everything();
    let side = html! {
        (ui::section(cx, &texts::facts(), None, &ui::facts(cx, &facts)))
        (skills(reader, card, can_edit))
    };
    let main = html! { (memberships(reader, card, lookup, can_edit)) (ui::panels(cx, panels)) };
    Page::new(Text::verbatim(&person.name), ui::split(&main, &side))
        .crumb(texts::people(), Href::new("/people"))
        .actions(html! {
            @if can_edit {
                (ui::link_button(cx, Weight::Quiet, &texts::leaves(), &href(person.id).segment("leave"), None))
                (ui::link_button(cx, Weight::Plain, &texts::move_to_team(), &href(person.id).segment("move"), Some(Icon::Right)))
                (ui::link_button(cx, Weight::Primary, &texts::edit(), &href(person.id).segment("edit"), Some(Icon::Edit)))
            }
        })
}

struct Stretch {
    unit: String,
    role: TeamRole,
    from: Option<Day>,
    to: Option<Day>,
}

fn memberships(reader: &Reader, card: &PersonCard, lookup: &Lookup, can_edit: bool) -> maud::Markup {
    let rows: Vec<Stretch> = card
        .memberships
        .iter()
        .rev()
        .map(|m| Stretch {
            unit: lookup.unit_label(m.unit),
            role: m.role,
            from: Some(m.from).filter(|from| *from != BEGINNING),
            to: m.to,
        })
        .collect();
    let day_or = |day: Option<Day>, text: fn() -> Text| {
        day.map_or_else(|| Cell::text(text()), |day| Cell::day(Some(day)))
    };
    let columns = vec![
        Column::new("unit", texts::unit(), |_, row: &Stretch| Cell::words(&row.unit)),
        Column::new("role", texts::team_role(), |_, row: &Stretch| Cell::text(role_text(row.role))),
        Column::new("from", texts::from_day(), move |_, row: &Stretch| day_or(row.from, texts::since_ever)),
        Column::new("to", texts::to_day(), move |_, row: &Stretch| {
            day_or(row.to, texts::until_further_notice)
        }),
    ];
    let table = Table::new("memberships", texts::memberships(), columns, &rows).empty(Empty::new(
        Icon::Units,
        texts::no_memberships(),
        texts::no_memberships_hint(),
    ));
    let tools = html! {
        @if can_edit {
            (ui::link_button(&reader.cx, Weight::Quiet, &texts::lead_team(), &href(card.person.id).segment("lead"), None))
            @if card.memberships.iter().any(|m| m.role == TeamRole::Leader) {
                (ui::link_button(&reader.cx, Weight::Quiet, &texts::stop_leading(), &href(card.person.id).segment("stop-leading"), None))
            }
        }
    };
    ui::section(&reader.cx, &texts::memberships(), Some(&tools), &ui::table(&reader.cx, &table))
}

fn skills(reader: &Reader, card: &PersonCard, can_edit: bool) -> maud::Markup {
    let columns = vec![
        Column::new("skill", texts::skill(), |_, (_, name, _): &(crate::skill::SkillId, String, u8)| {
            Cell::words(name)
        }),
        Column::figures("level", texts::level(), |_, (_, _, level): &(crate::skill::SkillId, String, u8)| {
            Cell::count(i64::from(*level))
        })
        .hint(texts::level_hint()),
    ];
    let table = Table::new("skills", texts::skills(), columns, &card.skills).empty(Empty::new(
        Icon::Star,
        texts::no_person_skills(),
        texts::no_person_skills_hint(),
    ));
    let tools = html! {
        @if can_edit {
            (ui::link_button(&reader.cx, Weight::Quiet, &texts::set_skill(), &href(card.person.id).segment("skill"), None))
        }
    };
    ui::section(&reader.cx, &texts::skills(), Some(&tools), &ui::table(&reader.cx, &table))
}

fn labels() -> Vec<(&'static str, Text)> {
    vec![
        ("number", texts::number()),
        ("name", texts::name()),
        ("employed_from", texts::employed_from()),
        ("employed_to", texts::employed_to()),
        ("leaving_reason", texts::leaving_reason()),
    ]
}

fn person_fields() -> Vec<Field> {
    vec![
        Field::text("number", texts::number()).required().hint(texts::number_hint()).autofocus(),
        Field::text("name", texts::name()).required(),
        Field::day("employed_from", texts::employed_from()),
    ]
}

fn new_form(lookup: &Lookup, today: Day) -> FormPage {
    let mut fields = person_fields();
    fields.push(Field::select("unit", texts::unit(), with_none(unit_choices(lookup, today, &UnitKind::ALL))));
    fields.push(Field::day("since", texts::since()).hint(texts::since_hint()));
    FormPage {
        title: texts::add_person(),
        lead: None,
        crumbs: vec![(texts::people(), Href::new("/people"))],
        action: Href::new("/people/new"),
        back: Href::new("/people"),
        submit: texts::add_person(),
        danger: false,
        fields,
        labels: labels(),
        draft: Some("person-new".to_owned()),
    }
}

/// The choices with “none” before them.
pub(crate) fn with_none(choices: Vec<Choice>) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::none())).chain(choices).collect()
}

async fn new_page(State(service): State<Service>, reader: Reader) -> Answer {
    let lookup = service.people.lookup().await?;
    let values = Values::default().with("unit", reader.cx.here.value("unit").unwrap_or_default());
    Ok(new_form(&lookup, service.people.today().await?).show(&reader, &values, None))
}

fn parse(values: &Values) -> Result<PersonDraft, PeopleError> {
    let mut wrong = Invalid::default();
    let draft = PersonDraft {
        number: values.get("number").to_owned(),
        name: values.get("name").to_owned(),
        employed_from: forms::day(values, "employed_from", &mut wrong),
        employed_to: forms::day(values, "employed_to", &mut wrong),
        leaving_reason: values.filled("leaving_reason").map(str::to_owned),
        unit: forms::choice(values, "unit", &mut wrong),
        since: forms::day(values, "since", &mut wrong),
    };
    // What the rules find wrong is said together with what could not be read.
    if let Err(more) = crate::person::rules::check(&draft) {
        wrong.0.extend(more.0);
    }
    Ok(wrong.or(draft)?)
}

async fn add(State(service): State<Service>, reader: Reader, Form(values): Form) -> Answer {
    let added = match parse(&values) {
        Ok(draft) => service.people.add_person(&reader.by(), &draft).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => Ok(reader.done(&href(id), &texts::person_added(values.get("name").trim()))),
        Err(error) => {
            let lookup = service.people.lookup().await?;
            let form = new_form(&lookup, service.people.today().await?);
            form.refuse(&reader, &values, error, forms::as_is).await
        }
    }
}

fn edit_form(person: &Person) -> FormPage {
    let mut fields = person_fields();
    fields.push(Field::day("employed_to", texts::employed_to()).hint(texts::employed_to_hint()));
    fields.push(Field::text("leaving_reason", texts::leaving_reason()));
    FormPage {
        title: texts::edit(),
        lead: None,
        crumbs: vec![
            (texts::people(), Href::new("/people")),
            (Text::verbatim(&person.name), href(person.id)),
        ],
        action: href(person.id).segment("edit"),
        back: href(person.id),
        submit: texts::save(),
        danger: false,
        fields,
        labels: labels(),
        draft: None,
    }
}

async fn edit_page(State(service): State<Service>, reader: Reader, Path(id): Path<PersonId>) -> Answer {
    let person = service.people.card(&reader.scope, id).await?.person;
    let stored = crate::error::Stored::Person(person.clone());
    let values =
        stored.fields().into_iter().fold(Values::default(), |values, (name, value)| values.with(name, value));
    Ok(edit_form(&person).show(&reader, &values, Some(person.version)))
}

async fn edit(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<PersonId>,
    Form(values): Form,
) -> Answer {
    let person = service.people.card(&reader.scope, id).await?.person;
    let edited = match parse(&values) {
        Ok(draft) => service.people.edit_person(&reader.by(), id, forms::version(&values), &draft).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(()) => Ok(saved(&reader, id)),
        Err(error) => edit_form(&person).refuse(&reader, &values, error, forms::as_is).await,
    }
}

/// Back to the person's page, with word that it is stored.
pub(crate) fn saved(reader: &Reader, id: PersonId) -> Response {
    reader.done(&href(id), &texts::saved())
}
