//! Whether what is stored agrees with itself: asked by `lianbing verify`.

use crate::{
    Behaviours,
    observation::store::{self as observations, recount},
};

/// Conversations asked for at once: each is a value of one statement.
const PAGE: usize = 500;

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
        let (mut conversations, mut looked_at) = (0, 0);
        let mut after = None;
        loop {
            let ids = self.conversations().ids_after(after, PAGE).await?;
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            conversations += i64::try_from(ids.len()).unwrap_or(i64::MAX);
            looked_at += observations::count_of(self.db(), &ids).await?;
        }
        let inspected = observations::count(self.db()).await?;
        Ok(BehavioursCheck {
            inspected,
            not_inspected: conversations - looked_at,
            orphans: inspected - looked_at,
            wrong_cells: recount(self.db()).await?.len(),
        })
    }
}
