//! The forms that open and edit an improvement; from a gap, filled in.

use std::collections::BTreeSet;

use axum::{
    extract::State as Service,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use behaviours::api::{BehaviourId, Gap, GapAction, Subject, TARGET_DEFAULT};
use kernel::{Day, PersonId, Scope, UnitId};
use maud::html;
use messages::Text;
use people::api::{Lookup, UnitKind};
use ui::{
    Choice, Difference, EditConflict, Field, FieldErrors, Form as View, Href, Icon, Page, RowAction, Values,
};
use uuid::Uuid;
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{Cause, Improvement, ImprovementId, State, draft::Draft};
use crate::{
    Improvements,
    permission::ImprovementsPermission as May,
    problem::ImprovementError,
    texts,
    verdict::AGREEABLE,
    view::{Titles, behaviour_choices, href, look_text, person_name, titles},
};

/// Days that a new improvement is offered: what it takes to agree, drill, and see four weeks of what came of it.
const USUAL_DAYS: i32 = 56;
/// The agreed look that is offered.
const USUAL_LOOK: u16 = 4;
/// The smallest effect that is offered, in points.
const USUAL_POINTS: f64 = 5.0;

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new()
        .get("/improvements/new", May::Edit, new_page)
        .post("/improvements/new", May::Edit, open)
        .get("/improvements/{id}/edit", May::Edit, edit_page)
        .post("/improvements/{id}/edit", May::Edit, edit)
}

/// Offers to open an improvement for a gap.
pub(crate) struct FromGap;

impl GapAction for FromGap {
    fn action(&self, reader: &Reader, gap: &Gap) -> Option<RowAction> {
        if !reader.can(May::Edit) {
            return None;
        }
        let (key, id) = match gap.subject {
            Subject::Person(id) => ("person", id.0),
            Subject::Team(id) => ("team", id.0),
            Subject::Queue(_) | Subject::Centre => return None,
        };
        let href = Href::new("/improvements").segment("new").with("gap", gap.behaviour).with(key, id);
        Some(RowAction { text: texts::open_improvement(), href, icon: Icon::Target })
    }
}

/// What a form is made of and read with.
struct Ground {
    lookup: std::sync::Arc<Lookup>,
    titles: Titles,
    today: Day,
    scope: Scope,
}

impl Ground {
    async fn of(service: &Improvements, reader: &Reader) -> Result<Ground, Fail> {
        Ok(Ground {
            lookup: service.people().lookup().await?,
            titles: titles(service).await?,
            today: service.today().await?,
            scope: reader.scope.clone(),
        })
    }

    /// Whom the reader may name: those in their reach, themselves, who leads or belongs to a unit above, and who is
    /// named already.
    fn people(&self, held: Option<&Improvement>) -> Vec<Choice> {
        let (lookup, today) = (&self.lookup, self.today);
        let reached = |person: PersonId| self.scope.allows(lookup.team_of(person, today), Some(person));
        // Who left has memberships that are over; who stands above the teams may have none.
        let is_here = |person: PersonId| {
            let held = lookup.memberships_of(person);
            held.is_empty() || held.iter().any(|membership| membership.holds(today))
        };
        let mut known: BTreeSet<PersonId> = lookup
            .people()
            .map(|person| person.id)
            .filter(|person| is_here(*person) && reached(*person))
            .collect();
        let teams = self.scope.unit_ids().iter().copied();
        let own = self.scope.person().and_then(|me| lookup.team_of(me, today));
        for team in teams.chain(own) {
            for unit in lookup.unit_path(team) {
                known.extend(lookup.leaders(unit.id, today));
                known.extend(lookup.members(unit.id, today).filter(|_| unit.kind != UnitKind::Team));
            }
        }
        known.extend(self.scope.person());
        known.extend(held.into_iter().flat_map(|held| [held.owner, held.supervisor, held.partner]));
        let mut all: Vec<(String, PersonId)> =
            known.into_iter().map(|person| (person_name(lookup, person), person)).collect();
        all.sort();
        let none = Choice::new("", texts::nobody());
        let choice = |(name, id): (String, PersonId)| Choice::new(id.to_string(), Text::verbatim(name));
        std::iter::once(none).chain(all.into_iter().map(choice)).collect()
    }

