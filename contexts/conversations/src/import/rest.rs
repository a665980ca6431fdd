//! Imports over the JSON API.

use axum::extract::State;
use kernel::Time;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes as operations;
use web::{
    Fail, Reader, Routes,
    api::{Json, Paged, Paging, Path, Query},
};

use super::{
    batch::{Batch, BatchKind, BatchState, Counts},
    pages::{find, whose},
};
use crate::{ConversationsPermission as May, ids::BatchId, mask::mask, service::Conversations};

pub(crate) fn routes() -> Routes<Conversations> {
    Routes::new()
        .api(May::Import, operations!(list_imports))
        .api(May::Import, operations!(read_import))
        .api(May::Import, operations!(list_rejected))
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: BatchId,
    /// How it came in.
    pub kind: BatchKind,
    /// The file's name, or who sent it.
    pub name: String,
    /// Where it stands.
    pub state: BatchState,
    /// `jsonl` or `csv`, once recognised.
    pub format: String,
    /// The encoding, once recognised.
    pub encoding: String,
    /// Bytes of the file, when known.
    pub bytes_total: Option<u64>,
    /// Bytes stored for good.
    pub bytes_done: u64,
    /// Lines stored for good.
    pub lines_done: u64,
    /// How many of what.
    pub counts: Counts,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = "date-time")]
    pub started_at: Time,
    /// When it was over.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub finished_at: Option<Time>,
}

impl BatchBody {
    fn new(reader: &Reader, batch: Batch) -> BatchBody {
        BatchBody {
            id: batch.id,
            kind: batch.kind,
            name: batch.name,
            state: batch.state,
            format: batch.format,
            encoding: batch.encoding,
            bytes_total: batch.bytes_total,
            bytes_done: batch.bytes_done,
            lines_done: batch.lines_done,
            counts: batch.counts,
            error: batch.error.map(|text| text.get(reader.lang()).to_owned()),
            started_at: batch.started_at,
            finished_at: batch.finished_at,
        }
    }
}

/// A row that did not go in.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedBody {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The stable code of the reason.
    pub code: String,
    /// The reason, and what to do.
    pub reason: String,
    /// Its own text, at most 64 KB of it.
    pub raw: String,
}

/// Imports, newest first.
///
/// Whoever may import for the whole centre sees all of them; others see those that they began.
#[utoipa::path(get, path = "/api/v1/import-batches", tag = "conversations", params(Paging),
    responses((status = 200, description = "One page.", body = Paged<BatchBody>)))]
async fn list_imports(
    State(service): State<Conversations>,
    reader: Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<BatchBody>>, Fail> {
    let (limit, whose) = (paging.limit()? as usize, whose(&reader)?);
    let after = match paging.after(|text| text.parse::<BatchId>().ok())? {
        Some(id) => service.batch_of(whose, id).await?,
        None => None,
    };
    let mut batches = service.batches(whose, after.as_ref(), limit + 1).await?;
    let next = store::cut_page(&mut batches, limit, |batch| batch.id.to_string());
    let items = batches.into_iter().map(|batch| BatchBody::new(&reader, batch)).collect();
    Ok(Json(Paged { items, next }))
}

/// One import.
#[utoipa::path(get, path = "/api/v1/import-batches/{id}", tag = "conversations",
    params(("id" = String, Path, format = "uuid", description = "the id")),
    responses((status = 200, description = "The import.", body = BatchBody)))]
async fn read_import(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<BatchId>,
) -> Result<Json<BatchBody>, Fail> {
    let batch = find(&service, &reader, id).await?;
    Ok(Json(BatchBody::new(&reader, batch)))
}

/// The rows of an import that did not go in, by line.
#[utoipa::path(get, path = "/api/v1/import-batches/{id}/rejected", tag = "conversations",
    params(("id" = String, Path, format = "uuid", description = "the id"), Paging),
    responses((status = 200, description = "One page.", body = Paged<RejectedBody>)))]
async fn list_rejected(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<BatchId>,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<RejectedBody>>, Fail> {
    let limit = paging.limit()? as usize;
    let after = paging.after(|text| text.parse::<u32>().ok())?;
    find(&service, &reader, id).await?;
    let mut rows = service.rejected_rows(id, after.map_or(0, u64::from), limit + 1).await?;
    let next = store::cut_page(&mut rows, limit, |row| row.line.to_string());
    let sees = reader.scope_of(May::SeePersonalData).is_everything();
    let items = rows.into_iter().map(|row| RejectedBody {
        line: row.line,
        code: row.code,
        reason: row.reason.get(reader.lang()).to_owned(),
        raw: if sees { row.raw } else { mask(&row.raw).into_owned() },
    });
    Ok(Json(Paged { items: items.collect(), next }))
}
