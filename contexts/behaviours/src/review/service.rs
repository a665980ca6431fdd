//! Reading and keeping reviews.

use std::collections::BTreeMap;

use audit::By;
use conversations::api::{Conversation, ConversationId};
use kernel::AccountId;

use super::{
    Tally,
    store::{self as rows, Word},
};
use crate::{Behaviours, behaviour::BehaviourId, problem::RuleError};

impl Behaviours {
    /// The reviews of each behaviour's versions.
    ///
    /// # Errors
    /// The store's.
    pub async fn tallies(&self) -> store::Result<BTreeMap<(BehaviourId, i64), Tally>> {
        rows::tallies(self.db()).await
    }

    /// What one reviewer said of a conversation: by behaviour and version, whether right.
    pub(crate) async fn own_reviews(
        &self,
        conversation: ConversationId,
        reviewer: AccountId,
    ) -> store::Result<BTreeMap<(BehaviourId, i64), bool>> {
        rows::own(self.db(), conversation, reviewer).await
    }

    /// Keeps what a reviewer says of a finding; a second word on the same finding replaces the first.
    ///
    /// # Errors
    /// [`RuleError::Unknown`] when the behaviour is not live or the conversation was not inspected, or the store's.
    pub async fn review(
        &self,
        by: &By,
        reviewer: AccountId,
        name: &str,
        conversation: &Conversation,
        right: bool,
    ) -> Result<(), RuleError> {
        let unknown = || RuleError::Unknown(name.to_owned());
        let set = self.live().await?;
        let live = set.behaviours.values().find(|live| live.name == name).ok_or_else(unknown)?;
        let stored = self.observed(vec![conversation.row.id]).await?.pop().ok_or_else(unknown)?.1;
        let place = set.place(live.id);
        let seen = stored.seen.iter().find(|seen| Some(seen.member) == place && stored.rule_set == set.n);
        let word = Word {
            live,
            conversation: conversation.row.id,
            applicable: seen.is_some(),
            shown: seen.is_some_and(|seen| seen.shown),
            right,
            reviewer,
        };
        let mut tx = self.db().write(by, "behaviours.finding_reviewed").await?;
        tx.object("behaviour", live.id);
        tx.object("conversation", conversation.row.id);
        rows::keep(&tx, &word).await?;
        Ok(tx.commit().await?)
    }
}
