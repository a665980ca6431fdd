//! Maps and trends.

use std::sync::Arc;

use conversations::api::ConversationId;

use super::{By, Slice, Sum, UptakeMap, Window, map, store as rows};
use crate::{
    Behaviours,
    behaviour::{BehaviourId, Live},
    fresh::Fresh,
    problem::RuleError,
};

impl Behaviours {
    /// Weekly sums for a map or a trend.
    ///
    /// # Errors
    /// The store's.
    pub async fn weekly(&self, slice: &Slice, by: By) -> store::Result<Vec<Sum>> {
        rows::weekly(self.db(), slice, by).await
    }

    /// People, teams or queues × live behaviours. Kept while nothing changes, see [`Fresh`].
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn uptake_map(&self, slice: &Slice, by: By) -> Result<Arc<UptakeMap>, RuleError> {
        let set = self.live().await?;
        let question = format!("{} {by:?} {slice:?}", set.n);
        let make = async {
            let sums = rows::weekly(self.db(), slice, by).await?;
            let mut live: Vec<&Live> = set.behaviours.values().collect();
            live.sort_by(|a, b| a.name.cmp(&b.name));
            let live: Vec<BehaviourId> = live.into_iter().map(|live| live.id).collect();
            Ok(map(&live, by, &sums, slice.window))
        };
        self.inner.maps.get(self.db(), question, make).await
    }

    /// Keeps the conversations behind figures, see [`Fresh`].
    pub(crate) fn behind(&self) -> &Fresh<Vec<ConversationId>> {
        &self.inner.behind
    }

    /// The trailing weeks before today.
    ///
    /// # Errors
    /// The people context's.
    pub async fn trailing(&self, weeks: u16) -> Result<Window, RuleError> {
        Ok(Window::trailing_weeks(self.today().await?, weeks))
    }
}
