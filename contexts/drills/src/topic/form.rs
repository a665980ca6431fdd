//! The forms that open and edit a topic.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Day, PersonId, Scope, UnitId};
use maud::{Markup, html};
use messages::Text;
use people::api::{Lookup, UnitKind};
use ui::{Choice, Difference, EditConflict, Field, FieldErrors, Form as View, Href, Page, Values};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{
    Topic, TopicDraft, TopicId, href,
    pages::{Titles, titles, whole},
};
use crate::{Drills, permission::DrillsPermission as May, problem::DrillError, texts};

const TITLE: &str = "title";
const BEHAVIOURS: &str = "behaviours";
const SCENARIO: &str = "scenario";
const PEOPLE: &str = "people";
const TEAM: &str = "team";
const FROM: &str = "from";
const TO: &str = "to";
const GOAL: &str = "goal";

/// Days that a new topic is offered: two weeks.
const USUAL_DAYS: i32 = 13;
/// Names that one message spells out.
const SPELLED_OUT_MAX: usize = 5;

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new()
        .get("/drills/new", May::RunTopics, new_page)
        .post("/drills/new", May::RunTopics, open)
        .get("/drills/{id}/edit", May::RunTopics, edit_page)
        .post("/drills/{id}/edit", May::RunTopics, edit)
}

/// What a form is made of and read with.
struct Ground {
    lookup: std::sync::Arc<Lookup>,
    titles: Titles,
    today: Day,
    scope: Scope,
    scenarios: Vec<Choice>,
}

impl Ground {
    async fn of(service: &Drills, reader: &Reader) -> Result<Ground, Fail> {
        // Each once, called as it is in the reader's language.
        let mut all = service.scenarios().await?;
        all.retain(|scenario| scenario.live.is_some());
        all.sort_by_key(|scenario| scenario.language == reader.lang());
        let scenarios: BTreeMap<String, String> =
            all.into_iter().map(|scenario| (scenario.name, scenario.title)).collect();
        Ok(Ground {
            lookup: service.people().lookup().await?,
            titles: titles(service).await?,
            today: service.today().await?,
            scope: reader.scope_of(May::RunTopics),
            scenarios: scenarios
                .into_iter()
                .map(|(name, title)| Choice::new(name, Text::verbatim(title)))
                .collect(),
        })
    }

    /// Whether the reader trains somebody.
    fn trains(&self, person: PersonId) -> bool {
        self.scope.allows(self.lookup.team_of(person, self.today), Some(person))
    }

    fn fields(&self) -> Vec<Field> {
        let mut behaviours: Vec<Choice> =
            self.titles.values().map(|(name, title)| Choice::new(name.clone(), title.clone())).collect();
        behaviours.sort_by(|a, b| a.value.cmp(&b.value));
        let mut teams: Vec<(String, UnitId)> = self
            .lookup
            .units()
            .filter(|unit| unit.kind == UnitKind::Team && unit.is_open(self.today))
            .filter(|unit| self.scope.allows(Some(unit.id), None))
            .map(|unit| (self.lookup.unit_label(unit.id), unit.id))
            .collect();
        teams.sort();
        let teams =
            teams.into_iter().map(|(label, id)| Choice::new(id.to_string(), Text::verbatim(label))).collect();
        vec![
            Field::text(TITLE, texts::topic()).required().hint(texts::title_hint()),
            Field::area(GOAL, texts::goal(), 3).hint(texts::goal_hint()),
            Field::select(SCENARIO, texts::scenario(), self.scenarios.clone())
                .hint(texts::scenario_field_hint()),
            Field::area(PEOPLE, texts::people(), 4).hint(texts::people_field_hint()),
            Field::select(TEAM, texts::whole_team(), teams).hint(texts::whole_team_hint()),
            Field::day(FROM, texts::from_day()).required(),
            Field::day(TO, texts::to_day()).required(),
            Field::checks(BEHAVIOURS, texts::behaviours(), behaviours).required(),
        ]
    }

