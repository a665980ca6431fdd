//! What can be done to an improvement, one small form each; and comments.

use axum::{
    extract::State as Service,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use drills::api::Scenario;
use maud::html;
use messages::{Problem, Text};
use ui::{Choice, Field, FieldErrors, Form as View, Href, Page, Tone, Values};
use web::{Answer, Form, Reader, Routes, api::Path};

use super::{
    Improvement, ImprovementId, StepKind,
    draft::{ActDraft, DrillDraft},
    open::{day, field_errors},
    rules::{Act, Hand},
};
use crate::{
    Improvements, permission::ImprovementsPermission as May, problem::ImprovementError, texts, view::href,
};

/// The live scenarios to choose from, those that judge the behaviour first; and the first of those.
async fn scenarios(
    service: &Improvements,
    reader: &Reader,
    behaviour: &str,
) -> Result<(Vec<Choice>, Option<String>), ImprovementError> {
    let mut all = service.drills().scenarios().await?;
    all.retain(|scenario| scenario.live.is_some());
    let judges = |scenario: &Scenario| scenario.behaviours.iter().any(|name| name == behaviour);
    all.sort_by_key(|scenario| {
        (!judges(scenario), scenario.name.clone(), scenario.language != reader.lang())
    });
    all.dedup_by(|second, first| second.name == first.name);
    let suited = all.first().filter(|first| judges(first)).map(|first| first.name.clone());
    let choices = all.into_iter().map(|one| Choice::new(one.name, Text::verbatim(one.title))).collect();
    Ok((choices, suited))
}

/// Days that a new drill is offered: two weeks.
const USUAL_DAYS: i32 = 13;

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new()
        .get("/improvements/{id}/acts/{act}", May::Edit, page)
        .post("/improvements/{id}/acts/{act}", May::Edit, send)
        .post("/improvements/{id}/comments", May::View, comment)
}

/// Who reads, as far as it decides what they may do.
pub(crate) fn hand(reader: &Reader, improvement: &Improvement) -> Hand {
    let actor = reader.signed_in();
    Hand {
        account: actor.map(|actor| actor.account),
        person: actor.and_then(|actor| actor.person),
        supervises: improvement.is_seen_by(&reader.scope_of(May::Supervise)) && reader.can(May::Supervise),
    }
}

fn fields(act: Act, scenarios: Vec<Choice>) -> Vec<Field> {
    if act != Act::Step {
        let words = Field::area("words", texts::reason(), 3);
        return vec![if act.needs_reason() { words.required() } else { words }];
    }
    let kinds = StepKind::ALL.iter().map(|kind| Choice::new(kind.name(), texts::step_kind(*kind))).collect();
    vec![
        Field::radios("kind", texts::kind(), kinds).required(),
        Field::area("words", texts::what_is_done(), 3),
        Field::day("from", texts::from_day()).hint(texts::drill_days_hint()),
        Field::day("to", texts::to_day()),
        Field::select("scenario", texts::scenario(), scenarios).hint(texts::scenario_hint()),
        Field::day("day", texts::effective_day()).hint(texts::effective_day_hint()),
    ]
}

fn view(
    reader: &Reader,
    (held, scenarios): (&Improvement, &[Choice]),
    act: Act,
    values: &Values,
    errors: &FieldErrors,
    notice: Option<&Text>,
) -> Page {
    let cx = &reader.cx;
    let back = href(held.id);
    let action = back.clone().segment("acts").segment(act.name());
    let mut form =
        View::new(action, values, errors, texts::act(act)).version(held.version).cancel(back.clone());
    if matches!(act, Act::Withdraw | Act::GiveUp) {
        form = form.danger();
    }
    let body = html! {
        @if let Some(notice) = notice { (ui::notice(Tone::Warn, &html! { (cx.tr(notice)) })) }
        section.card { div.card-body { (ui::form(cx, &form, &fields(act, scenarios.to_vec()))) } }
    };
    Page::new(texts::act(act), body)
        .lead(texts::act_lead(act))
        .crumb(texts::improvements(), Href::new("/improvements"))
        .crumb(Text::verbatim(&held.title), back)
}

