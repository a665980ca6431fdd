//! Behaviours over the JSON API.

use axum::extract::State;
use conversations::api::{ConversationId, ConversationsPermission};
use kernel::{PersonId, Time};
use messages::{Problem, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes as operations;
use web::{
    Fail, Reader, Routes,
    api::{Json, Path},
};

use super::{Version, VersionState, editor::declared_name};
use crate::{
    Behaviours, behaviour::Behaviour, pack, permission::BehavioursPermission as May, problem::RuleError,
    rule_set, texts,
};

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new()
        .api(May::View, operations!(list_behaviours))
        .api(May::View, operations!(read_behaviour))
        .api(May::Edit, operations!(check_rule))
        .api(May::Edit, operations!(put_draft))
        .api(May::Edit, operations!(publish_draft))
        .api(ConversationsPermission::View, operations!(read_observations))
}

/// A behaviour.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehaviourBody {
    /// Its name in the rule files; never changes.
    pub name: String,
    /// Its title in Chinese.
    pub title_zh: String,
    /// Its title in English.
    pub title_en: String,
    /// The number of the live version.
    pub live: Option<i64>,
    /// The number of the draft.
    pub draft: Option<i64>,
    /// Raised by each edit; send it back with a draft.
    pub version: i64,
}

impl From<&Behaviour> for BehaviourBody {
    fn from(behaviour: &Behaviour) -> BehaviourBody {
        let Text { zh, en } = behaviour.title.clone();
        BehaviourBody {
            name: behaviour.name.clone(),
            title_zh: zh.into_owned(),
            title_en: en.into_owned(),
            live: behaviour.live,
            draft: behaviour.draft,
            version: behaviour.version,
        }
    }
}

/// All behaviours.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehavioursBody {
    /// By name.
    pub items: Vec<BehaviourBody>,
}

/// A behaviour with its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehaviourDetail {
    /// The behaviour.
    pub behaviour: BehaviourBody,
    /// The newest first.
    pub versions: Vec<VersionBody>,
}

/// A version of a behaviour's rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionBody {
    /// Its number, from 1.
    pub n: i64,
    /// `draft`, `live` or `past`.
    pub state: &'static str,
    /// The rule file.
    pub rule: String,
    /// Its examples as TOML.
    pub examples: String,
    /// Why it was made.
    pub note: String,
    /// When it was last written.
    #[schema(value_type = String, format = "date-time")]
    pub at: Time,
    /// When it went live.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub published_at: Option<Time>,
}

impl From<&Version> for VersionBody {
    fn from(version: &Version) -> VersionBody {
        VersionBody {
            n: version.n,
            state: VersionState::name(version.state),
            rule: version.rule_text.clone(),
            examples: pack::write_examples(&version.examples),
            note: version.note.clone(),
            at: version.at,
            published_at: version.published_at,
        }
    }
}

/// A rule to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// The rule file.
    pub text: String,
}

/// What the checker says.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckBody {
    /// Whether the rule can be used.
    pub usable: bool,
    /// The behaviour it declares.
    pub name: Option<String>,
    /// What is wrong or worth knowing, by line.
    pub diagnostics: Vec<DiagnosticBody>,
}

/// One message about one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiagnosticBody {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Characters meant.
    pub length: u32,
    /// Whether it stops the rule from being used.
    pub error: bool,
    /// What is wrong.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: String,
    /// A line that would be right; may be empty.
    pub example: String,
}

/// A draft to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The `version` of the behaviour that was read; 0 for a new one.
    pub version: i64,
    /// The rule file.
    pub rule: String,
    /// Its examples as TOML; none when absent.
    #[serde(default)]
    pub examples: String,
    /// Why it was made.
    #[serde(default)]
    pub note: String,
}

/// Which version to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishBody {
    /// The `version` of the behaviour that was read.
    pub version: i64,
}

/// What was observed in a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationsBody {
    /// Whether it was inspected yet.
    pub inspected: bool,
    /// The behaviours that applied.
    pub items: Vec<ObservationBody>,
}

/// One behaviour in a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationBody {
    /// The behaviour, by name.
    pub behaviour: String,
    /// Whether it was shown, by its own mode.
    pub shown: bool,
    /// By person.
    pub people: Vec<ObservedOf>,
    /// Where.
    pub evidence: Vec<EvidenceBody>,
}

/// What one person did of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservedOf {
    /// The person, when known.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub person: Option<PersonId>,
    /// Occasions that were theirs.
    pub occasions: u32,
    /// Of these, where it was shown.
    pub shown_occasions: u32,
    /// Whether it counts as shown for them.
    pub shown: bool,
}

/// A place that proves something.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceBody {
    /// `applies`, `shown` or `breach`.
    pub kind: &'static str,
    /// The turn, from 0.
    pub turn: u32,
    /// First character, in Unicode scalar values.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

/// All behaviours.
#[utoipa::path(get, path = "/api/v1/behaviours", tag = "behaviours",
    responses((status = 200, description = "All of them.", body = BehavioursBody)))]
async fn list_behaviours(State(service): State<Behaviours>) -> Result<Json<BehavioursBody>, Fail> {
    Ok(Json(BehavioursBody { items: service.list().await?.iter().map(BehaviourBody::from).collect() }))
}

