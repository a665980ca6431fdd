//! What other contexts put on the pages of conversations.

use futures::future::BoxFuture;
use kernel::Scope;
use messages::Text;
use ui::{MarkKind, Panel};
use web::{Fail, Reader};

use crate::{conversation::read::Conversation, ids::ConversationId};

/// A stretch of a turn that stands out, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Highlight {
    /// The turn, from 0.
    pub turn: usize,
    /// The first character, in Unicode scalar values of the turn's text.
    pub start: usize,
    /// After the last character.
    pub end: usize,
    /// The behaviour or rule it belongs to.
    pub label: Text,
    /// Why it matched.
    pub reason: Text,
    /// How it looks.
    pub kind: MarkKind,
}

/// A context that has something to say about a conversation.
pub trait ConversationSlot: Send + Sync {
    /// What to highlight in its turns.
    fn highlights<'a>(
        &'a self,
        reader: &'a Reader,
        conversation: &'a Conversation,
    ) -> BoxFuture<'a, Result<Vec<Highlight>, Fail>>;

    /// What to show beside it.
    fn panels<'a>(
        &'a self,
        reader: &'a Reader,
        conversation: &'a Conversation,
    ) -> BoxFuture<'a, Result<Vec<Panel>, Fail>>;
}

/// Conversations that another context picks out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// What they have in common, for the head of the list.
    pub title: Option<Text>,
    /// Which; the newest of them when there are more than [`crate::conversation::filter::SELECTED_MAX`].
    pub ids: Vec<ConversationId>,
}

/// A context that can answer `selection=NAME:ARGUMENT` in the address of the list, so that its figures lead to
/// the conversations behind them.
pub trait ConversationSelection: Send + Sync {
    /// The name.
    fn name(&self) -> &'static str;

    /// The conversations that an argument stands for, within a scope; `None` for an argument that is none.
    fn select<'a>(
        &'a self,
        scope: &'a Scope,
        argument: &'a str,
    ) -> BoxFuture<'a, Result<Option<Selected>, Fail>>;
}
