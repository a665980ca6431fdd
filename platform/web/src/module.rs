//! What a context brings to the server.

use std::sync::Arc;

use futures::future::BoxFuture;
use identity::PermissionDef;
use ui::{NavEntry, TodayItem};

use crate::{Fail, Reader, Routes};

/// Everything that a context adds to the running product. `app` holds the list of modules.
pub struct Module {
    /// The context's name.
    pub name: &'static str,
    /// Its permissions with their default roles.
    pub permissions: &'static [PermissionDef],
    /// Its pages and API operations.
    pub routes: Routes<()>,
    /// Its entries in the navigation.
    pub nav: Vec<NavEntry>,
    /// What it adds to everybody's “today” page.
    pub today: Vec<Arc<dyn TodaySource>>,
}

/// Says what waits for a reader.
pub trait TodaySource: Send + Sync {
    /// What waits, in any order; empty for somebody whom it does not concern.
    fn items<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<TodayItem>, Fail>>;

    /// Figures for the top of the page; none by default.
    fn figures<'a>(&'a self, _reader: &'a Reader) -> BoxFuture<'a, Result<Vec<ui::Panel>, Fail>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
