//! Repeated requests: a `POST` to the API with an `Idempotency-Key` is carried out once and answered the same
//! way for a day, however often it comes.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use kernel::AccountId;
use messages::{Problem, ProblemKind};
use sha2::{Digest, Sha256};
use store::{Ask, Db, sql};

use crate::{Fail, reader::Caller, texts};

/// The header.
const HEADER: &str = "idempotency-key";
/// Keys are made by machines: a UUID, a hash.
const KEY_CHARS_MAX: usize = 200;
/// A body with a key is held in memory to compare it: as large as the largest intake.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Larger answers are not kept; a repeated request is then carried out again, which every intake allows.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// How long an answer is kept, in seconds.
const KEPT_SECONDS: i64 = 24 * 3600;

/// Answers a repeated request from what was kept; else lets it through and keeps the answer.
pub(crate) async fn once(request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned)
    else {
        return next.run(request).await;
    };
    let caller = request.extensions().get::<Caller>().cloned();
    let Some((caller, account)) = caller
        .and_then(|caller| caller.actor.as_ref().map(|actor| actor.account).map(|account| (caller, account)))
    else {
        return next.run(request).await;
    };
    if request.method() != Method::POST || !caller.is_api() {
        return next.run(request).await;
    }
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        return Fail::from(Problem::new(
            ProblemKind::Invalid,
            "api.idempotency_key",
            texts::bad_idempotency_key(KEY_CHARS_MAX),
        ))
        .into_response();
    }
    match run(caller.platform.db(), account, &key, request, next).await {
        Ok(response) => response,
        Err(fail) => fail.into_response(),
    }
}

async fn run(db: &Db, account: AccountId, key: &str, request: Request, next: Next) -> Result<Response, Fail> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_BYTES_MAX)
        .await
        .map_err(|_| Problem::new(ProblemKind::TooLarge, "web.too_large", texts::too_large()))?;
    let fingerprint = fingerprint(parts.uri.path(), &body);
    if let Some(kept) = find(db, account, key).await? {
        return if kept.fingerprint == fingerprint {
            Ok(kept.answer())
        } else {
            Err(Problem::new(
                ProblemKind::Conflict,
                "api.idempotency_key_reused",
                texts::idempotency_key_reused(),
            )
            .into())
        };
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| Problem::internal())?;
    if body.len() <= ANSWER_BYTES_MAX {
        let content_type =
            parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        keep(
            db,
            account,
            key,
            &Kept {
                fingerprint,
                status: parts.status.as_u16(),
                content_type: content_type.to_owned(),
                body: body.to_vec(),
            },
        )
        .await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

struct Kept {
    fingerprint: String,
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl Kept {
    fn answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body).into_response();
        if let Ok(value) = HeaderValue::from_str(&self.content_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
        response
    }
}

async fn find(db: &Db, account: AccountId, key: &str) -> store::Result<Option<Kept>> {
    let since = db.env().now().plus_seconds(-KEPT_SECONDS);
    let query = sql!(
        "SELECT fingerprint, status, content_type, body FROM web_idempotency WHERE account = {} AND idempotency_key = {} AND at >= {}",
        account,
        key,
        since
    );
    db.first(query, |row| {
        Ok(Kept {
            fingerprint: row.get("fingerprint")?,
            status: u16::try_from(row.get::<i64>("status")?).unwrap_or(200),
            content_type: row.get("content_type")?,
            body: row.get("body")?,
        })
    })
    .await
}

async fn keep(db: &Db, account: AccountId, key: &str, kept: &Kept) -> store::Result<()> {
    let tx = db.bookkeeping().await?;
    let now = db.env().now();
    tx.exec(sql!("DELETE FROM web_idempotency WHERE at < {}", now.plus_seconds(-KEPT_SECONDS))).await?;
    tx.exec(sql!(
        "INSERT INTO web_idempotency (account, idempotency_key, fingerprint, status, content_type, body, at) VALUES ({}, {}, {}, {}, {}, {}, {}) ON CONFLICT (account, idempotency_key) DO NOTHING",
        account, key, &kept.fingerprint, i64::from(kept.status), &kept.content_type, kept.body.as_slice(), now
    ))
    .await?;
    tx.commit().await
}

fn fingerprint(path: &str, body: &Bytes) -> String {
    let mut hasher = Sha256::new();
    hasher.update((path.len() as u64).to_be_bytes());
    hasher.update(path);
    hasher.update(body);
    kernel::hex(&hasher.finalize())
}
