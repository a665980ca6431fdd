//! What other contexts may use of this one.

pub use crate::{
    conversation::{
        document::{Document, Turn},
        rules::{Direction, Role},
        store::{RollUpDifference, Saved},
    },
    events::{CONVERSATIONS_IMPORTED, ConversationsImported},
    ids::{BatchId, ConversationId},
    import::{
        batch::{Batch, BatchKind, BatchState, Counts, ImportOptions, RejectedRow},
        rules::Defaults,
        service::{ImportError, ImportRequest, IntakeAnswer},
        source::Format,
    },
    service::Conversations,
};
