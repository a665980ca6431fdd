//! Styles and scripts: named by their content, so a browser asks for each only once.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};

use crate::{Answer, Policy, Routes, api::Path};
use messages::Problem;

/// `/assets/NAME`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Routes<S> {
    Routes::new().get("/assets/{name}", Policy::Public, asset)
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Answer {
    let asset = ui::assets::get(&name).ok_or_else(Problem::not_found)?;
    let takes_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("br"));
    let mut response: Response = match asset.brotli.filter(|_| takes_brotli) {
        Some(brotli) => ([(header::CONTENT_ENCODING, "br")], brotli).into_response(),
        None => asset.bytes.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}
