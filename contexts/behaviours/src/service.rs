//! The service: what pages, the API, jobs, the command line and other contexts use. What it can do stands with
//! the noun it does it to: `behaviour/service.rs`, `inspect/service.rs`, `uptake/service.rs` …

use std::sync::{Arc, PoisonError, RwLock};

use conversations::api::{ConversationId, Conversations};
use kernel::Day;
use people::api::People;
use store::Db;

use crate::{
    behaviour::ExamplesPassing,
    fresh::Fresh,
    gap::{Gap, GapAction},
    measure::PersonWeek,
    problem::RuleError,
    rule_set::LiveSet,
    uptake::UptakeMap,
};

/// Behaviours. Cheap to clone.
#[derive(Clone)]
pub struct Behaviours {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    db: Db,
    people: People,
    conversations: Conversations,
    /// The live rule set, once it is compiled.
    pub(crate) live: RwLock<Option<Arc<LiveSet>>>,
    pub(crate) maps: Fresh<UptakeMap>,
    pub(crate) gaps: Fresh<Vec<Gap>>,
    pub(crate) totals: Fresh<i64>,
    pub(crate) behind: Fresh<Vec<ConversationId>>,
    /// What people did by rules that are live no more, and how many conversations were read for it.
    pub(crate) recounted: Fresh<(Vec<PersonWeek>, u64)>,
    gap_actions: RwLock<Vec<Arc<dyn GapAction>>>,
    /// How many examples of each behaviour pass, by the rule set they were checked with.
    pub(crate) examples: RwLock<Option<(i64, Arc<ExamplesPassing>)>>,
}

impl Behaviours {
    /// Over a database, the people and the conversations.
    pub fn new(db: Db, people: People, conversations: Conversations) -> Behaviours {
        let inner = Inner {
            db,
            people,
            conversations,
            live: RwLock::new(None),
            maps: Fresh::default(),
            gaps: Fresh::default(),
            totals: Fresh::default(),
            behind: Fresh::default(),
            recounted: Fresh::default(),
            gap_actions: RwLock::default(),
            examples: RwLock::new(None),
        };
        Behaviours { inner: Arc::new(inner) }
    }

    /// The database.
    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The people context.
    pub fn people(&self) -> &People {
        &self.inner.people
    }

    /// The conversations context.
    pub fn conversations(&self) -> &Conversations {
        &self.inner.conversations
    }

    /// Offers something to do about a gap in the list of gaps; called once for each context at the start.
    pub fn add_gap_action(&self, action: Arc<dyn GapAction>) {
        self.inner.gap_actions.write().unwrap_or_else(PoisonError::into_inner).push(action);
    }

    /// What contexts above offer to do about gaps.
    pub(crate) fn gap_actions(&self) -> Vec<Arc<dyn GapAction>> {
        self.inner.gap_actions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Today at the organisation's own clock.
    ///
    /// # Errors
    /// The people context's.
    pub async fn today(&self) -> Result<Day, RuleError> {
        Ok(self.people().lookup().await?.organisation_day().of(self.db().env().now()))
    }
}
