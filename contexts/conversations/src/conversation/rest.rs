//! Conversations over the JSON API.

use axum::{body::Bytes, extract::State};
use kernel::{Day, PersonId, Time, UnitId};
use messages::{Problem, ProblemKind};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::routes as operations;
use web::{
    Fail, Reader, Routes,
    api::{Json, Paged, Paging, Path, Query},
};

use super::{
    filter::ConversationFilter,
    pages::visible,
    read::{Conversation, ConversationRow, ConversationSort, parse_place, place_text},
    rules::{Direction, Role},
    store::Saved,
};
use crate::{
    ConversationsPermission as May,
    ids::{BatchId, ConversationId, LineOfBusinessId, QueueId},
    import::{
        batch::ImportOptions,
        service::{INTAKE_MAX, IntakeAnswer},
    },
    service::{Conversations, ListRequest},
    texts,
    view::{Sight, bad_filter, searches_hidden},
};

/// Bytes of one request of intake.
const INTAKE_BYTES_MAX: usize = 32 * 1024 * 1024;

pub(crate) fn routes() -> Routes<Conversations> {
    Routes::new()
        .api(May::View, operations!(list_conversations))
        .api(May::View, operations!(read_conversation))
        .api_upload(May::Import, INTAKE_BYTES_MAX, operations!(send_conversations))
}

/// What is known of a conversation beside its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: ConversationId,
    /// Where it comes from.
    pub source: String,
    /// The id its source gave it; numbers in it are hidden like those in its words.
    pub external_id: String,
    /// When it began.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Time>,
    /// Its business day; absent when it has no date, and then no weekly figure counts it.
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// The site.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub site: Option<UnitId>,
    /// The team of its first agent on that day.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub team: Option<UnitId>,
    /// Its first agent.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub agent: Option<PersonId>,
    /// The queue.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub queue: Option<QueueId>,
    /// The line of business.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub line_of_business: Option<LineOfBusinessId>,
    /// The channel.
    pub channel: Option<String>,
    /// `inbound` or `outbound`.
    #[schema(value_type = Option<String>)]
    pub direction: Option<Direction>,
    /// The coded outcome.
    pub disposition: Option<String>,
    /// How long it took, s.
    pub duration_s: Option<i64>,
    /// Turns.
    pub turn_count: i64,
    /// `zh` or `en`.
    pub lang: String,
    /// The import that brought its present content.
    #[schema(value_type = String, format = "uuid")]
    pub batch: BatchId,
    /// Raised with every change of content.
    pub version: i64,
}

impl ConversationBody {
    fn new(row: ConversationRow) -> ConversationBody {
        ConversationBody {
            id: row.id,
            source: row.source,
            external_id: row.external_id,
            started_at: row.started_at,
            day: row.day,
            site: row.site,
            team: row.team,
            agent: row.person,
            queue: row.queue,
            line_of_business: row.line_of_business,
            channel: row.channel,
            direction: row.direction,
            disposition: row.disposition,
            duration_s: row.duration_s,
            turn_count: row.turn_count,
            lang: row.lang,
            batch: row.batch,
            version: row.version,
        }
    }
}

/// One turn.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnBody {
    /// `customer`, `agent` or `system`.
    #[schema(value_type = String)]
    pub role: Role,
    /// The key of the participant in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant: Option<String>,
    /// Whose turn it is, for turns of agents.
    #[schema(value_type = Option<String>, format = "uuid")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<PersonId>,
    /// From the beginning of the conversation, ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<i64>,
    /// The words. Hidden digits are `*`, one for one.
    pub text: String,
    /// Keys of the source that this product does not know.
    #[schema(value_type = Object)]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A conversation with its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeConversationBody {
    /// What is known of it.
    #[serde(flatten)]
    pub conversation: ConversationBody,
    /// Its turns, in order.
    pub turns: Vec<TurnBody>,
    /// The source's own fields.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// Keys of the source that this product does not know.
    #[schema(value_type = Object)]
    pub extra: Map<String, Value>,
}

impl WholeConversationBody {
    fn new(mut conversation: Conversation) -> WholeConversationBody {
        let turns = std::mem::take(&mut conversation.document.turns);
        let turns = turns
            .into_iter()
            .map(|turn| TurnBody {
                agent: conversation.agent_of(&turn).and_then(|agent| agent.person),
                role: turn.role,
                participant: turn.participant,
                start_ms: turn.start_ms,
                text: turn.text,
                extra: turn.extra,
            })
            .collect();
        WholeConversationBody {
            turns,
            fields: conversation.document.fields,
            extra: conversation.document.extra,
            conversation: ConversationBody::new(conversation.row),
        }
    }
}