    fn teams(&self) -> Vec<Choice> {
        let mut teams: Vec<(String, UnitId)> = self
            .lookup
            .units()
            .filter(|unit| unit.kind == UnitKind::Team && unit.is_open(self.today))
            .filter(|unit| self.scope.allows(Some(unit.id), None))
            .map(|unit| (self.lookup.unit_label(unit.id), unit.id))
            .collect();
        teams.sort();
        let none = Choice::new("", texts::nobody());
        let choice = |(label, id): (String, UnitId)| Choice::new(id.to_string(), Text::verbatim(label));
        std::iter::once(none).chain(teams.into_iter().map(choice)).collect()
    }

    fn fields(&self, held: Option<&Improvement>) -> Vec<Field> {
        let causes =
            Cause::ALL.iter().map(|cause| Choice::new(cause.name(), texts::cause_text(*cause))).collect();
        let people = self.people(held);
        let named = |name, label| Field::select(name, label, people.clone()).required();
        let mut fields =
            vec![Field::text("title", texts::title()).required().hint(texts::title_hint()).max_length(120)];
        if held.is_none() {
            fields.extend([
                Field::select("behaviour", texts::behaviour(), behaviour_choices(&self.titles)).required(),
                Field::select("team", texts::team_people(), self.teams()).hint(texts::team_people_hint()),
                Field::area("people", texts::single_people(), 3).hint(texts::single_people_hint()),
            ]);
        }
        fields.extend([
            Field::area("problem", texts::problem(), 3).required().hint(texts::problem_hint()),
            Field::radios("cause", texts::cause(), causes).required(),
            Field::area("solution", texts::solution(), 3).hint(texts::solution_hint()),
        ]);
        if held.is_some() {
            fields.push(Field::area("result", texts::result(), 3).hint(texts::result_hint()));
        }
        fields.extend([
            named("owner", texts::owner()),
            named("supervisor", texts::supervisor()),
            named("partner", texts::partner()).hint(texts::partner_hint()),
            Field::day("due", texts::due()).required(),
        ]);
        if held.is_none_or(|held| held.state == State::Draft) {
            let looks = AGREEABLE.map(|weeks| Choice::new(weeks.to_string(), look_text(weeks))).to_vec();
            fields.extend([
                Field::number("target", texts::target()).required().unit(Text::fixed("%", "%")),
                Field::number("worthwhile", texts::worthwhile())
                    .required()
                    .unit(texts::points_unit())
                    .hint(texts::worthwhile_hint()),
                Field::radios("after_weeks", texts::after_weeks(), looks)
                    .required()
                    .hint(texts::after_weeks_hint()),
            ]);
        }
        fields
    }

