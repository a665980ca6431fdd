//! Whether what is stored agrees with itself: asked by `lianbing verify`.

use store::{Ask, sql};

use crate::{
    conversation::store::{RollUpDifference, check_roll_up},
    search::indexing::IndexingError,
    service::Conversations,
};

/// What a look at everything stored found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationsCheck {
    /// Conversations.
    pub conversations: i64,
    /// Of these, without their words.
    pub without_words: i64,
    /// Where the roll-up by day differs from a recount; empty when it holds.
    pub roll_up: Vec<RollUpDifference>,
    /// Conversations that the search index holds.
    pub findable: u64,
    /// Pieces of indexing still to be done, at most 200.
    pub indexing_waiting: usize,
}

impl Conversations {
    /// Counts everything again. Reads all rows: minutes on tens of millions.
    ///
    /// # Errors
    /// The store's, or a search index that cannot be opened.
    pub async fn check(&self) -> Result<ConversationsCheck, IndexingError> {
        let without_words = sql!(
            "SELECT COUNT(*) FROM conversation c WHERE NOT EXISTS (SELECT 1 FROM conversation_document d WHERE d.conversation = c.id)"
        );
        Ok(ConversationsCheck {
            conversations: self.total().await?,
            without_words: self.db().count(without_words).await?,
            roll_up: check_roll_up(self.db()).await?,
            findable: self.search_index().await?.len(),
            indexing_waiting: self.search_waiting().await?,
        })
    }
}
