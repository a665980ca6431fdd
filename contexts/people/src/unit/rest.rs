//! Units over the JSON API.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Day, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes as operations;
use web::api::{Json, Paged, Paging, Query};
use web::{Fail, Reader, Routes};

use crate::error::PeopleError;
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::rest::paged;
use crate::unit::{Unit, UnitDraft, UnitKind, pages};

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .api(PeoplePermission::View, operations!(list_units))
        .api(PeoplePermission::EditStructure, operations!(add_unit))
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: UnitId,
    /// The unit above; absent for the organisation.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parent: Option<UnitId>,
    /// What it is.
    pub kind: UnitKind,
    /// Short and unique.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The IANA time zone of a site or of the organisation.
    pub zone: Option<String>,
    /// The first day on which it is closed.
    #[schema(value_type = Option<String>, format = "date")]
    pub closed_from: Option<Day>,
    /// Raised by each edit.
    pub version: i64,
}

impl From<&Unit> for UnitBody {
    fn from(unit: &Unit) -> UnitBody {
        UnitBody {
            id: unit.id,
            parent: unit.parent,
            kind: unit.kind,
            code: unit.code.clone(),
            name: unit.name.clone(),
            zone: unit.zone.clone(),
            closed_from: unit.closed_from,
            version: unit.version,
        }
    }
}

/// A site or a team to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// The unit above; the organisation when absent.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parent: Option<UnitId>,
    /// `site` or `team`.
    pub kind: UnitKind,
    /// Short and unique.
    #[schema(max_length = 100, min_length = 1)]
    pub code: String,
    /// What people call it.
    #[schema(max_length = 200, min_length = 1)]
    pub name: String,
    /// The IANA time zone of a site; the organisation's own when absent.
    pub zone: Option<String>,
}

/// Units that the token may see, by code, and those above them.
#[utoipa::path(get, path = "/api/v1/units", tag = "people", params(Paging),
    responses((status = 200, description = "One page.", body = Paged<UnitBody>)))]
async fn list_units(
    State(service): State<Service>,
    reader: Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<UnitBody>>, Fail> {
    let lookup = service.people.lookup().await?;
    let seen = pages::seen(&reader, &lookup, service.people.today().await?);
    let units = lookup.units().filter(|unit| seen.contains(&unit.id));
    Ok(Json(paged(units.map(|unit| (unit.code.clone(), UnitBody::from(unit))).collect(), &paging)?))
}

/// Adds a site or a team.
#[utoipa::path(post, path = "/api/v1/units", tag = "people", request_body = NewUnit,
    responses((status = 201, description = "The unit.", body = UnitBody)))]
async fn add_unit(
    State(service): State<Service>,
    reader: Reader,
    Json(new): Json<NewUnit>,
) -> Result<Response, Fail> {
    let organisation = service.people.lookup().await?.organisation().map(|unit| unit.id);
    let draft = UnitDraft {
        parent: new.parent.or(organisation),
        kind: new.kind,
        code: new.code,
        name: new.name,
        zone: new.zone,
    };
    let id = service.people.add_unit(&reader.by(), &draft).await?;
    let lookup = service.people.lookup().await?;
    let unit = lookup.unit(id).ok_or(PeopleError::NotFound)?;
    Ok((StatusCode::CREATED, Json(UnitBody::from(unit))).into_response())
}
