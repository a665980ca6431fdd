//! The list of topics, the page of one, and what is done there with a button.

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::State;
use behaviours::api::BehaviourId;
use kernel::{Day, PersonId};
use maud::{Markup, html};
use messages::Text;
use people::api::Lookup;
use ui::{
    Cell, Check, CheckAnswer, Choice, Column, Cx, Empty, Field, FieldErrors, FilterBar, Form as View, Href,
    Icon, Page, Table, TableState, Tone, Values, Weight,
};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{How, Topic, TopicFilter, TopicId, TopicState, Trainee, href};
use crate::{
    Drills,
    permission::DrillsPermission as May,
    problem::{DrillError, Result},
    scenario, texts,
};

/// Rows on one page of the list: two screens of 32 px rows.
const ROWS: usize = 50;

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new()
        .get("/drills", May::ViewTopics, list_page)
        .get("/drills/{id}", May::ViewTopics, topic_page)
        .post("/drills/{id}/drilled", May::RunTopics, mark)
        .post("/drills/{id}/not-drilled", May::RunTopics, unmark)
        .post("/drills/{id}/done", May::RunTopics, finish)
        .post("/drills/{id}/cancel", May::RunTopics, cancel)
}

/// The titles of behaviours.
pub(crate) type Titles = BTreeMap<BehaviourId, (String, Text)>;

/// The names and titles of all behaviours, by id.
pub(crate) async fn titles(service: &Drills) -> store::Result<Titles> {
    let all = service.behaviours().list().await?;
    Ok(all.into_iter().map(|known| (known.id, (known.name, known.title))).collect())
}

/// What people call somebody.
pub(crate) fn name(lookup: &Lookup, person: PersonId) -> String {
    lookup.person(person).map_or_else(
        || texts::unknown_person().zh.into_owned(),
        |known| {
            if known.name == known.number {
                known.name.clone()
            } else {
                format!("{} {}", known.name, known.number)
            }
        },
    )
}

pub(crate) fn state_text(state: TopicState) -> Text {
    match state {
        TopicState::Planned => texts::planned(),
        TopicState::Running => texts::running(),
        TopicState::Done => texts::done(),
        TopicState::Cancelled => texts::cancelled(),
    }
}

fn tone(topic: &Topic, today: Day) -> Tone {
    match topic.state {
        _ if topic.is_overdue(today) => Tone::Warn,
        TopicState::Planned => Tone::Plain,
        TopicState::Running => Tone::Info,
        TopicState::Done => Tone::Good,
        TopicState::Cancelled => Tone::Muted,
    }
}

fn shown_state(topic: &Topic, today: Day) -> Text {
    if topic.is_overdue(today) { texts::overdue() } else { state_text(topic.state) }
}

/// The titles of a topic's behaviours in one text.
pub(crate) fn about(topic: &Topic, titles: &Titles) -> Text {
    let all: Vec<&Text> =
        topic.behaviours.iter().filter_map(|id| titles.get(id)).map(|(_, title)| title).collect();
    let join = |language: fn(&Text) -> &str, between: &str| {
        all.iter().map(|title| language(title)).collect::<Vec<_>>().join(between)
    };
    Text::made(join(|text| &text.zh, "、"), join(|text| &text.en, ", "))
}

async fn list_page(State(service): State<Drills>, reader: Reader) -> Answer {
    let here = &reader.cx.here;
    let titles = Arc::new(titles(&service).await?);
    let named = |wanted: &str| titles.iter().find(|(_, (name, _))| name == wanted).map(|(id, _)| *id);
    let filter = TopicFilter {
        text: here.value("q").unwrap_or_default().to_owned(),
        state: here.value("state").and_then(TopicState::parse),
        behaviour: here.value("behaviour").and_then(named),
        person: here.value("person").and_then(|id| id.parse().ok()),
        overdue: here.value("overdue").is_some(),
    };
    let mut all = service.topics(&reader.scope, &filter).await?;
    let total = all.len();
    let state = TableState::read(here, &[]);
    let begin = state.after.as_deref().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let next = (begin + ROWS < total).then(|| (begin + ROWS).to_string());
    let today = service.today().await?;
    if let Some(format) = state.format {
        return reader.export(&list_table(&all, today, titles).state(state), format);
    }
    all = all.into_iter().skip(begin).take(ROWS).collect();
    let mut empty = Empty::new(Icon::Drill, texts::no_topics(), texts::no_topics_hint());
    let may_run = reader.can(May::RunTopics);
    if may_run {
        empty = empty.action(texts::new_topic(), Href::new("/drills/new"));
    }
    let table = list_table(&all, today, titles.clone())
        .state(state)
        .total(total as u64)
        .next(next)
        .empty(empty)
        .exports();
    let cx = &reader.cx;
    let body = html! { (ui::filter_bar(cx, &filters(&titles))) (ui::table(cx, &table)) };
    let new = html! {
        @if may_run {
            (ui::link_button(cx, Weight::Primary, &texts::new_topic(), &Href::new("/drills/new"), Some(Icon::Plus)))
        }
    };
    Ok(reader.page(&Page::new(texts::topics(), body).lead(texts::topics_lead()).actions(new)))
}

