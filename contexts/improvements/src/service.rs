//! The service: what pages, the API, jobs and the command line use. What it can do stands with the noun it does it to:
//! `improvement/service.rs`, `verdict/service.rs`.

use std::sync::Arc;

use behaviours::api::Behaviours;
use drills::api::Drills;
use kernel::Day;
use people::api::People;
use store::Db;

use crate::problem::Result;

/// Improvements. Cheap to clone.
#[derive(Clone)]
pub struct Improvements {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    people: People,
    behaviours: Behaviours,
    drills: Drills,
}

impl Improvements {
    /// Over a database, the people, what they do, and what they practise.
    pub fn new(db: Db, people: People, behaviours: Behaviours, drills: Drills) -> Improvements {
        Improvements { inner: Arc::new(Inner { db, people, behaviours, drills }) }
    }

    /// The database.
    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The people context.
    pub(crate) fn people(&self) -> &People {
        &self.inner.people
    }

    /// The behaviours context.
    pub(crate) fn behaviours(&self) -> &Behaviours {
        &self.inner.behaviours
    }

    /// The drills context.
    pub(crate) fn drills(&self) -> &Drills {
        &self.inner.drills
    }

    /// Today at the organisation's own clock.
    ///
    /// # Errors
    /// The people context's.
    pub async fn today(&self) -> Result<Day> {
        Ok(self.people().today().await?)
    }
}
