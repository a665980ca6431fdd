//! Forms as they were typed.

use axum::extract::{FromRequest, Request};
use http::header;
use messages::{Problem, ProblemKind};
use ui::Values;

use crate::{Fail, texts};

/// Fields in one form: more than any page has, few enough to hold.
const FIELDS_MAX: usize = 2_000;

/// What somebody typed into a form, read without judging, so that a form with mistakes can come back with
/// everything in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(pub Values);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Fail;

    async fn from_request(request: Request, state: &S) -> Result<Form, Fail> {
        let unreadable = || {
            Fail::from(Problem::new(ProblemKind::Invalid, "web.form_unreadable", texts::form_unreadable()))
        };
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(unreadable());
        }
        let body = axum::body::Bytes::from_request(request, state).await.map_err(|_| {
            Problem::new(ProblemKind::TooLarge, "web.form_too_large", texts::form_too_large())
        })?;
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).map_err(|_| unreadable())?;
        if pairs.len() > FIELDS_MAX {
            return Err(Problem::new(
                ProblemKind::TooLarge,
                "web.too_many_fields",
                texts::too_many_fields(pairs.len(), FIELDS_MAX),
            )
            .into());
        }
        Ok(Form(Values::new(pairs)))
    }
}
