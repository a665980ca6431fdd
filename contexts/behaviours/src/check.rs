//! Whether what is stored agrees with itself: asked by `lianbing verify`.

use store::{Ask, sql};

use crate::{Behaviours, observation::store::recount};

/// What a look at everything stored found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BehavioursCheck {
    /// Conversations that the rules have looked at.
    pub inspected: i64,
    /// Conversations that they have not.
    pub not_inspected: i64,
    /// Observations of conversations that do not exist.
    pub orphans: i64,
    /// Cells of the roll-up that differ from a recount of the observations.
    pub wrong_cells: usize,
}

impl Behaviours {
    /// Counts everything again. Reads all observations: minutes on tens of millions.
    ///
    /// # Errors
    /// The store's.
    pub async fn check(&self) -> store::Result<BehavioursCheck> {
        let not_inspected = sql!(
            "SELECT COUNT(*) FROM conversation c WHERE NOT EXISTS (SELECT 1 FROM observation o WHERE o.conversation = c.id)"
        );
        let orphans = sql!(
            "SELECT COUNT(*) FROM observation o WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = o.conversation)"
        );
        Ok(BehavioursCheck {
            inspected: self.db().count(sql!("SELECT COUNT(*) FROM observation")).await?,
            not_inspected: self.db().count(not_inspected).await?,
            orphans: self.db().count(orphans).await?,
            wrong_cells: recount(self.db()).await?.len(),
        })
    }
}
