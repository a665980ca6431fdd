//! The service: one database, and a copy of the directory in memory that follows every change.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use ::store::{Ask, Db, Sql, Tx, sql};
use audit::By;
use kernel::{BusinessDay, Day, Directory, UnitId};

use crate::error::{Conflict, PeopleError, Result, Stored};
use crate::lookup::Lookup;
use crate::unit::{Unit, UnitKind, store as unit_store};

/// The code of the organisation: one installation is one organisation.
const ORGANISATION_CODE: &str = "organisation";
/// What the organisation is called until somebody renames it.
const ORGANISATION_NAME: &str = "客户服务中心";

/// People, units, queues, lines of business and skills. Cheap to clone.
#[derive(Clone)]
pub struct People {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    lookup: RwLock<Arc<Lookup>>,
}

impl People {
    /// Opens the context on a migrated database. The organisation is made if there is none yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(db: &Db) -> Result<People> {
        let people = People {
            inner: Arc::new(Inner { db: db.clone(), lookup: RwLock::new(Arc::new(Lookup::default())) }),
        };
        if people.refresh().await?.organisation().is_none() {
            people.add_organisation().await?;
        }
        Ok(people)
    }

    async fn add_organisation(&self) -> Result<()> {
        let mut tx = self.begin(&By::SYSTEM, "people.organisation_added").await?;
        let organisation = Unit {
            id: tx.env().id(),
            parent: None,
            kind: UnitKind::Organisation,
            code: ORGANISATION_CODE.to_owned(),
            name: ORGANISATION_NAME.to_owned(),
            zone: Some(BusinessDay::DEFAULT_ZONE.to_owned()),
            closed_from: None,
            version: 1,
        };
        tx.object("unit", organisation.id);
        // Another server that starts on the same database may have been first.
        if unit_store::insert(&tx, &organisation).await? {
            return self.finish(tx).await;
        }
        drop(tx);
        self.refresh().await.map(drop)
    }

    /// Who is below whom, for the platform. Answers from memory, as of the last change or look-up here.
    pub fn directory(&self) -> Arc<dyn Directory> {
        Arc::new(Tree(self.clone()))
    }

    /// Everybody and everything by id, number and name, as of now: one small query, and a reading of the
    /// tables when somebody, here or on another server, has changed them since.
    ///
    /// # Errors
    /// The store's.
    pub async fn lookup(&self) -> Result<Arc<Lookup>> {
        let held = self.held();
        let revision = self.db().count(sql!("SELECT n FROM people_revision WHERE id = 1")).await?;
        if held.revision() == revision { Ok(held) } else { self.refresh().await }
    }

    /// Reads the tables again; [`People::lookup`] does so by itself when it must.
    ///
    /// # Errors
    /// The store's.
    pub async fn refresh(&self) -> Result<Arc<Lookup>> {
        let read = Arc::new(Lookup::read(self.db()).await?);
        let mut held = self.inner.lookup.write().unwrap_or_else(PoisonError::into_inner);
        // Two readings may overtake each other: the older never replaces the newer.
        if held.revision() <= read.revision() {
            *held = read;
        }
        Ok(held.clone())
    }

    /// The day it is now, in the organisation's zone: lists of people are as of this day.
    ///
    /// # Errors
    /// The store's.
    pub async fn today(&self) -> Result<Day> {
        Ok(self.lookup().await?.organisation_day().of(self.db().env().now()))
    }

    /// Everybody and everything as this process last read it: at most one request old.
    pub fn held(&self) -> Arc<Lookup> {
        self.inner.lookup.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    /// Begins a change of this context. Raising the revision first makes writers take turns, so that what
    /// the rules read stays true until the end.
    pub(crate) async fn begin(&self, by: &By, action: &'static str) -> Result<Tx> {
        let tx = self.db().write(by, action).await?;
        raise_revision(&tx).await?;
        Ok(tx)
    }

    pub(crate) async fn finish(&self, tx: Tx) -> Result<()> {
        tx.commit().await?;
        self.refresh().await.map(drop)
    }
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("People").field("revision", &self.held().revision()).finish_non_exhaustive()
    }
}

pub(crate) async fn raise_revision(tx: &Tx) -> ::store::Result<()> {
    tx.exec(sql!("UPDATE people_revision SET n = n + 1 WHERE id = 1")).await?;
    Ok(())
}

/// Who changes a row and when: the last two values of every row that people edit.
pub(crate) fn stamp(tx: &Tx) -> Sql {
    sql!("{}, {}", tx.env().now(), tx.by().account)
}

/// The error of an edit that came second, with what is stored now, who stored it and when.
pub(crate) async fn conflict(ask: &impl Ask, stored: Stored) -> PeopleError {
    let question = match &stored {
        Stored::Unit(unit) => sql!("SELECT changed_at, changed_by FROM unit WHERE id = {}", unit.id),
        Stored::Person(person) => sql!("SELECT changed_at, changed_by FROM person WHERE id = {}", person.id),
        Stored::Queue(queue) => sql!("SELECT changed_at, changed_by FROM queue WHERE id = {}", queue.id),
        Stored::LineOfBusiness(line) => {
            sql!("SELECT changed_at, changed_by FROM line_of_business WHERE id = {}", line.id)
        }
        Stored::Skill(skill) => sql!("SELECT changed_at, changed_by FROM skill WHERE id = {}", skill.id),
    };
    match ask.first(question, |row| Ok((row.time("changed_at")?, row.maybe_id("changed_by")?))).await {
        Ok(Some((at, by))) => PeopleError::Conflict(Box::new(Conflict { stored, at, by })),
        Ok(None) => PeopleError::NotFound,
        Err(error) => error.into(),
    }
}

struct Tree(People);

impl Directory for Tree {
    fn with_below(&self, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId> {
        self.0.held().with_below(units)
    }
}
