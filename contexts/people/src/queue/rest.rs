//! Queues and lines of business over the JSON API.

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
use crate::queue::{LineOfBusiness, LineOfBusinessId, Queue, QueueId};
use crate::rest::paged;

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .api(PeoplePermission::View, operations!(list_queues))
        .api(PeoplePermission::EditStructure, operations!(add_queue))
        .api(PeoplePermission::View, operations!(list_lines_of_business))
        .api(PeoplePermission::EditStructure, operations!(add_line_of_business))
}

/// A queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: QueueId,
    /// Unique.
    pub name: String,
    /// The line of business it belongs to.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub line_of_business: Option<LineOfBusinessId>,
    /// Raised by each edit.
    pub version: i64,
}

impl From<&Queue> for QueueBody {
    fn from(queue: &Queue) -> QueueBody {
        QueueBody {
            id: queue.id,
            name: queue.name.clone(),
            line_of_business: queue.line_of_business,
            version: queue.version,
        }
    }
}

/// A line of business.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineOfBusinessBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: LineOfBusinessId,
    /// Unique.
    pub name: String,
    /// Raised by each edit.
    pub version: i64,
}

impl From<&LineOfBusiness> for LineOfBusinessBody {
    fn from(line: &LineOfBusiness) -> LineOfBusinessBody {
        LineOfBusinessBody { id: line.id, name: line.name.clone(), version: line.version }
    }
}

/// A queue to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQueue {
    /// Unique.
    #[schema(max_length = 200, min_length = 1)]
    pub name: String,
    /// The line of business it belongs to.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub line_of_business: Option<LineOfBusinessId>,
}

/// A line of business to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLineOfBusiness {
    /// Unique.
    #[schema(max_length = 200, min_length = 1)]
    pub name: String,
}

/// All queues, by name.
#[utoipa::path(get, path = "/api/v1/queues", tag = "people", params(Paging),
    responses((status = 200, description = "One page.", body = Paged<QueueBody>)))]
async fn list_queues(
    State(service): State<Service>,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<QueueBody>>, Fail> {
    let lookup = service.people.lookup().await?;
    let all = lookup.queues().into_iter().map(|queue| (queue.name.clone(), QueueBody::from(queue)));
    Ok(Json(paged(all.collect(), &paging)?))
}

/// Adds a queue.
#[utoipa::path(post, path = "/api/v1/queues", tag = "people", request_body = NewQueue,
    responses((status = 201, description = "The queue.", body = QueueBody)))]
async fn add_queue(
    State(service): State<Service>,
    reader: Reader,
    Json(new): Json<NewQueue>,
) -> Result<Response, Fail> {
    let id = service.people.add_queue(&reader.by(), &new.name, new.line_of_business).await?;
    let lookup = service.people.lookup().await?;
    let queue = lookup.queue(id).ok_or(PeopleError::NotFound)?;
    Ok((StatusCode::CREATED, Json(QueueBody::from(queue))).into_response())
}

/// All lines of business, by name.
#[utoipa::path(get, path = "/api/v1/lines-of-business", tag = "people", params(Paging),
    responses((status = 200, description = "One page.", body = Paged<LineOfBusinessBody>)))]
async fn list_lines_of_business(
    State(service): State<Service>,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<LineOfBusinessBody>>, Fail> {
    let lookup = service.people.lookup().await?;
    let all = lookup
        .lines_of_business()
        .into_iter()
        .map(|line| (line.name.clone(), LineOfBusinessBody::from(line)));
    Ok(Json(paged(all.collect(), &paging)?))
}

/// Adds a line of business.
#[utoipa::path(post, path = "/api/v1/lines-of-business", tag = "people", request_body = NewLineOfBusiness,
    responses((status = 201, description = "The line of business.", body = LineOfBusinessBody)))]
async fn add_line_of_business(
    State(service): State<Service>,
    reader: Reader,
    Json(new): Json<NewLineOfBusiness>,
) -> Result<Response, Fail> {
    let id = service.people.add_line_of_business(&reader.by(), &new.name).await?;
    let lookup = service.people.lookup().await?;
    let line = lookup.line_of_business(id).ok_or(PeopleError::NotFound)?;
    Ok((StatusCode::CREATED, Json(LineOfBusinessBody::from(line))).into_response())
}
