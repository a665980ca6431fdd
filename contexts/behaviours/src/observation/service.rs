//! What was seen, for pages and jobs.

use conversations::api::ConversationId;

use super::store::{self as rows, Stored};
use crate::Behaviours;

impl Behaviours {
    /// What is stored of conversations; those not inspected yet are left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn observed(&self, ids: Vec<ConversationId>) -> store::Result<Vec<(ConversationId, Stored)>> {
        rows::read(self.db(), ids).await
    }

    /// How many conversations were inspected. Kept while nothing changes, see [`crate::fresh::Fresh`].
    ///
    /// # Errors
    /// The store's.
    pub async fn inspected_total(&self) -> store::Result<i64> {
        self.inner.totals.get(self.db(), String::new(), rows::count(self.db())).await.map(|total| *total)
    }

    /// Those of these conversations that a rule set has not looked at, in their order.
    pub(crate) async fn not_yet_inspected(
        &self,
        ids: &[ConversationId],
        rule_set: i64,
    ) -> store::Result<Vec<ConversationId>> {
        let done = rows::seen_with(self.db(), ids, rule_set).await?;
        Ok(ids.iter().filter(|id| !done.contains(id)).copied().collect())
    }
}