/// Conversations, newest first.
///
/// Every filter of the list's address works here too; ids and codes may be given more than once.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations",
    params(Paging,
        ("q" = Option<String>, Query, description = "words that must all be found, “between quotation marks” together; or the id that the source gave"),
        ("from" = Option<String>, Query, description = "first day, 2026-03-02"),
        ("to" = Option<String>, Query, description = "last day, inclusive"),
        ("site" = Option<String>, Query, description = "id"),
        ("team" = Option<String>, Query, description = "id"),
        ("agent" = Option<String>, Query, description = "id of a person"),
        ("queue" = Option<String>, Query, description = "id"),
        ("line_of_business" = Option<String>, Query, description = "id"),
        ("channel" = Option<String>, Query, description = "code"),
        ("direction" = Option<String>, Query, description = "inbound or outbound"),
        ("disposition" = Option<String>, Query, description = "code"),
        ("min_s" = Option<String>, Query, description = "at least so many seconds"),
        ("max_s" = Option<String>, Query, description = "at most so many seconds"),
        ("batch" = Option<String>, Query, description = "id of an import"),
        ("dated" = Option<String>, Query, description = "1 or 0"),
        ("selection" = Option<String>, Query, description = "name:argument, as in links of pages")),
    responses((status = 200, description = "One page.", body = Paged<ConversationBody>)))]
async fn list_conversations(
    State(service): State<Conversations>,
    reader: Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Paged<ConversationBody>>, Fail> {
    let filter = ConversationFilter::read(&reader.cx.here).map_err(|bad| bad_filter(&bad))?;
    if searches_hidden(&reader, &filter) {
        let why = texts::number_search();
        return Err(Problem::new(ProblemKind::Invalid, "conversations.number_search", why).into());
    }
    let request = ListRequest {
        filter,
        sort: ConversationSort::Newest,
        after: paging.after(parse_place)?,
        limit: paging.limit()? as usize,
        counts: false,
    };
    let page = service.list(&reader.scope, &request).await?;
    let sight = Sight::of(&reader);
    let items = page.rows.into_iter().map(|row| {
        let external_id = sight.text(&row, &row.external_id);
        ConversationBody::new(ConversationRow { external_id, ..row })
    });
    Ok(Json(Paged { items: items.collect(), next: page.next.map(place_text) }))
}

/// One conversation with its words.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = String, Path, format = "uuid", description = "the id")),
    responses((status = 200, description = "The conversation.", body = WholeConversationBody)))]
async fn read_conversation(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<ConversationId>,
) -> Result<Json<WholeConversationBody>, Fail> {
    let conversation = visible(&service, &reader.scope, id).await?;
    Ok(Json(WholeConversationBody::new(Sight::of(&reader).conversation(conversation))))
}

/// What became of one conversation that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntakeBody {
    /// Its place in the request, from 0.
    pub index: usize,
    /// Its id here; absent when it was rejected.
    #[schema(value_type = Option<String>, format = "uuid")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ConversationId>,
    /// `added`, `updated`, `unchanged` or `rejected`.
    pub outcome: &'static str,
    /// The stable code of the reason, when it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The reason, when it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of all of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntakeAnswers {
    /// One answer a conversation, in their order.
    pub items: Vec<IntakeBody>,
}

/// Sends conversations: a JSON array, or one object a line, each as a line of the import file; at most 1000.
///
/// What is answered as added or updated is durable. Sending the same again changes nothing.
#[utoipa::path(post, path = "/api/v1/conversations", tag = "conversations",
    request_body(content = Vec<Object>, description = "id, source, turns[{participant?, role, t?, text}] and the optional fields of the import file", content_type = "application/json"),
    responses((status = 200, description = "What became of each.", body = IntakeAnswers)))]
async fn send_conversations(
    State(service): State<Conversations>,
    reader: Reader,
    body: Bytes,
) -> Result<Json<IntakeAnswers>, Fail> {
    let records = records(&body)?;
    let name = format!("API · {}", reader.actor()?.name);
    let answers = service.intake(&reader.by(), &name, &ImportOptions::default(), records).await;
    let answers = answers.map_err(|error| Fail(error.into()))?;
    let items = answers.into_iter().enumerate().map(|(index, answer)| intake_body(&reader, index, answer));
    Ok(Json(IntakeAnswers { items: items.collect() }))
}

fn intake_body(reader: &Reader, index: usize, answer: IntakeAnswer) -> IntakeBody {
    let outcome = match answer.saved {
        Some(Saved::Added) => "added",
        Some(Saved::Updated) => "updated",
        Some(Saved::Unchanged) => "unchanged",
        None => "rejected",
    };
    let (code, reason) = answer
        .rejected
        .map_or((None, None), |(code, text)| (Some(code), Some(text.get(reader.lang()).to_owned())));
    IntakeBody { index, id: answer.id, outcome, code, reason }
}

/// The records of a body, each as its own JSON.
fn records(body: &[u8]) -> Result<Vec<String>, Fail> {
    let unreadable = |why: String| {
        Fail::from(Problem::new(
            ProblemKind::Invalid,
            "conversations.intake_unreadable",
            texts::intake_unreadable(&why),
        ))
    };
    let text = std::str::from_utf8(body).map_err(|error| unreadable(error.to_string()))?;
    let records: Vec<String> = if text.trim_start().starts_with('[') {
        let all: Vec<Box<serde_json::value::RawValue>> =
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        all.into_iter().map(|raw| raw.get().to_owned()).collect()
    } else {
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    };
    match records.len() {
        0 => Err(unreadable("0".to_owned())),
        n if n > INTAKE_MAX => Err(Problem::new(
            ProblemKind::TooLarge,
            "conversations.intake_too_many",
            texts::intake_too_many(n, INTAKE_MAX),
        )
        .into()),
        _ => Ok(records),
    }
}