    /// What was typed as a draft, if it can be read.
    fn read(&self, values: &Values) -> Result<TopicDraft, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut day = |field: &str| {
            let typed = values.filled(field).unwrap_or_default();
            Day::parse(typed).unwrap_or_else(|| {
                errors.add(field, texts::not_a_day(&typed.chars().take(40).collect::<String>()));
                self.today
            })
        };
        let (from, to) = (day(FROM), day(TO));
        let chosen = |(id, (name, _)): (&behaviours::api::BehaviourId, &(String, Text))| {
            values.has(BEHAVIOURS, name).then_some(*id)
        };
        let (mut people, unknown) = self.people(values.get(PEOPLE));
        if !unknown.is_empty() {
            let named: Vec<&str> = unknown.iter().take(SPELLED_OUT_MAX).map(String::as_str).collect();
            errors.add(PEOPLE, texts::not_found_people(&named.join("、"), unknown.len()));
        }
        if let Some(team) = values.filled(TEAM).and_then(|id| id.parse::<UnitId>().ok()) {
            let members: BTreeSet<PersonId> =
                self.lookup.members(team, self.today).filter(|id| self.trains(*id)).collect();
            people.extend(members);
        }
        errors.or(TopicDraft {
            title: values.get(TITLE).to_owned(),
            behaviours: self.titles.iter().filter_map(chosen).collect(),
            scenario: values.filled(SCENARIO).map(str::to_owned),
            people,
            from,
            to,
            goal: values.get(GOAL).replace("\r\n", "\n"),
            origin: None,
        })
    }

    /// The people named by number or name whom the reader trains, and the words that name nobody, or several.
    fn people(&self, typed: &str) -> (Vec<PersonId>, Vec<String>) {
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
        let mut found = Vec::new();
        let mut unknown = Vec::new();
        for word in typed.split(is_between).filter(|word| !word.is_empty()) {
            let named = || {
                let mut all =
                    self.lookup.people().filter(|person| person.name == word).map(|person| person.id);
                all.next().filter(|_| all.next().is_none())
            };
            match self.lookup.person_by_number(word).or_else(named).filter(|id| self.trains(*id)) {
                Some(person) => found.push(person),
                None => unknown.push(word.chars().take(40).collect()),
            }
        }
        (found, unknown)
    }

    fn stored(&self, topic: &Topic) -> Values {
        let mut numbers: Vec<&str> = topic
            .people
            .iter()
            .filter_map(|trainee| self.lookup.person(trainee.person))
            .map(|person| person.number.as_str())
            .collect();
        numbers.sort_unstable();
        let values = Values::default()
            .with(TITLE, &topic.title)
            .with(GOAL, &topic.goal)
            .with(PEOPLE, numbers.join("\n"))
            .with(FROM, topic.from)
            .with(TO, topic.to)
            .with(SCENARIO, topic.scenario.clone().unwrap_or_default());
        let names = topic.behaviours.iter().filter_map(|id| self.titles.get(id)).map(|(name, _)| name);
        names.fold(values, |values, name| values.with(BEHAVIOURS, name))
    }
}

/// The form on its page.
struct Shown<'s> {
    topic: Option<&'s Topic>,
    values: &'s Values,
    errors: &'s FieldErrors,
    version: i64,
    above: Markup,
}

fn page(reader: &Reader, ground: &Ground, shown: &Shown<'_>) -> Page {
    let (action, back, title) = match shown.topic {
        Some(topic) => (href(topic.id).segment("edit"), href(topic.id), Text::verbatim(&topic.title)),
        None => (Href::new("/drills/new"), Href::new("/drills"), texts::new_topic()),
    };
    let form =
        View::new(action, shown.values, shown.errors, texts::save()).version(shown.version).cancel(back);
    let body = html! {
        (shown.above)
        section.card { div.card-body { (ui::form(&reader.cx, &form, &ground.fields())) } }
    };
    Page::new(title, body).lead(texts::topic_form_lead()).crumb(texts::topics(), Href::new("/drills"))
}

async fn new_page(State(service): State<Drills>, reader: Reader) -> Answer {
    let ground = Ground::of(&service, &reader).await?;
    let here = &reader.cx.here;
    let values = Values::default()
        .with(FROM, ground.today)
        .with(TO, ground.today.plus(USUAL_DAYS))
        .with(PEOPLE, here.values(PEOPLE).collect::<Vec<_>>().join("\n"));
    let values = here.values(BEHAVIOURS).fold(values, |values, name| values.with(BEHAVIOURS, name));
    let values = values.with(SCENARIO, here.value(SCENARIO).unwrap_or_default());
    let shown =
        Shown { topic: None, values: &values, errors: &FieldErrors::new(), version: 0, above: html! {} };
    Ok(reader.page(&page(&reader, &ground, &shown)))
}

