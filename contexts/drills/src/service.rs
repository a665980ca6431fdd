//! The service: what pages, the API, jobs and other contexts use. What it can do stands with the noun it does it to:
//! `topic/service.rs`, `scenario/service.rs`, `practice/service.rs`.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use behaviours::api::Behaviours;
use inspection::RuleSet;
use kernel::Day;
use lru::LruCache;
use people::api::People;
use store::Db;

use crate::{
    practice::{Ground, Playing, RehearsalId},
    problem::Result,
};

/// Rehearsals held in memory: five times the people who practise at once in a large centre. One that is pushed out is
/// built anew from its turns.
const HELD: NonZeroUsize = NonZeroUsize::new(1_000).expect("not zero");
/// Compiled scenarios held: those of a centre in two languages, and some versions of them.
const GROUNDS: NonZeroUsize = NonZeroUsize::new(100).expect("not zero");

/// Compiled rules held: the live ones, and those that rehearsals still in progress began with.
const RULE_SETS: NonZeroUsize = NonZeroUsize::new(4).expect("not zero");

type Held = Arc<tokio::sync::Mutex<Playing>>;
type Grounds = LruCache<(String, String), Arc<Ground>>;
type RuleSets = LruCache<String, Arc<RuleSet>>;

/// Drills. Cheap to clone.
#[derive(Clone)]
pub struct Drills {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    people: People,
    behaviours: Behaviours,
    held: Mutex<LruCache<RehearsalId, Held>>,
    grounds: Mutex<Grounds>,
    rule_sets: Mutex<RuleSets>,
    /// Held by whoever compiles a scenario.
    compiling: tokio::sync::Mutex<()>,
}

impl Drills {
    /// Over a database, the people who are drilled, and the behaviours they are drilled on.
    pub fn new(db: Db, people: People, behaviours: Behaviours) -> Drills {
        let (held, grounds) = (Mutex::new(LruCache::new(HELD)), Mutex::new(LruCache::new(GROUNDS)));
        let rule_sets = Mutex::new(LruCache::new(RULE_SETS));
        let compiling = tokio::sync::Mutex::new(());
        Drills { inner: Arc::new(Inner { db, people, behaviours, held, grounds, rule_sets, compiling }) }
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

    /// Today at the organisation's own clock.
    ///
    /// # Errors
    /// The people context's.
    pub async fn today(&self) -> Result<Day> {
        Ok(self.people().today().await?)
    }

    /// A rehearsal that is held in memory.
    pub(crate) fn held(&self, id: RehearsalId) -> Option<Held> {
        self.inner.held.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Holds a rehearsal in memory.
    pub(crate) fn hold(&self, id: RehearsalId, playing: Playing) -> Held {
        let held = Arc::new(tokio::sync::Mutex::new(playing));
        self.inner.held.lock().unwrap_or_else(PoisonError::into_inner).put(id, held.clone());
        held
    }

    /// Lets go of a rehearsal: the next who asks builds it anew.
    pub(crate) fn forget(&self, id: RehearsalId) {
        self.inner.held.lock().unwrap_or_else(PoisonError::into_inner).pop(&id);
    }

    /// The compiled scenarios.
    pub(crate) fn grounds(&self) -> &Mutex<Grounds> {
        &self.inner.grounds
    }

    /// Whose turn it is to compile a scenario.
    pub(crate) fn compiling(&self) -> &tokio::sync::Mutex<()> {
        &self.inner.compiling
    }

    /// The compiled rules, by the digests of their texts.
    pub(crate) fn rule_sets(&self) -> &Mutex<RuleSets> {
        &self.inner.rule_sets
    }
}