    /// What was typed as a draft, if it can be read. What an edit leaves fixed comes from `held`.
    fn read(&self, values: &Values, held: Option<&Improvement>) -> Result<Draft, FieldErrors> {
        let mut errors = FieldErrors::new();
        let due = day(values, "due", &mut errors);
        let people = held.map_or_else(
            || self.read_people(values, &mut errors),
            |held| held.members.iter().map(|member| member.person).collect(),
        );
        let behaviour = held.map(|held| held.behaviour).or_else(|| {
            let name = values.get("behaviour");
            self.titles.iter().find(|(_, (held, _))| held == name).map(|(id, _)| *id)
        });
        let is_open = held.is_none_or(|held| held.state == State::Draft);
        let number = |field: &str, held: Option<f64>, errors: &mut FieldErrors| match held {
            Some(held) if !is_open => held,
            _ => {
                let typed = values.get(field).trim();
                typed.parse::<f64>().ok().filter(|value| value.is_finite()).map_or_else(
                    || {
                        errors.add(field, texts::not_a_number(&short(typed)));
                        0.0
                    },
                    |value| value / 100.0,
                )
            }
        };
        let target = number("target", held.map(|held| held.measure.target), &mut errors);
        let worthwhile = number("worthwhile", held.map(|held| held.measure.worthwhile), &mut errors);
        let after_weeks = match held {
            Some(held) if !is_open => held.measure.after_weeks,
            _ => values.get("after_weeks").parse().unwrap_or_default(),
        };
        let mut person = |field: &str| {
            values.get(field).parse::<PersonId>().unwrap_or_else(|_| {
                errors.add(field, texts::must_be_chosen());
                PersonId(Uuid::nil())
            })
        };
        let (owner, supervisor, partner) = (person("owner"), person("supervisor"), person("partner"));
        let cause = Cause::parse(values.get("cause"));
        if cause.is_none() {
            errors.add("cause", texts::must_be_chosen());
        }
        if behaviour.is_none() {
            errors.add("behaviour", texts::must_be_chosen());
        }
        errors.or(Draft {
            title: values.get("title").to_owned(),
            problem: values.get("problem").to_owned(),
            solution: values.get("solution").to_owned(),
            result: values.get("result").to_owned(),
            cause: cause.unwrap_or(Cause::Attitude),
            due,
            owner,
            supervisor,
            partner,
            behaviour: behaviour.unwrap_or(BehaviourId(Uuid::nil())),
            people,
            target,
            worthwhile,
            after_weeks,
        })
    }

    fn read_people(&self, values: &Values, errors: &mut FieldErrors) -> Vec<PersonId> {
        let team = values.filled("team").and_then(|id| id.parse::<UnitId>().ok());
        let mut people: Vec<PersonId> = team
            .filter(|team| self.scope.allows(Some(*team), None))
            .into_iter()
            .flat_map(|team| self.lookup.units_below(team))
            .flat_map(|unit| self.lookup.members(unit, self.today).collect::<Vec<_>>())
            .collect();
        for words in values.get("people").lines().map(str::trim).filter(|words| !words.is_empty()) {
            match self.person_called(words) {
                Some(person) => people.push(person),
                None => errors.add("people", texts::not_known_person(&short(words))),
            }
        }
        people
    }

    /// The person of a number, of a name that only one has, or of both as lists show them.
    fn person_called(&self, words: &str) -> Option<PersonId> {
        let last = words.rsplit(char::is_whitespace).next().unwrap_or(words);
        if let Some(person) =
            self.lookup.person_by_number(words).or_else(|| self.lookup.person_by_number(last))
        {
            return Some(person);
        }
        let mut named = self.lookup.people().filter(|person| person.name == words);
        named.next().filter(|_| named.next().is_none()).map(|person| person.id)
    }

    fn page(
        &self,
        reader: &Reader,
        values: &Values,
        errors: &FieldErrors,
        held: Option<(&Improvement, i64)>,
        above: Option<&maud::Markup>,
    ) -> Page {
        let (action, back, title, draft) = match held {
            None => (
                Href::new("/improvements").segment("new"),
                Href::new("/improvements"),
                texts::new_improvement(),
                "improvement-new".to_owned(),
            ),
            Some((held, _)) => (
                href(held.id).segment("edit"),
                href(held.id),
                texts::edit(),
                format!("improvement-{}", held.id),
            ),
        };
        let mut view = View::new(action, values, errors, texts::keep_it()).cancel(back.clone()).draft(draft);
        if let Some((_, version)) = held {
            view = view.version(version);
        }
        let fields = self.fields(held.map(|(held, _)| held));
        let body = html! {
            @if let Some(above) = above { (above) }
            section.card { div.card-body { (ui::form(&reader.cx, &view, &fields)) } }
        };
        let page = Page::new(title, body).crumb(texts::improvements(), Href::new("/improvements"));
        match held {
            None => page.lead(texts::open_lead()),
            Some((held, _)) => page.crumb(Text::verbatim(&held.title), back),
        }
    }
}

