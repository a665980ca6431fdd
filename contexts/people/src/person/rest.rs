//! People over the JSON API.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Day, PersonId, UnitId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes as operations;
use web::api::{Json, Paged, Paging, Path, Query};
use web::{Fail, Reader, Routes};

use crate::api::{Lookup, TeamRole};
use crate::error::PeopleError;
use crate::membership::rules::{BEGINNING, unit_on};
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::person::list::{PeopleFilter, PeopleSort, is_cursor};
use crate::person::{Person, PersonCard, PersonDraft};
use crate::skill::SkillId;

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .api(PeoplePermission::View, operations!(list_people))
        .api(PeoplePermission::View, operations!(read_person))
        .api(PeoplePermission::Edit, operations!(add_person))
        .api(PeoplePermission::Edit, operations!(change_person))
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: PersonId,
    /// The employee number, unique.
    pub number: String,
    /// The name.
    pub name: String,
    /// The unit they belong to today.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub unit: Option<UnitId>,
    /// The first day of employment.
    #[schema(value_type = Option<String>, format = "date")]
    pub employed_from: Option<Day>,
    /// The last day of employment.
    #[schema(value_type = Option<String>, format = "date")]
    pub employed_to: Option<Day>,
    /// Why they left.
    pub leaving_reason: Option<String>,
    /// Send it with a change: a change of an older version is refused.
    pub version: i64,
}

impl PersonBody {
    fn new(person: Person, unit: Option<UnitId>) -> PersonBody {
        PersonBody {
            id: person.id,
            number: person.number,
            name: person.name,
            unit,
            employed_from: person.employed_from,
            employed_to: person.employed_to,
            leaving_reason: person.leaving_reason,
            version: person.version,
        }
    }
}

/// A stretch of days in a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembershipBody {
    /// The unit.
    #[schema(value_type = String, format = "uuid")]
    pub unit: UnitId,
    /// As what.
    pub role: TeamRole,
    /// The first day; absent when nobody knows.
    #[schema(value_type = Option<String>, format = "date")]
    pub from: Option<Day>,
    /// The last day; absent until further notice.
    #[schema(value_type = Option<String>, format = "date")]
    pub to: Option<Day>,
}

/// A skill and its level.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonSkillBody {
    /// The skill.
    #[schema(value_type = String, format = "uuid")]
    pub skill: SkillId,
    /// Its name.
    pub name: String,
    /// 1 beginner to 5 teaches others.
    pub level: u8,
}

/// A person with memberships and skills.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonCardBody {
    /// The person.
    #[serde(flatten)]
    pub person: PersonBody,
    /// All memberships, in the order of their first days.
    pub memberships: Vec<MembershipBody>,
    /// Skills, by name.
    pub skills: Vec<PersonSkillBody>,
}

impl PersonCardBody {
    fn new(card: PersonCard, today: Day) -> PersonCardBody {
        let unit = unit_on(&card.memberships, today);
        let membership = |m: crate::membership::Membership| MembershipBody {
            unit: m.unit,
            role: m.role,
            from: Some(m.from).filter(|from| *from != BEGINNING),
            to: m.to,
        };
        PersonCardBody {
            person: PersonBody::new(card.person, unit),
            memberships: card.memberships.into_iter().map(membership).collect(),
            skills: card
                .skills
                .into_iter()
                .map(|(skill, name, level)| PersonSkillBody { skill, name, level })
                .collect(),
        }
    }
}

/// A person to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The employee number, unique.
    #[schema(max_length = 100, min_length = 1)]
    pub number: String,
    /// The name.
    #[schema(max_length = 200, min_length = 1)]
    pub name: String,
    /// The first day of employment.
    #[schema(value_type = Option<String>, format = "date")]
    pub employed_from: Option<Day>,
    /// The last day of employment.
    #[schema(value_type = Option<String>, format = "date")]
    pub employed_to: Option<Day>,
    /// Why they left; needs a last day.
    #[schema(max_length = 200)]
    pub leaving_reason: Option<String>,
    /// The unit they belong to.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub unit: Option<UnitId>,
    /// The first day in that unit; the first day of employment when absent.
    #[schema(value_type = Option<String>, format = "date")]
    pub since: Option<Day>,
}

/// What changes of a person; what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// The version that was read.
    pub version: i64,
    /// The employee number, unique.
    #[schema(max_length = 100, min_length = 1)]
    pub number: Option<String>,
    /// The name.
    #[schema(max_length = 200, min_length = 1)]
    pub name: Option<String>,
    /// The first day of employment.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub employed_from: Patch<Day>,
    /// The last day of employment; memberships end with it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub employed_to: Patch<Day>,
    /// Why they left; needs a last day.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub leaving_reason: Patch<String>,
    /// The unit they belong to from `since` on.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub unit: Option<UnitId>,
    /// The first day in that unit; today when absent.
    #[schema(value_type = Option<String>, format = "date")]
    pub since: Option<Day>,
}

