//! What the server itself needs to answer.

use std::{net::IpAddr, sync::Arc};

use identity::Identity;
use kernel::{Env, PersonId, UnitId};
use messages::Text;
use store::Db;
use ui::NavEntry;

use crate::{Module, RouteInfo, TodaySource};

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address people type, such as `https://lianbing.example.com`; cookies are marked secure when it is https.
    pub public_address: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether this is the demo centre, where one may enter with one click.
    pub demo: bool,
    /// Whom one may enter the demo centre as.
    pub demo_entries: Vec<DemoEntry>,
    /// The names of units and people, for the pages about accounts.
    pub places: PlacesRef,
}

/// Names of units and people. Whoever knows the organisation supplies them; the server only shows them.
pub trait Places: Send + Sync {
    /// The units that a grant may name, with the names to show, in the order to show them.
    fn units(&self) -> Vec<(UnitId, Text)>;

    /// The name of a person; `None` for an unknown one.
    fn person_name(&self, person: PersonId) -> Option<String>;

    /// The person with this employee number, or the only one with this name.
    fn person_called(&self, words: &str) -> Option<PersonId>;
}

/// Whoever names units and people; by default nobody, and ids are shown.
#[derive(Clone)]
pub struct PlacesRef(Arc<dyn Places>);

impl PlacesRef {
    /// Names come from here.
    pub fn new(places: impl Places + 'static) -> PlacesRef {
        PlacesRef(Arc::new(places))
    }
}

impl std::ops::Deref for PlacesRef {
    type Target = dyn Places;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl Default for PlacesRef {
    fn default() -> PlacesRef {
        PlacesRef::new(NoPlaces)
    }
}

impl std::fmt::Debug for PlacesRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlacesRef")
    }
}

struct NoPlaces;

impl Places for NoPlaces {
    fn units(&self) -> Vec<(UnitId, Text)> {
        Vec::new()
    }

    fn person_name(&self, _: PersonId) -> Option<String> {
        None
    }

    fn person_called(&self, _words: &str) -> Option<PersonId> {
        None
    }
}

/// Somebody one may enter the demo centre as.
#[derive(Debug, Clone)]
pub struct DemoEntry {
    /// Their account.
    pub account: kernel::AccountId,
    /// Their role.
    pub title: messages::Text,
    /// Their name.
    pub name: String,
}

impl Settings {
    /// Whether people reach the server through TLS.
    pub fn is_https(&self) -> bool {
        self.public_address.as_deref().is_some_and(|address| address.starts_with("https://"))
    }
}

/// The running platform. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    env: Env,
    identity: Identity,
    settings: Settings,
    nav: Vec<NavEntry>,
    today: Vec<Arc<dyn TodaySource>>,
    routes: Vec<RouteInfo>,
}

impl Platform {
    pub(crate) fn new(
        db: Db,
        identity: Identity,
        settings: Settings,
        modules: &[Module],
        routes: Vec<RouteInfo>,
    ) -> Platform {
        let mut nav: Vec<NavEntry> = modules.iter().flat_map(|module| module.nav.iter().cloned()).collect();
        nav.push(crate::today::nav());
        nav.extend(crate::admin::nav());
        nav.sort_by_key(|entry| (entry.group, entry.order));
        let today = modules.iter().flat_map(|module| module.today.iter().cloned()).collect();
        let env = db.env().clone();
        Platform { inner: Arc::new(Inner { db, env, identity, settings, nav, today, routes }) }
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The clock and randomness.
    pub fn env(&self) -> &Env {
        &self.inner.env
    }

    /// Accounts, login sessions, roles.
    pub fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    /// How the server is reached.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// All entries of the navigation, in order.
    pub(crate) fn nav(&self) -> &[NavEntry] {
        &self.inner.nav
    }

    /// What fills the “today” page.
    pub(crate) fn today(&self) -> &[Arc<dyn TodaySource>] {
        &self.inner.today
    }

    /// Every route of the running server.
    pub fn routes(&self) -> &[RouteInfo] {
        &self.inner.routes
    }
}