async fn page(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path((id, act)): Path<(ImprovementId, String)>,
) -> Answer {
    let card = service.card(&reader.scope, id).await?;
    let act = Act::parse(&act).ok_or_else(Problem::not_found)?;
    if !card.allows(act, hand(&reader, &card.improvement)) {
        return Err(Problem::not_found().into());
    }
    let mut values = Values::default();
    let held = &card.improvement;
    let (scenarios, practised) = scenarios(&service, &reader, &held.measure.rule.name).await?;
    if act == Act::Step {
        let today = service.today().await?;
        let suited = StepKind::ALL.iter().find(|kind| kind.suits(card.improvement.cause));
        values = values
            .with("kind", suited.map_or("drill", |kind| kind.name()))
            .with("from", today)
            .with("to", today.plus(USUAL_DAYS))
            .with("scenario", practised.unwrap_or_default());
    }
    Ok(reader.page(&view(&reader, (held, &scenarios), act, &values, &FieldErrors::new(), None)))
}

fn read(act: Act, values: &Values) -> Result<ActDraft, FieldErrors> {
    let mut errors = FieldErrors::new();
    let kind = StepKind::parse(values.get("kind"));
    let is_drill = act == Act::Step && kind == Some(StepKind::Drill);
    let drill = is_drill.then(|| DrillDraft {
        from: day(values, "from", &mut errors),
        to: day(values, "to", &mut errors),
        scenario: values.filled("scenario").map(str::to_owned),
    });
    let effective = (act == Act::Step && !is_drill && values.filled("day").is_some())
        .then(|| day(values, "day", &mut errors));
    let words = values.get("words").to_owned();
    errors.or(ActDraft { words, kind, drill, day: effective })
}

async fn send(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path((id, act)): Path<(ImprovementId, String)>,
    Form(values): Form,
) -> Answer {
    let held = service.card(&reader.scope, id).await?.improvement;
    let act = Act::parse(&act).ok_or_else(Problem::not_found)?;
    let (scenarios, _) = scenarios(&service, &reader, &held.measure.rule.name).await?;
    let invalid = |errors: &FieldErrors| {
        Ok(reader.invalid(&view(&reader, (&held, &scenarios), act, &values, errors, None)))
    };
    let draft = match read(act, &values) {
        Ok(draft) => draft,
        Err(errors) => return invalid(&errors),
    };
    let hand = hand(&reader, &held);
    let version = values.version().unwrap_or(-1);
    let done = service.act(&reader.by(), &reader.scope, hand, (id, version), act, &draft).await;
    match done {
        Ok(()) => Ok(reader.done(&href(id), &texts::done())),
        Err(ImprovementError::Invalid(wrong)) => invalid(&field_errors(wrong)),
        Err(ImprovementError::Drill(drills::api::DrillError::Invalid(fields))) => {
            invalid(&field_errors(people::api::Invalid(fields)))
        }
        Err(ImprovementError::Conflict(theirs)) => {
            let text = texts::changed_in_between();
            Ok(conflict(
                &view(&reader, (&theirs, &scenarios), act, &values, &FieldErrors::new(), Some(&text)),
                &reader,
            ))
        }
        Err(error @ (ImprovementError::NotNow(_) | ImprovementError::NotYours)) => {
            let problem = Problem::from(error);
            let page =
                view(&reader, (&held, &scenarios), act, &values, &FieldErrors::new(), Some(&problem.text));
            Ok(conflict(&page, &reader))
        }
        Err(other) => Err(other.into()),
    }
}

fn conflict(page: &Page, reader: &Reader) -> Response {
    (StatusCode::CONFLICT, reader.page(page)).into_response()
}

async fn comment(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
    Form(values): Form,
) -> Answer {
    match service.comment(&reader.by(), &reader.scope, id, values.get("comment")).await {
        Ok(()) => Ok(reader.done(&href(id).fragment("history"), &texts::saved())),
        Err(ImprovementError::Invalid(wrong)) => {
            let errors = field_errors(wrong);
            let card = service.card(&reader.scope, id).await?;
            let page = super::page::view(&service, &reader, &card, &values, &errors).await?;
            Ok(reader.invalid(&page))
        }
        Err(other) => Err(other.into()),
    }
}
