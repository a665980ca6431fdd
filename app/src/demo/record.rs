//! A conversation in the import format.

use serde::Serialize;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// An agent.
    Agent,
    /// The telephone system or the chat service.
    System,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turn {
    /// Employee number; only where several agents speak in one conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant: Option<String>,
    /// Who speaks.
    pub role: Speaker,
    /// Seconds from the start of the conversation.
    pub t: f64,
    /// What is said.
    pub text: String,
}

/// Data of the conversation beside its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fields {
    /// Reason of the call.
    pub topic: &'static str,
    /// Length of the conversation, s.
    pub duration_s: u32,
    /// Time on hold, s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_s: Option<u32>,
    /// Number of the customer, invented.
    pub customer_phone: String,
    /// Answer to the survey after the conversation, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<u32>,
    /// Employee number of the agent who handed the call over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred_from: Option<String>,
}

/// One conversation; its JSON is one line of the import.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Unique within `source`.
    pub id: String,
    /// Always `demo`.
    pub source: &'static str,
    /// RFC 3339 with the offset of China.
    pub started_at: String,
    /// Employee number of the agent who finished the conversation.
    pub agent: String,
    /// Code of that agent's site.
    pub site: &'static str,
    /// Code of the queue.
    pub queue: &'static str,
    /// Code of the line of business.
    pub line_of_business: &'static str,
    /// `voice` or `chat`.
    pub channel: &'static str,
    /// `inbound` or `outbound`.
    pub direction: &'static str,
    /// How it ended.
    pub disposition: &'static str,
    /// Everything else.
    pub fields: Fields,
    /// What was said.
    pub turns: Vec<Turn>,
}
