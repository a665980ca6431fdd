//! The JSON API's common parts: problems (RFC 9457), cursor paging, the OpenAPI document.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use messages::{Problem, ProblemKind, Text};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        self,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use crate::{Fail, reader::Caller, texts};

/// Items on one page when the request does not say.
pub const LIMIT_DEFAULT: u32 = 50;
/// Items on one page at most.
pub const LIMIT_MAX: u32 = 500;

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Pass it as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Items on a page, 1–500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

impl Paging {
    /// Items on the page.
    ///
    /// # Errors
    /// A problem that names the limits.
    pub fn limit(&self) -> Result<u32, Fail> {
        match self.limit.unwrap_or(LIMIT_DEFAULT) {
            limit @ 1..=LIMIT_MAX => Ok(limit),
            other => {
                Err(Problem::new(ProblemKind::Invalid, "api.limit", texts::bad_limit(other, LIMIT_MAX))
                    .into())
            }
        }
    }

    /// The position after which the page begins, decoded with `parse`.
    ///
    /// # Errors
    /// A problem for a cursor this list did not give out.
    pub fn after<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Fail> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        match parse(cursor) {
            Some(position) => Ok(Some(position)),
            None => Err(Problem::new(ProblemKind::Invalid, "api.cursor", texts::bad_cursor()).into()),
        }
    }
}

/// A problem as RFC 9457 spells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Where the code is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stable code.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// A short title.
    pub title: String,
    /// What happened and what to do.
    pub detail: String,
    /// The id under which the server logged this request.
    pub request_id: String,
    /// Messages tied to single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// A message tied to a field of the body.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field.
    pub field: String,
    /// What is wrong with it and what to do.
    pub detail: String,
}

pub(crate) fn problem_response(status: StatusCode, problem: &Problem, caller: &Caller) -> Response {
    let say = |text: &Text| text.get(caller.lang).to_owned();
    let body = ProblemBody {
        kind: format!("/api/v1/problems#{}", problem.code),
        code: problem.code.to_owned(),
        status: status.as_u16(),
        title: say(&texts::problem_title(status.as_u16())),
        detail: say(&problem.text),
        request_id: caller.request_id.clone(),
        errors: problem
            .fields
            .iter()
            .map(|(field, text)| FieldProblem { field: field.clone(), detail: say(text) })
            .collect(),
    };
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// A JSON body; anything unreadable becomes a problem that says where.
pub struct Json<T>(pub T);

impl<T: serde::de::DeserializeOwned, S: Send + Sync> axum::extract::FromRequest<S> for Json<T> {
    type Rejection = Fail;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Json<T>, Fail> {
        let body = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::new(ProblemKind::TooLarge, "web.too_large", texts::too_large()))?;
        serde_json::from_slice(&body).map(Json).map_err(|error| {
            Problem::new(
                ProblemKind::Invalid,
                "api.body",
                texts::bad_body(error.line(), error.column(), &error.to_string()),
            )
            .into()
        })
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// A query; anything unreadable becomes a problem.
pub struct Query<T>(pub T);

impl<T: serde::de::DeserializeOwned, S: Send + Sync> axum::extract::FromRequestParts<S> for Query<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Query<T>, Fail> {
        serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).map(Query).map_err(|error| {
            Problem::new(ProblemKind::Invalid, "web.query", texts::bad_query(&error.to_string())).into()
        })
    }
}

/// A part of the path, such as an id; one that cannot be read names nothing that exists.
pub struct Path<T>(pub T);

impl<T: serde::de::DeserializeOwned + Send, S: Send + Sync> axum::extract::FromRequestParts<S> for Path<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> Result<Path<T>, Fail> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Path(value)).map_err(|_| Problem::not_found().into())
    }
}

/// Completes the collected operations: the title, the token, and the problems that every operation can answer.
pub(crate) fn complete(mut document: openapi::OpenApi) -> openapi::OpenApi {
    document.info = openapi::InfoBuilder::new()
        .title("Lianbing")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The loop of a contact centre: conversations, behaviours, gaps. Send a token as `Authorization: Bearer …`."))
        .build();
    let components = document.components.get_or_insert_with(openapi::Components::new);
    components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let problem = <ProblemBody as utoipa::PartialSchema>::schema();
    components.schemas.insert("Problem".to_owned(), problem);
    components.schemas.insert("FieldProblem".to_owned(), <FieldProblem as utoipa::PartialSchema>::schema());
    document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    let answer = |what: &str| {
        let content =
            openapi::ContentBuilder::new().schema(Some(openapi::Ref::from_schema_name("Problem"))).build();
        openapi::ResponseBuilder::new().description(what).content("application/problem+json", content).build()
    };
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let always = [
                ("400", "The request cannot be understood."),
                ("401", "No token, or one that does not allow this."),
                ("404", "It does not exist, or the token may not see it."),
                ("413", "The body is too large."),
                ("422", "The request breaks a rule; the detail says which."),
                ("429", "Too many requests; wait."),
                ("503", "Not now; try again."),
            ];
            for (status, what) in always {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| answer(what).into());
            }
        }
    }
    document
}
