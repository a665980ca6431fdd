//! The page of lines of business, queues and skills, and the one form by which each is added or renamed.

use axum::extract::State;
use maud::{Markup, html};
use messages::{Problem, Text};
use ui::{Cell, Choice, Column, Empty, Field, Href, Icon, Page, Table, Values, Weight};
use uuid::Uuid;
use web::api::Path;
use web::{Answer, Form, Reader, Routes};

use crate::api::{LineOfBusinessId, Lookup, QueueId, SkillId};
use crate::error::{Invalid, PeopleError, Result};
use crate::forms::{self, FormPage};
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::person::pages::with_none;
use crate::texts;

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .get("/structure", PeoplePermission::View, page)
        .get("/structure/{kind}/new", PeoplePermission::EditStructure, new_page)
        .post("/structure/{kind}/new", PeoplePermission::EditStructure, add)
        .get("/structure/{kind}/{id}", PeoplePermission::EditStructure, edit_page)
        .post("/structure/{kind}/{id}", PeoplePermission::EditStructure, edit)
}

/// What can be named here; its name is a part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Queue,
    Skill,
}

impl Kind {
    fn parse(name: &str) -> std::result::Result<Kind, Problem> {
        [Kind::Line, Kind::Queue, Kind::Skill]
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(Problem::not_found)
    }

    const fn name(self) -> &'static str {
        match self {
            Kind::Line => "line-of-business",
            Kind::Queue => "queue",
            Kind::Skill => "skill",
        }
    }

    const fn add_text(self) -> Text {
        match self {
            Kind::Line => texts::add_line_of_business(),
            Kind::Queue => texts::add_queue(),
            Kind::Skill => texts::add_skill(),
        }
    }

    fn href(self) -> Href {
        Href::new("/structure").segment(self.name())
    }

    fn form(self, lookup: &Lookup, id: Option<Uuid>) -> FormPage {
        let mut fields = vec![Field::text("name", texts::plain_name()).required().autofocus()];
        if self == Kind::Queue {
            let lines = lookup
                .lines_of_business()
                .into_iter()
                .map(|line| Choice::new(line.id.to_string(), Text::verbatim(&line.name)))
                .collect();
            fields.push(Field::select("line_of_business", texts::line_of_business(), with_none(lines)));
        }
        FormPage {
            title: if id.is_some() { texts::edit() } else { self.add_text() },
            lead: None,
            crumbs: vec![(texts::structure(), Href::new("/structure"))],
            action: match id {
                Some(id) => self.href().segment(id),
                None => self.href().segment("new"),
            },
            back: Href::new("/structure"),
            submit: texts::save(),
            danger: false,
            fields,
            labels: vec![("name", texts::plain_name()), ("line_of_business", texts::line_of_business())],
            draft: None,
        }
    }

    /// The stored values and version.
    fn stored(self, lookup: &Lookup, id: Uuid) -> Result<(Values, i64)> {
        let named = |name: &str| Values::default().with("name", name);
        match self {
            Kind::Line => {
                lookup.line_of_business(LineOfBusinessId(id)).map(|line| (named(&line.name), line.version))
            }
            Kind::Skill => lookup.skill(SkillId(id)).map(|skill| (named(&skill.name), skill.version)),
            Kind::Queue => lookup.queue(QueueId(id)).map(|queue| {
                let line = queue.line_of_business.map(|line| line.to_string()).unwrap_or_default();
                (named(&queue.name).with("line_of_business", line), queue.version)
            }),
        }
        .ok_or(PeopleError::NotFound)
    }

    async fn save(self, service: &Service, reader: &Reader, id: Option<Uuid>, values: &Values) -> Result<()> {
        let (people, by, version, name) =
            (&service.people, &reader.by(), forms::version(values), values.get("name"));
        let mut wrong = Invalid::default();
        let line = forms::choice(values, "line_of_business", &mut wrong);
        let line = wrong.or(line)?;
        match (self, id) {
            (Kind::Line, None) => people.add_line_of_business(by, name).await.map(drop),
            (Kind::Queue, None) => people.add_queue(by, name, line).await.map(drop),
            (Kind::Skill, None) => people.add_skill(by, name).await.map(drop),
            (Kind::Line, Some(id)) => {
                people.edit_line_of_business(by, LineOfBusinessId(id), version, name).await
            }
            (Kind::Queue, Some(id)) => people.edit_queue(by, QueueId(id), version, name, line).await,
            (Kind::Skill, Some(id)) => people.edit_skill(by, SkillId(id), version, name).await,
        }
    }
}

/// A row of one of the three tables.
struct Named {
    id: Uuid,
    name: String,
    more: String,
}