fn list_table(rows: &[Topic], today: Day, titles: Arc<Titles>) -> Table<'_, Topic> {
    let columns = vec![
        Column::new("title", texts::topic(), |_, topic: &Topic| Cell::words(topic.title.clone())).wraps(),
        Column::new("state", texts::state(), move |_, topic: &Topic| {
            Cell::text(shown_state(topic, today)).badge(tone(topic, today))
        }),
        Column::new("behaviours", texts::behaviours(), move |_, topic: &Topic| {
            Cell::text(about(topic, &titles))
        })
        .wraps(),
        Column::new("from", texts::from_day(), |_, topic: &Topic| Cell::day(Some(topic.from))),
        Column::new("to", texts::to_day(), |_, topic: &Topic| Cell::day(Some(topic.to))),
        Column::figures("people", texts::people(), |_, topic: &Topic| Cell::count(topic.people.len()))
            .hint(texts::people_hint()),
        Column::figures("drilled", texts::drilled(), |_, topic: &Topic| Cell::count(topic.drilled()))
            .hint(texts::drilled_hint()),
        Column::new("goal", texts::goal(), |_, topic: &Topic| Cell::words(topic.goal.clone()))
            .wraps()
            .hidden(),
    ];
    Table::new("drills", texts::topics(), columns, rows).row_href(|topic: &Topic| href(topic.id))
}

fn filters(titles: &Titles) -> FilterBar {
    let states =
        TopicState::ALL.into_iter().map(|state| Choice::new(state.name(), state_text(state))).collect();
    let mut behaviours: Vec<Choice> =
        titles.values().map(|(name, title)| Choice::new(name.clone(), title.clone())).collect();
    behaviours.sort_by(|a, b| a.value.cmp(&b.value));
    FilterBar::new()
        .search("q", texts::title_or_goal())
        .select("state", texts::state(), states)
        .select("behaviour", texts::behaviour(), behaviours)
        .toggle("overdue", texts::overdue())
}

async fn topic_page(State(service): State<Drills>, reader: Reader, Path(id): Path<TopicId>) -> Answer {
    let topic = service.topic(&reader.scope, id).await?;
    Ok(reader.page(&page(&service, &reader, &topic, &Values::default(), &FieldErrors::new()).await?))
}

async fn page(
    service: &Drills,
    reader: &Reader,
    topic: &Topic,
    values: &Values,
    errors: &FieldErrors,
) -> Result<Page, Fail> {
    let cx = &reader.cx;
    let (lookup, titles, today) =
        (service.people().lookup().await?, titles(service).await?, service.today().await?);
    let runs = reader.scope_of(May::RunTopics);
    let mut people = topic.people.clone();
    // Who still waits is whom one came for.
    people.sort_by_key(|trainee| {
        (trainee.drilled.is_some(), trainee.drilled.map(|(day, _)| day), name(&lookup, trainee.person))
    });
    let rows: Vec<Check> = people
        .iter()
        .map(|trainee| {
            let may = topic.state != TopicState::Cancelled && runs.allows(trainee.team, Some(trainee.person));
            person_row(cx, topic, trainee, &lookup, may.then_some(today))
        })
        .collect();
    let progress = texts::drilled_of(&cx.count(topic.drilled() as u64), &cx.count(topic.people.len() as u64));
    let main = html! {
        @if !topic.goal.is_empty() { (ui::section(cx, &texts::goal(), None, &html! { p { (topic.goal) } })) }
        (ui::section(cx, &texts::people(), Some(&html! { (cx.t(progress)) }), &html! {
            (ui::checks(cx, &rows))
            @if topic.hidden > 0 { p { (cx.t(texts::hidden_people(topic.hidden))) } }
        }))
    };
    let scenarios = service.scenarios().await?;
    let called = |name| {
        scenarios.iter().filter(|known| known.name == name).max_by_key(|known| known.language == cx.lang)
    };
    let scenario =
        topic.scenario.as_deref().map(|name| (name, called(name).map_or(name, |known| &known.title)));
    let can_run = people.iter().any(|trainee| runs.allows(trainee.team, Some(trainee.person)));
    let side = html! {
        (ui::section(cx, &texts::facts(), None, &facts(cx, topic, &titles, scenario, today)))
        @if can_run && topic.state != TopicState::Cancelled {
            (ui::section(cx, &texts::mark_other_day(), None, &day_form(cx, topic, &people, &lookup, values, errors)))
        }
    };
    let actions = actions(cx, reader, topic, can_run && topic.hidden == 0);
    Ok(Page::new(Text::verbatim(&topic.title), ui::split(&main, &side))
        .crumb(texts::topics(), Href::new("/drills"))
        .actions(actions))
}

