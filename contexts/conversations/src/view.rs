//! What pages and the API share in showing a conversation to one reader.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use kernel::{PersonId, Scope, UnitId};
use messages::{Problem, ProblemKind, Text};
use people::api::Lookup;
use serde_json::Value;
use web::{Fail, Reader};

use crate::{
    ConversationsPermission,
    conversation::{
        filter::{BadFilter, ConversationFilter},
        read::{Conversation, ConversationRow},
        rules::Direction,
    },
    mask::{asks_for_number, mask},
    texts,
};

/// Whether a reader searches for a number that is hidden from them. Finding the conversations that hold it would
/// tell whose they are: such a search finds nothing, and says why.
pub(crate) fn searches_hidden(reader: &Reader, filter: &ConversationFilter) -> bool {
    let asks = filter.query.as_ref().is_some_and(|query| asks_for_number(query));
    asks && !reader.scope_of(ConversationsPermission::SeePersonalData).is_everything()
}

/// Whether a reader may see the numbers in conversations: their reach for personal data.
pub(crate) struct Sight {
    scope: Scope,
}

impl Sight {
    /// What this reader sees.
    pub fn of(reader: &Reader) -> Sight {
        Sight { scope: reader.scope_of(ConversationsPermission::SeePersonalData) }
    }

    /// Whether they see the numbers of this conversation.
    pub fn sees(&self, row: &ConversationRow) -> bool {
        self.scope.allows(row.team, row.person)
    }

    /// A text of a conversation as this reader may see it; as many characters as it has.
    pub fn text(&self, row: &ConversationRow, text: &str) -> String {
        if self.sees(row) { text.to_owned() } else { mask(text).into_owned() }
    }

    /// The whole conversation as this reader may see it.
    pub fn conversation(&self, mut conversation: Conversation) -> Conversation {
        if self.sees(&conversation.row) {
            return conversation;
        }
        conversation.row.external_id = mask(&conversation.row.external_id).into_owned();
        for turn in &mut conversation.document.turns {
            turn.text = mask(&turn.text).into_owned();
            turn.extra = masked_map(&turn.extra);
        }
        conversation.document.fields = masked_map(&conversation.document.fields);
        conversation.document.extra = masked_map(&conversation.document.extra);
        conversation
    }
}

fn masked_map(map: &serde_json::Map<String, Value>) -> serde_json::Map<String, Value> {
    map.iter().map(|(key, value)| (key.clone(), masked(value))).collect()
}

fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(mask(text).into_owned()),
        Value::Number(number) => {
            let text = number.to_string();
            let hidden = mask(&text);
            if hidden == text { value.clone() } else { Value::String(hidden.into_owned()) }
        }
        Value::Array(all) => Value::Array(all.iter().map(masked).collect()),
        Value::Object(map) => Value::Object(masked_map(map)),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

pub(crate) fn person_name(directory: &Lookup, person: Option<PersonId>) -> Option<String> {
    let person = directory.person(person?)?;
    Some(if person.name == person.number {
        person.name.clone()
    } else {
        format!("{} {}", person.name, person.number)
    })
}

pub(crate) fn unit_name(directory: &Lookup, unit: Option<UnitId>) -> Option<String> {
    directory.unit(unit?).map(|unit| unit.name.clone())
}

/// A channel by the name that people use, where it is one of the usual codes; any other as it was imported.
pub(crate) fn channel_text(code: &str) -> Text {
    match code {
        "voice" | "phone" | "call" => texts::channel_voice(),
        "chat" | "webchat" | "im" => texts::channel_chat(),
        "email" | "mail" => texts::channel_email(),
        "sms" => texts::channel_sms(),
        "video" => texts::channel_video(),
        _ => Text::verbatim(code.to_owned()),
    }
}

pub(crate) const fn direction_text(direction: Direction) -> Text {
    match direction {
        Direction::Inbound => texts::inbound(),
        Direction::Outbound => texts::outbound(),
    }
}

pub(crate) fn bad_filter(bad: &BadFilter) -> Fail {
    let BadFilter(key, value) = bad;
    let text = texts::bad_filter(key, &crate::import::reason::shortened(value));
    Problem::new(ProblemKind::Invalid, "conversations.bad_filter", text.clone())
        .with_fields(vec![((*key).to_owned(), text)])
        .into()
}

/// A file to keep.
pub(crate) fn download(name: &str, content_type: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