/// What a change says about a field that may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Nothing: it stays.
    #[default]
    Keep,
    /// A value, or that there is none.
    Set(Option<T>),
}

impl<T> Patch<T> {
    fn over(self, held: Option<T>) -> Option<T> {
        match self {
            Patch::Keep => held,
            Patch::Set(value) => value,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Patch<T>, D::Error> {
        Option::<T>::deserialize(value).map(Patch::Set)
    }
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Part of the number or of the name.
    pub q: Option<String>,
    /// A unit, with those below it.
    #[param(value_type = Option<String>, format = "uuid")]
    pub unit: Option<UnitId>,
    /// Leaders of a unit, or those who lead none.
    pub role: Option<TeamRole>,
    /// Employed today, or not.
    pub employed: Option<bool>,
}

impl PeopleQuery {
    fn filter(self, lookup: &Lookup) -> PeopleFilter {
        PeopleFilter {
            text: self.q.unwrap_or_default(),
            units: self.unit.map(|unit| lookup.units_below(unit)),
            role: self.role,
            employed: self.employed,
        }
    }
}

/// People whom the token may see, by employee number.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(Paging, PeopleQuery),
    responses((status = 200, description = "One page.", body = Paged<PersonBody>)))]
async fn list_people(
    State(service): State<Service>,
    reader: Reader,
    Query(paging): Query<Paging>,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<Paged<PersonBody>>, Fail> {
    let limit = usize::try_from(paging.limit()?).unwrap_or(usize::MAX);
    let after = paging.after(|cursor| is_cursor(cursor).then(|| cursor.to_owned()))?;
    let filter = query.filter(&*service.people.lookup().await?);
    let sort = (PeopleSort::Number, false);
    let page = service.people.list(&reader.scope, &filter, sort, after.as_deref(), limit).await?;
    let items = page.rows.into_iter().map(|row| PersonBody::new(row.person, row.unit)).collect();
    Ok(Json(Paged { items, next: page.next }))
}

/// One person.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path, format = "uuid", description = "The person.")),
    responses((status = 200, description = "The person.", body = PersonCardBody)))]
async fn read_person(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<PersonId>,
) -> Result<Json<PersonCardBody>, Fail> {
    let card = service.people.card(&reader.scope, id).await?;
    Ok(Json(PersonCardBody::new(card, service.people.today().await?)))
}

/// Adds a person.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = NewPerson,
    responses((status = 201, description = "The person.", body = PersonCardBody)))]
async fn add_person(
    State(service): State<Service>,
    reader: Reader,
    Json(new): Json<NewPerson>,
) -> Result<Response, Fail> {
    let draft = PersonDraft {
        number: new.number,
        name: new.name,
        employed_from: new.employed_from,
        employed_to: new.employed_to,
        leaving_reason: new.leaving_reason,
        unit: new.unit,
        since: new.since,
    };
    let id = service.people.add_person(&reader.by(), &draft).await?;
    let card = service.people.card(&kernel::Scope::everything(), id).await?;
    let body = PersonCardBody::new(card, service.people.today().await?);
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Changes a person. A version that is no longer the stored one is refused, with what is stored now.
#[utoipa::path(patch, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path, format = "uuid", description = "The person.")),
    request_body = PersonChange,
    responses((status = 200, description = "The person.", body = PersonCardBody), (status = 409, description = "Somebody else changed it in between; the errors say what is stored.")))]
async fn change_person(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<PersonId>,
    Json(change): Json<PersonChange>,
) -> Result<Json<PersonCardBody>, Fail> {
    let people = &service.people;
    let held = people.card(&reader.scope, id).await?.person;
    let today = people.today().await?;
    let draft = PersonDraft {
        number: change.number.unwrap_or(held.number),
        name: change.name.unwrap_or(held.name),
        employed_from: change.employed_from.over(held.employed_from),
        employed_to: change.employed_to.over(held.employed_to),
        leaving_reason: change.leaving_reason.over(held.leaving_reason),
        unit: change.unit,
        since: change.unit.map(|_| change.since.unwrap_or(today)),
    };
    people.edit_person(&reader.by(), id, change.version, &draft).await?;
    match people.card(&reader.scope, id).await {
        Ok(card) => Ok(Json(PersonCardBody::new(card, today))),
        // The change may have taken the person out of what the token sees.
        Err(PeopleError::NotFound) => {
            let card = people.card(&kernel::Scope::everything(), id).await?;
            Ok(Json(PersonCardBody::new(card, today)))
        }
        Err(error) => Err(error.into()),
    }
}