async fn page(State(service): State<Service>, reader: Reader) -> Answer {
    let lookup = service.people.lookup().await?;
    let holders = service.people.skill_holders().await?;
    let cx = &reader.cx;
    let queues_of =
        |line| lookup.queues().iter().filter(|queue| queue.line_of_business == Some(line)).count();
    let lines: Vec<Named> = lookup
        .lines_of_business()
        .into_iter()
        .map(|line| Named {
            id: line.id.0,
            name: line.name.clone(),
            more: cx.t(texts::queue_count(queues_of(line.id))).into_owned(),
        })
        .collect();
    let queues: Vec<Named> = lookup
        .queues()
        .into_iter()
        .map(|queue| {
            let line = queue.line_of_business.and_then(|line| lookup.line_of_business(line));
            Named {
                id: queue.id.0,
                name: queue.name.clone(),
                more: line.map(|line| line.name.clone()).unwrap_or_default(),
            }
        })
        .collect();
    let skills: Vec<Named> = lookup
        .skills()
        .into_iter()
        .map(|skill| {
            let n = holders.get(&skill.id).copied().unwrap_or_default();
            Named {
                id: skill.id.0,
                name: skill.name.clone(),
                more: cx.t(texts::people_count(&n.to_string())).into_owned(),
            }
        })
        .collect();
    let lines_empty = Empty::new(Icon::Queue, texts::no_lines(), texts::no_lines_hint());
    let queues_empty = Empty::new(Icon::Queue, texts::no_queues(), texts::no_queues_hint());
    let skills_empty = Empty::new(Icon::Star, texts::no_skills(), texts::no_skills_hint());
    let body = ui::stack(&[
        named_section(&reader, Kind::Line, &texts::lines_of_business(), texts::queues(), &lines, lines_empty),
        named_section(
            &reader,
            Kind::Queue,
            &texts::queues(),
            texts::line_of_business(),
            &queues,
            queues_empty,
        ),
        named_section(&reader, Kind::Skill, &texts::skills(), texts::people(), &skills, skills_empty),
    ]);
    Ok(reader.page(&Page::new(texts::structure(), body).lead(texts::structure_lead())))
}

fn named_section(
    reader: &Reader,
    kind: Kind,
    title: &Text,
    more: Text,
    rows: &[Named],
    empty: Empty,
) -> Markup {
    let columns =
        vec![
            Column::new("name", texts::plain_name(), |_, row: &Named| Cell::words(&row.name)),
            Column::new("more", more, |_, row: &Named| {
                if row.more.is_empty() { Cell::empty() } else { Cell::words(&row.more) }
            }),
        ];
    let can_edit = reader.can(PeoplePermission::EditStructure);
    let mut table = Table::new(kind.name(), title.clone(), columns, rows).empty(empty);
    if can_edit {
        table = table.row_href(move |row: &Named| kind.href().segment(row.id));
    }
    let tools = html! {
        @if can_edit {
            (ui::link_button(&reader.cx, Weight::Plain, &kind.add_text(), &kind.href().segment("new"), Some(Icon::Plus)))
        }
    };
    ui::section(&reader.cx, title, Some(&tools), &ui::table(&reader.cx, &table))
}

async fn new_page(State(service): State<Service>, reader: Reader, Path(kind): Path<String>) -> Answer {
    let kind = Kind::parse(&kind)?;
    Ok(kind.form(&*service.people.lookup().await?, None).show(&reader, &Values::default(), None))
}

async fn add(
    State(service): State<Service>,
    reader: Reader,
    Path(kind): Path<String>,
    Form(values): Form,
) -> Answer {
    answer(&service, &reader, Kind::parse(&kind)?, None, &values).await
}

async fn edit_page(
    State(service): State<Service>,
    reader: Reader,
    Path((kind, id)): Path<(String, Uuid)>,
) -> Answer {
    let kind = Kind::parse(&kind)?;
    let lookup = service.people.lookup().await?;
    let (values, version) = kind.stored(&lookup, id)?;
    Ok(kind.form(&lookup, Some(id)).show(&reader, &values, Some(version)))
}

async fn edit(
    State(service): State<Service>,
    reader: Reader,
    Path((kind, id)): Path<(String, Uuid)>,
    Form(values): Form,
) -> Answer {
    answer(&service, &reader, Kind::parse(&kind)?, Some(id), &values).await
}

async fn answer(service: &Service, reader: &Reader, kind: Kind, id: Option<Uuid>, values: &Values) -> Answer {
    let Err(error) = kind.save(service, reader, id, values).await else {
        return Ok(reader.done(&Href::new("/structure"), &texts::saved()));
    };
    let lookup = service.people.lookup().await?;
    let shown = |field: &str, value: &str| match field {
        "line_of_business" => value
            .parse()
            .ok()
            .and_then(|id| lookup.line_of_business(id))
            .map_or_else(|| value.to_owned(), |line| line.name.clone()),
        _ => value.to_owned(),
    };
    kind.form(&lookup, id).refuse(reader, values, error, shown).await
}
