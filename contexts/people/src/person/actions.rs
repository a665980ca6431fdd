//! What can be done with a person, one small form each: move, leave, lead, stop leading, set a skill.

use axum::extract::State;
use kernel::{Day, PersonId};
use messages::{Problem, Text};
use ui::{Choice, Field, Href, Values};
use web::api::Path;
use web::{Answer, Form, Reader};

use crate::api::Lookup;
use crate::error::{Invalid, Result};
use crate::forms::{self, FormPage};
use crate::membership::TeamRole;
use crate::module::Service;
use crate::person::PersonCard;
use crate::person::pages::{href, saved, unit_choices, with_none};
use crate::texts;
use crate::unit::UnitKind;

/// One action; its name is the last part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Move,
    Leave,
    Lead,
    StopLeading,
    Skill,
}

impl Action {
    fn parse(name: &str) -> std::result::Result<Action, Problem> {
        match name {
            "move" => Ok(Action::Move),
            "leave" => Ok(Action::Leave),
            "lead" => Ok(Action::Lead),
            "stop-leading" => Ok(Action::StopLeading),
            "skill" => Ok(Action::Skill),
            _ => Err(Problem::not_found()),
        }
    }

    const fn text(self) -> Text {
        match self {
            Action::Move => texts::move_to_team(),
            Action::Leave => texts::leaves(),
            Action::Lead => texts::lead_team(),
            Action::StopLeading => texts::stop_leading(),
            Action::Skill => texts::set_skill(),
        }
    }

    const fn lead(self) -> Text {
        match self {
            Action::Move => texts::move_lead(),
            Action::Leave => texts::leave_lead(),
            Action::Lead => texts::lead_lead(),
            Action::StopLeading => texts::stop_leading_lead(),
            Action::Skill => texts::skill_lead(),
        }
    }

    fn fields(self, card: &PersonCard, lookup: &Lookup, today: Day) -> Vec<Field> {
        let unit = |choices| Field::select("unit", texts::unit(), with_none(choices)).required();
        match self {
            Action::Move => vec![
                unit(unit_choices(lookup, today, &UnitKind::ALL)),
                Field::day("from", texts::from_day()).required().hint(texts::move_from_hint()),
            ],
            Action::Lead => vec![
                unit(unit_choices(lookup, today, &UnitKind::ALL)),
                Field::day("from", texts::from_day()).required(),
            ],
            Action::StopLeading => {
                vec![unit(led(card, lookup)), Field::day("last", texts::last_day()).required()]
            }
            Action::Leave => vec![
                Field::day("last", texts::employed_to()).required(),
                Field::text("reason", texts::leaving_reason()),
            ],
            Action::Skill => {
                let skills = lookup
                    .skills()
                    .into_iter()
                    .map(|skill| Choice::new(skill.id.to_string(), Text::verbatim(&skill.name)))
                    .collect();
                let levels = (1..=5).map(|n: u8| Choice::new(n.to_string(), texts::level_name(n)));
                let levels = std::iter::once(Choice::new("", texts::skill_gone())).chain(levels).collect();
                vec![
                    Field::select("skill", texts::skill(), with_none(skills)).required(),
                    Field::select("level", texts::level(), levels).hint(texts::level_hint()),
                ]
            }
        }
    }

    fn form(self, name: &str, card: &PersonCard, lookup: &Lookup, today: Day) -> FormPage {
        let person = &card.person;
        FormPage {
            title: self.text(),
            lead: Some(self.lead()),
            crumbs: vec![
                (texts::people(), Href::new("/people")),
                (Text::verbatim(&person.name), href(person.id)),
            ],
            action: href(person.id).segment(name),
            back: href(person.id),
            submit: self.text(),
            danger: self == Action::Leave,
            fields: self.fields(card, lookup, today),
            labels: vec![
                ("number", texts::number()),
                ("name", texts::name()),
                ("employed_to", texts::employed_to()),
            ],
            draft: None,
        }
    }

    async fn run(self, service: &Service, reader: &Reader, id: PersonId, values: &Values) -> Result<()> {
        let (people, by, version) = (&service.people, &reader.by(), forms::version(values));
        let mut wrong = Invalid::default();
        match self {
            Action::Move | Action::Lead => {
                let unit = forms::required_choice(values, "unit", &mut wrong);
                let from = forms::required_day(values, "from", &mut wrong);
                let Some(unit) = wrong.or(unit)? else { return Ok(()) };
                if self == Action::Move {
                    people.move_person(by, id, version, unit, from).await
                } else {
                    people.lead(by, id, version, unit, from).await
                }
            }
            Action::StopLeading => {
                let unit = forms::required_choice(values, "unit", &mut wrong);
                let last = forms::required_day(values, "last", &mut wrong);
                let Some(unit) = wrong.or(unit)? else { return Ok(()) };
                people.stop_leading(by, id, version, unit, last).await
            }
            Action::Leave => {
                let last = forms::required_day(values, "last", &mut wrong);
                wrong.or(())?;
                people
                    .leave(by, id, version, last, values.filled("reason"))
                    .await
                    .map_err(at_this_forms_fields)
            }
            Action::Skill => {
                let skill = forms::required_choice(values, "skill", &mut wrong);
                let level = forms::choice(values, "level", &mut wrong);
                let Some(skill) = wrong.or(skill)? else { return Ok(()) };
                people.set_skill(by, id, version, skill, level).await
            }
        }
    }
}

/// The rules name a person's own fields; this form calls two of them otherwise.
fn at_this_forms_fields(error: crate::error::PeopleError) -> crate::error::PeopleError {
    use crate::error::PeopleError;
    match error {
        PeopleError::Invalid(Invalid(fields)) => {
            let renamed = fields.into_iter().map(|(field, text)| match field.as_str() {
                "employed_to" => ("last".to_owned(), text),
                "leaving_reason" => ("reason".to_owned(), text),
                _ => (field, text),
            });
            PeopleError::Invalid(Invalid(renamed.collect()))
        }
        other => other,
    }
}

fn led(card: &PersonCard, lookup: &Lookup) -> Vec<Choice> {
    card.memberships
        .iter()
        .filter(|m| m.role == TeamRole::Leader)
        .map(|m| Choice::new(m.unit.to_string(), Text::verbatim(lookup.unit_label(m.unit))))
        .collect()
}

pub(crate) async fn page(
    State(service): State<Service>,
    reader: Reader,
    Path((id, name)): Path<(PersonId, String)>,
) -> Answer {
    let action = Action::parse(&name)?;
    let card = service.people.card(&reader.scope, id).await?;
    let lookup = service.people.lookup().await?;
    let today = service.people.today().await?;
    let values = Values::default().with("from", today).with("last", today);
    Ok(action.form(&name, &card, &lookup, today).show(&reader, &values, Some(card.person.version)))
}

pub(crate) async fn act(
    State(service): State<Service>,
    reader: Reader,
    Path((id, name)): Path<(PersonId, String)>,
    Form(values): Form,
) -> Answer {
    let action = Action::parse(&name)?;
    let card = service.people.card(&reader.scope, id).await?;
    match action.run(&service, &reader, id, &values).await {
        Ok(()) => Ok(saved(&reader, id)),
        Err(error) => {
            let lookup = service.people.lookup().await?;
            let form = action.form(&name, &card, &lookup, service.people.today().await?);
            form.refuse(&reader, &values, error, forms::as_is).await
        }
    }
}
