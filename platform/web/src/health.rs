//! What a supervisor asks: is it alive, can it work, how does it do.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use store::{Ask, sql};

use crate::{Platform, Policy, Routes};

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// `/healthz`, `/readyz`, `/metrics`.
pub(crate) fn routes() -> Routes<Platform> {
    // One recorder for the process: tests run many servers in one.
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().ok());
    Routes::new().get("/healthz", Policy::Public, alive).get("/readyz", Policy::Public, ready).get(
        "/metrics",
        Policy::Loopback,
        figures,
    )
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State(platform): State<Platform>) -> Response {
    match platform.db().count(sql!("SELECT COUNT(*) FROM migration")).await {
        Ok(n) if n > 0 => "ready\n".into_response(),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8; state=unready")],
            "the database does not answer\n",
        )
            .into_response(),
    }
}

async fn figures() -> String {
    METRICS.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}
