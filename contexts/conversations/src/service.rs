//! The service: what pages, the API, jobs, the command line and other contexts use.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use people::api::People;
use store::Db;

/// Conversations. Cheap to clone.
#[derive(Clone)]
pub struct Conversations {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    people: People,
    data: PathBuf,
}

impl Conversations {
    /// Over a database, the people who speak in them, and the folder of data in which uploads and the search
    /// index are kept.
    pub fn new(db: Db, people: People, data: &Path) -> Conversations {
        Conversations { inner: Arc::new(Inner { db, people, data: data.to_owned() }) }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn people(&self) -> &People {
        &self.inner.people
    }

    /// The folder of data.
    pub(crate) fn data(&self) -> &Path {
        &self.inner.data
    }
}
