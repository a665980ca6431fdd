//! What other contexts may use of this one.

pub use crate::{
    check::ConversationsCheck,
    conversation::{
        document::{Document, DocumentError, Turn},
        filter::{ConversationFilter, SELECTED_MAX, conversation_href},
        read::{
            Coded, Conversation, ConversationRow, ConversationSort, Participant, Place, StoredConversation,
            parse_place, place_text,
        },
        rules::{Direction, Role},
        store::{RollUpDifference, Saved, check_roll_up},
    },
    events::{CONVERSATIONS_IMPORTED, ConversationsImported},
    ids::{BatchId, ConversationId},
    import::{
        batch::{Batch, BatchKind, BatchState, Counts, ImportOptions, RejectedRow, Whose},
        error::ImportError,
        reason::text as reason_text,
        rules::Defaults,
        service::{ImportRequest, IntakeAnswer},
        source::Format,
    },
    mask::mask,
    permission::ConversationsPermission,
    search::indexing::{IndexConversations, IndexingError, RebuildSearch},
    service::{ConversationPage, Conversations, ListRequest},
    slots::{ConversationSelection, ConversationSlot, Highlight, Selected},
};