pub(super) fn day(values: &Values, field: &str, errors: &mut FieldErrors) -> Day {
    let typed = values.filled(field).unwrap_or_default();
    Day::parse(typed).unwrap_or_else(|| {
        let text = if typed.is_empty() { texts::day_to_choose() } else { texts::not_a_day(&short(typed)) };
        errors.add(field, text);
        Day(0)
    })
}

fn short(typed: &str) -> String {
    typed.chars().take(40).collect()
}

fn usual(ground: &Ground, reader: &Reader) -> Values {
    let me = reader.signed_in().and_then(|actor| actor.person);
    let values = Values::default()
        .with("due", ground.today.plus(USUAL_DAYS))
        .with("worthwhile", USUAL_POINTS)
        .with("after_weeks", USUAL_LOOK)
        .with("cause", Cause::Attitude.name());
    match me {
        Some(me) => values.with("owner", me),
        None => values,
    }
}

/// The form filled in from the gap that the address names, where it still is one in the reader's sight.
async fn of_gap(service: &Improvements, reader: &Reader, ground: &Ground) -> Result<Option<Values>, Fail> {
    let here = &reader.cx.here;
    let id = |key: &str| here.value(key).and_then(|value| value.parse::<Uuid>().ok());
    let Some(behaviour) = id("gap").map(BehaviourId) else { return Ok(None) };
    let subject = match (id("person"), id("team")) {
        (Some(person), _) => Subject::Person(PersonId(person)),
        (_, Some(team)) => Subject::Team(UnitId(team)),
        _ => return Ok(None),
    };
    let scope = reader.scope_of(behaviours::api::BehavioursPermission::SeeUptake);
    let gaps = service.behaviours().gaps(&scope, ground.today).await.map_err(ImprovementError::from)?;
    let found = gaps.iter().find(|gap| gap.behaviour == behaviour && gap.subject == subject);
    let Some((gap, (name, title))) = found.zip(ground.titles.get(&behaviour)) else { return Ok(None) };
    let (who, leader) = match subject {
        Subject::Person(person) => {
            let team = ground.lookup.team_of(person, ground.today);
            (
                person_name(&ground.lookup, person),
                team.and_then(|team| ground.lookup.leaders(team, ground.today).min()),
            )
        }
        Subject::Team(team) => {
            (ground.lookup.unit_label(team), ground.lookup.leaders(team, ground.today).min())
        }
        Subject::Queue(_) | Subject::Centre => return Ok(None),
    };
    let cx = &reader.cx;
    let problem = texts::problem_of_gap(
        &title.zh,
        &title.en,
        &who,
        &who,
        &cx.percent(gap.uptake, 0),
        &cx.count(gap.applicable),
        &cx.percent(gap.target, 0),
    );
    let mut values = usual(ground, reader)
        .with("title", cx.t(texts::title_of_gap(&title.zh, &title.en, &who, &who)))
        .with("problem", cx.t(problem))
        .with("behaviour", name)
        .with("target", cx.decimal(gap.target * 100.0, 0));
    values = match subject {
        Subject::Team(team) => values.with("team", team),
        _ => values.with("people", &who),
    };
    Ok(Some(match leader {
        Some(leader) => values.with("partner", leader),
        None => values,
    }))
}

async fn new_page(Service(service): Service<Improvements>, reader: Reader) -> Answer {
    let ground = Ground::of(&service, &reader).await?;
    let values = match of_gap(&service, &reader, &ground).await? {
        Some(values) => values,
        None => usual(&ground, &reader).with("target", TARGET_DEFAULT * 100.0),
    };
    Ok(reader.page(&ground.page(&reader, &values, &FieldErrors::new(), None, None)))
}