fn actions(cx: &Cx, reader: &Reader, topic: &Topic, may_change: bool) -> Markup {
    let version = [(ui::VERSION_FIELD, topic.version.to_string())];
    let to = |verb: &str| href(topic.id).segment(verb);
    let is_mine = reader.scope.person().is_some_and(|person| topic.trainee(person).is_some());
    html! {
        @if topic.state.is_open() && may_change {
            (ui::link_button(cx, Weight::Plain, &texts::edit(), &to("edit"), Some(Icon::Edit)))
            (ui::post_button(cx, Weight::Plain, &texts::finish(), &to("done"), &version, Some(Icon::Check)))
            (ui::post_button(cx, Weight::Quiet, &texts::call_off(), &to("cancel"), &version, None))
        }
        @if is_mine && topic.state.is_open() && topic.scenario.is_some() {
            (ui::post_button(cx, Weight::Primary, &texts::rehearse(), &to("rehearse"), &[], Some(Icon::Play)))
        }
    }
}

fn how_text(how: How) -> Text {
    match how {
        How::Attended => texts::attended(),
        How::Rehearsed => texts::rehearsed(),
    }
}

/// One of the people; `today` where the reader may say that they were drilled.
fn person_row(cx: &Cx, topic: &Topic, trainee: &Trainee, lookup: &Lookup, today: Option<Day>) -> Check {
    let person = ("person", trainee.person.to_string());
    let version = (ui::VERSION_FIELD, topic.version.to_string());
    let answer = today.map(|today| match trainee.drilled {
        None => CheckAnswer {
            text: texts::drilled_today(),
            key: "y",
            is_given: false,
            action: href(topic.id).segment("drilled"),
            hidden: vec![version, person, ("day", today.to_string())],
        },
        Some(_) => CheckAnswer {
            text: texts::take_back(),
            key: "n",
            is_given: false,
            action: href(topic.id).segment("not-drilled"),
            hidden: vec![version, person],
        },
    });
    let (tone, outcome) = match trainee.drilled {
        Some((day, _)) => (Tone::Good, texts::drilled_on(&cx.day(day))),
        None => (Tone::Muted, texts::not_drilled()),
    };
    let team = trainee.team.map(|team| lookup.unit_label(team));
    let note = match (trainee.drilled, team) {
        (Some((_, how)), _) => Some(how_text(how)),
        (None, team) => team.map(Text::verbatim),
    };
    Check {
        id: format!("person-{}", trainee.person),
        title: Text::verbatim(name(lookup, trainee.person)),
        href: Href::new("/people").segment(trainee.person),
        tone,
        outcome,
        note,
        is_asked_for: false,
        answers: answer.into_iter().collect(),
    }
}

