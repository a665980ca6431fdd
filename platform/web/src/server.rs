//! Puts the modules together and serves them.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use identity::Identity;
use store::Db;
use tokio::{net::TcpListener, sync::watch};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    csrf::CsrfLayer,
    timeout::TimeoutLayer,
};

use crate::{
    Module, Platform, Policy, RouteInfo, Routes, Settings, account, admin, assets, health, idempotency,
    layers, today,
};

/// A form or a JSON body, unless the route says otherwise.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The longest a request may take; long work is a job.
const REQUEST_MAX: Duration = Duration::from_mins(2);
/// How long open requests may finish after a stop was asked for.
const STOP_GRACE: Duration = Duration::from_secs(15);

/// The router, the platform behind it, and the OpenAPI document.
pub type Served = (Router, Platform, utoipa::openapi::OpenApi);

/// Puts everything together that the server serves.
///
/// # Errors
/// When the public address cannot be used as an origin.
pub fn router(
    db: Db,
    identity: Identity,
    settings: Settings,
    modules: Vec<Module>,
) -> Result<Served, String> {
    let mut infos: Vec<RouteInfo> =
        modules.iter().flat_map(|module| module.routes.infos().to_vec()).collect();
    let document = Arc::new(OnceLock::<Arc<str>>::new());
    let own = health::routes()
        .merge(description(document.clone()))
        .merge(assets::routes())
        .merge(account::routes())
        .merge(today::routes())
        .merge(admin::routes());
    infos.extend(own.infos().to_vec());
    let platform = Platform::new(db, identity, settings, &modules, infos);
    let routes =
        modules.into_iter().fold(own.with_state(platform.clone()), |all, module| all.merge(module.routes));
    let (router, openapi, _) = routes.into_parts();
    let openapi = crate::api::complete(openapi);
    // Set once, before anybody can ask for it.
    let _ = document.set(openapi.to_pretty_json().unwrap_or_default().into());
    let csrf = match &platform.settings().public_address {
        Some(address) => CsrfLayer::new()
            .add_trusted_origin(address.trim_end_matches('/'))
            .map_err(|error| error.to_string())?,
        None => CsrfLayer::new(),
    };
    let router = router
        .layer(middleware::from_fn(idempotency::once))
        .layer(csrf)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(http::StatusCode::REQUEST_TIMEOUT, REQUEST_MAX))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(middleware::from_fn_with_state(platform.clone(), layers::around))
        .layer(
            CompressionLayer::new()
                .br(true)
                .gzip(true)
                .quality(tower_http::CompressionLevel::Precise(4))
                .compress_when(
                    SizeAbove::new(1024).and(NotForContentType::IMAGES).and(NotForContentType::SSE),
                ),
        );
    Ok((router, platform, openapi))
}

/// The description of the API. It is the same in every installation of a version, and tools read it before they
/// have a token: public.
fn description(document: Arc<OnceLock<Arc<str>>>) -> Routes<Platform> {
    Routes::new().get("/api/v1/openapi.json", Policy::Public, move || {
        let document = document.get().map(ToString::to_string).unwrap_or_default();
        async move { ([(http::header::CONTENT_TYPE, "application/json")], document) }
    })
}

/// Serves until `stop` turns true; open requests may finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut asked = stop.clone();
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            let _ = asked.wait_for(|stop| *stop).await;
        });
    let overdue = async move {
        let _ = stop.wait_for(|stop| *stop).await;
        tokio::time::sleep(STOP_GRACE).await;
    };
    tokio::select! {
        result = server => result,
        () = overdue => Ok(()),
    }
}