async fn open(Service(service): Service<Improvements>, reader: Reader, Form(values): Form) -> Answer {
    let ground = Ground::of(&service, &reader).await?;
    let opened = match ground.read(&values, None) {
        Ok(draft) => service.open(&reader.by(), &reader.scope, &draft).await,
        Err(errors) => return Ok(reader.invalid(&ground.page(&reader, &values, &errors, None, None))),
    };
    match opened {
        Ok(id) => Ok(reader.done(&href(id), &texts::opened())),
        Err(ImprovementError::Invalid(wrong)) => {
            let errors = field_errors(wrong);
            Ok(reader.invalid(&ground.page(&reader, &values, &errors, None, None)))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn field_errors(wrong: people::api::Invalid) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (field, text) in wrong.0 {
        errors.add(field, text);
    }
    errors
}

fn stored(held: &Improvement, decimal: impl Fn(f64) -> String) -> Values {
    Values::default()
        .with("title", &held.title)
        .with("problem", &held.problem)
        .with("cause", held.cause.name())
        .with("solution", &held.solution)
        .with("result", &held.result)
        .with("owner", held.owner)
        .with("supervisor", held.supervisor)
        .with("partner", held.partner)
        .with("due", held.due)
        .with("target", decimal(held.measure.target * 100.0))
        .with("worthwhile", decimal(held.measure.worthwhile * 100.0))
        .with("after_weeks", held.measure.after_weeks)
}

async fn edit_page(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
) -> Answer {
    let held = service.card(&reader.scope, id).await?.improvement;
    let ground = Ground::of(&service, &reader).await?;
    let values = stored(&held, |value| reader.cx.decimal(value, 0));
    Ok(reader.page(&ground.page(&reader, &values, &FieldErrors::new(), Some((&held, held.version)), None)))
}

async fn edit(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
    Form(values): Form,
) -> Answer {
    let held = service.card(&reader.scope, id).await?.improvement;
    let ground = Ground::of(&service, &reader).await?;
    let version = values.version().unwrap_or(-1);
    let refused = |errors: &FieldErrors| {
        Ok(reader.invalid(&ground.page(&reader, &values, errors, Some((&held, version)), None)))
    };
    let draft = match ground.read(&values, Some(&held)) {
        Ok(draft) => draft,
        Err(errors) => return refused(&errors),
    };
    match service.edit(&reader.by(), &reader.scope, id, version, &draft).await {
        Ok(()) => Ok(reader.done(&href(id), &texts::saved())),
        Err(ImprovementError::Invalid(wrong)) => refused(&field_errors(wrong)),
        Err(ImprovementError::Conflict(theirs)) => Ok(conflict(&ground, &reader, &values, &theirs)),
        Err(other) => Err(other.into()),
    }
}

/// What somebody else stored beside what was typed, with the newer version in the form.
fn conflict(ground: &Ground, reader: &Reader, values: &Values, theirs: &Improvement) -> Response {
    let now = stored(theirs, |value| reader.cx.decimal(value, 0));
    let spelled = |value: &str| {
        value
            .parse::<PersonId>()
            .ok()
            .map_or_else(|| value.to_owned(), |person| person_name(&ground.lookup, person))
    };
    let labels = [
        ("title", texts::title()),
        ("problem", texts::problem()),
        ("solution", texts::solution()),
        ("result", texts::result()),
        ("owner", texts::owner()),
        ("supervisor", texts::supervisor()),
        ("partner", texts::partner()),
        ("due", texts::due()),
    ];
    let differences = labels
        .into_iter()
        .filter(|(field, _)| now.get(field).trim() != values.get(field).trim())
        .map(|(field, label)| Difference {
            label,
            theirs: spelled(now.get(field)),
            yours: spelled(values.get(field)),
        })
        .collect();
    let who = reader.cx.t(texts::somebody()).into_owned();
    let banner = ui::edit_conflict(
        &reader.cx,
        &EditConflict { who, at: theirs.state_since, differences, latest: href(theirs.id) },
    );
    let held = Some((theirs, theirs.version));
    let page = ground.page(reader, values, &FieldErrors::new(), held, Some(&banner));
    (StatusCode::CONFLICT, reader.page(&page)).into_response()
}