async fn open(State(service): State<Drills>, reader: Reader, Form(values): Form) -> Answer {
    let ground = Ground::of(&service, &reader).await?;
    let opened = match ground.read(&values) {
        Ok(draft) => service.open_topic(&reader.by(), &draft).await,
        Err(errors) => return Ok(refused(&reader, &ground, None, &values, &errors)),
    };
    match opened {
        Ok(id) => Ok(reader.done(&href(id), &texts::topic_opened())),
        Err(error) => answer(&reader, &ground, None, &values, error).await,
    }
}

async fn edit_page(State(service): State<Drills>, reader: Reader, Path(id): Path<TopicId>) -> Answer {
    let topic = whole(&service, &reader, id).await?;
    let ground = Ground::of(&service, &reader).await?;
    let shown = Shown {
        topic: Some(&topic),
        values: &ground.stored(&topic),
        errors: &FieldErrors::new(),
        version: topic.version,
        above: html! {},
    };
    Ok(reader.page(&page(&reader, &ground, &shown)))
}

async fn edit(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<TopicId>,
    Form(values): Form,
) -> Answer {
    let topic = whole(&service, &reader, id).await?;
    let ground = Ground::of(&service, &reader).await?;
    let edited = match ground.read(&values) {
        Ok(draft) => service.edit_topic(&reader.by(), id, values.version().unwrap_or(-1), &draft).await,
        Err(errors) => return Ok(refused(&reader, &ground, Some(&topic), &values, &errors)),
    };
    match edited {
        Ok(()) => Ok(reader.done(&href(id), &texts::saved())),
        Err(error) => answer(&reader, &ground, Some(&topic), &values, error).await,
    }
}

fn refused(
    reader: &Reader,
    ground: &Ground,
    topic: Option<&Topic>,
    values: &Values,
    errors: &FieldErrors,
) -> Response {
    let version = values.version().unwrap_or_default();
    reader.invalid(&page(reader, ground, &Shown { topic, values, errors, version, above: html! {} }))
}

/// The form again after a refusal: 422 with what is wrong, or 409 with what somebody else stored.
async fn answer(
    reader: &Reader,
    ground: &Ground,
    topic: Option<&Topic>,
    values: &Values,
    error: DrillError,
) -> Answer {
    let mut errors = FieldErrors::new();
    match error {
        DrillError::Invalid(wrong) => {
            for (field, text) in wrong {
                errors.add(field, text);
            }
            Ok(refused(reader, ground, topic, values, &errors))
        }
        DrillError::Conflict(theirs) => {
            let stored = ground.stored(&theirs);
            let labels = [
                (TITLE, texts::topic()),
                (GOAL, texts::goal()),
                (PEOPLE, texts::people()),
                (FROM, texts::from_day()),
                (TO, texts::to_day()),
            ];
            let differences = labels.into_iter().filter_map(|(field, label)| {
                let (theirs, yours) = (stored.get(field).trim(), values.get(field).replace("\r\n", "\n"));
                (theirs != yours.trim()).then(|| Difference { label, theirs: theirs.to_owned(), yours })
            });
            let who = match theirs.changed_by {
                Some(account) => reader.platform().identity().account(account).await?.map(|known| known.name),
                None => None,
            };
            let banner = EditConflict {
                who: who.unwrap_or_else(|| reader.cx.t(texts::somebody()).into_owned()),
                at: theirs.changed_at,
                differences: differences.collect(),
                latest: href(theirs.id).segment("edit"),
            };
            let above = ui::edit_conflict(&reader.cx, &banner);
            let shown =
                Shown { topic: Some(&theirs), values, errors: &errors, version: theirs.version, above };
            Ok((StatusCode::CONFLICT, reader.page(&page(reader, ground, &shown))).into_response())
        }
        other => Err(other.into()),
    }
}
