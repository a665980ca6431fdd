//! What this context tells those above it.

use serde::{Deserialize, Serialize};

use crate::ids::{BatchId, ConversationId};

/// Conversations were added or replaced. Version 1: [`ConversationsImported`].
pub const CONVERSATIONS_IMPORTED: &str = "conversations.imported";

/// The payload of [`CONVERSATIONS_IMPORTED`]: those of one transaction, at most a thousand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationsImported {
    /// The import.
    pub batch: BatchId,
    /// The conversations that are new or have new content.
    pub ids: Vec<ConversationId>,
}