fn facts(cx: &Cx, topic: &Topic, titles: &Titles, scenario: Option<(&str, &str)>, today: Day) -> Markup {
    let behaviours = html! {
        @for (at, (name, title)) in topic.behaviours.iter().filter_map(|id| titles.get(id)).enumerate() {
            @if at > 0 { br; }
            a href=(Href::new("/behaviours").segment(name)) { (cx.tr(title)) }
        }
    };
    let mut items = vec![
        (texts::state(), ui::badge(tone(topic, today), cx.tr(&shown_state(topic, today)))),
        (texts::period(), html! { (cx.day(topic.from)) " – " (cx.day(topic.to)) }),
        (texts::behaviours(), behaviours),
    ];
    if let Some((name, title)) = scenario {
        items.push((texts::scenario(), html! { a href=(scenario::href(name)) { (title) } }));
    }
    items.push((texts::opened(), html! { (cx.time(topic.at)) }));
    ui::facts(cx, &items)
}

const PERSON: &str = "person";
const DAY: &str = "day";

fn day_form(
    cx: &Cx,
    topic: &Topic,
    people: &[Trainee],
    lookup: &Lookup,
    values: &Values,
    errors: &FieldErrors,
) -> Markup {
    let choices = people
        .iter()
        .map(|trainee| Choice::new(trainee.person.to_string(), Text::verbatim(name(lookup, trainee.person))));
    let fields = [
        Field::select(PERSON, texts::person(), choices.collect()).required(),
        Field::day(DAY, texts::drilled_day()).required(),
    ];
    let form =
        View::new(href(topic.id).segment("drilled"), values, errors, texts::mark()).version(topic.version);
    ui::form(cx, &form, &fields)
}

/// The topic and the person of a change, if the reader trains them; what they do not train does not exist for them.
async fn trained(service: &Drills, reader: &Reader, id: TopicId, person: PersonId) -> Result<Topic> {
    let topic = service.topic(&reader.scope, id).await?;
    if topic.trainee(person).is_some() { Ok(topic) } else { Err(DrillError::NotFound) }
}

async fn mark(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<TopicId>,
    Form(values): Form,
) -> Answer {
    let mut errors = FieldErrors::new();
    let person: Option<PersonId> = values.filled(PERSON).and_then(|id| id.parse().ok());
    if person.is_none() {
        errors.add(PERSON, texts::must_be_chosen());
    }
    let typed = values.filled(DAY).unwrap_or_default();
    let day = Day::parse(typed);
    if day.is_none() {
        errors.add(DAY, texts::not_a_day(&typed.chars().take(40).collect::<String>()));
    }
    let (Some(person), Some(day)) = (person, day) else {
        return again(&service, &reader, id, &values, &errors).await;
    };
    trained(&service, &reader, id, person).await?;
    let version = values.version().unwrap_or(-1);
    match service.mark_drilled(&reader.by(), id, version, person, day).await {
        Ok(_) => Ok(reader.done(&href(id), &texts::marked())),
        Err(DrillError::Invalid(wrong)) => {
            for (field, text) in wrong {
                errors.add(field, text);
            }
            again(&service, &reader, id, &values, &errors).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn again(
    service: &Drills,
    reader: &Reader,
    id: TopicId,
    values: &Values,
    errors: &FieldErrors,
) -> Answer {
    let topic = service.topic(&reader.scope, id).await?;
    Ok(reader.invalid(&page(service, reader, &topic, values, errors).await?))
}

async fn unmark(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<TopicId>,
    Form(values): Form,
) -> Answer {
    let person = values.filled(PERSON).and_then(|id| id.parse().ok()).ok_or(DrillError::NotFound)?;
    trained(&service, &reader, id, person).await?;
    service.unmark_drilled(&reader.by(), id, values.version().unwrap_or(-1), person).await?;
    Ok(reader.done(&href(id), &texts::unmarked()))
}

/// A topic all of whose people the reader trains.
pub(super) async fn whole(service: &Drills, reader: &Reader, id: TopicId) -> Result<Topic> {
    let topic = service.topic(&reader.scope_of(May::RunTopics), id).await?;
    if topic.hidden == 0 { Ok(topic) } else { Err(DrillError::NotWhole) }
}

async fn finish(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<TopicId>,
    Form(values): Form,
) -> Answer {
    whole(&service, &reader, id).await?;
    service.finish_topic(&reader.by(), id, values.version().unwrap_or(-1)).await?;
    Ok(reader.done(&href(id), &texts::finished()))
}

async fn cancel(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<TopicId>,
    Form(values): Form,
) -> Answer {
    whole(&service, &reader, id).await?;
    service.cancel_topic(&reader.by(), id, values.version().unwrap_or(-1)).await?;
    Ok(reader.done(&href(id), &texts::called_off()))
}