/// A behaviour with its versions.
#[utoipa::path(get, path = "/api/v1/behaviours/{name}", tag = "behaviours", params(("name" = String, Path)),
    responses((status = 200, description = "The behaviour.", body = BehaviourDetail)))]
async fn read_behaviour(
    State(service): State<Behaviours>,
    Path(name): Path<String>,
) -> Result<Json<BehaviourDetail>, Fail> {
    detail(&service, &name).await
}

async fn detail(service: &Behaviours, name: &str) -> Result<Json<BehaviourDetail>, Fail> {
    let (behaviour, versions) = service.behaviour(name).await?;
    let versions = versions.iter().map(VersionBody::from).collect();
    Ok(Json(BehaviourDetail { behaviour: BehaviourBody::from(&behaviour), versions }))
}

/// Checks a rule with all shared lists, without keeping it.
#[utoipa::path(post, path = "/api/v1/behaviours/check", tag = "behaviours", request_body = RuleText,
    responses((status = 200, description = "What the checker says.", body = CheckBody)))]
async fn check_rule(
    State(service): State<Behaviours>,
    Json(rule): Json<RuleText>,
) -> Result<Json<CheckBody>, Fail> {
    let name = declared_name(&rule.text).map(str::to_owned);
    let source = name.clone().unwrap_or_default();
    let (usable, found) = match service.trial(&source, &rule.text).await {
        Ok(trial) => {
            let own = trial.rules.warnings().iter().filter(|warning| warning.source == source);
            (true, own.cloned().collect())
        }
        Err(RuleError::Wrong(all)) => (false, all),
        Err(RuleError::OtherName(_)) => (false, Vec::new()),
        Err(other) => return Err(other.into()),
    };
    let diagnostics = found.into_iter().map(|found| DiagnosticBody {
        line: found.line,
        column: found.column,
        length: found.length,
        error: found.is_error(),
        message: found.message,
        expected: found.expected,
        example: found.example,
    });
    Ok(Json(CheckBody { usable, name, diagnostics: diagnostics.collect() }))
}

/// Keeps a draft of a behaviour; makes the behaviour when there is none of this name.
#[utoipa::path(put, path = "/api/v1/behaviours/{name}/draft", tag = "behaviours", params(("name" = String, Path)),
    request_body = NewDraft,
    responses(
        (status = 200, description = "The behaviour with the draft.", body = BehaviourDetail),
        (status = 409, description = "Somebody else changed it in between.")))]
async fn put_draft(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(name): Path<String>,
    Json(draft): Json<NewDraft>,
) -> Result<Json<BehaviourDetail>, Fail> {
    let examples = pack::parse_examples(&draft.examples).map_err(|error| {
        let text = texts::examples_unreadable(&error);
        Problem::new(messages::ProblemKind::Invalid, "behaviours.examples_unreadable", text.clone())
            .with_fields(vec![("examples".to_owned(), text)])
    })?;
    service.save_draft(&reader.by(), &name, draft.version, &draft.rule, examples, &draft.note).await?;
    detail(&service, &name).await
}

/// Makes the draft live; refused while one of its examples fails. Everything is then inspected anew.
#[utoipa::path(post, path = "/api/v1/behaviours/{name}/publish", tag = "behaviours", params(("name" = String, Path)),
    request_body = PublishBody,
    responses(
        (status = 200, description = "The behaviour.", body = BehaviourDetail),
        (status = 409, description = "Somebody else changed it in between.")))]
async fn publish_draft(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(name): Path<String>,
    Json(body): Json<PublishBody>,
) -> Result<Json<BehaviourDetail>, Fail> {
    service.publish(&reader.by(), &name, body.version).await?;
    detail(&service, &name).await
}

/// What was observed in a conversation that the token may see.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/observations", tag = "behaviours",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, description = "What was observed.", body = ObservationsBody)))]
async fn read_observations(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(id): Path<ConversationId>,
) -> Result<Json<ObservationsBody>, Fail> {
    let rows = service.conversations().read_rows(&reader.scope, &[id]).await?;
    if rows.is_empty() {
        return Err(Problem::not_found().into());
    }
    let Some((_, stored)) = service.observed(vec![id]).await?.pop() else {
        return Ok(Json(ObservationsBody { inspected: false, items: Vec::new() }));
    };
    let members = rule_set::store::members(service.db(), stored.rule_set).await?;
    let all = service.list().await?;
    let items = stored.seen.iter().filter_map(|seen| {
        let id = members.get(usize::try_from(seen.member).ok()?)?;
        let behaviour = all.iter().find(|known| known.id == *id)?.name.clone();
        let people = seen.people.iter().map(|of| ObservedOf {
            person: of.who.person,
            occasions: of.occasions,
            shown_occasions: of.shown_occasions,
            shown: of.shown,
        });
        let evidence = seen.evidence.iter().map(|place| EvidenceBody {
            kind: place.kind.name(),
            turn: place.turn,
            start: place.start,
            end: place.end,
        });
        Some(ObservationBody {
            behaviour,
            shown: seen.shown,
            people: people.collect(),
            evidence: evidence.collect(),
        })
    });
    Ok(Json(ObservationsBody { inspected: true, items: items.collect() }))
}
