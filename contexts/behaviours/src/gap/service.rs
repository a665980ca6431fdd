//! Gaps and targets: what pages and the API read and set.

use std::sync::Arc;

use audit::By;
use kernel::{Day, Scope, Time};

use super::{Gap, TargetRow, Targets, find, store as rows};
use crate::{Behaviours, behaviour::BehaviourId, problem::RuleError};

impl Behaviours {
    /// The gaps in scope, the largest impact first. Kept while nothing changes, see [`crate::fresh::Fresh`].
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn gaps(&self, scope: &Scope, today: Day) -> Result<Arc<Vec<Gap>>, RuleError> {
        let set = self.live().await?;
        let make = async { Ok(find(self.db(), scope, today, &set.members).await?) };
        self.inner.gaps.get(self.db(), format!("{} {today} {scope:?}", set.n), make).await
    }

    /// The targets in effect on a day.
    ///
    /// # Errors
    /// The store's.
    pub async fn targets(&self, day: Day) -> store::Result<Targets> {
        rows::targets(self.db(), day).await
    }

    /// The centre-wide targets of a behaviour, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn target_history(&self, behaviour: BehaviourId) -> store::Result<Vec<TargetRow>> {
        rows::history(self.db(), behaviour).await
    }

    /// Sets the target of a behaviour from a day on; one already set for that day is replaced.
    ///
    /// # Errors
    /// [`RuleError::Unknown`], or the store's.
    pub async fn set_target(&self, by: &By, name: &str, ratio: f64, from: Day) -> Result<Time, RuleError> {
        let (behaviour, _) = self.behaviour(name).await?;
        let mut tx = self.db().write(by, "behaviours.target_set").await?;
        tx.object("behaviour", behaviour.id);
        crate::fresh::changed(&tx).await?;
        rows::set(&tx, behaviour.id, TargetRow { from_day: from, ratio }).await?;
        let at = tx.env().now();
        tx.commit().await?;
        Ok(at)
    }
}
