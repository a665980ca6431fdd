//! Answers and failures.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::Markup;
use messages::{Problem, ProblemKind};
use store::StoreError;

/// What a handler gives back.
pub type Answer = Result<Response, Fail>;

/// A page or a fragment of one.
pub struct Html(pub Markup);

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let mut response = self.0.into_string().into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
    }
}

/// A failure on its way to the reader. It is spelled by the outermost layer, which knows the language and
/// whether a page or the API was asked.
#[derive(Debug)]
pub struct Fail(pub Problem);

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut response = status_of(self.0.kind).into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

impl From<Problem> for Fail {
    fn from(problem: Problem) -> Fail {
        Fail(problem)
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Fail {
        Fail(store_problem(&error))
    }
}

/// The problem a store's error becomes: the cause goes to the log, the reader learns only that it failed.
pub(crate) fn store_problem(error: &StoreError) -> Problem {
    tracing::error!(error = %error, "web.store_failed");
    Problem::internal()
}

pub(crate) const fn status_of(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
