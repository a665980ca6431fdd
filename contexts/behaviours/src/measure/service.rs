//! Freezing a measure, and counting by it.

use std::sync::Arc;

use conversations::api::{ConversationFilter, ConversationId, ListRequest};
use jobs::{Job as _, JobFilter, JobState};
use kernel::Scope;

use super::{
    Frozen, FrozenSource, Measured, MeasuredBy, PersonWeek, freeze, from_delta, from_sums, rule_set, sources,
};
use crate::{
    Behaviours,
    behaviour::{self, BehaviourId, Live},
    inspect::jobs::{BATCH, Reinspect, scope},
    observation::rollup::Delta,
    problem::RuleError,
    rule_set::store as sets,
    uptake::{By, Slice, Window, store as rows},
};

/// Conversations read again for one measure whose rule has changed, the newest first: a year of a middling centre.
/// With more, the measure says that it cannot be taken.
const RECOUNTED_MAX: u64 = 2_000_000;
/// Conversations asked for at once.
const PAGE: usize = 2_000;

impl Behaviours {
    /// Freezes the live rule of a behaviour.
    ///
    /// # Errors
    /// [`RuleError::Unknown`] for a behaviour that is not live; the store's.
    pub async fn freeze(&self, behaviour: BehaviourId) -> Result<Frozen, RuleError> {
        self.frozen_now(behaviour).await?.ok_or_else(|| RuleError::Unknown(behaviour.to_string()))
    }

    async fn frozen_now(&self, behaviour: BehaviourId) -> Result<Option<Frozen>, RuleError> {
        let live: Vec<Live> = behaviour::store::live(self.db()).await?;
        let libraries = sets::libraries(self.db()).await?;
        let wanted = live.iter().find(|one| one.id == behaviour);
        Ok(wanted.map(|wanted| freeze(&libraries, &live, wanted)))
    }

    /// The texts of all live rules and of the lists they share: what it takes to judge by them elsewhere, and to judge by
    /// them again when others are live.
    ///
    /// # Errors
    /// The store's.
    pub async fn live_sources(&self) -> store::Result<Vec<FrozenSource>> {
        let libraries = sets::libraries(self.db()).await?;
        let live = behaviour::store::live(self.db()).await?;
        Ok(sources(&libraries, &live))
    }

    /// What everybody did in the weeks of a window, by the rule as it was frozen: from the roll-up while the rule is
    /// live unchanged, else by reading the conversations again.
    ///
    /// # Errors
    /// [`RuleError::Reinspecting`] while a new rule set is still going over the conversations, so that weeks judged by
    /// two rules are never compared; [`RuleError::Wrong`] for a text of then that cannot be compiled any more;
    /// [`RuleError::TooMany`]; the store's.
    pub async fn counts_by_person_and_week(
        &self,
        frozen: &Frozen,
        window: Window,
    ) -> Result<Measured, RuleError> {
        let now = self.frozen_now(frozen.behaviour).await?;
        if now.is_some_and(|now| now.digest == frozen.digest) {
            if self.is_reinspecting().await? {
                return Err(RuleError::Reinspecting);
            }
            let slice =
                Slice { behaviour: Some(frozen.behaviour), ..Slice::new(Scope::everything(), window) };
            let sums = rows::weekly(self.db(), &slice, By::Person).await?;
            return Ok(Measured { counts: from_sums(&sums), by: MeasuredBy::LiveRule });
        }
        let question = format!("{} {} {window:?}", frozen.behaviour, frozen.digest);
        let recounted =
            self.inner.recounted.get(self.db(), question, self.recount_by(frozen, window)).await?;
        let (counts, conversations) = (recounted.0.clone(), recounted.1);
        Ok(Measured { counts, by: MeasuredBy::FrozenRule { conversations } })
    }

    /// Whether a new rule set is still going over what was inspected with an older one.
    async fn is_reinspecting(&self) -> store::Result<bool> {
        let filter = JobFilter {
            kind: Some(Reinspect::KIND.to_owned()),
            states: vec![JobState::Queued, JobState::Running],
            limit: 1,
            ..JobFilter::default()
        };
        Ok(!jobs::list(self.db(), &filter).await?.is_empty())
    }

    /// Reads the conversations of a window again by a frozen rule; also how many they were.
    async fn recount_by(&self, frozen: &Frozen, window: Window) -> Result<(Vec<PersonWeek>, u64), RuleError> {
        let set = Arc::new(rule_set(frozen).map_err(RuleError::Wrong)?);
        let lookup = self.people().lookup().await?;
        // A wider net than the weeks: the day of a site may differ from the centre's by one.
        let filter = ConversationFilter {
            from: Some(window.from.week().plus(-1)),
            to: Some(window.to.week().plus(7)),
            ..ConversationFilter::default()
        };
        let mut request = ListRequest { filter, limit: PAGE, ..ListRequest::default() };
        let (mut delta, mut conversations) = (Delta::default(), 0);
        loop {
            let places = self
                .conversations()
                .places(&scope(), &request)
                .await
                .map_err(|fail| RuleError::Listing(Box::new(fail.0)))?;
            let ids: Vec<ConversationId> = places.iter().map(|(_, id)| *id).collect();
            for some in ids.chunks(BATCH) {
                let stored = self.conversations().read_stored(&scope(), some).await?;
                for one in crate::inspect::inspect_all(set.clone(), lookup.clone(), stored).await {
                    delta.take(1, one.day, one.queue, &one.seen, &set.members);
                }
            }
            conversations += places.len() as u64;
            if conversations > RECOUNTED_MAX {
                return Err(RuleError::TooMany(RECOUNTED_MAX));
            }
            request.after = places.last().copied();
            if places.len() < PAGE {
                return Ok((from_delta(&delta, window), conversations));
            }
        }
    }
}
