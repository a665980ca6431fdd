//! Skills over the JSON API.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes as operations;
use web::api::{Json, Paged, Paging, Query};
use web::{Fail, Reader, Routes};

use crate::error::PeopleError;
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::rest::paged;
use crate::skill::{Skill, SkillId};

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .api(PeoplePermission::View, operations!(list_skills))
        .api(PeoplePermission::EditStructure, operations!(add_skill))
}

/// A skill.
#[derive(Debug, Serialize, ToSchema)]
pub struct SkillBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: SkillId,
    /// Unique.
    pub name: String,
    /// Raised by each edit.
    pub version: i64,
}

impl From<&Skill> for SkillBody {
    fn from(skill: &Skill) -> SkillBody {
        SkillBody { id: skill.id, name: skill.name.clone(), version: skill.version }
    }
}

/// A skill to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSkill {
    /// Unique.
    #[schema(max_length = 200, min_length = 1)]
    pub name: String,
}

/// All skills, by name.
#[utoipa::path(get, path = "/api/v1/skills", tag = "people", params(Paging),
    responses((status = 200, description = "One page.", body = Paged<SkillBody>)))]
async fn list_skills(
    State(service): State<Service>,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<SkillBody>>, Fail> {
    let lookup = service.people.lookup().await?;
    let all = lookup.skills().into_iter().map(|skill| (skill.name.clone(), SkillBody::from(skill)));
    Ok(Json(paged(all.collect(), &paging)?))
}

/// Adds a skill.
#[utoipa::path(post, path = "/api/v1/skills", tag = "people", request_body = NewSkill,
    responses((status = 201, description = "The skill.", body = SkillBody)))]
async fn add_skill(
    State(service): State<Service>,
    reader: Reader,
    Json(new): Json<NewSkill>,
) -> Result<Response, Fail> {
    let id = service.people.add_skill(&reader.by(), &new.name).await?;
    let lookup = service.people.lookup().await?;
    let skill = lookup.skill(id).ok_or(PeopleError::NotFound)?;
    Ok((StatusCode::CREATED, Json(SkillBody::from(skill))).into_response())
}
