//! The ids of this context, and those it uses of the people context.

kernel::id_type! {
    /// A conversation.
    pub struct ConversationId;
    /// One import.
    pub struct BatchId;
}

pub use people::api::{LineOfBusinessId, QueueId};

store::bind_ids!(ConversationId, BatchId);
