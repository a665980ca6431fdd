//! Routes, each with its policy.

use axum::{Router, extract::DefaultBodyLimit, handler::Handler, middleware, routing::MethodRouter};
use http::Method;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::{Policy, guard};

/// What is known of a route: the list that tests walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for its variable parts.
    pub path: String,
    /// Who may take it.
    pub policy: Policy,
}

/// The routes of a context, whose handlers share a service `S`.
pub struct Routes<S = ()> {
    router: OpenApiRouter<S>,
    infos: Vec<RouteInfo>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new() -> Routes<S> {
        Routes { router: OpenApiRouter::new(), infos: Vec::new() }
    }

    /// A page or a file to read.
    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        policy: impl Into<Policy>,
        handler: H,
    ) -> Routes<S> {
        self.add(Method::GET, path, policy.into(), axum::routing::get(handler))
    }

    /// A form that was sent.
    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        policy: impl Into<Policy>,
        handler: H,
    ) -> Routes<S> {
        self.add(Method::POST, path, policy.into(), axum::routing::post(handler))
    }

    /// A form with files, larger than the usual limit.
    #[must_use]
    pub fn upload<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        policy: impl Into<Policy>,
        bytes_max: usize,
        handler: H,
    ) -> Routes<S> {
        let method_router = axum::routing::post(handler).layer(DefaultBodyLimit::max(bytes_max));
        self.add(Method::POST, path, policy.into(), method_router)
    }

    /// Operations of the JSON API, as made by `utoipa_axum::routes!`.
    #[must_use]
    pub fn api(mut self, policy: impl Into<Policy>, operations: UtoipaMethodRouter<S>) -> Routes<S> {
        let policy = policy.into();
        let (schemas, paths, method_router) = operations;
        for (path, item) in &paths.paths {
            let methods = [
                (Method::GET, item.get.is_some()),
                (Method::POST, item.post.is_some()),
                (Method::PUT, item.put.is_some()),
                (Method::PATCH, item.patch.is_some()),
                (Method::DELETE, item.delete.is_some()),
            ];
            let present = methods.into_iter().filter(|(_, present)| *present);
            self.infos.extend(present.map(|(method, _)| RouteInfo { method, path: path.clone(), policy }));
        }
        self.router = self.router.routes((schemas, paths, guarded(method_router, policy)));
        self
    }

    /// An operation of the JSON API whose body may be larger than the usual limit.
    #[must_use]
    pub fn api_upload(
        self,
        policy: impl Into<Policy>,
        bytes_max: usize,
        operations: UtoipaMethodRouter<S>,
    ) -> Routes<S> {
        let (schemas, paths, method_router) = operations;
        self.api(policy, (schemas, paths, method_router.layer(DefaultBodyLimit::max(bytes_max))))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        policy: Policy,
        method_router: MethodRouter<S>,
    ) -> Routes<S> {
        self.infos.push(RouteInfo { method, path: path.to_owned(), policy });
        self.router = self.router.route(path, guarded(method_router, policy));
        self
    }

    /// Gives the handlers their service.
    pub fn with_state(self, service: S) -> Routes<()> {
        Routes { router: self.router.with_state(service), infos: self.infos }
    }

    /// These routes and others.
    #[must_use]
    pub fn merge(mut self, other: Routes<S>) -> Routes<S> {
        self.router = self.router.merge(other.router);
        self.infos.extend(other.infos);
        self
    }

    /// The list of routes.
    pub fn infos(&self) -> &[RouteInfo] {
        &self.infos
    }

    pub(crate) fn into_parts(self) -> (Router<S>, utoipa::openapi::OpenApi, Vec<RouteInfo>) {
        let (router, openapi) = self.router.split_for_parts();
        (router, openapi, self.infos)
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Routes<S> {
        Routes::new()
    }
}

fn guarded<S: Clone + Send + Sync + 'static>(
    method_router: MethodRouter<S>,
    policy: Policy,
) -> MethodRouter<S> {
    method_router.route_layer(middleware::from_fn(move |request, next| guard::enforce(policy, request, next)))
}
